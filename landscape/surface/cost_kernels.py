"""What a strip of examples costs at a cell, and how many of them are right, from the outputs of the network."""

from numba import njit

from landscape.simd import LANES, STRIP, exponential, load, magnitude, split_power, store, total, where_less
from landscape.surface.response_kernels import logistic


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
