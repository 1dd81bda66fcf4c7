"""What each cost says about one example, and its derivative, compiled: `landscape.network.cost` for one row of outputs.

Compiled kernels on disk are renewed when `kernels.py` changes, not when this file does: touch both.
"""

import math

import numpy as np

from landscape.compiled import compiled
from landscape.simd import LANES, exponential, largest, load, place, store, total, where_less

CROSS_ENTROPY, QUADRATIC, MSE, BINARY_CROSS_ENTROPY, MNIST_LOSS, MAE, HINGE = range(7)


@compiled()
def loss_and_delta(a, d, at, outputs, padding, label, scale, cost):  # type: ignore[no-untyped-def]
    """One example's cost from the last layer's inputs a[at:][:outputs]; `scale` times its derivative goes to d.

    padding holds 0 for each output and a number far below all for what pads the row.
    """
    if cost == CROSS_ENTROPY:
        return _cross_entropy(place(a, at), place(d, at), place(padding, 0), len(padding), label, scale)
    if cost == HINGE:
        return _hinge(a, d, at, outputs, label, scale)
    return _of_sigmoids(a, d, at, outputs, label, scale, cost)


@compiled()
def _cross_entropy(z, d, padding, width, label, scale):  # type: ignore[no-untyped-def]
    top = largest(load(z, 0) + load(padding, 0))
    for j in range(LANES, width, LANES):
        top = max(top, largest(load(z, j) + load(padding, j)))
    sums = load(z, 0) * 0.0
    for j in range(0, width, LANES):
        pad = load(padding, j)
        e = where_less(pad, 0.0, 0.0, exponential(load(z, j) - top))
        store(d, j, e)
        sums = sums + e
    whole = total(sums)
    share = scale / whole
    for j in range(0, width, LANES):
        store(d, j, load(d, j) * share)
    d[label] -= scale
    return math.log(whole) + (top - z[label])


@compiled()
def _hinge(a, d, at, outputs, label, scale):  # type: ignore[no-untyped-def]
    one, zero = np.float32(1), np.float32(0)
    right = a[at + label]
    loss = 0.0
    over = zero
    for j in range(outputs):
        margin = a[at + j] - right + one
        d[at + j] = scale if margin > 0 and j != label else zero
        over += d[at + j]
        if j != label:
            loss += max(margin, zero)
    d[at + label] = -over
    return loss


@compiled()
def _softplus(z):  # type: ignore[no-untyped-def]
    return max(z, np.float32(0)) + math.log1p(math.exp(-abs(z)))


@compiled()
def _of_sigmoids(a, d, at, outputs, label, scale, cost):  # type: ignore[no-untyped-def]
    one = np.float32(1)
    loss = 0.0
    for j in range(outputs):
        z = a[at + j]
        s = one / (one + math.exp(-z))
        slope = s * (one - s)
        wanted = np.float32(label) if outputs == 1 else np.float32(j == label)
        error = s - wanted
        if cost == QUADRATIC:
            loss += np.float32(0.5) * error * error
            delta = error * slope
        elif cost == MSE:
            loss += error * error
            delta = np.float32(2) * error * slope
        elif cost == BINARY_CROSS_ENTROPY:
            loss += _softplus(z) - wanted * z
            delta = error
        elif cost == MNIST_LOSS:
            loss += abs(error)
            delta = slope if label == 0 else -slope
        else:
            share = one / np.float32(outputs)
            loss += abs(error) * share
            delta = np.sign(error) * slope * share
        d[at + j] = delta * scale
    return loss
