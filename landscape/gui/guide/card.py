"""A small card that lies over the window beside what it speaks of, and a ring around that."""

from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

WIDTH, GAP, EDGE = 340, 10, 12
TALLEST = 0.8  # of the window


class Card(QFrame):
    """Rich text and room for buttons below it; it takes no focus by itself and blocks nothing but what it covers."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("card")
        self.setAccessibleName("Explanation")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.text)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(6)
        column.addLayout(self.buttons)
        self.hide()

    def say(self, text: str, target: QRect) -> None:
        """Show a text beside a rectangle of the window."""
        window = self.parentWidget()
        assert window is not None
        self.text.setText(text)
        height = self.heightForWidth(WIDTH)
        self.resize(WIDTH, min(max(height, self.sizeHint().height()), round(TALLEST * window.height())))
        self.move(beside(target, self.rect(), window.rect()))
        self.show()
        self.raise_()


class Ring(QWidget):
    """A coloured line around a part of the window; the mouse reaches what lies below."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, target: QRect) -> None:
        """Lie around a rectangle of the window, inside it."""
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(target.adjusted(-3, -3, 3, 3).intersected(window.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlight().color(), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        painter.end()


def beside(target: QRect, card: QRect, window: QRect) -> QPoint:
    """Where a card lies so that it covers as little of its target as can be: to a side of it, below or above."""
    middle = target.center() - QPoint(card.width() // 2, card.height() // 2)
    places = (
        QPoint(target.right() + GAP, middle.y()),
        QPoint(target.left() - GAP - card.width(), middle.y()),
        QPoint(middle.x(), target.bottom() + GAP),
        QPoint(middle.x(), target.top() - GAP - card.height()),
    )
    room = window.adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def within(place: QPoint) -> QPoint:
        x = min(max(place.x(), room.left()), max(room.left(), room.right() - card.width()))
        y = min(max(place.y(), room.top()), max(room.top(), room.bottom() - card.height()))
        return QPoint(x, y)

    def covered(place: QPoint) -> int:
        both = QRect(place, card.size()).intersected(target)
        return both.width() * both.height() if both.isValid() else 0

    return min(map(within, places), key=covered)


def bring_into_sight(widget: QWidget) -> None:
    """Scroll to a widget of which nothing is seen, or take its dock from behind another one."""
    around = widget.parentWidget()
    while around is not None and widget.visibleRegion().isEmpty():
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        elif isinstance(around, QDockWidget):
            around.raise_()
        around = around.parentWidget()


def place_in(window: QWidget, widget: QWidget) -> QRect:
    """Where a widget lies in its window, as far as it is seen."""
    seen = widget.visibleRegion().boundingRect()
    seen = widget.rect() if seen.isEmpty() else seen
    return QRect(widget.mapTo(window, seen.topLeft()), seen.size())
