from pathlib import Path

import numpy as np
import pytest

from landscape.data import a_digit, default_source, load_digits
from landscape.data.embedded import read_embedded
from landscape.data.folder import read_folder
from landscape.errors import DataError, SetupError
from tests.data.conftest import small_digits


def test_a_digit_is_spoken_of_as_in_english() -> None:
    assert [a_digit(digit) for digit in (0, 1, 8, "8", "9")] == ["a 0", "a 1", "an 8", "an 8", "a 9"]


def test_the_embedded_sets_are_balanced_apart_and_read_only() -> None:
    digits = load_digits()
    for split, each in ((digits.train, 400), (digits.validation, 50), (digits.test, 50)):
        assert split.images.shape == (10 * each, digits.n_in)
        assert split.images.dtype == np.float32
        assert split.images.flags.c_contiguous
        assert split.labels.dtype == np.int64
        assert split.pictures.shape == (10 * each, 28, 28)
        assert split.pictures.dtype == np.uint8
        assert np.bincount(split.labels).tolist() == [each] * 10
        assert len(split) == 10 * each
        for array in (split.images, split.labels, split.pictures, split.index):
            assert not array.flags.writeable
    places = np.concatenate([digits.train.index, digits.validation.index, digits.test.index])
    assert len(np.unique(places)) == 5_000
    assert digits.source == "5,000 built-in digits"


def test_any_first_part_of_the_embedded_digits_is_balanced() -> None:
    counts = np.bincount(load_digits().train.labels[:995], minlength=10)
    assert counts.max() - counts.min() <= 1


def test_two_calls_give_the_same_digits_in_arrays_of_their_own() -> None:
    first, second = load_digits(), load_digits()
    np.testing.assert_array_equal(first.train.images, second.train.images)
    assert not np.shares_memory(first.train.images, second.train.images)


def test_images_are_the_pictures_scaled() -> None:
    test = load_digits().test
    np.testing.assert_allclose(test.images, test.pictures.reshape(-1, 784) / 255, rtol=1e-7)


@pytest.mark.parametrize("classes", [(3, 7), (7, 3), [0, 5, 9], np.array([8, 1]), (4,)])
def test_a_label_is_a_position_in_the_chosen_classes(classes) -> None:
    everything, digits = load_digits(), load_digits(classes=classes)
    assert digits.classes == tuple(classes)
    assert all(type(digit) is int for digit in digits.classes)
    for all_split, split in ((everything.train, digits.train), (everything.test, digits.test)):
        kept = np.isin(all_split.labels, classes)
        np.testing.assert_array_equal(np.array(digits.classes)[split.labels], all_split.labels[kept])
        np.testing.assert_array_equal(split.images, all_split.images[kept])
        np.testing.assert_array_equal(split.index, all_split.index[kept])


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ((), "no classes"),
        ((3, 3), "class 3 is chosen twice"),
        ((3, 10), "class 10 is no digit"),
        ((-1, 3), "class -1"),
        ((3.5, 7), "whole numbers"),
        ("37", "whole numbers"),
        (3, "whole numbers"),
    ],
)
def test_classes_that_make_no_sense(classes, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence) as caught:
        load_digits(classes=classes)
    assert caught.value.field == "data.classes"


def test_a_folder_is_split_in_order_and_keeps_the_proportion(idx_folder: Path) -> None:
    digits = load_digits(idx_folder)
    images, labels = small_digits(60)
    pictures = images.reshape(-1, 28, 28)
    np.testing.assert_array_equal(digits.train.pictures, pictures[:50])
    np.testing.assert_array_equal(digits.validation.pictures, pictures[50:])
    np.testing.assert_array_equal(digits.validation.labels, labels[50:])
    np.testing.assert_array_equal(digits.test.pictures, small_digits(20)[0].reshape(-1, 28, 28))
    assert digits.source == f"60 + 20 digits from {idx_folder}"
    np.testing.assert_array_equal(load_digits(str(idx_folder)).train.images, digits.train.images)


@pytest.mark.parametrize("source", ["", 5, b"folder"])
def test_a_source_that_is_none(source) -> None:
    with pytest.raises(SetupError, match='a folder, "full", or None') as caught:
        load_digits(source)
    assert caught.value.field == "data.source"


def test_a_home_folder_that_is_none() -> None:
    with pytest.raises(DataError, match="nobody-of-this-name"):
        load_digits("~nobody-of-this-name/digits")


def test_full_means_the_cache_folder(idx_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(idx_folder.parent))
    with pytest.raises(DataError, match="landscape data --fetch"):
        load_digits("full")
    (idx_folder.parent / "landscape").mkdir()
    idx_folder.rename(idx_folder.parent / "landscape" / "mnist")
    assert len(load_digits("full").train) == 50


def test_a_folder_without_a_chosen_class(idx_folder: Path) -> None:
    (idx_folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"\0\0\x08\x01\0\0\0\x14" + bytes(20))
    with pytest.raises(DataError, match=r"the test set holds no digit of the classes \(3, 7\)"):
        load_digits(idx_folder, classes=(3, 7))
    (idx_folder / "train-labels-idx1-ubyte.gz").write_bytes(b"\0\0\x08\x01\0\0\0\x3c" + bytes(60))
    with pytest.raises(DataError, match="no training digit is a 1"):
        load_digits(idx_folder, classes=(0, 1))


def test_the_environment_is_asked_only_by_default_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDSCAPE_DATA", "/somewhere")
    assert default_source() == "/somewhere"
    assert load_digits().source == "5,000 built-in digits"
    monkeypatch.setenv("LANDSCAPE_DATA", " ")
    assert default_source() is None


@pytest.mark.full_mnist
def test_the_full_set_has_fifty_and_twice_ten_thousand(full_mnist: Path) -> None:
    digits = load_digits(full_mnist)
    assert [len(split) for split in (digits.train, digits.validation, digits.test)] == [50_000, 10_000, 10_000]
    assert digits.source == f"full MNIST from {full_mnist}"
    assert digits.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert digits.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert digits.train.images.max() == 1.0


@pytest.mark.full_mnist
def test_the_embedded_digits_are_the_first_of_each_class(full_mnist: Path) -> None:
    training, shipped = read_folder(full_mnist).training, read_embedded()
    np.testing.assert_array_equal(training.images[shipped.index], shipped.images)
    np.testing.assert_array_equal(training.labels[shipped.index], shipped.labels)
    for digit in range(10):
        first = np.flatnonzero(training.labels == digit)[:500]
        np.testing.assert_array_equal(shipped.index[shipped.labels == digit], first)
