"""Where descent begins: random weights for every layer, by four schemes that differ in their spread.

`initialise` draws from a seed; `spreads` tells how widely, for those who draw their numbers otherwise.

| scheme | standard deviation of a weight | source |
| --- | --- | --- |
| normal | `scale`, 0.01 unless told | CS231n, "small random numbers" |
| scaled | 1/sqrt(n_in) | Nielsen, chapter 3 |
| xavier | sqrt(2/(n_in + n_out)) | Glorot and Bengio 2010, eq. 16 (as a Gaussian) |
| he | sqrt(2/n_in) | He et al. 2015, section 2.2 |
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError

SCHEMES: dict[str, Callable[[int, int], float]] = {
    "normal": lambda n_in, n_out: 0.01,
    "scaled": lambda n_in, n_out: n_in**-0.5,
    "xavier": lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5,
    "he": lambda n_in, n_out: (2 / n_in) ** 0.5,
}
BIASES = ("zero", "normal")


def initialise(
    shapes: Sequence[tuple[int, int]], seed: int, scheme: str, biases: str, scale: float | None = None
) -> tuple[list[NDArray], list[NDArray]]:
    """Weights (n_in, n_out) and biases (n_out,) of each layer, float32.

    `biases` is "zero" or "normal" (standard deviation 1, as in Nielsen's programs). `scale` replaces the
    scheme's standard deviation in every layer.
    """
    _check(scheme, biases)
    random = seeds.stream(seed, "init")
    weights, bias_vectors = [], []
    for n_in, n_out in shapes:
        spread = SCHEMES[scheme](n_in, n_out) if scale is None else scale
        weights.append((random.standard_normal((n_in, n_out)) * spread).astype(np.float32))
        drawn = random.standard_normal(n_out)  # drawn either way, so that the weights do not depend on the choice
        bias_vectors.append((drawn if biases == "normal" else np.zeros(n_out)).astype(np.float32))
    return weights, bias_vectors


def spreads(shapes: Sequence[tuple[int, int]], scheme: str, biases: str, scale: float | None = None) -> NDArray:
    """The standard deviation of every parameter in the order of θ, (P,) float64; 0 for biases that begin at zero."""
    _check(scheme, biases)
    parts = []
    for n_in, n_out in shapes:
        weight = SCHEMES[scheme](n_in, n_out) if scale is None else scale
        parts += [np.full(n_in * n_out, weight), np.full(n_out, float(biases == "normal"))]
    return np.concatenate(parts)


def _check(scheme: str, biases: str) -> None:
    if scheme not in SCHEMES:
        raise SetupError(f"scheme {scheme!r} is unknown; choose one of {', '.join(SCHEMES)}", "network.scheme")
    if biases not in BIASES:
        raise SetupError(f"biases {biases!r} is unknown; choose one of {', '.join(BIASES)}", "network.biases")
