"""Reading the curves of a run: what is wrong with it, by what one sees that, and a setup that tries the cure.

After CS231n, "Babysitting the learning process", and Nielsen, chapter 3. Every rule is a threshold on a figure of the curve
(`landscape.lab.curves`), set between runs that were made good and bad on purpose with the built-in digits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.lab.curves import Curve
from landscape.lab.sanity import GUESSING
from landscape.run import Run, Setup

LEAST_FRAMES = 8
HARDLY_MOVING = 3e-4  # of the weights' length, an update; healthy descents are around 1e-3 to 1e-2


@dataclass(frozen=True, eq=False)
class Finding:
    """Something a run suffers from: by what it is seen, what to do, and the setup in which that is done.

    `starts` are the names of all starts that show it; the evidence is that of the first.
    """

    name: str
    starts: tuple[str, ...]
    evidence: str
    cure: str
    try_setup: Setup

    def __str__(self) -> str:
        return f"{self.name[0].upper()}{self.name[1:]} ({', '.join(self.starts)}): {self.evidence}. Try {self.cure}."


@dataclass(frozen=True, eq=False)
class Reading:
    """All findings of a run, and the curves they were read from: epochs (F,), losses and validation losses (F, K)."""

    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    epochs: NDArray
    losses: NDArray
    validation_losses: NDArray
    done: float = 1.0

    def __str__(self) -> str:
        if not self.findings:
            return "The curves look healthy: they fall fast at first, level off, and validation follows training."
        return "\n".join(map(str, self.findings))


@dataclass(frozen=True)
class _Seen:
    name: str
    evidence: str
    cure: str
    changes: dict[str, dict]


def read_curves(run: Run) -> Reading:
    """What the curves of a run (its frames so far) say. SetupError if it is too short to be read."""
    found: dict[str, Finding] = {}
    for start in range(run.K):
        for seen in _symptoms(run, start):
            if seen.name in found:
                before = found[seen.name]
                found[seen.name] = replace(before, starts=(*before.starts, run.starts[start].name))
            else:
                names = (run.starts[start].name,)
                changed = run.setup.changed(**seen.changes)
                found[seen.name] = Finding(seen.name, names, seen.evidence, seen.cure, changed)
    epochs, losses, validation_losses = (np.array(run.figure(name)) for name in ("epoch", "loss", "validation_loss"))
    every = tuple(start.name for start in run.starts)
    return Reading(tuple(found.values()), every, epochs, losses, validation_losses)


def _symptoms(run: Run, start: int) -> list[_Seen]:
    """What one start suffers from. What failed or stands still has no other symptoms worth a word."""
    setup = run.setup
    stop = run.stops[start]
    if stop is not None and stop.failed:
        name = "dead units" if stop.reason == "dead" else "exploding"
        return [_Seen(name, stop.sentence.split("; ")[0], *_rate(setup, 1 / 10))]
    curve = Curve.of(run, start)
    if len(curve) < LEAST_FRAMES:
        raise SetupError(
            f"the curves of {len(curve)} frames are too short to be read; let the run descend to {LEAST_FRAMES} or more"
        )
    for rule in (_standing, _slow):
        seen = rule(curve, setup)
        if seen:
            return [seen]
    rules: tuple[Callable[[Curve, Setup], _Seen | None], ...] = (_wild, _noisy, _overfitting, _underfitting)
    return [seen for rule in rules if (seen := rule(curve, setup))]


def _rate(setup: Setup, factor: float) -> tuple[str, dict[str, dict]]:
    rate = float(f"{setup.descent.learning_rate * factor:.3g}")
    words = "smaller" if factor < 1 else "larger"
    return f"a {words} learning rate, {rate:g}", {"descent": {"learning_rate": rate}}


def _own_spread(setup: Setup) -> tuple[str, dict[str, dict]]:
    """Start weights that keep the size of signals from layer to layer."""
    scheme = "he" if setup.network.activation == "relu" else "xavier"
    return f"the start weights {scheme}", {"network": {"scheme": scheme, "scale": None}}


def _standing(curve: Curve, setup: Setup) -> _Seen | None:
    if curve.left < 0.9:
        return None
    evidence = f"the loss stays near {curve.loss[-1]:.3f}, it began at {curve.loss[0]:.3f}"
    if curve.typical_update < HARDLY_MOVING:
        moved = f"{evidence}, and an update moves the weights by {curve.typical_update:.0e} of their length"
        return _Seen("too slow", moved, *_rate(setup, 10))
    small = setup.network.scheme == "normal" or setup.network.scale is not None
    return _Seen("flat", evidence, *(_own_spread(setup) if small else _rate(setup, 1 / 10)))


def _slow(curve: Curve, setup: Setup) -> _Seen | None:
    if curve.late_share < 0.25 or curve.left < 0.2 or curve.wiggle > 0.05:
        return None
    evidence = f"the loss falls almost in a straight line, {curve.late_share:.0%} of its fall came in the second half"
    return _Seen("too slow", evidence, *_rate(setup, 10))


def _wild(curve: Curve, setup: Setup) -> _Seen | None:
    guessing = GUESSING[setup.network.cost][1](setup.network.sizes[-1])
    if curve.loss[0] < 3 * guessing:
        return None
    evidence = f"the first loss is {curve.loss[0]:.3g}, mere guessing would cost {guessing:.3g}"
    return _Seen("wild start weights", evidence, *_own_spread(setup))


def _noisy(curve: Curve, setup: Setup) -> _Seen | None:
    level = float(curve.loss[len(curve) // 2 :].mean() / curve.loss[0])
    if curve.wiggle < 0.15 or curve.wiggle * level < 0.01:
        return None
    evidence = f"the loss over all measured digits jumps by {curve.wiggle:.0%} from frame to frame"
    if setup.descent.batch_size > 16:
        return _Seen("too noisy", evidence, *_rate(setup, 1 / 3))
    size = setup.descent.batch_size * 8
    return _Seen("too noisy", evidence, f"larger mini-batches, of {size}", {"descent": {"batch_size": size}})


def _overfitting(curve: Curve, setup: Setup) -> _Seen | None:
    frame, lowest, last = curve.turn
    if last < 1.1 * lowest or curve.loss[curve.tail].mean() > 0.8 * curve.loss[frame]:
        return None
    gap = curve.accuracy[curve.tail].mean(), curve.validation_accuracy[curve.tail].mean()
    l2 = max(1e-3, 10 * setup.descent.l2)
    return _Seen(
        "overfitting",
        f"the validation loss rose from {lowest:.3f} at epoch {curve.epochs[frame]:.3g} to {last:.3f} while the training "
        f"loss fell on; accuracy {gap[0]:.1%} against {gap[1]:.1%} on validation",
        f"regularisation, λ = {l2:g}, or more digits, or stopping earlier",
        {"descent": {"l2": l2}},
    )


def _underfitting(curve: Curve, setup: Setup) -> _Seen | None:
    accuracy, validation = (float(a[curve.tail].mean()) for a in (curve.accuracy, curve.validation_accuracy))
    if curve.late_share > 0.1 or accuracy > 0.95 or accuracy - validation > 0.02 or curve.wiggle > 0.1:
        return None
    evidence = (
        f"the loss has levelled at {curve.loss[curve.tail].mean():.3f} with accuracy {accuracy:.1%} on training digits"
    )
    evidence += f" and {validation:.1%} on validation"
    if setup.descent.l2 > 0:
        l2 = setup.descent.l2 / 10
        return _Seen("underfitting", evidence, f"less regularisation, λ = {l2:g}", {"descent": {"l2": l2}})
    first, *hidden, last = setup.network.sizes
    sizes = (first, *(min(4096, 4 * size) for size in hidden or [8]), last)
    words = "a larger network, " + "-".join(map(str, sizes))
    return _Seen("underfitting", evidence, words, {"network": {"sizes": sizes}})
