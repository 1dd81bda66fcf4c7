"""A model that no step leads on from, such as a point of a plane or a file's: its loss and the gradient where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.data import Digits, load_digits
from landscape.network import Network
from landscape.run.run import Run

BLOCK = 500  # digits between two looks at whether anybody still waits


@dataclass(frozen=True, eq=False)
class Standing:
    """A network at θ (P,), and the gradient (P,) of its loss over the first `seen` training digits of `digits`.

    They are the digits that a run's true losses are measured on; `done` is 1 once all are seen. `loss` is the mean cost,
    `penalty` the share of L2 regularisation, which is no part of it but of the gradient.
    """

    net: Network
    theta: NDArray
    gradient: NDArray
    loss: float
    penalty: float
    digits: Digits
    seen: int
    done: float

    def __post_init__(self) -> None:
        for value in (self.theta, self.gradient):
            value.flags.writeable = False

    @property
    def slope(self) -> float:
        """How steep the loss is: the length of the gradient."""
        return float(np.linalg.norm(self.gradient.astype(np.float64)))


def standing(run: Run, net: Network, theta: NDArray, digits: Digits) -> Iterator[Standing]:
    """The gradient at θ (P,), with the run's L2, over more and more of the digits that its losses are measured on.

    `net` and `digits` are the run's own or, for a model from a file, those of `digits_for`. SetupError where they do not
    fit each other.
    """
    l2, theta = run.setup.descent.l2, np.array(theta)
    train, most = digits.train, run.setup.data.examples
    X, y = train.images[:most], train.labels[:most]
    y = net.checked_labels(y, X)
    loss, gradient = 0.0, np.zeros(net.P)
    with np.errstate(over="ignore", invalid="ignore"):  # far out on a plane a model may overflow: it is shown as it is
        penalty = float(net.penalty(theta, l2)) if l2 else 0.0
        pull = l2 * theta * net.is_weight
        for first in range(0, len(y), BLOCK):
            past = min(first + BLOCK, len(y))
            costs, slopes = net.loss_and_gradient(theta, X[first:past], y[first:past])
            loss += float(costs) * (past - first)
            gradient += slopes.astype(np.float64) * (past - first)
            mean = (gradient / past + pull).astype(theta.dtype)
            yield Standing(net, theta, mean, loss / past, penalty, digits, past, past / len(y))


def digits_for(run: Run, classes: tuple[int, ...], preprocess: tuple[str, ...]) -> Digits:
    """The run's digits as a model needs them: of its classes, in their order, and prepared as it was trained."""
    data = run.setup.data
    if (classes, preprocess) == (data.classes, tuple(data.preprocess)):
        return run.digits
    return load_digits(None if data.source == "embedded" else data.source, classes, preprocess)
