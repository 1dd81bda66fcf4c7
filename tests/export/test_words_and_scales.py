import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from landscape.descent import Stop
from landscape.descent.starts import MOST_STARTS
from landscape.errors import SetupError
from landscape.export import caption
from landscape.export.loss_scale import LossScale, loss_text
from landscape.export.scene import Scene
from landscape.export.sheet import Sheet, short_name
from landscape.export.style import START_COLOURS, START_MARKERS, start_colour, start_marker, style_of
from landscape.plane import Plane


@pytest.mark.parametrize("kind", ["log", "linear"])
@pytest.mark.parametrize("low, high", [(0.1, 3.0), (2.43, 3.77), (1e-4, 1e4), (0.0, 2.0), (0.5, 0.5), (0.0, 0.0)])
def test_levels_and_ticks_lie_on_the_scale_and_rise(kind, low, high):
    scale = LossScale.over(kind, [low, high, np.nan, np.inf])
    assert scale.place(scale.low) == pytest.approx(0) and scale.place(scale.high) == pytest.approx(1)
    for values in (scale.levels(14), scale.ticks()):
        assert (np.diff(values) > 0).all() and len(values) <= 30
        assert ((scale.place(values) >= -1e-9) & (scale.place(values) <= 1 + 1e-9)).all()
    assert len(scale.ticks()) >= 2
    norm = scale.norm()
    middle = (scale.low + scale.high) / 2
    assert float(norm(middle)) == pytest.approx(float(scale.place(middle)))


def test_a_scale_over_nothing_is_refused():
    with pytest.raises(SetupError, match="no cell"):
        LossScale.over("log", [np.nan])
    with pytest.raises(SetupError, match="cubic"):
        LossScale.over("cubic", [1.0])


def test_numbers_in_words():
    assert [loss_text(x) for x in (0.2, 2.434, 123456.0, np.nan)] == ["0.200", "2.43", "123,456", "not finite"]
    shares = {0.0003: "0.03 %", 0.0000001: "less than 0.01 %", 0.042: "4.2 %", 0.76: "76 %", 0.9997: "99.97 %"}
    assert [caption.share_text(s).replace("\u00a0", " ") for s in shares] == list(shares.values())


def test_colour_and_marker_tell_all_starts_apart():
    assert len({(start_colour(i), start_marker(i)) for i in range(MOST_STARTS)}) == MOST_STARTS == 64
    assert len(set(START_COLOURS)) == 7 and len(set(START_MARKERS)) == 10


def test_skew_directions_are_told():
    origin = np.ones(3)
    assert caption.angle_sentence(Plane(origin, [1, 0, 0], [0, 2, 0])) == ""
    assert "45°" in caption.angle_sentence(Plane(origin, [1, 0, 0], [1, 1, 0]))


def test_the_best_so_far_is_the_running_minimum(small):
    scene = Scene.of(*small.parts)
    losses = small.run.figure("loss")
    for frame in range(scene.frames):
        found = scene.best_at(frame)
        assert losses[found] == losses[: frame + 1].min()


def test_a_regularised_surface_raises_the_true_losses_alike(small):
    surface = replace(small.surface, l2=0.1)
    scene = Scene.of(small.run, small.portrait, surface)
    X, y = small.run.measured()
    for frame, start in ((0, 1), (5, 3)):
        expected = float(small.run.net.loss(small.run.thetas[frame, start], X, y, l2=0.1))
        assert scene.losses[frame, start] == pytest.approx(expected, rel=1e-5)
    assert "0.05 · sum of squared weights" in caption.loss_sentence(scene)


def test_an_unfinished_surface_is_told(small):
    exact = small.surface.exact.copy()
    exact[0, 0] = False
    scene = Scene.of(small.run, small.portrait, replace(small.surface, exact=exact))
    assert "not finished" in caption.lowest_sentence(scene)


def test_asking_for_exports_loads_no_matplotlib_until_one_is_drawn():
    code = (
        "import sys, landscape.export.bundle, landscape.export.table, landscape.export.picture;"
        "bad = [m for m in ('matplotlib', 'PIL', 'PyQt6') if m in sys.modules]; sys.exit(' '.join(bad) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""


def test_only_what_went_wrong_is_crossed_out_and_by_its_own_word(small, monkeypatch):
    scene = Scene.of(*small.parts)
    stops = (Stop("exploded", 2), Stop("target", 2), Stop("dead", 3), Stop("not_finite", 1), None)
    monkeypatch.setattr(small.run, "stops", stops)
    at = {int(step): frame for frame, step in enumerate(scene.steps)}
    assert [scene.failure(start, at[2]) for start in range(5)] == ["exploded", "", "", "NaN", ""]
    assert [scene.failure(start, at[3]) for start in range(5)] == ["exploded", "", "dead", "NaN", ""]


def test_the_caption_names_the_optimiser_and_its_schedule(small, monkeypatch):
    scene = Scene.of(*small.parts)
    monkeypatch.setattr(
        small.run, "setup", small.run.setup.changed(descent={"optimiser": "adam", "learning_rate": 0.002})
    )
    assert "· Adam η 0.002 ·" in caption.subject(scene)
    monkeypatch.setattr(small.run, "setup", small.run.setup.changed(descent={"schedule": "one_cycle"}))
    assert "· Adam, 1-cycle η 0.002 ·" in caption.subject(scene)


def test_names_of_models_are_short_beside_their_figures():
    assert short_name("corner − −") == "corner − −"
    assert short_name("team-a/best.safetensors") == "team-a/best"
    assert short_name("the network of our whole class.npz") == "the networ…e class"
    assert short_name("latin hypercube 12") == "latin hypercube 12"


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("Short", False),
        ("A plane that was kept under a rather long name, and then some more words", False),
        ("x " * 200, True),
    ],
)
def test_a_title_ends_on_its_sheet_however_long_its_words(words, cut):
    sheet = Sheet(7.2, 7.0, style_of("light"))
    line = sheet.title(0.35, 6.5, words, 13, fontweight="bold")
    box = line.get_window_extent(sheet.canvas.get_renderer())
    assert box.x1 <= sheet.figure.dpi * sheet.width
    assert line.get_fontsize() == 13 if words == "Short" else line.get_fontsize() < 13
    assert line.get_text().endswith("…") == cut
