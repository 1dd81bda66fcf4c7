"""Prepares digits and network for the compiled gradient steps, once a descent."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.descent import kernels, update_kernels
from landscape.descent.adaptive import Adagrad, Adam, AdamW, RMSprop
from landscape.descent.optimiser import SGD, Optimiser
from landscape.descent.steps import FreePlane, Steps
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.simd import LANES

ROWS_AT_ONCE = 2000
# A mini-batch of more examples is cut into equal parts of at most so many, which the cores share. How it is cut depends
# on its size alone, and the parts' gradients are added in their order: the same digits on any number of cores.
PART = 2048
# Far below every output, and far enough from the lowest float32 that an output can be added.
_FAR_BELOW = np.float32(-1e38)


def sparse_rows(X: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """The values of X (n, n_in) float32 that are not zero, their columns, and where each row begins (n + 1,)."""
    counts = np.empty(len(X), np.int64)
    _in_blocks(len(X), lambda first, past: kernels.count_nonzero(X, first, past, counts))
    begins = np.concatenate([[0], np.cumsum(counts)])
    values, columns = room(begins[-1]), room(begins[-1]).view(np.int32)
    _in_blocks(len(X), lambda first, past: kernels.take_nonzero(X, first, past, begins, values, columns))
    return values, columns, begins


def _in_blocks(n, work) -> None:  # type: ignore[no-untyped-def]
    blocks = [(first, min(n, first + ROWS_AT_ONCE)) for first in range(0, n, ROWS_AT_ONCE)]
    deque(cores.spread(lambda block: work(*block), blocks), maxlen=0)


def room(size: int) -> NDArray[np.float32]:
    """An empty array (size,) that begins where a cache line does: no register is ever loaded from two lines."""
    whole = np.empty(size + 16, np.float32)
    start = -whole.ctypes.data % 64 // 4
    return whole[start : start + size]


def zeros(size: int) -> NDArray[np.float32]:
    """A `room` of zeros."""
    result = room(size)
    result[:] = 0
    return result


class PaddedLayout:
    """Where the parameters of a network stand when each layer's neurons are padded to whole vector registers."""

    def __init__(self, net: Network) -> None:
        sizes = np.array(net.sizes, np.int64)
        widths = np.array([sizes[0], *(-(-sizes[1:] // LANES) * LANES)])
        counts = sizes[:-1] * widths[1:]
        ends = np.cumsum(counts + widths[1:])
        begins = np.concatenate([[0], ends[:-1]])
        transposed = np.concatenate([[0, 0], np.cumsum(sizes[2:] * widths[1:-1])])
        neurons = np.concatenate([[0], np.cumsum(widths[1:])]) * kernels.BLOCK
        padding = np.where(np.arange(widths[-1]) < sizes[-1], np.float32(0), _FAR_BELOW)
        codes = list(ACTIVATIONS).index(net.activation), list(COSTS).index(net.cost)
        self.tuple = (sizes, widths, begins, begins + counts, neurons, transposed, padding, *codes)
        self.first_width, self.size = int(widths[1]), int(ends[-1])
        self._scratch = self.size, int(transposed[-1]), int(neurons[-1]), int(neurons[-1])
        self._shapes = net.layer_shapes
        self._widths = [int(width) for width in widths[1:]]
        self._own = threading.local()

    def scratch(self) -> tuple[NDArray, ...]:
        """This thread's room for a gradient (zeros, as every step leaves it), transposed weights, activations, deltas."""
        if not hasattr(self._own, "scratch"):
            self._own.scratch = tuple(zeros(size) for size in self._scratch)
        return self._own.scratch

    def padded(self, vector: NDArray) -> NDArray:
        """A vector (P,) with zeros between."""
        result = zeros(self.size)
        for rows, block in self._blocks(vector, result):
            block[:, : rows.shape[1]] = rows
        return result

    def taken(self, padded: NDArray) -> NDArray:
        """The vector (P,) that was padded."""
        result = np.empty(sum((n_in + 1) * n_out for n_in, n_out in self._shapes), np.float32)
        for rows, block in self._blocks(result, padded):
            rows[:] = block[:, : rows.shape[1]]
        return result

    def _blocks(self, vector: NDArray, padded: NDArray) -> Iterator[tuple[NDArray, NDArray]]:
        """Each layer's weights and, as the last row, its biases: views (n_in + 1, n_out) and (n_in + 1, width)."""
        at = to = 0
        for (n_in, n_out), width in zip(self._shapes, self._widths, strict=True):
            past, end = at + (n_in + 1) * n_out, to + (n_in + 1) * width
            yield vector[at:past].reshape(-1, n_out), padded[to:end].reshape(-1, width)
            at, to = past, end


class CompiledSteps:
    """`take_steps` in float32, compiled; call it with (theta, state, index, offsets, rates, first)."""

    def __init__(
        self, net: Network, X: NDArray, y: NDArray, optimiser: Optimiser, l2: float, plane: FreePlane | None
    ) -> None:
        self._layout = PaddedLayout(net)
        self._labels = np.asarray(y, np.int64)
        self._rule = (*_rule(optimiser), np.float32(l2))
        self._plane = plane
        if plane is None:
            self._pixels = sparse_rows(X)
        else:
            self._prepare_plane(net, X, plane)

    def _prepare_plane(self, net: Network, X: NDArray, plane: FreePlane) -> None:
        vectors = np.stack([plane.origin, *plane.Q])
        self._origin, *Q = (self._layout.padded(vector) for vector in vectors)
        self._Q = np.stack(Q)
        only_weights = (vectors * net.is_weight).astype(np.float64)
        self._penalties = (only_weights @ only_weights.T).astype(np.float32)
        width, n_in = self._layout.first_width, net.sizes[0]
        first = [vector[: (n_in + 1) * width].reshape(-1, width) for vector in (self._origin, *Q)]
        weights = room((n_in + 1) * 3 * width)
        weights[:] = np.concatenate(first, axis=1).ravel()
        self._table = room(len(X) * 3 * width)
        _in_blocks(len(X), lambda first, past: kernels.multiply_rows(X, first, past, weights, 3 * width, self._table))

    def __call__(
        self, theta: NDArray, state: NDArray, index: NDArray, offsets: NDArray, rates: Sequence[float], first: int
    ) -> Steps:
        series = index, offsets, np.asarray(rates, np.float32), first
        if self._plane is not None:
            return self._inside(self._plane, theta, state, series)
        here = self._layout.padded(theta)
        slots = np.empty((len(state), self._layout.size), np.float32)
        for slot, vector in zip(slots, state, strict=True):
            slot[:] = self._layout.padded(vector)
        losses, lengths = self._full(here, slots, series)
        taken = [self._layout.taken(slot) for slot in slots]
        return Steps(self._layout.taken(here), np.stack(taken) if taken else state, losses, *lengths)

    def _full(self, theta: NDArray, state: NDArray, series: tuple) -> tuple[NDArray, NDArray]:
        """Take the steps in place; the losses (S,), and the lengths of the last gradient and update."""
        index, offsets, rates, first = series
        losses, lengths = np.empty(len(rates)), np.empty(2)
        rest = self._labels, self._rule, self._layout.tuple
        if offsets[-1] - offsets[0] > PART and np.diff(offsets).max() > PART:
            for s, rate in enumerate(rates):
                losses[s] = self._large_step(theta, state, index[offsets[s] : offsets[s + 1]], rate, first + s, lengths)
        else:
            scratch, (labels, rule, layout) = self._layout.scratch(), rest
            kernels.full_steps(theta, state, scratch, self._pixels, labels, series, rule, layout, losses, lengths)
        return losses, lengths

    def _large_step(
        self, theta: NDArray, state: NDArray, batch: NDArray, rate: np.float32, count: int, lengths: NDArray
    ) -> float:
        """One step on a mini-batch whose parts the cores share; returns its loss before the update."""
        n, layout = len(batch), self._layout.tuple
        scale = np.float32(1.0 / n)

        def part(bounds: tuple[int, int]) -> tuple[float, NDArray]:
            scratch = self._layout.scratch()
            loss = kernels.add_full_gradient(theta, scratch, self._pixels, self._labels, batch, *bounds, scale, layout)
            gradient = scratch[0].copy()
            scratch[0][:] = 0
            return loss, gradient

        parts = -(-n // PART)
        losses, gradients = zip(*cores.spread(part, pairwise(n * i // parts for i in range(parts + 1))), strict=True)
        gradient = np.sum(gradients, axis=0)
        penalty = kernels.take_full_step(theta, state, gradient, rate, count, self._rule, layout, True, lengths)
        return sum(losses) / n + penalty

    def _inside(self, plane: FreePlane, theta: NDArray, state: NDArray, series: tuple) -> Steps:
        losses, lengths = np.empty(len(series[2])), np.empty(2)
        free, state = plane.coordinates(theta[None])[0], state.copy()
        fixed = self._table, self._origin, self._Q, self._penalties, self._labels
        working = zeros(self._layout.size), self._layout.scratch()
        kernels.plane_steps(free, state, *working, *fixed, series, self._rule, self._layout.tuple, losses, lengths)
        return Steps(plane.points(free[None])[0], state, losses, *lengths)


def _rule(optimiser: Optimiser) -> tuple[int, NDArray]:
    """The optimiser's code in `landscape.descent.update_kernels` and its numbers."""
    numbers: tuple[float, ...]
    match optimiser:
        case SGD():
            code, numbers = update_kernels.SGD_RULE, (optimiser.momentum, optimiser.nesterov)
        case Adagrad():
            code, numbers = update_kernels.ADAGRAD_RULE, (optimiser.lr_decay, optimiser.eps)
        case RMSprop():
            code, numbers = update_kernels.RMSPROP_RULE, (optimiser.alpha, optimiser.momentum, optimiser.eps)
        case Adam():
            apart = isinstance(optimiser, AdamW)
            code, numbers = update_kernels.ADAM_RULE, (*optimiser.betas, optimiser.eps, apart)
        case _:
            raise TypeError(f"there is no compiled rule for {optimiser!r}")
    return code, np.array((optimiser.weight_decay, *numbers), np.float64)
