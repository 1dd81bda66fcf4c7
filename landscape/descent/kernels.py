"""Gradient steps, compiled: the arithmetic of `landscape.descent.steps` for SGD in float32.

Most pixels of a digit are exactly zero, so the first layer visits only the others: a mini-batch of ten costs a tenth of
the dense product, and no call into BLAS. Inside a plane the first layer's inputs are affine in the two
coordinates, so three products made once replace it altogether, and a step never touches the pixels again.
"""

import math

import numpy as np

from landscape.compiled import compiled

RELU, SIGMOID, TANH, LINEAR = range(4)
CROSS_ENTROPY, QUADRATIC, MSE, BINARY_CROSS_ENTROPY, MNIST_LOSS, MAE, HINGE = range(7)


@compiled()
def nonzero_rows(X):  # type: ignore[no-untyped-def]
    """The values of X that are not zero, their columns, and where each row begins (compressed sparse rows)."""
    n, width = X.shape
    begins = np.zeros(n + 1, np.int64)
    for e in range(n):
        found = 0
        for i in range(width):
            found += X[e, i] != 0
        begins[e + 1] = begins[e] + found
    values = np.empty(begins[n], X.dtype)
    columns = np.empty(begins[n], np.int32)
    for e in range(n):
        at = begins[e]
        for i in range(width):
            if X[e, i] != 0:
                values[at] = X[e, i]
                columns[at] = i
                at += 1
    return values, columns, begins


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
        weights = weights_at[layer]
        biases = weights + n_in * n_out
        for j in range(n_out):
            a[here + j] = theta[biases + j]
        for i in range(n_in):
            signal = a[below + i]
            row = weights + i * n_out
            for j in range(n_out):
                a[here + j] += signal * theta[row + j]
    top = neurons_at[layers - 1]
    loss = _loss_and_delta(a, d, top, top + sizes[layers], label, cost)
    for j in range(top, top + sizes[layers]):
        d[j] *= scale
    for layer in range(layers - 1, 0, -1):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        below, here = neurons_at[layer - 1], neurons_at[layer]
        weights = weights_at[layer]
        biases = weights + n_in * n_out
        for j in range(n_out):
            gradient[biases + j] += d[here + j]
        for i in range(n_in):
            signal = a[below + i]
            row = weights + i * n_out
            back = np.float32(0)
            for j in range(n_out):
                gradient[row + j] += signal * d[here + j]
                back += theta[row + j] * d[here + j]
            d[below + i] = back
        _times_slope(d, a, below, below + n_in, activation)
    return loss


@compiled(inline="always")
def _update(free, velocity, gradient, rate, momentum, nesterov, weight_decay):  # type: ignore[no-untyped-def]
    """One step of SGD on `free`, in place; returns the squared length of the update."""
    squares = np.float32(0)
    for p in range(len(free)):
        g = gradient[p] + weight_decay * free[p]
        if momentum > 0:
            velocity[p] = momentum * velocity[p] + g
            g = g + momentum * velocity[p] if nesterov else velocity[p]
        step = rate * g
        squares += step * step
        free[p] -= step
    return squares


@compiled()
def full_steps(
    theta, velocity, values, columns, begins, labels, index, offsets, rates,
    momentum, nesterov, weight_decay, l2, sizes, weights_at, neurons_at, activation, cost, figures,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """S steps in the full space; θ and velocity (P,) change in place, figures (3, S) receive loss and lengths."""
    h = sizes[1]
    biases = sizes[0] * h
    gradient = np.empty_like(theta)
    a = np.empty(neurons_at[-1], np.float32)
    d = np.empty(neurons_at[-1], np.float32)
    for s in range(len(rates)):
        gradient[:] = np.float32(0)
        count = offsets[s + 1] - offsets[s]
        scale = np.float32(1.0 / count)
        total = 0.0
        for place in range(offsets[s], offsets[s + 1]):
            e = index[place]
            first, past = begins[e], begins[e + 1]
            for j in range(h):
                a[j] = theta[biases + j]
            for k in range(first, past):
                x = values[k]
                row = columns[k] * h
                for j in range(h):
                    a[j] += x * theta[row + j]
            total += _through_later_layers(
                theta, gradient, a, d, sizes, weights_at, neurons_at, labels[e], scale, activation, cost
            )
            for j in range(h):
                gradient[biases + j] += d[j]
            for k in range(first, past):
                x = values[k]
                row = columns[k] * h
                for j in range(h):
                    gradient[row + j] += x * d[j]
        loss = total / count
        if l2 > 0:
            penalty = 0.0
            for layer in range(len(sizes) - 1):
                start = weights_at[layer]
                for p in range(start, start + sizes[layer] * sizes[layer + 1]):
                    penalty += theta[p] * theta[p]
                    gradient[p] += l2 * theta[p]
            loss += 0.5 * l2 * penalty
        squares = np.float32(0)
        for p in range(len(gradient)):
            squares += gradient[p] * gradient[p]
        figures[0, s] = loss
        figures[1, s] = math.sqrt(squares)
        figures[2, s] = math.sqrt(_update(theta, velocity, gradient, rates[s], momentum, nesterov, weight_decay))


@compiled()
def plane_steps(
    c, velocity, first_layer, origin, Q, first_parameters, penalties, labels, index, offsets, rates,
    momentum, nesterov, weight_decay, l2, sizes, weights_at, neurons_at, activation, cost, figures,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """S steps inside a plane; the coordinates c and velocity (2,) change in place.

    first_layer (3, n, h) holds the first layer's inputs of the origin and of both directions; penalties (3, 3) the inner
    products of the weights of origin and directions; the parameters of later layers begin at first_parameters.
    """
    h = sizes[1]
    theta = origin.copy()
    gradient = np.empty_like(theta)
    a = np.empty(neurons_at[-1], np.float32)
    d = np.empty(neurons_at[-1], np.float32)
    slope = np.empty(2, np.float32)
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
            for j in range(h):
                a[j] = first_layer[0, e, j] + c[0] * first_layer[1, e, j] + c[1] * first_layer[2, e, j]
            total += _through_later_layers(
                theta, gradient, a, d, sizes, weights_at, neurons_at, labels[e], scale, activation, cost
            )
            for j in range(h):
                slope_0 += d[j] * first_layer[1, e, j]
                slope_1 += d[j] * first_layer[2, e, j]
        for p in range(first_parameters, len(theta)):
            slope_0 += gradient[p] * Q[0, p]
            slope_1 += gradient[p] * Q[1, p]
        slope[0] = slope_0 + l2 * (penalties[0, 1] + c[0] * penalties[1, 1] + c[1] * penalties[1, 2])
        slope[1] = slope_1 + l2 * (penalties[0, 2] + c[0] * penalties[1, 2] + c[1] * penalties[2, 2])
        loss = total / count
        if l2 > 0:
            loss += 0.5 * l2 * (
                penalties[0, 0] + 2 * c[0] * penalties[0, 1] + 2 * c[1] * penalties[0, 2]
                + c[0] * c[0] * penalties[1, 1] + 2 * c[0] * c[1] * penalties[1, 2] + c[1] * c[1] * penalties[2, 2]
            )  # fmt: skip
        figures[0, s] = loss
        figures[1, s] = math.sqrt(slope[0] * slope[0] + slope[1] * slope[1])
        figures[2, s] = math.sqrt(_update(c, velocity, slope, rates[s], momentum, nesterov, weight_decay))
