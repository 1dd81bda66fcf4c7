"""A pad to draw a digit on, made ready as MNIST's pictures were while one draws."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from landscape.data import centre_digit
from landscape.gui.theme import Theme

SIDE = 280  # pixels of the drawing, ten a pixel of MNIST
PEN = 22.0


class DrawingPad(QWidget):
    """Draw with the left button, rub out with the right. `picture` is what a network gets to see."""

    drawn = pyqtSignal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        self._last: QPointF | None = None
        self._centred: NDArray | None = None
        self.clear()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 150)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Draw a digit: left button draws, right button rubs out, Delete clears")
        self.setAccessibleName("Pad to draw a digit on")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Ink and paper."""
        self._theme = theme
        self.update()

    def clear(self) -> None:
        """Empty paper."""
        self._ink.fill(0)
        self._centred = None
        self._changed()

    def show_picture(self, picture: NDArray) -> None:
        """Lay a digit (28, 28) uint8 on the pad, to draw on."""
        tall = SIDE // len(picture)
        pixels = np.ascontiguousarray(np.kron(picture, np.ones((tall, tall), np.uint8)))
        self._ink = QImage(pixels.tobytes(), SIDE, SIDE, SIDE, QImage.Format.Format_Grayscale8).copy()
        self._changed()
        self._centred = np.array(picture)  # it is one of MNIST's: nothing is to be mended before it is drawn on
        self.drawn.emit()

    @property
    def empty(self) -> bool:
        """Whether there is no ink."""
        return not self.ink.any()

    @property
    def ink(self) -> NDArray[np.uint8]:
        """The drawing, (280, 280): 0 is paper, 255 is ink."""
        bits = self._ink.constBits()
        assert bits is not None
        rows = np.frombuffer(bytes(bits.asarray(self._ink.sizeInBytes())), np.uint8)
        return rows.reshape(SIDE, self._ink.bytesPerLine())[:, :SIDE].copy()

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The drawing as a digit of MNIST's making, (28, 28)."""
        if self._centred is None:
            self._centred = centre_digit(self.ink)
        return self._centred

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def _changed(self) -> None:
        self._centred = None
        self.update()
        self.drawn.emit()

    @property
    def _paper(self) -> QRectF:
        side = float(min(self.width(), self.height()))
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _on_paper(self, spot: QPointF) -> QPointF:
        paper = self._paper
        return (spot - paper.topLeft()) * (SIDE / paper.width())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The drawing, and a word while there is none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._ink.copy()
        if self._theme.name != "dark":
            shown.invertPixels()
        paper = self._paper
        painter.drawImage(paper, shown)
        painter.setPen(QPen(QColor(self._theme.accent if self.hasFocus() else self._theme.faint), 1.5))
        painter.drawRect(paper.adjusted(1, 1, -1, -1))
        if self.empty:
            painter.setPen(QColor(self._theme.faint))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, "Draw a digit here")
        painter.end()

    def _stroke(self, event: QMouseEvent) -> None:
        spot = self._on_paper(event.position())
        painter = QPainter(self._ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rubs = bool(event.buttons() & Qt.MouseButton.RightButton)
        colour = QColor(0, 0, 0) if rubs else QColor(255, 255, 255)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(colour, 1.6 * PEN if rubs else PEN, Qt.PenStyle.SolidLine, cap, join))
        painter.drawLine(self._last or spot, spot + QPointF(0.01, 0))  # a line of no length draws nothing
        painter.end()
        self._last = spot
        self._changed()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A dot."""
        assert event is not None
        self._last = None
        self._stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """A line from where the mouse was."""
        assert event is not None
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self._stroke(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """The pen is lifted."""
        self._last = None

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete clears."""
        assert event is not None
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)
