"""Which digit is taken for which: a table of numbers and colours whose cells can be chosen."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landscape.data import a_digit
from landscape.gui.focus import paint_focus
from landscape.gui.theme import Theme

LEFT, TOP, SHARE, SIDE = 34.0, 32.0, 40.0, 4.0
MOST, FEWEST = 64.0, 22.0  # pixels of a cell
Cell = tuple[int, int]


class ConfusionView(QWidget):
    """Rows are what digits are, columns what they are taken for. A click on a cell asks for its digits, on it again for all."""

    cell_chosen = pyqtSignal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[int, ...] = ()
        self._counts: NDArray = np.zeros((0, 0), np.int64)
        self.cell: Cell | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Confusion matrix: rows are truths, columns are guesses")
        self.setMinimumSize(270, 210)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour cells and writing."""
        self._theme = theme
        self.update()

    def show_counts(self, counts: NDArray, classes: tuple[int, ...]) -> None:
        """Show how many digits of each class (row) are taken for each (column), (C, C)."""
        if classes != self._classes:
            self.cell = None
        self._counts, self._classes = counts, classes
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Choose a cell (truth, guess), as positions among the classes, or none."""
        if cell != self.cell:
            self.cell = cell
            self.setAccessibleDescription(self.sentence(cell) if cell else "")
            self.update()
            self.cell_chosen.emit(cell)

    def sentence(self, cell: Cell) -> str:
        """What a cell says."""
        truth, guess = cell
        count, all_of_them = int(self._counts[truth, guess]), int(self._counts[truth].sum())
        share = count / all_of_them if all_of_them else 0.0
        digits = f"{count:,} of {all_of_them:,} {self._classes[truth]}s are"
        fate = "recognised" if truth == guess else f"taken for {a_digit(self._classes[guess])}"
        return f"{digits} {fate} ({share:.1%})."

    def sizeHint(self) -> QSize:
        """Ten classes in a narrow page."""
        return QSize(370, 340)

    @property
    def _size(self) -> tuple[float, float]:
        """Width and height of a cell."""
        count = max(1, len(self._classes))
        width = (self.width() - LEFT - SHARE - SIDE) / count
        height = (self.height() - TOP - SIDE) / count
        return min(MOST, width), min(MOST, height)

    def _box(self, cell: Cell) -> QRectF:
        width, height = self._size
        return QRectF(LEFT + cell[1] * width, TOP + cell[0] * height, width, height)

    def cell_at(self, spot: QPoint) -> Cell | None:
        """The cell under a point."""
        width, height = self._size
        row, column = int((spot.y() - TOP) // height), int((spot.x() - LEFT) // width)
        inside = 0 <= row < len(self._classes) and 0 <= column < len(self._classes)
        return (row, column) if inside else None

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Cells, names of rows and columns, and each row's share that is right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        width, height = self._size
        centre, count = Qt.AlignmentFlag.AlignCenter, len(self._classes)
        painter.setPen(QColor(self._theme.faint))
        painter.drawText(QRectF(LEFT, 0, count * width, 15), centre, "guess")
        painter.drawText(QRectF(LEFT + count * width, 15, SHARE, 15), centre, "right")
        painter.save()
        painter.translate(9, TOP + count * height / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-40, -9, 80, 15), centre, "truth")
        painter.restore()
        for place, digit in enumerate(self._classes):
            painter.drawText(QRectF(LEFT + place * width, 15, width, 15), centre, str(digit))
            painter.drawText(QRectF(18, TOP + place * height, 16, height), centre, str(digit))
        for truth in range(count):
            for guess in range(count):
                self._paint_cell(painter, (truth, guess))
            total = self._counts[truth].sum()
            share = f"{self._counts[truth, truth] / total:.0%}" if total else "–"
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QRectF(LEFT + count * width, TOP + truth * height, SHARE, height), centre, share)
        if self.cell is not None:
            painter.setPen(QPen(QColor(self._theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._box(self.cell).adjusted(1, 1, -1, -1))
        paint_focus(painter, self)
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: Cell) -> None:
        truth, guess = cell
        number, theme = int(self._counts[truth, guess]), self._theme
        right = truth == guess
        colour = QColor(theme.accent if right else theme.warning)
        strength = self._strength(cell)
        colour.setAlphaF(strength)
        box = self._box(cell).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(box, QColor(theme.field))
        painter.fillRect(box, colour)
        if number:
            painter.setPen(QColor((theme.on_accent if right else theme.on_warning) if strength > 0.55 else theme.text))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter, str(number) if number < 10_000 else f"{number // 1000}k"
            )

    def _strength(self, cell: Cell) -> float:
        """How strong a cell's colour is: right ones by their row's share, mistakes beside the most frequent mistake."""
        truth, guess = cell
        number = float(self._counts[truth, guess])
        if truth == guess:
            return 0.75 * number / max(1.0, float(self._counts[truth].sum()))
        mistakes = self._counts - np.diag(np.diag(self._counts))
        return float(0.85 * np.sqrt(number / max(1, mistakes.max())))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose, or choose no more."""
        assert event is not None
        cell = self.cell_at(event.position().toPoint())
        self.choose(None if cell == self.cell else cell)

    def event(self, event: QEvent | None) -> bool:
        """A sentence for the cell under the mouse; the arrow keys are this widget's while it has the focus."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(event.pos())
            more = " Click for these digits; click again for all."
            QToolTip.showText(event.globalPos(), self.sentence(cell) + more if cell else "", self)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows go from cell to cell."""
        assert event is not None
        if event.key() in _STEPS and len(self._classes):
            down, right = _STEPS[event.key()]
            last = len(self._classes) - 1
            truth, guess = self.cell or (0, 0)
            self.choose((max(0, min(last, truth + down)), max(0, min(last, guess + right))))
        else:
            super().keyPressEvent(event)


_STEPS = {
    int(Qt.Key.Key_Up): (-1, 0),
    int(Qt.Key.Key_Down): (1, 0),
    int(Qt.Key.Key_Left): (0, -1),
    int(Qt.Key.Key_Right): (0, 1),
}
