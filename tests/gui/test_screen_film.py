"""A film of what is on screen."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtWidgets import QFileDialog

from landscape.gui.commands.screen_film import LANE, FilmDialog, ScreenFilm, Wish
from tests.gui.conftest import LONG, settled


def filmed(qtbot, window, wish, path):
    """Film it, and wait until it is done."""
    ScreenFilm(window, wish, path)
    qtbot.waitUntil(lambda: not window.session.lanes.running(LANE), timeout=LONG)


def test_the_landscape_is_filmed_step_by_step_as_it_stands(qtbot, window, tmp_path):
    session = window.session
    session.playback.jump(3)
    settled(qtbot, window)
    shown, done = [], []
    session.playback.frame_changed.connect(shown.append)
    session.job_changed.connect(lambda: done.extend(a.done for lane, a in session.activity.items() if lane == LANE))
    folder = tmp_path / "pictures"
    wish = Wish("landscape", 0, 5, 1.0, "")
    assert wish.frames == 5
    filmed(qtbot, window, wish, folder)
    assert done == sorted(done) and any(0 < part < 1 for part in done)  # so that the status bar can tell
    files = sorted(folder.iterdir())
    assert len(files) == 5
    pictures = [np.asarray(Image.open(file)) for file in files]
    size = window.stage.size() * window.devicePixelRatioF()
    assert pictures[0].shape == (int(size.height()) // 2 * 2, int(size.width()) // 2 * 2, 3)
    assert all((one != other).any() for one, other in pairwise(pictures))
    steps = session.run.steps
    asked = [int(steps[at]) for at in np.linspace(0, len(steps) - 1, 5).round().astype(int)]
    assert shown[:6] == [int(steps[-1]), *asked]
    qtbot.waitUntil(lambda: session.playback.step == 3, timeout=LONG)  # time stands where it stood


def test_a_film_can_be_stopped_and_leaves_nothing(qtbot, window, tmp_path):
    path = tmp_path / "film.gif"
    path.write_bytes(b"an older film")
    gone, told = [], []
    window.session.told.connect(told.append)
    film = ScreenFilm(window, Wish("window", 0, 10, 60.0, ".gif"), path)
    qtbot.waitUntil(lambda: len(film._steps) < 590, timeout=LONG)
    assert "filming film.gif" in window.status.activity.text()
    window.session.cancel()
    film.destroyed.connect(lambda: gone.append(True))
    qtbot.waitUntil(lambda: bool(gone), timeout=LONG)
    assert path.read_bytes() == b"an older film"
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    assert told[-1] == "Cancelled: film.gif stays as it was before."


def test_the_dialog_asks_for_all_and_tells_what_it_makes(qtbot, window, tmp_path, monkeypatch):
    session = window.session
    session.playback.jump(session.playback.last // 2)
    dialog = FilmDialog(session.playback.step)
    qtbot.addWidget(dialog)
    dialog.fps.setValue(10)
    dialog.seconds.setValue(1.5)
    dialog.first.setCurrentIndex(1)
    dialog.ending.setCurrentIndex(1)
    assert "15 pictures" in dialog.count.text()
    assert dialog.wish == Wish("landscape", session.playback.step, 10, 1.5, ".gif")

    def accept(self):
        self.fps.setValue(4)
        self.seconds.setValue(1.0)
        self.part.setCurrentIndex(1)
        self.ending.setCurrentIndex(1)
        return FilmDialog.DialogCode.Accepted

    monkeypatch.setattr(FilmDialog, "exec", accept)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "screen"), ""))
    window.files.film_screen()
    qtbot.waitUntil((tmp_path / "screen.gif").exists, timeout=LONG)
    with Image.open(tmp_path / "screen.gif") as film:
        wide = window.inspect_dock.width() + window.stage.width()
        assert film.n_frames == 4
        assert film.size[0] == pytest.approx(wide * window.devicePixelRatioF(), abs=12)
    qtbot.waitUntil(lambda: not session.lanes.running(LANE), timeout=LONG)
