"""Two small networks of their own seeds, taught on the built-in digits."""

import numpy as np
import pytest

from landscape.data import load_digits
from landscape.descent import SGD, descend
from landscape.network import Network

NET = Network((784, 12, 10))


@pytest.fixture(scope="session")
def all_digits():
    return load_digits()


@pytest.fixture(scope="session")
def taught(all_digits):
    """taught -> net, θ of two models that began from different seeds."""
    train = all_digits.train
    thetas = np.stack([NET.init(seed) for seed in (0, 1)])
    *_, last = descend(NET, thetas, train.images, train.labels, SGD(0.3), epochs=3, engine="plain")
    return NET, last.thetas[0], last.thetas[1]
