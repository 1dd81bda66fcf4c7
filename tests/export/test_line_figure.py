"""A line as a picture and as a table."""

import csv
import json

import pytest

from landscape.errors import RecordError
from landscape.export.csv_table import ABOUT
from landscape.export.line_figure import COLUMNS, line_figure, write_line, write_line_table
from landscape.lab.profile import profile
from landscape.run.chosen_line import line_between


@pytest.fixture(scope="module")
def found(small_run):
    return profile(small_run, line_between(small_run, "start:0", "best"), points=13)


def test_the_picture_holds_both_curves_and_the_words(found):
    figure = line_figure(found, style="dark", scale="linear")
    loss, accuracy = figure.axes
    for axes, quantity, factor in ((loss, "loss", 1), (accuracy, "accuracy", 100)):
        for line, which in zip(axes.lines, ("training", "validation"), strict=False):
            assert line.get_ydata() == pytest.approx(factor * getattr(found.curves[which], quantity))
    assert loss.get_yscale() == "linear"
    assert line_figure(found).axes[0].get_yscale() == "log"
    written = " ".join(text.get_text() for text in figure.texts)
    assert all(word in written for word in found.line.a.name.split())


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_pictures_of_every_kind(small_run, found, tmp_path, ending):
    assert write_line(small_run, found, tmp_path / f"line{ending}").stat().st_size > 5000


def test_the_table_has_every_point(small_run, found, tmp_path):
    with write_line_table(small_run, found, tmp_path / "line.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == (*COLUMNS, *ABOUT) and len(rows) == 13
    assert [float(row["t"]) for row in rows] == found.t.tolist()
    assert [float(row["loss_validation"]) for row in rows] == found.curves["validation"].loss.tolist()
    assert float(rows[-1]["distance"]) == pytest.approx(1.25 * found.line.distance)
    assert json.loads(rows[0]["setup"])["network"]["sizes"] == list(small_run.net.sizes)
    with pytest.raises(RecordError):
        write_line_table(small_run, found, tmp_path / "line.txt")
