"""A surface in the making: what is computed so far, and the picture it gives."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.refinement import Level, interpolate
from landscape.surface.sums import ACCURACY, SQUARES
from landscape.surface.surface import Surface


class Sketch:
    """Takes in sums at cells, level by level, and gives out pictures as `Surface`s. The one mutable thing here."""

    def __init__(
        self, net: Network, plane: Plane, a: NDArray, b: NDArray, examples: int, l2: float, metrics: int
    ) -> None:
        self.plane, self.a, self.b, self.examples, self.l2, self.metrics = plane, a, b, examples, l2, metrics
        self._penalty = penalty(net, plane, a, b, l2)
        names = ["loss", *["accuracy"] * bool(metrics & ACCURACY), *["sampling_error"] * bool(metrics & SQUARES)]
        self._values = {name: np.full((len(b), len(a)), np.nan) for name in names}
        self._exact = np.zeros((len(b), len(a)), bool)

    def put(self, cells: NDArray[np.intp], sums: NDArray[np.float64], examples: int) -> None:
        """Set cells (n, 2) from sums (n, 3) over so many examples; from all of them, the cells are exact."""
        at = cells[:, 0], cells[:, 1]
        with np.errstate(all="ignore"):  # a sum that is not finite makes the cell NaN
            mean = sums[:, 0] / examples
            found = {"loss": mean + self._penalty[at], "accuracy": sums[:, 1] / examples}
            variance = np.maximum(sums[:, 2] - sums[:, 0] * mean, 0) / (examples - 1) if examples > 1 else mean * np.nan
            found["sampling_error"] = np.sqrt(variance / examples)
        finite = np.isfinite(found["loss"])
        for name, values in self._values.items():
            values[at] = np.where(finite, found[name], np.nan)
        self._exact[at] = examples == self.examples

    def smooth(self, level: Level) -> None:
        """Draw what is not computed yet between the cells of a level."""
        for values in self._values.values():
            drawn = interpolate(self.a, self.b, values, level)
            drawn[np.ix_(level.rows, level.columns)] = values[np.ix_(level.rows, level.columns)]
            values[:] = np.where(self._exact, values, drawn)

    @property
    def complete(self) -> bool:
        """Whether every cell is exact."""
        return bool(self._exact.all())

    def surface(self, done: float) -> Surface:
        """The picture as it stands."""
        values: dict[str, Any] = {name: values.copy() for name, values in self._values.items()}
        return Surface(
            plane=self.plane,
            a=self.a,
            b=self.b,
            exact=self._exact.copy(),
            done=done,
            examples=self.examples,
            l2=self.l2,
            **values,
        )


def penalty(net: Network, plane: Plane, a: NDArray, b: NDArray, l2: float) -> NDArray[np.float64]:
    """l2/2 times the sum of squared weights over a grid, (nb, na): on a plane exactly a quadratic in a and b."""
    weights = np.stack([theta[net.is_weight] for theta in (plane.origin, plane.u, plane.v)]).astype(np.float64)
    gram = weights @ weights.T  # (3, 3)
    a, b = a[None, :], b[:, None]
    squares = gram[0, 0] + 2 * a * gram[0, 1] + 2 * b * gram[0, 2]
    squares = squares + a * a * gram[1, 1] + 2 * a * b * gram[1, 2] + b * b * gram[2, 2]
    return 0.5 * l2 * squares
