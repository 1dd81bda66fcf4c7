"""What one learns to see in the curves of a descent, as figures that can be asked of any run.

A curve is one start's losses over its frames, measured over the same digits every time: what wiggles in it is the descent
itself, not the choice of a mini-batch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.run import Run


@dataclass(frozen=True, eq=False)
class Curve:
    """One start's measured losses and accuracies (F,), its frames' epochs, and how far its updates moved the weights."""

    epochs: NDArray
    loss: NDArray
    validation_loss: NDArray
    accuracy: NDArray
    validation_accuracy: NDArray
    update_ratio: NDArray

    @classmethod
    def of(cls, run: Run, start: int) -> "Curve":
        """The curve of a start of a run, up to its last frame with a finite loss."""
        names = ("loss", "validation_loss", "accuracy", "validation_accuracy", "update_ratio")
        figures = [run.figure(name)[:, start] for name in names]
        finite = np.isfinite(figures[0]) & np.isfinite(figures[1])
        count = len(finite) if finite.all() else int(np.argmin(finite))
        return cls(run.figure("epoch")[:count], *(figure[:count] for figure in figures))

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def left(self) -> float:
        """What is left of the first loss at the end, as a share of it."""
        return float(self.loss[-1] / self.loss[0])

    @property
    def late_share(self) -> float:
        """How much of all that was gained came in the second half: 1/2 for a straight line, near 0 for what has levelled."""
        gained = self.loss[0] - self.loss[-1]
        return float((self.loss[len(self) // 2] - self.loss[-1]) / gained) if gained > 0 else 0.0

    @property
    def wiggle(self) -> float:
        """How widely the loss jumps from frame to frame in the second half, as a share of the loss.

        The standard deviation of the second differences of log loss over √6: of pure noise it is the noise's own, and
        a straight or evenly bent trend adds nothing.
        """
        late = np.log(np.maximum(self.loss[len(self) // 2 :], 1e-12))
        return float(np.std(np.diff(late, n=2)) / np.sqrt(6)) if len(late) > 3 else 0.0

    @property
    def typical_update(self) -> float:
        """The median length of an update as a share of the weights' length; NaN where it was never recorded."""
        known = self.update_ratio[np.isfinite(self.update_ratio)]
        return float(np.median(known)) if len(known) else float("nan")

    @property
    def tail(self) -> slice:
        """The last tenth of the frames."""
        return slice(-max(1, len(self) // 10), None)

    @property
    def turn(self) -> tuple[int, float, float]:
        """Where the validation loss, averaged over a tenth of the frames, is lowest: the frame, that mean, and the last one."""
        over = max(1, len(self) // 10)
        means = np.convolve(self.validation_loss, np.ones(over) / over, "valid")
        lowest = int(np.argmin(means))
        return lowest + over // 2, float(means[lowest]), float(means[-1])
