"""A surface: the loss on a grid of points of a plane, complete or still coarse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.plane import Plane
from landscape.surface.measure import Measure


@dataclass(frozen=True, eq=False)
class Surface:
    """Heights over a grid of a plane: entry [j, i] of each (nb, na) array belongs to the point (a[i], b[j]).

    While a surface is being evaluated, only the `exact` cells are computed from all examples; the others rest on some of
    the examples, or are interpolated. A cell whose loss isn't finite is NaN.
    """

    plane: Plane
    a: NDArray[np.float64]  # (na,), rising
    b: NDArray[np.float64]  # (nb,), rising
    loss: NDArray[np.float64]  # (nb, na): mean over the examples, plus l2/2 times the sum of squared weights
    exact: NDArray[np.bool_]  # (nb, na)
    done: float  # share of the work, 0 to 1
    examples: int  # how many examples every computed cell is a mean over, at least; all of them once it is complete
    l2: float = 0.0
    accuracy: NDArray[np.float64] | None = None  # (nb, na), 0 to 1
    # (nb, na): standard error of what the heights are a mean of, from each cell's examples
    sampling_error: NDArray[np.float64] | None = None
    class_losses: NDArray[np.float64] | None = (
        None  # (classes, nb, na): mean over each class's examples, plus the same l2
    )
    example_losses: NDArray | None = None  # (n, nb, na): each example's own cost, once complete
    measure: Measure | None = None  # what the heights are and which digits these are, if the caller has said so
    noise: NDArray[np.bool_] | None = (
        None  # (nb, na): where differences are below the sampling error; see `below_noise`
    )

    def __post_init__(self) -> None:
        for name in (
            "a",
            "b",
            "loss",
            "exact",
            "accuracy",
            "sampling_error",
            "class_losses",
            "example_losses",
            "noise",
        ):
            values = getattr(self, name)
            if values is not None:
                values.flags.writeable = False

    @property
    def heights(self) -> NDArray[np.float64]:
        """What is drawn, (nb, na): the loss, or the accuracy in percent, as `measure` says."""
        if self.measure is not None and self.measure.quantity == "accuracy" and self.accuracy is not None:
            return np.asarray(self.measure.factor * self.accuracy)
        return self.loss

    @property
    def error(self) -> NDArray[np.float64] | None:
        """The sampling error of the heights, (nb, na), in their unit."""
        if self.sampling_error is None or self.measure is None:
            return self.sampling_error
        return np.asarray(self.measure.factor * self.sampling_error)

    @property
    def complete(self) -> bool:
        """Whether every cell is computed."""
        return bool(self.exact.all())

    def lowest(self) -> tuple[float, float, float]:
        """(a, b, height) of the lowest computed cell: lowest on this grid, which is not the minimum of the loss.

        Three NaN if no cell is computed yet or none is finite.
        """
        heights = self.heights
        known = np.where(self.exact & np.isfinite(heights), heights, np.inf)
        j, i = np.unravel_index(known.argmin(), known.shape)
        if not np.isfinite(known[j, i]):
            return float("nan"), float("nan"), float("nan")
        return float(self.a[i]), float(self.b[j]), float(heights[j, i])

    def height_at(self, a: float, b: float) -> float:
        """The height at a point of the plane, bilinear between the four cells around it; NaN outside the grid."""
        if not (self.a[0] <= a <= self.a[-1] and self.b[0] <= b <= self.b[-1]):
            return float("nan")
        i, right = _between(self.a, a)
        j, above = _between(self.b, b)
        height, heights = 0.0, self.heights
        for row, row_share in ((j, 1 - above), (j + 1, above)):
            for column, column_share in ((i, 1 - right), (i + 1, right)):
                if row_share * column_share > 0:  # on a grid line the cells beyond it have no say, NaN or missing
                    height += row_share * column_share * float(heights[row, column])
        return height


def _between(grid: NDArray[np.float64], value: float) -> tuple[int, float]:
    """The cell left of a value, and how far the value is on the way to the next, 0 to 1."""
    i = min(int(np.searchsorted(grid, value, side="right")) - 1, max(len(grid) - 2, 0))
    if len(grid) == 1:
        return 0, 0.0
    return i, float((value - grid[i]) / (grid[i + 1] - grid[i]))
