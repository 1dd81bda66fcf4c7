"""What is drawn: loss or accuracy, over which digits; the map, the balls, the hover, the hatching and the saved view follow."""

import numpy as np
import pytest
from PyQt6.QtCore import QRectF, Qt

from landscape.gui.drawing.hatching import mask_rectangles
from landscape.gui.drawing.heights import DIVERGING, SEQUENTIAL, Heights
from landscape.gui.pointing import hover_words
from landscape.gui.view import View
from landscape.run.measured import heights_at
from landscape.surface.measure import Measure
from tests.gui.conftest import LONG, settled


@pytest.fixture
def panel(qtbot, window):
    """The open page."""
    qtbot.mouseClick(window.bar.surface, Qt.MouseButton.LeftButton)
    panel = window.bar.surface_panel
    assert panel.isVisible()
    yield panel
    panel.hide()


def pick(box, value):
    """Choose an entry as a hand does."""
    box.setCurrentIndex([box.itemData(index) for index in range(box.count())].index(value))
    box.activated.emit(box.currentIndex())


def test_every_choice_is_drawn_and_said(qtbot, window, panel):
    session = window.session
    pick(panel.kind, ("accuracy", "linear"))
    settled(qtbot, window)
    assert session.surface.measure == Measure("accuracy")
    np.testing.assert_allclose(session.surface.heights, 100 * session.surface.accuracy)
    assert not session.heights.logarithmic and "accuracy" in window.bar.surface.text()
    assert "%" in window.map.surface.bar_axis.labelText
    pick(panel.kind, ("loss", "log"))
    pick(panel.over, "difference")
    settled(qtbot, window)
    assert session.heights.measure.differs and not session.heights.logarithmic
    low, high = window.map.surface._heights.limits
    assert low == -high and window.map.surface._heights.colours == DIVERGING
    pick(panel.over, "test")
    pick(panel.part, "label")
    pick(panel.label, 4)
    settled(qtbot, window)
    assert session.surface.measure == Measure(over="test", label=4) and session.heights.logarithmic
    assert "test digits of class 4" in window.verdict.text() and "test, only 4" in window.bar.surface.accessibleName()
    pick(panel.part, "example")
    panel.number.setValue(7)
    settled(qtbot, window)
    assert session.surface.measure == Measure(over="test", example=7)
    pick(panel.over, "difference")  # one digit has no other side
    settled(qtbot, window)
    assert session.surface.measure == Measure(over="difference")


def test_balls_and_numbers_follow_where_the_record_does_not_hold_them(qtbot, window, panel):
    session = window.session
    measure = Measure("accuracy", "test", first=50)
    session.heights.choose(measure)
    settled(qtbot, window)
    qtbot.waitUntil(lambda: np.isfinite(session.heights.of_frames(session.run.frames)).all(), timeout=LONG)
    heights = session.heights.of_frames(session.run.frames)
    np.testing.assert_allclose(heights[3], heights_at(session.run, measure, np.array(session.run.thetas[3])))
    qtbot.waitUntil(lambda: session.moment.exact_height and not session.turns.due, timeout=LONG)
    page = window.inspect.page("Curves").points
    assert page.horizontalHeaderItem(1).text() == "true\nvalue"
    assert page.item(0, 1).text() == f"{session.moment.value[0]:.1f}%"


def test_the_mini_batch_shown_breathes_with_time(qtbot, window, panel):
    session = window.session
    session.playback.jump(0)
    pick(panel.over, "batch")
    settled(qtbot, window)
    assert session.surface.measure == Measure(over="batch", step=1, start=session.selected)
    session.playback.jump(2)
    qtbot.waitUntil(lambda: session.surface.measure.step == 3, timeout=LONG)
    settled(qtbot, window)
    assert session.surface.examples == 100


def test_noise_is_hatched_and_explained(qtbot, window, panel):
    session = window.session
    pick(panel.part, "first")
    panel.number.setValue(20)
    panel.noise.setChecked(True)
    settled(qtbot, window)
    surface = session.surface
    assert surface.measure.first == 20 and surface.noise.any()
    assert not window.map.surface.hatching.empty and "Hatched" in window.verdict.text()
    j, i = np.argwhere(surface.noise)[0]
    words = hover_words(session, float(surface.a[i]), float(surface.b[j]))
    assert "below the noise" in words and f"± {surface.error[j, i]:.2g}" in words
    panel.noise.setChecked(False)
    settled(qtbot, window)
    assert window.map.surface.hatching.empty and "Hatched" not in window.verdict.text()


def test_a_saved_view_remembers_what_was_drawn(qtbot, window, tmp_path):
    session = window.session
    session.heights.choose(Measure("accuracy", "validation", label=2))
    settled(qtbot, window)
    session.shelf.save_run(tmp_path / "run.landscape")
    qtbot.waitUntil(lambda: (tmp_path / "run.landscape").exists() and not session.activity, timeout=LONG)
    assert View.read(session.run).measure == Measure("accuracy", "validation", label=2)
    session.run.about["view"] = {"digits": "validation", "scale": "linear"}  # as earlier versions wrote it
    assert View.read(session.run).measure == Measure(over="validation")
    session.run.about["view"] = {"measure": {"over": "moon", "hostile": []}}
    assert View.read(session.run).measure == Measure()


def test_one_rule_for_heights_colours_and_limits(small_run):
    from landscape.run.portrait import evaluating, portray

    portrait = portray(small_run, "starts")
    *_, loss = evaluating(small_run, portrait, cells=9)
    *_, right = evaluating(small_run, portrait, Measure("accuracy"), cells=9)
    log, even, share = Heights.of_surface(loss, True), Heights.of_surface(loss, False), Heights.of_surface(right, True)
    np.testing.assert_allclose(10**log.values, even.values)
    assert log.title == "loss (log colours)" and even.title == "loss" and share.title == "accuracy (%)"
    assert not share.logarithmic and share.colours == SEQUENTIAL


def test_a_mask_becomes_rectangles_of_runs():
    mask = np.array([[True, True, False, True], [False, False, False, False]])
    first, second = mask_rectangles(mask, QRectF(0, 0, 8, 4))
    assert (first, second) == (QRectF(0, 0, 4, 2), QRectF(6, 0, 2, 2))
