"""The status bar: what runs now, how far it is, the time left, and a way to stop it."""

import time

from PyQt6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from landscape import compilation
from landscape.gui.session import Session


class Status(QStatusBar):
    """Shows the session's activity."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
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
        waiting = compilation.status()
        if waiting and not self.currentMessage():
            self.showMessage(waiting, 2000)
        if not working:
            return
        longest = min(working.values(), key=lambda activity: activity.since)
        text, done = longest.text, longest.done
        left = ""
        elapsed = time.monotonic() - longest.since
        if done > 0.02 and elapsed > 1:
            left = f" · {elapsed * (1 - done) / done:.0f} s left"
        names = ", ".join(activity.text for activity in working.values() if activity is not longest)
        self.activity.setText(f"{text}{left}" + (f" · {names}" if names else ""))
        # A progress bar paints itself, and with it all that waits in the window, before `setValue` returns: unless it may not.
        self.bar.setUpdatesEnabled(False)
        self.bar.setValue(round(done * 1000))
        self.bar.setUpdatesEnabled(True)

    def _describe(self) -> None:
        run, surface = self._session.run, self._session.surface
        if run is None:
            return
        size = run.frames * run.K * run.net.P * 4 / 2**20
        digits = "digits missing" if run.missing else run.digits.source
        starts = "1 start" if run.K == 1 else f"{run.K} starts"
        parts = [f"{digits} · {starts} · {run.net.P:,} parameters · run on disk {size:,.0f} MB"]
        if surface is not None:
            parts.append(f"surface {len(surface.a)} × {len(surface.b)} on {surface.examples:,} digits")
        self.left.setText(" · ".join(parts))
