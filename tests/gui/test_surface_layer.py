"""Heights and their colours, and what is painted anew."""

from itertools import combinations

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtWidgets import QLabel, QWidget

from landscape.gui.drawing.heights import DIVERGING, Heights
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.drawing.surface_layer import SurfaceLayer

A, B = np.linspace(-1, 1, 9), np.linspace(0, 3, 7)
HILLS = np.sin(3 * A) + np.cos(2 * B)[:, None]


def differences(size, before=None):
    return Heights.of_differences(A, B, HILLS / np.abs(HILLS).max() * size, "difference", before)


@pytest.mark.parametrize(("size", "limit"), [(0.11, 0.15), (0.16, 0.2), (1.0, 1.0), (7.3, 10.0), (450.0, 500.0)])
def test_differences_have_round_limits(size, limit):
    heights = Heights.of_differences(A, B, np.full((len(B), len(A)), -size), "difference")
    assert heights.limits == pytest.approx((-limit, limit))


def test_a_colour_means_the_same_difference_while_they_breathe():
    first = differences(1.0)
    assert differences(0.5, first).limits == first.limits  # smaller ones keep the colours
    assert differences(2.5, first).limits != first.limits  # larger ones would not fit
    assert differences(0.05, first).limits != first.limits  # and in far smaller ones nothing would be seen
    losses = Heights.of_values(A, B, np.exp(HILLS), True, "loss")
    assert differences(1.0, losses).limits == first.limits  # losses before say nothing


def test_the_bar_is_as_wide_for_differences_as_for_losses(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    layer = SurfaceLayer(plot)
    layer.show_heights(Heights.of_values(A, B, np.exp(HILLS), True, "loss"), contours=False)
    width = layer.bar_axis.width()
    layer.show_heights(differences(1.0), contours=False)
    assert layer.bar_axis.width() == width and layer.heights.colours == DIVERGING


def test_lines_wait_until_moving_heights_rest(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    layer = SurfaceLayer(plot)
    layer.show_heights(differences(1.0), contours=True, moving=True)
    assert layer.contours.xData is None or not len(layer.contours.xData)
    qtbot.waitUntil(lambda: layer.contours.xData is not None and len(layer.contours.xData) > 10)
    layer.show_heights(differences(0.9), contours=True, moving=True)
    assert not len(layer.contours.xData)
    layer.show_heights(None, contours=False)


def test_a_small_layer_has_its_lines_at_once(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    layer = SurfaceLayer(plot, small=True)
    layer.show_heights(Heights.of_values(A, B, np.exp(HILLS), True, "loss"), contours=True)
    assert len(layer.contours.xData) > 10
    layer.show_heights(None, contours=True)
    assert layer.heights is None and not len(layer.contours.xData)


def test_markers_that_stay_are_not_painted_anew(qtbot, monkeypatch):
    markers, painted = Markers(), []
    monkeypatch.setattr(markers, "update", lambda: painted.append(1))
    look = [Marker("o", 9, "#ffffff", "#000000")]
    markers.clear()
    assert not painted
    markers.show_markers([1.0, 2.0], look)
    markers.show_markers([1.0, 2.0], [Marker("o", 9, "#ffffff", "#000000")])
    assert len(painted) == 1
    markers.show_markers([1.0, 2.1], look)
    markers.show_markers([1.0, 2.1], [Marker("o", 10, "#ffffff", "#000000")])
    assert len(painted) == 3


def test_the_bar_says_the_losses_also_after_another_layout(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    layer = SurfaceLayer(plot)
    heights = Heights.of_values(A, B, 1.5 + HILLS / 9, True, "loss")
    layer.show_heights(heights, contours=False)
    layer.bar.getViewBox().sigYRangeChanged.emit(layer.bar.getViewBox(), (0, 256))  # as when the plot gets another size
    assert layer.bar_axis.range == pytest.approx(list(heights.limits))


@pytest.mark.parametrize("steepness", [1.0, 6.0])
def test_numbers_on_the_lines_never_lie_over_each_other(qtbot, steepness):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(420, 260)
    plot.show()
    a = b = np.linspace(-1, 1, 41)
    layer = SurfaceLayer(plot)
    bowl = 0.01 + np.exp(-steepness * (1 - a**2 - 0.2 * b[:, None] ** 2))
    layer.show_heights(Heights.of_values(a, b, bowl, True, "loss"), contours=True)
    qtbot.waitUntil(lambda: sum(label.isVisible() for label in layer._labels) >= 3)
    places = [label.mapRectToScene(label.boundingRect()) for label in layer._labels if label.isVisible()]
    for one, other in combinations(places, 2):
        assert not one.intersects(other)


@pytest.mark.parametrize("logarithmic", [True, False])
def test_every_number_stands_on_its_line_and_clear_of_the_others(qtbot, logarithmic):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(420, 420)
    plot.show()
    plot.setRange(xRange=(-5, 5), yRange=(-5, 5), padding=0)
    layer = SurfaceLayer(plot)
    a = np.linspace(-5, 5, 61)
    bowl = 0.1 + 0.06 * (a**2 + 2 * a[:, None] ** 2)
    layer.show_heights(Heights.of_values(a, a, bowl, logarithmic, "loss"), contours=True)
    qtbot.waitUntil(lambda: any(label.isVisible() for label in layer._labels))
    shown = [label for label in layer._labels if label.isVisible()]
    assert len(shown) > 2
    xy = np.column_stack([layer.contours.xData, layer.contours.yData])
    boxes = []
    for label in shown:
        x, y = label.pos().x(), label.pos().y()
        assert 0.1 + 0.06 * (x**2 + 2 * y**2) == pytest.approx(float(label.toPlainText()), rel=0.02)
        assert np.nanmin(np.hypot(*(xy - (x, y)).T)) < 0.02, "a line is drawn there"
        boxes.append(label.mapRectToScene(label.boundingRect()))
    room = plot.getViewBox().sceneBoundingRect().adjusted(-2, -2, 2, 2)
    assert all(room.contains(box) for box in boxes)
    assert not any(one.intersects(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_numbers_on_lines_keep_clear_of_a_card(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    plot = pg.PlotWidget(host)
    plot.resize(420, 360)
    card = QLabel("a card", host)
    card.resize(120, 60)
    card.hide()
    layer = SurfaceLayer(plot)
    layer.keep_clear_of(card)
    host.show()
    layer.show_heights(Heights.of_values(A, B, np.exp(HILLS), True, "loss"), contours=True)
    plot.setRange(xRange=(-1, 1), yRange=(0, 3), padding=0)

    def numbers():
        """Where the numbers lie in the host's pixels."""
        shown = [label for label in layer._labels if label.isVisible()]
        return [plot.mapFromScene(label.mapRectToScene(label.boundingRect())).boundingRect() for label in shown]

    qtbot.waitUntil(lambda: len(numbers()) > 2)
    card.move(numbers()[0].center() - card.rect().center())
    card.show()
    assert any(card.geometry().intersects(number) for number in numbers())
    qtbot.waitUntil(lambda: not any(card.geometry().intersects(number) for number in numbers()))
    assert numbers()
