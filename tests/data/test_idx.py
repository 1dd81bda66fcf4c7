import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from landscape.data.idx import read_images, read_labels
from landscape.errors import DataError
from tests.data.conftest import image_bytes, label_bytes, small_digits

IMAGES, LABELS = small_digits(7)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("name", ["pictures.gz", "pictures"])
def test_reads_what_was_written_whatever_the_name_says(tmp_path: Path, pack, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(pack(image_bytes(IMAGES)))
    images = read_images(path)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)
    assert not images.flags.writeable
    path.write_bytes(pack(label_bytes(LABELS)))
    np.testing.assert_array_equal(read_labels(path), LABELS)


DAMAGED_IMAGES = {
    "empty": (b"", "is empty or ends inside its header"),
    "header only": (image_bytes(IMAGES)[:10], "ends inside its header"),
    "labels": (label_bytes(LABELS), "a file of labels: it begins with 2049, where pictures begin with 2051"),
    "something else": (b"PNG or the like", "no IDX file of MNIST"),
    "too short": (image_bytes(IMAGES)[:-1], "declares 7 digits, far more than a file of its length"),
    "too long": (image_bytes(IMAGES) + b"\0", "declares 7 digits but holds more"),
    "zipped, too short": (gzip.compress(image_bytes(IMAGES)[:-1]), "declares 7 digits but holds only 6"),
    "zipped, too long": (gzip.compress(image_bytes(IMAGES) + b"\0"), "declares 7 digits but holds more"),
    "no digits": (image_bytes(IMAGES[:0]), "holds no digits"),
    "other size": (image_bytes(IMAGES, rows=32), "32 x 28 pixels"),
    "absurdly many": (image_bytes(IMAGES, count=2**32 - 1), "declares 4,294,967,295 digits"),
    "zipped, absurdly many": (gzip.compress(image_bytes(IMAGES, count=2**32 - 1)), "declares 4,294,967,295 digits"),
    "cut off": (gzip.compress(image_bytes(IMAGES))[:-200], "cut off"),
    "cut off in its zip header": (gzip.compress(image_bytes(IMAGES))[:5], "cut off"),
    "wrong check sum": (gzip.compress(image_bytes(IMAGES))[:-8] + b"\1" * 8, "can't be unpacked"),
    "not deflated": (b"\x1f\x8b\x08" + b"\0" * 7 + b"\xff" * 50, "can't be unpacked"),
}


@pytest.mark.parametrize("kind", DAMAGED_IMAGES)
def test_damaged_pictures_are_named_with_what_is_wrong(tmp_path: Path, kind: str) -> None:
    content, sentence = DAMAGED_IMAGES[kind]
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_images(path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_label_over_nine_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "labels"
    path.write_bytes(label_bytes(np.array([3, 9, 10, 11], np.uint8)))
    with pytest.raises(DataError, match="label 2 is 10"):
        read_labels(path)


def test_a_file_that_declares_little_and_unpacks_to_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(image_bytes(IMAGES) + bytes(50_000_000), 1))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="holds more"):
            read_images(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_declared_size_is_not_allocated_before_the_bytes_are_there(tmp_path: Path) -> None:
    path = tmp_path / "liar.gz"  # 100 kB of zip could unpack to 100 MB, so only reading tells
    content = image_bytes(IMAGES, count=100_000) + np.random.default_rng(0).bytes(100_000)
    path.write_bytes(gzip.compress(content, 1))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="holds only 134"):
            read_images(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_can_not_be_opened_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        read_images(tmp_path / "absent")
    with pytest.raises(DataError, match="can't be read"):
        read_labels(tmp_path)
