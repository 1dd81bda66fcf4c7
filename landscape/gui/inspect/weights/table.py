"""The figures of every layer's weights, gradients and changes, and how large the change is beside the weights."""

import math

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from landscape.run.layer_figures import LayerFigures, Spread

COLUMNS = (
    ("layer", "784→100", "The layer, and its inputs → its neurons"),
    ("", "gradient", "What the figures are of; biases are left out"),
    ("min", "−0.00011", "The smallest value"),
    ("max", "−0.00011", "The largest value"),
    ("mean", "−2.1e−10", "The mean of all values"),
    ("std", "0.00011", "The standard deviation: how far the values spread around their mean"),
    (
        "ratio",
        "0.00042",
        "Update-to-weight ratio ‖change‖ / ‖weights‖: about 0.001 is a good guide (CS231n); far below it the rate "
        "may be too low, far above it too high",
    ),
)
ROW = 22
SHORTEST = 6  # letters; what is longer is written with a power of ten


class LayersTable(QTableWidget):
    """Rows of each layer: weights, gradient and, where a step leads on, change with its ratio."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self._rows = 0  # of each layer
        self.setAccessibleName("Weights, gradients and changes of every layer")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() - 1.5)
        self.setFont(font)
        header, rows = self.horizontalHeader(), self.verticalHeader()
        assert header is not None and rows is not None
        header.setFont(font)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, (name, widest, tip) in enumerate(COLUMNS):
            item = QTableWidgetItem(name)
            item.setToolTip(tip)
            self.setHorizontalHeaderItem(column, item)
            if column < 2 or name == "mean":  # of numbers that cancel, the one that takes most letters
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 7)
        rows.hide()
        rows.setDefaultSectionSize(ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_figures(self, figures: tuple[LayerFigures, ...]) -> None:
        """Fill in the figures; the rows are made anew only when there are more or fewer layers."""
        rows = len(figures[0].spreads)
        if (self.rowCount(), self._rows) != (rows * len(figures), rows):
            self._rows = rows
            self._make_rows(len(figures), figures[0].change is not None)
        for place, found in enumerate(figures):
            first = rows * place
            self._write(first, 0, f"{found.layer}\n{found.shape[0]}→{found.shape[1]}")
            self._write(first, len(COLUMNS) - 1, f"{_short(found.ratio)}\n{found.verdict}")
            for row, (name, spread) in enumerate(found.spreads.items(), start=first):
                self._write(row, 1, name)
                for column, value in enumerate(_values(spread), start=2):
                    self._write(row, column, _short(value))

    def _make_rows(self, layers: int, stepping: bool) -> None:
        self.clearSpans()
        self.setRowCount(self._rows * layers)
        self.setColumnHidden(len(COLUMNS) - 1, not stepping)
        for row in range(self.rowCount()):
            for column in range(len(COLUMNS)):
                item = QTableWidgetItem()
                side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        for layer in range(layers):
            for column in (0, len(COLUMNS) - 1):
                self.setSpan(self._rows * layer, column, self._rows, 1)
        header = self.horizontalHeader()
        assert header is not None
        self.setFixedHeight(header.sizeHint().height() + ROW * self.rowCount() + 4)

    def _write(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        assert item is not None
        if item.text() != text:
            item.setText(text)
            item.setToolTip(text)  # for a column that is too narrow for it


def _values(spread: Spread) -> tuple[float, ...]:
    return spread.low, spread.high, spread.mean, spread.deviation


def _short(value: float) -> str:
    """Two significant digits, in as few letters as that takes."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.2g}"
    if len(text) > SHORTEST:
        text = f"{value:.1e}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
