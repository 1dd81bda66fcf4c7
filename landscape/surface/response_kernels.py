"""How neurons respond, a register of numbers at a time: rectified, logistic, hyperbolic tangent."""

from numba import njit

from landscape.simd import LANES, STRIP, load, store, two_to_the, where_less


@njit
def logistic(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x)), exact to the last places where it is small as well; beyond ±87 it stays."""
    x = where_less(x, -87.0, -87.0, where_less(87.0, x, 87.0, x))
    return 1.0 / (two_to_the(x * -1.44269504088896341) + 1.0)


@njit
def two_logistics(x, x2, slope):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(slope·x)) of two, with one division between them. Beyond |slope·x| = 43 it stays (1e-19)."""
    end = 43.0 / abs(slope)
    x = where_less(x, 0.0 - end, 0.0 - end, where_less(end, x, end, x))
    x2 = where_less(x2, 0.0 - end, 0.0 - end, where_less(end, x2, end, x2))
    scale = slope * 1.44269504088896341
    whole, whole2 = two_to_the(x * scale) + 1.0, two_to_the(x2 * scale) + 1.0
    both = 1.0 / (whole * whole2)
    return whole2 * both, whole * both


@njit
def activate(activation, x, size):  # type: ignore[no-untyped-def]
    """Replace the first `size` numbers of x by the neurons' responses."""
    if activation == 1:
        for i in range(0, size, LANES):
            z = load(x, i)
            store(x, i, where_less(z, 0.0, 0.0, z))
    elif activation == 2:
        for i in range(0, size, STRIP):
            y, y2 = two_logistics(load(x, i), load(x, i + LANES), -1.0)
            store(x, i, y)
            store(x, i + LANES, y2)
    elif (
        activation == 3
    ):  # tanh(x) = 1 − 2 / (1 + exp(2x)), to 1e-7 (not of itself: near 0 its last digits are those of 1)
        for i in range(0, size, STRIP):
            y, y2 = two_logistics(load(x, i), load(x, i + LANES), 2.0)
            store(x, i, 1.0 - 2.0 * y)
            store(x, i + LANES, 1.0 - 2.0 * y2)
