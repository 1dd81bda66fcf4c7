"""The transport's icons, drawn: no font or icon theme has to have them."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

SIZE = 64


def icon(name: str, colour: str) -> QIcon:
    """An icon by name: first, epoch back, back, play, pause, forward, epoch forward, last, loop, star, stop."""
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    for shape in _SHAPES[name]:
        if isinstance(shape, QRectF):
            painter.drawRoundedRect(shape, 3, 3)
        else:
            painter.drawPolygon(shape)
    if name == "loop":
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(QColor(colour))
        pen.setWidth(7)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(QRectF(14, 14, 36, 36), 60 * 16, 290 * 16)
    painter.end()
    return QIcon(pixmap)


def _triangle(x: float, width: float) -> QPolygonF:
    return QPolygonF([QPointF(x, 12), QPointF(x + width, 32), QPointF(x, 52)])


def _star() -> QPolygonF:
    import math

    return QPolygonF(
        [
            QPointF(32 + r * math.sin(k * math.pi / 5), 34 - r * math.cos(k * math.pi / 5))
            for k, r in enumerate([28, 11.5] * 5)
        ]
    )


_SHAPES: dict[str, list[QRectF | QPolygonF]] = {
    "first": [QRectF(10, 12, 7, 40), _triangle(52, -30)],
    "epoch back": [_triangle(34, -26), _triangle(58, -26)],
    "back": [QRectF(44, 12, 7, 40), _triangle(38, -28)],
    "play": [_triangle(16, 38)],
    "pause": [QRectF(16, 12, 11, 40), QRectF(37, 12, 11, 40)],
    "forward": [QRectF(13, 12, 7, 40), _triangle(26, 28)],
    "epoch forward": [_triangle(6, 26), _triangle(30, 26)],
    "last": [_triangle(12, 30), QRectF(47, 12, 7, 40)],
    "loop": [QPolygonF([QPointF(34, 4), QPointF(52, 16), QPointF(34, 28)])],
    "star": [_star()],
    "stop": [QRectF(14, 14, 36, 36)],
}
