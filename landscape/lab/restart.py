"""Do restarts help? The spread of final losses by kind of start, and the best of several against one long descent."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import comb

import numpy as np
from numpy.typing import NDArray

from landscape import cores, seeds
from landscape.data import Digits
from landscape.data.digits import Split
from landscape.descent import starting_points
from landscape.descent.starts import MOST_STARTS
from landscape.errors import SetupError
from landscape.lab.standing import Standing, descending
from landscape.network import Network
from landscape.plane import Plane
from landscape.run import Setup
from landscape.run.exploration import first_weights

RESAMPLED = 2000
BAND = (2.5, 97.5)  # per cent
LOST = float(np.finfo(np.float32).max)  # the loss of a descent that left the finite numbers: worse than any other
LOOKS = 10  # how often a descent is measured on the way
TOGETHER = 8  # models that are measured between two chances to stop
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
    or band is NaN until it is known. One that was cut short holds the `standing` of its descents. Read out with `print`.
    """

    losses: dict[str, NDArray]
    long_runs: NDArray
    updates: int
    expected: NDArray
    band: NDArray
    done: float = 1.0
    standing: Standing | None = field(default=None, repr=False)

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
    before: Restarts | None = None,
) -> Iterator[Restarts]:
    """Descend `count` times from each kind of start, then `long_runs` times for `count` times as long; grows as it goes.

    Network, optimiser, schedule and batches are the setup's; `epochs` (the setup's unless told) is the length of one
    descent. Every descent has its own order of mini-batches. `before` goes on with one of these very arguments that was
    closed.
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
    found = before or Restarts({}, np.empty((long_runs, 0)), each, np.empty(0), np.empty((2, 0)), 0.0)
    _check_fits(found, count, long_runs, each)
    if found.done < share:
        thetas = np.concatenate([_starts(setup, net, kind, count, seed) for kind in KINDS])
        work = _measured(setup, net, digits, thetas, each, max(1, each // LOOKS), seed, found.standing)
        for done, standing, finals in work:
            if finals is not None:
                losses = dict(zip(KINDS, finals.reshape(len(KINDS), count)))
                expected, band = _best_of(losses["random"], seed)
                found = replace(found, losses=losses, expected=expected, band=band)
            found = replace(found, done=share * done, standing=standing)
            yield found
    long_seed = int(seeds.stream(seed, "long runs").integers(2**31))
    thetas = _starts(setup, net, "random", long_runs, long_seed)
    for done, standing, now in _measured(setup, net, digits, thetas, each * count, each, long_seed, found.standing):
        if now is not None:
            way = np.column_stack([found.long_runs, now])
            found = replace(found, long_runs=np.minimum.accumulate(way, axis=1))
        found = replace(found, done=share + (1 - share) * done, standing=standing)
        yield found


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


def _check_fits(found: Restarts, count: int, long_runs: int, each: int) -> None:
    fits = found.updates == each and found.long_runs.shape[0] == long_runs and found.long_runs.shape[1] <= count
    if not fits or any(losses.shape != (count,) for losses in found.losses.values()):
        raise SetupError("what was kept of the restarts is of other settings: begin them anew")


def _measured(
    setup: Setup, net: Network, digits: Digits, thetas: NDArray, updates: int, every: int, seed: int,
    standing: Standing | None,
) -> Iterator[tuple[float, Standing | None, NDArray | None]]:  # fmt: skip
    """A descent from all starts at once, or on from where it stood, measured every so many updates.

    Yields the fraction done, where it stands (None at its end), and the validation losses (K,), or None in between.
    """
    chosen, train = setup.descent, digits.train
    per_epoch = -(-len(train) // chosen.batch_size)
    frames = descending(
        net, thetas, train.images, train.labels, chosen.build_optimiser(), chosen.batch_size, updates, seed, every,
        standing, schedule=chosen.build_schedule(per_epoch), l2=chosen.l2, shared_batches=False,
    )  # fmt: skip
    known: tuple[float, Standing | None] = (standing.step / updates if standing else 0.0, standing)
    for frame, look in frames:
        losses = []
        for at in range(0, len(thetas) if look else 0, TOGETHER):
            losses.append(_losses(net, frame.thetas[at : at + TOGETHER], digits.validation))
            if len(losses) * TOGETHER < len(thetas):
                yield *known, None  # the frame counts when all of it is measured
        known = frame.done, None if frame.done >= 1 else Standing.of(frame)
        yield *known, np.concatenate(losses) if look else None


def _losses(net: Network, thetas: NDArray, split: Split) -> NDArray:
    """The loss of every model (K, P) over a set of digits, (K,) float64, the models shared among the cores."""
    with cores.single_threaded_blas(), np.errstate(over="ignore", invalid="ignore"):
        losses = list(cores.spread(lambda theta: float(net.loss(theta, split.images, split.labels)), thetas))
    return np.nan_to_num(np.array(losses), nan=LOST, posinf=LOST)
