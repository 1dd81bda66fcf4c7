"""The 5,000 digits that ship with the app, and where shipped files are."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.errors import DataError


@dataclass(frozen=True, eq=False)
class Embedded:
    """The shipped digits: images (5000, 784) uint8, labels (5000,), index (5000,) in the full training set."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    index: NDArray[np.int64]


def asset(name: str) -> Path:
    """A shipped file: inside the installed package, or beside it in a source checkout. Raises DataError."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "assets", package.parent / "assets"):
        if (folder / name).is_file():
            return folder / name
    raise DataError(f"{name}, which ships with Landscape, is missing; install Landscape again")


def read_embedded() -> Embedded:
    """Read the shipped digits. Raises DataError if the file is missing or damaged."""
    path = asset("mnist_5k.npz")
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            images, labels = file["images"], file["labels"]
            index = file["index"].astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged ({error}); install Landscape again") from error
    for array in (images, labels, index):
        array.flags.writeable = False
    return Embedded(images, labels, index)
