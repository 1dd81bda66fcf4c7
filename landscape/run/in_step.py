"""Starts kept in step by their loss: each where its loss first got as low as that of one of them, the leader.

Paths of different speed are compared by this at an equal loss instead of an equal number of steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class InStep:
    """At which recorded frame each start stands, (K,); `loss` is the leader's.

    `reached` (K,) says whose loss got that low; the others stand where theirs was lowest.
    """

    frames: NDArray
    reached: NDArray
    loss: float
    leader: int


def in_step_by_loss(losses: NDArray, leader: int, frame: int, loss: float | None = None) -> InStep:
    """Where the starts stand whose recorded losses are (F, K), while the leader stands at `frame`.

    `loss` is the leader's where it stands between that frame and the next; by default it is that of the frame. A loss that is
    not a number counts as higher than any other.
    """
    known = np.where(np.isfinite(losses), losses, np.inf)
    loss = float(losses[frame, leader] if loss is None else loss)
    low_enough: NDArray = known <= loss  # none, if the leader's loss is not a number
    reached: NDArray = np.any(low_enough, axis=0)
    frames = np.where(reached, low_enough.argmax(axis=0), known.argmin(axis=0))
    frames[leader], reached[leader] = frame, True
    return InStep(frames, reached, loss, leader)
