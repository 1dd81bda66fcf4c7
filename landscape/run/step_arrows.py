"""Three ways down from where a start stands: its mini-batch's gradient, the full one, and the step that is really taken.

All are vectors of parameter space; on a plane one sees their shadows, by the least squares that points are projected with.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.descent import SGD
from landscape.plane import Plane
from landscape.run.run import Run
from landscape.run.update import update_from

NAMES = ("mini-batch", "full", "step")


@dataclass(frozen=True, eq=False)
class StepArrows:
    """After `step` updates of a start: `gradient` of its next mini-batch, `full` gradient, and the `change` (P,) that follows.

    `batch_digits` and `full_digits` are what the two gradients are means over; the full one is that of the loss which
    surfaces are drawn of (with the run's L2). `made` says whether the run took the step.
    """

    step: int
    start: int
    gradient: NDArray
    full: NDArray
    change: NDArray
    batch_digits: int
    full_digits: int
    rate: float
    adaptive: bool
    made: bool

    @cached_property
    def cosine(self) -> float:
        """The cosine of the angle between mini-batch and full gradient in all P dimensions; NaN if one is zero."""
        return _cosine(self.gradient.astype(np.float64), self.full.astype(np.float64))

    @cached_property
    def factor(self) -> float:
        """What the gradients are multiplied by to be drawn beside the step.

        The learning rate, so that all three are true to scale; for an optimiser that gives every weight a rate of its own,
        the factor by which the mini-batch's arrow gets as long as the step.
        """
        if not self.adaptive:
            return self.rate
        length = float(np.linalg.norm(self.gradient.astype(np.float64)))
        return float(np.linalg.norm(self.change.astype(np.float64))) / length if length > 0 else self.rate

    def on(self, plane: Plane) -> "DrawnArrows":
        """Their shadows on a plane."""
        vectors = np.stack([-self.factor * self.gradient, -self.factor * self.full, self.change]).astype(np.float64)
        shadows = plane.shadows(vectors)
        lengths = np.linalg.norm(vectors, axis=1)
        seen = np.sqrt(np.einsum("ni,ij,nj->n", shadows, plane.gram, shadows))
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.minimum(seen / lengths, 1.0)
        one, other = shadows[:2] @ np.linalg.cholesky(plane.gram)
        return DrawnArrows(
            self.step,
            self.start,
            plane,
            shadows,
            lengths,
            shares,
            self.cosine,
            _cosine(one, other),
            self.batch_digits,
            self.full_digits,
            self.rate,
            self.adaptive,
            self.made,
        )


@dataclass(frozen=True, eq=False)
class DrawnArrows:
    """`StepArrows` on a plane, in the order of NAMES: shadows (3, 2) in its coordinates, downhill.

    `lengths` (3,) are those in all dimensions, of which `shares` (3,) are seen; `cosine` is that of the two gradients in all
    dimensions, `cosine_seen` that of their shadows. The rest is as in `StepArrows`.
    """

    step: int
    start: int
    plane: Plane
    shadows: NDArray
    lengths: NDArray
    shares: NDArray
    cosine: float
    cosine_seen: float
    batch_digits: int
    full_digits: int
    rate: float
    adaptive: bool
    made: bool


def step_arrows(run: Run, start: int, step: int) -> StepArrows:
    """The three vectors at a step of a start. Raises SetupError for a run whose steps are not known."""
    update = update_from(run, start, step)
    X, y = run.measured()
    with np.errstate(over="ignore", invalid="ignore"):
        full = run.net.gradient(update.theta, X, y, run.setup.descent.l2)
    return StepArrows(
        step=step,
        start=start,
        gradient=update.gradient,
        full=full,
        change=update.change,
        batch_digits=len(update.batch),
        full_digits=len(y),
        rate=update.rate,
        adaptive=not isinstance(run.optimiser, SGD),
        made=update.made,
    )


def _cosine(one: NDArray, other: NDArray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.clip(one @ other / lengths, -1, 1)) if lengths > 0 else float("nan")
