"""How two quantities of every weight lie to each other, as a density on logarithmic axes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELLS = 72
DECADES = 6  # below the largest value: what is smaller stands at the edge, so that rounding does not fill the picture


@dataclass(frozen=True, eq=False)
class WeightCloud:
    """How many weights fall into each cell: `counts` (CELLS, CELLS), rows along y, over log10 of the absolute values.

    `x`, `y` are the ranges of log10 from the first edge to the last. Weights with a zero in either quantity have no
    place there: they are `missing`.
    """

    counts: NDArray
    x: tuple[float, float]
    y: tuple[float, float]
    missing: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.counts.any()


def weight_cloud(x: NDArray, y: NDArray) -> WeightCloud:
    """The density of |x| against |y|, (n,) each."""
    x, y = np.abs(np.asarray(x, np.float64)), np.abs(np.asarray(y, np.float64))
    there = (x > 0) & (y > 0) & np.isfinite(x) & np.isfinite(y)
    if not there.any():
        return WeightCloud(np.zeros((CELLS, CELLS)), (0.0, 1.0), (0.0, 1.0), len(x))
    logs, ranges = [], []
    for values in (np.log10(x[there]), np.log10(y[there])):
        high = float(values.max())
        low = max(float(values.min()), high - DECADES)
        ranges.append((low - 0.05, high + 0.05))
        logs.append(np.maximum(values, low))
    counts, _, _ = np.histogram2d(logs[1], logs[0], bins=CELLS, range=[ranges[1], ranges[0]])
    return WeightCloud(counts, ranges[0], ranges[1], int((~there).sum()))
