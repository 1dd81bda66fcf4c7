import numpy as np
import pytest

from landscape.plane import Plane
from landscape.plane.coverage import random_walk_coverage


def walks(starts: np.ndarray, frames: int, seed: int) -> np.ndarray:
    """Simulated random walks (frames + 1, K, P) with steps of about length 1."""
    K, P = starts.shape
    steps = np.random.default_rng(seed).normal(0, P**-0.5, (frames, K, P))
    return np.concatenate([starts[None], starts + steps.cumsum(axis=0)])


@pytest.mark.parametrize("of_movement", [False, True])
@pytest.mark.parametrize(("K", "apart"), [(1, 0.0), (4, 3.0)])
def test_the_yardstick_is_what_simulated_walks_get(K, apart, of_movement):
    starts = np.random.default_rng(0).normal(0, apart * 20_000**-0.5, (K, 20_000))
    frames = 30
    paths = walks(starts, frames, 1)
    plane = Plane.movement(paths) if of_movement else Plane.pca(paths.reshape(-1, 20_000))
    assert random_walk_coverage(starts, 1.0, frames, of_movement) == pytest.approx(plane.coverage(paths), abs=0.02)


def test_one_long_walk_tends_to_the_known_share_of_variance():
    # Antognini and Sohl-Dickstein 2018: shares 6/(π²k²) of the variance; coverage, counted from the start, is higher.
    found = random_walk_coverage(np.zeros((1, 3)), 0.1, 200)
    assert 6 / np.pi**2 * (1 + 1 / 4) < found < 1
