"""How fast this machine is with a network, now: measured in a moment, so that a long experiment can say how long it will take."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent import SGD
from landscape.lab.standing import descending
from landscape.network import Network

TIMED_EXAMPLES = 16_384  # the steps that are timed look at about so many examples together
LEAST_TIMED, MOST_TIMED = 4, 500  # steps
SIZES = (8, 128)
LOOKED_AT = 2000
MADE_READY = 8000


@dataclass(frozen=True)
class Pace:
    """Seconds: `begin` for a descent step by itself and `digit` for each digit in it; `look` for a digit's way forward.

    `ready` are those for each digit of the training set that a descent makes ready for its steps before the first.
    """

    begin: float
    digit: float
    look: float
    ready: float

    def step(self, digits: float) -> float:
        """Seconds of one gradient step over so many digits."""
        return self.begin + self.digit * digits


def measure_pace(net: Network, theta: NDArray, X: NDArray, y: NDArray) -> Pace:
    """Time some steps of two sizes and some losses at θ (P,), in less than a tenth of a second."""
    few, many = (list(step_seconds(net, theta, X, y, min(size, len(X)), TIMED_EXAMPLES // 8))[-1] for size in SIZES)
    digit = max(0.0, (many - few) / (SIZES[1] - SIZES[0]))
    looked = []
    for _ in range(2):  # the first look warms the caches
        begun = time.perf_counter()
        with np.errstate(over="ignore", invalid="ignore"):
            net.loss(theta, X[:LOOKED_AT], y[:LOOKED_AT])
        looked.append((time.perf_counter() - begun) / min(LOOKED_AT, len(X)))
    return Pace(max(0.0, few - SIZES[0] * digit), digit, min(looked), _seconds_to_make_ready(net, theta, X, y))


def _seconds_to_make_ready(net: Network, theta: NDArray, X: NDArray, y: NDArray) -> float:
    """How long a descent takes for each digit before its first step: that of a descent of a single step over one digit."""
    X, y, taken = X[:MADE_READY], y[:MADE_READY], []
    for _ in range(2):
        begun = time.perf_counter()
        for _ in descending(net, theta, X, y, SGD(1e-12), 1, 1, 0, 1):
            pass
        taken.append((time.perf_counter() - begun) / len(X))
    return min(taken)


def step_seconds(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, size: int, examples: int = TIMED_EXAMPLES
) -> Iterator[float]:
    """How long a descent step takes, stretch after stretch: the last word is the mean over the second half of them.

    The first half prepares what the second needs.
    """
    steps = 2 * min(MOST_TIMED, max(LEAST_TIMED, examples // size))
    # A rate so small that the model stays where it is.
    frames = descending(net, theta, X, y, SGD(1e-12), size, steps, 0, max(1, steps // 2))
    at, taken = 0, []
    while at < steps:
        begun = time.perf_counter()
        frame, _ = next(frames)
        taken.append((frame.step - at, time.perf_counter() - begun))
        at = frame.step
        later = taken[len(taken) // 2 :]
        yield sum(seconds for _, seconds in later) / sum(made for made, _ in later)
