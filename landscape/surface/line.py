"""The loss along a straight line through parameter space: a surface of one row."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.evaluation import evaluate
from landscape.surface.surface import Surface


def evaluate_line(
    net: Network,
    origin: ArrayLike,
    direction: ArrayLike,
    X: NDArray,
    y: NDArray,
    a: ArrayLike,
    metrics: Sequence[str] = ("loss",),
    l2: float = 0.0,
) -> Surface:
    """The loss at origin + a·direction, both (P,), for each of a (na,), rising: surface.loss is (1, na), surface.b is (0,).

    The rest as in `evaluate`, whose speed for each point it has. SetupError as there, also where the direction is zero.
    """
    return evaluate(net, line(origin, direction), X, y, a, (0.0,), metrics, l2)


def line(origin: ArrayLike, direction: ArrayLike) -> Plane:
    """A plane whose u is the line's direction; its v is a single parameter's axis, and b = 0 keeps to the line."""
    direction = np.asarray(direction)
    axis = np.zeros(direction.shape, direction.dtype)
    if direction.ndim == 1 and direction.any():  # else the plane itself says what is wrong
        axis[np.abs(direction).argmin()] = np.linalg.norm(direction)
    return Plane(np.asarray(origin), direction, axis, kind="line", labels=("along the line", "one parameter"))
