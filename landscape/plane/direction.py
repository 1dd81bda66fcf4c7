"""Directions in parameter space: random ones, scaled to fit the network, and the principal ones of a path."""

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network

NORMALISATIONS = (None, "filter", "layer")


def random_direction(
    net: Network, theta: NDArray, seed: int, name: str, normalise: str | None, biases: bool, layer: int | None = None
) -> NDArray:
    """A Gaussian direction (P,), scaled to the size of θ as `normalise` says; of one `layer` alone (from 1) if given."""
    if normalise not in NORMALISATIONS:
        raise SetupError(f"normalise {normalise!r} is unknown; choose one of filter, layer, None", "plane.kind")
    direction = seeds.stream(seed, "direction", name).standard_normal(net.P).astype(theta.dtype)
    if normalise == "filter":
        direction = filter_normalise(net, direction, theta, biases)
    elif normalise == "layer":
        direction = layer_normalise(net, direction, theta, biases)
    elif not biases:
        direction = direction * net.is_weight
    return direction if layer is None else direction * _in_layer(net, layer)


def _in_layer(net: Network, layer: int) -> NDArray[np.bool_]:
    if not 1 <= layer <= len(net.layout):
        raise SetupError(f"layer {layer} does not exist: this network has layers 1 to {len(net.layout)}", "plane.layer")
    weights, biases = net.layout[layer - 1]
    mask = np.zeros(net.P, bool)
    mask[weights.start : biases.stop] = True
    return mask


def layer_shares(net: Network, direction: NDArray) -> dict[str, float]:
    """How much of a direction (P,) lies in each layer's weights and biases: shares of its squared length, by name.

    The names are W1, b1, W2, b2 and so on; the shares add up to 1.
    """
    direction = np.asarray(direction)
    if direction.shape != (net.P,):
        raise SetupError(f"a direction of this network is a vector of {net.P:,} numbers, not {direction.shape}")
    squares = np.square(direction, dtype=np.float64)
    total = squares.sum()
    if not 0 < total < np.inf:
        raise SetupError("a direction that is zero or not finite has no shares")
    shares = {}
    for layer, (weights, biases) in enumerate(net.layout, start=1):
        shares[f"W{layer}"] = float(squares[weights].sum() / total)
        shares[f"b{layer}"] = float(squares[biases].sum() / total)
    return shares


def filter_normalise(net: Network, direction: NDArray, theta: NDArray, biases: bool = False) -> NDArray:
    """Each neuron's weights in the direction, scaled to the length of the same neuron's weights in θ.

    Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", section 4: without it a surface can be made
    flat or sharp by rescaling the network. A neuron's filter is its column of incoming weights. Biases are
    scaled as one vector a layer if `biases`, else zero.
    """
    scaled = np.zeros_like(theta)
    for d_weights, t_weights, out, d_biases, t_biases, out_biases in _layers(net, direction, theta, scaled):
        out[:] = d_weights * _ratio(np.linalg.norm(t_weights, axis=0), np.linalg.norm(d_weights, axis=0))
        if biases:
            out_biases[:] = d_biases * _ratio(np.linalg.norm(t_biases), np.linalg.norm(d_biases))
    return scaled


def layer_normalise(net: Network, direction: NDArray, theta: NDArray, biases: bool = False) -> NDArray:
    """Each layer's weights in the direction, scaled to the length of the same layer's weights in θ."""
    scaled = np.zeros_like(theta)
    for d_weights, t_weights, out, d_biases, t_biases, out_biases in _layers(net, direction, theta, scaled):
        out[:] = d_weights * _ratio(np.linalg.norm(t_weights), np.linalg.norm(d_weights))
        if biases:
            out_biases[:] = d_biases * _ratio(np.linalg.norm(t_biases), np.linalg.norm(d_biases))
    return scaled


def _layers(net: Network, direction: NDArray, theta: NDArray, scaled: NDArray):  # type: ignore[no-untyped-def]
    columns = [vectors for theta_like in (direction, theta, scaled) for vectors in net.unpack(theta_like)]
    d_weights, d_biases, t_weights, t_biases, out_weights, out_biases = columns
    return zip(d_weights, t_weights, out_weights, d_biases, t_biases, out_biases, strict=True)


def _ratio(wanted: NDArray | np.floating, found: NDArray | np.floating) -> NDArray:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def principal_directions(thetas: NDArray, k: int, middle: NDArray | None = None) -> tuple[NDArray, NDArray, NDArray]:
    """Mean (P,), the first k principal directions (k, P) of unit length, and their shares of the variance (k,).

    From the eigenvectors of the n x n matrix of inner products, since there are far fewer models than parameters.
    Each direction points the way in which the last model lies. With a `middle` (P,) it takes the place of the mean.
    """
    n = len(thetas)
    if n < k + 1:
        raise SetupError(f"a plane by PCA needs at least {k + 1} models that differ, but there are {n}")
    mean = thetas.mean(axis=0, dtype=np.float64).astype(thetas.dtype) if middle is None else middle
    centred = thetas - mean
    values, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    total = float(np.square(centred, dtype=np.float64).sum())
    if total == 0 or values[-1] <= 1e-12 * values[0]:
        raise SetupError(
            "the models do not spread over a plane (they lie on one point or one line): train on, or choose a random plane"
        )
    directions = vectors.T.astype(thetas.dtype) @ centred  # (k, P)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    signs = np.sign(directions @ centred[-1])
    return mean, directions * np.where(signs == 0, 1, signs)[:, None].astype(thetas.dtype), values / total
