"""What a hidden neuron does with its weighted input z: values with a `value`, a `slope` and a `bend`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Activation:
    """A hidden neuron's response: a = value(z), and da/dz = slope(a), written in terms of a itself.

    d²a/dz² = bend(a) in the same terms; None where it is zero everywhere, but for the kink of the ReLU.
    `expression` and `slope_expression` write value and slope out, as `landscape.network.notation` reads them.
    """

    name: str
    label: str
    value: Callable[[NDArray], NDArray]
    slope: Callable[[NDArray], NDArray]
    expression: str
    slope_expression: str
    bend: Callable[[NDArray], NDArray] | None = None


def sigmoid(z: NDArray) -> NDArray:
    """1 / (1 + exp(-z)), without overflow: through tanh, which saturates by itself."""
    half = z.dtype.type(0.5)
    return half * np.tanh(half * z) + half


def _relu(z: NDArray) -> NDArray:
    return np.maximum(z, z.dtype.type(0))


def _relu_slope(a: NDArray) -> NDArray:
    return (a > 0).astype(a.dtype)


def _sigmoid_slope(a: NDArray) -> NDArray:
    return a * (1 - a)


def _tanh_slope(a: NDArray) -> NDArray:
    return 1 - a * a


def _sigmoid_bend(a: NDArray) -> NDArray:
    return a * (1 - a) * (1 - 2 * a)


def _tanh_bend(a: NDArray) -> NDArray:
    return -2 * a * (1 - a * a)


def _identity(z: NDArray) -> NDArray:
    return z


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("relu", "ReLU", _relu, _relu_slope, "max(0, z)", "step(a)"),
        Activation("sigmoid", "sigmoid", sigmoid, _sigmoid_slope, "1 / (1 + exp(-z))", "a*(1 - a)", _sigmoid_bend),
        Activation("tanh", "tanh", np.tanh, _tanh_slope, "tanh(z)", "1 - a**2", _tanh_bend),
        Activation("linear", "linear", _identity, np.ones_like, "z", "1"),
    )
}
