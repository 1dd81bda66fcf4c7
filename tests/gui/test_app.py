"""What happens around the window: earlier runs, downloads, settings."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from landscape.data import FetchProgress
from landscape.gui import app
from landscape.gui.app import RUNS_KEPT, build_window, offer_unfinished, remove_old_runs
from landscape.gui.settings import Settings, kept_runs, new_run_folder
from landscape.run import Setup, exploring
from tests.gui.conftest import LONG, SMALL, settled


def test_the_demo_plays_without_a_click_and_the_tour_comes_by_itself(qtbot, tmp_path, monkeypatch):
    """What `main` does, from the window that opens to the moving balls."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    opened, built = [], app.build_window

    def build(*arguments):
        opened.append(built(*arguments))
        opened[0].session.setup = Setup().changed(**SMALL)
        return opened[0]

    def use(*_):
        (window,) = opened
        qtbot.addWidget(window)
        assert window.isVisible() and window.session.run is None  # the window first, the work then
        qtbot.waitUntil(lambda: window.session.playback.playing, timeout=LONG)
        steps = {window.session.playback.step}
        window.session.playback.frame_changed.connect(steps.add)
        qtbot.waitUntil(lambda: len(steps) > 3 and window.guide.tour.place == 0, timeout=LONG)
        assert window.session.run.K == 5 and window.session.portrait is not None
        window.close()
        return 0

    monkeypatch.setattr(app, "build_window", build)
    monkeypatch.setattr(app, "default_source", lambda: None)
    monkeypatch.setattr(app, "Garbage", lambda _: None)  # the collector of the tests' own process stays as it is
    monkeypatch.setattr(app.QApplication, "exec", use)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert app.main(["landscape"]) == 0


def test_a_run_that_was_cut_short_is_offered_and_brought_back(qtbot, window, tmp_path):
    folder, banner = tmp_path / "earlier", window.banner
    place = new_run_folder(folder)
    growing = exploring(Setup().changed(**SMALL), place)
    for _ in range(4):
        next(growing)
    growing.close()
    with qtbot.waitSignal(window.session.run_offered, timeout=LONG):
        offer_unfinished(window.session, folder)
    assert banner.isVisible() and "of 1 epochs" in banner.text.text() and "4 frames" in banner.text.text()
    first = window.session.run
    window.session.train()  # as at every start of the program: the offer still stands
    qtbot.waitUntil(lambda: window.session.run is not first, timeout=LONG)
    assert banner.isVisible() and banner.accept.text() == "Bring it back"
    qtbot.mouseClick(banner.accept, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    qtbot.waitUntil(lambda: window.session.run.folder == place, timeout=LONG)
    assert window.session.run.frames == 4 and window.session.unfinished
    assert not window.session.training  # the run that was growing has made room
    window.session.failed.emit("something else")
    assert banner.isVisible() and not banner.accept.isVisible()


def test_what_is_finished_or_in_use_or_damaged_is_not_offered(qtbot, window, tmp_path):
    offered = []
    window.session.run_offered.connect(lambda *words: offered.append(words))
    held = window.session.run.folder.parent  # the shown run, which this window holds
    (tmp_path / "damaged" / "run").mkdir(parents=True)
    (tmp_path / "damaged" / "run" / "manifest.json").write_text("{}")
    whole = new_run_folder(tmp_path / "whole")
    list(exploring(Setup().changed(**SMALL), whole))
    for folder in (held, tmp_path / "damaged", tmp_path / "whole", tmp_path / "absent"):
        offer_unfinished(window.session, folder)
        qtbot.waitUntil(lambda: not window.session.lanes.running("offer"), timeout=LONG)
    assert offered == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed otherwise here")
def test_a_window_that_was_killed_offers_its_run_at_the_next_start(qtbot, tmp_path, monkeypatch):
    """All that it has shown is there, but at most the last keyframe; and what is there is what the setup gives."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    runs = tmp_path / "runs"
    script = Path(__file__).with_name("killed_window.py")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, script, runs], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        shown = 0
        while shown < 5:
            shown = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        shown = max([shown, *map(int, process.stdout.read().split())])
    (place,) = kept_runs(runs)
    window = build_window(Settings(folder=str(tmp_path)), runs)
    window.session.setup = Setup().changed(**SMALL)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG)
    assert re.search(r"cut short after [\d.]+\.\d of 400 epochs; its \d+ frames", window.banner.text.text())
    qtbot.waitUntil(lambda: window.session.run is not None, timeout=LONG)  # the first run plays meanwhile
    qtbot.mouseClick(window.banner.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.run.folder == place, timeout=LONG)
    settled(qtbot, window)
    run = window.session.run
    assert shown - 1 <= run.frames < 100 and window.session.unfinished
    again = itertools.islice(exploring(run.setup, engine=run.engine), run.frames)
    *_, last = again
    np.testing.assert_array_equal(run.thetas, last.run.thetas[: run.frames])
    window.close()


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
    kept = Settings(theme="light", folder="/somewhere", geometry="QUJD", docks="REVG", view="both", toured=True)
    kept.save()
    assert Settings.load() == kept
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
