"""Models from elsewhere on the landscape: a disc with a letter, the model's name and its loss under it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from landscape.gui.drawing.lines import Overlay
from landscape.model import FORMATS
from landscape.run.landmark import Landmark

RADIUS = 10.0  # pixels
PAPER, INK = "#ffffff", "#14161b"
LONGEST = 24  # letters of a name
LINE = 15.0  # pixels


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
            draw_landmark(painter, transform.map(QPointF(mark.a, mark.b)), mark, scene)
        painter.restore()


def draw_landmark(painter: QPainter, spot: QPointF, mark: Landmark, room: QRectF) -> None:
    """A landmark at a pixel; its name and loss stand under it, or where the `room` ends there, above it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(INK), 1.6))
    painter.setBrush(QColor(PAPER))
    painter.drawEllipse(spot, RADIUS, RADIUS)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(13)
    painter.setFont(font)
    disc = QRectF(spot.x() - RADIUS, spot.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, mark.letter)
    font.setPixelSize(12)
    below = spot.y() + RADIUS + 2 * LINE + 4 < room.bottom()
    top = spot.y() + RADIUS + LINE if below else spot.y() - RADIUS - LINE - 4
    metrics = QFontMetricsF(font)
    path = QPainterPath()
    for line, words in enumerate((_plain(mark.name), f"loss {mark.loss:.3g}")):
        width = metrics.horizontalAdvance(words)
        left = max(room.left() + 3, min(spot.x() - width / 2, room.right() - width - 3))
        path.addText(QPointF(left, top + line * LINE), font, words)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(INK), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
    painter.fillPath(path, QColor(PAPER))


def _plain(name: str) -> str:
    """A file's name without its ending, and no longer than there is room for."""
    stem = name.removesuffix(Path(name).suffix) if Path(name).suffix in FORMATS else name
    return stem if len(stem) <= LONGEST else f"{stem[: LONGEST - 1]}…"
