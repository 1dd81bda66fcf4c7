"""What a measure means for a run: its digits, the surface under a portrait, and the heights at which the paths' points stand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.run.run import Run
from landscape.surface import Surface, evaluate_progressively
from landscape.surface.evaluation import MOST_EXAMPLE_LOSSES
from landscape.surface.measure import Measure
from landscape.surface.noise import below_noise

FIGURES = {
    ("loss", "training"): "loss",
    ("loss", "validation"): "validation_loss",
    ("accuracy", "training"): "accuracy",
    ("accuracy", "validation"): "validation_accuracy",
}
BLOCK = 500  # digits that one core looks at, at a time


def digits_of(run: Run, measure: Measure) -> list[tuple[NDArray, NDArray]]:
    """The images and labels that a measure is a mean over; two pairs for a difference: validation, training.

    Raises SetupError where there are none.
    """
    if measure.differs:
        sides = [replace(measure, over=which) for which in ("validation", "training")]
        return [pair for side in sides for pair in digits_of(run, side)]
    if measure.over == "batch":
        X, y = run.digits.train.images, run.digits.train.labels
        rows = np.asarray(run.batches.of_step(measure.step, measure.start))
        X, y = X[rows], y[rows]
    else:
        X, y = run.measured(measure.over)
    if measure.label is not None:
        classes = run.setup.data.classes
        if measure.label not in classes:
            raise SetupError(
                f"there are no {measure.label}s among this run's digits: choose one of {', '.join(map(str, classes))}",
                "surface.label",
            )
        chosen = y == classes.index(measure.label)
        if not chosen.any():
            raise SetupError(f"there is no {measure.label} among the {measure.set_words}", "surface.label")
        X, y = X[chosen], y[chosen]
    if measure.example is not None:
        if measure.example >= len(y):
            raise SetupError(
                f"digit number {measure.example:,} does not exist: the {measure.over} digits are 0 to {len(y) - 1:,}",
                "surface.example",
            )
        X, y = X[measure.example : measure.example + 1], y[measure.example : measure.example + 1]
    if measure.first is not None:
        X, y = X[: measure.first], y[: measure.first]
    return [(X, y)]


def l2_of(run: Run, measure: Measure) -> float:
    """The penalty that belongs to a measure; a difference of losses has none."""
    return run.setup.descent.l2 if measure.penalised and measure.is_loss else 0.0


def measuring(
    run: Run, plane: Plane, a: NDArray, b: NDArray, measure: Measure, noise: bool = False
) -> Iterator[Surface]:
    """The surface of a measure over a grid of a plane, coarse to fine; with `noise`, the last one says what is below it.

    a (na,) and b (nb,), rising. Its `sampling_error` is that of the measured quantity.
    """
    pairs = digits_of(run, measure)
    metrics = ["loss", "accuracy", *["sampling_error"] * (len(pairs[0][1]) > 1)]
    paired = noise and measure.is_loss and len(pairs[0][1]) * len(a) * len(b) <= MOST_EXAMPLE_LOSSES
    if paired:
        metrics.append("example_losses")
    l2 = l2_of(run, measure)
    sides = [evaluate_progressively(run.net, plane, X, y, a, b, metrics, l2) for X, y in pairs]
    latest: list[Surface | None] = [None] * len(sides)
    for found in zip_longest(*sides):
        latest = [new or old for new, old in zip(found, latest, strict=True)]
        known = [side for side in latest if side is not None]
        if len(known) < len(sides):
            continue
        surface = combined(known, measure)
        if noise and surface.complete:
            surface = replace(surface, noise=below_noise(surface))
        yield replace(surface, example_losses=None)


def combined(sides: list[Surface], measure: Measure) -> Surface:
    """The surface of a measure from those over its digits: one, or for a difference validation and training."""
    sides = [replace(side, sampling_error=_error(side, measure)) for side in sides]
    if len(sides) == 1:
        return replace(sides[0], measure=measure)
    first, second = sides
    accuracies, errors = ([getattr(side, name) for side in sides] for name in ("accuracy", "sampling_error"))
    return replace(
        first,
        plane=second.plane,
        loss=first.loss - second.loss,
        exact=first.exact & second.exact,
        done=(first.done + second.done) / 2,
        examples=min(first.examples, second.examples),
        accuracy=None if accuracies[0] is None else accuracies[0] - accuracies[1],
        sampling_error=None if errors[0] is None else np.hypot(*errors),
        measure=measure,
    )


def _error(side: Surface, measure: Measure) -> NDArray | None:
    if measure.quantity == "loss" or side.accuracy is None:
        return side.sampling_error
    if side.examples < 2:
        return None
    return np.asarray(np.sqrt(np.clip(side.accuracy * (1 - side.accuracy), 0, None) / (side.examples - 1)))


def heights_at(run: Run, measure: Measure, thetas: NDArray) -> NDArray[np.float64]:
    """The heights (K,) at which models (K, P) stand, in the unit of the surface: their own, not the surface's under them."""
    both = [means(run.net, thetas, X, y) for X, y in digits_of(run, measure)]  # each (2, K)
    row = int(measure.quantity == "accuracy")
    values = both[0][row] - both[1][row] if measure.differs else both[0][row]
    l2 = l2_of(run, measure)
    penalty = np.asarray(run.net.penalty(thetas, l2), np.float64) if l2 else 0.0
    return np.asarray(measure.factor * values + penalty)


def recorded_heights(run: Run, measure: Measure, frames: int) -> NDArray[np.float64]:
    """The heights (F, K) of the first frames, where the record holds them (`measure.recorded`)."""
    return heights_in({name: run.figure(name)[:frames] for name in FIGURES.values()}, measure)


def heights_in(figures: Mapping[str, NDArray], measure: Measure) -> NDArray[np.float64]:
    """The heights that stand among the figures of a frame, as a record holds them (`measure.recorded`)."""
    if measure.differs:
        validation, training = (figures[FIGURES[measure.quantity, which]] for which in ("validation", "training"))
        values = validation - training
    else:
        values = figures[FIGURES[measure.quantity, measure.over]]
    return np.asarray(measure.factor * values)


def path_heights(run: Run, measure: Measure, frames: int, known: NDArray | None = None) -> Iterator[NDArray]:
    """The heights (F, K) of the first frames for any measure: ever more of them, NaN where they are still to come.

    `known` are those of the first frames that were found before.
    """
    if measure.recorded:
        yield recorded_heights(run, measure, frames)
        return
    heights = np.full((frames, run.K), np.nan)
    begin = 0 if known is None else min(len(known), frames)
    if known is not None:
        heights[:begin] = known[:begin]
    for frame in range(begin, frames):
        heights[frame] = heights_at(run, measure, np.asarray(run.thetas[frame]))
        yield heights.copy()
    if begin == frames:
        yield heights


def means(net: Network, thetas: NDArray, X: NDArray, y: NDArray) -> NDArray:
    """Mean loss and accuracy (2, K) of models (K, P), the digits spread in blocks over the cores."""

    def sums(first: int) -> NDArray:
        block = slice(first, first + BLOCK)
        with np.errstate(over="ignore", invalid="ignore"):
            pair = net.loss_and_accuracy(thetas, X[block], y[block])
        return np.stack(pair).astype(np.float64) * len(y[block])

    with cores.single_threaded_blas():
        return np.asarray(np.sum(list(cores.spread(sums, range(0, len(X), BLOCK))), axis=0) / len(X))
