"""Gradient steps, compiled: the arithmetic of `landscape.descent.steps` in float32.

Most pixels of a digit are exactly zero, so the first layer visits only the others, forward and back. Inside a plane the
first layer's inputs are affine in the two coordinates, so three products made once replace it altogether, and a
step never touches the pixels again. Later layers take a block of examples at a time. A step is two things apart: its
gradient, summed into a vector of its own, and `update`, which alone knows the optimiser.

Parameters are flat and padded: every layer's weights (n_in, width) and then its biases (width,), `width` the layer's neurons
padded with zeros to whole vector registers. `layout` is the tuple of (sizes, widths, where each layer's weights begin,
its biases, its neurons in the scratch arrays, its transposed weights, the last layer's padding, activation, cost).
"""

import math

import numpy as np
from numba import types

from landscape.compiled import ANY_ORDER, compiled
from landscape.descent.cost_kernels import loss_and_delta
from landscape.descent.layer_kernels import (
    activate,
    add_first_layer_slope,
    add_product,
    add_rows,
    clear,
    fill_rows,
    first_layer_inputs,
    times_slope,
)
from landscape.descent.update_kernels import inner, squared_distance, update
from landscape.simd import LANES, fetch, load, lowest_bit, nonzero_lanes, place, store, total

# Examples that go through the network together: their activations stay in the L1 cache. A multiple of 4.
BLOCK = 32
# Examples come in random order from all over the memory: their numbers are asked for so many examples ahead.
AHEAD = 4
_LINE = 16  # float32 in a cache line

_NUMBER, _INDEX = types.float32, types.int64
_VECTOR, _MATRIX = (types.Array(_NUMBER, axes, "C", readonly=True) for axes in (1, 2))
_INDICES = types.Array(_INDEX, 1, "C", readonly=True)
_COLUMNS = types.Array(types.int32, 1, "C", readonly=True)
_FREE, _STATE, _FIGURES = types.float32[::1], types.float32[:, ::1], types.float64[::1]
_PIXELS = types.Tuple((_VECTOR, _COLUMNS, _INDICES))  # values, columns, where each example begins
_LAYOUT = types.Tuple((*[_INDICES] * 6, _VECTOR, _INDEX, _INDEX))
_SCRATCH = types.Tuple((_FREE, _FREE, _FREE, _FREE))  # gradient, transposed weights, activations, deltas
_SERIES = types.Tuple((_INDICES, _INDICES, _VECTOR, _INDEX))  # index, offsets, rates, number of the first update
_NUMBERS = types.Array(types.float64, 1, "C", readonly=True)
_RULE = types.Tuple((_INDEX, _NUMBERS, _NUMBER))  # the optimiser's code, its numbers, l2


@compiled(types.void(_MATRIX, types.int64, types.int64, types.int64[::1]))
def count_nonzero(X, first, past, counts):  # type: ignore[no-untyped-def]
    """How many values of each of the rows first..past of X are not zero, into counts."""
    for e in range(first, past):
        found = 0
        for i in range(X.shape[1]):
            found += X[e, i] != 0
        counts[e] = found


@compiled()
def _take_row(X, begin, width, values, columns, at):  # type: ignore[no-untyped-def]
    """The values X[begin:][:width] that are not zero, and their columns, from `at` on; returns where they end."""
    row = place(X, begin)
    i = 0
    while i < width:
        bits, lanes = 0, 0
        while lanes + LANES <= 64 and i + lanes + LANES <= width:
            bits |= nonzero_lanes(load(row, i + lanes)) << lanes
            lanes += LANES
        if lanes == 0:
            bits, lanes = int(row[i] != 0), 1
        while bits != 0:
            column = i + lowest_bit(bits)
            values[at] = row[column]
            columns[at] = column
            at += 1
            bits &= bits - 1
        i += lanes
    return at


@compiled(types.void(_MATRIX, types.int64, types.int64, _INDICES, types.float32[::1], types.int32[::1]))
def take_nonzero(X, first, past, begins, values, columns):  # type: ignore[no-untyped-def]
    """The values of rows first..past of X that are not zero, and their columns (compressed sparse rows)."""
    for e in range(first, past):
        _take_row(X, e * X.shape[1], X.shape[1], values, columns, begins[e])


@compiled(types.void(_MATRIX, types.int64, types.int64, _VECTOR, types.int64, _FREE))
def multiply_rows(X, first, past, weights, width, products):  # type: ignore[no-untyped-def]
    """products (n, width), flat: rows first..past of b + X·W; `weights` is W (n_in, width) and then b, flat."""
    values = np.empty(X.shape[1], np.float32)
    columns = np.empty(X.shape[1], np.int32)
    for e in range(first, past):
        found = _take_row(X, e * X.shape[1], X.shape[1], values, columns, 0)
        first_layer_inputs(weights, X.shape[1] * width, width, values, columns, 0, found, products, e * width)


@compiled()
def _transpose_later_layers(theta, transposed, layout):  # type: ignore[no-untyped-def]
    sizes, widths, weights_at, _, _, transposed_at, _, _, _ = layout
    for layer in range(1, len(sizes) - 1):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        width, width_below = widths[layer + 1], widths[layer]
        for j in range(n_out):
            for i in range(n_in):
                transposed[transposed_at[layer] + j * width_below + i] = theta[weights_at[layer] + i * width + j]


@compiled()
def _through_later_layers(theta, scratch, labels, index, first, n, scale, layout):  # type: ignore[no-untyped-def]
    """For n ≤ BLOCK examples from `first` on: forward from the first layer's inputs, the costs, and backward to its deltas.

    Adds the later layers' share to the gradient; returns the sum of the costs.
    """
    gradient, transposed, a, d = scratch
    sizes, widths, weights_at, biases_at, neurons_at, transposed_at, padding, activation, cost = layout
    layers = len(sizes) - 1
    rows = (n + 3) // 4 * 4  # whole groups of four: what is computed beyond n is never looked at
    for layer in range(1, layers):
        below, here, width, width_below = neurons_at[layer - 1], neurons_at[layer], widths[layer + 1], widths[layer]
        activate(a, below, n * width_below, activation)
        fill_rows(a, here, width, rows, theta, biases_at[layer])
        add_product(a, below, width_below, 1, theta, weights_at[layer], sizes[layer], a, here, width, rows)
    top, width = neurons_at[layers - 1], widths[layers]
    loss = 0.0
    for e in range(n):
        at = top + e * width
        loss += loss_and_delta(a, d, at, sizes[layers], padding, labels[index[first + e]], scale, cost)
    for layer in range(layers - 1, 0, -1):
        below, here, width, width_below = neurons_at[layer - 1], neurons_at[layer], widths[layer + 1], widths[layer]
        add_rows(d, here, width, n, gradient, biases_at[layer])
        add_product(a, below, 1, width_below, d, here, n, gradient, weights_at[layer], width, sizes[layer])
        clear(d, below, rows * width_below)
        W, n_out = transposed_at[layer], sizes[layer + 1]
        add_product(d, here, width, 1, transposed, W, n_out, d, below, width_below, rows)
        times_slope(d, a, below, n * width_below, activation)
    return loss


@compiled()
def _fetch_lines(numbers, first, past):  # type: ignore[no-untyped-def]
    """Ask for numbers[first:past], an array that begins where a cache line does."""
    start = place(numbers, 0)
    for at in range(first - first % _LINE, past, _LINE):
        fetch(start, at)


@compiled(types.float64(_VECTOR, _SCRATCH, _PIXELS, _INDICES, _INDICES, types.int64, types.int64, _NUMBER, _LAYOUT))
def add_full_gradient(theta, scratch, pixels, labels, index, first, past, scale, layout):  # type: ignore[no-untyped-def]
    """Add `scale` times the gradient of the costs of index[first:past] to scratch's gradient; returns the costs' sum."""
    gradient, transposed, a, d = scratch
    values, columns, begins = pixels
    _, widths, _, biases_at, _, _, _, _, _ = layout
    width = widths[1]
    _transpose_later_layers(theta, transposed, layout)
    loss = 0.0
    for block in range(first, past, BLOCK):
        n = min(BLOCK, past - block)
        for e in range(n):
            later = index[min(block + e + AHEAD, len(index) - 1)]
            _fetch_lines(values, begins[later], begins[later + 1])
            _fetch_lines(columns, begins[later], begins[later + 1])
            x = index[block + e]
            first_layer_inputs(theta, biases_at[0], width, values, columns, begins[x], begins[x + 1], a, e * width)
        loss += _through_later_layers(theta, scratch, labels, index, block, n, scale, layout)
        add_rows(d, 0, width, n, gradient, biases_at[0])
        for e in range(n):
            x = index[block + e]
            add_first_layer_slope(gradient, width, values, columns, begins[x], begins[x + 1], d, e * width)
    return loss


@compiled()
def _add_penalty(weights, gradient, l2):  # type: ignore[no-untyped-def]
    """The regularisation's share of the gradient, added in place; returns its share of the loss."""
    for p in range(len(weights)):
        gradient[p] += l2 * weights[p]
    return 0.5 * l2 * inner(weights, weights)


@compiled(types.float64(_FREE, _STATE, _FREE, _NUMBER, _INDEX, _RULE, _LAYOUT, types.boolean, _FIGURES))
def take_full_step(theta, state, gradient, rate, count, rule, layout, measured, lengths):  # type: ignore[no-untyped-def]
    """Update number `count` from the mean cost's gradient, which comes back as zeros; returns the penalty.

    `measured`: lengths (2,) receives those of the whole gradient and of the update.
    """
    code, numbers, l2 = rule
    sizes, widths, weights_at, _, _, _, _, _, _ = layout
    penalty = 0.0
    if l2 > 0:
        for layer in range(len(sizes) - 1):
            first = weights_at[layer]
            past = first + sizes[layer] * widths[layer + 1]
            penalty += _add_penalty(theta[first:past], gradient[first:past], l2)
    if measured:
        lengths[0] = math.sqrt(inner(gradient, gradient))
        before = theta.copy()
        update(code, numbers, theta, state, gradient, rate, count)
        lengths[1] = math.sqrt(squared_distance(theta, before))
    else:
        update(code, numbers, theta, state, gradient, rate, count)
    return penalty


@compiled(types.void(_FREE, _STATE, _SCRATCH, _PIXELS, _INDICES, _SERIES, _RULE, _LAYOUT, _FIGURES, _FIGURES))
def full_steps(theta, state, scratch, pixels, labels, series, rule, layout, losses, lengths):  # type: ignore[no-untyped-def]
    """S steps in the full space, in place; losses (S,) receives the losses, lengths (2,) the last gradient's and update's."""
    index, offsets, rates, first = series
    for s in range(len(rates)):
        size = offsets[s + 1] - offsets[s]
        scale = np.float32(1.0 / size)
        loss = add_full_gradient(theta, scratch, pixels, labels, index, offsets[s], offsets[s + 1], scale, layout)
        measured = s == len(rates) - 1
        penalty = take_full_step(theta, state, scratch[0], rates[s], first + s, rule, layout, measured, lengths)
        losses[s] = loss / size + penalty


@compiled()
def _plane_inputs(table, at, width, c, a, to):  # type: ignore[no-untyped-def]
    """a[to:][:width] = the first layer's inputs at the coordinates c, of the example whose three rows begin at `at`."""
    rows, out = place(table, at), place(a, to)
    for j in range(0, width, LANES):
        store(out, j, load(rows, j) + load(rows, width + j) * c[0] + load(rows, 2 * width + j) * c[1])


@compiled(fastmath=ANY_ORDER)
def _inner_of_triples(x, y, z):  # type: ignore[no-untyped-def]
    first = np.float32(0)
    second = np.float32(0)
    for j in range(len(x)):
        first += x[j] * y[j]
        second += x[j] * z[j]
    return first, second


@compiled()
def _add_plane_gradient(theta, scratch, table, c, slope, labels, index, first, past, scale, layout):  # type: ignore[no-untyped-def]
    """Add the first layer's share of the two slopes to `slope`, the later layers' to scratch's gradient; the costs' sum."""
    a, d = scratch[2], scratch[3]
    width = layout[1][1]
    loss = 0.0
    for block in range(first, past, BLOCK):
        n = min(BLOCK, past - block)
        for e in range(n):
            later = index[min(block + e + AHEAD, len(index) - 1)] * 3 * width
            _fetch_lines(table, later, later + 3 * width)
            _plane_inputs(table, index[block + e] * 3 * width, width, c, a, e * width)
        loss += _through_later_layers(theta, scratch, labels, index, block, n, scale, layout)
        delta = place(d, 0)
        along_u = load(delta, 0) * 0.0
        along_v = along_u
        for e in range(n):
            rows = place(table, (index[block + e] * 3 + 1) * width)
            for j in range(0, width, LANES):
                z = load(delta, e * width + j)
                along_u = along_u + z * load(rows, j)
                along_v = along_v + z * load(rows, width + j)
        slope[0] += total(along_u)
        slope[1] += total(along_v)
    return loss


@compiled(
    types.void(
        _FREE, _STATE, _FREE, _SCRATCH, _VECTOR, _VECTOR, _MATRIX, _MATRIX, _INDICES, _SERIES, _RULE, _LAYOUT,
        _FIGURES, _FIGURES,
    )
)  # fmt: skip
def plane_steps(c, state, theta, scratch, table, origin, Q, penalties, labels, series, rule, layout, losses, lengths):  # type: ignore[no-untyped-def]
    """S steps inside a plane; the coordinates c (2,) and state (slots, 2) change in place.

    table (n, 3, width), flat, holds the first layer's inputs of the origin and of both directions; penalties (3, 3) the
    inner products of the weights of origin and directions; origin and the rows of Q are padded as θ is.
    """
    index, offsets, rates, first = series
    code, numbers, l2 = rule
    gradient, transposed = scratch[0], scratch[1]
    later = layout[3][0] + layout[1][1]  # where the first layer ends
    slope = np.zeros(2, np.float32)
    for s in range(len(rates)):
        for p in range(later, len(theta)):
            theta[p] = origin[p] + c[0] * Q[0, p] + c[1] * Q[1, p]
            gradient[p] = np.float32(0)
        _transpose_later_layers(theta, transposed, layout)
        size = offsets[s + 1] - offsets[s]
        scale = np.float32(1.0 / size)
        loss = _add_plane_gradient(
            theta, scratch, table, c, slope, labels, index, offsets[s], offsets[s + 1], scale, layout
        )
        along_u, along_v = _inner_of_triples(gradient[later:], Q[0, later:], Q[1, later:])
        slope[0] += along_u + l2 * (penalties[0, 1] + c[0] * penalties[1, 1] + c[1] * penalties[1, 2])
        slope[1] += along_v + l2 * (penalties[0, 2] + c[0] * penalties[1, 2] + c[1] * penalties[2, 2])
        losses[s] = loss / size
        if l2 > 0:
            losses[s] += 0.5 * l2 * (
                penalties[0, 0] + 2 * c[0] * penalties[0, 1] + 2 * c[1] * penalties[0, 2]
                + c[0] * c[0] * penalties[1, 1] + 2 * c[0] * c[1] * penalties[1, 2] + c[1] * c[1] * penalties[2, 2]
            )  # fmt: skip
        lengths[0] = math.sqrt(inner(slope, slope))
        before = c.copy()
        update(code, numbers, c, state, slope, rates[s], first + s)
        lengths[1] = math.sqrt(squared_distance(c, before))
