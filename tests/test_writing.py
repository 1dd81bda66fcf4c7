import os
import time

import pytest

from landscape.errors import RecordError
from landscape.writing import ABANDONED, PARTIAL, written_whole


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "folder" / "file.txt"
    written_whole(path, lambda partial: partial.write_text("one"))
    assert path.read_text() == "one"

    def fail(partial):
        partial.write_text("tw")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        written_whole(path, fail)
    assert path.read_text() == "one"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_what_a_killed_program_left_is_swept_away_once_it_is_old(tmp_path):
    old, young, other = (
        tmp_path / name for name in (f".file{PARTIAL}old.txt", f".file{PARTIAL}new.txt", ".file-mine.txt")
    )
    for entry in (old, young, other):
        entry.touch()
    past = time.time() - ABANDONED - 60
    for entry in (old, other):
        os.utime(entry, (past, past))
    written_whole(tmp_path / "file.txt", lambda partial: partial.write_text("one"))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([young.name, other.name, "file.txt"])


def test_a_place_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match=r"can't be written.*another folder"):
        written_whole(tmp_path / "file" / "inner.txt", lambda partial: None)
