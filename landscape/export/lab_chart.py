"""What is drawn of the lab's results, as plain values: one description for the pictures and for the window."""

from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.export.style import START_COLOURS, start_colour, start_marker
from landscape.lab import (
    Curvature,
    GradientCheck,
    GradientNoise,
    Race,
    RateRange,
    Reading,
    Restarts,
    Ruler,
    SanityChecks,
    Search,
)
from landscape.lab.gradient import LARGEST_ERROR
from landscape.lab.random_search import STAGES
from landscape.lab.sanity import LOSS_BY_HEART

INK = "ink"  # the colour of writing, dark on paper and light on a dark screen
ORANGE, BLUE, RED, PINK, _, GREEN, DARK_BLUE = START_COLOURS
LOSS_CUT = 1.5  # times the highest loss that matters: what explodes is cut off there
LOWEST = 1e-9  # a logarithmic axis has no zero


@dataclass(frozen=True, eq=False)
class Series:
    """Points (n,) that belong together: a line, or markers, or both. `low` and `high` (n,) make a band around a line.

    `sizes` (n,) are those of the markers in points; `errors` (n,) the half lengths of upright bars.
    """

    x: NDArray
    y: NDArray
    label: str = ""
    colour: str = INK
    width: float = 1.9
    dashed: bool = False
    marker: str = ""
    sizes: NDArray | float = 5.0
    strength: float = 1.0
    low: NDArray | None = None
    high: NDArray | None = None
    errors: NDArray | None = None

    def __post_init__(self) -> None:
        others = (self.y, self.low, self.high, self.errors, self.sizes if np.ndim(self.sizes) else None)
        if np.ndim(self.x) != 1 or any(other is not None and np.shape(other) != self.x.shape for other in others):
            raise ValueError("the points of a series do not fit together")


@dataclass(frozen=True)
class Mark:
    """A line across the whole plot, upright or level, at a value."""

    at: float
    label: str
    colour: str
    upright: bool = True


@dataclass(frozen=True, eq=False)
class Chart:
    """One plot: what its axes mean, which of them are logarithmic, and what is on it. `rows` name the values 0, 1, … of y."""

    x: str
    y: str
    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()
    x_log: bool = False
    y_log: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    rows: tuple[str, ...] = ()
    key: str = "upper right"


@dataclass(frozen=True, eq=False)
class Drawing:
    """A result's title, its plots from the top down, the sentences beside them, and what stands under the plots."""

    title: str
    charts: tuple[Chart, ...]
    sentences: str = field(default="")
    under: str = ""


@singledispatch
def drawing(result: Any) -> Drawing:
    """What is drawn of a result of the lab."""
    raise SetupError(f"there is no picture of {type(result).__name__}")


@drawing.register
def _rate_range(result: RateRange) -> Drawing:
    series = (
        Series(result.rates, result.losses, "mini-batch loss", BLUE, 0.8, strength=0.5),
        Series(result.rates, result.smoothed, "smoothed"),
    )
    marks = (
        Mark(result.steepest, "falls fastest", GREEN),
        Mark(result.suggestion, "a rate to use", ORANGE),
        Mark(result.largest, "lowest", RED),
    )
    most = LOSS_CUT * float(np.max(result.smoothed[: result.lowest + 1]))
    shown = np.minimum(result.smoothed, most)
    room = 0.06 * float(np.ptp(shown)) or 0.1
    chart = Chart(
        "learning rate η (logarithmic)",
        "loss of the mini-batch",
        series,
        marks if result.fell else (),
        x_log=True,
        y_range=(float(shown.min()) - room, float(shown.max()) + room),
        key="lower left",
    )
    return Drawing("Learning-rate range test", (chart,), str(result))


@drawing.register
def _sanity_checks(result: SanityChecks) -> Drawing:
    learning = Series(
        np.arange(len(result.learning)),
        np.maximum(result.learning, LOWEST),
        "loss of a few digits learnt by heart",
        BLUE,
    )
    wanted = Mark(LOSS_BY_HEART, f"wanted: {LOSS_BY_HEART:g}", GREEN, upright=False)
    chart = Chart("full-batch step", "loss (logarithmic)", (learning,), (wanted,), y_log=True)
    return Drawing("Sanity checks", (chart,), str(result))


@drawing.register
def _gradient_check(result: GradientCheck) -> Drawing:
    judged = ~result.kinked
    place = np.arange(len(result.indices))
    groups = (("agree", judged & (result.errors <= LARGEST_ERROR), BLUE, "o"),
              ("differ", judged & (result.errors > LARGEST_ERROR), RED, "X"),
              ("left out: a kink lies within the step", result.kinked, ORANGE, "s"))  # fmt: skip
    series = tuple(
        Series(place[some], np.maximum(result.errors[some], 1e-14), name, colour, 0, marker=marker, sizes=6.0)
        for name, some, colour, marker in groups
        if some.any()
    )
    allowed = Mark(LARGEST_ERROR, f"allowed: {LARGEST_ERROR:g}", GREEN, upright=False)
    chart = Chart(
        "parameter, from the first layer to the last", "relative error (logarithmic)", series, (allowed,), y_log=True
    )
    return Drawing("Is the gradient right?", (chart,), str(result))


@drawing.register
def _reading(result: Reading) -> Drawing:
    series = []
    for start, name in enumerate(result.names):
        look = Series(result.epochs, result.losses[:, start], name, start_colour(start), marker=start_marker(start))
        series += [look, replace(look, y=result.validation_losses[:, start], label="", width=1.2, dashed=True)]
    chart = Chart("epoch", "loss (dashed: validation)", tuple(series), y_log=True)
    return Drawing("Reading the curves", (chart,), str(result))


@drawing.register
def _restarts(result: Restarts) -> Drawing:
    k = np.arange(1, result.count + 1)
    low, high = result.band
    best = Series(k, result.expected, "best of k restarts (95 % band)", BLUE, marker="o", low=low, high=high)
    long = tuple(
        Series(k[: len(way)], way, "" if run else "one long descent", ORANGE, 1.2, marker="s", sizes=4.0, strength=0.7)
        for run, way in enumerate(result.long_runs)
    )
    cost = f"cost, in descents of {result.updates:,} updates"
    race = Chart(cost, "lowest validation loss", (best, *long))
    spread = tuple(
        Series(losses, np.full(len(losses), row), "", start_colour(row), 0, marker="|", sizes=16.0)
        for row, losses in enumerate(result.losses.values())
    )
    finals = Chart("final validation loss of each descent", "", spread, rows=tuple(result.losses))
    return Drawing("Do restarts help?", (race, finals), str(result))


@drawing.register
def _search(result: Search) -> Drawing:
    best = result.best
    regions, accuracies = [], []
    for stage, marker in zip(STAGES, "os"):
        for failed in (False, True):
            shown = [trial for trial in result.trials if trial.stage == stage and bool(trial.stop) == failed]
            if not shown:
                continue
            colour = RED if failed else BLUE if stage == "coarse" else ORANGE
            rates, l2, right = (
                np.array([getattr(trial, name) for trial in shown]) for name in ("rate", "l2", "accuracy")
            )
            look = Series(rates, l2, "", colour, 0, marker=marker, strength=0.75, sizes=5 + 9 * right**2)
            regions.append(
                replace(look, label=f"{stage}, ended early" if failed else f"{stage} (larger: more accurate)")
            )
            accuracies.append(replace(look, y=right, label="", sizes=7.0))
    if best is not None:
        star = Series(np.array([best.rate]), np.array([best.l2]), "best", INK, 0, marker="*", sizes=15.0)
        regions.append(star)
        accuracies.append(replace(star, y=np.array([best.accuracy]), label=""))
    rate = "learning rate η (logarithmic)"
    where = Chart(rate, "regularisation λ (log)", tuple(regions), x_log=True, y_log=True,
                  x_range=result.ranges.rate, y_range=result.ranges.l2)  # fmt: skip
    how = Chart(rate, "validation accuracy", tuple(accuracies), x_log=True, x_range=result.ranges.rate)
    return Drawing("Random search, coarse to fine", (where, how), result.summary)


@drawing.register
def _gradient_noise(result: GradientNoise) -> Drawing:
    sizes = np.array(result.sizes)
    noise = tuple(
        Series(sizes, result.cosine[row], name, start_colour(row), marker=start_marker(row), errors=result.spread[row])
        for row, name in enumerate(result.names)
    )
    time = Series(sizes, 1e6 * result.seconds, "", INK, marker="o", sizes=4.0)
    return Drawing(
        "Mini-batch against full gradient",
        (
            Chart("mini-batch size (logarithmic)", "cosine with full gradient", noise, x_log=True, key="lower right"),
            Chart("mini-batch size (logarithmic)", "microseconds a step", (time,), x_log=True, y_log=True),
        ),
        str(result),
    )


@drawing.register
def _curvature(result: Curvature) -> Drawing:
    values = result.eigenvalues
    rank = np.arange(1, len(values) + 1)
    largest = Series(rank, values, "the largest curvatures", BLUE, 1.2, marker="o", sizes=7.0)
    marks = [Mark(0.0, "flat", INK, upright=False)]
    if np.isfinite(result.trace):
        mean = result.trace / result.parameters
        marks.append(Mark(mean, f"mean of all {result.parameters:,}: {mean:.2g}", GREEN, upright=False))
    if np.isfinite(result.lowest):
        marks.append(Mark(result.lowest, f"the lowest: {result.lowest:.2g}".replace("-", "−"), RED, upright=False))
    chart = Chart("rank of the direction", "curvature along it", (largest,), tuple(marks))
    return Drawing("Curvature", (chart,), str(result))


@drawing.register
def _race(result: Race) -> Drawing:
    losses: list[Series] = []
    accuracies: list[Series] = []
    tried: list[Series] = []
    for place, (name, racer) in enumerate(zip(result.names, result.racers, strict=True)):
        look = Series(
            np.empty(0), np.empty(0), f"{name}, η {racer.rate:g}", start_colour(place), marker=start_marker(place)
        )
        for curves, into in ((racer.losses, losses), (racer.accuracies, accuracies)):
            if curves.size:
                steps, finite = result.steps[: curves.shape[1]], np.isfinite(curves)
                shown = np.where(finite, curves, np.nan)
                bounds = {"low": shown.min(axis=0), "high": shown.max(axis=0)} if len(curves) > 1 else {}
                into.append(replace(look, x=steps, y=shown.mean(axis=0), **bounds))
        if racer.tried:
            rates, came_to = np.array(racer.tried).T
            factor = np.where(came_to < 1e30, came_to, np.nan)
            tried.append(replace(look, x=rates, y=factor))
    charts = [
        Chart("gradient step", "training loss (log)", tuple(losses), y_log=True),
        Chart("gradient step", "validation accuracy", tuple(replace(one, label="") for one in accuracies)),
    ]
    if tried:
        search = "learning rate tried (logarithmic)"
        charts.append(Chart(search, "loss after it (log)", tuple(replace(one, label="") for one in tried),
                            x_log=True, y_log=True))  # fmt: skip
    budget = result.budget
    others = "\n".join(line for line in str(result).splitlines() if line not in budget.splitlines())
    return Drawing("A fair race of optimisers", tuple(charts), others, budget)


@drawing.register
def _ruler(result: Ruler) -> Drawing:
    charts = []
    for rows, name in ((result.raw, "raw"), (result.normalised, "filter-normalised")):
        ways = [("as it was trained", INK, False), (f"rescaled by {result.factor:g}", ORANGE, True)]
        series = tuple(
            Series(result.along, row, words, colour, 2.4, dashed=dashed)
            for row, (words, colour, dashed) in zip(rows, ways, strict=True)
            if np.isfinite(row).all()
        )
        charts.append(Chart(f"along a {name} direction", "loss (logarithmic)", series, y_log=True, key="upper center"))
    return Drawing("The ruler of the landscape", tuple(charts), str(result))
