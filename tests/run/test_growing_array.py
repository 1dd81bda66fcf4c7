import errno
import gc
import os
import shutil

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.run import growing_array
from landscape.run.growing_array import GrowingArray


def test_is_a_plain_npy_file_after_every_append(tmp_path):
    array = GrowingArray(tmp_path / "a.npy", (2, 3))
    wanted = np.arange(30, dtype=np.float32).reshape(5, 2, 3)
    for count, rows in ((0, wanted[:0]), (1, wanted[:1]), (1, wanted[1:1]), (5, wanted[1:])):
        array.append(rows)
        np.testing.assert_array_equal(array.read(), wanted[:count])
        np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), wanted[:count])
    assert len(array) == 5
    with pytest.raises(ValueError, match="read-only"):
        array.read()[0] = 1


def test_is_gone_on_with_where_it_stood(tmp_path):
    path = tmp_path / "a.npy"
    first = GrowingArray(path, (2,))
    first.append([[1, 2], [3, 4]])
    first.close()
    again = GrowingArray(path, (2,))
    again.append([[5, 6]])
    np.testing.assert_array_equal(again.read(), [[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize("written", [1, 7, 8, 11])
def test_a_program_killed_while_appending_leaves_what_was_there(tmp_path, written):
    """Rows are written before the header tells of them: bytes of a row that was cut off are not seen, and overwritten."""
    path = tmp_path / "a.npy"
    array = GrowingArray(path, (2,))
    array.append([[1, 2], [3, 4]])
    array.close()
    with path.open("ab") as file:
        file.write(np.full(3, 9, np.float32).tobytes()[:written])
    np.testing.assert_array_equal(np.load(path), [[1, 2], [3, 4]])
    again = GrowingArray(path, (2,))
    again.append([[5, 6]])
    np.testing.assert_array_equal(np.load(path), [[1, 2], [3, 4], [5, 6]])


def test_rows_of_another_shape_are_refused(tmp_path):
    with pytest.raises(RecordError, match="rows of shape"):
        GrowingArray(tmp_path / "a.npy", (2,)).append([[1, 2, 3]])


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_that_takes_its_bytes_in_parts_gets_them_all(tmp_path):
    class Sluggish:
        def __init__(self, file):
            self.seek, self.close = file.seek, file.close
            self.write = lambda content: file.write(content[:3])

    array = GrowingArray(tmp_path / "a.npy", (2,))
    array._file = Sluggish(array._opened())
    array.append([[1, 2], [3, 4]])
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), [[1, 2], [3, 4]])


@pytest.mark.parametrize("columns", [2, 2000])
@pytest.mark.parametrize("writes", [0, 1])
def test_an_append_that_fails_changes_nothing(tmp_path, monkeypatch, columns, writes):
    array = GrowingArray(tmp_path / "a.npy", (columns,))
    array.append(np.full((2, columns), 1))
    left, write = [None] * writes, growing_array._write_at
    with monkeypatch.context() as patch:
        patch.setattr(growing_array, "_write_at", lambda *args: (left.pop(), write(*args)) if left else full_disk())
        with pytest.raises(RecordError, match="free some space"):
            array.append(np.full((1, columns), 9))
    assert len(array) == 2
    array.append(np.full((1, columns), 2))
    for rows in (array.read(), np.load(tmp_path / "a.npy")):
        np.testing.assert_array_equal(rows[:, 0], [1, 1, 2])


def test_rows_that_were_forgotten_are_not_shown_again(tmp_path):
    array = GrowingArray(tmp_path / "a.npy", ())
    array.append([1, 2, 3])
    array.read()
    array.forget(2)
    np.testing.assert_array_equal(array.read(), [1, 2])
    array.append([4])
    np.testing.assert_array_equal(array.read(), [1, 2, 4])


def test_a_file_that_can_not_be_closed_is_let_go_in_silence(tmp_path, capsys):
    class Full:
        close = staticmethod(full_disk)

    growing_array._close(Full())
    array = GrowingArray(tmp_path / "a.npy", ())
    array.close()
    array.append([1.0])  # it opens the file again
    del array
    gc.collect()
    assert capsys.readouterr().err == ""


def test_a_folder_that_is_gone_is_said(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    array = GrowingArray(folder / "a.npy", (2000,))
    array.append(np.zeros((1, 2000)))
    array.close()
    shutil.rmtree(folder)
    for call in (array.read, lambda: array.append(np.zeros((1, 2000)))):
        with pytest.raises(RecordError, match="run is gone"):
            call()
