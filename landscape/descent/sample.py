"""Points that fill a cube more evenly than chance: Latin hypercubes and Sobol sequences, by scipy.stats.qmc."""

import numpy as np
from numpy.typing import NDArray

from landscape import seeds

# scipy has direction numbers for so many dimensions (Joe and Kuo 2008).
SOBOL_DIMENSIONS = 21_201
# Quantiles stay so far from 0 and 1, where a Gaussian is infinite: half a step of the Sobol sequence's 30 bits.
EDGE = 2.0**-31


def latin_hypercube(count: int, dimensions: int, random: np.random.Generator) -> NDArray:
    """Points (count, dimensions): along each axis exactly one in each of `count` equal parts, at random within it."""
    from scipy.stats import qmc

    return np.clip(qmc.LatinHypercube(dimensions, seed=random).random(count), EDGE, 1 - EDGE)


def sobol(count: int, dimensions: int, seed: int) -> NDArray:
    """The first points (count, dimensions) of a scrambled Sobol sequence.

    More dimensions than scipy has direction numbers for are laid together from blocks, each a sequence with a
    scrambling of its own. The scrambling keeps each axis' leading digits, so that the same axis of two blocks would rise and
    fall together; therefore the points of every block after the first are dealt out in a random order. Every axis, and
    all axes of a block together, stay as evenly filled as they were; axes of two blocks meet by chance.
    """
    from scipy.stats import qmc

    blocks = []
    for number, first in enumerate(range(0, dimensions, SOBOL_DIMENSIONS)):
        random = seeds.stream(seed, "sobol", number)
        sequence = qmc.Sobol(min(SOBOL_DIMENSIONS, dimensions - first), seed=random)
        points = sequence.random_base2((count - 1).bit_length())[:count]  # whole powers of two, as the sequence is made
        blocks.append(random.permutation(points) if number else points)
    return np.clip(np.concatenate(blocks, axis=1) + EDGE, EDGE, 1 - EDGE)
