"""A real window on a small, quick run; every test waits for conditions, never for time."""

import pytest
from PyQt6.QtCore import QTimer

from landscape.gui.app import build_window
from landscape.gui.settings import Settings
from landscape.run.setup import Setup

SMALL = {"network": {"sizes": (784, 6, 10)}, "descent": {"epochs": 1, "batch_size": 100}, "data": {"examples": 300}}
LONG = 60_000  # milliseconds: a bound for a hanging machine, not a wait


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    """The window with the small setup, its first run finished and drawn, at step 0."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    window = build_window(Settings(folder=str(tmp_path)), tmp_path / "runs")
    window.session.setup = Setup().changed(**SMALL)
    window.session.picture.chosen = True  # the usual plane, though it holds little of so short a run
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    settled(qtbot, window)
    window.session.playback.pause()
    window.session.playback.jump(0)  # it has begun to play: a slow machine is some steps on by now
    settled(qtbot, window)
    yield window
    window.close()


def settled(qtbot, window):
    """Wait until nothing runs any more and the surface is whole."""
    session = window.session

    def quiet():
        assert session.run is not None
        assert session.lanes.idle and not session.activity
        assert session.surface is not None and session.surface.complete
        assert session.surface.plane is session.portrait.plane
        assert session.portrait.frames == session.run.frames
        assert not session.turns.due

    qtbot.waitUntil(quiet, timeout=LONG)


@pytest.fixture(autouse=True)
def _no_stray_threads():
    """A test that leaves a job's thread behind fails."""
    yield
    import sys
    import threading
    import traceback

    frames = sys._current_frames()
    left = [thread.ident for thread in threading.enumerate() if thread.name == "landscape-job"]
    assert not left, "\n".join("".join(traceback.format_stack(frames[thread])) for thread in left if thread in frames)


def activate(qtbot, widget):
    """Give a window the keys, as a window manager would."""
    with qtbot.waitActive(widget):
        widget.activateWindow()


def soon(act):
    """Call something from the event loop, such as an answer to a dialog that is about to open."""
    QTimer.singleShot(0, act)
