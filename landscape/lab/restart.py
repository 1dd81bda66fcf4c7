"""Do restarts help? The spread of final losses by kind of start, and the best of several against one long descent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import comb

import numpy as np
from numpy.typing import NDArray

from landscape import cores, seeds
from landscape.data import Digits
from landscape.data.digits import Split
from landscape.descent import FrameSchedule, descend, starting_points
from landscape.descent.starts import MOST_STARTS
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.run import Setup
from landscape.run.exploration import first_weights

RESAMPLED = 2000
BAND = (2.5, 97.5)  # per cent
LOST = float(np.finfo(np.float32).max)  # the loss of a descent that left the finite numbers: worse than any other
LOOKS = 10  # how often a descent is measured on the way
KINDS = ("corner", "middle", "random")
SENTENCES = {
    "corner": "from corners of windows around the middle",
    "middle": "from the middle itself, each with mini-batches in another order",
    "random": "from fresh random weights",
}


@dataclass(frozen=True, eq=False)
class Restarts:
    """Final validation losses of equally long descents by kind of start, and of long runs on the way.

    `losses` holds (R,) for each of KINDS, as far as they came. `long_runs` (M, k) is the lowest loss of each long run up to
    1, 2, … k times the updates of one descent: so both sides choose among k models, after equally many gradients. A middle
    or band is NaN until it is known. Read out with `print`.
    """

    losses: dict[str, NDArray]
    long_runs: NDArray
    updates: int
    expected: NDArray
    band: NDArray
    done: float = 1.0

    @property
    def count(self) -> int:
        """Number of descents of each kind, R."""
        return len(self.losses["random"])

    @property
    def verdict(self) -> str:
        """Which is better at R times the cost, judged by whether the long runs' mean lies outside the restarts' band."""
        low, high = self.band[:, -1]
        mean = self.long_runs[:, -1].mean()
        if mean < low:
            return "one long descent is better than the best of the restarts"
        if mean > high:
            return "the best of the restarts is better than one long descent"
        return "there is no clear difference between the two"

    def __str__(self) -> str:
        lines = [
            f"{self.count} descents of {self.updates:,} updates {SENTENCES[kind]}: validation loss from "
            f"{losses.min():.4f} to {losses.max():.4f}, half of them below {np.median(losses):.4f}."
            for kind, losses in self.losses.items()
        ]
        low, high = self.band[:, -1]
        lines.append(
            f"One random start comes to {self.expected[0]:.4f} on average, the best of {self.count} to {self.expected[-1]:.4f} "
            f"(95 % band {low:.4f} to {high:.4f}, by bootstrap)."
        )
        if self.long_runs.shape[1] == self.count:
            last = self.long_runs[:, -1]
            lines.append(
                f"For the same {self.count * self.updates:,} gradients one long descent comes to {last.mean():.4f} on average "
                f"(of {len(last)}, from {last.min():.4f} to {last.max():.4f}): {self.verdict}."
            )
        return "\n".join(lines)


def restarting(
    setup: Setup,
    digits: Digits | None = None,
    *,
    count: int = 8,
    long_runs: int = 4,
    epochs: float | None = None,
    seed: int = 0,
) -> Iterator[Restarts]:
    """Descend `count` times from each kind of start, then `long_runs` times for `count` times as long; grows as it goes.

    Network, optimiser, schedule and batches are the setup's; `epochs` (the setup's unless told) is the length of one
    descent. Every descent has its own order of mini-batches.
    """
    if not 2 <= count <= MOST_STARTS or not 1 <= long_runs <= MOST_STARTS:
        raise SetupError(
            f"choose 2 to {MOST_STARTS} restarts and 1 to {MOST_STARTS} long runs, not {count} and {long_runs}"
        )
    digits = digits or setup.load_digits()
    epochs = setup.descent.epochs if epochs is None else epochs
    net = setup.build_network()
    each = max(1, round(epochs * -(-len(digits.train) // setup.descent.batch_size)))
    share = len(KINDS) / (len(KINDS) + long_runs)
    thetas = np.concatenate([_starts(setup, net, kind, count, seed) for kind in KINDS])
    found = Restarts({}, np.empty((long_runs, 0)), each, np.empty(0), np.empty((2, 0)), 0.0)
    for done, finals in _measured(setup, net, digits, thetas, each, max(1, each // LOOKS), seed):
        losses = dict(zip(KINDS, finals.reshape(len(KINDS), count)))
        expected, band = _best_of(losses["random"], seed)
        found = replace(found, losses=losses, expected=expected, band=band, done=share * done)
        yield found
    long_seed = int(seeds.stream(seed, "long runs").integers(2**31))
    thetas = _starts(setup, net, "random", long_runs, long_seed)
    way = np.empty((long_runs, 0))
    for done, now in _measured(setup, net, digits, thetas, each * count, each, long_seed):
        way = np.column_stack([way, now])
        yield replace(found, long_runs=np.minimum.accumulate(way, axis=1), done=share + (1 - share) * done)


def restarts(
    setup: Setup,
    digits: Digits | None = None,
    *,
    count: int = 8,
    long_runs: int = 4,
    epochs: float | None = None,
    seed: int = 0,
) -> Restarts:
    """Do restarts help: see `restarting`, of which it is the last word."""
    *_, last = restarting(setup, digits, count=count, long_runs=long_runs, epochs=epochs, seed=seed)
    return last


def expected_best(losses: NDArray) -> NDArray:
    """The mean of the lowest of k of these losses (..., n), over all choices of k, for k = 1 … n: (..., n). Exact."""
    n = losses.shape[-1]
    # The i-th lowest is the lowest of k in as many choices as there are of the k - 1 others among the n - i above it.
    weights = np.array([[comb(n - i, k - 1) / comb(n, k) for i in range(1, n + 1)] for k in range(1, n + 1)])
    return np.sort(losses, axis=-1) @ weights.T


def _best_of(losses: NDArray, seed: int) -> tuple[NDArray, NDArray]:
    """Expected best of k (n,) and its 95 % band (2, n): the same of losses drawn again from these, with replacement."""
    drawn = seeds.stream(seed, "bootstrap").integers(len(losses), size=(RESAMPLED, len(losses)))
    return expected_best(losses), np.percentile(expected_best(losses[drawn]), BAND, axis=0)


def _starts(setup: Setup, net: Network, kind: str, count: int, seed: int) -> NDArray:
    """So many starts of a kind, (count, P)."""
    chosen, middle = setup.network, first_weights(setup, net)
    if kind == "middle":
        return np.repeat(middle[None], count, axis=0)
    filtered = setup.plane.normalise == "filter"
    found: list[NDArray] = []
    for number in range(-(-count // 4) if kind == "corner" else 1):
        plane_seed = int(seeds.stream(seed, "planes", number).integers(2**31))
        plane = Plane.random(net, middle, plane_seed, "filter" if filtered else None, orthogonal=setup.plane.orthogonal)
        reach = setup.starts.reach * (1.0 if filtered else float(np.linalg.norm(middle) / np.linalg.norm(plane.u)))
        name = "corners" if kind == "corner" else "random"
        points = starting_points(name, net, plane, reach, count, seed, chosen.scheme, chosen.biases, chosen.scale)
        found += [start.theta for start in points]
    return np.stack(found[:count]).astype(np.float32)


def _measured(
    setup: Setup, net: Network, digits: Digits, thetas: NDArray, updates: int, every: int, seed: int
) -> Iterator[tuple[float, NDArray]]:
    """A descent from all starts at once, measured every so many updates: the fraction done, validation losses (K,)."""
    chosen, train = setup.descent, digits.train
    per_epoch = -(-len(train) // chosen.batch_size)
    frames = descend(
        net, thetas, train.images, train.labels, chosen.build_optimiser(), chosen.batch_size, updates / per_epoch, seed,
        schedule=chosen.build_schedule(per_epoch), l2=chosen.l2, shared_batches=False, frames=FrameSchedule(every),
    )  # fmt: skip
    for frame in frames:
        yield frame.done, _losses(net, frame.thetas, digits.validation)


def _losses(net: Network, thetas: NDArray, split: Split) -> NDArray:
    """The loss of every model (K, P) over a set of digits, (K,) float64, the models shared among the cores."""
    with cores.single_threaded_blas(), np.errstate(over="ignore", invalid="ignore"):
        losses = list(cores.spread(lambda theta: float(net.loss(theta, split.images, split.labels)), thetas))
    return np.nan_to_num(np.array(losses), nan=LOST, posinf=LOST)
