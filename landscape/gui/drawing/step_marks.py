"""The microscope's stage on the landscape: a ring at the point, an arrow down the mini-batch's gradient, the move itself.

Its arrow is a double line, so that nobody takes it for one of the three gradient arrows; where those stand at the same point
it runs beside them.
"""

import math
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from landscape.gui.drawing.lines import Overlay
from landscape.gui.microscope import Marks

RING, HEAD = 13.0, 9.0  # pixels
SHORTEST = 64.0  # pixels: shorter moves are drawn so long, and say how many times
ASIDE = 11.0  # pixels from the gradient arrows, where there are any
COLOUR, RIM = QColor("#ffd166"), QColor(20, 22, 27)
DOUBLE = ((RIM, 9.0), (COLOUR, 6.4), (RIM, 2.2))  # strokes over each other make a double line


class StepMarks(Overlay):
    """Draws `Marks`, aside of the gradient arrows if they are there too."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: Marks | None = None
        self._aside = False

    def show_marks(self, marks: Marks | None, aside: bool = False) -> None:
        """Draw these, or nothing."""
        if marks is not self._marks or aside != self._aside:
            self._marks, self._aside = marks, aside
            self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw in pixels, upright."""
        self.rescaled(painter)
        marks = self._marks
        if marks is None or not np.isfinite(marks.before).all():
            return
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        before = transform.map(QPointF(*map(float, marks.before)))
        words, end = marks.arrow
        if end is not None:
            tip = transform.map(QPointF(*map(float, np.where(np.isfinite(end), end, marks.before))))
            words = self._arrow(painter, before, tip, words)
        for pen in (QPen(RIM, 4.5), QPen(COLOUR, 2.2)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(before, RING, RING)
        paint_words(painter, before, transform.mapRect(self.boundingRect()), words)
        painter.restore()

    def _arrow(self, painter: QPainter, begin: QPointF, end: QPointF, words: str) -> str:
        """An arrow; returns what to write: how many times as long as it is, if it would be too short to see."""
        way = end - begin
        length = math.hypot(way.x(), way.y())
        if length < 1e-9:
            return still_words(words)
        times = max(1.0, SHORTEST / length)
        way = way * times
        along = way / math.hypot(way.x(), way.y())
        across = QPointF(-along.y(), along.x())
        if self._aside:
            begin = begin + across * ASIDE  # a point of its own: the ring stays where it is
        tip = begin + way
        neck = tip - along * HEAD * 1.6
        head = QPolygonF([tip, neck + across * HEAD * 0.8, neck - across * HEAD * 0.8])
        edge = begin + along * math.sqrt(RING**2 - (ASIDE**2 if self._aside else 0.0))
        painter.setBrush(COLOUR)
        for colour, width in DOUBLE:
            painter.setPen(QPen(colour, width, cap=Qt.PenCapStyle.FlatCap))
            painter.drawLine(edge, neck)
        painter.setPen(QPen(RIM, 1.4))
        painter.drawPolygon(head)
        return enlarged_words(words, times)


def still_words(words: str) -> str:
    """What to write at a move that has no shadow on the plane."""
    return f"{words}: does not move here"


def enlarged_words(words: str, times: float) -> str:
    """What to write at an arrow that is drawn so many times as long as it is."""
    if times <= 1:
        return words
    return f"{words}, drawn ×{times:,.0f}" if times > 9.5 else f"{words}, drawn ×{times:.1f}"


def paint_words(painter: QPainter, spot: QPointF, room: QRectF, words: str) -> None:
    """Words beside a ring: on its right, or on its left where there is no room."""
    font = QFont(painter.font())
    font.setPointSizeF(9.5)
    font.setBold(True)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(words)
    height = painter.fontMetrics().height()
    beside = RING + 5 if spot.x() + RING + width + 10 < room.right() else -RING - 5 - width
    place = spot + QPointF(beside, -RING - 2)
    painter.setPen(QPen(COLOUR, 1))  # an edge, so that a number of a contour line beside it is not read as part of it
    painter.setBrush(QColor(20, 22, 27, 220))
    painter.drawRoundedRect(round(place.x()) - 4, round(place.y()) - height + 3, width + 8, height + 2, 4, 4)
    painter.setPen(COLOUR)
    painter.drawText(place, words)
