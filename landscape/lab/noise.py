"""How well a mini-batch's gradient points along the full one, and what it costs, by the size of the mini-batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.lab.pace import step_seconds
from landscape.network import Network

ALONG = 0.5**0.5  # the cosine of 45°
SIZES = (1, 4, 16, 64, 256, 1024)


@dataclass(frozen=True, eq=False)
class GradientNoise:
    """Cosines between mini-batch and full gradients, (M, S): at each of M models, for each of S sizes, mean and spread.

    `spread` is the standard deviation over the mini-batches drawn. `seconds` (S,) is the time of one descent step, on this
    machine, now: it is no part of what two results are compared by. What is not known yet is NaN. Read out with `print`.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cosine: NDArray
    spread: NDArray
    seconds: NDArray = field(repr=False)
    done: float = 1.0

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
) -> Iterator[GradientNoise]:
    """Measure the gradients at models, such as {"at the start": θ₀, "later": θ}, each (P,); grows size by size.

    Mini-batches are drawn without replacement, `draws` of each size; over all examples the cosine is 1.
    """
    sizes = tuple(sizes)
    if not models or not sizes or draws < 2:
        raise SetupError("the noise needs at least one model, one mini-batch size and 2 draws of each")
    wrong = [size for size in sizes if not 1 <= size <= len(X)]
    if wrong:
        raise SetupError(f"a mini-batch has 1 to {len(X):,} of these examples, not {wrong[0]:,}", "descent.batch_size")
    shape = len(models), len(sizes)
    cosine, spread, seconds = np.full(shape, np.nan), np.full(shape, np.nan), np.full(len(sizes), np.nan)
    full = {name: net.gradient(theta, X, y, l2) for name, theta in models.items()}
    found = GradientNoise(tuple(models), sizes, cosine.copy(), spread.copy(), seconds.copy(), 0.0)
    for column, size in enumerate(sizes):
        for row, (name, theta) in enumerate(models.items()):
            random = seeds.stream(seed, "noise", size)
            rows = [random.choice(len(X), size, replace=False) for _ in range(draws)]
            cosines = []
            for some in rows:
                cosines.append(_cosine(net.gradient(theta, X[some], y[some], l2), full[name]))
                yield replace(found, done=(column + (row + len(cosines) / draws) / (shape[0] + 1)) / shape[1])
            cosine[row, column], spread[row, column] = np.mean(cosines), np.std(cosines)
            done = (column + (row + 1) / (shape[0] + 1)) / shape[1]
            found = replace(found, cosine=cosine.copy(), spread=spread.copy(), seconds=seconds.copy(), done=done)
            yield found
        seconds[column] = step_seconds(net, next(iter(models.values())), X, y, size)
    yield replace(found, seconds=seconds, done=1.0)


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
