"""What a model says about digits: its guesses, how sure it is, which are wrong, and which it takes for which."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.network.network import winner

BLOCK = 1000  # digits at once: some milliseconds


@dataclass(frozen=True, eq=False)
class Verdict:
    """A model's answers on n digits: labels and guesses (n,) as positions among the classes, losses (n,), shares (n, classes).

    `done` is the share of all the digits asked about that these are.
    """

    labels: NDArray[np.int64]
    guesses: NDArray[np.int64]
    losses: NDArray
    probabilities: NDArray
    done: float = 1.0

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
    def wrong_first(self) -> NDArray[np.intp]:
        """All digits as indices, the wrongly guessed ones first, each kind with the costliest first (n,)."""
        return np.concatenate([self.wrong, self.costliest[(self.guesses == self.labels)[self.costliest]]])

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
    *_, verdict = judging(net, theta, X, y)
    return verdict


def judging(net: Network, theta: NDArray, X: NDArray, y: NDArray) -> Iterator[Verdict]:
    """`judge`, block by block: verdicts on the first digits, on more, at last on all (`done` 1)."""
    y = net.checked_labels(y, X).astype(np.int64)
    parts: list[tuple[NDArray, NDArray, NDArray]] = []
    for first in range(0, len(X), BLOCK):
        past = first + BLOCK
        z = net.layers(theta, X[first:past])[-1]
        losses = net.cost_function.example_losses(z, y[first:past])
        parts.append((winner(z), losses, _shares(net, net.cost_function.outputs(z))))
        guesses, losses, probabilities = (np.concatenate(part) for part in zip(*parts, strict=True))
        yield Verdict(y[:past], guesses, losses, probabilities, len(guesses) / len(X))


def probabilities(net: Network, theta: NDArray, X: NDArray) -> NDArray:
    """How sure a model is of each class, (n, classes), each row with the sum 1.

    With cross-entropy these are the softmax outputs; a single output a is 1 − a and a; several sigmoid outputs are
    divided by their sum; scores of the hinge cost, which are no probabilities, go through a softmax.
    """
    return _shares(net, net.outputs(theta, X))


def _shares(net: Network, outputs: NDArray) -> NDArray:
    if outputs.shape[-1] == 1:
        return np.concatenate([1 - outputs, outputs], axis=-1)
    if net.cost == "hinge":
        outputs = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return outputs / np.maximum(outputs.sum(axis=-1, keepdims=True), np.finfo(outputs.dtype).tiny)
