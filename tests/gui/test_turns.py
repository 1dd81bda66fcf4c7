"""Redraws take turns: slow ones one an event, each once, in the order asked for."""

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

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


def test_a_view_is_painted_once_with_all_that_is_due_for_it_before_the_next_ones_turn(qtbot, monkeypatch):
    monkeypatch.setattr("landscape.gui.turns.QUICK_SECONDS", 60.0)  # no call is slow
    happened = []

    class View(QWidget):
        def paintEvent(self, _):
            happened.append(f"{self.objectName()} painted")

    whole = QWidget()
    views = [View(whole), View(whole)]
    whole.resize(80, 40)
    for at, (name, view) in enumerate(zip(("first", "second"), views, strict=True)):
        view.setObjectName(name)
        view.setGeometry(40 * at, 0, 30, 30)
    qtbot.addWidget(whole)
    with qtbot.waitExposed(whole):
        whole.show()
    qtbot.waitUntil(lambda: len(happened) >= 2)
    happened.clear()
    turns = Turns(whole)

    def redraw(view):
        happened.append(f"{view.objectName()} changed")
        view.update()

    for view in views * 2:
        turns.soon(lambda view=view: redraw(view), view=view)()
    qtbot.waitUntil(lambda: len(happened) == 6)
    assert happened == [f"{name} {what}" for name in ("first", "second") for what in ("changed", "changed", "painted")]


def test_what_keeps_up_with_time_is_drawn_at_once_or_with_what_is_due_for_its_view(qtbot):
    owner, view, calls = QObject(), QObject(), []
    turns = Turns(owner)
    moment = turns.at_once(lambda: calls.append("moment"), view=view)
    moment()
    assert calls == ["moment"] and not turns.due
    turns.soon(lambda: calls.append("another view"), view=QObject(owner))()
    turns.soon(lambda: calls.append("surface"), view=view)()
    moment()
    assert calls == ["moment"]
    qtbot.waitUntil(lambda: not turns.due)
    assert calls == ["moment", "another view", "surface", "moment"]
