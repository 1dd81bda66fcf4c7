"""One pass forward and one back with everything in between kept: what `Network.loss_and_gradient` does, layer by layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import targets
from landscape.network.network import Network


@dataclass(frozen=True, eq=False)
class Passes:
    """What n examples do in every layer. Layer l, from 0: `inputs[l]` (n, n_in), `sums[l]` z = xW + b (n, n_out),
    `deltas[l]` (n, n_out) the derivative of each example's own cost with respect to z.

    `inputs[l + 1]` is what layer l hands on; the last hands on `outputs` (n, C). `wanted` (n, C) are the outputs that
    the labels ask for, `costs` (n,) what each example costs.
    """

    inputs: tuple[NDArray, ...]
    sums: tuple[NDArray, ...]
    outputs: NDArray
    wanted: NDArray
    costs: NDArray
    deltas: tuple[NDArray, ...]

    @classmethod
    def of(cls, net: Network, theta: NDArray, X: NDArray, y: NDArray) -> "Passes":
        """Send examples X (n, n_in), labels y (n,), through a network with parameters θ (P,) and back."""
        y = net.checked_labels(y, X)
        weights, biases = net.unpack(theta)
        *inputs, last = net.layers(theta, X)
        sums = [x @ W + b for x, W, b in zip(inputs[:-1], weights[:-1], biases[:-1], strict=True)]
        cost, slope = net.cost_function, ACTIVATIONS[net.activation].slope
        deltas = [cost.deltas(last, y)]
        for W, activation in zip(weights[:0:-1], inputs[:0:-1], strict=True):
            deltas.append((deltas[-1] @ W.T) * slope(activation))
        kept = (*inputs, *sums, last, *deltas)
        for values in kept:
            if values is not X:
                values.flags.writeable = False
        return cls(
            tuple(inputs),
            (*sums, last),
            cost.outputs(last),
            targets(y, last.shape[-1], last.dtype),
            cost.example_losses(last, y),
            tuple(reversed(deltas)),
        )

    @property
    def handed_on(self) -> tuple[NDArray, ...]:
        """What every layer hands on, (n, n_out): hidden activations, last the outputs."""
        return (*self.inputs[1:], self.outputs)

    @property
    def guesses(self) -> NDArray[np.int64]:
        """The class that each example is taken for, (n,)."""
        if self.outputs.shape[1] == 1:
            return (self.sums[-1][:, 0] > 0).astype(np.int64)
        return self.outputs.argmax(axis=1)

    def weight_gradient(self, layer: int) -> NDArray:
        """The mean over the examples of input times delta, (n_in, n_out): the cost's gradient, without L2."""
        return self.inputs[layer].T @ self.deltas[layer] / len(self.costs)

    def bias_gradient(self, layer: int) -> NDArray:
        """The mean over the examples of delta, (n_out,)."""
        return self.deltas[layer].mean(axis=0)
