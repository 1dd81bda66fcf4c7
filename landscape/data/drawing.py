"""A digit drawn by hand becomes a picture as MNIST's are, and a picture becomes a network's input.

MNIST's recipe (LeCun, Cortes & Burges, "The MNIST database"): the digit is scaled with its proportions kept to fit 20x20
pixels, with anti-aliasing, and laid into 28x28 so that its centre of mass comes to the middle, by whole pixels.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.data.digits import Digits
from landscape.data.idx import SIDE
from landscape.data.preprocessing import Images
from landscape.errors import SetupError

BOX = 20
# In MNIST's own pictures the centre of mass lies within half a pixel of pixel 14 (counted from 0), in both directions.
MIDDLE = 14.0


def centre_digit(drawing: ArrayLike) -> NDArray[np.uint8]:
    """A drawing (rows, columns), 0 where there is paper and more where there is ink, as a picture (28, 28) uint8.

    The darkest ink becomes 255. A drawing without ink becomes an empty picture. Raises SetupError for anything that is not a
    two-dimensional array of finite numbers from 0 up.
    """
    ink = np.asarray(drawing)
    if ink.ndim != 2 or ink.dtype.kind not in "buif" or not np.isfinite(ink).all() or (ink < 0).any():
        raise SetupError("a drawing is a two-dimensional array of finite numbers from 0 (paper) up (ink)")
    picture = np.zeros((SIDE, SIDE), np.uint8)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) == 0:
        return picture
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
    small = _fitted(cut / cut.max())
    top, left = (_place(small.sum(axis=1 - axis)) for axis in (0, 1))
    picture[top : top + small.shape[0], left : left + small.shape[1]] = np.round(255 * small / small.max())
    return picture


def _fitted(ink: NDArray) -> NDArray:
    """The drawing with its longer side BOX pixels long, every pixel the mean of the area it covers."""
    scale = BOX / max(ink.shape)
    heights, widths = (_areas(side, max(1, round(side * scale))) for side in ink.shape)
    return heights @ ink @ widths.T


def _areas(before: int, after: int) -> NDArray:
    """How much of each of `before` pixels lies under each of `after` pixels of the same length in all: (after, before)."""
    edges = np.linspace(0, before, after + 1)
    starts = np.arange(before)
    covered = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    return np.maximum(covered, 0) * (after / before)


def _place(mass: NDArray) -> int:
    """Where a side begins so that its centre of mass comes to the middle, without losing ink at the edge."""
    centre = float(mass @ np.arange(len(mass)) / mass.sum())
    return int(np.clip(round(MIDDLE - centre), 0, SIDE - len(mass)))


def preparation(digits: Digits) -> Callable[[NDArray], Images]:
    """The way of these digits' preprocessing: a function from pictures (n, 28, 28) uint8 to images (n, n_in) float32.

    Fitted to the training digits when they were loaded, so that a picture drawn later is prepared in no time.
    """
    return digits.pipeline.apply
