"""What an evaluation needs of a network along a plane: sums of the examples' costs at cells; and its plain numpy form.

Both forms use that the first layer is affine in (a, b), so both are exact. `PlainSums` follows the dtype of the plane
and serves float64, and float32 while the kernels are being compiled; `landscape.surface.compiled` is the fast form.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.plane import Plane

ACCURACY, SQUARES = 1, 2  # bits of `metrics`: what to sum up beside the costs


class CellSums(Protocol):
    """Sums over blocks of examples at cells; blocks are numbered 0 to `blocks`, and are prepared before use.

    `examples[k]` is the number of examples in the first k blocks. The costs are in one unit and say how to cut the work
    into pieces of equal length: a piece of `budget` takes about 5 ms.
    """

    blocks: int
    examples: NDArray[np.int64]
    prepare_cost: float  # of a block
    cell_cost: float  # of a block at a cell
    budget: float
    largest_tile: int  # cells that are best summed in one call

    def prepare(self, start: int, stop: int) -> None:
        """Compute the first layer of a range of blocks; ranges that do not meet may be prepared in parallel."""

    def sums(self, a: NDArray, b: NDArray, start: int, stop: int) -> NDArray[np.float64]:
        """Sums of costs, hits and squared costs of a range of blocks at each cell (a[i], b[i]), (cells, 3)."""


class PlainSums:
    """`CellSums` in plain numpy; blocks are BLOCK examples in the order given."""

    BLOCK = 256
    largest_tile = 64

    def __init__(self, net: Network, plane: Plane, X: NDArray, y: NDArray, metrics: int) -> None:
        self.net, self.plane, self.X, self.y, self.metrics = net, plane, X, y, metrics
        n, hidden = len(X), net.sizes[1]
        self.blocks = -(-n // self.BLOCK)
        self.examples = np.minimum(np.arange(self.blocks + 1) * self.BLOCK, n)
        self.prepare_cost = self.BLOCK * 3.0 * net.sizes[0] * hidden / 8  # a matrix product is fast even here
        self.cell_cost = self.BLOCK * (10.0 * sum(net.sizes[1:]) + net.P - net.parameter_counts[0])
        self.budget = 8e6
        self._first = np.empty((3, n, hidden), plane.origin.dtype)  # Z₀, Z_u, Z_v

    def prepare(self, start: int, stop: int) -> None:
        at = slice(self.examples[start], self.examples[stop])
        X = self.X[at].astype(self._first.dtype, copy=False)
        for theta, z in zip((self.plane.origin, self.plane.u, self.plane.v), self._first):
            weights, biases = self.net.unpack(theta)
            np.matmul(X, weights[0], out=z[at])
            z[at] += biases[0]

    @np.errstate(all="ignore")  # far away θ may overflow: such cells become NaN
    def sums(self, a: NDArray, b: NDArray, start: int, stop: int) -> NDArray[np.float64]:
        at = slice(self.examples[start], self.examples[stop])
        y, (z0, zu, zv) = self.y[at], self._first[:, at]
        result = np.zeros((len(a), 3))
        for cell, theta in enumerate(self._tails(a, b)):
            x, dtype = z0, z0.dtype.type
            x = z0 + dtype(a[cell]) * zu + dtype(b[cell]) * zv  # numpy 2: a float64 scalar would make all of it float64
            for W, biases in theta:
                x = ACTIVATIONS[self.net.activation].value(x) @ W + biases
            losses = self.net.cost_function.example_losses(x, y).astype(np.float64)
            result[cell, 0] = losses.sum()
            if self.metrics & ACCURACY:
                result[cell, 1] = (self._winner(x) == y).sum()
            if self.metrics & SQUARES:
                result[cell, 2] = np.square(losses).sum()
        return result

    def _tails(self, a: NDArray, b: NDArray) -> list[list[tuple[NDArray, NDArray]]]:
        """Weights and biases of the layers after the first, at each cell."""
        found = []
        for point in self.plane.point(a, b):
            weights, biases = self.net.unpack(point)
            found.append(list(zip(weights[1:], biases[1:])))
        return found

    @staticmethod
    def _winner(z: NDArray) -> NDArray:
        return (z[:, 0] > 0).astype(np.int64) if z.shape[1] == 1 else z.argmax(axis=1)
