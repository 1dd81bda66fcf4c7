"""Digits as pictures in rows that scroll: each with its truth, the guess, its cost and the probability of its truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from landscape.data import a_digit
from landscape.gui.drawing.loss_axis import short
from landscape.gui.inspect.digits.examination import Examined
from landscape.gui.theme import Theme

PICTURE, CELL_WIDTH, LINE, GAP = 56, 82, 14, 5
CELL_HEIGHT = PICTURE + 2 * LINE + 2 * GAP
NOTHING = "No digit here."


def picture_image(picture: NDArray, dark: bool) -> QImage:
    """A digit (28, 28) uint8 as an image: bright ink on black, or dark ink on white."""
    grey = np.ascontiguousarray(picture if dark else 255 - picture, np.uint8)
    rows, columns = grey.shape
    return QImage(grey.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


@dataclass(frozen=True, eq=False)
class Shelf:
    """What a gallery shows: an examination's digits in the order of `rows`, indices among them."""

    examined: Examined
    rows: NDArray[np.intp]

    def lines(self, place: int) -> tuple[str, str, bool]:
        """Two short lines under the picture at a place, and whether it is guessed wrongly."""
        row, verdict, digits = self.rows[place], self.examined.verdict, self.examined.held.digits.classes
        truth, guess = int(verdict.labels[row]), int(verdict.guesses[row])
        wrong = truth != guess
        first = f"{digits[truth]} → {digits[guess]}" if wrong else f"{digits[truth]}"
        cost, sure = float(verdict.losses[row]), float(verdict.probabilities[row, truth])
        return first, f"{short(float(f'{cost:.2g}'))} · {_percent(sure)}", wrong

    def sentence(self, place: int) -> str:
        """All about the digit at a place."""
        row, verdict, digits = self.rows[place], self.examined.verdict, self.examined.held.digits.classes
        truth, guess = int(verdict.labels[row]), int(verdict.guesses[row])
        sure = verdict.probabilities[row]
        answer = (
            f"guessed {digits[guess]} (p = {_percent(float(sure[guess]))}); p of {digits[truth]}: {_percent(float(sure[truth]))}"
            if truth != guess
            else f"guessed rightly (p = {_percent(float(sure[truth]))})"
        )
        file = "test" if self.examined.which == "test" else "training"
        return (
            f"{a_digit(digits[truth]).capitalize()}, {answer}. It costs {float(verdict.losses[row]):.3g}. "
            f"Number {int(self.examined.split.index[row]):,} of MNIST's {file} file."
        )


class Gallery(QAbstractScrollArea):
    """Paints only the pictures that are seen. A click or the arrow keys choose one; a double click or Enter takes it."""

    chosen = pyqtSignal(int)
    take_requested = pyqtSignal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf: Shelf | None = None
        self.place = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Digits as pictures")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(CELL_HEIGHT + 8)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour ink, paper and frames."""
        self._theme = theme
        self._port().update()

    def show_shelf(self, shelf: Shelf | None) -> None:
        """Show these digits, from the first."""
        before = self._shelf
        self._shelf = shelf
        if self.place >= self.count or before is None:
            self.place = -1
        self._fit()
        self._port().update()

    @property
    def count(self) -> int:
        """How many digits there are to see."""
        return 0 if self._shelf is None else len(self._shelf.rows)

    @property
    def row(self) -> int | None:
        """The chosen digit as an index into the examined set, or None."""
        return int(self._shelf.rows[self.place]) if self._shelf is not None and 0 <= self.place < self.count else None

    @property
    def sentence(self) -> str:
        """All about the chosen digit; nothing if there is none."""
        return self._shelf.sentence(self.place) if self._shelf is not None and self.row is not None else ""

    def choose(self, place: int) -> None:
        """Choose the digit at a place and bring it into view."""
        if not 0 <= place < self.count or self._shelf is None:
            return
        self.place = place
        bar, top = self.verticalScrollBar(), place // self._columns * CELL_HEIGHT
        assert bar is not None
        bar.setValue(min(top, max(bar.value(), top + CELL_HEIGHT - self._port().height())))
        self.setAccessibleDescription(self._shelf.sentence(place))
        self._port().update()
        self.chosen.emit(place)

    def clear_choice(self) -> None:
        """No digit is chosen, and the first row is seen."""
        self.place = -1
        bar = self.verticalScrollBar()
        assert bar is not None
        bar.setValue(0)

    def sizeHint(self) -> QSize:
        """Four columns, three rows."""
        return QSize(4 * CELL_WIDTH + 24, 3 * CELL_HEIGHT)

    def _port(self) -> QWidget:
        port = self.viewport()
        assert port is not None
        return port

    @property
    def _columns(self) -> int:
        return max(1, self._port().width() // CELL_WIDTH)

    def _fit(self) -> None:
        rows, bar = -(-self.count // self._columns), self.verticalScrollBar()
        assert bar is not None
        bar.setRange(0, max(0, rows * CELL_HEIGHT - self._port().height()))
        bar.setPageStep(self._port().height())
        bar.setSingleStep(CELL_HEIGHT // 2)

    def _scrolled(self) -> int:
        bar = self.verticalScrollBar()
        assert bar is not None
        return bar.value()

    def place_at(self, spot: QPoint) -> int | None:
        """The digit under a point of the viewport."""
        column, line = spot.x() // CELL_WIDTH, (spot.y() + self._scrolled()) // CELL_HEIGHT
        place = line * self._columns + column
        return place if 0 <= column < self._columns and 0 <= place < self.count else None

    def resizeEvent(self, event: object) -> None:
        """Other columns."""
        self._fit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The rows that are seen."""
        painter = QPainter(self._port())
        painter.fillRect(self._port().rect(), QColor(self._theme.panel))
        if not self.count:
            painter.setPen(QColor(self._theme.faint))
            painter.drawText(self._port().rect(), Qt.AlignmentFlag.AlignCenter, NOTHING)
            painter.end()
            return
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        columns, top = self._columns, self._scrolled()
        first = top // CELL_HEIGHT * columns
        past = min(self.count, (-(-(top + self._port().height()) // CELL_HEIGHT)) * columns)
        for place in range(first, past):
            corner = QPoint(place % columns * CELL_WIDTH, place // columns * CELL_HEIGHT - top)
            self._paint_digit(painter, place, corner)
        painter.end()

    def _paint_digit(self, painter: QPainter, place: int, corner: QPoint) -> None:
        assert self._shelf is not None
        theme, shelf = self._theme, self._shelf
        first, second, wrong = shelf.lines(place)
        frame = QRect(corner.x() + (CELL_WIDTH - PICTURE) // 2, corner.y() + GAP, PICTURE, PICTURE)
        if place == self.place:
            painter.fillRect(QRect(corner, QSize(CELL_WIDTH, CELL_HEIGHT)), QColor(theme.line))
        picture = shelf.examined.split.pictures[shelf.rows[place]]
        painter.drawImage(frame, picture_image(picture, theme.name == "dark"))
        painter.setPen(QPen(QColor(theme.warning if wrong else theme.line), 2 if wrong else 1))
        painter.drawRect(frame)
        line = QRect(corner.x(), frame.bottom() + 2, CELL_WIDTH, LINE)
        painter.setPen(QColor(theme.warning if wrong else theme.text))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, first)
        painter.setPen(QColor(theme.faint))
        painter.drawText(line.translated(0, LINE), Qt.AlignmentFlag.AlignCenter, second)

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Explain the digit under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._shelf is not None:
            place = self.place_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if place is None else self._shelf.sentence(place), self)
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose."""
        assert event is not None
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self.choose(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Take."""
        if self.row is not None:
            self.take_requested.emit(self.row)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows choose, Enter takes."""
        assert event is not None
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        if event.key() in steps:
            self.choose(max(0, min(self.count - 1, self.place + steps[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row is not None:
            self.take_requested.emit(self.row)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent | None) -> bool:
        """The arrow keys are this widget's while it has the focus, not the time bar's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return)
            if plain and event.key() in keys:
                event.accept()
                return True
        return super().event(event)


def _percent(share: float) -> str:
    if not np.isfinite(share):
        return "–"
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}" if share >= 0.001 else "<0.1%"
