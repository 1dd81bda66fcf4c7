"""Small IDX folders that tests can damage, and the full MNIST where the machine has it."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


def image_bytes(images: NDArray, count: int | None = None, rows: int = 28, magic: int = 2051) -> bytes:
    """An IDX file of pictures (n, 784), written from its specification; the header may lie."""
    return struct.pack(">4I", magic, len(images) if count is None else count, rows, 28) + images.tobytes()


def label_bytes(labels: NDArray, count: int | None = None, magic: int = 2049) -> bytes:
    """An IDX file of labels (n,)."""
    return struct.pack(">2I", magic, len(labels) if count is None else count) + labels.tobytes()


def small_digits(count: int) -> tuple[NDArray, NDArray]:
    """Pictures of noise (count, 784) and labels that take turns, both uint8."""
    images = np.random.default_rng(count).integers(0, 256, (count, 784), dtype=np.uint8)
    return images, (np.arange(count) % 10).astype(np.uint8)


@pytest.fixture
def idx_folder(tmp_path: Path) -> Path:
    """A folder like MNIST's with 60 training and 20 test digits of noise, gzipped."""
    folder = tmp_path / "digits"
    folder.mkdir()
    for name, count in (("train", 60), ("t10k", 20)):
        images, labels = small_digits(count)
        (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(image_bytes(images), 1))
        (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(label_bytes(labels), 1))
    return folder


@pytest.fixture
def full_mnist() -> Path:
    """The folder with the full MNIST that LANDSCAPE_DATA names; without it the test is skipped."""
    folder = os.environ.get("LANDSCAPE_DATA")
    if not folder:
        pytest.skip("LANDSCAPE_DATA names no folder with the full MNIST")
    return Path(folder)
