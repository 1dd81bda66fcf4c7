"""The compiled surface: a network's cost at many cells of a plane, for strips of examples at a time.

Along a plane the first layer is affine in (a, b): X·W₁(a, b) + b₁(a, b) = Z₀ + a·Z_u + b·Z_v. `prepare_strips` computes
the three products once; `sum_cells` then needs a few operations a hidden neuron, example and cell instead of one
for each pixel. Later layers' parameters are affine in (a, b) as well and are formed cell by cell.

Examples stand in strips of STRIP, sorted so that a strip holds one class: its label is then a plain number, and what
a cost says about the right class needs no look-up. A few examples, whose classes would not fill their strips, share
strips instead: there each lane's right output changes places with the first, so that all lanes have one label again.
A strip is laid out neuron by neuron, examples side by side, so that every operation works on full registers.
`surface.reference` is the specification. Importing this module loads numba and compiles (or reads what it compiled
before from its folder on disk): import it late.
"""

import numpy as np
from numba import njit, types

from landscape.compiled import AS_WRITTEN, compiled
from landscape.simd import (
    GROUP,
    LANES,
    STRIP,
    load,
    magnitude,
    place,
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
_SCRATCH, _INDICES_OUT = types.float32[::1], types.int64[::1]


@njit
def exponential(x):  # type: ignore[no-untyped-def]
    """exp(x) to about 1e-7 of itself for |x| < 1; from 87 down to -87, where it stays; for x ≤ 88; NaN for NaN."""
    x = where_less(x, -87.0, -87.0, x)
    t = x * 1.44269504088896341
    shifted = t + 12583039.0  # 1.5·2**23 + 127: rounds t, and leaves the biased power of two in the low bits
    f = t - (shifted - 12583039.0)  # -1/2 to 1/2
    p = f * 1.32647e-3 + 9.67151e-3  # 2**f, minimax with 2**0 = 1 kept
    p = p * f + 5.550734e-2
    p = p * f + 2.4022242e-1
    p = p * f + 6.9314698e-1
    return (p * f + 1.0) * power_of_two(shifted)


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
    p = p * f * square - square * 0.5
    lost = where_less(t, 0.5, t - (u - 1.0), 0.0)  # what rounding took from 1 + t
    return f + p + k * 0.69314718056 + lost


@njit
def logistic(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x)), exact to the last places where it is small as well."""
    x = where_less(88.0, x, 88.0, x)
    e = exponential(where_less(x, -88.0, 88.0, 0.0 - x))
    return 1.0 / (e + 1.0)


@njit
def hyperbolic_tangent(x):  # type: ignore[no-untyped-def]
    """tanh(x) = 1 − 2 / (1 + exp(2x)), to 1e-7 (not 1e-7 of itself: near 0 its last digits are those of 1)."""
    x = where_less(44.0, x, 44.0, x)
    return 1.0 - 2.0 / (exponential(x * 2.0) + 1.0)


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
def move(row, along_u, a, x, size, activation):  # type: ignore[no-untyped-def]
    """The first layer at a cell: x = response(row + a·Z_u)."""
    step = where_less(0.0, 1.0, a, a)  # a in every lane
    if activation == 1:
        for i in range(0, size, LANES):
            z = load(along_u, i) * step + load(row, i)
            store(x, i, where_less(z, 0.0, 0.0, z))
    else:
        for i in range(0, size, LANES):
            store(x, i, load(along_u, i) * step + load(row, i))
        activate(activation, x, size)


@njit
def layer(weights, at, n_in, n_out, rows, used, x, y):  # type: ignore[no-untyped-def]
    """y = x·W + b for a strip: W is (n_in, n_out) in `weights` from `at` on, b follows it.

    x holds the inputs of the `used` first of `rows` of W, the others being zero; rows None: of all rows.
    """
    groups = (n_out + GROUP - 1) // GROUP
    for group in range(groups):
        first = group * n_out // groups
        last = (group + 1) * n_out // groups
        product(weights, at + first, n_out, at + n_in * n_out + first, rows, used, x, y, first, last - first)


@njit
def cross_entropy(z, outputs, label):  # type: ignore[no-untyped-def]
    # log Σ exp(z − z_right), the maximum taken out, the right class's own 1 kept apart: no overflow, and a loss near 0
    # keeps its digits. Both halves of a strip side by side, so that one works while the other waits.
    right, right2 = load(z, label * STRIP), load(z, label * STRIP + LANES)
    top, top2 = right, right2
    for c in range(outputs):
        x, x2 = load(z, c * STRIP), load(z, c * STRIP + LANES)
        top, top2 = where_less(top, x, x, top), where_less(top2, x2, x2, top2)
    below, below2 = exponential(right - top) - 1.0, exponential(right2 - top2) - 1.0
    for c in range(outputs):
        if c != label:
            below = below + exponential(load(z, c * STRIP) - top)
            below2 = below2 + exponential(load(z, c * STRIP + LANES) - top2)
    return (top - right) + log_one_plus(below), (top2 - right2) + log_one_plus(below2)


@njit
def output_losses(z, v, outputs, label, cost):  # type: ignore[no-untyped-def]
    """Costs with sigmoid outputs: a sum over outputs of how far each is from what is wanted."""
    losses = load(z, v) * 0.0
    product_less_one = losses
    for c in range(outputs):
        x = load(z, c * STRIP + v)
        wanted = label == 1 if outputs == 1 else c == label
        if wanted:
            x = 0.0 - x  # 1 − sigmoid(x) is sigmoid(−x), without rounding
        if cost == 3:
            losses = losses + where_less(x, 0.0, 0.0, x)
            odds = exponential(0.0 - magnitude(x))
            product_less_one = product_less_one + odds * product_less_one + odds  # Σ log(1 + odds) = log Π(1 + odds)
            if c % 64 == 63:
                losses = losses + log_one_plus(product_less_one)
                product_less_one = odds * 0.0
        else:
            miss = logistic(x)
            if cost == 1 or cost == 2:
                miss = miss * miss
            losses = losses + miss
    if cost == 1:
        losses = losses * 0.5
    elif cost == 3:
        losses = losses + log_one_plus(product_less_one)
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
def right_first(z, v, outputs, labels):  # type: ignore[no-untyped-def]
    """In each lane let the outputs of its right class and of class 0 change places: every lane's label is then 0.

    All costs treat the wrong classes alike, so none changes. A single output changes its sign where the label is 1.
    """
    label, first = load(labels, v), load(z, v)
    if outputs == 1:
        store(z, v, where_less(0.5, label, 0.0 - first, first))
        return
    right = first
    for c in range(1, outputs):
        x = load(z, c * STRIP + v)
        below = where_less(label, c - 0.5, 1.0, 0.0)
        above = where_less(c + 0.5, label, 1.0, below)  # 0 where the label is c
        store(z, c * STRIP + v, where_less(above, 0.5, first, x))
        right = where_less(above, 0.5, x, right)
    store(z, v, right)


@njit
def hits_right_first(z, v, outputs, labels):  # type: ignore[no-untyped-def]
    """`hits` after `right_first`."""
    label, right = load(labels, v), load(z, v)
    if outputs == 1:
        return where_less(0.5, label, where_less(right, 0.0, 1.0, right * 0.0), where_less(0.0, right, 0.0, 1.0))
    won = right * 0.0 + 1.0
    for c in range(1, outputs):
        x = load(z, c * STRIP + v)
        # Of equal outputs the first class wins: up to the label's own place, where class 0 now stands, they are earlier ones.
        won = where_less(label, c - 0.5, where_less(right, x, 0.0, won), where_less(x, right, won, 0.0))
    return won


@njit
def add_losses(z, outputs, label, labels, counted, cost, metrics, sums, each, examples, room):  # type: ignore[no-untyped-def]
    """Add a strip's costs (and, as `metrics` says, hits and squared costs) to sums[0] (and sums[1], sums[2]).

    label: of the whole strip, or -1 where each lane has its own in `labels`. Where `metrics` asks for it, also set
    each[examples[e]] to the cost of the strip's example e; `room` holds a strip.
    """
    mixed = label < 0
    if mixed:
        right_first(z, 0, outputs, labels)
        right_first(z, LANES, outputs, labels)
        label = 0
    if cost == 0:
        losses, losses2 = cross_entropy(z, outputs, label)
    elif cost == 6:
        losses, losses2 = hinge(z, 0, outputs, label), hinge(z, LANES, outputs, label)
    else:
        losses, losses2 = (
            output_losses(z, 0, outputs, label, cost),
            output_losses(z, LANES, outputs, label, cost),
        )
    count, count2 = load(counted, 0), load(counted, LANES)
    sums[0] += total(losses * count + losses2 * count2)
    if metrics & 1 and mixed:
        won, won2 = hits_right_first(z, 0, outputs, labels), hits_right_first(z, LANES, outputs, labels)
        sums[1] += total(won * count + won2 * count2)
    elif metrics & 1:
        sums[1] += total(hits(z, 0, outputs, label) * count + hits(z, LANES, outputs, label) * count2)
    if metrics & 2:
        sums[2] += total(losses * losses * count + losses2 * losses2 * count2)
    if metrics & 4:
        store(room, 0, losses)
        store(room, LANES, losses2)
        for e in range(STRIP):  # an example that fills up its class's last strip gets its own cost once more
            each[examples[e]] = room[e]


@compiled(
    types.void(
        *(_VECTOR, _INDEX, _MATRIX, _INDICES, _NUMBER, _NUMBER, _NUMBER),
        *(_SCRATCH, _INDICES_OUT, types.float32[:, ::1]),
    ),
    **AS_WRITTEN,
)
def prepare_strips(weights, sizes, X, rows, start, stop, first, columns, lit, strips):  # type: ignore[no-untyped-def]
    """Fill strips[start - first : stop - first] with products Z₀, Z_u, Z_v, ... of the examples that `rows` names.

    weights: W₁ of K vectors side by side, (n_in + 1, K·n_hidden) flat, the biases as last row. rows: (all strips, STRIP).
    strips: (strips held, K·n_hidden·STRIP), from number `first` on. Scratch: columns (n_in·STRIP,), lit (n_in,).
    """
    n_in = sizes[0]
    n_out = len(weights) // (n_in + 1)
    light = np.empty(n_in, np.float32)
    for s in range(start, stop):
        # Pixels that are dark in all of the strip's examples say nothing: of real digits about half of them.
        light[:] = 0
        for e in range(STRIP):
            image = X[rows[s, e]]
            for k in range(n_in):
                light[k] += abs(image[k])
        used = 0
        for k in range(n_in):
            lit[used] = k
            used += light[k] != 0  # NaN counts as well
        for k0 in range(0, used, LANES):  # some columns at a time, so that the cache holds them
            for e in range(STRIP):
                image = X[rows[s, e]]
                for k in range(k0, min(k0 + LANES, used)):
                    columns[k * STRIP + e] = image[lit[k]]
        strip = place(strips, (s - first) * strips.shape[1])
        layer(place(weights, 0), 0, n_in, n_out, place(lit, 0), used, place(columns, 0), strip)


@compiled(types.void(_MATRIX, _MATRIX, _NUMBER, _NUMBER, types.float32[:, ::1]), **AS_WRITTEN)
def mix_strips(products, shares, start, stop, strips):  # type: ignore[no-untyped-def]
    """Fill strips[start:stop] with Z₀, Z_u, Z_v of a plane whose origin, u and v are mixtures of K vectors.

    products: the K vectors' own products, (strips, K·n_hidden·STRIP). shares (3, K): of each vector in each mixture.
    """
    K = shares.shape[1]
    size = products.shape[1] // K
    for s in range(start, stop):
        of_vectors, mixed = place(products, s * products.shape[1]), place(strips, s * strips.shape[1])
        for i in range(0, size, LANES):
            for which in range(3):
                z = load(of_vectors, i) * shares[which, 0]
                for k in range(1, K):
                    z = z + load(of_vectors, k * size + i) * shares[which, k]
                store(mixed, which * size + i, z)


@compiled(
    types.void(
        *(_MATRIX, _NUMBER, _INDEX, _MATRIX, _INDEX, _MATRIX, _INDICES, _NUMBER, _NUMBER, _VECTOR, _VECTOR, _MATRIX),
        _INDEX,
        *(_NUMBER, _NUMBER, _NUMBER, _SCRATCH, types.float64[:, :, ::1], types.float32[:, ::1], _INDEX),
    ),
    **AS_WRITTEN,
)
def sum_cells(strips, first, labels, of_lanes, groups, counted, rows, start, stop, a, b, tails, sizes, activation, cost, metrics,  # type: ignore[no-untyped-def]
              scratch, sums, each, at):  # fmt: skip
    """Add up the costs of the examples in strips[start:stop] at each cell (a[i], b[i]), into sums (cells, groups, 3).

    sums holds the costs, the hits and the squared costs, in float64, apart for each group of strips. `strips` holds those
    from number `first` on; labels, groups (strips,), of_lanes (each lane's label, where a strip's is -1), rows (the
    examples) and counted (1 for an example, 0 for a place that stays empty), (strips, STRIP), hold all. tails: parameters
    after the first layer at origin, u and v, (3, P_tail). each: where `metrics` asks for it, every example's cost goes
    into row at[i] of it, (rows, n). Scratch: 3 times STRIP for each neuron of the widest layer, P_tail for each cell, and
    STRIP.
    """
    cells, depth, P_tail = len(a), len(sizes) - 2, tails.shape[1]
    hidden, widest = sizes[1] * STRIP, 0
    for n in sizes[1:]:
        widest = max(widest, n * STRIP)
    row, x, y, tail = place(scratch, 0), place(scratch, widest), place(scratch, 2 * widest), 3 * widest
    room = place(scratch, tail + cells * P_tail)
    for cell in range(cells):
        for p in range(P_tail):
            scratch[tail + cell * P_tail + p] = tails[0, p] + a[cell] * tails[1, p] + b[cell] * tails[2, p]
    for s in range(start, stop):
        strip = place(strips, (s - first) * strips.shape[1])
        for cell in range(cells):
            if cell == 0 or b[cell] != b[cell - 1]:
                move(strip, place(strip, 2 * hidden), b[cell], row, hidden, 0)
            move(row, place(strip, hidden), a[cell], x, hidden, activation if depth else 0)
            weights = tail + cell * P_tail
            for n in range(depth):
                n_in, n_out = sizes[n + 1], sizes[n + 2]
                layer(place(scratch, 0), weights, n_in, n_out, None, n_in, x, y)
                if n < depth - 1:
                    activate(activation, y, n_out * STRIP)
                weights += n_in * n_out + n_out
                x, y = y, x
            add_losses(
                x,
                sizes[-1],
                labels[s],
                place(of_lanes, s * STRIP),
                place(counted, s * STRIP),
                cost,
                metrics,
                place(sums, 3 * (cell * sums.shape[1] + groups[s])),
                place(each, at[cell] * each.shape[1]),
                place(rows, s * STRIP),
                room,
            )
