"""A sheet of pictures of weights: every neuron's, side by side, in colours that part at zero, with the scale under them."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landscape.gui.drawing.heights import DIVERGING
from landscape.gui.theme import Theme
from landscape.run.weight_picture import WeightPictures

GAP, LABEL = 4, 12  # pixels between pictures, and for the name under each
SCALES = (4, 3, 2)  # screen pixels a pixel of a digit: the largest with which the sheet is not too high
WANTED_HEIGHT, MOST_HEIGHT = 300, 700  # beyond the second, pictures as small as their own pixels must do
LARGEST_CELL = 14  # of a matrix
BAR_HEIGHT, BAR_WIDTH = 30, 100


class WeightSheet(QWidget):
    """Paints `WeightPictures`, as many in a row as fit; hovering reads a single weight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: WeightPictures | None = None
        self._images: list[QImage] = []
        self._theme: Theme | None = None
        self._what = ""
        table = pg.colormap.get(DIVERGING).getLookupTable(nPts=255)
        self._colours = [QColor(*map(int, colour)).rgb() for colour in table]
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The weights as pictures")

    def set_theme(self, theme: Theme) -> None:
        """Colour the writing."""
        self._theme = theme
        self.update()

    def show_pictures(self, pictures: WeightPictures, what: str) -> None:
        """Draw these; `what` they are is said when one is read, such as "weight"."""
        self.pictures, self._what = pictures, what
        self._images = [_image(levels, self._colours) for levels in pictures.levels]
        self._fit()
        self.update()

    def picture_places(self) -> list[QRectF]:
        """Where each picture lies on the sheet."""
        pictures = self.pictures
        if pictures is None:
            return []
        count, rows, columns = pictures.values.shape
        if not pictures.pixels:
            cell = min(LARGEST_CELL, (self.width() - GAP) / columns)
            return [QRectF(0, 0, cell * columns, cell * rows)]
        scale = next((scale for scale in SCALES if self._sheet_height(scale) <= WANTED_HEIGHT), SCALES[-1])
        scale = scale if self._sheet_height(scale) <= MOST_HEIGHT else 1
        across, wide, high = self._across(scale), scale * columns, scale * rows
        return [QRectF(k % across * (wide + GAP), k // across * (high + LABEL + GAP), wide, high) for k in range(count)]

    def value_at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """The picture, row and column under a point of the sheet."""
        assert self.pictures is not None or not self._images
        for k, place in enumerate(self.picture_places()):
            if place.contains(QPointF(x, y)):
                assert self.pictures is not None
                _, rows, columns = self.pictures.values.shape
                row = min(rows - 1, int((y - place.top()) / place.height() * rows))
                return k, row, min(columns - 1, int((x - place.left()) / place.width() * columns))
        return None

    def words_at(self, x: float, y: float) -> str:
        """The weight under a point of the sheet, in words."""
        at = self.value_at(x, y)
        if at is None or self.pictures is None:
            return ""
        k, row, column = at
        value = f"{self.pictures.values[at]:+.3g}"
        if self.pictures.pixels:
            return f"{self.pictures.names[k]}, pixel in row {row}, column {column}: {self._what} {value}"
        return f"{self.pictures.names[k]}, input {column} to neuron {row}: {self._what} {value}"

    def mouseMoveEvent(self, event: Any) -> None:
        """Say which weight it is."""
        place = event.position()
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(place.x(), place.y()), self)

    def resizeEvent(self, event: Any) -> None:
        """As many in a row as fit."""
        self._fit()

    def paintEvent(self, event: Any) -> None:
        """The pictures with their names, then the scale."""
        pictures, theme = self.pictures, self._theme
        if pictures is None or theme is None:
            return
        painter = QPainter(self)
        painter.setFont(_small(self.font()))
        painter.setPen(QColor(theme.faint))
        places = self.picture_places()
        for place, image, name in zip(places, self._images, pictures.names, strict=True):
            painter.drawImage(place, image)
            if pictures.pixels:
                below = QRectF(place.left(), place.bottom(), place.width(), LABEL)
                short = name.removeprefix("neuron ").removeprefix("output ")
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, short)
        self._paint_scale(painter, max(place.bottom() for place in places) + (LABEL if pictures.pixels else 0) + GAP)
        painter.end()

    def _paint_scale(self, painter: QPainter, top: float) -> None:
        pictures, theme = self.pictures, self._theme
        assert pictures is not None and theme is not None
        strip = _image(np.arange(255, dtype=np.uint8)[None], self._colours)
        font = _small(self.font())
        font.setPointSizeF(font.pointSizeF() + 1)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        low, high = f"−{pictures.limit:.2g}", f"+{pictures.limit:.2g}"
        left = painter.fontMetrics().horizontalAdvance(low) + 6.0
        painter.drawText(QPointF(0, top + 15), low)
        painter.drawImage(QRectF(left, top + 6, BAR_WIDTH, 10), strip)
        painter.drawText(QPointF(left + BAR_WIDTH + 6, top + 15), high)
        painter.setPen(QColor(theme.faint))
        right = left + BAR_WIDTH + 12 + painter.fontMetrics().horizontalAdvance(high)
        beyond = f"{pictures.beyond:,} of {pictures.values.size:,} beyond"
        painter.drawText(QPointF(right + 6, top + 15), beyond)
        if not pictures.pixels:
            painter.drawText(QPointF(0, top + 15 + LABEL + 2), "rows: neurons, columns: their inputs")

    def _across(self, scale: int) -> int:
        assert self.pictures is not None
        return max(1, int((self.width() + GAP) // (scale * self.pictures.values.shape[2] + GAP)))

    def _sheet_height(self, scale: int) -> int:
        assert self.pictures is not None
        count, rows, _ = self.pictures.values.shape
        return -(-count // self._across(scale)) * (scale * rows + LABEL + GAP)

    def _fit(self) -> None:
        places = self.picture_places()
        if places:
            bottom = max(place.bottom() for place in places)
            self.setFixedHeight(round(bottom) + LABEL + BAR_HEIGHT)


def _image(levels: Any, colours: list[int]) -> QImage:
    """Levels (rows, columns) from 0 to 254 as an image of those colours."""
    rows, columns = levels.shape
    padded = np.zeros((rows, -(-columns // 4) * 4), np.uint8)  # Qt's rows end at whole words
    padded[:, :columns] = levels
    image = QImage(padded.tobytes(), columns, rows, padded.shape[1], QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colours)
    return image


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(6.5, font.pointSizeF() - 2.5))
    return small
