"""The rim around what has the keyboard, for widgets that paint themselves; all others have theirs from the style sheet."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPen
from PyQt6.QtWidgets import QWidget

WIDTH = 1.5  # pixels


def paint_focus(painter: QPainter, widget: QWidget) -> None:
    """Draw the rim, in the colour of what is chosen, if the widget has the keyboard."""
    if not widget.hasFocus():
        return
    painter.setPen(QPen(widget.palette().highlight().color(), WIDTH))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = WIDTH / 2
    painter.drawRect(QRectF(widget.rect()).adjusted(edge, edge, -edge, -edge))
