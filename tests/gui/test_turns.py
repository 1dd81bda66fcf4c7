"""Redraws take turns: slow ones one an event, each once, in the order asked for."""

from PyQt6.QtCore import QObject, QTimer

from landscape.gui.turns import Turns


def test_what_is_due_is_called_once_each_and_slow_calls_in_an_event_of_their_own(qtbot, monkeypatch):
    monkeypatch.setattr("landscape.gui.turns.QUICK_SECONDS", 0.0)  # every call is slow
    owner, calls, beats = QObject(), [], []
    turns = Turns(owner)
    heart = QTimer(owner)
    heart.timeout.connect(lambda: beats.append(list(calls)))
    heart.start(0)
    first, second = turns.soon(lambda: calls.append("first")), turns.soon(lambda: calls.append("second"))
    first()
    second(1, "any arguments")
    first()
    assert calls == [] and turns.due
    qtbot.waitUntil(lambda: not turns.due)
    assert calls == ["first", "second"]
    assert ["first"] in beats  # other events came between the two


def test_quick_calls_share_an_event(qtbot, monkeypatch):
    monkeypatch.setattr("landscape.gui.turns.QUICK_SECONDS", 60.0)
    owner, calls = QObject(), []
    turns = Turns(owner)
    first, second = turns.soon(lambda: calls.append("first")), turns.soon(lambda: calls.append("second"))
    second()
    first()
    turns._next()
    assert calls == ["second", "first"] and not turns.due


def test_after_stop_nothing_is_called(qtbot):
    owner, calls = QObject(), []
    turns = Turns(owner)
    turns.soon(lambda: calls.append(1))()
    turns.stop()
    waited = []
    QTimer.singleShot(40, lambda: waited.append(1))
    qtbot.waitUntil(lambda: bool(waited))
    assert calls == []
