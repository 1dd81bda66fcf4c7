"""Costs: how far the last layer's inputs z are from the wanted class, as one number for each example.

A cost owns its output layer: it says what the outputs are (softmax, sigmoid or linear in z), the cost of each
example, the derivative of that cost with respect to z (`deltas`), which starts backpropagation, and its second derivative
along a direction (`curvature`), which starts a product with the Hessian.
The loss of a set of examples is the mean of its examples' costs. Cross-entropy is computed from z itself, with the
maximum taken out, so that no wrong answer, however sure, overflows.

The conventions differ between books by a factor of 2 to 10, and so do good learning rates: `convention`
says in words which one is meant, `comparison` what another book or program means by the same name.
The same in formulas, one output at a time, as `landscape.network.notation` reads them: `output_expression` is an output a in
terms of its z and S = Σ exp(z) over the outputs; `cost_expression` its share of the example's cost, and `delta_expression` the
derivative, in terms of a, z, its target t, the number C of outputs, z_y of the right class and the number M of margins
that are not kept.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from landscape.network.activation import sigmoid


class Cost(ABC):
    """One way to turn outputs and labels into a number. z: (..., n, n_out); labels: (n,) int."""

    name: ClassVar[str]
    label: ClassVar[str]
    convention: ClassVar[str]
    comparison: ClassVar[str]
    fewest_outputs: ClassVar[int] = 1
    most_outputs: ClassVar[int | None] = None
    output_expression: ClassVar[str]
    cost_expression: ClassVar[str]
    delta_expression: ClassVar[str]

    @abstractmethod
    def outputs(self, z: NDArray) -> NDArray:
        """The network's outputs (..., n, n_out) for the last layer's inputs z."""

    @abstractmethod
    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        """The cost of each example, (..., n)."""

    @abstractmethod
    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        """The derivative of each example's cost with respect to z, (..., n, n_out)."""

    @abstractmethod
    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        """How `deltas` change as z moves along dz (..., n, n_out): the cost's second derivative in z, times dz."""


def targets(labels: NDArray, n_out: int, dtype: np.dtype) -> NDArray:
    """The wanted outputs (n, n_out): a one at the label's place; a single output wants the label (0 or 1) itself."""
    if n_out == 1:
        return labels.astype(dtype)[:, None]
    return np.equal(labels[:, None], np.arange(n_out)).astype(dtype)


def _of_label(z: NDArray, labels: NDArray) -> NDArray:
    """The value of z at each example's own label, (..., n)."""
    index = np.broadcast_to(labels[:, None], (*z.shape[:-1], 1))
    return np.take_along_axis(z, index, axis=-1)[..., 0]


def _softplus(z: NDArray) -> NDArray:
    """log(1 + exp(z)) without overflow."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


class CrossEntropy(Cost):
    """Negative log-likelihood of the right class under softmax outputs (Nielsen, chapter 3; CS231n)."""

    name, label = "cross_entropy", "cross-entropy"
    convention = "−log of the right class's softmax output; mean over examples"
    comparison = (
        "The same in all books, and in torch's CrossEntropyLoss. Guessing costs ln C among C classes: ln 10 = 2.303."
    )
    output_expression, cost_expression, delta_expression = "exp(z) / S", "-t*ln(a)", "a - t"
    fewest_outputs = 2

    def outputs(self, z: NDArray) -> NDArray:
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        top = z.max(axis=-1)
        return np.log(np.exp(z - top[..., None]).sum(axis=-1)) + (top - _of_label(z, labels))

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        return self.outputs(z) - targets(labels, z.shape[-1], z.dtype)

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        p = self.outputs(z)
        return p * (dz - (p * dz).sum(axis=-1, keepdims=True))


class _SigmoidOutputs(Cost):
    output_expression = "1 / (1 + exp(-z))"

    def outputs(self, z: NDArray) -> NDArray:
        return sigmoid(z)


class Quadratic(_SigmoidOutputs):
    """Nielsen's quadratic cost (chapter 1): half the squared distance to the wanted outputs."""

    name, label = "quadratic", "quadratic (½·sum)"
    convention = "½ · sum over outputs of (output − wanted)², sigmoid outputs; mean over examples"
    comparison = (
        "Half of the plain sum; with ten outputs 5 times the mean over outputs. For the same steps the sum needs half of this "
        "rate, the mean 5 times."
    )
    cost_expression, delta_expression = "1/2*(a - t)**2", "(a - t)*a*(1 - a)"
    scale: ClassVar[float] = 0.5

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        error = sigmoid(z) - targets(labels, z.shape[-1], z.dtype)
        return self.scale * np.square(error).sum(axis=-1)

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        a = sigmoid(z)
        return 2 * self.scale * (a - targets(labels, z.shape[-1], z.dtype)) * a * (1 - a)

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        a = sigmoid(z)
        slope, error = a * (1 - a), a - targets(labels, z.shape[-1], z.dtype)
        return 2 * self.scale * slope * (slope + error * (1 - 2 * a)) * dz


class SquaredError(Quadratic):
    """The sum of squared differences, as 3Blue1Brown draws it: twice Nielsen's quadratic cost."""

    name, label = "mse", "squared error (sum)"
    convention = "sum over outputs of (output − wanted)², sigmoid outputs; mean over examples"
    comparison = (
        "Twice Nielsen's ½ · sum; with ten outputs 10 times the mean over outputs (torch's MSELoss). For the same steps the half "
        "needs twice this rate, the mean 10 times."
    )
    cost_expression, delta_expression = "(a - t)**2", "2*(a - t)*a*(1 - a)"
    scale = 1.0


class BinaryCrossEntropy(_SigmoidOutputs):
    """Nielsen's cross-entropy with sigmoid outputs (chapter 3): every output is its own yes-or-no question."""

    name, label = "binary_cross_entropy", "cross-entropy, σ"
    convention = "sum over outputs of −t·log a − (1−t)·log(1−a), sigmoid outputs; mean over examples"
    comparison = (
        "torch's BCELoss is the mean over outputs: with ten outputs a tenth of this sum, and for the same steps it needs 10 "
        "times the rate."
    )
    cost_expression, delta_expression = "-t*ln(a) - (1 - t)*ln(1 - a)", "a - t"

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        return (_softplus(z) - targets(labels, z.shape[-1], z.dtype) * z).sum(axis=-1)

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        return sigmoid(z) - targets(labels, z.shape[-1], z.dtype)

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        a = sigmoid(z)
        return a * (1 - a) * dz


class MnistLoss(_SigmoidOutputs):
    """fastai's `mnist_loss` (Deep Learning for Coders, chapter 4): one sigmoid output for two classes."""

    name, label = "mnist_loss", "mnist_loss"
    convention = "1 − a where the label is 1, a where it is 0, one sigmoid output; mean over examples"
    comparison = "As fastai defines it: how far the output is from certainty, on average. Guessing costs ½."
    cost_expression, delta_expression = "t*(1 - a) + (1 - t)*a", "(1 - 2*t)*a*(1 - a)"
    most_outputs = 1

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        sign = (1 - 2 * labels).astype(z.dtype)
        return sigmoid(sign * z[..., 0])

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        a = sigmoid(z)
        return (1 - 2 * labels).astype(z.dtype)[:, None] * a * (1 - a)

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        return self.deltas(z, labels) * (1 - 2 * sigmoid(z)) * dz


class AbsoluteError(_SigmoidOutputs):
    """The mean absolute difference between outputs and wanted outputs."""

    name, label = "mae", "absolute error (mean)"
    convention = "mean over outputs of |output − wanted|, sigmoid outputs; mean over examples"
    comparison = (
        "torch's L1Loss is this mean too. The sum over outputs is 10 times as much with ten outputs, and for the same steps it "
        "needs a tenth of the rate."
    )
    cost_expression, delta_expression = "abs(a - t) / C", "sign(a - t)*a*(1 - a) / C"

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        return np.abs(sigmoid(z) - targets(labels, z.shape[-1], z.dtype)).mean(axis=-1)

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        a = sigmoid(z)
        error = a - targets(labels, z.shape[-1], z.dtype)
        return np.sign(error) * a * (1 - a) / z.dtype.type(z.shape[-1])

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        return self.deltas(z, labels) * (1 - 2 * sigmoid(z)) * dz


class Hinge(Cost):
    """Multi-class support vector cost with margin 1 (CS231n, linear classification notes)."""

    name, label = "hinge", "hinge"
    convention = "sum over wrong classes of max(0, z − z of the right class + 1), linear outputs; mean over examples"
    comparison = (
        "As in CS231n; torch's MultiMarginLoss divides by the number of outputs: with ten a tenth of this, and for the same "
        "steps it needs 10 times the rate."
    )
    output_expression = "z"
    cost_expression, delta_expression = "(1 - t)*max(0, z - z_y + 1)", "(1 - t)*step(z - z_y + 1) - t*M"
    fewest_outputs = 2

    def outputs(self, z: NDArray) -> NDArray:
        return z

    def _margins(self, z: NDArray, labels: NDArray) -> NDArray:
        wrong = 1 - targets(labels, z.shape[-1], z.dtype)
        return np.maximum(z - _of_label(z, labels)[..., None] + 1, 0) * wrong

    def example_losses(self, z: NDArray, labels: NDArray) -> NDArray:
        return self._margins(z, labels).sum(axis=-1)

    def deltas(self, z: NDArray, labels: NDArray) -> NDArray:
        over = (self._margins(z, labels) > 0).astype(z.dtype)
        return over - over.sum(axis=-1, keepdims=True) * targets(labels, z.shape[-1], z.dtype)

    def curvature(self, z: NDArray, labels: NDArray, dz: NDArray) -> NDArray:
        return np.zeros_like(dz)  # flat pieces that meet in edges


COSTS: dict[str, Cost] = {
    cost.name: cost
    for cost in (
        CrossEntropy(),
        Quadratic(),
        SquaredError(),
        BinaryCrossEntropy(),
        MnistLoss(),
        AbsoluteError(),
        Hinge(),
    )
}
