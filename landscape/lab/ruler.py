"""Raw directions against filter-normalised ones, on a network that is rescaled and computes the same: a matter of the ruler.

The same as the maps of `lab.rescaling`, along one direction of each kind, so that it can be plotted, told and kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.lab.rescaling import rescaled_planes
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import evaluate_progressively
from landscape.surface.line import line

POINTS = 41
ROUNDING = 1e-3  # a relative change of a loss below this is rounding, also over an ill-scaled network


@dataclass(frozen=True, eq=False)
class Ruler:
    """The loss along a raw and along a filter-normalised direction, at `along` (n,): rows before and after, (2, n) each.

    In between the first layer was multiplied by `factor` and the next one divided by it. `flipped` of `examples` predictions
    are others then; `changed` is the largest change in an output. What is not known yet is NaN. Read out with `print`.
    """

    factor: float
    examples: int
    flipped: int
    changed: float
    along: NDArray
    raw: NDArray
    normalised: NDArray
    done: float = 1.0

    @property
    def raw_change(self) -> float:
        """By which share the loss along the raw direction changes at most; NaN until both rows are known."""
        return _change(self.raw)

    @property
    def normalised_change(self) -> float:
        """The same along the filter-normalised direction."""
        return _change(self.normalised)

    def __str__(self) -> str:
        most = f" by more than {self.changed:.0e}" if self.changed else ""
        lines = [
            f"The first layer times {self.factor:g}, the next one over {self.factor:g}: {self.flipped:,} of {self.examples:,} "
            f"predictions are others, and no output changes{most}."
        ]
        if np.isfinite(self.raw_change) and np.isfinite(self.normalised_change):
            lines += [
                f"Along a raw random direction the loss changes by up to {_share(self.raw_change)}, along a filter-normalised "
                f"one by {_share(self.normalised_change)}.",
                "The network is the same; what changed is the ruler. How flat or sharp raw directions make it look says "
                "nothing by itself.",
            ]
        return "\n".join(lines)


def measuring_with_both(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, factor: float = 10.0, reach: float = 1.0, seed: int = 0
) -> Iterator[Ruler]:
    """The losses around θ (P,) along both directions, before and after it is rescaled, as they become known.

    Both directions are as long as the weights; `reach` counts in that length. Raises SetupError as `rescaling.rescale` does.
    """
    along = np.linspace(-reach, reach, POINTS)
    before, after = (rescaled_planes(net, theta, scale, seed) for scale in (1.0, factor))
    here = after[0].origin
    outputs = [net.outputs(each, X) for each in (np.asarray(theta), here)]
    flipped = int((net.predict(theta, X) != net.predict(here, X)).sum())
    losses = np.full((4, POINTS), np.nan)  # raw before and after, normalised before and after
    ways: tuple[Plane, ...] = (before[0], after[0], before[1], after[1])
    for row, plane in enumerate(ways):
        for found in evaluate_progressively(net, line(plane.origin, plane.u), X, y, along, (0.0,)):
            losses[row] = found.loss[0] if found.complete else np.nan
            yield Ruler(
                factor, len(X), flipped, float(np.abs(outputs[1] - outputs[0]).max()),
                along, losses[:2].copy(), losses[2:].copy(), (row + found.done) / len(ways),
            )  # fmt: skip


def measure_with_both(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, factor: float = 10.0, reach: float = 1.0, seed: int = 0
) -> Ruler:
    """Raw against filter-normalised directions at θ (P,): see `measuring_with_both`, of which it is the last word."""
    *_, last = measuring_with_both(net, theta, X, y, factor, reach, seed)
    return last


def _change(rows: NDArray) -> float:
    return float(np.abs(rows[1] / rows[0] - 1).max())


def _share(change: float) -> str:
    if change < ROUNDING:
        return "nothing but rounding"
    return f"{change:.2g} times its height" if change > 2 else f"{change:.0%}"
