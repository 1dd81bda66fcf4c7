"""Lines on their way to Qt: the very numbers, in the very order, and nothing that stays behind."""

import gc
import sys

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from landscape.gui.drawing.strokes import MOST, at_density, draw_lines


class Listening:
    """A painter that notes down what it is given."""

    def __init__(self):
        self.lines, self.calls = [], 0

    def drawLines(self, array):
        self.calls += 1
        self.lines += [(line.x1(), line.y1(), line.x2(), line.y2()) for line in array]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 37, MOST, 3 * MOST + 5])
def test_qt_receives_the_very_numbers(count):
    painter, wanted = Listening(), np.arange(4.0 * count).reshape(count, 4)
    draw_lines(painter, wanted)
    np.testing.assert_array_equal(np.reshape(painter.lines, (count, 4)), wanted)
    assert painter.calls <= count // MOST + MOST.bit_length()


def test_lines_are_painted_and_leave_no_memory_behind(qapp):
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setPen(QColor("white"))
    lines = np.array([[0.0, y, 49.0, y] for y in range(0, 50, 2)])

    def draw(times):
        for _ in range(times):
            draw_lines(painter, lines)
            draw_lines(painter, lines[3:20])
        gc.collect()
        return sys.getallocatedblocks()

    before = draw(50)
    assert draw(1000) - before < 100  # an array made anew each time would leave thousands
    painter.end()
    assert image.pixelColor(20, 10) == QColor("white") and image.pixelColor(20, 11) == QColor("black")


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_lines_are_as_thick_on_a_dense_screen(qapp, ratio):
    image = QImage(int(40 * ratio), int(40 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("black"))
    painter = QPainter(image)
    pen = QPen(QColor("white"), 4.0)
    pen.setCosmetic(True)
    painter.setPen(at_density(pen, painter))
    draw_lines(painter, np.array([[0.0, 20.0, 40.0, 20.0]]))
    painter.end()
    column = [image.pixelColor(int(20 * ratio), y).red() > 128 for y in range(image.height())]
    assert sum(column) == 4 * ratio
