"""The same start with one thing changed: which settings that can be, and what came of it beside the first run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.run.descending import DescentSetup
from landscape.run.run import Run
from landscape.run.setup import Setup

# What happens to the starts, not where they are; a descent inside the plane has other numbers that move.
FIXED = ("in_plane",)
VARIABLE = (
    *(f"descent.{name}" for name in DescentSetup.model_fields if name not in FIXED),
    "network.activation",
    "network.cost",
    "data.preprocess",
)
SLAB = 16  # frames projected at a time, so that it can be broken off
MOST_TOLD = 3  # differences in a sentence


@dataclass(frozen=True)
class Change:
    """A setting, "section.field", that differs between two runs: its title on screen and both values in words."""

    name: str
    title: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The change as a phrase."""
        return f"{self.title} {self.after} instead of {self.before}"


def vary(setup: Setup, name: str, value: Any) -> Setup:
    """The setup with one of VARIABLE changed; SetupError if the value is impossible or the same."""
    if name not in VARIABLE:
        raise SetupError(f"{name} can't be changed with the same start; choose one of {', '.join(VARIABLE)}", name)
    section, _, field = name.partition(".")
    changed = setup.changed(**{section: {field: value}})
    if not changes(setup, changed):
        raise SetupError(f"{name}: it is {_words(name, value)} already; choose another value", name)
    return changed


def changes(before: Setup, after: Setup) -> list[Change]:
    """What differs between two setups and has an effect in one of them at least."""
    found = []
    for section in Setup.model_fields:
        first, second = getattr(before, section), getattr(after, section)
        for field, info in type(first).model_fields.items():
            name, values = f"{section}.{field}", (getattr(first, field), getattr(second, field))
            if values[0] != values[1] and (before.heeds(name) or after.heeds(name)):
                words = (_words(name, value) for value in values)
                found.append(Change(name, str(info.title or field), *words))
    return found


def _words(name: str, value: Any) -> str:
    section, _, field = name.partition(".")
    info = cast(Any, Setup.model_fields[section].annotation).model_fields[field]
    labels = info.json_schema_extra.get("labels", {}) if isinstance(info.json_schema_extra, dict) else {}
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(labels.get(value, f"{value:g}" if isinstance(value, float) else value))


def shadows_of(run: Run, plane: Plane) -> Iterator[NDArray]:
    """The shadows (f, K, 2) of a run's frames on a plane of another run, some more at every turn."""
    if plane.P != run.net.P:
        raise SetupError(f"a network of {run.net.P:,} parameters has no place on a plane for {plane.P:,}")
    found = np.empty((run.frames, run.K, 2))
    for begin in range(0, len(found), SLAB):
        thetas = np.asarray(run.thetas[begin : min(begin + SLAB, len(found))])
        places, _ = plane.project(thetas.reshape(-1, run.net.P))
        found[begin : begin + len(thetas)] = places.reshape(-1, run.K, 2)
        yield found[: begin + len(thetas)]


@dataclass(frozen=True)
class Contrast:
    """Two runs beside each other at the last epoch that both have: figures are pairs (before, after), means over the starts.

    Losses are NaN where the costs differ: their losses can't be compared. `reached` is a loss that both came down to and the
    steps it took each, or None.
    """

    changes: tuple[Change, ...]
    epochs: float
    starts: int
    loss: tuple[float, float]
    accuracy: tuple[float, float]
    failed: tuple[int, int]
    reached: tuple[float, int, int] | None

    @classmethod
    def of(cls, before: Run, after: Run) -> "Contrast":
        """Put a run beside an earlier one; both may still be growing."""
        epochs = min(float(run.figure("epoch")[-1]) for run in (before, after))
        frames = [int(np.searchsorted(run.figure("epoch"), epochs + 1e-9, side="right")) for run in (before, after)]
        comparable = before.setup.network.cost == after.setup.network.cost
        means = [_mean(run.figure("loss")[:count]) for run, count in zip((before, after), frames, strict=True)]
        right = [
            float(_mean(run.figure("validation_accuracy")[count - 1 : count])[0])
            for run, count in zip((before, after), frames, strict=True)
        ]
        ends = (float(means[0][-1]), float(means[1][-1])) if comparable else (float("nan"), float("nan"))
        steps = [run.steps[:count] for run, count in zip((before, after), frames, strict=True)]
        failed = [sum(bool(stop and stop.failed) for stop in run.stops) for run in (before, after)]
        return cls(
            tuple(changes(before.setup, after.setup)),
            epochs,
            after.K,
            ends,
            (right[0], right[1]),
            (failed[0], failed[1]),
            _reached(means, steps) if comparable else None,
        )

    @property
    def label(self) -> str:
        """What the earlier run is called beside the later one: how it differs, shortly."""
        if not self.changes:
            return "the same setup"
        told = ", ".join(f"{change.title} {change.before}" for change in self.changes[:MOST_TOLD])
        return f"{told} …" if len(self.changes) > MOST_TOLD else told

    @property
    def sentence(self) -> str:
        """What differs, and what came of it, in plain words."""
        told = ", ".join(change.words for change in self.changes[:MOST_TOLD]) or "the same setup"
        more = len(self.changes) - MOST_TOLD
        rest = f", and {more} more settings differ" if more > 0 else ", all else the same"
        parts = [f"{told}{rest}."]
        whose = "the loss" if self.starts == 1 else f"the mean loss of the {self.starts} starts"
        (loss, new_loss), (right, new_right) = self.loss, self.accuracy
        ends = f"{new_right:.1%} of the validation digits are right instead of {right:.1%}"
        if np.isfinite(self.loss).all():
            ends = f"{whose} is {_three_digits(new_loss)} instead of {_three_digits(loss)}, and {ends}"
        parts.append(f"After {self.epochs:.3g} epochs {ends}.")
        if self.reached is not None:
            level, steps, new_steps = self.reached
            parts.append(f"Down to {level:.2g} it took {new_steps:,} steps instead of {steps:,}.")
        if any(self.failed):
            parts.append(f"{self.failed[1]} starts failed instead of {self.failed[0]}.")
        return " ".join(parts)


def _three_digits(loss: float) -> str:
    return f"{loss:#.3g}".removesuffix(".")


def _mean(figures: NDArray) -> NDArray:
    """The mean over the starts (F,) of figures (F, K); starts that have left the numbers count as infinite."""
    return np.where(np.isfinite(figures), figures, np.inf).mean(axis=1)


def _reached(means: list[NDArray], steps: list[NDArray]) -> tuple[float, int, int] | None:
    """The lowest loss, of two digits, that both came down to, and the steps after which each was first recorded there."""
    level = max(float(mean.min()) for mean in means)
    first = min(float(mean[0]) for mean in means)
    if not (np.isfinite(level) and 0 < level < first):
        return None
    digit = 10.0 ** (np.floor(np.log10(level)) - 1)
    level = float(np.ceil(level / digit - 1e-9) * digit)
    at = [int(np.argmax(mean <= level)) for mean in means]
    return level, int(steps[0][at[0]]), int(steps[1][at[1]])
