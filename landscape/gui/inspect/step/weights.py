"""The weights of a layer as pictures to click, and fields to type layer, input and neuron of one of them."""

import math

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from landscape.gui.inspect.step.strips import signed_image
from landscape.gui.setup.form import faint_label
from landscape.gui.theme import Theme
from landscape.network.notation import number
from landscape.run.dissection import Dissection

TITLE, BIAS_GAP = 18, 6
SIDE = 160  # pixels: the height of a picture
PICTURED = 20 * 20  # inputs that make up a square picture, from so many on


class WeightPicture(QWidget):
    """One number for every weight of a layer: of a neuron as the digit's own square, else inputs across, neurons down.

    The bias stands apart on the right. A click, or the arrow keys, asks for a weight.
    """

    weight_requested = pyqtSignal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._theme = theme
        self._values: NDArray = np.zeros((2, 1))
        self._row = self._column = 0
        self.setFixedHeight(SIDE + TITLE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture of the layer")
        self.setToolTip("Blue is below zero, orange above. Click a cell, or press an arrow key, to look at that weight")

    def set_theme(self, theme: Theme) -> None:
        """Colour it."""
        self._theme = theme
        self.update()

    def show_values(self, title: str, values: NDArray, row: int, column: int) -> None:
        """Numbers (n_in + 1, n_out), the biases last, what they are, and the one that is looked at."""
        self._title, self._values, self._row, self._column = title, values, row, column
        self.setAccessibleName(f"Picture of the layer: {title}")
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE + 20, SIDE + TITLE)

    @property
    def _side(self) -> int:
        """The side of the square that the inputs make, or 0."""
        n_in = len(self._values) - 1
        side = math.isqrt(n_in)
        return side if side * side == n_in and n_in >= PICTURED else 0

    @property
    def _shape(self) -> tuple[int, int]:
        """Rows and columns of cells, without the bias."""
        n_in, n_out = len(self._values) - 1, self._values.shape[1]
        return (self._side, self._side) if self._side else (n_out, n_in)

    def _box(self) -> QRect:
        """Where the cells stand, in pixels."""
        rows, columns = self._shape
        room_x, room_y = self.width() - 26, SIDE - 2
        cell = min(room_x / columns, room_y / rows)
        width, height = (room_x, room_y) if not self._side else (int(cell * columns), int(cell * rows))
        return QRect(1, TITLE, max(1, width), max(1, height))

    def place_of(self, row: int, column: int) -> QRect:
        """The cell of a weight."""
        box, (rows, columns) = self._box(), self._shape
        if row == len(self._values) - 1:
            down = 0 if self._side else column
            height = box.height() if self._side else box.height() / rows
            return QRect(box.right() + BIAS_GAP, round(box.top() + down * height), 12, max(2, round(height)))
        y, x = divmod(row, columns) if self._side else (column, row)
        left, right = (round(box.left() + at * box.width() / columns) for at in (x, x + 1))
        top, bottom = (round(box.top() + at * box.height() / rows) for at in (y, y + 1))
        return QRect(left, top, max(2, right - left), max(2, bottom - top))

    def weight_at(self, spot: QPoint) -> tuple[int, int] | None:
        """The row and column of the weight under a pixel."""
        box, (rows, columns) = self._box(), self._shape
        if not box.top() <= spot.y() <= box.bottom():
            return None
        y = min(rows - 1, int((spot.y() - box.top()) * rows / box.height()))
        if spot.x() > box.right() + BIAS_GAP // 2:
            return len(self._values) - 1, self._column if self._side else y
        x = min(columns - 1, max(0, int((spot.x() - box.left()) * columns / box.width())))
        return (y * columns + x, self._column) if self._side else (x, y)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Ask for the weight under the mouse."""
        weight = None if event is None else self.weight_at(event.position().toPoint())
        if weight is not None:
            self.setFocus()
            self._ask(*weight)

    def _ask(self, row: int, column: int) -> None:
        """Frame the weight at once, so that the next key goes on from there, and ask for it."""
        self._row, self._column = row, column
        self.update()
        self.weight_requested.emit(row, column)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """The arrow keys move from cell to cell."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = steps.get(Qt.Key(event.key())) if event is not None else None
        if step is None:
            super().keyPressEvent(event)
            return
        (_, columns), (x, y) = self._shape, step
        row = self._row + x + (y * columns if self._side else 0)
        column = self._column + (0 if self._side else y)
        last = self._values.shape[1] - 1
        self._ask(min(max(row, 0), len(self._values) - 1), min(max(column, 0), last))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Title, cells, the bias, and a frame around the one that is looked at."""
        painter = QPainter(self)
        shown = self._values[:, self._column : self._column + 1] if self._side else self._values
        top = float(np.nanmax(np.abs(shown))) if np.isfinite(shown).any() else 1.0
        painter.setPen(QColor(self._theme.faint))
        painter.drawText(1, 13, f"{self._title} · ±{number(top, 2)}")
        cells = shown[:-1].reshape(self._shape) if self._side else shown[:-1].T
        painter.drawImage(self._box(), signed_image(cells, self._theme, top))
        n_in = len(self._values) - 1
        first = self.place_of(n_in, 0)
        strip = QRect(first.left(), self._box().top(), 12, self._box().height())
        painter.drawImage(strip, signed_image(shown[-1:].T, self._theme, top))
        painter.setPen(QColor(self._theme.line))
        painter.drawRect(self._box())
        painter.drawRect(strip)
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.drawRect(self.place_of(self._row, self._column).adjusted(-2, -2, 1, 1))


class WeightChoice(QWidget):
    """Two pictures of a layer side by side, and the fields that say which weight is looked at."""

    weight_requested = pyqtSignal(int, int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        fields = QHBoxLayout()
        self.layer, self.row, self.neuron = QComboBox(), QSpinBox(), QSpinBox()
        self.row.setSpecialValueText("bias")
        named = (
            ("Layer", self.layer, "The layer of the weight, from 1"),
            ("input", self.row, "Which input of the layer the weight multiplies, from 0; below 0: the neuron's bias"),
            ("neuron", self.neuron, "The neuron that the weight leads to, from 0"),
        )
        for name, field, tip in named:
            fields.addWidget(QLabel(name))
            field.setToolTip(tip)
            field.setAccessibleName(f"Weight: {name.lower()}")
            fields.addWidget(field)
        fields.addStretch(1)
        column.addLayout(fields)
        pictures = QHBoxLayout()
        self.left = WeightPicture(theme)
        self.right = WeightPicture(theme)
        for picture in (self.left, self.right):
            pictures.addWidget(picture)
            picture.weight_requested.connect(self._picked)
        column.addLayout(pictures)
        key = faint_label()
        key.setText(
            "Orange is above 0, blue below it; the strip on the right is the bias, the frame the chosen weight."
        )
        column.addWidget(key)
        self.layer.activated.connect(lambda layer: self.weight_requested.emit(layer, 0, 0))
        self.row.valueChanged.connect(lambda _: self._typed())
        self.neuron.valueChanged.connect(lambda _: self._typed())

    def set_theme(self, theme: Theme) -> None:
        """Colour the pictures."""
        self.left.set_theme(theme)
        self.right.set_theme(theme)

    def show_weight(self, found: Dissection, weight: tuple[int, int, int], stage: int) -> None:
        """Weights and gradient in stage 2, backward; weights and their change in stage 3, update."""
        layer, row, column = weight
        n_in, n_out = found.net.layer_shapes[layer]
        for field in (self.layer, self.row, self.neuron):
            field.blockSignals(True)
        if self.layer.count() != len(found.net.layer_shapes):
            self.layer.clear()
            self.layer.addItems([f"{at + 1}" for at in range(len(found.net.layer_shapes))])
        self.layer.setCurrentIndex(layer)
        self.row.setRange(-1, n_in - 1)
        self.row.setValue(-1 if row == n_in else row)
        self.neuron.setRange(0, n_out - 1)
        self.neuron.setValue(column)
        for field in (self.layer, self.row, self.neuron):
            field.blockSignals(False)
        begin = found.net.layout[layer][0].start
        change = found.recorded.astype(np.float64) - found.theta
        shown = {"weights w": found.theta, "gradient g": found.gradient, "change Δ": change}
        titles = ("weights w", "change Δ" if stage == 3 else "gradient g")
        for picture, title in zip((self.left, self.right), titles, strict=True):
            values = shown[title][begin : begin + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
            picture.show_values(title, values, row, column)

    def _picked(self, row: int, column: int) -> None:
        self.weight_requested.emit(self.layer.currentIndex(), row, column)

    def _typed(self) -> None:
        row = self.row.value() if self.row.value() >= 0 else self.row.maximum() + 1
        self.weight_requested.emit(self.layer.currentIndex(), row, self.neuron.value())
