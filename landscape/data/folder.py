"""The four files of MNIST in one folder: where they are, what they are called, what they hold."""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.data.idx import LABEL_MAGIC, read_images, read_labels
from landscape.errors import DataError


@dataclass(frozen=True)
class MnistFile:
    """One file of MNIST: its name and, unpacked, its length in bytes and sha256.

    Mirrors have gzipped the files anew, so the packed bytes differ and only the unpacked ones identify a file.
    `download` is about how many bytes travel.
    """

    name: str
    size: int
    sha256: str
    download: int


FILES = (
    MnistFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        9_912_422,
    ),
    MnistFile(
        "train-labels-idx1-ubyte",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        28_881,
    ),
    MnistFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        1_648_877,
    ),
    MnistFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        4_542,
    ),
)


@dataclass(frozen=True, eq=False)
class Pile:
    """Digits as a file holds them: images (n, 784) uint8, labels (n,) uint8, both read-only."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Folder:
    """What the four files hold: the training digits and the test digits."""

    training: Pile
    test: Pile

    @property
    def is_mnist(self) -> bool:
        """Whether these are MNIST's own labels, rather than those of a data set that only looks like it."""
        return all(
            hashlib.sha256(struct.pack(">2I", LABEL_MAGIC, len(pile.labels)) + pile.labels.tobytes()).hexdigest()
            == file.sha256
            for pile, file in ((self.training, FILES[1]), (self.test, FILES[3]))
        )


def read_folder(folder: Path) -> Folder:
    """Read the four IDX files in a folder. Raises DataError if one is missing or is not what it should be."""
    train_images, train_labels, test_images, test_labels = _located(folder)
    return Folder(_pile(train_images, train_labels), _pile(test_images, test_labels))


def cache_folder() -> Path:
    """Where downloaded digits are kept: `mnist` in the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("landscape", appauthor=False) / "mnist"


def find(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder: with a dash or a dot before "idx", with or without ".gz"."""
    for ending in (".gz", ""):  # what `fetch` writes comes first, so that it mends a folder with a wrong file
        for stem in (name, name.replace("-idx", ".idx")):
            path = folder / (stem + ending)
            if path.is_file():  # only a regular file: opening a pipe would wait for ever
                return path
    return None


def _located(folder: Path) -> list[Path]:
    """The four files, in the order of FILES."""
    try:
        if not folder.is_dir():
            kind = "is a file, not a folder" if folder.exists() else "does not exist"
            raise DataError(
                f"the data folder {folder} {kind}; name a folder that holds MNIST's four IDX files, or "
                "fetch them with `landscape data --fetch`"
            )
        found = {file.name: find(folder, file.name) for file in FILES}
    except (OSError, ValueError) as error:  # such as a name too long, or a folder we may not look into
        raise DataError(f"the data folder {folder} can't be read: {error}") from error
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise DataError(
            f"the data folder {folder} lacks {', '.join(missing)} (with or without .gz); "
            "put them there, or fetch all with `landscape data --fetch`"
        )
    return [path for path in found.values() if path is not None]


def _pile(images_path: Path, labels_path: Path) -> Pile:
    images, labels = read_images(images_path), read_labels(labels_path)
    if len(images) != len(labels):
        raise DataError(
            f"{images_path} holds {len(images):,} pictures but {labels_path.name} {len(labels):,} labels; "
            "they must be as many: take both from the same set"
        )
    return Pile(images, labels)
