"""From coarse to fine: in which order the cells of a grid are computed, and what is shown where none is yet."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COARSEST = 7  # intervals of the coarsest grid along each axis, at most


@dataclass(frozen=True, eq=False)
class Level:
    """One refinement of a grid: its rows and columns, and the cells that none of the coarser levels has."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    cells: NDArray[np.intp]  # (n, 2): row j, column i; row after row


def levels(nb: int, na: int) -> list[Level]:
    """The levels of a grid of nb rows and na columns, coarsest first; together they have every cell once."""
    stride = 1
    while max(nb, na) - 1 > COARSEST * stride:
        stride *= 2
    known = np.zeros((nb, na), bool)
    found = []
    while stride:
        rows, columns = _every(stride, nb), _every(stride, na)
        wanted = np.zeros((nb, na), bool)
        wanted[np.ix_(rows, columns)] = True
        found.append(Level(rows, columns, np.argwhere(wanted & ~known)))
        known |= wanted
        stride //= 2
    return found


def whole(nb: int, na: int) -> Level:
    """All cells of a grid as one level."""
    cells = np.stack(np.divmod(np.arange(nb * na), na), axis=1)
    return Level(np.arange(nb), np.arange(na), cells)


def _every(stride: int, n: int) -> NDArray[np.intp]:
    return np.unique(np.append(np.arange(0, n, stride), n - 1))  # the last one too: nothing is ever extrapolated


def interpolate(a: NDArray, b: NDArray, values: NDArray, level: Level) -> NDArray[np.float64]:
    """All (nb, na) values, bilinear between those of a level's rows and columns; what isn't finite has no weight."""
    coarse = values[np.ix_(level.rows, level.columns)]
    along_b = _shares(b, level.rows)  # (nb, rows)
    along_a = _shares(a, level.columns)  # (na, columns)
    finite = np.isfinite(coarse)
    weight = along_b @ finite.astype(float) @ along_a.T
    summed = along_b @ np.where(finite, coarse, 0.0) @ along_a.T
    return np.divide(summed, weight, out=np.full_like(summed, np.nan), where=weight > 1e-9)


def _shares(grid: NDArray, nodes: NDArray[np.intp]) -> NDArray[np.float64]:
    """How much each node says at each place of the grid: hat functions, (n, nodes)."""
    return np.stack([np.interp(grid, grid[nodes], hat) for hat in np.eye(len(nodes))], axis=1)
