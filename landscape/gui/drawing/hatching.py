"""Hatching over cells of a plot: where the differences that one sees are below the noise."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.lines import Overlay

TILE = 8  # pixels
LIGHT, DARK = QColor(255, 255, 255, 150), QColor(0, 0, 0, 130)


class Hatching(Overlay):
    """Draws slanting lines over the cells of a mask, as wide apart on the screen at every zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._cells = QPainterPath()
        self._brush = QBrush()  # made when it is first needed: a picture wants a screen

    def show_noise(self, heights: Heights | None) -> None:
        """Hatch what these heights say is noise; nothing for None."""
        self._cells = QPainterPath()
        if heights is not None and heights.noise is not None:
            if self._brush.style() == Qt.BrushStyle.NoBrush:
                self._brush = QBrush(_stripes())
            for rectangle in mask_rectangles(heights.noise, heights.rectangle):
                self._cells.addRect(rectangle)
        self.update()

    @property
    def empty(self) -> bool:
        """Whether nothing is hatched."""
        return self._cells.isEmpty()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The pattern belongs to the screen, not to the plane."""
        if self._cells.isEmpty():
            return
        on_screen = painter.worldTransform().map(self._cells)
        painter.save()
        painter.resetTransform()
        painter.fillPath(on_screen, self._brush)
        painter.restore()


def _stripes() -> QPixmap:
    """A tile of slanting stripes, a light line beside a dark one: to be seen on every colour of every map."""
    tile = QPixmap(TILE, TILE)
    tile.fill(QColor(0, 0, 0, 0))
    painter = QPainter(tile)
    for colour, shift in ((LIGHT, 0.0), (DARK, 1.4)):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.1))
        for lap in (-TILE, 0, TILE):  # what leaves the tile at one side comes in at the other
            painter.drawLine(QPointF(lap - 1 + shift, TILE + 1), QPointF(lap + TILE + 1 + shift, -1))
    painter.end()
    return tile


def mask_rectangles(mask: NDArray, whole: QRectF) -> list[QRectF]:
    """The true cells of a mask (nb, na) as rectangles, one for each run of them along a row; `whole` holds all cells."""
    rows, columns = mask.shape
    width, height = whole.width() / columns, whole.height() / rows
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    begins, ends = (np.argwhere(edges == sign) for sign in (1, -1))
    return [
        QRectF(whole.x() + begin * width, whole.y() + row * height, (end - begin) * width, height)
        for (row, begin), (_, end) in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
