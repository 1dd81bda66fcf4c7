"""Schedules: how the learning rate changes on the way, as a factor on the optimiser's own rate.

Each is a value, called with the number of an update (from 1) and the number of all updates. Where torch.optim.lr_scheduler
has the same schedule, called once an update, the factors are its factors; its name stands in the docstring.
Lengths are in updates; a setup counts in epochs and converts them.
"""

import math
from dataclasses import dataclass, field
from typing import Protocol

from landscape.descent.optimiser import check_not_negative, check_positive, check_share
from landscape.errors import SetupError


class Schedule(Protocol):
    """Anything that says by how much the rate of update `step` of `steps` is multiplied."""

    def __call__(self, step: int, steps: int) -> float: ...


@dataclass(frozen=True)
class Constant:
    """The rate stays as it is."""

    def __call__(self, step: int, steps: int) -> float:
        return 1.0


@dataclass(frozen=True)
class StepDecay:
    """After every `step_size` updates the rate is multiplied by `gamma` (StepLR)."""

    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        check_positive("number of updates between two drops of the rate", self.step_size, "descent.decay_every")
        _check_factor(self.gamma)

    def __call__(self, step: int, steps: int) -> float:
        return float(self.gamma ** ((step - 1) // self.step_size))


@dataclass(frozen=True)
class ExponentialDecay:
    """After every update the rate is multiplied by `gamma` (ExponentialLR)."""

    gamma: float

    def __post_init__(self) -> None:
        _check_factor(self.gamma)

    def __call__(self, step: int, steps: int) -> float:
        return float(self.gamma ** (step - 1))


@dataclass(frozen=True)
class CosineDecay:
    """Half a cosine wave from the full rate down to `floor` times it, at the end of all updates (CosineAnnealingLR)."""

    floor: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative("the rate at the end", self.floor, "descent.schedule")

    def __call__(self, step: int, steps: int) -> float:
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * (step - 1) / max(1, steps))) / 2


@dataclass(frozen=True)
class WarmUp:
    """A straight rise from `begin` times the rate over `length` updates (LinearLR), then `after`, as if that began there.

    In torch: SequentialLR of LinearLR and the other.
    """

    length: int
    begin: float = 1 / 3
    after: Schedule = field(default_factory=Constant)

    def __post_init__(self) -> None:
        check_not_negative("the number of updates of the warm-up", self.length, "descent.warm_up")
        check_positive("rate at which the warm-up begins", self.begin, "descent.warm_up")

    def __call__(self, step: int, steps: int) -> float:
        if step > self.length:
            return self.after(step - self.length, max(1, steps - self.length))
        return self.begin + (1 - self.begin) * (step - 1) / self.length


@dataclass(frozen=True)
class OneCycle:
    """One rise of the rate and one long fall, both along a cosine (OneCycleLR with cycle_momentum=False; Smith 2018).

    It begins at 1/`div_factor` of the rate, reaches the rate after the share `pct_start` of all updates, and ends at
    1/`final_div_factor` of where it began.
    """

    pct_start: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4

    def __post_init__(self) -> None:
        check_positive("share of the way to the peak", self.pct_start, "descent.peak")
        check_share("the share of the way to the peak", self.pct_start, "descent.peak")
        check_positive("factor by which the rate is lower at the start", self.div_factor, "descent.schedule")
        check_positive("factor by which the rate is lower at the end", self.final_div_factor, "descent.schedule")

    def __call__(self, step: int, steps: int) -> float:
        place, peak, end = step - 1, self.pct_start * steps - 1, steps - 1
        first = 1 / self.div_factor
        if place <= peak and peak > 0:
            return _along_cosine(first, 1.0, place / peak)
        return _along_cosine(1.0, first / self.final_div_factor, (place - peak) / (end - peak))


@dataclass(frozen=True)
class Lengthened:
    """A schedule of a descent that was gone on with for more epochs than it was begun with.

    `lengths` are pairs (update, steps): up to that update the schedule ran as if there were so many updates in all. What
    was descended keeps its rates, so that any step can be replayed; the updates after follow the new length.
    """

    schedule: Schedule
    lengths: tuple[tuple[int, int], ...]

    def __call__(self, step: int, steps: int) -> float:
        of_then = next((length for last, length in self.lengths if step <= last), steps)
        return self.schedule(step, of_then)


def _along_cosine(begin: float, end: float, share: float) -> float:
    return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2


def _check_factor(gamma: float) -> None:
    if not (isinstance(gamma, int | float) and 0 < gamma <= 1):
        raise SetupError(f"the decay factor must be above 0 and at most 1, not {gamma!r}", "descent.decay")
