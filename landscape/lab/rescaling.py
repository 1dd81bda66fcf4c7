"""Why directions are normalised: a rescaled ReLU network computes the same, and its raw surface is another one.

One layer's weights and biases times α, the next layer's weights over α: a ReLU passes the factor on, and it cancels (Dinh et al.
2017, "Sharp minima can generalize for deep nets"). A surface along raw random directions is stretched all the same; one along
filter-normalised directions stays as it was (Li et al. 2018, section 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import Surface, evaluate_progressively

HOMOGENEOUS = ("relu", "linear")  # a positive factor passes through these


@dataclass(frozen=True, eq=False)
class Rescaled:
    """The rescaled network's surfaces along raw and along filter-normalised directions; both once they are complete.

    `changed` is the largest change in an output, which is rounding. `done` is the share of the work.
    """

    factor: float
    theta: NDArray
    changed: float
    raw: Surface
    normalised: Surface
    done: float


def rescale(net: Network, theta: NDArray, factor: float, layer: int = 1) -> NDArray:
    """θ (P,) with a layer's weights and biases times a positive factor and the next layer's weights over it.

    Layers count from 1. A ReLU or linear network computes the same. Raises SetupError for other activations, for a network
    without hidden layers, a layer that has none after it, or a factor that is not positive.
    """
    if net.activation not in HOMOGENEOUS:
        raise SetupError(
            f"a {net.activation} network computes something else when rescaled; take one with ReLU units",
            "network.activation",
        )
    if not 1 <= layer < len(net.layout):
        raise SetupError(
            f"layer {layer} has no layer after it that could take the factor back: this network has {len(net.layout)} layers",
            "layer",
        )
    if not 0 < factor < np.inf:
        raise SetupError(f"the factor must be a positive number, not {factor!r}", "factor")
    rescaled = np.array(theta)
    for part in net.layout[layer - 1]:
        rescaled[part] *= factor
    rescaled[net.layout[layer][0]] /= factor
    return rescaled


def rescaled_planes(net: Network, theta: NDArray, factor: float, seed: int = 0) -> tuple[Plane, Plane]:
    """At the rescaled θ: the plane of raw directions, which do not know of the factor, and the filter-normalised plane.

    The raw ones are Gaussian, and as long as the weights of the network before it was rescaled: at factor 1 both planes have
    directions of one length.
    """
    here = rescale(net, theta, factor)
    raw = Plane.random(net, theta, seed, None)
    length = np.linalg.norm(theta * net.is_weight)
    u, v = (side * (length / np.linalg.norm(side)) for side in (raw.u, raw.v))
    return Plane(here, u, v, "random", raw.labels), Plane.random(net, here, seed, "filter")


def rescaling(
    net: Network,
    theta: NDArray,
    X: NDArray,
    y: NDArray,
    factor: float,
    seed: int = 0,
    reach: float = 1.0,
    cells: int = 25,
) -> Iterator[Rescaled]:
    """The loss around the rescaled θ (P,) along raw and filter-normalised directions, a and b from −reach to reach.

    Yields as the surfaces become finer. Raises SetupError as `rescale` does.
    """
    planes = rescaled_planes(net, theta, factor, seed)
    here = planes[0].origin
    changed = float(np.abs(net.outputs(here, X) - net.outputs(np.asarray(theta), X)).max())
    grid = np.linspace(-reach, reach, cells)
    raw: Surface | None = None
    normalised: Surface | None = None
    for one, other in zip_longest(*(evaluate_progressively(net, plane, X, y, grid, grid) for plane in planes)):
        raw, normalised = one or raw, other or normalised
        assert raw is not None and normalised is not None  # each has a picture from the beginning
        yield Rescaled(factor, here, changed, raw, normalised, (raw.done + normalised.done) / 2)
