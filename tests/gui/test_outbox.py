"""Files on their way out: what becomes of them is told, also when they are cancelled or wait for their turn."""

import time

import pytest

from landscape.gui.outbox import Trace
from landscape.writing import written_whole
from tests.gui.conftest import LONG, soon


def writing(path, pieces, hold):
    """Writes a file whole at its end; `hold()` says whether it goes on waiting."""

    def work():
        while hold():
            yield None
            time.sleep(0.01)
        for piece in pieces:
            written_whole(path / piece if path.is_dir() else path, lambda place: place.write_text("whole"))
            yield None
        while pieces and hold.after:
            yield None
            time.sleep(0.01)

    return work


class Hold:
    """Holds a work before or after it writes."""

    def __init__(self, before=True, after=False):
        self.before, self.after = before, after

    def __call__(self):
        return self.before


@pytest.fixture
def told(window):
    heard = []
    window.session.told.connect(heard.append)
    return heard


def cancelled(qtbot, window, told):
    """Press Stop, and return what is said once the worker has left."""
    qtbot.waitUntil(window.status.stop.isVisible, timeout=LONG)
    told.clear()
    window.status.stop.click()
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    return told[-1]


@pytest.mark.parametrize("older", [None, "an older one"])
def test_a_cancelled_export_says_what_is_on_the_disk(qtbot, window, told, tmp_path, older):
    path = tmp_path / "map.png"
    if older:
        path.write_text(older)
    window.session.outbox.write("export", "exporting map.png", writing(path, ["map.png"], Hold()), path, "Exported")
    words = cancelled(qtbot, window, told)
    assert words == f"Cancelled: map.png {'stays as it was before' if older else 'was not written'}."
    assert window.status.currentMessage() == words
    assert (path.read_text() if older else path.exists()) == (older or False)
    assert not list(tmp_path.glob(".*partial*"))


def test_one_that_was_whole_in_time_is_not_called_missing(qtbot, window, told, tmp_path):
    path = tmp_path / "map.png"
    work = writing(path, ["map.png"], Hold(before=False, after=True))
    window.session.outbox.write("export", "exporting map.png", work, path, "Exported")
    qtbot.waitUntil(path.exists, timeout=LONG)
    assert cancelled(qtbot, window, told) == "map.png was whole before it could be stopped: it is there."


def test_of_a_cancelled_folder_the_whole_files_are_named(qtbot, window, told, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    work = writing(folder, ["a.png", "b.csv"], Hold(before=False, after=True))
    window.session.outbox.write("export", "exporting", work, folder, "Exported everything")
    qtbot.waitUntil((folder / "b.csv").exists, timeout=LONG)
    words = cancelled(qtbot, window, told)
    assert words == "Cancelled: of the files in out, a.png, b.csv are whole; nothing else was written."


def test_a_second_export_waits_for_the_first_and_both_are_written(qtbot, window, told, tmp_path):
    outbox, hold = window.session.outbox, Hold()
    for name in ("a.png", "b.png"):
        path = tmp_path / name
        outbox.write("export", f"exporting {name}", writing(path, [name], hold), path, f"Exported {name}")
    assert told[-1] == "b.png is written when what is being written now is done."
    hold.before = False
    qtbot.waitUntil(lambda: told[-1] == "Exported b.png", timeout=LONG)
    assert "Exported a.png" in told and (tmp_path / "a.png").exists() and (tmp_path / "b.png").exists()


def test_stop_drops_what_waits_and_says_so(qtbot, window, told, tmp_path):
    outbox, hold = window.session.outbox, Hold()
    for name in ("a.png", "b.png"):
        path = tmp_path / name
        outbox.write("export", f"exporting {name}", writing(path, [name], hold), path, f"Exported {name}")
    words = cancelled(qtbot, window, told)
    assert words == "Cancelled: a.png was not written. Nor was b.png, which waited for it."
    assert not window.session.lanes.running("export") and not list(tmp_path.glob("*.png"))


def test_a_download_that_is_stopped_says_what_is_kept(qtbot, window, told, monkeypatch):
    def fetch():
        while True:
            yield None
            time.sleep(0.01)

    monkeypatch.setattr("landscape.gui.commands.files.fetch", fetch)
    soon(window.files.download)
    assert cancelled(qtbot, window, told).startswith("Download cancelled: files that had come whole are kept")


def test_a_place_that_can_not_be_read_counts_as_empty(tmp_path):
    assert Trace.of(tmp_path / "nowhere" / "map.png").files == {}
