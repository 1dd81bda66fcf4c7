"""Prepares digits and network for the compiled gradient steps, once a descent."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.descent import kernels
from landscape.descent.optimiser import SGD
from landscape.descent.steps import FreePlane, Steps
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS


class CompiledSteps:
    """`take_steps` of SGD in float32, compiled; call it with (theta, state, index, offsets, rates, first)."""

    def __init__(
        self, net: Network, X: NDArray, y: NDArray, optimiser: SGD, l2: float, plane: FreePlane | None
    ) -> None:
        sizes = np.array(net.sizes, np.int64)
        self._labels = np.asarray(y, np.int64)
        self._plane = plane
        self._rules = (
            np.float32(optimiser.momentum),
            optimiser.nesterov,
            np.float32(optimiser.weight_decay),
            np.float32(l2),
            sizes,
            np.array([at.start for at, _ in net.layout], np.int64),
            np.cumsum([0, *net.sizes[1:]], dtype=np.int64),
            list(ACTIVATIONS).index(net.activation),
            list(COSTS).index(net.cost),
        )
        if plane is None:
            self._sparse = kernels.nonzero_rows(X)
        else:
            self._prepare_plane(net, X, plane)

    def _prepare_plane(self, net: Network, X: NDArray, plane: FreePlane) -> None:
        vectors = np.stack([plane.origin, *plane.Q])
        weights, biases = net.unpack(vectors)
        self._first_layer = np.matmul(X, weights[0]) + biases[0][:, None, :]  # (3, n, h)
        only_weights = (vectors * net.is_weight).astype(np.float64)
        self._penalties = (only_weights @ only_weights.T).astype(np.float32)
        self._later = net.parameter_counts[0]

    def __call__(
        self, theta: NDArray, state: NDArray, index: NDArray, offsets: NDArray, rates: Sequence[float], first: int
    ) -> Steps:
        figures = np.empty((3, len(rates)), np.float64)
        velocity = state[0].copy()
        series = (self._labels, index, offsets, np.asarray(rates, np.float32))
        if self._plane is None:
            free = theta.copy()
            kernels.full_steps(free, velocity, *self._sparse, *series, *self._rules, figures)
            return Steps(free, velocity[None], *figures)
        plane = self._plane
        free = plane.coordinates(theta[None])[0]
        ways = (self._first_layer, plane.origin, plane.Q, self._later, self._penalties)
        kernels.plane_steps(free, velocity, *ways, *series, *self._rules, figures)
        return Steps(plane.points(free[None])[0], velocity[None], *figures)
