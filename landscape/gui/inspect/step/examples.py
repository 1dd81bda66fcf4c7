"""The digits of a mini-batch, one a row: picture, what the layers hold as strips, outputs as bars, cost."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from landscape.gui.focus import paint_focus
from landscape.gui.inspect.step.strips import digit_image, signed_image
from landscape.gui.theme import Theme
from landscape.network.notation import number
from landscape.run.dissection import Dissection

ROW, HEAD, LEFT, GAP = 36, 20, 58, 8


class ExampleRows(QWidget):
    """Painted rows of the stages forward (0), loss (1) and backward (2); a click or ↑ ↓ chooses one."""

    example_requested = pyqtSignal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Dissection | None = None
        self._pictures: NDArray = np.empty((0, 28, 28), np.uint8)
        self._names: list[str] = []
        self._stage = self._example = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Digits of the mini-batch")
        self.setToolTip("The digits of this mini-batch; click one (or ↑ ↓) to see its sums in numbers")

    def set_theme(self, theme: Theme) -> None:
        """Colour it."""
        self._theme = theme
        self.update()

    def show_examples(self, found: Dissection, pictures: NDArray, names: list[str], stage: int, example: int) -> None:
        """The digits `pictures` (n, 28, 28) of a dissected update, in one of the stages."""
        self._found, self._pictures, self._names = found, pictures, names
        self._stage, self._example = stage, example
        self.setMinimumHeight(HEAD + ROW * len(found.labels))
        self.updateGeometry()
        self.update()

    def row_place(self, example: int) -> QRect:
        """Where an example's row stands."""
        return QRect(0, HEAD + ROW * example, self.width(), ROW)

    def sizeHint(self) -> QSize:
        """All rows."""
        count = len(self._found.labels) if self._found else 0
        return QSize(360, HEAD + ROW * count)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose a row."""
        if event is not None and event.position().y() >= HEAD:
            self.setFocus()
            self.example_requested.emit(int((event.position().y() - HEAD) // ROW))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """↑ and ↓ choose; everything else is for the page."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event is not None and event.key() in steps:
            self.example_requested.emit(self._example + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the rows that are seen."""
        found = self._found
        if found is None or event is None:
            return
        painter = QPainter(self)
        self._heading(painter, found)
        first = max(0, (event.rect().top() - HEAD) // ROW)
        last = min(len(found.labels) - 1, (event.rect().bottom() - HEAD) // ROW)
        for example in range(first, last + 1):
            self._row(painter, found, example)
        paint_focus(painter, self)

    def _columns(self, found: Dissection) -> list[tuple[str, int, int]]:
        """What stands beside the digit: a name, x and width each."""
        hidden = [f"layer {layer + 1}" for layer in range(len(found.passes.sums) - 1)]
        room = self.width() - LEFT - 34
        if self._stage == 1:
            names, shares = ["outputs", "cost"], [0.4, 0.6]
        else:
            names = [*hidden, "outputs"] if self._stage == 0 else [f"δ {name}" for name in (*hidden, "outputs")]
            shares = [*([0.55 / len(hidden)] * len(hidden)), 0.45] if hidden else [1.0]
        places, x = [], LEFT
        for name, share in zip(names, shares, strict=True):
            places.append((name, x, int(room * share) - GAP))
            x += int(room * share)
        return places

    def _heading(self, painter: QPainter, found: Dissection) -> None:
        painter.setPen(QColor(self._theme.faint))
        painter.drawText(4, 14, "digit")
        for name, x, _ in self._columns(found):
            painter.drawText(x, 14, name)

    def _row(self, painter: QPainter, found: Dissection, example: int) -> None:
        place = self.row_place(example)
        if example == self._example:
            painter.fillRect(place, QColor(self._theme.line))
        top, passes = place.top() + 3, found.passes
        painter.drawImage(QRect(4, top, 30, 30), digit_image(self._pictures[example], self._theme))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRect(36, top, 18, 30), Qt.AlignmentFlag.AlignCenter, self._names[int(found.labels[example])])
        columns = self._columns(found)
        if self._stage == 1:
            self._bars(painter, found, example, QRect(columns[0][1], top, columns[0][2], 30))
            self._cost(painter, found, example, QRect(columns[1][1], top, columns[1][2], 30))
        else:
            layers = passes.handed_on[:-1] if self._stage == 0 else passes.deltas
            for values, (_, x, width) in zip(layers, columns, strict=False):
                top_value = float(np.abs(values).max(initial=0.0))
                image = signed_image(values[example], self._theme, top_value)
                painter.setPen(QColor(self._theme.line))
                painter.drawImage(QRect(x, top + 4, width, 22), image)
                painter.drawRect(x, top + 4, width, 22)
            if self._stage == 0:
                _, x, width = columns[-1]
                self._bars(painter, found, example, QRect(x, top, width, 30))
        right = passes.guesses[example] == found.labels[example]
        painter.setPen(QColor(self._theme.accent if right else self._theme.warning))
        guess = f"{'✓' if right else '✗'} {self._names[int(passes.guesses[example])]}"
        painter.drawText(QRect(self.width() - 32, top, 30, 30), Qt.AlignmentFlag.AlignCenter, guess)

    def _bars(self, painter: QPainter, found: Dissection, example: int, place: QRect) -> None:
        """The outputs: the right class in the accent colour, the largest wrong one in the warning's."""
        outputs = found.passes.outputs
        low, high = min(0.0, float(outputs.min())), max(1.0, float(outputs.max()))
        label, guess = int(found.labels[example]), int(found.passes.guesses[example])
        step = place.width() / outputs.shape[1]
        zero = place.bottom() - (0 - low) / (high - low) * place.height()
        for output, value in enumerate(outputs[example].tolist()):
            colour = self._theme.faint
            if outputs.shape[1] > 1 and output in (label, guess):
                colour = self._theme.accent if output == label else self._theme.warning
            height = value / (high - low) * place.height() if np.isfinite(value) else 0.0
            x = place.left() + round(output * step)
            bar = QRect(x, round(zero - max(height, 0)), max(2, round(step) - 2), max(1, round(abs(height))))
            painter.fillRect(bar, QColor(colour))
        painter.setPen(QColor(self._theme.line))
        painter.drawLine(place.left(), round(zero), place.right(), round(zero))

    def _cost(self, painter: QPainter, found: Dissection, example: int, place: QRect) -> None:
        costs = found.costs
        top = float(np.nanmax(costs)) if np.isfinite(costs).any() else 1.0
        room = place.width() - 62
        share = float(costs[example]) / top if top > 0 else 0.0
        length = round(room * min(1.0, share)) if np.isfinite(share) else room
        painter.fillRect(QRect(place.left(), place.top() + 9, max(1, length), 12), QColor(self._theme.accent))
        mean = place.left() + round(room * float(costs.mean()) / top) if top > 0 and np.isfinite(costs.mean()) else 0
        painter.setPen(QColor(self._theme.warning))
        painter.drawLine(mean, place.top() - 3, mean, place.bottom() + 3)
        painter.setPen(QColor(self._theme.text))
        text = number(float(costs[example]), 3)
        painter.drawText(place.adjusted(room + 6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
