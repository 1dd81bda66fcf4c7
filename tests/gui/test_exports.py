"""What the Export menu offers, in every format that its dialogs name; no window is needed for the work itself."""

import re

import pytest

from landscape.gui.commands.exports import EXPORTS, View
from landscape.run.portrait import evaluating, portray

# Ninety frames of 51 x 51 cells take half a minute: the tour film has tests of its own. Two films tell enough of four.
LEFT_OUT = {("Tour film", ".gif"), ("Tour film", ".mp4"), ("Film from above", ".mp4"), ("Film in 3D", ".gif")}
OFFERED = [
    (name, ending)
    for name, (_, _, kinds) in EXPORTS.items()
    for ending in dict.fromkeys(re.findall(r"\*(\.\w+)", kinds))
]


@pytest.fixture(scope="module")
def view(small_run):
    portrait = portray(small_run, "pca_all")
    *_, surface = evaluating(small_run, portrait, cells=7)
    return View(small_run, portrait, surface, small_run.last_step, "dark", "log")


@pytest.mark.parametrize(("name", "ending"), [each for each in OFFERED if each not in LEFT_OUT])
def test_every_format_of_every_dialog_is_written(view, tmp_path, name, ending):
    path = tmp_path / f"out{ending}"
    *_, _ = EXPORTS[name][0](view, path)
    assert path.stat().st_size > 1000


def test_the_first_format_is_among_those_that_are_offered():
    assert all((name, ending) in OFFERED for name, (_, ending, _) in EXPORTS.items())
    assert {ending for name, ending in OFFERED if name == "Surface"} == {
        ".npz", ".csv", ".h5", ".vtu", ".ply", ".obj", ".stl",
    }  # fmt: skip
