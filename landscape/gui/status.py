"""The status bar: what runs now, how far it is, the time left, and a way to stop it."""

import time
from dataclasses import dataclass

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from landscape import compilation
from landscape.gui.session import Session

LANE_OF_TRAINING = "descent"
GAP = 6  # pixels between what stands in the bar
FIRST_ESTIMATE = 1.0  # seconds that are watched before anything is foretold


@dataclass(frozen=True)
class Sighting:
    """When an activity was first seen to be on its way (seconds), how far it was then, and which activity (`since`)."""

    since: float
    at: float
    done: float

    def left(self, done: float, now: float) -> float | None:
        """Seconds until all is done, at the pace since then; None as long as too little was seen."""
        gained, watched = done - self.done, now - self.at
        return watched * (1 - done) / gained if gained > 0 and watched > FIRST_ESTIMATE else None


class Parts(QLabel):
    """Clauses in a row, as many as there is room for: a narrow window cuts none in two, and its tooltip has them all.

    Only the first is cut, where not even that has room. Unless it is `greedy`, it wants no more room than its words.
    """

    def __init__(self, greedy: bool = False) -> None:
        super().__init__()
        self.parts: list[str] = []
        across = QSizePolicy.Policy.Ignored if greedy else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def show_parts(self, parts: list[str]) -> None:
        """Show these clauses."""
        if parts != self.parts:
            self.parts = parts
            self.setToolTip(" · ".join(parts))
            self._fill()
            self.updateGeometry()

    def _fill(self) -> None:
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        shown = len(self.parts)
        while shown > 1 and metrics.horizontalAdvance(" · ".join(self.parts[:shown])) > room:
            shown -= 1
        words = " · ".join(self.parts[:shown])
        self.setText(words if shown > 1 else metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room, 0)))

    def sizeHint(self) -> QSize:
        """Room for all."""
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(" · ".join(self.parts)) + margins.left() + margins.right() + 1
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It never keeps the window wide."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Another width, other clauses."""
        super().resizeEvent(event)
        self._fill()


class Status(QStatusBar):
    """Shows the session's activity."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sightings: dict[str, Sighting] = {}
        self._training = False
        self.setSizeGripEnabled(False)
        self.left = Parts(greedy=True)
        self.left.setContentsMargins(6, 0, 0, 0)
        self.addWidget(self.left, 1)
        self.activity = Parts()
        self.addPermanentWidget(self.activity)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(150)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.setToolTip("How far the work that has run longest is")
        self.addPermanentWidget(self.bar)
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Stops what runs; everything up to here is kept (Esc)")
        self.stop.clicked.connect(session.cancel)
        self.addPermanentWidget(self.stop)
        session.job_changed.connect(self.refresh)
        session.run_extended.connect(session.turns.soon(self._describe))
        session.surface_extended.connect(session.turns.soon(self._describe))
        self.messageChanged.connect(lambda _: self._make_room())
        self.refresh()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """A message may have room now, or none any more."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where a message has no room beside what tells how far the work is, it comes first: Stop alone stays beside it."""
        working = bool(self._session.activity)
        beside: tuple[QWidget, ...] = (self.activity, self.bar)
        taken = sum(widget.sizeHint().width() + 2 * GAP for widget in (*beside, self.stop))
        length = self.fontMetrics().horizontalAdvance(self.currentMessage())
        for widget in beside:
            widget.setVisible(working and (not length or length + taken + 2 * GAP < self.width()))
        self.stop.setVisible(working)

    def refresh(self) -> None:
        """What runs, the longest first."""
        working = self._session.activity
        began, self._training = not self._training and LANE_OF_TRAINING in working, LANE_OF_TRAINING in working
        if began:
            self.clearMessage()  # "Paused …" is no longer so
        waiting = compilation.status()
        if waiting and not self.currentMessage():
            self.showMessage(waiting, 2000)
        if not working:
            self._make_room()
            return
        lane, longest = min(working.items(), key=lambda each: each[1].since)
        text, done = longest.text, longest.done
        seconds = self._seconds_left(lane)
        left = "" if seconds is None else f" · {duration(seconds)} left"
        names = ", ".join(activity.text for activity in working.values() if activity is not longest)
        self.activity.show_parts([f"{text}{left}", *([names] if names else [])])
        self._make_room()
        # A progress bar paints itself, and with it all that waits in the window, before `setValue` returns: unless it may not.
        self.bar.setUpdatesEnabled(False)
        self.bar.setValue(round(done * 1000))
        self.bar.setUpdatesEnabled(True)

    def _seconds_left(self, lane: str) -> float | None:
        """By the pace at which it went while it was watched: a resumed descent begins in the middle."""
        activity, now = self._session.activity[lane], time.monotonic()
        seen = self._sightings.get(lane)
        if activity.done > 0 and (seen is None or seen.since != activity.since):
            seen = self._sightings[lane] = Sighting(activity.since, now, activity.done)
        return seen.left(activity.done, now) if seen is not None and seen.since == activity.since else None

    def _describe(self) -> None:
        run, surface = self._session.run, self._session.surface
        if run is None:
            return
        size = run.frames * run.K * run.net.P * 4 / 1e6
        digits = "digits missing" if run.missing else run.digits.source
        starts = "1 start" if run.K == 1 else f"{run.K} starts"
        parts = [digits, starts, f"{run.net.P:,} parameters", f"run on disk {size:,.0f} MB"]
        if surface is not None:
            parts.append(f"surface {len(surface.a)} × {len(surface.b)} on {surface.examples:,} digits")
        self.left.show_parts(parts)


def duration(seconds: float) -> str:
    """A time to come, as exactly as it can be known: "24 s", "12 min", "2.5 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
