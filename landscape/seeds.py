"""Randomness as an argument: one seed and a name give one independent stream of random numbers.

Two uses of the same seed never share numbers, because the name of the use is part of the stream's key; and
adding a new use never moves the numbers of an old one.
"""

import zlib

import numpy as np

from landscape.errors import SetupError


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The random generator for one use of a seed, such as `stream(0, "batches", 3)` for start 3."""
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise SetupError(f"a seed must be a whole number from 0 up, not {seed!r}")
    key = tuple(name if isinstance(name, int) else zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
