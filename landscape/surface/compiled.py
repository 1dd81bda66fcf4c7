"""`CellSums` by the compiled kernels: examples sorted by class into strips, with the first layer's three products."""

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.plane import Plane


class CompiledSums:
    """Sums in float32 with float64 totals; a block is a strip of examples of one class."""

    largest_tile = 48
    budget = 1.5e8

    def __init__(self, net: Network, plane: Plane, X: NDArray, y: NDArray, metrics: int) -> None:
        from landscape.surface import kernels, simd  # loads numba, and compiles if nothing compiled is on disk

        self._kernels = kernels
        self.X, self.metrics = X, metrics
        self._sizes = np.array(net.sizes, np.int64)
        self._codes = kernels.ACTIVATION_CODES[net.activation], kernels.COST_CODES[net.cost]
        thetas = [np.asarray(theta, np.float32) for theta in (plane.origin, plane.u, plane.v)]
        first = [[parameters[0] for parameters in net.unpack(theta)] for theta in thetas]
        weights, biases = (np.concatenate(parts, axis=-1) for parts in zip(*first))
        self._weights = np.concatenate([weights.ravel(), biases])  # (n_in + 1, 3·n_hidden), flat
        self._tails = np.stack([theta[net.parameter_counts[0] :] for theta in thetas])  # (3, P_tail)
        self._rows, self._labels, self._counted = strips_by_class(np.asarray(y, np.int64), simd.STRIP)
        self.blocks, hidden = len(self._rows), net.sizes[1]
        self.examples = np.append(0, self._counted.sum(axis=1).cumsum()).astype(np.int64)
        self._strips = np.empty((self.blocks, 3 * hidden * simd.STRIP), np.float32)
        P_tail = self._tails.shape[1]
        responses = 12 * sum(net.sizes[1:-1]) if net.activation in ("sigmoid", "tanh") else 0
        self.prepare_cost = simd.STRIP * 3.0 * net.sizes[0] * hidden
        self.cell_cost = simd.STRIP * (3.0 * hidden + P_tail + responses + 20 * net.sizes[-1])
        self.largest_tile = max(4, min(48, 100_000 // (P_tail + 1)))  # a tile's later layers stay in the L2 cache

    def prepare(self, start: int, stop: int) -> None:
        X, rows = self.X, self._rows
        if X.dtype != np.float32 or not X.flags.c_contiguous:
            taken = np.ascontiguousarray(X[rows[start:stop].ravel()], np.float32)
            rows = np.zeros_like(rows)
            rows[start:stop] = np.arange(len(taken)).reshape(-1, rows.shape[1])
            X = taken
        self._kernels.prepare_strips(self._weights, self._sizes, X, rows, start, stop, self._strips)

    def sums(self, a: NDArray, b: NDArray, start: int, stop: int) -> NDArray[np.float64]:
        result = np.zeros((len(a), 3))
        self._kernels.sum_cells(
            self._strips,
            self._labels,
            self._counted,
            start,
            stop,
            a.astype(np.float32),
            b.astype(np.float32),
            self._tails,
            self._sizes,
            *self._codes,
            self.metrics,
            result,
        )
        return result


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
