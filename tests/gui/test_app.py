"""What happens around the window: earlier runs, downloads, settings."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from landscape.data import FetchProgress
from landscape.gui.app import RUNS_KEPT, offer_unfinished, remove_old_runs
from landscape.gui.settings import Settings, kept_runs, new_run_folder
from landscape.run import Setup, exploring
from tests.gui.conftest import LONG, SMALL


def test_a_run_that_was_cut_short_is_offered_back(qtbot, window, tmp_path):
    folder = tmp_path / "earlier"
    growing = exploring(Setup().changed(**SMALL), new_run_folder(folder))
    for _ in range(4):
        next(growing)
    growing.close()  # as if the program had been killed here
    heard = []
    window.session.told.connect(heard.append)
    offer_unfinished(window.session, folder)
    qtbot.waitUntil(lambda: bool(heard), timeout=LONG)
    assert "of 1 epochs" in heard[0] and kept_runs(folder)[0].name in heard[0]
    window.session.open_run(kept_runs(folder)[0])
    qtbot.waitUntil(lambda: window.session.run.folder.parent == folder, timeout=LONG)
    assert window.session.run.frames == 4


def test_old_runs_make_room(tmp_path):
    for number in range(RUNS_KEPT + 2):
        run = new_run_folder(tmp_path)
        (run / "manifest.json").write_text("{}")
        (run / "number").write_text(str(number))
        time.sleep(0.002)
    remove_old_runs(tmp_path)
    left = sorted(int((run / "number").read_text()) for run in tmp_path.iterdir())
    assert left == list(range(2, RUNS_KEPT + 2))


def test_downloading_shows_progress_and_ends_with_a_sentence(qtbot, window, monkeypatch):
    def fetch():
        for part in np.linspace(0, 1, 5):
            yield FetchProgress("train-images-idx3-ubyte.gz", int(100 * part), 100, float(part))

    monkeypatch.setattr("landscape.gui.commands.files.fetch", fetch)
    seen, heard = [], []
    session = window.session
    session.job_changed.connect(lambda: seen.extend(a.done for a in session.activity.values()))
    session.told.connect(heard.append)
    window.files.download()
    qtbot.waitUntil(lambda: bool(heard), timeout=LONG)
    assert max(seen) == 1.0
    assert "full MNIST is here" in heard[0]


def test_settings_survive_and_bad_ones_are_ignored(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    Settings(theme="light", folder="/somewhere").save()
    assert Settings.load().theme == "light"
    next(tmp_path.rglob("window.json")).write_text('{"theme": "pink", "folder": 3}')
    assert Settings.load().theme == "dark"
    next(tmp_path.rglob("window.json")).write_text("not json")
    assert Settings.load().theme == "dark"


OPENED_TWICE = """
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from landscape.gui import app
from tests.conftest import ends_are_told


class Window(QWidget):
    guide = property(lambda self: self)

    def tour_once(self):
        QTimer.singleShot(0, QApplication.quit)


app.build_window = lambda *arguments: Window()
for _ in range(2):
    assert app.main(["landscape"]) == 0
    assert QApplication.instance() is not None and ends_are_told()
print("told")
"""


def test_the_window_can_be_opened_again_in_the_same_interpreter():
    """After an application object has gone Python would no longer hear when Qt destroys an object."""
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", OPENED_TWICE], cwd=root, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "told"), ended.stderr
