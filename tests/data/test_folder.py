import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from landscape.data.folder import FILES, read_folder
from landscape.errors import DataError
from tests.data.conftest import label_bytes, small_digits


def test_reads_all_four_files(idx_folder: Path) -> None:
    folder = read_folder(idx_folder)
    for pile, count in ((folder.training, 60), (folder.test, 20)):
        images, labels = small_digits(count)
        np.testing.assert_array_equal(pile.images, images)
        np.testing.assert_array_equal(pile.labels, labels)
    assert not folder.is_mnist


@pytest.mark.parametrize("dotted", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
def test_both_styles_of_names(idx_folder: Path, dotted: bool, zipped: bool) -> None:
    for path in list(idx_folder.iterdir()):
        name = path.name.replace("-idx", ".idx") if dotted else path.name
        content = path.read_bytes()
        path.unlink()
        (idx_folder / (name if zipped else name.removesuffix(".gz"))).write_bytes(
            content if zipped else gzip.decompress(content)
        )
    assert len(read_folder(idx_folder).training.labels) == 60


def test_missing_files_are_named(idx_folder: Path) -> None:
    (idx_folder / "train-labels-idx1-ubyte.gz").unlink()
    (idx_folder / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(DataError, match="lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte "):
        read_folder(idx_folder)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"does not exist.*--fetch"):
        read_folder(tmp_path / "absent")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="is a file, not a folder"):
        read_folder(tmp_path / "file")
    with pytest.raises(DataError, match="can't be read"):
        read_folder(tmp_path / ("x" * 300))
    with pytest.raises(DataError):
        read_folder(Path("with\0zero"))


def test_a_pipe_in_place_of_a_file_is_not_waited_for(idx_folder: Path) -> None:
    path = idx_folder / "t10k-labels-idx1-ubyte.gz"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DataError, match="lacks t10k-labels"):
        read_folder(idx_folder)


def test_as_many_labels_as_pictures(idx_folder: Path) -> None:
    (idx_folder / "t10k-labels-idx1-ubyte.gz").write_bytes(label_bytes(np.zeros(19, np.uint8)))
    with pytest.raises(DataError, match=r"20 pictures but .* 19 labels"):
        read_folder(idx_folder)


@pytest.mark.full_mnist
def test_the_full_set_is_recognised(full_mnist: Path) -> None:
    folder = read_folder(full_mnist)
    assert folder.is_mnist
    assert folder.training.images.shape == (60_000, 784)
    assert [file.size for file in FILES] == [47_040_016, 60_008, 7_840_016, 10_008]
    assert not np.shares_memory(folder.training.images, folder.test.images)
