"""Prepares digits and network for the compiled gradient steps, once a descent."""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.descent import kernels
from landscape.descent.optimiser import SGD
from landscape.descent.steps import FreePlane, Steps
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS

# Rows of the first layer are padded with zeros to a whole number of vector registers of 8 float32.
LANES = 8
ROWS_AT_ONCE = 2000


def sparse_rows(X: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """The values of X (n, n_in) float32 that are not zero, their columns, and where each row begins (n + 1,)."""
    n = len(X)
    blocks = [(first, min(n, first + ROWS_AT_ONCE)) for first in range(0, n, ROWS_AT_ONCE)]
    counts = np.empty(n, np.int64)
    deque(cores.spread(lambda block: kernels.count_nonzero(X, *block, counts), blocks), maxlen=0)
    begins = np.concatenate([[0], np.cumsum(counts)])
    values, columns = np.empty(begins[-1], np.float32), np.empty(begins[-1], np.int32)
    deque(cores.spread(lambda block: kernels.take_nonzero(X, *block, begins, values, columns), blocks), maxlen=0)
    return values, columns, begins


class CompiledSteps:
    """`take_steps` of SGD in float32, compiled; call it with (theta, state, index, offsets, rates, first)."""

    def __init__(
        self, net: Network, X: NDArray, y: NDArray, optimiser: SGD, l2: float, plane: FreePlane | None
    ) -> None:
        self._shape = net.layer_shapes[0]
        self._width = -(-self._shape[1] // LANES) * LANES
        self._labels = np.asarray(y, np.int64)
        self._first_parameters = net.parameter_counts[0]
        self._plane = plane
        self._rules = (
            np.float32(optimiser.momentum),
            optimiser.nesterov,
            np.float32(optimiser.weight_decay),
            np.float32(l2),
            np.array(net.sizes, np.int64),
            np.array([at.start for at, _ in net.layout], np.int64),
            np.cumsum([0, self._width, *net.sizes[2:]], dtype=np.int64),
            list(ACTIVATIONS).index(net.activation),
            list(COSTS).index(net.cost),
        )
        if plane is None:
            self._sparse = sparse_rows(X)
        else:
            self._prepare_plane(net, X, plane)

    def _prepare_plane(self, net: Network, X: NDArray, plane: FreePlane) -> None:
        vectors = np.stack([plane.origin, *plane.Q])
        weights, biases = net.unpack(vectors)
        self._first_layer = np.zeros((3, len(X), self._width), np.float32)
        self._first_layer[..., : self._shape[1]] = np.matmul(X, weights[0]) + biases[0][:, None, :]
        only_weights = (vectors * net.is_weight).astype(np.float64)
        self._penalties = (only_weights @ only_weights.T).astype(np.float32)

    def __call__(
        self, theta: NDArray, state: NDArray, index: NDArray, offsets: NDArray, rates: Sequence[float], first: int
    ) -> Steps:
        losses, lengths = np.empty(len(rates)), np.empty(2)
        series = (self._labels, index, offsets, np.asarray(rates, np.float32))
        if self._plane is None:
            here = self._opened(theta)
            velocity = self._opened(state[0] if len(state) else np.zeros_like(theta))
            kernels.full_steps(
                here[0], velocity[0], here[1], velocity[1], *self._sparse, *series, *self._rules, losses, lengths
            )
            state = self._closed(theta, *velocity)[None] if len(state) else state
            return Steps(self._closed(theta, *here), state, losses, *lengths)
        plane = self._plane
        free = plane.coordinates(theta[None])[0]
        velocity = state[0].copy() if len(state) else np.zeros_like(free)
        ways = (self._first_layer, plane.origin, plane.Q, self._first_parameters, self._penalties)
        kernels.plane_steps(free, velocity, *ways, *series, *self._rules, losses, lengths)
        return Steps(plane.points(free[None])[0], velocity[None] if len(state) else state, losses, *lengths)

    def _opened(self, theta: NDArray) -> tuple[NDArray, NDArray]:
        """The first layer's weights with padded rows, and the other parameters with its padded biases behind them."""
        n_in, h = self._shape
        W = np.zeros((n_in, self._width), np.float32)
        W[:, :h] = theta[: n_in * h].reshape(n_in, h)
        rest = np.zeros(len(theta) + self._width, np.float32)
        rest[self._first_parameters : len(theta)] = theta[self._first_parameters :]
        rest[len(theta) : len(theta) + h] = theta[n_in * h : self._first_parameters]
        return W, rest

    def _closed(self, theta: NDArray, W: NDArray, rest: NDArray) -> NDArray:
        """The flat vector that `_opened` took apart."""
        h = self._shape[1]
        P = len(theta)
        return np.concatenate([W[:, :h].ravel(), rest[P : P + h], rest[self._first_parameters : P]])
