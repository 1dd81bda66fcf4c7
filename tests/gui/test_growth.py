"""A window that is used for long does not grow: moves of the cursor and changes of the plane leave no objects behind."""

import gc
import sys
from collections import Counter

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication

from tests.gui.conftest import LONG, settled

MOVES, PLANES = 250, 20
OURS = ("landscape.", "pyqtgraph.")


def standing(window):
    """How many objects there are: Qt's under the window, items in its plots, and Python's by type."""
    QApplication.sendPostedEvents(None, 52)  # deferred deletions
    for _ in range(3):
        gc.collect()
    kinds = Counter(
        f"{type(thing).__module__}.{type(thing).__qualname__}"
        for thing in gc.get_objects()
        if str(type(thing).__module__).startswith(OURS)
    )
    counts = dict(kinds)
    counts["qt objects"] = len(window.findChildren(QObject))
    counts["items on the map"] = len(window.map.plot.scene().items())
    return counts


def grown(before, after, allowed):
    """What there is more of than before, by more than a few that come and go."""
    return {
        name: (before.get(name, 0), count) for name, count in after.items() if count - before.get(name, 0) > allowed
    }


def move(qtbot, window, times):
    playback = window.session.playback
    for number in range(times):
        playback.jump(number * 7 % (playback.last + 1))
        QApplication.processEvents()  # each move is painted
        if number % 50 == 0:
            qtbot.waitUntil(lambda: not window.session.turns.due, timeout=LONG)
    settled(qtbot, window)


def change_planes(qtbot, window, times):
    names = ("starts", "filter", "random", "layer")
    for number in range(times):
        window.session.picture.choose_plane(names[number % len(names)])
        qtbot.waitUntil(lambda: not window.session.lanes.running("picture"), timeout=LONG)
    settled(qtbot, window)


def test_moves_of_the_cursor_and_other_planes_leave_nothing_behind(qtbot, window):
    assert "landscape.gui.session" in sys.modules
    move(qtbot, window, 20)
    change_planes(qtbot, window, 4)
    before = standing(window)
    blocks = sys.getallocatedblocks()
    move(qtbot, window, MOVES)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 2 * MOVES  # what the collector does not know of would show here
    more = grown(before, standing(window), allowed=12)
    assert not more, more
    change_planes(qtbot, window, PLANES)
    more = grown(before, standing(window), allowed=12)
    assert not more, more
