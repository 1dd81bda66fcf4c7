"""The compiled surface: a network's cost at many cells of a plane, for strips of examples at a time.

Along a plane the first layer is affine in (a, b): X·W₁(a, b) + b₁(a, b) = Z₀ + a·Z_u + b·Z_v. `prepare_strips` computes
the three products once; `sum_cells` then needs a few operations a hidden neuron, example and cell instead of one
for each pixel. Later layers' parameters are affine in (a, b) as well and are formed cell by cell.

Examples stand in strips of STRIP, sorted so that a strip holds one class: its label is then a plain number, and what
a cost says about the right class needs no look-up. A strip is laid out neuron by neuron, examples side by side, so that
every operation works on full registers. `surface.reference` is the specification. Importing this module loads
numba and compiles (or reads what it compiled before from its folder on disk): import it late.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types

from landscape.surface.simd import (
    GROUP,
    LANES,
    STRIP,
    VECTORS,
    load,
    magnitude,
    power_of_two,
    product,
    split_power,
    store,
    total,
    where_less,
)

ACTIVATION_CODES = {"linear": 0, "relu": 1, "sigmoid": 2, "tanh": 3}
COST_CODES = {
    "cross_entropy": 0,
    "quadratic": 1,
    "mse": 2,
    "binary_cross_entropy": 3,
    "mnist_loss": 4,
    "mae": 5,
    "hinge": 6,
}


# Arrays that are only read: read-only ones do as well.
_VECTOR, _MATRIX = (types.Array(types.float32, d, "C", readonly=True) for d in (1, 2))
_INDEX, _INDICES = (types.Array(types.int64, d, "C", readonly=True) for d in (1, 2))
_NUMBER = types.int64


def compiled(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile at once for one signature, free of the interpreter's lock, kept on disk where a folder can be written."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return njit(signature, nogil=True, cache=True)(function)
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            return njit(signature, nogil=True)(function)

    return decorate


@njit
def exponential(x):  # type: ignore[no-untyped-def]
    """exp(x) for x ≤ 0, to 2 units in the last place; exactly 0 below the smallest normal number, NaN for NaN."""
    shifted = x * 1.44269504088896341 + 12583039.0  # 1.5·2**23 + 127: its low bits are the power of two, biased
    k = shifted - 12583039.0
    r = x - k * 0.693359375
    r = r + k * 2.12194440e-4
    p = r * 1.9875691500e-4 + 1.3981999507e-3  # Cephes expf
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    p = (p * r) * r + r + 1.0
    return where_less(x, -87.0, 0.0, p * power_of_two(shifted))


@njit
def log_one_plus(t):  # type: ignore[no-untyped-def]
    """log(1 + t) for t ≥ 0, without losing small t."""
    u = t + 1.0
    m, k = split_power(u)
    f = m - 1.0
    p = f * 7.0376836292e-2 - 1.1514610310e-1  # Cephes logf
    p = p * f + 1.1676998740e-1
    p = p * f - 1.2420140846e-1
    p = p * f + 1.4249322787e-1
    p = p * f - 1.6668057665e-1
    p = p * f + 2.0000714765e-1
    p = p * f - 2.4999993993e-1
    p = p * f + 3.3333331174e-1
    square = f * f
    p = p * f * square - k * 2.12194440e-4 - square * 0.5
    lost = (t - (u - 1.0)) / u  # what rounding took from 1 + t
    return f + p + k * 0.693359375 + lost


@njit
def logistic(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x)), exact to the last places where it is small as well."""
    e = exponential(0.0 - magnitude(x))
    return where_less(x, 0.0, e, 1.0) / (e + 1.0)


@njit
def hyperbolic_tangent(x):  # type: ignore[no-untyped-def]
    """tanh(x): a quotient of polynomials near 0, through exp beyond."""
    size = magnitude(x)
    e = exponential(size * -2.0)
    far = (1.0 - e) / (e + 1.0)
    square = x * x
    p = square * -5.70498872745e-3 + 2.06390887954e-2  # Cephes tanhf, for |x| < 0.625
    p = p * square - 5.37397155531e-2
    p = p * square + 1.33314422036e-1
    p = p * square - 3.33332819422e-1
    near = p * square * x + x
    return where_less(size, 0.625, near, where_less(x, 0.0, 0.0 - far, far))


@njit
def activate(activation, x, size):  # type: ignore[no-untyped-def]
    """Replace the first `size` numbers of x by the neurons' responses."""
    if activation == 1:
        for i in range(0, size, LANES):
            z = load(x, i)
            store(x, i, where_less(z, 0.0, 0.0, z))
    elif activation == 2:
        for i in range(0, size, LANES):
            store(x, i, logistic(load(x, i)))
    elif activation == 3:
        for i in range(0, size, LANES):
            store(x, i, hyperbolic_tangent(load(x, i)))


@njit
def move(row, along_u, offset, a, x, size, activation):  # type: ignore[no-untyped-def]
    """The first layer at a cell: x = response(row + a·Z_u)."""
    step = where_less(0.0, 1.0, a, a)  # a in every lane
    if activation == 1:
        for i in range(0, size, LANES):
            z = load(along_u, offset + i) * step + load(row, i)
            store(x, i, where_less(z, 0.0, 0.0, z))
    else:
        for i in range(0, size, LANES):
            store(x, i, load(along_u, offset + i) * step + load(row, i))
        activate(activation, x, size)


@njit
def layer(weights, at, n_in, n_out, x, y):  # type: ignore[no-untyped-def]
    """y = x·W + b for a strip: W is (n_in, n_out) in `weights` from `at` on, b follows it."""
    groups = (n_out + GROUP - 1) // GROUP
    for group in range(groups):
        first = group * n_out // groups
        last = (group + 1) * n_out // groups
        product(weights, at + first, n_out, at + n_in * n_out + first, n_in, x, y, first, last - first)


@njit
def cross_entropy(z, v, outputs, label):  # type: ignore[no-untyped-def]
    # log Σ exp(z − z_right), the maximum taken out, the right class's own 1 kept apart: no overflow, and a loss near 0
    # keeps its digits.
    right = load(z, label * STRIP + v)
    top = right - right
    for c in range(outputs):
        d = load(z, c * STRIP + v) - right
        top = where_less(top, d, d, top)
    below = exponential(0.0 - top) - 1.0
    for c in range(outputs):
        if c != label:
            below = below + exponential(load(z, c * STRIP + v) - right - top)
    return top + log_one_plus(below)


@njit
def output_losses(z, v, outputs, label, cost):  # type: ignore[no-untyped-def]
    """Costs with sigmoid outputs: a sum over outputs of how far each is from what is wanted."""
    losses = load(z, v) * 0.0
    for c in range(outputs):
        x = load(z, c * STRIP + v)
        wanted = label == 1 if outputs == 1 else c == label
        if wanted:
            x = 0.0 - x  # 1 − sigmoid(x) is sigmoid(−x), without rounding
        if cost == 3:
            losses = losses + where_less(x, 0.0, 0.0, x) + log_one_plus(exponential(0.0 - magnitude(x)))
        else:
            miss = logistic(x)
            if cost == 1 or cost == 2:
                miss = miss * miss
            losses = losses + miss
    if cost == 1:
        losses = losses * 0.5
    elif cost == 5:
        losses = losses / outputs
    return losses


@njit
def hinge(z, v, outputs, label):  # type: ignore[no-untyped-def]
    right = load(z, label * STRIP + v)
    losses = right * 0.0
    for c in range(outputs):
        if c != label:
            margin = load(z, c * STRIP + v) - right + 1.0
            losses = losses + where_less(margin, 0.0, 0.0, margin)
    return losses


@njit
def hits(z, v, outputs, label):  # type: ignore[no-untyped-def]
    """1 where the right class wins, else 0; of equal outputs the first wins, as with numpy's argmax."""
    right = load(z, label * STRIP + v) if outputs > 1 else load(z, v)
    if outputs == 1:
        positive = where_less(0.0, right, 1.0, right * 0.0)
        return positive if label == 1 else 1.0 - positive
    won = where_less(right, right, right, 1.0)
    for c in range(outputs):
        x = load(z, c * STRIP + v)
        if c < label:
            won = where_less(x, right, won, 0.0)
        elif c > label:
            won = where_less(right, x, 0.0, won)
    return won


@njit
def add_losses(z, outputs, label, counted, counted_at, cost, metrics, sums):  # type: ignore[no-untyped-def]
    """Add a strip's costs (and their squares, and hits, as `metrics` says) to `sums`."""
    for part in range(VECTORS):
        v = part * LANES
        count = load(counted, counted_at + v)
        if cost == 0:
            losses = cross_entropy(z, v, outputs, label)
        elif cost == 6:
            losses = hinge(z, v, outputs, label)
        else:
            losses = output_losses(z, v, outputs, label, cost)
        sums[0] += total(losses * count)
        if metrics & 1:
            sums[1] += total(hits(z, v, outputs, label) * count)
        if metrics & 2:
            sums[2] += total(losses * losses * count)


@compiled(types.void(_VECTOR, _INDEX, _MATRIX, _INDICES, _NUMBER, _NUMBER, types.float32[:, ::1]))
def prepare_strips(weights, sizes, X, rows, start, stop, strips):  # type: ignore[no-untyped-def]
    """Fill strips[start:stop] with Z₀, Z_u, Z_v of the examples that `rows` (strips, STRIP) names.

    weights: W₁ of origin, u and v side by side, (n_in + 1, 3·n_hidden) flat, the biases as last row.
    strips: (strips, 3·n_hidden·STRIP).
    """
    n_in, n_out = sizes[0], 3 * sizes[1]
    columns = np.empty(n_in * STRIP, np.float32)
    for s in range(start, stop):
        for e in range(STRIP):
            row = rows[s, e]
            for k in range(n_in):
                columns[k * STRIP + e] = X[row, k]
        layer(weights, 0, n_in, n_out, columns, strips[s])


@compiled(
    types.void(
        *(_MATRIX, _INDEX, _MATRIX, _NUMBER, _NUMBER, _VECTOR, _VECTOR, _MATRIX, _INDEX),
        *(_NUMBER, _NUMBER, _NUMBER, types.float64[:, ::1]),
    )
)
def sum_cells(strips, labels, counted, start, stop, a, b, tails, sizes, activation, cost, metrics, sums):  # type: ignore[no-untyped-def]
    """Add up the costs of the examples in strips[start:stop] at each cell (a[i], b[i]), into sums (cells, 3).

    sums holds the costs, the hits and the squared costs, in float64. tails: parameters after the first layer at
    origin, u and v, (3, P_tail). counted: 1 for an example, 0 for a place that stays empty, (strips, STRIP).
    """
    cells, depth, P_tail = len(a), len(sizes) - 2, tails.shape[1]
    first = sizes[1] * STRIP
    widest = 0
    for n in sizes[1:]:
        widest = max(widest, n)
    row = np.empty(first, np.float32)
    x = np.empty(widest * STRIP, np.float32)
    y = np.empty(widest * STRIP, np.float32)
    tail = np.empty((cells, P_tail), np.float32)
    for cell in range(cells):
        for p in range(P_tail):
            tail[cell, p] = tails[0, p] + a[cell] * tails[1, p] + b[cell] * tails[2, p]
    for s in range(start, stop):
        strip = strips[s]
        for cell in range(cells):
            if cell == 0 or b[cell] != b[cell - 1]:
                move(strip, strip, 2 * first, b[cell], row, first, 0)
            move(row, strip, first, a[cell], x, first, activation if depth else 0)
            at = 0
            for hidden in range(depth):
                n_in, n_out = sizes[hidden + 1], sizes[hidden + 2]
                layer(tail[cell], at, n_in, n_out, x, y)
                if hidden < depth - 1:
                    activate(activation, y, n_out * STRIP)
                at += n_in * n_out + n_out
                x, y = y, x
            add_losses(x, sizes[-1], labels[s], counted[s], 0, cost, metrics, sums[cell])
