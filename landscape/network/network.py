"""A multilayer perceptron as a frozen description whose functions take its parameters as one flat vector θ.

Shapes: a layer's weights W are (n_in, n_out), its biases b (n_out,); θ is W1, b1, W2, b2, … one after the other,
(P,). Leading axes are batch axes: (K, P) is K networks at once, and every result gains the same leading axes.
Functions follow the dtype of θ. Backpropagation as in Nielsen, Neural Networks and Deep Learning, chapter 2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import SetupError
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS, Cost
from landscape.network.hessian import Hessian
from landscape.network.initialisation import initialise

# How many activations one call may hold at once: larger batches of networks are worked through in tiles.
TILE_VALUES = 4_000_000


@dataclass(frozen=True)
class Network:
    """A multilayer perceptron: its layer sizes (inputs first), hidden activation and cost."""

    sizes: tuple[int, ...]
    activation: str = "relu"
    cost: str = "cross_entropy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", _checked_sizes(self.sizes))
        if self.activation not in ACTIVATIONS:
            raise SetupError(
                f"activation {self.activation!r} is unknown; choose one of {', '.join(ACTIVATIONS)}",
                "network.activation",
            )
        if self.cost not in COSTS:
            raise SetupError(f"cost {self.cost!r} is unknown; choose one of {', '.join(COSTS)}", "network.cost")
        outputs, cost = self.sizes[-1], self.cost_function
        if outputs < cost.fewest_outputs or (cost.most_outputs is not None and outputs > cost.most_outputs):
            wanted = "one output" if cost.most_outputs == 1 else f"at least {cost.fewest_outputs} outputs"
            raise SetupError(f"the cost {self.cost} needs {wanted}, but the network has {outputs}", "network.cost")

    @property
    def cost_function(self) -> Cost:
        """The cost as a value with `outputs`, `example_losses` and `deltas`."""
        return COSTS[self.cost]

    @cached_property
    def layer_shapes(self) -> tuple[tuple[int, int], ...]:
        """(n_in, n_out) of each layer."""
        return tuple(zip(self.sizes[:-1], self.sizes[1:], strict=True))

    @cached_property
    def parameter_counts(self) -> tuple[int, ...]:
        """Number of weights and biases of each layer."""
        return tuple(n_in * n_out + n_out for n_in, n_out in self.layer_shapes)

    @cached_property
    def P(self) -> int:
        """Number of all parameters."""
        return sum(self.parameter_counts)

    @cached_property
    def layout(self) -> tuple[tuple[slice, slice], ...]:
        """Where each layer's weights and biases stand in θ, as two slices a layer."""
        pairs, start = [], 0
        for n_in, n_out in self.layer_shapes:
            middle, stop = start + n_in * n_out, start + n_in * n_out + n_out
            pairs.append((slice(start, middle), slice(middle, stop)))
            start = stop
        return tuple(pairs)

    @cached_property
    def is_weight(self) -> NDArray[np.bool_]:
        """Which entries of θ are weights rather than biases, (P,) bool."""
        mask = np.zeros(self.P, bool)
        for weights, _ in self.layout:
            mask[weights] = True
        mask.flags.writeable = False
        return mask

    def parameter_name(self, index: int) -> str:
        """Which parameter stands at an index of θ, such as "layer 1, weight of input 300 in neuron 4" (from 0)."""
        if not 0 <= index < self.P:
            raise SetupError(f"parameter {index} does not exist: the network has parameters 0 to {self.P - 1:,}")
        for layer, ((weights, biases), (_, n_out)) in enumerate(zip(self.layout, self.layer_shapes, strict=True), 1):
            if index < weights.stop:
                source, neuron = divmod(index - weights.start, n_out)
                return f"layer {layer}, weight of input {source} in neuron {neuron}"
            if index < biases.stop:
                break
        return f"layer {layer}, bias of neuron {index - biases.start}"

    def init(self, seed: int = 0, scheme: str = "he", biases: str = "zero", scale: float | None = None) -> NDArray:
        """Fresh parameters (P,) float32; see `landscape.network.initialisation` for the schemes."""
        weights, bias_vectors = initialise(self.layer_shapes, seed, scheme, biases, scale)
        return self.pack(weights, bias_vectors)

    def pack(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> NDArray:
        """θ (..., P) from the layers' weights (..., n_in, n_out) and biases (..., n_out)."""
        if len(weights) != len(self.layer_shapes) or len(biases) != len(self.layer_shapes):
            raise SetupError(
                f"this network has {len(self.layer_shapes)} layers, "
                f"but {len(weights)} weight matrices and {len(biases)} bias vectors were given"
            )
        parts = []
        for layer, (shape, W, b) in enumerate(zip(self.layer_shapes, weights, biases, strict=True), start=1):
            W, b = np.asarray(W), np.asarray(b)
            if W.shape[-2:] != shape or b.shape[-1:] != shape[1:]:
                raise SetupError(
                    f"layer {layer} needs weights {shape} and biases {shape[1:]}, "
                    f"but got {W.shape[-2:]} and {b.shape[-1:]}"
                )
            parts += [W.reshape(*W.shape[:-2], -1), b]
        return np.concatenate(parts, axis=-1)

    def unpack(self, theta: NDArray) -> tuple[list[NDArray], list[NDArray]]:
        """Views of θ (..., P), without a copy: weights (..., n_in, n_out) and biases (..., n_out) of each layer."""
        theta = self._checked_theta(theta)
        weights = [
            theta[..., at].reshape(*theta.shape[:-1], *shape)
            for (at, _), shape in zip(self.layout, self.layer_shapes, strict=True)
        ]
        return weights, [theta[..., at] for _, at in self.layout]

    def layers(self, theta: NDArray, X: NDArray) -> list[NDArray]:
        """What every layer holds: the examples X, each hidden activation (..., n, n_hidden), last the inputs z."""
        value = ACTIVATIONS[self.activation].value
        weights, biases = self.unpack(theta)
        states = [self.checked_images(X, theta.dtype)]
        for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
            product = _side_by_side(states[0], W) if layer == 1 and W.ndim == 3 else np.matmul(states[-1], W)
            z = product + b[..., None, :]  # (..., n, n_out)
            states.append(z if layer == len(weights) else value(z))
        return states

    def outputs(self, theta: NDArray, X: NDArray) -> NDArray:
        """The outputs (..., n, n_out): softmax, sigmoid or linear, as the cost says."""
        return self._tiled(theta, X, lambda z: self.cost_function.outputs(z))

    def predict(self, theta: NDArray, X: NDArray) -> NDArray:
        """The class with the largest output, (..., n) int; with a single output, 1 where it is above one half."""
        return self._tiled(theta, X, winner)

    def example_losses(self, theta: NDArray, X: NDArray, y: NDArray) -> NDArray:
        """The cost of every single example, (..., n)."""
        y = self.checked_labels(y, X)
        return self._tiled(theta, X, lambda z: self.cost_function.example_losses(z, y))

    def loss(self, theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0) -> NDArray:
        """Mean cost over the examples plus l2/2 times the sum of squared weights (biases are free), (...)."""
        y = self.checked_labels(y, X)
        mean = self._tiled(theta, X, lambda z: self.cost_function.example_losses(z, y).mean(axis=-1))
        return mean + self.penalty(theta, l2) if l2 else mean

    def penalty(self, theta: NDArray, l2: float) -> NDArray:
        """The regularisation's share of the loss: l2/2 times the sum of squared weights, (...)."""
        return 0.5 * l2 * sum(np.square(theta[..., at]).sum(axis=-1) for at, _ in self.layout)

    def accuracy(self, theta: NDArray, X: NDArray, y: NDArray) -> NDArray:
        """Share of examples whose class is predicted rightly, (...)."""
        y = self.checked_labels(y, X)
        return self._tiled(theta, X, lambda z: (winner(z) == y).mean(axis=-1))

    def loss_and_accuracy(self, theta: NDArray, X: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
        """`loss` without regularisation and `accuracy`, from one pass, each (...)."""
        y = self.checked_labels(y, X)
        both = self._tiled(
            theta,
            X,
            lambda z: np.stack(
                [self.cost_function.example_losses(z, y).mean(axis=-1), (winner(z) == y).mean(axis=-1)],
                axis=-1,
            ),
        )
        return both[..., 0], both[..., 1]

    def loss_and_gradient(self, theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0) -> tuple[NDArray, NDArray]:
        """The loss (...) and its gradient (..., P), from one pass forward and one back."""
        y = self.checked_labels(y, X)
        states = self.layers(theta, X)
        z = states[-1]
        losses = self.cost_function.example_losses(z, y).mean(axis=-1)
        gradient = self._backward(theta, states, self.cost_function.deltas(z, y))
        if l2:
            losses = losses + self.penalty(theta, l2)
            gradient += theta.dtype.type(l2) * theta * self.is_weight
        return losses, gradient

    def gradient(self, theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0) -> NDArray:
        """The gradient of `loss` with respect to θ, (..., P)."""
        return self.loss_and_gradient(theta, X, y, l2)[1]

    def hessian_product(self, theta: NDArray, v: ArrayLike, X: NDArray, y: NDArray, l2: float = 0.0) -> NDArray:
        """The Hessian of `loss` at θ (P,) times v: (P,), or (k, P) for each of several; exact, see `network.hessian`."""
        return Hessian(self, theta, X, y, l2).product(v)

    def _backward(self, theta: NDArray, states: list[NDArray], delta: NDArray) -> NDArray:
        slope = ACTIVATIONS[self.activation].slope
        weights, _ = self.unpack(theta)
        gradient = np.empty_like(theta)
        delta = delta / theta.dtype.type(states[0].shape[-2])  # the loss is a mean over n examples
        for layer in reversed(range(len(weights))):
            at_weights, at_biases = self.layout[layer]
            step = np.matmul(np.swapaxes(states[layer], -1, -2), delta)  # (..., n_in, n_out)
            gradient[..., at_weights] = step.reshape(*theta.shape[:-1], -1)
            gradient[..., at_biases] = delta.sum(axis=-2)
            if layer:
                delta = np.matmul(delta, np.swapaxes(weights[layer], -1, -2)) * slope(states[layer])
        return gradient

    def _tiled(self, theta: NDArray, X: NDArray, finish: Any) -> NDArray:
        """Apply `finish` to the last layer's inputs z, in tiles of networks so that memory stays bounded."""
        theta = self._checked_theta(theta)
        if theta.ndim == 1:
            return finish(self.layers(theta, X)[-1])
        rows = theta.reshape(-1, self.P)
        parts = [finish(self.layers(tile, X)[-1]) for tile in self._tiles(rows, len(X))]
        result = np.concatenate(parts) if parts else finish(np.empty((0, len(X), self.sizes[-1]), theta.dtype))
        return result.reshape(*theta.shape[:-1], *result.shape[1:])

    def _tiles(self, rows: NDArray, examples: int) -> Iterator[NDArray]:
        step = max(1, TILE_VALUES // max(1, examples * sum(self.sizes[1:])))
        for start in range(0, len(rows), step):
            yield rows[start : start + step]

    def _checked_theta(self, theta: NDArray) -> NDArray:
        theta = np.asarray(theta)
        if theta.shape[-1:] != (self.P,):
            raise SetupError(f"a network of sizes {self.sizes} has {self.P:,} parameters, but θ has {theta.shape[-1:]}")
        return theta

    def checked_images(self, X: NDArray, dtype: np.dtype) -> NDArray:
        """The examples X (n, n_in) as numbers of a type, if they fit the network."""
        X = np.asarray(X)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            raise SetupError(f"the network takes {self.sizes[0]} inputs an example, but the examples are {X.shape}")
        if len(X) == 0:
            raise SetupError("there are no examples: a loss over nothing is not defined")
        return X.astype(dtype, copy=False)

    def checked_labels(self, y: NDArray, X: NDArray) -> NDArray:
        """The labels (n,), if they are whole numbers, one for each of the examples X and a class of the network."""
        y = np.asarray(y)
        if y.shape != (len(X),):
            raise SetupError(f"there are {len(X)} examples but labels of shape {y.shape}")
        if y.dtype.kind not in "iu":
            raise SetupError(f"labels must be whole numbers (an array of integers), not {y.dtype}")
        classes = max(2, self.sizes[-1])
        if len(y) and not (y.min() >= 0 and y.max() < classes):
            raise SetupError(f"labels run from {y.min()} to {y.max()}, but the network tells {classes} classes apart")
        return y


def _side_by_side(X: NDArray, W: NDArray) -> NDArray:
    """X (n, n_in) times each of W (K, n_in, h) as one wide product, which BLAS does faster than K narrow ones: (K, n, h)."""
    K, n_in, h = W.shape
    wide = X @ W.transpose(1, 0, 2).reshape(n_in, K * h)
    return wide.reshape(len(X), K, h).transpose(1, 0, 2)


def winner(z: NDArray) -> NDArray:
    """The class that the last layer's inputs z (..., n_out) stand for, (...) int; of a single one, 1 where it is positive."""
    if z.shape[-1] == 1:
        return (z[..., 0] > 0).astype(np.int64)
    return z.argmax(axis=-1)


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    try:
        whole = tuple(int(size) for size in sizes)
    except (TypeError, ValueError, OverflowError):
        raise SetupError(f"layer sizes must be whole numbers, not {sizes!r}", "network.sizes") from None
    if len(whole) < 2:
        raise SetupError(f"a network needs at least inputs and outputs, but the sizes are {whole}", "network.sizes")
    if min(whole) < 1 or any(a != b for a, b in zip(whole, sizes)):
        raise SetupError(f"every layer needs at least 1 neuron, a whole number: {tuple(sizes)}", "network.sizes")
    return whole
