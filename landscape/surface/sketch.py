"""A surface in the making: what is computed so far, and the picture it gives."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.refinement import Level, interpolate
from landscape.surface.sums import ACCURACY, CLASSES, EXAMPLES, SQUARES
from landscape.surface.surface import Surface


class Sketch:
    """Takes in sums at cells, level by level, and gives out pictures as `Surface`s. The one mutable thing here."""

    def __init__(
        self, net: Network, plane: Plane, a: NDArray, b: NDArray, examples: int, l2: float, metrics: int
    ) -> None:
        self.plane, self.a, self.b, self.examples, self.l2, self.metrics = plane, a, b, examples, l2, metrics
        self._penalty = penalty(net, plane, a, b, l2)
        names = ["loss", *["accuracy"] * bool(metrics & ACCURACY), *["sampling_error"] * bool(metrics & SQUARES)]
        grid = len(b), len(a)
        self._values = {name: np.full(grid, np.nan) for name in names}
        if metrics & CLASSES:
            self._values["class_losses"] = np.full((max(2, net.sizes[-1]), *grid), np.nan)
        self._rest_on = np.zeros(grid, np.int64)  # examples that each cell is a mean over; 0: drawn between others
        # (cells, n): every example's cost; filled by `CellSums.sums` itself
        self.each = np.empty((len(a) * len(b), examples) if metrics & EXAMPLES else (0, 0), plane.origin.dtype)

    def put(self, cells: NDArray[np.intp], sums: NDArray[np.float64], counts: NDArray[np.int64]) -> None:
        """Set cells (n, 2) from sums (n, groups, 3) over so many examples of each group (groups,)."""
        at = cells[:, 0], cells[:, 1]
        examples = int(counts.sum())
        total = sums.sum(axis=1)
        with np.errstate(all="ignore"):  # a sum that is not finite makes the cell NaN
            mean = total[:, 0] / examples
            found = {"loss": mean + self._penalty[at], "accuracy": total[:, 1] / examples}
            squares = np.maximum(total[:, 2] - total[:, 0] * mean, 0)
            found["sampling_error"] = np.sqrt(squares / (examples - 1) / examples) if examples > 1 else mean * np.nan
            classes = sums[:, :, 0].T / counts[:, None] + self._penalty[at]  # NaN for a class without examples
        finite = np.isfinite(found["loss"])
        for name, values in self._values.items():
            if name == "class_losses":
                values[:, *at] = np.where(np.isfinite(classes), classes, np.nan)
            else:
                values[at] = np.where(finite, found[name], np.nan)
        self._rest_on[at] = examples

    def smooth(self, level: Level) -> None:
        """Draw what is not computed yet between the cells of a level."""
        missing = self._rest_on == 0
        if not missing.any():
            return
        for values in self._values.values():
            for of_class in values if values.ndim == 3 else (values,):
                of_class[missing] = interpolate(self.a, self.b, of_class, level)[missing]

    @property
    def complete(self) -> bool:
        """Whether every cell is exact."""
        return bool((self._rest_on == self.examples).all())

    def surface(self, done: float) -> Surface:
        """The picture as it stands."""
        values: dict[str, Any] = {name: values.copy() for name, values in self._values.items()}
        if self.metrics & EXAMPLES and self.complete:
            values["example_losses"] = self.each.T.reshape(self.examples, len(self.b), len(self.a))
        known = self._rest_on[self._rest_on > 0]
        return Surface(
            plane=self.plane,
            a=self.a,
            b=self.b,
            exact=self._rest_on == self.examples,
            done=done,
            examples=int(known.min()),
            l2=self.l2,
            **values,
        )


def penalty(net: Network, plane: Plane, a: NDArray, b: NDArray, l2: float) -> NDArray[np.float64]:
    """l2/2 times the sum of squared weights over a grid, (nb, na): on a plane exactly a quadratic in a and b."""
    if l2 == 0:
        return np.zeros((len(b), len(a)))
    weights = np.stack([theta[net.is_weight] for theta in (plane.origin, plane.u, plane.v)]).astype(np.float64)
    gram = weights @ weights.T  # (3, 3)
    a, b = a[None, :], b[:, None]
    squares = gram[0, 0] + 2 * a * gram[0, 1] + 2 * b * gram[0, 2]
    squares = squares + a * a * gram[1, 1] + 2 * a * b * gram[1, 2] + b * b * gram[2, 2]
    return 0.5 * l2 * squares
