"""Small networks, planes and digits for the surface's tests; the surface compiled once for all of them."""

from collections.abc import Callable

import numpy as np
import pytest

from landscape.network import Network
from landscape.plane import Plane


@pytest.fixture(scope="session")
def problem() -> Callable:
    """problem(sizes, activation, cost, n, seed, dtype) -> net, plane, X, y; skew, uneven directions."""

    def make(sizes, activation="relu", cost="cross_entropy", n=70, seed=0, dtype=np.float32):  # type: ignore[no-untyped-def]
        random = np.random.default_rng(seed)
        net = Network(sizes, activation, cost)
        origin = net.init(seed, "xavier", biases="normal").astype(dtype)
        u = random.standard_normal(net.P) * np.std(origin)
        v = 0.7 * u + 0.5 * random.standard_normal(net.P) * np.std(origin)
        X = (random.random((n, sizes[0])) * (random.random((n, sizes[0])) > 0.8)).astype(np.float32)
        y = random.integers(0, max(2, sizes[-1]), n)
        return net, Plane(origin, u, v), X, y

    return make
