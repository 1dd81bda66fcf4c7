"""When a start ends before its epochs are over: named, and ending that start alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# One mini-batch of a few examples is noisy: the loss that is judged is averaged over about so many examples.
EXAMPLES_JUDGED = 100


@dataclass(frozen=True)
class Stop:
    """Why and when a start ended: after update number `step`; the sentence says what to try."""

    reason: str
    step: int

    @property
    def sentence(self) -> str:
        """The reason in plain words, with a cure."""
        return {
            "exploded": f"exploded at step {self.step:,}: its loss rose above 3 times the first; try a smaller learning rate",
            "not_finite": f"left the numbers at step {self.step:,} (NaN or infinite); try a smaller learning rate",
        }.get(self.reason, f"{self.reason} at step {self.step:,}")


@dataclass(frozen=True)
class Explosion:
    """A start has exploded when its smoothed mini-batch loss exceeds `factor` times its first loss."""

    factor: float = 3.0

    def judge(
        self, losses: NDArray, batch_size: float, first: float, smoothed: float
    ) -> tuple[float, float, int | None, str]:
        """Follow one start's mini-batch losses (steps,), each taken before an update.

        Returns the first loss, the smoothed loss, and, if the start ends, the index of the loss that shows it and why.
        """
        weight = min(1.0, batch_size / EXAMPLES_JUDGED)
        for index, loss in enumerate(losses.tolist()):
            if not np.isfinite(loss):
                return first, smoothed, index, "not_finite"
            first = loss if np.isnan(first) else first
            smoothed = loss if np.isnan(smoothed) else smoothed + weight * (loss - smoothed)
            if smoothed > self.factor * max(first, 1e-12) and smoothed > 0.1:
                return first, smoothed, index, "exploded"
        return first, smoothed, None, ""
