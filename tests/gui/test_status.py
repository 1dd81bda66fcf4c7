"""The status bar: progress, the time left, and a way to stop."""

from types import SimpleNamespace

import pytest
from PyQt6.QtCore import Qt

from landscape.gui import status
from landscape.gui.jobs import Activity
from landscape.gui.status import Sighting, duration
from tests.gui.conftest import LONG, settled


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (24.4, "24 s"), (89, "89 s"), (90, "2 min"), (12 * 60, "12 min"), (9_000, "2.5 h")],
)
def test_a_time_is_said_as_exactly_as_it_can_be_known(seconds, words):
    assert duration(seconds) == words


def test_what_is_left_is_foretold_by_the_pace_that_was_seen():
    assert Sighting(0.0, 10.0, 0.5).left(0.6, 12.0) == pytest.approx(8.0)  # a fifth of the rest took two seconds
    assert Sighting(0.0, 10.0, 0.5).left(0.5, 12.0) is None
    assert Sighting(0.0, 10.0, 0.5).left(0.6, 10.5) is None


def test_long_work_says_how_far_it_is_and_how_long_it_still_takes(window, monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(status, "time", SimpleNamespace(monotonic=lambda: clock.now))
    bar, activity = window.status, window.session.lanes.activity

    def say(now, **lanes):
        clock.now = now
        activity.update(lanes)
        bar.refresh()
        return " · ".join(bar.activity.parts)

    assert say(100.0, export=Activity("exporting a film", 0.0, 100.0)) == "exporting a film"
    assert say(102.0, export=Activity("exporting a film", 0.25, 100.0)) == "exporting a film"
    assert say(112.0, export=Activity("exporting a film", 0.5, 100.0)) == "exporting a film · 20 s left"
    assert bar.bar.value() == 500 and bar.bar.isVisible() and bar.stop.isVisible()
    short = {"export": Activity("exporting a film", 0.5, 100.0), "picture": Activity("drawing the surface", 0.1, 111.0)}
    assert say(112.0, **short) == "exporting a film · 20 s left · drawing the surface"
    del activity["picture"]
    # The next in that lane begins where its forerunner was held: what was done then is no measure of its pace.
    assert say(200.0, export=Activity("exporting on", 0.5, 200.0)) == "exporting on"
    assert say(210.0, export=Activity("exporting on", 0.6, 200.0)) == "exporting on · 40 s left"
    activity.clear()
    bar.refresh()
    assert not (bar.activity.isVisible() or bar.bar.isVisible() or bar.stop.isVisible())


def test_stop_stops_what_runs_and_what_was_said_before_gives_way(qtbot, window):
    session, bar = window.session, window.status
    session.train(session.setup.changed(descent={"epochs": 400}))
    qtbot.waitUntil(lambda: session.training and bar.bar.value() > 0, timeout=LONG)
    assert "training" in bar.activity.text()
    qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    assert not session.training and session.unfinished
    window.bar.pause.click()
    qtbot.waitUntil(lambda: session.training, timeout=LONG)
    session.pause_training()
    assert "Paused" in bar.currentMessage()
    session.resume_training()
    assert session.training and not bar.currentMessage()
    session.cancel()
    settled(qtbot, window)
