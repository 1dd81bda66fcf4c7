"""The digits a network learns from: three sets kept apart, the classes chosen, the pictures prepared."""

import operator
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.data.embedded import read_embedded
from landscape.data.folder import cache_folder, read_folder
from landscape.data.idx import SIDE
from landscape.data.preprocessing import Pipeline, checked_steps, preprocess
from landscape.errors import DataError, SetupError

TRAIN, VALIDATION = 4_000, 500  # of the embedded digits; the other 500 are the test set
SET_NAMES = ("training", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """One set of digits: images (n, n_in) float32 and labels (n,) int64, all read-only.

    `pictures` (n, 28, 28) uint8 are the same digits as they were written: 0 is paper, 255 is ink. `index` (n,) is each
    digit's place in MNIST's training file (for the training, validation and embedded digits) or test file.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    pictures: NDArray[np.uint8]
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Digits:
    """Training, validation and test digits.

    A label is a position in `classes`: with classes (3, 7), label 0 is a three and label 1 a seven. `source` says in
    words where the digits come from, `preprocess` which steps the images went through, `pipeline` these steps as they were
    fitted to the training digits. `shipped` are the digits that ship with the app: even their test digits are from MNIST's
    training file.
    """

    train: Split
    validation: Split
    test: Split
    classes: tuple[int, ...]
    source: str
    preprocess: tuple[str, ...]
    pipeline: Pipeline = field(repr=False)
    shipped: bool = False

    @property
    def n_in(self) -> int:
        """Numbers in an image: the inputs a network needs."""
        return self.train.images.shape[1]


@dataclass(frozen=True, eq=False)
class _Raw:
    """One set before preprocessing: images (n, 784) uint8, labels 0 to 9 (n,), index (n,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    index: NDArray[np.int64]

    def part(self, start: int, stop: int | None = None) -> "_Raw":
        return _Raw(self.images[start:stop], self.labels[start:stop], self.index[start:stop])

    def only(self, classes: tuple[int, ...]) -> "_Raw":
        kept = np.isin(self.labels, classes)
        return self if kept.all() else _Raw(self.images[kept], self.labels[kept], self.index[kept])


def load_digits(
    source: str | os.PathLike[str] | None = None,
    classes: Iterable[int] | None = None,
    preprocess: str | Sequence[str] = ("scale",),
) -> Digits:
    """Load digits, split them into training, validation and test sets, and prepare their images.

    `source`: None for the 5,000 digits that ship with the app (4,000 / 500 / 500, every class alike); a folder with
    MNIST's four IDX files, gzipped or not (50,000 / 10,000 / 10,000); or "full" for the files that
    `landscape data --fetch` has downloaded. `classes`: the digits to keep, such as (3, 7), in the order of their
    labels; None keeps all ten. `preprocess`: steps out of `landscape.data.STEPS`, fitted to the training set, such as
    ("scale", "centre", "pca:50", "whiten").

    Raises DataError for missing or damaged files, SetupError for classes or steps that make no sense.
    """
    chosen, steps = _checked_classes(classes), checked_steps(preprocess)
    raws, description = _sets(source)
    raws = [raw.only(chosen) for raw in raws]
    _check_present(raws, chosen, description)
    (train, validation, test), pipeline = _splits(raws, chosen, steps)
    return Digits(train, validation, test, chosen, description, steps, pipeline, shipped=source is None)


def default_source() -> str | None:
    """The folder that the environment variable LANDSCAPE_DATA names, or None for the embedded digits."""
    return os.environ.get("LANDSCAPE_DATA", "").strip() or None


def _checked_classes(classes: Iterable[int] | None) -> tuple[int, ...]:
    field = "data.classes"
    if classes is None:
        return tuple(range(10))
    try:
        chosen = tuple(operator.index(digit) for digit in classes)
    except TypeError:
        raise SetupError(
            f"classes are a list of whole numbers from 0 to 9, such as (3, 7); not {classes!r}", field
        ) from None
    if not chosen:
        raise SetupError("no classes are chosen; choose digits from 0 to 9, such as (3, 7), or None for all", field)
    for digit in chosen:
        if not 0 <= digit <= 9:
            raise SetupError(f"class {digit} is no digit; choose from 0 to 9", field)
        if chosen.count(digit) > 1:
            raise SetupError(f"class {digit} is chosen twice; name each digit once", field)
    return chosen


def _sets(source: str | os.PathLike[str] | None) -> tuple[list[_Raw], str]:
    """The three sets with all their classes, and where they come from in words."""
    if source is None:
        return _embedded_sets()
    if source == "full":
        return _folder_sets(cache_folder())
    if not isinstance(source, str | os.PathLike) or not str(source).strip():
        raise SetupError(f'the source of the digits is a folder, "full", or None; not {source!r}', "data.source")
    try:
        return _folder_sets(Path(source).expanduser())
    except RuntimeError as error:  # "~nobody" has no home folder
        raise DataError(f"the data folder {source} can't be found: {error}") from error


def _embedded_sets() -> tuple[list[_Raw], str]:
    # The classes take turns in the file, so plain slices are stratified: 400, 50 and 50 a class.
    shipped = read_embedded()
    raw = _Raw(shipped.images, shipped.labels, shipped.index)
    middle = TRAIN + VALIDATION
    return [raw.part(0, TRAIN), raw.part(TRAIN, middle), raw.part(middle)], f"{len(raw.labels):,} built-in digits"


def _folder_sets(folder: Path) -> tuple[list[_Raw], str]:
    held = read_folder(folder)
    training = _Raw(held.training.images, held.training.labels, np.arange(len(held.training.labels)))
    test = _Raw(held.test.images, held.test.labels, np.arange(len(held.test.labels)))
    # MNIST's last 10,000 of 60,000, the usual choice (Nielsen, chapter 1); other folders keep the proportion.
    last = max(1, len(training.labels) // 6)
    start = len(training.labels) - last
    if start < 1:
        raise DataError(f"the data folder {folder} holds one training digit; training and validation need two or more")
    name = "full MNIST" if held.is_mnist else f"{len(training.labels):,} + {len(test.labels):,} digits"
    return [training.part(0, start), training.part(start), test], f"{name} from {folder}"


def a_digit(digit: int | str) -> str:
    """A digit as English speaks of it: "a 3", but "an 8"."""
    return f"{'an' if str(digit) == '8' else 'a'} {digit}"


def _check_present(raws: Sequence[_Raw], classes: tuple[int, ...], description: str) -> None:
    """No set may be empty, and of every class there must be digits to learn from."""
    for name, raw in zip(SET_NAMES, raws, strict=True):
        if len(raw.labels) == 0:
            raise DataError(f"the {name} set holds no digit of the classes {classes} ({description}); choose others")
    missing = sorted(set(classes) - set(raws[0].labels.tolist()))
    if missing:
        raise DataError(f"no training digit is {a_digit(missing[0])} ({description}); leave it out of the classes")


def _splits(raws: Sequence[_Raw], classes: tuple[int, ...], steps: tuple[str, ...]) -> tuple[list[Split], Pipeline]:
    position = np.zeros(10, np.int64)
    position[list(classes)] = np.arange(len(classes))
    pipeline, prepared = preprocess(steps, *(raw.images for raw in raws))
    splits = []
    for raw, images in zip(raws, prepared, strict=True):
        labels, pictures, index = position[raw.labels], raw.images.reshape(-1, SIDE, SIDE).view(), raw.index.view()
        for array in (labels, pictures, index):
            array.flags.writeable = False
        splits.append(Split(images, labels, pictures, index))
    return splits, pipeline
