"""The curves show what is chosen and what the record holds; between two digits also the bar that pixels set."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QIcon

from landscape.data import pixel_similarity
from landscape.export.style import start_colour
from landscape.gui.inspect.curve_plot import QUANTITIES
from tests.gui.conftest import LONG, settled


@pytest.fixture
def curves(qtbot, window):
    view = window.inspect.page("Curves").curves
    qtbot.waitUntil(lambda: not window.session.turns.due, timeout=LONG)
    return view


def drawn(plot):
    """The points of every line of a plot, the solid ones last."""
    return [np.asarray(line.points) for line in plot.lines.lines]


def test_every_quantity_shows_its_figures(qtbot, window, curves):
    run = window.session.run
    for quantity in QUANTITIES:
        if not curves.buttons[quantity.name].isChecked():
            qtbot.mouseClick(curves.buttons[quantity.name], Qt.MouseButton.LeftButton)
        plot = curves.plots[quantity.name]
        figures = run.figure(quantity.solid).reshape(run.frames, -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = np.log10(figures) if quantity.logarithmic else figures
        lines = drawn(plot)[-figures.shape[1] :]
        for start, line in enumerate(lines):
            np.testing.assert_array_equal(line[:, 0], run.steps)
            np.testing.assert_allclose(line[:, 1], expected[:, start], rtol=1e-9)
            pen = plot.lines.lines[start - figures.shape[1]].pen
            assert figures.shape[1] == 1 or pen.color() == QColor(start_colour(start))
        low, high = plot.getPlotItem().viewRange()[1]
        assert low <= np.nanmin(expected) and high >= np.nanmax(expected)
        assert plot.isVisible() and plot.toolTip() and curves.buttons[quantity.name].toolTip()
    assert curves.plots["update"].guide.value() == pytest.approx(-3)


def test_one_quantity_stays_and_only_the_last_plot_names_the_steps(qtbot, window, curves):
    qtbot.mouseClick(curves.buttons["accuracy"], Qt.MouseButton.LeftButton)
    assert curves.buttons["loss"].isChecked() and not curves.plots["accuracy"].isVisible()
    qtbot.mouseClick(curves.buttons["loss"], Qt.MouseButton.LeftButton)
    assert curves.buttons["loss"].isChecked() and curves.plots["loss"].isVisible()
    qtbot.mouseClick(curves.buttons["gradient"], Qt.MouseButton.LeftButton)
    named = {name: plot.getPlotItem().getAxis("bottom").label.isVisible() for name, plot in curves.plots.items()}
    assert named["gradient"] and not named["loss"]


def test_a_plot_that_joins_stands_at_the_cursor_and_moves_it(qtbot, window, curves):
    playback = window.session.playback
    playback.jump(6)
    qtbot.mouseClick(curves.buttons["update"], Qt.MouseButton.LeftButton)
    assert curves.plots["update"].cursor_line.value() == 6
    playback.jump(9)
    qtbot.waitUntil(lambda: curves.plots["update"].cursor_line.value() == 9)
    curves.plots["update"].step_requested.emit(4)
    assert playback.step == 4


def test_two_digits_have_the_bar_of_pixel_similarity(qtbot, window, curves):
    assert not curves.plots["accuracy"].guide.isVisible()
    session = window.session
    session.train(session.setup.changed(data={"classes": (3, 7)}, network={"sizes": (784, 6, 2)}))
    qtbot.waitUntil(lambda: not session.training and session.run.net.sizes == (784, 6, 2), timeout=LONG)
    settled(qtbot, window)
    expected = pixel_similarity(session.run.digits)["mean"]
    guide = curves.plots["accuracy"].guide
    qtbot.waitUntil(guide.isVisible, timeout=LONG)
    assert guide.value() == pytest.approx(expected)
    assert guide.label.toPlainText() == f"pixel similarity {expected:.1%}"
    session.train(session.setup.changed(data={"classes": tuple(range(10))}, network={"sizes": (784, 6, 10)}))
    qtbot.waitUntil(lambda: session.run.net.sizes == (784, 6, 10), timeout=LONG)
    assert not guide.isVisible()
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    settled(qtbot, window)


def test_the_row_of_choices_fits_a_narrow_dock(window, curves):
    assert sum(button.sizeHint().width() + 4 for button in curves.buttons.values()) <= 380 - 12


def test_a_start_keeps_its_colour_in_the_selected_row(window):
    sign = window.inspect.page("Curves").points.item(0, 0).icon()
    usual, chosen = (sign.pixmap(28, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected))
    assert usual.pixelColor(14, 14).name() == start_colour(0).lower()
    assert chosen.pixelColor(14, 14) == usual.pixelColor(14, 14)
