"""Some gradient steps in a row: the plain form that anyone can read, and the specification of the compiled one.

`take_steps` is the only place where a mini-batch becomes an update. It works for every optimiser, in the full space or
inside a plane. `landscape.descent.kernels` repeats the same arithmetic compiled, in float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent.optimiser import Optimiser
from landscape.network import Network


@dataclass(frozen=True, eq=False)
class FreePlane:
    """The two free coordinates of descent inside a plane: θ = origin + c·Q with orthonormal rows Q (2, P).

    With orthonormal coordinates a step of plain gradient descent is the orthogonal projection of the full step
    onto the plane, whatever the lengths and the angle of the plane's own u and v.
    """

    origin: NDArray
    Q: NDArray

    @classmethod
    def of(cls, origin: NDArray, u: NDArray, v: NDArray) -> "FreePlane":
        """Orthonormal coordinates of the plane origin + a·u + b·v."""
        Q = np.linalg.qr(np.stack([u, v], axis=1).astype(np.float64))[0].T
        return cls(origin, np.ascontiguousarray(Q, origin.dtype))

    def coordinates(self, thetas: NDArray) -> NDArray:
        """Orthonormal coordinates (K, 2) of models in the plane."""
        return (thetas - self.origin) @ self.Q.T

    def points(self, coordinates: NDArray) -> NDArray:
        """The models (K, P) at orthonormal coordinates (K, 2)."""
        return self.origin + coordinates @ self.Q


@dataclass(frozen=True)
class Steps:
    """The outcome of S steps of one start: θ (P,), state, the mini-batch loss before each update (S,), and the
    lengths of the last gradient and the last update."""

    theta: NDArray
    state: NDArray
    losses: NDArray
    gradient_norm: float
    update_norm: float


def take_steps(
    net: Network,
    theta: NDArray,
    state: NDArray,
    X: NDArray,
    y: NDArray,
    index: NDArray,
    offsets: NDArray,
    optimiser: Optimiser,
    rates: Sequence[float],
    first: int,
    l2: float,
    plane: FreePlane | None,
) -> Steps:
    """Follow one start through the mini-batches index[offsets[s]:offsets[s+1]]; `first` is the first update's number."""
    losses = np.empty(len(rates))
    gradient_norm = update_norm = np.nan
    here = theta[None]
    free = here if plane is None else plane.coordinates(here)
    state = state[None]
    for s, rate in enumerate(rates):
        batch = index[offsets[s] : offsets[s + 1]]
        loss, gradient = net.loss_and_gradient(here[0], X[batch], y[batch], l2)
        gradient = gradient[None] if plane is None else (gradient @ plane.Q.T)[None]
        moved, state = optimiser.step(free, gradient, state, first + s, rate)
        losses[s] = loss
        gradient_norm, update_norm = float(np.linalg.norm(gradient)), float(np.linalg.norm(moved - free))
        free = moved
        here = free if plane is None else plane.points(free)
    return Steps(here[0], state[0], losses, gradient_norm, update_norm)
