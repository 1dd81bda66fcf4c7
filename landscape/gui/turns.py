"""Redraws take turns: a slow one has an event of its own, so that the window can answer the hand between two of them.

Qt paints all views that were changed in one event together, however long that takes, and a view that is changed in two events
twice. So what is due for one view is done in one event, and what is due for another after the first has been painted.
"""

import time
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

TURN_MS = 1
QUICK_SECONDS = 0.0015  # a turn that was over sooner is followed by the next in the same event


class Turns(QObject):
    """Calls what is due, in the order asked for, one slow call a turn; what is asked for twice is called once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._due: dict[Callable[[], None], QObject | None] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._next)

    def soon(self, redraw: Callable[[], None], view: QObject | None = None) -> Callable[..., None]:
        """A slot, for a signal of any arguments, that has `redraw` called when its turn comes.

        view: what is painted after it, if that takes a while.
        """

        def ask(*_: object) -> None:
            self._due.setdefault(redraw, view)
            if not self._timer.isActive():
                self._timer.start()

        return ask

    def at_once(self, redraw: Callable[[], None], view: QObject) -> Callable[..., None]:
        """A slot that redraws at once, for what has to keep up with time; with the rest if more is due for the same view."""
        ask = self.soon(redraw, view)

        def draw(*_: object) -> None:
            if view in self._due.values():
                ask()
            else:
                redraw()

        return draw

    @property
    def due(self) -> bool:
        """Whether anything waits for its turn."""
        return bool(self._due)

    def stop(self) -> None:
        """Call nothing any more."""
        self._due.clear()
        self._timer.stop()

    def _next(self) -> None:
        begin, shown = time.perf_counter(), None
        while redraw := next((due for due, view in self._due.items() if shown in (None, view)), None):
            shown = self._due.pop(redraw) or shown
            redraw()
            if time.perf_counter() - begin > QUICK_SECONDS:
                break
        if not self._due:
            self._timer.stop()
