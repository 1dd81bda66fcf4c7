"""What one click can do with a result: take it over into the setup, train with it, or show it on the landscape."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, singledispatch
from typing import Any

from landscape.gui.laboratory import Laboratory
from landscape.lab import Curvature, GradientNoise, Race, RateRange, Reading, Restarts, Search, Trial
from landscape.run.setup import Setup


@dataclass(frozen=True)
class Action:
    """A button: its words, its plain sentence, and what it does."""

    words: str
    tip: str
    act: Callable[[], None]


@singledispatch
def actions(result: Any, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    """What can be done with a whole result, made on a run of this setup."""
    return ()


@actions.register
def _rate_range(result: RateRange, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    if not result.fell:
        return ()
    tried = result.try_setup(setup)
    rate = f"η = {tried.descent.learning_rate:g}"
    words = f"rate {rate} with a cosine decay to zero after it"
    return (
        Action(f"Use {rate}, with decay", f"Puts the {words} into the setup", partial(lab.offer, tried, words)),
        Action("Try it", f"Trains a new run with the {words}", partial(lab.try_out, tried, words)),
    )


@actions.register
def _search(result: Search, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    return () if result.best is None else (trial_action(result.best, result, lab, setup, "Use the best"),)


def trial_action(trial: Trial, result: Search, lab: Laboratory, setup: Setup, words: str) -> Action:
    """Take the values of one trial of a search."""
    tried = result.setup_of(trial, setup)
    hidden = f", hidden size {trial.hidden}" if len(setup.network.sizes) > 2 else ""
    told = f"rate {trial.rate:g}, λ {trial.l2:g}{hidden}"
    return Action(words, f"Puts {told} into the setup", partial(lab.offer, tried, told))


@actions.register
def _reading(result: Reading, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    return tuple(
        Action(
            f"Try the cure of “{finding.name}”",
            f"Trains a new run with {finding.cure}, against “{finding.name}”",
            partial(lab.try_out, finding.try_setup, f"{finding.cure}, against “{finding.name}”"),
        )
        for finding in result.findings
    )


@actions.register
def _noise(result: GradientNoise, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    size = result.enough
    if size is None or size == setup.descent.batch_size:
        return ()
    words = f"mini-batches of {size:,}"
    changed = setup.changed(descent={"batch_size": size})
    return (Action(f"Use {words}", f"Puts {words} into the setup: from there on the steps follow the full gradient",
                   partial(lab.offer, changed, words)),)  # fmt: skip


@actions.register
def _restarts(result: Restarts, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    if result.long_runs.shape[1] != result.count:
        return ()
    epochs = setup.descent.epochs * result.count
    longer = f"one descent of {epochs:g} epochs"
    again = f"{result.count} random restarts"
    return (
        Action("Descend longer", f"Puts {longer} from the middle into the setup",
               partial(lab.offer, setup.changed(descent={"epochs": epochs}, starts={"kind": "middle"}), longer)),
        Action("Restart more often", f"Puts {again} into the setup",
               partial(lab.offer, setup.changed(starts={"kind": "random", "count": result.count}), again)),
    )  # fmt: skip


@actions.register
def _curvature(result: Curvature, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    tip = "Draws the plane through the point shown along its two most curved directions (Hessian eigenvectors)"
    return (Action("Plane of the top two", tip, lab.show_curved_plane),)


@actions.register
def _race(result: Race, lab: Laboratory, setup: Setup) -> tuple[Action, ...]:
    if not result.racers:
        return ()
    first = result.racers[result.order[0]]
    words = f"{first.title} with η = {first.rate:g}"
    changed = setup.changed(descent={"optimiser": first.optimiser, "learning_rate": first.rate})
    return (
        Action("Show on the landscape", "Draws the way of every racer from the first start, dotted, on the shown plane",
               partial(lab.show_guests, result)),
        Action("Take them off", "Takes the racers off the landscape", lab.forget_guests),
        Action(f"Use {words}", f"Puts {words}, the lowest on average, into the setup", partial(lab.offer, changed, words)),
    )  # fmt: skip
