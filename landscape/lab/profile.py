"""A run seen along one straight line: loss and accuracy over training and validation digits, and the barrier in words.

The heights between two models on a straight line tell whether something stands between them (Goodfellow et al. 2015,
"Qualitatively characterizing neural network optimization problems"; barrier: Frankle et al. 2020).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.line import Line, interpolating
from landscape.run.chosen_line import ChosenLine
from landscape.run.run import Run

SETS = ("training", "validation")
POINTS = 61
FLAT = 1e-3  # a rise by less than this share of the higher end's loss is no barrier


@dataclass(frozen=True, eq=False)
class Profile:
    """A line's loss and accuracy over each of SETS that is known so far; every curve has the same t, 0 at A and 1 at B."""

    line: ChosenLine
    curves: Mapping[str, Line]
    done: float = 1.0

    @property
    def t(self) -> NDArray[np.float64]:
        """Where it was measured (points,)."""
        return self.curves["training"].t

    def between(self, which: str = "training") -> Line:
        """The part from A to B of one curve, both included."""
        curve = self.curves[which]
        inside = (curve.t >= 0) & (curve.t <= 1)
        return replace(curve, t=curve.t[inside], loss=curve.loss[inside], accuracy=curve.accuracy[inside])

    @property
    def sentences(self) -> tuple[str, ...]:
        """How far it is, between models the barrier over each set of digits, and the lowest point."""
        sets = [which for which in SETS if which in self.curves and self.line.of_models]
        return self.line.words, *(barrier_words(self.between(which), which) for which in sets), self._lowest()

    def _lowest(self) -> str:
        loss = self.curves["training"].loss
        if not np.isfinite(loss).any():
            return "The loss is nowhere finite on this line."
        at = int(np.nanargmin(np.where(np.isfinite(loss), loss, np.nan)))
        place = {0.0: "at A", 1.0: "at B"}.get(float(self.t[at]), f"at t = {_signed(self.t[at])}")
        rate = self.line.rate
        step = f", one full-gradient step with η = {rate * self.t[at]:.3g}" if rate and 0 < self.t[at] != 1 else ""
        return f"Lowest training loss on this line: {loss[at]:.3g}, {place}{step}."


def profile(run: Run, line: ChosenLine, points: int = POINTS) -> Profile:
    """Loss and accuracy at `points` evenly spaced places of a line."""
    *_, whole = profiling(run, line, points)
    return whole


def profiling(run: Run, line: ChosenLine, points: int = POINTS) -> Iterator[Profile]:
    """`profile` as a generator of ever finer profiles, the training digits first. Closing it cancels it."""
    first, last = line.theta(-line.beyond), line.theta(1 + line.beyond)
    curves: dict[str, Line] = {}
    for number, which in enumerate(SETS):
        for found in interpolating(run.net, first, last, *run.measured(which), points):
            t = np.round(found.t * (1 + 2 * line.beyond) - line.beyond, 9)  # A and B are 0 and 1 themselves
            curves[which] = replace(found, t=t)
            yield Profile(line, dict(curves), (number + found.done) / len(SETS))


def barrier_words(line: Line, which: str) -> str:
    """What stands between the ends over the digits of a set, in one sentence."""
    losses = line.loss
    if not np.isfinite(losses).all():
        return f"The {which} loss is not finite somewhere between A and B: no barrier can be told."
    if line.barrier <= FLAT * max(losses[0], losses[-1]):
        falls = " and falls all the way" if (np.diff(losses) < 0).all() else ""
        return (
            f"No barrier over the {which} digits: from A ({losses[0]:.3g}) to B ({losses[-1]:.3g}) the loss nowhere rises "
            f"above the straight line between the two{falls}."
        )
    straight = losses[0] + line.t * (losses[-1] - losses[0])
    at = int(np.argmax(losses - straight))
    return (
        f"Barrier of {line.barrier:.3g} over the {which} digits: at t = {line.t[at]:.2f} the loss is {losses[at]:.3g}, that is "
        f"{line.barrier:.3g} above the straight line from A ({losses[0]:.3g}) to B ({losses[-1]:.3g})."
    )


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")
