"""A mini-batch's way through the layers, compiled: products, responses and their slopes, for a block of examples.

Rows are padded with zeros to whole vector registers of `LANES` neurons. Every product keeps its sums in registers:
the first layer's over the pixels that are not zero, the later layers' for four examples (or four rows of weights) at once.
"""

from landscape.compiled import compiled
from landscape.simd import LANES, exponential, load, place, store, where_less

RELU, SIGMOID, TANH, LINEAR = range(4)


@compiled()
def activate(a, at, size, activation):  # type: ignore[no-untyped-def]
    """Replace `size` numbers of a, from `at` on, by the neurons' responses."""
    x = place(a, at)
    if activation == RELU:
        for j in range(0, size, LANES):
            z = load(x, j)
            store(x, j, where_less(z, 0.0, 0.0, z))
    elif activation == SIGMOID:
        for j in range(0, size, LANES):
            z = load(x, j)
            z = where_less(z, -87.0, -87.0, z)
            store(x, j, 1.0 / (exponential(0.0 - z) + 1.0))
    elif activation == TANH:
        for j in range(0, size, LANES):
            z = load(x, j)
            z = where_less(43.0, z, 43.0, z)
            store(x, j, 1.0 - 2.0 / (exponential(z * 2.0) + 1.0))


@compiled()
def times_slope(d, a, at, size, activation):  # type: ignore[no-untyped-def]
    """Multiply `size` deltas, from `at` on, by the slopes of the responses at the same places of a."""
    delta, x = place(d, at), place(a, at)
    if activation == RELU:
        for j in range(0, size, LANES):
            store(delta, j, where_less(0.0, load(x, j), load(delta, j), 0.0))
    elif activation == SIGMOID:
        for j in range(0, size, LANES):
            y = load(x, j)
            store(delta, j, load(delta, j) * (y * (1.0 - y)))
    elif activation == TANH:
        for j in range(0, size, LANES):
            y = load(x, j)
            store(delta, j, load(delta, j) * (1.0 - y * y))


@compiled()
def first_layer_inputs(theta, biases_at, width, values, columns, first, past, z, z_at):  # type: ignore[no-untyped-def]
    """z[z_at:][:width] = b + x·W over the pixels first..past that are not zero; W (n_in, width) begins theta.

    Two registers of neurons at a time, with two sums each, so that an addition need not wait for the one before.
    """
    W, x, i = place(theta, 0), place(values, 0), place(columns, 0)
    biases, out = place(theta, biases_at), place(z, z_at)
    j = 0
    while j + 2 * LANES <= width:
        s0, s1 = load(biases, j), load(biases, j + LANES)
        t0, t1 = s0 * 0.0, s0 * 0.0
        k = first
        while k + 2 <= past:
            one, two = i[k] * width + j, i[k + 1] * width + j
            s0 = s0 + load(W, one) * x[k]
            s1 = s1 + load(W, one + LANES) * x[k]
            t0 = t0 + load(W, two) * x[k + 1]
            t1 = t1 + load(W, two + LANES) * x[k + 1]
            k += 2
        if k < past:
            one = i[k] * width + j
            s0 = s0 + load(W, one) * x[k]
            s1 = s1 + load(W, one + LANES) * x[k]
        store(out, j, s0 + t0)
        store(out, j + LANES, s1 + t1)
        j += 2 * LANES
    if j < width:
        s0 = load(biases, j)
        t0 = s0 * 0.0
        k = first
        while k + 2 <= past:
            s0 = s0 + load(W, i[k] * width + j) * x[k]
            t0 = t0 + load(W, i[k + 1] * width + j) * x[k + 1]
            k += 2
        if k < past:
            s0 = s0 + load(W, i[k] * width + j) * x[k]
        store(out, j, s0 + t0)


@compiled()
def add_first_layer_slope(gradient, width, values, columns, first, past, d, d_at):  # type: ignore[no-untyped-def]
    """gradient[i] += x_i·d[d_at:][:width] for the pixels i, first..past, that are not zero."""
    G, x, i, delta = place(gradient, 0), place(values, 0), place(columns, 0), place(d, d_at)
    j = 0
    while j + 2 * LANES <= width:
        d0, d1 = load(delta, j), load(delta, j + LANES)
        for k in range(first, past):
            at = i[k] * width + j
            store(G, at, load(G, at) + d0 * x[k])
            store(G, at + LANES, load(G, at + LANES) + d1 * x[k])
        j += 2 * LANES
    if j < width:
        d0 = load(delta, j)
        for k in range(first, past):
            at = i[k] * width + j
            store(G, at, load(G, at) + d0 * x[k])


@compiled()
def add_product(x, x_at, row_step, step, M, M_at, depth, y, y_at, width, rows):  # type: ignore[no-untyped-def]
    """y[r] += Σ_k x[r, k]·M[k] for rows r, with M (depth, width), y (rows, width) and x[r, k] at r·row_step + k·step."""
    j = 0
    while j < width:
        wide = j + 2 * LANES <= width
        r = 0
        while r < rows:
            left = place(x, x_at + r * row_step)
            right, out = place(M, M_at + j), place(y, y_at + r * width + j)
            four = r + 4 <= rows
            if wide and four:
                _four_rows_of_two(left, row_step, step, right, width, depth, out)
            elif four:
                _four_rows(left, row_step, step, right, width, depth, out)
            else:
                _one_row(left, step, right, width, depth, out)
                if wide:
                    _one_row(left, step, place(right, LANES), width, depth, place(out, LANES))
            r += 4 if four else 1
        j += 2 * LANES if wide else LANES


@compiled()
def _four_rows_of_two(x, row_step, step, M, width, depth, y):  # type: ignore[no-untyped-def]
    s0, t0 = load(y, 0), load(y, LANES)
    s1, t1 = load(y, width), load(y, width + LANES)
    s2, t2 = load(y, 2 * width), load(y, 2 * width + LANES)
    s3, t3 = load(y, 3 * width), load(y, 3 * width + LANES)
    for k in range(depth):
        m, n, at = load(M, k * width), load(M, k * width + LANES), k * step
        x0, x1, x2, x3 = x[at], x[at + row_step], x[at + 2 * row_step], x[at + 3 * row_step]
        s0, t0 = s0 + m * x0, t0 + n * x0
        s1, t1 = s1 + m * x1, t1 + n * x1
        s2, t2 = s2 + m * x2, t2 + n * x2
        s3, t3 = s3 + m * x3, t3 + n * x3
    store(y, 0, s0)
    store(y, LANES, t0)
    store(y, width, s1)
    store(y, width + LANES, t1)
    store(y, 2 * width, s2)
    store(y, 2 * width + LANES, t2)
    store(y, 3 * width, s3)
    store(y, 3 * width + LANES, t3)


@compiled()
def _four_rows(x, row_step, step, M, width, depth, y):  # type: ignore[no-untyped-def]
    s0, s1, s2, s3 = load(y, 0), load(y, width), load(y, 2 * width), load(y, 3 * width)
    for k in range(depth):
        m, at = load(M, k * width), k * step
        s0 = s0 + m * x[at]
        s1 = s1 + m * x[at + row_step]
        s2 = s2 + m * x[at + 2 * row_step]
        s3 = s3 + m * x[at + 3 * row_step]
    store(y, 0, s0)
    store(y, width, s1)
    store(y, 2 * width, s2)
    store(y, 3 * width, s3)


@compiled()
def _one_row(x, step, M, width, depth, y):  # type: ignore[no-untyped-def]
    s = load(y, 0)
    for k in range(depth):
        s = s + load(M, k * width) * x[k * step]
    store(y, 0, s)


@compiled()
def add_rows(x, x_at, width, rows, y, y_at):  # type: ignore[no-untyped-def]
    """y[y_at:][:width] += the sum of the rows of x (rows, width)."""
    left, out = place(x, x_at), place(y, y_at)
    for j in range(0, width, LANES):
        s = load(out, j)
        for r in range(rows):
            s = s + load(left, r * width + j)
        store(out, j, s)


@compiled()
def fill_rows(y, y_at, width, rows, x, x_at):  # type: ignore[no-untyped-def]
    """Every row of y (rows, width) = x[x_at:][:width]."""
    out, one = place(y, y_at), place(x, x_at)
    for j in range(0, width, LANES):
        s = load(one, j)
        for r in range(rows):
            store(out, r * width + j, s)


@compiled()
def clear(y, at, size):  # type: ignore[no-untyped-def]
    """`size` zeros into y, from `at` on."""
    out = place(y, at)
    for j in range(0, size, LANES):
        store(out, j, 0.0)
