"""Lines handed to Qt in arrays that are used again and again, so that a plot which is drawn for hours does not grow.

PyQt6-sip up to 13.13 at least never frees the 80 bytes of a `sip.array` object, nor those of a slice of one. At sixty pictures
a second with some lines each that would be hundreds of MB an hour.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF
from PyQt6.QtGui import QPainter, QPen
from PyQt6.QtWidgets import QWidget

MOST = 1024  # lines in one array


@cache
def _room(size: int) -> tuple[sip.array, NDArray]:
    """An array of so many lines, and the memory (size, 4) behind it; for the GUI thread alone."""
    array: sip.array = sip.array(QLineF, size)  # type: ignore[call-arg]
    memory = np.frombuffer(sip.voidptr(array, size * 32), np.float64)  # type: ignore[call-overload]
    return array, memory.reshape(size, 4)


def draw_lines(painter: QPainter, lines: NDArray) -> None:
    """Draw segments (m, 4), each x and y of its beginning and of its end, without a Python object a line.

    Qt draws whole arrays: m is made up of powers of two, of which there are few.
    """
    begin = 0
    while begin < len(lines):
        size = min(MOST, 1 << (len(lines) - begin).bit_length() - 1)
        array, memory = _room(size)
        memory[:] = lines[begin : begin + size]
        painter.drawLines(array)
        begin += size


def pen_width(points: float, widget: QWidget) -> float:
    """A width in points as the cosmetic pens of a plot count it: in pixels of the screen that the plot is on."""
    return points * widget.devicePixelRatioF()


def at_density(pen: QPen, painter: QPainter, bold: float = 1.0) -> QPen:
    """A cosmetic pen, so many times as `bold`, for a dense screen.

    Qt counts its width in the screen's pixels, of which a point has several there.
    """
    device = painter.device()
    ratio = bold * (1.0 if device is None else device.devicePixelRatioF())
    if ratio == 1:
        return pen
    wide = QPen(pen)
    wide.setWidthF(pen.widthF() * ratio)
    return wide
