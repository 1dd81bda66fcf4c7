import numpy as np
import pytest

from landscape.errors import RecordError
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
