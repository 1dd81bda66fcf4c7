"""Hidden neurons of two networks matched, so that a straight line between them need not cross a barrier of mere order.

A network's hidden neurons can change places, weights and all, without changing what it computes. Weight matching
(Ainsworth, Hayase & Srinivasa 2023, "Git Re-Basin", Algorithm 1) looks for the order of the second network's neurons in
which its weights are most like the first's: layer after layer the best order given all others, until none changes. With one
hidden layer no order is better; with more the end depends on the beginning, so it is begun twice and the better one kept.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network

Order = NDArray[np.intp]


def match_neurons(net: Network, theta_a: NDArray, theta_b: NDArray, seed: int = 0) -> NDArray:
    """θ_b (P,) with its hidden neurons in the order in which they are most like θ_a's; it computes the same as before.

    The seed decides in which sequence the layers are gone through, which matters with two hidden layers or more.
    """
    return reordered(net, theta_b, neuron_orders(net, theta_a, theta_b, seed))


def neuron_orders(net: Network, theta_a: NDArray, theta_b: NDArray, seed: int = 0) -> list[Order]:
    """For each hidden layer, which neuron of θ_b comes to which place: (n_hidden,) indices."""
    layers_a, layers_b = (_in_double(net, theta) for theta in (theta_a, theta_b))
    random = seeds.stream(seed, "matching")
    best: tuple[float, list[Order]] = (-np.inf, [])
    for orders in ([np.arange(size) for size in net.sizes[1:-1]], _first_guess(layers_a, layers_b)):
        _improve(layers_a, layers_b, orders, random)
        best = max(best, (_agreement(layers_a, layers_b, orders), orders), key=lambda found: found[0])
    return best[1]


def _improve(layers_a: list, layers_b: list, orders: list[Order], random: np.random.Generator) -> None:
    """Algorithm 1, in place. Each assignment makes the sum of products larger, so it ends; where depends on where it began."""
    changed = True
    while changed:
        changed = False
        for layer in random.permutation(len(orders)).tolist():
            likeness = _leading_to(layers_a, layers_b, orders, layer) + _leading_on(layers_a, layers_b, orders, layer)
            order = _assigned(likeness)
            here = np.arange(len(order))
            gained = likeness[here, order].sum() - likeness[here, orders[layer]].sum()
            if gained > 1e-12 * np.abs(likeness).sum():
                orders[layer], changed = order, True


def _first_guess(layers_a: list, layers_b: list) -> list[Order]:
    """Orders by what leads to each neuron alone, from the inputs on: exact for networks that were only shuffled."""
    orders: list[Order] = []
    for layer in range(len(layers_a) - 1):
        orders.append(_assigned(_leading_to(layers_a, layers_b, orders, layer)))
    return orders


def _assigned(likeness: NDArray) -> Order:
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(likeness, maximize=True)[1]


def _agreement(layers_a: list, layers_b: list, orders: Sequence[Order]) -> float:
    """The sum of products of all parameters in these orders: the larger, the nearer are the two."""
    total = 0.0
    for layer, (W_b, b_b) in enumerate(layers_b):
        W_b = W_b[orders[layer - 1]] if layer else W_b
        if layer < len(orders):
            W_b, b_b = W_b[:, orders[layer]], b_b[orders[layer]]
        W_a, b_a = layers_a[layer]
        total += float(np.vdot(W_a, W_b) + b_a @ b_b)
    return total


def _leading_to(layers_a: list, layers_b: list, orders: Sequence[Order], layer: int) -> NDArray:
    """Products of all that leads to neuron i of a and to neuron j of b, the layer before as it is now: (n, n)."""
    (W_a, b_a), (W_b, b_b) = layers_a[layer], layers_b[layer]
    if layer > 0:
        W_b = W_b[orders[layer - 1]]
    return W_a.T @ W_b + np.outer(b_a, b_b)


def _leading_on(layers_a: list, layers_b: list, orders: Sequence[Order], layer: int) -> NDArray:
    """Products of all that leads from neuron i of a and from neuron j of b, the layer after as it is now: (n, n)."""
    W_a, W_b = layers_a[layer + 1][0], layers_b[layer + 1][0]
    if layer + 1 < len(orders):
        W_b = W_b[:, orders[layer + 1]]
    return W_a @ W_b.T


def reordered(net: Network, theta: NDArray, orders: Sequence[Order]) -> NDArray:
    """θ (P,) with each hidden layer's neurons in the given order: the same function."""
    weights, biases = net.unpack(checked_theta(net, theta))
    weights, biases = list(weights), list(biases)
    for layer, order in enumerate(orders):
        weights[layer], biases[layer] = weights[layer][:, order], biases[layer][order]
        weights[layer + 1] = weights[layer + 1][order]
    return net.pack(weights, biases)


def one_by_one(net: Network, orders: Sequence[Order]) -> Iterator[list[Order]]:
    """The way from neurons as they are to these orders: after each item one more neuron (or two) stands in its place."""
    standing = [np.arange(len(order)) for order in orders]
    for layer, order in enumerate(orders):
        for place, wanted in enumerate(order):
            here = standing[layer]
            if here[place] == wanted:
                continue
            other = int(np.flatnonzero(here == wanted)[0])
            here[[place, other]] = here[[other, place]]
            yield [now.copy() for now in standing]


def checked_theta(net: Network, theta: NDArray) -> NDArray:
    """Parameters of one model (P,), float32 or float64."""
    theta = np.asarray(theta)
    if theta.shape != (net.P,) or theta.dtype not in (np.float32, np.float64):
        raise SetupError(
            f"a model of sizes {net.sizes} is {net.P:,} numbers in float32 or float64, not {theta.shape} of {theta.dtype}"
        )
    if not np.isfinite(theta).all():
        raise SetupError("the model holds parameters that are not finite numbers")
    return theta


def _in_double(net: Network, theta: NDArray) -> list[tuple[NDArray, NDArray]]:
    return list(zip(*net.unpack(checked_theta(net, theta).astype(np.float64)), strict=True))
