"""The surface as anyone would write it first: cell after cell. Slow, and the specification of the rest."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.network import Network
from landscape.plane import Plane


def evaluate_cell_by_cell(
    net: Network, plane: Plane, X: NDArray, y: NDArray, a: ArrayLike, b: ArrayLike, l2: float = 0.0
) -> dict[str, NDArray[Any]]:
    """loss, accuracy and sampling_error, each (nb, na) with [j, i] at (a[i], b[j]), in the dtype of the plane.

    The sampling error is the standard error of the mean over the examples; NaN for a single example. class_losses
    (classes, nb, na) and example_losses (n, nb, na); l2's share is in the former, not in the latter.
    """
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    loss, accuracy, sampling_error = (np.empty((len(b), len(a))) for _ in range(3))
    example_losses = np.empty((len(y), len(b), len(a)))
    class_losses = np.full((max(2, net.sizes[-1]), len(b), len(a)), np.nan)
    for j in range(len(b)):
        for i in range(len(a)):
            theta = plane.point(a[i], b[j])
            loss[j, i] = net.loss(theta, X, y, l2)
            accuracy[j, i] = net.accuracy(theta, X, y)
            losses = example_losses[:, j, i] = net.example_losses(theta, X, y)
            for label in np.unique(y):
                class_losses[label, j, i] = net.loss(theta, X[y == label], y[y == label], l2)
            sampling_error[j, i] = losses.std(ddof=1) / len(y) ** 0.5 if len(y) > 1 else np.nan
    return {
        "loss": loss,
        "accuracy": accuracy,
        "sampling_error": sampling_error,
        "class_losses": class_losses,
        "example_losses": example_losses,
    }
