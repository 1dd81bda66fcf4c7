"""The straight line from one model to another: loss and accuracy on the way, and the barrier between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.matching import checked_theta, neuron_orders, one_by_one, reordered
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import evaluate_progressively


@dataclass(frozen=True, eq=False)
class Line:
    """Loss and accuracy (points,) at (1 − t)·θ_a + t·θ_b; t (points,) runs from 0 to 1.

    While a line is being evaluated (`done` is the fraction of it), it is still coarse.
    """

    t: NDArray[np.float64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    examples: int
    done: float = 1.0

    @cached_property
    def barrier(self) -> float:
        """How far the loss rises above the straight line between the losses of its ends (Frankle et al. 2020); 0 if never."""
        return float(np.max(self.loss - _straight(self.t, self.loss)))

    @cached_property
    def accuracy_barrier(self) -> float:
        """How far the accuracy falls below the straight line between the accuracies of its ends; 0 if never."""
        return float(np.max(_straight(self.t, self.accuracy) - self.accuracy))


def _straight(t: NDArray, values: NDArray) -> NDArray:
    return values[0] + t * (values[-1] - values[0])


@dataclass(frozen=True, eq=False)
class Matched:
    """The line to θ_b while its neurons are moved to their places: `moves` of them done, out of `all_moves`."""

    theta: NDArray
    line: Line
    moves: int
    all_moves: int
    done: float


def interpolate(net: Network, theta_a: NDArray, theta_b: NDArray, X: NDArray, y: NDArray, points: int = 51) -> Line:
    """Loss and accuracy over examples X (n, n_in), y (n,) at evenly spaced points from θ_a to θ_b, both ends included."""
    *_, whole = interpolating(net, theta_a, theta_b, X, y, points)
    return whole


def interpolating(
    net: Network, theta_a: NDArray, theta_b: NDArray, X: NDArray, y: NDArray, points: int = 51
) -> Iterator[Line]:
    """`interpolate` as a generator of ever finer lines; the last is the whole. Closing it cancels it."""
    if points < 2:
        raise SetupError(f"a line needs at least 2 points, its ends, not {points}")
    theta_a, theta_b = checked_theta(net, theta_a), checked_theta(net, theta_b)
    return _interpolating(net, theta_a, theta_b, X, y, np.linspace(0.0, 1.0, points))


def _interpolating(
    net: Network, theta_a: NDArray, theta_b: NDArray, X: NDArray, y: NDArray, t: NDArray
) -> Iterator[Line]:
    along = theta_b - theta_a
    if not along.any():  # the same model twice: a line of no length
        loss, accuracy = net.loss_and_accuracy(theta_a, X, y)
        yield Line(t, np.full(len(t), float(loss)), np.full(len(t), float(accuracy)), len(X))
        return
    # A line is a plane of which one row is drawn; any second direction serves: one on which the line hardly leans.
    across = np.zeros_like(along)
    across[np.abs(along).argmin()] = 1
    plane = Plane(theta_a, along, across)
    for surface in evaluate_progressively(net, plane, X, y, t, [0.0], ("loss", "accuracy")):
        assert surface.accuracy is not None
        yield Line(t, surface.loss[0], surface.accuracy[0], len(X), surface.done)


def falling_barrier(
    net: Network,
    theta_a: NDArray,
    theta_b: NDArray,
    X: NDArray,
    y: NDArray,
    points: int = 51,
    frames: int = 60,
    seed: int = 0,
) -> Iterator[Matched]:
    """An animation of matching: the line as it is, then after one more neuron (or a few) of θ_b has changed places.

    Every frame's θ_b computes the same; the last is `match_neurons`. At most about `frames` frames. Closing it cancels it.
    """
    orders = neuron_orders(net, theta_a, theta_b, seed)
    ways = [[np.arange(len(order)) for order in orders], *one_by_one(net, orders)]
    moves = len(ways) - 1
    for move in np.unique(np.linspace(0, moves, min(moves, frames) + 1).round().astype(int)).tolist():
        theta = reordered(net, theta_b, ways[move])
        line = interpolate(net, theta_a, theta, X, y, points)
        yield Matched(theta, line, move, moves, move / moves if moves else 1.0)
