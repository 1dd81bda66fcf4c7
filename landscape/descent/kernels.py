"""Gradient steps, compiled: the arithmetic of `landscape.descent.steps` for SGD in float32.

Most pixels of a digit are exactly zero, so the first layer visits only the others: a mini-batch of ten costs a tenth of
the dense product, and no call into BLAS. Inside a plane the first layer's inputs are affine in the two
coordinates, so three products made once replace it altogether, and a step never touches the pixels again.
"""

import math

import numpy as np
from numba import types

from landscape.compiled import ANY_ORDER, compiled

RELU, SIGMOID, TANH, LINEAR = range(4)
CROSS_ENTROPY, QUADRATIC, MSE, BINARY_CROSS_ENTROPY, MNIST_LOSS, MAE, HINGE = range(7)

_NUMBER, _INDEX = types.float32, types.int64
_VECTOR, _MATRIX, _CUBE = (types.Array(_NUMBER, axes, "C", readonly=True) for axes in (1, 2, 3))
_INDICES = types.Array(_INDEX, 1, "C", readonly=True)
_COLUMNS = types.Array(types.int32, 1, "C", readonly=True)
_FREE, _FREE_ROWS, _FIGURES = types.float32[::1], types.float32[:, ::1], types.float64[::1]
_SERIES = (_INDICES, _INDICES, _INDICES, _VECTOR)  # labels, index, offsets, rates
_RULES = (_NUMBER, types.boolean, _NUMBER, _NUMBER, _INDICES, _INDICES, _INDICES, _INDEX, _INDEX, _FIGURES, _FIGURES)


@compiled(types.void(_MATRIX, types.int64, types.int64, types.int64[::1]))
def count_nonzero(X, first, past, counts):  # type: ignore[no-untyped-def]
    """How many values of each of the rows first..past of X are not zero, into counts."""
    for e in range(first, past):
        found = 0
        for i in range(X.shape[1]):
            found += X[e, i] != 0
        counts[e] = found


@compiled(types.void(_MATRIX, types.int64, types.int64, _INDICES, types.float32[::1], types.int32[::1]))
def take_nonzero(X, first, past, begins, values, columns):  # type: ignore[no-untyped-def]
    """The values of rows first..past of X that are not zero, and their columns (compressed sparse rows)."""
    width = X.shape[1]
    row_values = np.empty(width + 1, np.float32)
    row_columns = np.empty(width + 1, np.int32)
    for e in range(first, past):
        at = 0
        for i in range(width):  # always written, and kept by moving on: no branch to guess wrongly
            x = X[e, i]
            row_values[at] = x
            row_columns[at] = i
            at += x != 0
        place = begins[e]
        for k in range(at):
            values[place + k] = row_values[k]
            columns[place + k] = row_columns[k]


@compiled(inline="always")
def _activate(a, begin, end, activation):  # type: ignore[no-untyped-def]
    if activation == RELU:
        for j in range(begin, end):
            a[j] = max(a[j], np.float32(0))
    elif activation == SIGMOID:
        for j in range(begin, end):
            a[j] = np.float32(1) / (np.float32(1) + math.exp(-a[j]))
    elif activation == TANH:
        for j in range(begin, end):
            a[j] = math.tanh(a[j])


@compiled(inline="always")
def _times_slope(d, a, begin, end, activation):  # type: ignore[no-untyped-def]
    if activation == RELU:
        for j in range(begin, end):
            if a[j] <= 0:
                d[j] = np.float32(0)
    elif activation == SIGMOID:
        for j in range(begin, end):
            d[j] *= a[j] * (np.float32(1) - a[j])
    elif activation == TANH:
        for j in range(begin, end):
            d[j] *= np.float32(1) - a[j] * a[j]


@compiled(inline="always")
def _softplus(z):  # type: ignore[no-untyped-def]
    return max(z, np.float32(0)) + math.log1p(math.exp(-abs(z)))


@compiled(fastmath=ANY_ORDER)
def _inner(x, y):  # type: ignore[no-untyped-def]
    total = np.float32(0)
    for j in range(len(x)):
        total += x[j] * y[j]
    return total


@compiled(fastmath=ANY_ORDER)
def _inner_of_triples(x, y, z):  # type: ignore[no-untyped-def]
    first = np.float32(0)
    second = np.float32(0)
    for j in range(len(x)):
        first += x[j] * y[j]
        second += x[j] * z[j]
    return first, second


@compiled(fastmath=ANY_ORDER)
def _squared_distance(x, y):  # type: ignore[no-untyped-def]
    total = np.float32(0)
    for j in range(len(x)):
        total += (x[j] - y[j]) * (x[j] - y[j])
    return total


@compiled()
def _loss_and_delta(a, d, begin, end, label, cost):  # type: ignore[no-untyped-def]
    """One example's cost from the last layer's inputs a[begin:end]; its derivative goes to d[begin:end]."""
    one = np.float32(1)
    loss = 0.0
    if cost == CROSS_ENTROPY:
        top = a[begin]
        for j in range(begin, end):
            top = max(top, a[j])
        total = np.float32(0)
        for j in range(begin, end):
            d[j] = math.exp(a[j] - top)
            total += d[j]
        for j in range(begin, end):
            d[j] /= total
        loss = math.log(total) + (top - a[begin + label])
        d[begin + label] -= one
    elif cost == HINGE:
        right = a[begin + label]
        d[begin + label] = np.float32(0)
        over = np.float32(0)
        for j in range(begin, end):
            if j != begin + label:
                margin = a[j] - right + one
                d[j] = one if margin > 0 else np.float32(0)
                over += d[j]
                loss += max(margin, np.float32(0))
        d[begin + label] = -over
    else:
        for j in range(begin, end):
            z = a[j]
            s = one / (one + math.exp(-z))
            slope = s * (one - s)
            wanted = np.float32(label) if end - begin == 1 else np.float32(j - begin == label)
            error = s - wanted
            if cost == QUADRATIC:
                loss += np.float32(0.5) * error * error
                d[j] = error * slope
            elif cost == MSE:
                loss += error * error
                d[j] = np.float32(2) * error * slope
            elif cost == BINARY_CROSS_ENTROPY:
                loss += _softplus(z) - wanted * z
                d[j] = error
            elif cost == MNIST_LOSS:
                loss += abs(error)
                d[j] = slope if label == 0 else -slope
            else:
                share = one / np.float32(end - begin)
                loss += abs(error) * share
                d[j] = np.sign(error) * slope * share
    return loss


@compiled()
def _through_later_layers(theta, gradient, a, d, sizes, weights_at, neurons_at, label, scale, activation, cost):  # type: ignore[no-untyped-def]
    """Forward from the first layer's inputs in `a`, the cost, and backward to its deltas in `d`; adds to `gradient`.

    Returns the example's cost. Layer l's neurons stand at neurons_at[l] in `a` and `d`, its weights at weights_at[l].
    """
    layers = len(sizes) - 1
    for layer in range(1, layers):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        below, here = neurons_at[layer - 1], neurons_at[layer]
        _activate(a, below, below + n_in, activation)
        middle = weights_at[layer] + n_in * n_out
        W = theta[weights_at[layer] : middle].reshape(n_in, n_out)
        z = a[here : here + n_out]
        z[:] = theta[middle : middle + n_out]
        for i in range(n_in):
            signal = a[below + i]
            if signal != 0:
                for j in range(n_out):
                    z[j] += signal * W[i, j]
    top = neurons_at[layers - 1]
    loss = _loss_and_delta(a, d, top, top + sizes[layers], label, cost)
    for j in range(top, top + sizes[layers]):
        d[j] *= scale
    for layer in range(layers - 1, 0, -1):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        below, here = neurons_at[layer - 1], neurons_at[layer]
        middle = weights_at[layer] + n_in * n_out
        W = theta[weights_at[layer] : middle].reshape(n_in, n_out)
        slope = gradient[weights_at[layer] : middle].reshape(n_in, n_out)
        delta = d[here : here + n_out]
        for j in range(n_out):
            gradient[middle + j] += delta[j]
        for i in range(n_in):
            signal = a[below + i]
            for j in range(n_out):
                slope[i, j] += signal * delta[j]
            d[below + i] = _inner(W[i], delta)
        _times_slope(d, a, below, below + n_in, activation)
    return loss


@compiled()
def _first_layer_inputs(W, biases, values, columns, first, past, z):  # type: ignore[no-untyped-def]
    """z = biases + x·W over the pixels that are not zero, four at a time so that z is loaded and stored less often."""
    h = len(z)
    z[:] = biases
    k = first
    while k + 4 <= past:
        x0, x1, x2, x3 = values[k], values[k + 1], values[k + 2], values[k + 3]
        i0, i1, i2, i3 = columns[k], columns[k + 1], columns[k + 2], columns[k + 3]
        for j in range(h):
            two = z[j] + x0 * W[i0, j] + x1 * W[i1, j]
            z[j] = two + x2 * W[i2, j] + x3 * W[i3, j]
        k += 4
    while k < past:
        x, i = values[k], columns[k]
        for j in range(h):
            z[j] += x * W[i, j]
        k += 1


@compiled()
def _update(free, velocity, gradient, rate, momentum, nesterov, weight_decay):  # type: ignore[no-untyped-def]
    """One step of SGD on `free`, all flat, in place, and the gradient back to zero."""
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        gradient[p] = np.float32(0)
        if momentum > 0:
            velocity[p] = momentum * velocity[p] + g
            g = g + momentum * velocity[p] if nesterov else velocity[p]
        free[p] -= rate * g


@compiled()
def _add_penalty(weights, gradient, l2):  # type: ignore[no-untyped-def]
    """The regularisation's share of the gradient, added in place; returns its share of the loss."""
    for p in range(len(weights)):
        gradient[p] += l2 * weights[p]
    return 0.5 * l2 * _inner(weights, weights)


@compiled(types.void(_FREE_ROWS, _FREE_ROWS, _FREE, _FREE, _VECTOR, _COLUMNS, _INDICES, *_SERIES, *_RULES))
def full_steps(
    W, W_velocity, rest, rest_velocity, values, columns, begins, labels, index, offsets, rates,
    momentum, nesterov, weight_decay, l2, sizes, weights_at, neurons_at, activation, cost, losses, lengths,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """S steps in the full space, in place; losses (S,) receives the losses, lengths (2,) the last gradient's and update's.

    W (n_in, width) are the first layer's weights, each row padded with zeros to a whole number of vector registers;
    rest is θ with the padded biases at its end: its first-layer weights are not used.
    """
    width = W.shape[1]
    flat, flat_velocity = W.reshape(-1), W_velocity.reshape(-1)
    slope = np.zeros_like(W)
    flat_slope = slope.reshape(-1)
    rest_slope = np.zeros_like(rest)
    biases_at = len(rest) - width
    a = np.zeros(neurons_at[-1], np.float32)
    d = np.zeros(neurons_at[-1], np.float32)
    z, delta = a[:width], d[:width]
    for s in range(len(rates)):
        count = offsets[s + 1] - offsets[s]
        scale = np.float32(1.0 / count)
        total = 0.0
        for place in range(offsets[s], offsets[s + 1]):
            e = index[place]
            _first_layer_inputs(W, rest[biases_at:], values, columns, begins[e], begins[e + 1], z)
            total += _through_later_layers(
                rest, rest_slope, a, d, sizes, weights_at, neurons_at, labels[e], scale, activation, cost
            )
            for j in range(width):
                rest_slope[biases_at + j] += delta[j]
            for k in range(begins[e], begins[e + 1]):
                x, i = values[k], columns[k]
                for j in range(width):
                    slope[i, j] += x * delta[j]
        loss = total / count
        if l2 > 0:
            loss += _add_penalty(flat, flat_slope, l2)
            for layer in range(1, len(sizes) - 1):
                first = weights_at[layer]
                past = first + sizes[layer] * sizes[layer + 1]
                loss += _add_penalty(rest[first:past], rest_slope[first:past], l2)
        rules = (rates[s], momentum, nesterov, weight_decay)
        losses[s] = loss
        if s == len(rates) - 1:
            lengths[0] = math.sqrt(_inner(flat_slope, flat_slope) + _inner(rest_slope, rest_slope))
            before, rest_before = flat.copy(), rest.copy()
        _update(flat, flat_velocity, flat_slope, *rules)
        _update(rest, rest_velocity, rest_slope, *rules)
    lengths[1] = math.sqrt(_squared_distance(flat, before) + _squared_distance(rest, rest_before))


@compiled(types.void(_FREE, _FREE, _CUBE, _VECTOR, _MATRIX, _INDEX, _MATRIX, *_SERIES, *_RULES))
def plane_steps(
    c, velocity, first_layer, origin, Q, first_parameters, penalties, labels, index, offsets, rates,
    momentum, nesterov, weight_decay, l2, sizes, weights_at, neurons_at, activation, cost, losses, lengths,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """S steps inside a plane; the coordinates c and velocity (2,) change in place.

    first_layer (3, n, width) holds the first layer's inputs of the origin and of both directions; penalties (3, 3) the
    inner products of the weights of origin and directions; later layers' parameters begin at first_parameters.
    """
    width = first_layer.shape[2]
    theta = origin.copy()
    gradient = np.zeros_like(theta)
    a = np.zeros(neurons_at[-1], np.float32)
    d = np.zeros(neurons_at[-1], np.float32)
    slope = np.zeros(2, np.float32)
    for s in range(len(rates)):
        for p in range(first_parameters, len(theta)):
            theta[p] = origin[p] + c[0] * Q[0, p] + c[1] * Q[1, p]
            gradient[p] = np.float32(0)
        count = offsets[s + 1] - offsets[s]
        scale = np.float32(1.0 / count)
        total = 0.0
        slope_0 = np.float32(0)
        slope_1 = np.float32(0)
        for place in range(offsets[s], offsets[s + 1]):
            e = index[place]
            for j in range(width):
                a[j] = first_layer[0, e, j] + c[0] * first_layer[1, e, j] + c[1] * first_layer[2, e, j]
            total += _through_later_layers(
                theta, gradient, a, d, sizes, weights_at, neurons_at, labels[e], scale, activation, cost
            )
            along_0, along_1 = _inner_of_triples(d[:width], first_layer[1, e], first_layer[2, e])
            slope_0 += along_0
            slope_1 += along_1
        along_0, along_1 = _inner_of_triples(
            gradient[first_parameters:], Q[0, first_parameters:], Q[1, first_parameters:]
        )
        slope_0 += along_0
        slope_1 += along_1
        slope[0] = slope_0 + l2 * (penalties[0, 1] + c[0] * penalties[1, 1] + c[1] * penalties[1, 2])
        slope[1] = slope_1 + l2 * (penalties[0, 2] + c[0] * penalties[1, 2] + c[1] * penalties[2, 2])
        loss = total / count
        if l2 > 0:
            loss += 0.5 * l2 * (
                penalties[0, 0] + 2 * c[0] * penalties[0, 1] + 2 * c[1] * penalties[0, 2]
                + c[0] * c[0] * penalties[1, 1] + 2 * c[0] * c[1] * penalties[1, 2] + c[1] * c[1] * penalties[2, 2]
            )  # fmt: skip
        losses[s] = loss
        lengths[0] = math.sqrt(_inner(slope, slope))
        before = c.copy()
        _update(c, velocity, slope, rates[s], momentum, nesterov, weight_decay)
        lengths[1] = math.sqrt(_squared_distance(c, before))
