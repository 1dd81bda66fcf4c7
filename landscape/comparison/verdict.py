"""What a model says about digits: its guesses, how sure it is, which are wrong, and which it takes for which."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network


@dataclass(frozen=True, eq=False)
class Verdict:
    """A model's answers on n digits: labels and guesses (n,) as positions among the classes, losses (n,), shares (n, classes)."""

    labels: NDArray[np.int64]
    guesses: NDArray[np.int64]
    losses: NDArray
    probabilities: NDArray

    @property
    def accuracy(self) -> float:
        """Share of the digits that are guessed rightly."""
        return float(np.mean(self.guesses == self.labels))

    @property
    def loss(self) -> float:
        """Mean loss."""
        return float(np.mean(self.losses, dtype=np.float64))

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """How many digits of each class (row) are taken for each class (column), (classes, classes)."""
        classes = self.probabilities.shape[1]
        return np.bincount(self.labels * classes + self.guesses, minlength=classes**2).reshape(classes, classes)

    @cached_property
    def wrong(self) -> NDArray[np.intp]:
        """The wrongly guessed digits as indices, the costliest first."""
        return self.costliest[(self.guesses != self.labels)[self.costliest]]

    @cached_property
    def costliest(self) -> NDArray[np.intp]:
        """All digits as indices, the costliest first (n,)."""
        return np.argsort(-self.losses, kind="stable")


def judge(net: Network, theta: NDArray, X: NDArray, y: NDArray) -> Verdict:
    """What a model θ (P,) says about digits X (n, n_in) whose labels are y (n,)."""
    y = net.checked_labels(y, X).astype(np.int64)
    return Verdict(y, net.predict(theta, X), net.example_losses(theta, X, y), probabilities(net, theta, X))


def probabilities(net: Network, theta: NDArray, X: NDArray) -> NDArray:
    """How sure a model is of each class, (n, classes), each row with the sum 1.

    With cross-entropy these are the softmax outputs; a single output a is 1 − a and a; several sigmoid outputs are
    divided by their sum; scores of the hinge cost, which are no probabilities, go through a softmax.
    """
    outputs = net.outputs(theta, X)
    if outputs.shape[-1] == 1:
        return np.concatenate([1 - outputs, outputs], axis=-1)
    if net.cost == "hinge":
        outputs = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return outputs / np.maximum(outputs.sum(axis=-1, keepdims=True), np.finfo(outputs.dtype).tiny)
