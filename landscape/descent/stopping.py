"""When a start ends before its epochs are over: named, and ending that start alone.

Two judges, each where its figures are: the descent knows every mini-batch loss and judges explosions and NaN at every update;
the exploration measures true and validation losses at frames and judges target, patience and dead units there. What
is judged at a frame follows from the recorded frames alone, so a run that is resumed ends where it would have.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network

# One mini-batch of a few examples is noisy: the loss that is judged is averaged over about so many examples.
EXAMPLES_JUDGED = 100


# A ReLU layer is dead when so large a share of its units answers none of so many digits, at two frames in a row.
SILENT_SHARE = 0.95
DIGITS_ASKED = 1000
# Networks that guess are right about as often as the commonest class is there; sampling may add so much.
GUESSING_MARGIN = 0.03


@dataclass(frozen=True)
class Stop:
    """Why and when a start ended: after update number `step`; the sentence says what to try.

    `detail` holds the figures that the reason rests on, as the middle of the sentence.
    """

    reason: str
    step: int
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The reason in plain words, with a cure where there is something to cure."""
        return {
            "exploded": f"exploded at step {self.step:,}: its loss rose above 3 times the first; try a smaller learning rate",
            "not_finite": f"left the numbers at step {self.step:,} (NaN or infinite); try a smaller learning rate",
            "dead": f"died at step {self.step:,}: {self.detail}; silent units get no gradient: "
            "try a smaller learning rate, or tanh, which can't die",
            "target": f"reached its target at step {self.step:,}: {self.detail}",
            "patience": f"ended at step {self.step:,}: {self.detail}; more of the same would only overfit, "
            "and its best parameters are kept",
        }.get(self.reason, f"{self.reason} at step {self.step:,}")

    @property
    def word(self) -> str:
        """The reason in a word or two, for tables and pictures."""
        short = {"not_finite": "NaN", "target": "target reached", "patience": "out of patience"}
        return short.get(self.reason, self.reason)

    @property
    def failed(self) -> bool:
        """Whether something went wrong; reaching a target or running out of patience is no failure."""
        return self.reason not in ("target", "patience")


@dataclass(frozen=True)
class Explosion:
    """A start has exploded when its smoothed mini-batch loss exceeds `factor` times its first loss, and `floor`.

    A descent that begins low, at the best of another or at a point chosen in a valley, has a first loss that the noise of
    mini-batches exceeds many times over: it has exploded only where it is worse than knowing nothing.
    """

    factor: float = 3.0
    floor: float = 0.1

    def judge(
        self, losses: NDArray, batch_size: float, first: float, smoothed: float
    ) -> tuple[float, float, int | None, str]:
        """Follow one start's mini-batch losses (steps,), each taken before an update.

        Returns the first loss, the smoothed loss, and, if the start ends, the index of the loss that shows it and why.
        """
        weight = min(1.0, batch_size / EXAMPLES_JUDGED)
        for index, loss in enumerate(losses.tolist()):
            if not math.isfinite(loss):
                return first, smoothed, index, "not_finite"
            first = loss if math.isnan(first) else first
            smoothed = loss if math.isnan(smoothed) else smoothed + weight * (loss - smoothed)
            if smoothed > self.factor * max(first, 1e-12) and smoothed > self.floor:
                return first, smoothed, index, "exploded"
        return first, smoothed, None, ""


@dataclass(frozen=True)
class Goals:
    """What ends a start at a frame: a target for its measured loss, a patience in epochs on its validation loss."""

    target_loss: float | None = None
    patience: float | None = None

    def judge(self, step: int, epochs: NDArray, losses: NDArray, validation_losses: NDArray) -> Stop | None:
        """One start's figures at all frames so far, (F,) each; the last frame is the one that is judged."""
        if self.target_loss is not None and losses[-1] <= self.target_loss:
            return Stop("target", step, f"a loss of {losses[-1]:.4g}, {self.target_loss:g} was wanted")
        if self.patience is None or not np.isfinite(validation_losses).any():
            return None
        lowest = int(np.nanargmin(validation_losses))
        if epochs[-1] - epochs[lowest] < self.patience:
            return None
        return Stop(
            "patience",
            step,
            f"its validation loss has not fallen for {epochs[-1] - epochs[lowest]:.3g} epochs "
            f"(lowest {validation_losses[lowest]:.4g} at epoch {epochs[lowest]:.3g})",
        )


def guesses(accuracy: float, y: NDArray) -> bool:
    """Whether a network is right no more often than one that always names the commonest class of y (n,)."""
    commonest = np.bincount(y).max() / len(y)
    return bool(accuracy <= commonest + GUESSING_MARGIN)


def silent_layer(net: Network, theta: NDArray, X: NDArray) -> str:
    """The first ReLU layer in which (nearly) all units answer no example of X, as words; empty if there is none."""
    if net.activation != "relu":
        return ""
    with np.errstate(over="ignore", invalid="ignore"):
        hidden = net.layers(theta, X[:DIGITS_ASKED])[1:-1]
    for number, values in enumerate(hidden, start=1):
        units = values.shape[-1]
        silent = units - int((values > 0).any(axis=0).sum())
        if silent >= SILENT_SHARE * units:
            share = f"all {units}" if silent == units else f"{silent} of the {units}"
            return f"{share} ReLU units of hidden layer {number} are silent"
    return ""
