"""The status bar: what runs now, how far it is, the time left, and a way to stop it."""

import time
from dataclasses import dataclass

from PyQt6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from landscape import compilation
from landscape.gui.session import Session

LANE_OF_TRAINING = "descent"
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


class Status(QStatusBar):
    """Shows the session's activity."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sightings: dict[str, Sighting] = {}
        self._training = False
        self.setSizeGripEnabled(False)
        self.left = QLabel()
        self.left.setContentsMargins(6, 0, 0, 0)
        self.addWidget(self.left, 1)
        self.activity = QLabel()
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
        self.refresh()

    def refresh(self) -> None:
        """What runs, the longest first."""
        working = self._session.activity
        for widget in (self.activity, self.bar, self.stop):
            widget.setVisible(bool(working))
        began, self._training = not self._training and LANE_OF_TRAINING in working, LANE_OF_TRAINING in working
        if began:
            self.clearMessage()  # "Paused …" is no longer so
        waiting = compilation.status()
        if waiting and not self.currentMessage():
            self.showMessage(waiting, 2000)
        if not working:
            return
        lane, longest = min(working.items(), key=lambda each: each[1].since)
        text, done = longest.text, longest.done
        seconds = self._seconds_left(lane)
        left = "" if seconds is None else f" · {duration(seconds)} left"
        names = ", ".join(activity.text for activity in working.values() if activity is not longest)
        self.activity.setText(f"{text}{left}" + (f" · {names}" if names else ""))
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
        parts = [f"{digits} · {starts} · {run.net.P:,} parameters · run on disk {size:,.0f} MB"]
        if surface is not None:
            parts.append(f"surface {len(surface.a)} × {len(surface.b)} on {surface.examples:,} digits")
        self.left.setText(" · ".join(parts))


def duration(seconds: float) -> str:
    """A time to come, as exactly as it can be known: "24 s", "12 min", "2.5 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
