"""Models from elsewhere on the landscape: a disc with a letter, and the model's name beside it."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from landscape.gui.drawing.lines import Overlay
from landscape.run.landmark import Landmark

RADIUS = 10.0  # pixels
PAPER, INK = "#ffffff", "#14161b"
LONGEST = 24  # letters of a name


class Landmarks(Overlay):
    """Draws landmarks at points of the plane."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: Sequence[Landmark] = ()

    def show_marks(self, marks: Sequence[Landmark]) -> None:
        """Draw these in place of those before."""
        self.marks = marks
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw each at its place, upright and in pixels."""
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        box = self.getViewBox()
        scene = transform.mapRect(box.viewRect()) if box is not None else QRectF()
        for mark in self.marks:
            draw_landmark(painter, transform.map(QPointF(mark.a, mark.b)), mark, scene.right())
        painter.restore()


def draw_landmark(painter: QPainter, spot: QPointF, mark: Landmark, right: float) -> None:
    """A landmark at a pixel; its name stands on the side where there is room before the `right` edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(INK), 1.6))
    painter.setBrush(QColor(PAPER))
    painter.drawEllipse(spot, RADIUS, RADIUS)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(13)
    painter.setFont(font)
    painter.drawText(
        QRectF(spot.x() - RADIUS, spot.y() - RADIUS, 2 * RADIUS, 2 * RADIUS), Qt.AlignmentFlag.AlignCenter, mark.letter
    )
    name = mark.name if len(mark.name) <= LONGEST else f"{mark.name[: LONGEST - 1]}…"
    words = f"{name} · loss {mark.loss:.3g}"
    width = painter.fontMetrics().horizontalAdvance(words)
    left = spot.x() + RADIUS + 5
    if left + width > right:
        left = spot.x() - RADIUS - 5 - width
    path = QPainterPath()
    path.addText(QPointF(left, spot.y() + 5), font, words)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(INK), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
    painter.fillPath(path, QColor(PAPER))
