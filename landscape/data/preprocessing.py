"""What happens to the pictures before a network sees them: a pipeline of named steps.

A step is fitted to the training images alone and then applied to all three sets alike, so that nothing of the
validation and test digits leaks into training (CS231n, "Data preprocessing"). Every fitted step knows its way back, as far
as there is one, so that one can see what it leaves of a digit. A new step is one function and one line in STEPS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.data.idx import PIXELS
from landscape.errors import SetupError

Images = NDArray[np.float32]
Transform = Callable[[Images], Images]

ROWS_AT_ONCE = 4096  # sums are in float64; a float64 copy of a whole training set would take 314 MB
FIELD = "data.preprocess"
# Whitening divides by deviations; below this share of the largest variance a direction is noise that it would blow up.
FLOOR = 1e-5


@dataclass(frozen=True, eq=False)
class Stage:
    """A step fitted to training images: `apply` may write into the images (n, n_in) it is given, `undo` never does.

    Of PCA, `components` (k, n_in) are the directions that are kept, the one of most variance first, and `shares` (k,) each
    one's share of the images' variance.
    """

    name: str
    apply: Transform
    undo: Transform
    components: NDArray[np.float32] | None = None
    shares: NDArray[np.float64] | None = None

    @property
    def kept(self) -> float:
        """The share of the images' variance that is left."""
        return 1.0 if self.shares is None else float(self.shares.sum())


@dataclass(frozen=True, eq=False)
class Pipeline:
    """Fitted stages in their order."""

    stages: tuple[Stage, ...]

    def apply(self, pictures: NDArray, stages: int | None = None) -> Images:
        """Pictures (n, 28, 28) or (n, 784), 0 to 255, as images (n, n_in) after all stages, or after the first so many."""
        images = np.array(pictures, np.float32, order="C").reshape(-1, PIXELS)
        for stage in self.stages[:stages]:
            images = stage.apply(images)
        return np.ascontiguousarray(images)

    def undo(self, images: Images, stages: int | None = None) -> Images:
        """The pixels (n, 784), 0 to 255, that images after all stages (or the first so many) stand for."""
        for stage in reversed(self.stages[:stages]):
            images = stage.undo(images)
        return np.asarray(images)

    @property
    def kept(self) -> float:
        """The share of the variance that all stages leave."""
        return float(np.prod([stage.kept for stage in self.stages]))


def _scale(images: Images, name: str) -> Stage:
    """From 0 … 255 to 0 … 1."""

    def apply(images: Images) -> Images:
        images /= np.float32(255)
        return images

    return Stage(name, apply, lambda images: images * np.float32(255))


def _centre(images: Images, name: str) -> Stage:
    """Without the mean image of the training set."""
    mean = images.mean(axis=0, dtype=np.float64).astype(np.float32)

    def apply(images: Images) -> Images:
        images -= mean
        return images

    return Stage(name, apply, lambda images: images + mean)


def _standardise(images: Images, name: str) -> Stage:
    """Every pixel with mean 0 and standard deviation 1; pixels that never change in the training set become 0."""
    mean, variance = _moments(images)
    deviation = np.sqrt(variance)
    changes = images.min(axis=0) < images.max(axis=0)  # exact, where a deviation is only nearly zero
    factor = np.divide(1.0, deviation, where=changes, out=np.zeros_like(deviation)).astype(np.float32)
    shift, spread = mean.astype(np.float32), np.where(changes, deviation, 0).astype(np.float32)

    def apply(images: Images) -> Images:
        images -= shift
        images *= factor
        return images

    return Stage(name, apply, lambda images: images * spread + shift)


def _pca(images: Images, name: str) -> Stage:
    """The k directions in which the training images vary most, from their mean, in place of the pixels."""
    k = components_of(name)
    if k > min(len(images), images.shape[1]):
        raise SetupError(
            f"{len(images):,} training images of {images.shape[1]} numbers have no {k} principal components; choose fewer",
            FIELD,
        )
    mean = images.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((images.shape[1], images.shape[1]))
    for start in range(0, len(images), ROWS_AT_ONCE):
        block = images[start : start + ROWS_AT_ONCE] - mean.astype(np.float32)
        scatter += block.T @ block
    values, vectors = np.linalg.eigh(scatter)  # rising
    components = vectors.T[::-1][:k]
    # Which of two opposite directions comes out is chance: the largest entry of each is made positive.
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
    components = np.ascontiguousarray(components * np.sign(largest), np.float32)
    variances = np.maximum(values[::-1], 0)
    return _projection(mean.astype(np.float32), components, variances[:k] / max(float(variances.sum()), 1e-30))


def _projection(mean: Images, components: Images, shares: NDArray[np.float64]) -> Stage:
    def apply(images: Images) -> Images:
        return np.asarray((images - mean) @ components.T, np.float32)

    def undo(images: Images) -> Images:  # also of the first numbers alone: the others then count as 0
        return np.asarray(images @ components[: images.shape[1]] + mean, np.float32)

    return Stage(f"pca:{len(components)}", apply, undo, components, shares)


def _whiten(images: Images, name: str) -> Stage:
    """Every principal component with standard deviation 1: no direction counts for more than another."""
    _, variance = _moments(images)
    deviation = np.sqrt(variance + FLOOR * max(float(variance.max()), 1e-30)).astype(np.float32)

    def apply(images: Images) -> Images:
        images /= deviation
        return images

    return Stage(name, apply, lambda images: images * deviation)


def _moments(images: Images) -> tuple[NDArray, NDArray]:
    """Mean and variance of every number over the images, float64."""
    mean = images.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for start in range(0, len(images), ROWS_AT_ONCE):
        squares += np.square(images[start : start + ROWS_AT_ONCE] - mean).sum(axis=0)
    return mean, squares / len(images)


@dataclass(frozen=True)
class Step:
    """A step that can be asked for: its words, and how it is fitted to training images; `written` is how it is named."""

    written: str
    label: str
    sentence: str
    fit: Callable[[Images, str], Stage]


STEPS: dict[str, Step] = {
    "scale": Step("scale", "scale to 0 … 1", "Divides every pixel by 255.", _scale),
    "centre": Step("centre", "zero-centre", "Takes the mean of the training digits away from every digit.", _centre),
    "standardise": Step(
        "standardise",
        "standardise",
        "Gives every pixel mean 0 and standard deviation 1 over the training digits.",
        _standardise,
    ),
    "pca": Step(
        "pca:k",
        "PCA to k components",
        "Describes every digit by the k directions in which the training digits vary most: k numbers in place of 784.",
        _pca,
    ),
    "whiten": Step("whiten", "whiten", "Gives every principal component standard deviation 1; follows PCA.", _whiten),
}


def components_of(name: str) -> int:
    """The k of a step "pca:k"; raises SetupError if it is none."""
    _, _, k = name.partition(":")
    if not (k.isascii() and k.isdecimal() and len(k) < 5 and 1 <= int(k) <= PIXELS):
        raise SetupError(f"PCA keeps from 1 to {PIXELS} components, written such as pca:50; not {name!r}", FIELD)
    return int(k)


def checked_steps(steps: str | Sequence[str]) -> tuple[str, ...]:
    """The names of the steps in order. Raises SetupError, naming the choices, for a name or an order that makes no sense."""
    choices = ", ".join(step.written for step in STEPS.values())
    if isinstance(steps, str):
        steps = (steps,)
    try:
        names = tuple(steps)
    except TypeError:
        raise SetupError(f"preprocessing is a list of steps out of {choices}; not {steps!r}", FIELD) from None
    kinds = []
    for name in names:
        kind, colon, _ = name.partition(":") if isinstance(name, str) else ("", "", "")
        if kind not in STEPS or (colon and kind != "pca"):
            raise SetupError(f"preprocessing step {name!r} is unknown; choose out of {choices}", FIELD)
        if kind == "pca":
            components_of(name)
        kinds.append(kind)
    if len(set(kinds)) < len(kinds):
        raise SetupError(f"preprocessing {', '.join(names)} has a step twice; name each once", FIELD)
    if "whiten" in kinds and kinds[-2:] != ["pca", "whiten"]:
        raise SetupError("whitening is of principal components: put it right after pca:k, as the last step", FIELD)
    if "pca" in kinds and kinds[-1] not in ("pca", "whiten"):
        raise SetupError(
            f"after PCA there are no pixels any more: only whitening can follow it, not {names[-1]}", FIELD
        )
    return names


def inputs_of(steps: Sequence[str]) -> int:
    """How many numbers these steps leave of a digit: 784, or the k of PCA."""
    return next((components_of(name) for name in steps if name.startswith("pca:")), PIXELS)


def fit_pipeline(steps: Sequence[str], training: NDArray[np.uint8]) -> tuple[Pipeline, Images]:
    """The steps fitted to training pictures (n, 784), and those pictures after all of them, (n, n_in) float32."""
    images = np.array(training, np.float32, order="C")
    stages = []
    for name in steps:
        stages.append(STEPS[name.partition(":")[0]].fit(images, name))
        images = np.ascontiguousarray(stages[-1].apply(images))
    return Pipeline(tuple(stages)), images


def preprocess(steps: Sequence[str], *sets: NDArray[np.uint8]) -> tuple[Pipeline, list[Images]]:
    """Pictures (n, 784) as float32 images (n, n_in), read-only, after all steps fitted to the first set, the training set."""
    pipeline, training = fit_pipeline(steps, sets[0])
    prepared = [training, *(pipeline.apply(pictures) for pictures in sets[1:])]
    for images in prepared:
        images.flags.writeable = False
    return pipeline, prepared
