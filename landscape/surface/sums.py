"""What an evaluation needs of a network along a plane: sums of the examples' costs at cells; and its plain numpy form.

Both forms use that the first layer is affine in (a, b), so both are exact. `PlainSums` follows the dtype of the plane
and serves float64, and float32 while the kernels are being compiled; `landscape.surface.compiled` is the fast form.
"""

import copy
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from landscape import compilation
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS

ACCURACY, SQUARES, EXAMPLES, CLASSES = 1, 2, 4, 8  # bits of `metrics`: what to find beside the sum of the costs
MOST_BYTES = 4e8  # of first layers' products held at once; more examples are worked through in slabs


class CellSums(Protocol):
    """Sums over blocks of examples at cells; blocks are numbered 0 to `blocks`, and are prepared before use.

    Up to `held` blocks fit in memory at once: those from the one that `hold` named last. `examples[k]` is the number of
    examples in the first k blocks, for each group of them. Groups are the classes where `metrics` asks for CLASSES, else
    there is one. The costs are in one unit and say how to cut the work into pieces of equal length: a piece of `budget`
    takes about 5 ms.
    """

    blocks: int
    held: int
    examples: NDArray[np.int64]  # (blocks + 1, groups)
    prepare_cost: float  # of a block
    cell_cost: float  # of a block at a cell
    budget: float
    largest_tile: int  # cells whose sums are found together, at most

    def hold(self, first: int) -> None:
        """From now on blocks first to first + held are meant."""

    def prepare(self, start: int, stop: int) -> None:
        """Compute the first layer of a range of blocks; ranges that do not meet may be prepared in parallel."""

    def sums(
        self, a: NDArray, b: NDArray, start: int, stop: int, each: NDArray, at: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Sums of costs, hits and squared costs of a range of blocks at each cell (a[i], b[i]), (cells, groups, 3).

        Where `metrics` asks for EXAMPLES, each[at[i], e] is set to the cost of example e at cell i.
        """

    def moved(self, shares: NDArray) -> Self:
        """The sums on another plane, whose origin, u and v are mixtures of these vectors: shares (3, vectors).

        All blocks must be held and prepared; those of the result are to be prepared anew, at the cost of a few additions.
        """


def cell_sums(net: Network, vectors: NDArray, X: NDArray, y: NDArray, metrics: int, together: bool = False) -> CellSums:
    """Sums along vectors (K, P): the compiled ones for float32, unless the kernels are just being compiled.

    together: examples of different classes may share a block where that saves time; the last digit is then another one.
    """
    if vectors.dtype != np.float32 or compilation.plain_path_serves():
        return PlainSums(net, vectors, X, y, metrics)
    from landscape.surface.compiled import CompiledSums

    return CompiledSums(net, vectors, X, y, metrics, together)


class PlainSums:
    """`CellSums` in plain numpy; blocks are BLOCK examples in the order given."""

    BLOCK = 128
    largest_tile = 4  # long rows of examples: numpy's calls cost as much as a hundred of them

    def __init__(self, net: Network, vectors: NDArray, X: NDArray, y: NDArray, metrics: int) -> None:
        self.net, self.X, self.y, self.metrics = net, X, y, metrics
        n, hidden, K = len(X), net.sizes[1], len(vectors)
        self.blocks = -(-n // self.BLOCK)
        self._edges = np.minimum(np.arange(self.blocks + 1) * self.BLOCK, n)
        self._groups = max(2, net.sizes[-1]) if metrics & CLASSES else 1
        of_group = np.equal(self._group(y)[:, None], np.arange(self._groups))
        self.examples = np.concatenate([np.zeros((1, self._groups), np.int64), of_group.cumsum(axis=0)])[self._edges]
        self.held = held(self.blocks, self.BLOCK * K * hidden * vectors.itemsize)
        self.prepare_cost = self.BLOCK * 3.0 * net.sizes[0] * hidden / 8  # a matrix product is fast even here
        self.cell_cost = self.BLOCK * (10.0 * sum(net.sizes[1:]) + net.P - net.parameter_counts[0])
        self.budget = 8e6
        # The vectors' weights and biases of each layer: (K, n_in, n_out), (K, n_out).
        self._weights, self._biases = net.unpack(vectors)
        self._first = np.empty((K, min(n, self.held * self.BLOCK), hidden), vectors.dtype)  # Z₀, Z_u, Z_v
        self._beginning = 0  # the first example held
        self._products: NDArray | None = None  # of the vectors that a moved plane's are mixed from,
        self._shares = np.eye(3, K, dtype=vectors.dtype)  # in these shares

    def _group(self, y: NDArray) -> NDArray[np.int64]:
        return y.astype(np.int64) if self.metrics & CLASSES else np.zeros(len(y), np.int64)

    def hold(self, first: int) -> None:
        self._beginning = int(self._edges[first])

    def _rows(self, start: int, stop: int) -> tuple[slice, slice]:
        """The examples of a range of blocks: where they are among all, and among those held."""
        begin, end = int(self._edges[start]), int(self._edges[stop])
        return slice(begin, end), slice(begin - self._beginning, end - self._beginning)

    @np.errstate(all="ignore")
    def prepare(self, start: int, stop: int) -> None:
        rows, held = self._rows(start, stop)
        if self._products is not None:
            products = self._products[:, held]
            mixed = self._shares @ products.reshape(len(products), -1)
            self._first[:, held] = mixed.reshape(3, *products.shape[1:])
            return
        X = self.X[rows].astype(self._first.dtype, copy=False)
        for W, b, z in zip(self._weights[0], self._biases[0], self._first):
            np.matmul(X, W, out=z[held])
            z[held] += b

    @np.errstate(all="ignore")  # far away θ may overflow: such cells become NaN
    def sums(
        self, a: NDArray, b: NDArray, start: int, stop: int, each: NDArray, at: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        rows, held = self._rows(start, stop)
        y, first = self.y[rows], self._first[:, held]
        respond = ACTIVATIONS[self.net.activation].value
        result = np.zeros((len(a), self._groups, 3))
        group = self._group(y)
        for cell, place in enumerate(zip(a, b)):
            x = _at(place, first)
            for W, biases in zip(self._weights[1:], self._biases[1:]):
                x = respond(x) @ _at(place, W)
                x += _at(place, biases)
            losses = self.net.cost_function.example_losses(x, y).astype(np.float64, copy=False)
            found = [losses, self._winner(x) == y, losses**2]
            for k, values in enumerate(found):
                if k == 0 or self.metrics & k:  # ACCURACY is 1, SQUARES is 2
                    result[cell, :, k] = np.bincount(group, values, self._groups) if self._groups > 1 else values.sum()
            if self.metrics & EXAMPLES:
                each[at[cell], rows] = losses
        return result

    def moved(self, shares: NDArray) -> Self:
        other = copy.copy(self)
        other._shares = shares.astype(self._first.dtype)
        other._weights = [np.tensordot(other._shares, W, 1) for W in self._weights[1:]]
        other._weights.insert(0, self._weights[0])
        other._biases = [np.tensordot(other._shares, b, 1) for b in self._biases[1:]]
        other._biases.insert(0, self._biases[0])
        other._products, other._first = self._first, np.empty((3, *self._first.shape[1:]), self._first.dtype)
        other.prepare_cost = self.BLOCK * 3.0 * shares.size * self.net.sizes[1] / 8
        return other

    @staticmethod
    def _winner(z: NDArray) -> NDArray:
        return (z[:, 0] > 0).astype(np.int64) if z.shape[1] == 1 else z.argmax(axis=1)


def held(blocks: int, bytes_each: float) -> int:
    """How many blocks to hold at once, at least 1."""
    return max(1, min(blocks, int(MOST_BYTES / bytes_each)))


def _at(place: tuple[float, float], values: NDArray) -> NDArray:
    """What is affine along the plane, (3, ...) of origin, u and v, at a place (a, b): (...), in its own dtype."""
    a, b = (values.dtype.type(share) for share in place)  # numpy 2: a float64 scalar would make all of it float64
    result = a * values[1]
    result += values[0]
    result += b * values[2]
    return result
