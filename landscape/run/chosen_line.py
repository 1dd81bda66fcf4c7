"""A straight line through parameter space that a run is looked at along: its two ends, their names, and the way between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.run.portrait import Extent
from landscape.run.run import Run

# A line between models is followed so far past either end: whether an end is a low point shows only there.
BEYOND = 0.25
DOWNHILL = 0.2  # how long the way down the gradient is, in lengths of θ
LINES = {
    "start_end": "from where the selected start began to its end",
    "start_best": "from where the selected start began to the best so far",
    "ends": "from the selected start's end to another start's end",
    "u": "across the middle of the map, along a",
    "v": "up the middle of the map, along b",
    "gradient": "from the model shown straight down the gradient",
}


@dataclass(frozen=True, eq=False)
class LineEnd:
    """A model θ (P,) at an end of a line, what it is called, and the start that it belongs to, if it does."""

    name: str
    theta: NDArray
    start: int | None = None


@dataclass(frozen=True, eq=False)
class ChosenLine:
    """θ(t) = (1 − t)·θ_A + t·θ_B, followed from t = −beyond to 1 + beyond.

    `of_models` says whether both ends are models that a descent came to, so that a barrier between them means something.
    Down the gradient, `rate` is the learning rate η whose one full-gradient step leads from A to B.
    """

    a: LineEnd
    b: LineEnd
    beyond: float = BEYOND
    of_models: bool = True
    rate: float | None = None

    def theta(self, t: float) -> NDArray:
        """The model (P,) at t, in the precision of the ends."""
        way = self.b.theta.astype(np.float64) - self.a.theta
        return np.asarray(self.a.theta + t * way, self.a.theta.dtype)

    @property
    def distance(self) -> float:
        """How far the ends are apart, ‖θ_B − θ_A‖."""
        return float(np.linalg.norm(self.b.theta.astype(np.float64) - self.a.theta))

    @property
    def share(self) -> float:
        """That distance in lengths of θ_A; NaN if θ_A is zero."""
        length = float(np.linalg.norm(self.a.theta))
        return self.distance / length if length else float("nan")

    @property
    def words(self) -> str:
        """From where to where, and how far that is."""
        share = "" if np.isnan(self.share) else f", {100 * self.share:.3g} % of ‖θ‖ at A"
        return f"From A ({self.a.name}) to B ({self.b.name}): distance {self.distance:.3g}{share}."


def line_between(run: Run, first: str, last: str) -> ChosenLine:
    """The line between two places of a run: "start:0" where start 0 began, "end:0" where it stands last, "best".

    Raises SetupError for a place that the run does not have, and for one place twice.
    """
    if first == last:
        raise SetupError(f"a line needs two places, not {first} twice: choose another one for one of its ends", "line")
    return ChosenLine(_end(run, first), _end(run, last))


def line_across(plane: Plane, extent: Extent, axis: int) -> ChosenLine:
    """The line along axis 0 (a) or 1 (b) of a plane through the middle of its window, from edge to edge."""
    middle = [sum(extent.a) / 2, sum(extent.b) / 2]
    ends = []
    for edge, place in zip((("left", "right"), ("lower", "upper"))[axis], (extent.a, extent.b)[axis], strict=True):
        point = [*middle]
        point[axis] = place
        name = f"{edge} edge of the map, {'ab'[axis]} = {place:.3g}".replace("-", "−")
        ends.append(LineEnd(name, plane.point(*point).astype(np.float32)))
    return ChosenLine(ends[0], ends[1], beyond=0.0, of_models=False)


def line_down(run: Run, theta: NDArray, name: str, start: int | None = None) -> ChosenLine:
    """The line from a model θ (P,) along minus the gradient of the loss over the measured training digits.

    B lies DOWNHILL lengths of θ away, and its name says which learning rate would reach it in one step. Raises SetupError
    for a model of another network, and where the gradient is zero or not finite.
    """
    if theta.shape != (run.net.P,):
        raise SetupError(
            f"{name} has {theta.size:,} parameters and this run's network {run.net.P:,}: choose a model of this network"
        )
    gradient = run.net.gradient(theta, *run.measured()).astype(np.float64)
    slope = float(np.linalg.norm(gradient))
    if not (np.isfinite(slope) and slope > 0):
        raise SetupError(f"the gradient at {name} is {'zero' if slope == 0 else 'not finite'}: choose another model")
    rate = DOWNHILL * (float(np.linalg.norm(theta)) or 1.0) / slope
    below = np.asarray(theta - rate * gradient, theta.dtype)
    there = LineEnd(f"one full-gradient step with η = {rate:.3g}", below)
    return ChosenLine(LineEnd(name, theta, start), there, of_models=False, rate=rate)


def _end(run: Run, place: str) -> LineEnd:
    best = run.best
    if place == "best" and best is not None:
        return LineEnd(f"the best so far: {best.start_name}, step {best.step:,}", best.theta, best.start)
    kind, _, number = place.partition(":")
    if kind not in ("start", "end") or not (number.isascii() and number.isdecimal() and int(number) < run.K):
        raise SetupError(
            f"the place {place!r} is unknown; choose best, or start:N or end:N with a start from 0 to {run.K - 1}",
            "line",
        )
    start = int(number)
    words = "where {} began" if kind == "start" else "the end of {}"
    theta = np.array(run.thetas[0 if kind == "start" else run.frames - 1, start])
    return LineEnd(words.format(run.starts[start].name), theta, start)
