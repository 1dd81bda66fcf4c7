"""The microscope's stage on the landscape: a ring at the point, an arrow down the mini-batch's gradient, the move itself."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from landscape.gui.drawing.lines import Overlay
from landscape.gui.microscope import Marks

RING, HEAD = 13.0, 9.0  # pixels
SHORTEST = 64.0  # pixels: shorter moves are drawn so long, and say how many times
COLOUR, RIM = QColor("#ffd166"), QColor(20, 22, 27)


class StepMarks(Overlay):
    """Draws `Marks`."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: Marks | None = None

    def show_marks(self, marks: Marks | None) -> None:
        """Draw these, or nothing."""
        if marks is not self._marks:
            self._marks = marks
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
        before, after, downhill = (transform.map(QPointF(*map(float, spot))) for spot in self._spots(marks))
        words = marks.words
        if marks.stage == "backward":
            words = self._arrow(painter, before, downhill, "−gradient")
        elif marks.stage == "update":
            words = self._arrow(painter, before, after, words)
        for pen in (QPen(RIM, 4.5), QPen(COLOUR, 2.2)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(before, RING, RING)
        self._words(painter, before, transform.mapRect(self.boundingRect()).right(), words)
        painter.restore()

    @staticmethod
    def _spots(marks: Marks) -> list[NDArray]:
        return [np.where(np.isfinite(spot), spot, marks.before) for spot in (marks.before, marks.after, marks.downhill)]

    def _arrow(self, painter: QPainter, begin: QPointF, end: QPointF, words: str) -> str:
        """An arrow; returns what to write: how many times as long as it is, if it would be too short to see."""
        way = end - begin
        length = math.hypot(way.x(), way.y())
        if length < 1e-9:
            return f"{words}: does not move here"
        times = max(1.0, SHORTEST / length)
        way *= times
        tip, along = begin + way, way / math.hypot(way.x(), way.y())
        across = QPointF(-along.y(), along.x())
        head = QPolygonF(
            [tip, tip - along * HEAD * 1.6 + across * HEAD * 0.7, tip - along * HEAD * 1.6 - across * HEAD * 0.7]
        )
        for colour, width in ((RIM, 6.0), (COLOUR, 3.0)):
            painter.setPen(QPen(colour, width, cap=Qt.PenCapStyle.RoundCap))
            painter.setBrush(colour)
            painter.drawLine(begin + along * RING, tip - along * HEAD)
            painter.setPen(QPen(colour, width - 2.5 if colour == RIM else 1.0))
            painter.drawPolygon(head)
        if times == 1:
            return words
        return f"{words}, drawn ×{times:,.0f}" if times > 9.5 else f"{words}, drawn ×{times:.1f}"

    @staticmethod
    def _words(painter: QPainter, spot: QPointF, right: float, words: str) -> None:
        """Words beside a point: on its right, or on its left where there is no room."""
        font = QFont(painter.font())
        font.setPointSizeF(9.5)
        font.setBold(True)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(words)
        height = painter.fontMetrics().height()
        beside = RING + 5 if spot.x() + RING + width + 10 < right else -RING - 5 - width
        place = spot + QPointF(beside, -RING - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 22, 27, 190))
        painter.drawRoundedRect(round(place.x()) - 4, round(place.y()) - height + 3, width + 8, height + 2, 4, 4)
        painter.setPen(COLOUR)
        painter.drawText(place, words)
