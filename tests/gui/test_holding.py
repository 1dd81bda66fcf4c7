"""Two windows and one folder of runs: nothing that is in use is removed or written to by the other."""

import os
import subprocess
import sys

import pytest

from landscape.gui.app import RUNS_KEPT, remove_old_runs
from landscape.gui.holding import LOCK, Holding, is_free, remove_free
from landscape.gui.settings import kept_runs, new_run_folder
from tests.gui.conftest import LONG, settled

# Another process that holds a folder until its standard input ends.
HOLD = "import sys; from pathlib import Path; from landscape.gui.holding import Holding; " \
    "h = Holding(); print(h.take(Path(sys.argv[1])), flush=True); sys.stdin.read()"  # fmt: skip


@pytest.fixture
def elsewhere():
    """elsewhere(folder): hold it in another process; the process, to be ended with `communicate`."""
    begun = []

    def hold(folder):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        begun.append(process)
        assert process.stdout.readline() == "True\n"
        return process

    yield hold
    for process in begun:
        process.kill()
        process.communicate()


def test_a_run_that_another_window_is_at_is_not_removed(tmp_path, elsewhere):
    folders = [new_run_folder(tmp_path) for _ in range(RUNS_KEPT + 2)]
    for folder in folders:
        (folder / "manifest.json").write_text("{}")
    oldest = kept_runs(tmp_path)[0]
    process = elsewhere(oldest)
    oldest = next(folder for folder in folders if (folder / LOCK).exists())
    assert not Holding().take(oldest)
    assert not remove_free(oldest) and oldest.exists()
    remove_old_runs(tmp_path)
    assert oldest.exists()
    process.kill()  # as if that window had crashed: its lock file stays behind
    process.communicate()
    assert (oldest / LOCK).exists()
    assert remove_free(oldest) and not oldest.exists()


def test_what_is_let_go_can_be_taken_by_another(tmp_path):
    first, second = Holding(), Holding()
    assert first.take(tmp_path) and first.take(tmp_path)
    assert not second.take(tmp_path)
    first.release()
    assert second.take(tmp_path)
    second.release()


def test_the_shown_run_is_held_and_a_run_of_another_window_is_looked_at_but_not_written_to(qtbot, window, elsewhere):
    session = window.session
    first = session.run.folder
    assert not Holding().take(first)
    session.train()
    qtbot.waitUntil(lambda: session.run.folder != first and not session.training, timeout=LONG)
    settled(qtbot, window)
    session.holding.release()
    elsewhere(first)
    session.open_run(first)
    qtbot.waitUntil(lambda: session.run.folder == first, timeout=LONG)
    settled(qtbot, window)
    frames = session.run.frames
    session.resume_training(more_epochs=1)
    assert not session.training and session.run.frames == frames
    assert "another window" in window.banner.text.text().lower()


def test_the_oldest_run_is_the_oldest_though_somebody_asks_whether_others_are_in_use(tmp_path):
    folders = [new_run_folder(tmp_path) for _ in range(4)]
    for age, folder in enumerate(reversed(folders)):
        (folder / "manifest.json").write_text("{}")
        os.utime(folder / "manifest.json", (1e9 - 100 * age,) * 2)
        os.utime(folder, (1e9 - 100 * age,) * 2)
    assert kept_runs(tmp_path) == folders
    for folder in reversed(folders[:3]):  # not the latest, which another window holds
        assert is_free(folder)  # writes and removes a lock file: the folder's own time is now
    assert kept_runs(tmp_path) == folders
