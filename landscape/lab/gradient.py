"""Is the gradient right? Backpropagation against differences of the loss, weight by weight (CS231n, "Gradient checks")."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network

# Half the distance between the two losses of a difference: its error is then near the smallest, in double precision.
STEP = 1e-5
LARGEST_ERROR = 1e-5
# A component below this share of the largest one is compared on the scale of that share: it is mostly rounding.
LEAST_SHARE = 1e-3


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Gradient components at some parameters: by backpropagation and by central differences, each (m,).

    `kinked` (m,) marks those where a ReLU or a hinge switches within the step, so that the difference can't be
    believed; they are not judged. Read out with `print`.
    """

    indices: NDArray
    names: tuple[str, ...]
    analytic: NDArray
    numerical: NDArray
    errors: NDArray
    kinked: NDArray

    @property
    def largest_error(self) -> float:
        """The largest relative error of a component that can be judged; NaN if none can."""
        judged = self.errors[~self.kinked]
        return float(judged.max()) if len(judged) else float("nan")

    @property
    def passed(self) -> bool:
        """Whether at least one component could be judged and none is off by more than 1e-5."""
        return self.largest_error <= LARGEST_ERROR

    def __str__(self) -> str:
        judged = int((~self.kinked).sum())
        if not judged:
            return (
                "The gradient could not be checked: a kink lies within the step of every difference. Use fewer digits."
            )
        lines = [
            f"{'Passed' if self.passed else 'Failed'}: backpropagation and differences of the loss agree to "
            f"{self.largest_error:.1e} at {judged} parameters (at most {LARGEST_ERROR:g} is allowed)."
        ]
        if not self.passed:
            worst = int(np.argmax(np.where(self.kinked, -1, self.errors)))
            lines.append(
                f"They differ most at {self.names[worst]}: {self.analytic[worst]:.6g} against {self.numerical[worst]:.6g}. "
                "The gradient or the loss is computed wrongly."
            )
        if self.kinked.any():
            lines.append(f"{self.kinked.sum()} more were left out: a ReLU or hinge switches within the step there.")
        return "\n".join(lines)


def gradient_check(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0, parameters: int = 40, seed: int = 0
) -> GradientCheck:
    """Check the gradient at θ (P,) at so many parameters, drawn from all layers' weights and biases alike.

    In double precision, with two passes forward a parameter: some hundred examples are enough.
    """
    *_, last = checking_gradient(net, theta, X, y, l2, parameters, seed)
    assert isinstance(last, GradientCheck)
    return last


def checking_gradient(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0, parameters: int = 40, seed: int = 0
) -> Iterator[float | GradientCheck]:
    """The share done after every parameter, and at the end what `gradient_check` returns."""
    if parameters < 1:
        raise SetupError(f"a gradient is checked at one parameter at least, not {parameters}")
    theta, y = np.asarray(theta, np.float64), net.checked_labels(y, X)
    X = net.checked_images(X, theta.dtype)
    gradient = net.gradient(theta, X, y, l2)
    indices = _drawn(net, gradient, parameters, seed)
    numerical, kinked = np.empty(len(indices)), np.zeros(len(indices), bool)
    for row, index in enumerate(indices):
        (above, on), (below, off) = (_loss_and_pieces(net, theta, index, step, X, y, l2) for step in (STEP, -STEP))
        numerical[row] = (above - below) / (2 * STEP)
        kinked[row] = any(not np.array_equal(one, other) for one, other in zip(on, off, strict=True))
        yield (row + 1) / len(indices)
    analytic = gradient[indices]
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), LEAST_SHARE * np.abs(gradient).max())
    errors = np.divide(np.abs(analytic - numerical), scale, out=np.zeros(len(indices)), where=scale > 0)
    names = tuple(net.parameter_name(int(index)) for index in indices)
    yield GradientCheck(indices, names, analytic, numerical, errors, kinked)


def _drawn(net: Network, gradient: NDArray, parameters: int, seed: int) -> NDArray:
    """Indices of θ, as many from each weight matrix and bias vector; half of them where the gradient is not zero.

    Many pixels are black in every digit, and their weights would say nothing.
    """
    random = seeds.stream(seed, "gradient check")
    parts = [part for pair in net.layout for part in pair]
    each = -(-parameters // len(parts))
    chosen: list[int] = []
    for part in parts:
        order = part.start + random.permutation(part.stop - part.start)
        moving = [index for index in order if gradient[index] != 0]
        half = moving[: -(-each // 2)]
        chosen += half + [index for index in order if index not in half][: each - len(half)]
    return np.array(sorted(int(index) for index in chosen))


def _loss_and_pieces(
    net: Network, theta: NDArray, index: int, step: float, X: NDArray, y: NDArray, l2: float
) -> tuple[float, list[Any]]:
    """The loss with one parameter moved, and which side of its kinks every neuron and hinge is on."""
    moved = theta.copy()
    moved[index] += step
    states = net.layers(moved, X)
    pieces = [state > 0 for state in states[1:-1]] if net.activation == "relu" else []
    if net.cost == "hinge":
        pieces.append(net.cost_function.deltas(states[-1], y))
    loss = net.cost_function.example_losses(states[-1], y).mean() + net.penalty(moved, l2)
    return float(loss), pieces
