"""The learning-rate range test: one short descent in which the rate grows from far too small to far too large.

After Smith 2017, "Cyclical learning rates for training neural networks", section 3.3, with the exponential sweep and the
readings that fastai's `lr_find` made usual. What each figure means is said at `RateRange`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape.descent import SGD
from landscape.descent.optimiser import Optimiser
from landscape.descent.stopping import Explosion
from landscape.errors import SetupError
from landscape.lab.standing import Standing, descending
from landscape.network import Network
from landscape.run import Setup

# The smoothed loss remembers about so large a share of all updates.
MEMORY = 1 / 50
# The sweep ends once the smoothed loss is so many times its lowest value (fastai's rule).
EXPLODED = 4.0
# Slopes are measured over so many decades of the rate, centred on it.
SLOPE_OVER = 1 / 3
# A loss that has fallen by a smaller share than this has not fallen: mini-batches differ by as much.
LEAST_FALL = 0.05
# The suggestion is the largest rate divided by this. fastai divides by ten; with plain SGD on digits a third reached the
# lower validation loss in five of six trials (three networks, three epochs, one seed each) and the same in the sixth.
MARGIN = 3.0


@dataclass(frozen=True, eq=False)
class RateRange:
    """The mini-batch loss over a sweep of the learning rate; every array is (n,), one entry an update.

    `losses` are taken before the update that has the rate beside them. `smoothed` is their exponential mean with memory
    1 - β = 1/(updates/50), divided by 1 - βⁿ so that the first losses count in full (bias correction). It lags by about
    its memory, a 50th of the sweep. One that was cut short holds the `standing` of its descent. Read out with `print`.
    """

    rates: NDArray
    losses: NDArray
    smoothed: NDArray
    low: float
    high: float
    batch_size: int
    exploded: bool = False
    done: float = 1.0
    standing: Standing | None = field(default=None, repr=False)

    @property
    def lowest(self) -> int:
        """Where the smoothed loss is lowest: an index into the arrays."""
        return int(np.argmin(self.smoothed))

    @property
    def fell(self) -> bool:
        """Whether the smoothed loss fell at all, by more than 5 % of where it began."""
        return bool(self.smoothed[self.lowest] < (1 - LEAST_FALL) * self.smoothed[: self.lowest + 1].max())

    @property
    def turned(self) -> bool:
        """Whether the loss turned up again before the highest rate: it ended at more than 5 % above its lowest value."""
        return self.exploded or bool(self.smoothed[-1] > (1 + LEAST_FALL) * self.smoothed[self.lowest])

    @property
    def largest(self) -> float:
        """The largest rate before the loss turns up: where the smoothed loss is lowest. NaN if it never fell."""
        return float(self.rates[self.lowest]) if self.fell else float("nan")

    @property
    def steepest(self) -> float:
        """The rate at which the smoothed loss falls most per decade, over a third of a decade. NaN if it never fell."""
        if not self.fell:
            return float("nan")
        decades = np.log10(self.rates[: self.lowest + 1])
        before = np.searchsorted(decades, decades - SLOPE_OVER / 2)
        after = np.minimum(np.searchsorted(decades, decades + SLOPE_OVER / 2), self.lowest)
        span = decades[after] - decades[before]
        fall = self.smoothed[after] - self.smoothed[before]
        slopes = np.divide(fall, span, out=np.zeros(len(span)), where=span > SLOPE_OVER / 2)
        return float(self.rates[int(np.argmin(slopes))])

    @property
    def suggestion(self) -> float:
        """A rate to use: a third of the largest one. NaN if the loss never fell."""
        return self.largest / MARGIN

    def try_setup(self, setup: Setup) -> Setup:
        """The setup with the suggested rate, and a decay to zero along half a cosine after it."""
        if not self.fell:
            raise SetupError(
                "the loss fell at no rate of this sweep, so there is no rate to use", "descent.learning_rate"
            )
        return setup.changed(descent={"learning_rate": float(f"{self.suggestion:.3g}"), "schedule": "cosine"})

    def __str__(self) -> str:
        swept = (
            f"The rate was raised from {self.low:g} to {self.rates[-1]:.3g} over {len(self.rates):,} updates "
            f"on mini-batches of {self.batch_size:,}."
        )
        if not self.fell:
            return f"{swept}\nThe loss fell at no rate, it stayed at {self.smoothed[0]:.4g} or rose: look at the start weights."
        end = "where the loss turns up" if self.turned else "and it was still falling there: sweep to a higher rate"
        lines = [
            swept,
            f"The loss falls fastest at a rate of {self.steepest:.3g}.",
            f"It is lowest, {self.smoothed[self.lowest]:.4g}, at {self.largest:.3g}, {end}.",
            f"A rate to use: {self.suggestion:.3g}, a third of that, with decay after it.",
        ]
        if self.exploded:
            lines.insert(3, f"At {self.rates[-1]:.3g} it had exploded, to {EXPLODED:g} times its lowest value.")
        return "\n".join(lines)


def sweeping_rates(
    net: Network,
    theta: NDArray,
    X: NDArray,
    y: NDArray,
    low: float = 1e-5,
    high: float = 10.0,
    steps: int = 1000,
    batch_size: int = 128,
    seed: int = 0,
    *,
    optimiser: Optimiser | None = None,
    l2: float = 0.0,
    before: RateRange | None = None,
) -> Iterator[RateRange]:
    """Sweep the learning rate from `low` to `high`, each update's a constant factor above the one before; grows as it goes.

    θ (P,) is copied and stays as it was. `optimiser` (SGD unless told) gives the rule; its own rate is not used. The
    sweep ends early when the loss has exploded. `before` goes on with one of these very arguments that was closed.
    """
    if not (0 < low < high and np.isfinite(high)):
        raise SetupError(f"the rates must rise from above 0 to something larger, not from {low:g} to {high:g}")
    if not isinstance(steps, int | np.integer) or steps < 10:
        raise SetupError(f"a sweep needs 10 updates at least, not {steps!r}")
    if np.shape(theta) != (net.P,):
        raise SetupError(f"the sweep begins at one θ of {net.P:,} parameters, not at {np.shape(theta)}")
    rule = replace(optimiser or SGD(), lr=low)  # type: ignore[type-var]
    factors = _factors(low, high, steps)
    standing = before.standing if before is not None else None
    losses = [before.losses] if before is not None and standing is not None else []
    if standing is not None and len(losses[0]) != standing.step:
        raise SetupError("what was kept of the sweep does not fit together: begin it anew")
    events = descending(
        net, theta, X, y, rule, batch_size, steps, seed, max(1, steps // 100), standing,
        schedule=lambda step, _: float(factors[step - 1]), l2=l2, stopping=Explosion(float("inf")),
    )  # fmt: skip
    found = before if losses else None
    for frame, look in events:
        losses.append(frame.batch_losses[:, 0])
        if look or frame.stops[0] or found is None:
            losses = [np.concatenate(losses)]
            found = read_sweep(losses[0], low, high, steps, batch_size, bool(frame.stops[0]))
            if found.exploded:
                yield found
                return
            found = replace(found, standing=Standing.of(frame))
        yield replace(found, done=frame.done, standing=None if frame.done >= 1 else found.standing)


def lr_range(
    net: Network,
    theta: NDArray,
    X: NDArray,
    y: NDArray,
    low: float = 1e-5,
    high: float = 10.0,
    steps: int = 1000,
    batch_size: int = 128,
    seed: int = 0,
    *,
    optimiser: Optimiser | None = None,
    l2: float = 0.0,
) -> RateRange:
    """The learning-rate range test from θ (P,): see `sweeping_rates`, of which it is the last word."""
    *_, last = sweeping_rates(net, theta, X, y, low, high, steps, batch_size, seed, optimiser=optimiser, l2=l2)
    return last


def read_sweep(losses: NDArray, low: float, high: float, steps: int, batch_size: int, ended: bool = False) -> RateRange:
    """The range test's result from its mini-batch losses (n,) so far, of `steps` in all; cut off where they explode.

    `ended` says that the descent left the finite numbers.
    """
    finite = np.isfinite(losses)
    count = len(losses) if finite.all() else int(np.argmin(finite))
    if count == 0:
        raise SetupError(
            "the loss is not a finite number at the very start: look at the start weights", "network.scale"
        )
    smoothed = _smoothed(np.asarray(losses[:count], np.float64), 1 - 1 / max(1.0, steps * MEMORY))
    high_up = smoothed > EXPLODED * np.minimum.accumulate(smoothed)
    if high_up.any():
        count = int(np.argmax(high_up)) + 1
    exploded = bool(high_up.any()) or ended
    arrays = low * _factors(low, high, steps)[:count], np.array(losses[:count], float), smoothed[:count]
    for array in arrays:
        array.flags.writeable = False
    return RateRange(*arrays, low, high, batch_size, exploded)


def _factors(low: float, high: float, steps: int) -> NDArray:
    """How many times the lowest rate each update has, (steps,)."""
    return (high / low) ** (np.arange(steps) / (steps - 1))


def _smoothed(losses: NDArray, kept: float) -> NDArray:
    """The exponential mean of losses (n,) in which each step keeps the share `kept` of the one before, corrected for bias."""
    if kept == 0:
        return losses.copy()
    # The weights grow backwards to at most e^50, for a mean remembers a 50th of the sweep: no overflow.
    powers = kept ** np.arange(len(losses))
    return powers * np.cumsum(losses / powers) * (1 - kept) / (1 - kept * powers)
