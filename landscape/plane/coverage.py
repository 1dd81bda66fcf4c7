"""What a random walk would get: the yardstick beside the coverage of a plane by PCA.

A plane fitted to a path holds much of its movement even if the path is pure chance: the first two principal components of
a long random walk in many dimensions hold about 3/4 of its variance (Antognini and Sohl-Dickstein 2018, "PCA of high
dimensional random walks with comparison to neural network training"). In many dimensions the steps of a walk are perpendicular
to each other, so its inner products are known exactly and the yardstick needs no simulation.
"""

import numpy as np
from numpy.typing import NDArray


def random_walk_coverage(starts: NDArray, step_length: float, frames: int, of_movement: bool = False) -> float:
    """Coverage, by their own PCA plane, of K random walks of `frames` steps each from the starts (K, P).

    It holds in the limit of many dimensions. `step_length` is the length of the movement from one frame to the next.
    The plane is that of all points around their mean, or else `of_movement` from each start.
    """
    K, F = len(starts), frames + 1
    offsets = (starts - starts.mean(axis=0)).astype(np.float64)
    time = np.arange(F)
    walk = np.minimum.outer(time, time) * step_length**2  # inner products of one walk's displacements
    if of_movement:  # K walks with the same spread, perpendicular to each other
        largest = np.sort(np.tile(np.linalg.eigvalsh(walk)[-2:], K))[-2:]
        return float(largest.sum() / (K * np.trace(walk)))
    movement = np.kron(np.eye(K), walk)  # (K·F, K·F), displacement with displacement
    total = movement + np.kron(offsets @ offsets.T, np.ones((F, F)))
    centring = np.eye(K * F) - 1 / (K * F)
    gram = centring @ total @ centring
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[-2:], vectors[:, -2:]
    # A displacement's part along a principal direction Σ αᵢ xᵢ / sqrt(value), through the inner products alone.
    along = movement @ centring @ vectors / np.sqrt(np.maximum(values, 1e-300))
    return float(np.square(along).sum() / np.trace(movement))
