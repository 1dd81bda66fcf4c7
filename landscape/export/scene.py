"""What there is to see: shadows, true losses and the best so far at every frame, ready to be drawn."""

from collections import deque
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.export.loss_scale import loss_text
from landscape.run import Run
from landscape.run.measured import path_heights, recorded_heights
from landscape.run.portrait import Portrait
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS, Measure


@dataclass(frozen=True, eq=False)
class Scene:
    """A run on a plane over a surface: F frames, K starts; shadows (F, K, 2), true losses (F, K), steps, epochs (F,).

    `losses` are the frames' own heights in the surface's measure, so that balls and surface are heights of one thing:
    losses with the same penalty, accuracies in percent, or differences.
    `best` (F,) is the place of the best so far in the flattened (F, K).
    """

    run: Run
    portrait: Portrait
    surface: Surface
    steps: NDArray
    epochs: NDArray
    losses: NDArray
    best: NDArray

    @classmethod
    def of(cls, run: Run, portrait: Portrait, surface: Surface) -> Self:
        """The scene of a run's frames that the portrait holds; SetupError where the three do not belong together."""
        if portrait.plane is not surface.plane and not _same_plane(portrait, surface):
            raise SetupError("the surface lies in another plane than the paths; evaluate it on the portrait's plane")
        if portrait.coordinates.shape[1] != run.K or portrait.frames > run.frames:
            raise SetupError("the portrait belongs to another run; make it again with portray(run)")
        F = portrait.frames
        measure = surface.measure or THE_LOSS
        if measure.recorded:
            losses = recorded_heights(run, measure, F)
            if surface.l2:
                losses = losses + np.stack([run.net.penalty(run.thetas[frame], surface.l2) for frame in range(F)])
        else:
            losses = deque(path_heights(run, measure, F), maxlen=1).pop()
        ranked = losses if measure.is_loss else run.figure("loss")[:F]
        known = np.where(np.isfinite(ranked), ranked, np.inf)
        lowest = known.min(axis=1)
        # The frame that first reached the running minimum: equal losses later are no new best.
        holder = np.maximum.accumulate(np.where(lowest < _before(lowest), np.arange(F), 0))
        best = holder * run.K + known[holder].argmin(axis=1)
        return cls(run, portrait, surface, run.steps[:F], run.figure("epoch")[:F], losses, best)

    @property
    def measure(self) -> Measure:
        """What the heights are."""
        return self.surface.measure or THE_LOSS

    def best_words(self, frame: int) -> str:
        """The loss by which the best so far is the best, such as "loss 0.117"."""
        found, start = self.best_at(frame)
        losses = self.losses if self.measure.is_loss else self.run.figure("loss")
        return f"loss {loss_text(float(losses[found, start]))}"

    @property
    def frames(self) -> int:
        """Number of frames F."""
        return len(self.steps)

    @property
    def K(self) -> int:
        """Number of starts."""
        return self.run.K

    @property
    def shadows(self) -> NDArray:
        """Coordinates (F, K, 2) of every frame's shadow."""
        return self.portrait.coordinates

    def frame_at(self, step: int | None) -> int:
        """The frame to show for a step: the last at or before it; the last of all for None."""
        if step is None:
            return self.frames - 1
        last = int(self.steps[-1])
        if not 0 <= step <= last:
            raise SetupError(f"step {step:,} does not exist: the picture has steps 0 to {last:,}", "step")
        return int(np.searchsorted(self.steps, step, side="right")) - 1

    def best_at(self, frame: int) -> tuple[int, int]:
        """Frame and start of the best parameters found up to a frame."""
        found, start = divmod(int(self.best[frame]), self.K)
        return found, start

    def failure(self, start: int, frame: int) -> str:
        """What has ended a start by this frame, in a word or two, if something went wrong; else nothing."""
        stop = self.run.stops[start]
        return stop.word if stop is not None and stop.failed and stop.step <= int(self.steps[frame]) else ""


def _before(lowest: NDArray) -> NDArray:
    return np.concatenate([[np.inf], np.minimum.accumulate(lowest)[:-1]])


def _same_plane(portrait: Portrait, surface: Surface) -> bool:
    pairs = ((getattr(portrait.plane, name), getattr(surface.plane, name)) for name in ("origin", "u", "v"))
    return all(np.array_equal(one, other) for one, other in pairs)
