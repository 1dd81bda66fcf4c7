"""`CellSums` by the compiled kernels: examples in strips, most often of one class, with the first layer's products."""

import copy
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape import compilation
from landscape.network import Network
from landscape.surface.sums import CLASSES, held

MIXED_COST = 1.1  # of a strip of several classes, beside one of a single class


class CompiledSums:
    """Sums in float32 with float64 totals; a block is a strip of examples, of one class unless they may stand together."""

    budget = 1.5e8

    def __init__(
        self, net: Network, vectors: NDArray, X: NDArray, y: NDArray, metrics: int, together: bool = False
    ) -> None:
        with compilation.LOADING:
            from landscape import simd
            from landscape.surface import kernels  # loads numba, and compiles if nothing compiled is on disk

        self._kernels = kernels
        self.X, self.metrics = X, metrics
        self._sizes = np.array(net.sizes, np.int64)
        self._codes = kernels.ACTIVATION_CODES[net.activation], kernels.COST_CODES[net.cost]
        K, hidden = len(vectors), net.sizes[1]
        weights, biases = (of_layers[0] for of_layers in net.unpack(vectors))  # (K, n_in, n_hidden), (K, n_hidden)
        # (n_in + 1, K·n_hidden), flat
        self._weights = np.concatenate([weights.transpose(1, 0, 2).ravel(), biases.ravel()]).astype(np.float32)
        self._tails = np.ascontiguousarray(vectors[:, net.parameter_counts[0] :], np.float32)  # (K, P_tail)
        y = np.asarray(y, np.int64)
        self._rows, self._labels, self._counted = strips(y, simd.STRIP, together and not metrics & CLASSES)
        self._of_lanes = y[self._rows].astype(np.float32)
        self.blocks = len(self._rows)
        self._groups = self._labels if metrics & CLASSES else np.zeros_like(self._labels)
        counts = np.zeros((self.blocks + 1, max(2, net.sizes[-1]) if metrics & CLASSES else 1), np.int64)
        counts[np.arange(1, self.blocks + 1), self._groups] = self._counted.sum(axis=1)
        self.examples = counts.cumsum(axis=0)
        self._width, self._beginning = simd.STRIP, 0
        self.held = held(self.blocks, 4 * K * hidden * self._width)
        self._strips = _aligned(self.held * K * hidden * self._width).reshape(self.held, -1)
        self._products: NDArray | None = None  # of the vectors that a moved plane's are mixed from,
        self._shares = np.eye(3, K, dtype=np.float32)  # in these shares
        P_tail = self._tails.shape[1]
        responses = 12 * sum(net.sizes[1:-1]) if net.activation in ("sigmoid", "tanh") else 0
        self.prepare_cost = self._width * float(K) * net.sizes[0] * hidden
        self.cell_cost = self._width * (3.0 * hidden + P_tail + responses + 20 * net.sizes[-1])
        # A tile's later layers stay in the L2 cache, unless the examples are so few that they are hardly read again: then
        # tiles may be larger, for handing them over would be half the work.
        few, room = self.budget / 4 / (self.cell_cost * max(1, self.blocks)), 100_000 if self.blocks > 8 else 300_000
        self.largest_tile = max(1, min(int(np.clip(few, 48, 1024)), room // (P_tail + 1)))

    def hold(self, first: int) -> None:
        self._beginning = first

    def prepare(self, start: int, stop: int) -> None:
        if self._products is not None:
            self._kernels.mix_strips(self._products, self._shares, start, stop, self._strips)
            return
        X, rows = self.X, self._rows
        if X.dtype != np.float32 or not X.flags.c_contiguous:
            taken = np.ascontiguousarray(X[rows[start:stop].ravel()], np.float32)
            rows = np.zeros_like(rows)
            rows[start:stop] = np.arange(len(taken)).reshape(-1, rows.shape[1])
            X = taken
        n_in = self._sizes[0]
        self._kernels.prepare_strips(
            self._weights,
            self._sizes,
            X,
            rows,
            start,
            stop,
            self._beginning,
            _aligned(n_in * self._width),
            np.empty(n_in, np.int64),
            self._strips,
        )

    @np.errstate(over="ignore")  # coordinates beyond float32 are infinite, and their cells NaN
    def sums(
        self, a: NDArray, b: NDArray, start: int, stop: int, each: NDArray, at: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        result = np.zeros((len(a), self.examples.shape[1], 3))
        self._kernels.sum_cells(
            self._strips,
            self._beginning,
            self._labels,
            self._of_lanes,
            self._groups,
            self._counted,
            self._rows,
            start,
            stop,
            a.astype(np.float32),
            b.astype(np.float32),
            self._tails,
            self._sizes,
            *self._codes,
            self.metrics,
            _aligned(self._width * (3 * int(self._sizes[1:].max()) + 1) + len(a) * self._tails.shape[1]),
            result,
            each,
            at,
        )
        return result

    def moved(self, shares: NDArray) -> Self:
        other = copy.copy(self)
        other._shares = np.ascontiguousarray(shares, np.float32)
        other._tails = other._shares @ self._tails
        other._products = self._strips
        other._strips = _aligned(self.blocks * 3 * int(self._sizes[1]) * self._width).reshape(self.blocks, -1)
        other.prepare_cost = self._width * float(shares.size) * int(self._sizes[1])
        return other


def _aligned(size: int) -> NDArray[np.float32]:
    """An empty array (size,) that begins where a cache line does: no register is ever loaded from two lines."""
    room = np.empty(size + 16, np.float32)
    start = -room.ctypes.data % 64 // 4
    return room[start : start + size]


def strips(y: NDArray[np.int64], size: int, together: bool) -> tuple[NDArray, NDArray, NDArray]:
    """Strips by class; or where classes may stand `together` and so fill strips that are enough fewer, in the order given.

    As `strips_by_class` returns them; the label of a strip of several classes is -1.
    """
    fewest, by_class = -(-len(y) // size), int((-(-np.bincount(y) // size)).sum())
    if not together or by_class <= MIXED_COST * fewest:
        return strips_by_class(y, size)
    places = np.arange(fewest * size)
    rows = np.minimum(
        places, len(y) - 1
    )  # padding repeats an example, so that it brings in no value which isn't finite
    counted = places < len(y)
    shape = fewest, size
    return rows.reshape(shape), np.full(fewest, -1), counted.reshape(shape).astype(np.float32)


def strips_by_class(y: NDArray[np.int64], size: int) -> tuple[NDArray, NDArray, NDArray]:
    """Strips of one class each: their examples (strips, size), labels (strips,), and a 1 for those that count.

    The classes are dealt evenly, so that the first strips are a fair sample. Padding repeats an example of the
    same class, so that it can't bring in a value which isn't finite.
    """
    rows, labels, counted, turns = [], [], [], []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        strips = -(-len(members) // size)
        padded = np.append(members, np.repeat(members[-1], strips * size - len(members)))
        rows.append(padded.reshape(strips, size))
        labels.append(np.full(strips, label))
        counted.append((np.arange(strips * size) < len(members)).reshape(strips, size))
        turns.append((np.arange(strips) + 0.5) / strips)
    order = np.argsort(np.concatenate(turns), kind="stable")
    return (
        np.concatenate(rows)[order],
        np.concatenate(labels)[order],
        np.concatenate(counted)[order].astype(np.float32),
    )
