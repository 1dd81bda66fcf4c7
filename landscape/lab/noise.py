"""How well a mini-batch's gradient points along the full one, and what it costs, by the size of the mini-batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.lab.pace import LEAST_TIMED, TIMED_EXAMPLES, step_seconds
from landscape.network import Network

ALONG = 0.5**0.5  # the cosine of 45°
SIZES = (1, 4, 16, 64, 256, 1024)
BLOCK = 2000  # digits in a stretch of work: some ten milliseconds
PER_DRAW = 30  # what drawing a mini-batch and comparing its gradient takes besides its digits, in digits


@dataclass(frozen=True, eq=False)
class GradientNoise:
    """Cosines between mini-batch and full gradients, (M, S): at each of M models, for each of S sizes, mean and spread.

    `spread` is the standard deviation over the mini-batches drawn. `seconds` (S,) is the time of one descent step, on this
    machine, now: it is no part of what two results are compared by. What is not known yet is NaN; of the mean that was
    begun last the single cosines stand in `begun`. Read out with `print`.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cosine: NDArray
    spread: NDArray
    seconds: NDArray = field(repr=False)
    done: float = 1.0
    begun: tuple[float, ...] = field(default=(), repr=False)

    def fits(self, shape: tuple[int, int], draws: int) -> bool:
        """Whether all its parts are of so many models, sizes and draws."""
        arrays = self.cosine.shape == self.spread.shape == shape and self.seconds.shape == shape[1:]
        return arrays and len(self.begun) < draws

    @property
    def enough(self) -> int | None:
        """The smallest of these sizes whose gradients point along the full one more than across it, at every model.

        That is a mean cosine above 1/√2, an angle below 45°. None if no size does.
        """
        with np.errstate(invalid="ignore"):
            good = (self.cosine > ALONG).all(axis=0)
        return self.sizes[int(np.argmax(good))] if good.any() else None

    def __str__(self) -> str:
        lines = []
        for name, cosines in zip(self.names, self.cosine):
            told = ", ".join(f"{size:,}: {value:.2f}" for size, value in zip(self.sizes, cosines) if np.isfinite(value))
            lines.append(f"Cosine with the full gradient {name}, by mini-batch size: {told}.")
        if self.enough is not None:
            lines.append(
                f"From mini-batches of {self.enough:,} on, a step leads along the full gradient more than across it."
            )
        told = ", ".join(f"{size:,}: {1e6 * s:.0f}" for size, s in zip(self.sizes, self.seconds) if np.isfinite(s))
        return "\n".join([*lines, f"Microseconds for one step here: {told}."] if told else lines)


def measuring_noise(
    net: Network,
    models: dict[str, NDArray],
    X: NDArray,
    y: NDArray,
    sizes: Sequence[int] = SIZES,
    draws: int = 50,
    seed: int = 0,
    l2: float = 0.0,
    before: GradientNoise | None = None,
) -> Iterator[GradientNoise]:
    """Measure the gradients at models, such as {"at the start": θ₀, "later": θ}, each (P,); grows draw by draw.

    Mini-batches are drawn without replacement, `draws` of each size; over all examples the cosine is 1. `before` goes on with
    one of these very arguments that was closed.
    """
    sizes = tuple(sizes)
    if not models or not sizes or draws < 2:
        raise SetupError("the noise needs at least one model, one mini-batch size and 2 draws of each")
    wrong = [size for size in sizes if not 1 <= size <= len(X)]
    if wrong:
        raise SetupError(f"a mini-batch has 1 to {len(X):,} of these examples, not {wrong[0]:,}", "descent.batch_size")
    shape = len(models), len(sizes)
    unknown = np.full(shape, np.nan)
    found = before or GradientNoise(tuple(models), sizes, unknown, unknown, unknown[0], 0.0)
    if found.names != tuple(models) or found.sizes != sizes or not found.fits(shape, draws):
        raise SetupError("what was kept of the noise is of other models or sizes: begin it anew")
    course = _Course(net, X, y, l2, draws, shape[0], sizes)
    full = {}
    for name, theta in models.items():
        for full[name] in course.gradient(theta, np.arange(len(X))):
            yield replace(found, done=course.done(found))
    for column, size in enumerate(sizes):
        for row, (name, theta) in enumerate(models.items()):
            if np.isfinite(found.cosine[row, column]):
                continue
            random = seeds.stream(seed, "noise", size)
            known = len(found.begun)
            for number in range(draws):
                some = random.choice(len(X), size, replace=False)
                if number < known:  # drawn again only for the sake of those that follow
                    continue
                gradient = full[name]
                for gradient in course.gradient(theta, some):  # noqa: B007  (the last one is the whole)
                    yield replace(found, done=course.done(found))
                found = replace(found, begun=(*found.begun, _cosine(gradient, full[name])))
            cosine, spread = found.cosine.copy(), found.spread.copy()
            cosine[row, column], spread[row, column] = np.mean(found.begun), np.std(found.begun)
            found = replace(found, cosine=cosine, spread=spread, begun=())
            yield replace(found, done=course.done(found))
        if not np.isfinite(found.seconds[column]):
            took = float("nan")
            for took in step_seconds(net, next(iter(models.values())), X, y, size):  # noqa: B007
                yield replace(found, done=course.done(found))
            seconds = found.seconds.copy()
            seconds[column] = took
            found = replace(found, seconds=seconds)
    yield replace(found, done=1.0)


@dataclass(frozen=True, eq=False)
class _Course:
    """What the gradients are taken of, and how much of all the work is done, counted in digits."""

    net: Network
    X: NDArray
    y: NDArray
    l2: float
    draws: int
    models: int
    sizes: tuple[int, ...]

    def gradient(self, theta: NDArray, rows: NDArray) -> Iterator[NDArray]:
        """The gradient (P,) over these examples: the share of each block added to those before, the last is the whole."""
        total = np.zeros_like(theta)
        for at in range(0, len(rows), BLOCK):
            some = rows[at : at + BLOCK]
            share = theta.dtype.type(len(some) / len(rows))
            total += share * self.net.gradient(theta, self.X[some], self.y[some], self.l2)
            yield total

    def done(self, found: GradientNoise) -> float:
        """The fraction done, by the digits that were looked at and are still to be."""
        drawn = np.array([self.draws * (size + PER_DRAW) for size in self.sizes], float)
        timed = np.array([max(TIMED_EXAMPLES, LEAST_TIMED * size) for size in self.sizes], float)
        known = np.isfinite(found.cosine)
        made = float(known.sum(axis=0) @ drawn + np.isfinite(found.seconds) @ timed)
        if found.begun:  # of the first mean that is not known
            column = int(np.argmin(known.all(axis=0)))
            made += drawn[column] * len(found.begun) / self.draws
        return min(0.999, made / float(self.models * drawn.sum() + timed.sum()))


def measure_noise(
    net: Network,
    models: dict[str, NDArray],
    X: NDArray,
    y: NDArray,
    sizes: Sequence[int] = SIZES,
    draws: int = 50,
    seed: int = 0,
    l2: float = 0.0,
) -> GradientNoise:
    """The noise of mini-batch gradients: see `measuring_noise`, of which it is the last word."""
    *_, last = measuring_noise(net, models, X, y, sizes, draws, seed, l2)
    return last


def _cosine(one: NDArray, other: NDArray) -> float:
    """The cosine of the angle between two gradients (P,); 0 where one of them vanishes."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return float(one @ other / lengths) if lengths > 0 else 0.0
