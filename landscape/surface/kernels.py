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
from landscape.simd import GROUP, LANES, STRIP, load, place, product, store, where_less
from landscape.surface.cost_kernels import add_losses
from landscape.surface.response_kernels import activate

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
