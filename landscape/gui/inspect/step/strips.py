"""Numbers as pictures: strips and grids of cells, blue below zero, orange above, and digits as they were written."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QImage

from landscape.gui.theme import Theme

# Told apart by people who see no red or no green, too.
BELOW, ABOVE = "#3f8ef5", "#f08a24"
# Small numbers are seen as well: colours follow this power of the share of the largest.
POWER = 0.6


def signed_image(values: NDArray, theme: Theme, largest: float | None = None) -> QImage:
    """A picture (rows, columns) of numbers, one pixel each; `largest` is the size that has the full colour."""
    values = np.nan_to_num(np.atleast_2d(values).astype(np.float64))
    top = float(np.abs(values).max(initial=0.0)) if largest is None else largest
    strength = np.clip(np.abs(values) / (top or 1.0), 0, 1)[..., None] ** POWER
    full = np.where(values[..., None] < 0, _rgb(BELOW), _rgb(ABOVE))
    return _image((1 - strength) * _rgb(theme.canvas) + strength * full)


def digit_image(picture: NDArray, theme: Theme) -> QImage:
    """A digit (28, 28) uint8 as it was written: ink on paper, or chalk on a board."""
    ink = picture[..., None] / 255.0
    return _image((1 - ink) * _rgb(theme.canvas) + ink * _rgb(theme.text))


def _rgb(colour: str) -> NDArray:
    return np.array(QColor(colour).getRgb()[:3], np.float64)


def _image(colours: NDArray) -> QImage:
    red, green, blue = np.moveaxis(np.rint(colours).astype(np.uint32), -1, 0)
    pixels = np.ascontiguousarray(0xFF000000 | red << 16 | green << 8 | blue, np.uint32)
    rows, columns = pixels.shape
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
