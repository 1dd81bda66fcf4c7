"""What happens to the pictures before a network sees them: a pipeline of named steps.

A step is fitted to the training images alone and then applied to all three sets alike, so that nothing of the
validation and test digits leaks into training (CS231n, "Data preprocessing"). A new step is one function and one
line in STEPS.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError

Images = NDArray[np.float32]
Transform = Callable[[Images], Images]
Fit = Callable[[Images], Transform]

ROWS_AT_ONCE = 4096  # sums are in float64; a float64 copy of a whole training set would take 314 MB


def _scale(training: Images) -> Transform:
    """From 0 … 255 to 0 … 1."""

    def transform(images: Images) -> Images:
        images /= np.float32(255)
        return images

    return transform


def _centre(training: Images) -> Transform:
    """Without the mean image of the training set."""
    mean = training.mean(axis=0, dtype=np.float64).astype(np.float32)

    def transform(images: Images) -> Images:
        images -= mean
        return images

    return transform


def _standardise(training: Images) -> Transform:
    """Every pixel with mean 0 and standard deviation 1; pixels that never change in the training set become 0."""
    mean = training.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for start in range(0, len(training), ROWS_AT_ONCE):
        squares += np.square(training[start : start + ROWS_AT_ONCE] - mean).sum(axis=0)
    deviation = np.sqrt(squares / len(training))
    changes = training.min(axis=0) < training.max(axis=0)  # exact, where a deviation is only nearly zero
    factor = np.divide(1.0, deviation, where=changes, out=np.zeros_like(deviation)).astype(np.float32)
    shift = mean.astype(np.float32)

    def transform(images: Images) -> Images:
        images -= shift
        images *= factor
        return images

    return transform


STEPS: dict[str, Fit] = {"scale": _scale, "centre": _centre, "standardise": _standardise}


def checked_steps(steps: str | Sequence[str]) -> tuple[str, ...]:
    """The names of the steps in order. Raises SetupError, naming the choices, for any other name or one twice."""
    choices = ", ".join(STEPS)
    if isinstance(steps, str):
        steps = (steps,)
    try:
        names = tuple(steps)
    except TypeError:
        raise SetupError(
            f"preprocessing is a list of steps out of {choices}; not {steps!r}", "data.preprocess"
        ) from None
    for name in names:
        if not isinstance(name, str) or name not in STEPS:
            raise SetupError(f"preprocessing step {name!r} is unknown; choose out of {choices}", "data.preprocess")
    if len(set(names)) < len(names):
        raise SetupError(f"preprocessing {', '.join(names)} has a step twice; name each once", "data.preprocess")
    return names


def preprocess(steps: Sequence[str], *sets: NDArray[np.uint8]) -> list[Images]:
    """Images (n, 784) as float32 (n, n_in), read-only, after all steps; the first set is the training set."""
    prepared = [np.array(images, np.float32, order="C") for images in sets]
    for name in steps:
        transform = STEPS[name](prepared[0])
        prepared = [np.ascontiguousarray(transform(images)) for images in prepared]
    for images in prepared:
        images.flags.writeable = False
    return prepared
