"""Words that keep the room they once needed, so that the map above them keeps its shape."""

import pytest
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from landscape.gui.steady import Steady

LINES = "a sentence that needs three lines " * 6


@pytest.fixture
def words(qtbot):
    """A page of a map and a sentence under it, as in the window."""
    page, frame, label = QWidget(), QFrame(), QLabel("short")
    label.setWordWrap(True)
    QHBoxLayout(frame).addWidget(label)
    column = QVBoxLayout(page)
    column.addWidget(QWidget(), 1)
    column.addWidget(frame)
    qtbot.addWidget(page)
    page.resize(400, 300)
    steady = Steady(frame)
    page.show()
    return page, frame, label, steady


def say(qtbot, frame, label, steady, text):
    label.setText(text)
    steady.settle()
    qtbot.waitUntil(lambda: frame.height() == max(frame.minimumHeight(), frame.heightForWidth(frame.width())))
    return frame.height()


def test_a_shorter_sentence_leaves_the_height(qtbot, words):
    _, frame, label, steady = words
    low = say(qtbot, frame, label, steady, "short")
    high = say(qtbot, frame, label, steady, LINES)
    assert high > low
    assert say(qtbot, frame, label, steady, "short") == high


def test_at_another_width_it_begins_anew(qtbot, words):
    page, frame, label, steady = words
    low = say(qtbot, frame, label, steady, "short")
    say(qtbot, frame, label, steady, LINES)
    label.setText("short")
    page.resize(500, 300)
    qtbot.waitUntil(lambda: frame.height() == low)


def test_the_map_keeps_its_shape_while_the_verdict_loses_and_regains_a_line(qtbot, window):
    verdict, shape = window.verdict, window.map.size()
    verdict.words.setText(LINES * 3)
    verdict._steady.settle()
    qtbot.waitUntil(lambda: window.map.size() != shape)
    shape = window.map.size()
    for _ in range(3):
        verdict.refresh()
        window.stage.parentWidget().layout().activate()
        assert window.map.size() == shape
