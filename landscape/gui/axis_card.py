"""The card of an axis: a small button beside it opens what the direction is, how long, and which layers it moves."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from landscape.gui.popover import Popover
from landscape.gui.session import Session
from landscape.run.axis_card import axis_card

WIDTH = 360
ROW, NAME, NUMBER = 17, 26, 52  # pixels: a row, its name, its figure
SIDE = 18


class AxisButton(QToolButton):
    """Beside an axis (0: a, 1: b) of the map."""

    def __init__(self, session: Session, axis: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._axis = session, axis
        self.card: AxisPopover | None = None
        self.setText("i")
        self.setStyleSheet("QToolButton { padding: 0; font-style: italic; font-weight: 700; }")
        self.setFixedSize(SIDE, SIDE)
        self.setToolTip(f"What the axis {'ab'[axis]} is: its direction, length and share per layer")
        self.setAccessibleName(f"About axis {'ab'[axis]}")
        self.clicked.connect(self.open)
        session.plane_changed.connect(lambda: self.setVisible(session.portrait is not None))
        self.hide()

    def open(self) -> None:
        """Show the card."""
        if self._session.portrait is not None and self._session.run is not None:
            self.card = self.card or AxisPopover(self._session, self._axis, self)
            self.card.open_under(self)


class AxisPopover(Popover):
    """The direction in words, and a bar for each layer."""

    def __init__(self, session: Session, axis: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._axis = session, axis
        self.setMinimumWidth(WIDTH)
        self.title, self.words, self.bars = QLabel(), QLabel(), Bars()
        self.title.setStyleSheet("font-weight: 700;")
        for label in (self.title, self.words):
            label.setWordWrap(True)
        heading = QLabel("Share of its squared length by layer (W weights, b biases)")
        heading.setObjectName("faint")
        heading.setWordWrap(True)
        for widget in (self.title, self.words, heading, self.bars):
            self.column.addWidget(widget)

    def refresh(self) -> None:
        """Say it for the plane that is shown."""
        run, portrait = self._session.run, self._session.portrait
        assert run is not None and portrait is not None
        card = axis_card(run, portrait, self._axis)
        self.title.setText(card.title)
        self.words.setText("\n".join(card.sentences))
        self.bars.show_shares(card.shares)


class Bars(QWidget):
    """Shares, one bar a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shares: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: dict[str, float]) -> None:
        """Draw these."""
        self.shares = shares
        self.setFixedHeight(ROW * len(shares) + 2)
        self.setAccessibleName(", ".join(f"{name} {share:.1%}" for name, share in shares.items()))
        self.update()

    def sizeHint(self) -> QSize:
        """As tall as its rows."""
        return QSize(WIDTH - 30, ROW * max(1, len(self.shares)) + 2)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """Name, bar and figure of each."""
        painter, palette = QPainter(self), self.palette()
        room = self.width() - NAME - NUMBER - 8
        for row, (name, share) in enumerate(self.shares.items()):
            y = row * ROW
            painter.setPen(palette.text().color())
            painter.drawText(QRectF(0, y, NAME, ROW), Qt.AlignmentFlag.AlignVCenter, name)
            painter.fillRect(QRectF(NAME, y + 4, room, ROW - 8), palette.mid())
            painter.fillRect(QRectF(NAME, y + 4, room * share, ROW - 8), palette.highlight())
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(NAME + room + 4, y, NUMBER, ROW), side, f"{share:.1%}")
        painter.end()
