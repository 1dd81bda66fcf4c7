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
        taken: list[QRectF] = []
        for mark in self.marks:
            taken.append(draw_landmark(painter, transform.map(QPointF(mark.a, mark.b)), mark, scene, taken))
        painter.restore()


def draw_landmark(
    painter: QPainter, spot: QPointF, mark: Landmark, room: QRectF, taken: Sequence[QRectF] = ()
) -> QRectF:
    """A landmark at a pixel; its name and loss stand under it, or beside it where that `room` ends or is `taken`.

    Returns where the words stand.
    """
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
    path = _words_beside(font, spot, mark, room, taken)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(INK), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
    painter.fillPath(path, QColor(PAPER))
    return path.boundingRect()


def _words_beside(font: QFont, spot: QPointF, mark: Landmark, room: QRectF, taken: Sequence[QRectF]) -> QPainterPath:
    """Name and loss under the disc; where the room ends there or is taken: above it, on its right, or on its left."""
    metrics, texts = QFontMetricsF(font), (_plain(mark.name), f"loss {mark.loss:.3g}")
    widths = [metrics.horizontalAdvance(words) for words in texts]

    def written(top: float, share: float, aside: float = 0.0) -> QPainterPath:
        """With the first line at `top`; a `share` of each line is left of the spot moved `aside`."""
        path = QPainterPath()
        for line, (words, width) in enumerate(zip(texts, widths, strict=True)):
            left = max(room.left() + 3, min(spot.x() + aside - share * width, room.right() - width - 3))
            path.addText(QPointF(left, top + line * LINE), font, words)
        return path

    level = spot.y() - LINE / 2 + metrics.ascent() / 2
    places = (
        written(spot.y() + RADIUS + LINE, 0.5),
        written(spot.y() - RADIUS - LINE - 4, 0.5),
        written(level, 0.0, RADIUS + 4),
        written(level, 1.0, -RADIUS - 4),
    )
    disc = QRectF(spot.x() - RADIUS, spot.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)

    def free(path: QPainterPath) -> bool:
        box = path.boundingRect()
        inside = box.top() > room.top() and box.bottom() < room.bottom() and not box.intersects(disc)
        return inside and not any(box.intersects(words) for words in taken)

    inside = places[0].boundingRect().bottom() < room.bottom()
    return next((path for path in places if free(path)), places[0 if inside else 1])


def _plain(name: str) -> str:
    """A file's name without its ending, and no longer than there is room for."""
    stem = name.removesuffix(Path(name).suffix) if Path(name).suffix in FORMATS else name
    return stem if len(stem) <= LONGEST else f"{stem[: LONGEST - 1]}…"
