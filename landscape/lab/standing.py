"""Where a descent of the lab stands, so that an experiment that is cut short can go on: to the same steps, soon stopped.

One way for all experiments: a result that is not whole holds the `Standing` of the descent that was under way, it is kept in the
record with the result, and `before` hands both back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.descent import Frame, FrameSchedule, descend, first_frame
from landscape.descent.optimiser import Optimiser
from landscape.descent.stopping import Stop
from landscape.errors import SetupError
from landscape.network import Network

# Multiplications and additions from a frame to the next: some 20 ms of a core of today.
BREATH = 2e9
# What a step takes besides its digits, in the same measure.
STEP = 3e5


@dataclass(frozen=True, eq=False)
class Standing:
    """K starts after update number `step`: θ (K, P), the optimiser's state (K, slots, P), and what judges explosions (K,)."""

    step: int
    thetas: NDArray
    state: NDArray
    first_losses: NDArray
    smoothed_losses: NDArray
    stops: tuple[Stop | None, ...]

    @classmethod
    def of(cls, frame: Frame) -> "Standing":
        """Where a descent stands at a frame."""
        return cls(frame.step, frame.thetas, frame.state, frame.first_losses, frame.smoothed_losses, frame.stops)

    def frame(self, starts: NDArray, optimiser: Optimiser) -> Frame:
        """The frame to go on from, in a descent from these starts (K, P); SetupError if this is none of its frames."""
        first = first_frame(starts, optimiser)
        held = {"thetas": self.thetas, "state": self.state}
        held |= {"first_losses": self.first_losses, "smoothed_losses": self.smoothed_losses}
        K = len(starts)
        fits = all(np.shape(array) == np.shape(getattr(first, name)) for name, array in held.items())
        if not fits or len(self.stops) != K or self.step < 1 or not np.isfinite(self.thetas).all():
            raise SetupError("what was kept of the experiment is of another descent: begin it anew")
        values = vars(first) | {name: np.array(array, getattr(first, name).dtype) for name, array in held.items()}
        return Frame(**(values | {"step": self.step, "stops": self.stops}))


@dataclass(frozen=True)
class Looks(FrameSchedule):
    """Frames at every `every`-th step to look at, and in between at every `breath`-th, so that a descent is soon stopped."""

    breath: int = 1

    @classmethod
    def of(cls, net: Network, batch_size: int, starts: int, every: int) -> "Looks":
        """The schedule of a descent of so many starts, looked at every so many steps."""
        # The starts share two cores at least.
        work = (6 * net.P * batch_size + STEP) * -(-starts // 2)
        return cls(every, max(1, int(BREATH / work)))

    def after(self, step: int, last: int) -> int:
        """The next step that is a frame."""
        return min(super().after(step, last), (step // self.breath + 1) * self.breath)

    def is_look(self, frame: Frame) -> bool:
        """Whether the frame is one to look at: the last always is."""
        return frame.step % self.every == 0 or frame.done >= 1


def descending(
    net: Network, thetas: NDArray, X: NDArray, y: NDArray, optimiser: Optimiser, batch_size: int, steps: int, seed: int,
    every: int, standing: Standing | None = None, **options: Any,
) -> Iterator[tuple[Frame, bool]]:  # fmt: skip
    """Descend so many steps from starts (K, P), or on from where it stood: frames, and whether each is one to look at.

    `options` are those of `descend`.
    """
    thetas = np.array(thetas, ndmin=2)
    looks = Looks.of(net, batch_size, len(thetas), every)
    begin = None if standing is None else standing.frame(thetas, optimiser)
    epochs = steps / max(1, -(-len(X) // max(1, batch_size)))
    frames = descend(
        net, thetas, X, y, optimiser, batch_size, epochs, seed, frames=looks, begin=begin, **options
    )  # fmt: skip
    for frame in frames:
        yield frame, looks.is_look(frame)
