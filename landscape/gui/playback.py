"""The time cursor: which step of the run is shown, and how it moves when playing.

The position is a step number. It may be fractional while playing, so that slow speeds are smooth and a slow view drops frames
instead of slowing time down.
"""

import time

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

FRAME_MS = 14  # so that a picture that comes a little late is still one of 60 a second
# At speed 1 a run plays in so many seconds, whatever its length.
SECONDS = 8.0
# What several starts have in common at one moment: as many gradient steps, or a loss as low as the leader's.
IN_STEP = {"step": "by step", "loss": "by loss"}
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)


class Playback(QObject):
    """Owns the shown step, playing or not, speed and loop. `frame_changed` carries the step number.

    While playing only recorded frames are shown; `step_passed` tells of the steps between them as well.
    """

    frame_changed = pyqtSignal(int)
    step_passed = pyqtSignal(int)
    playing_changed = pyqtSignal(bool)
    range_changed = pyqtSignal(int)
    in_step_changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: NDArray = np.zeros(1, np.int64)
        self._position = 0.0
        self._shown = 0
        self._passing = 0
        self._playing = False
        self._last_tick = 0.0
        self.in_step = "step"
        self.speed = 1.0
        self.loop = True
        self.following = False
        self.steps_per_epoch = 1
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def step(self) -> int:
        """The shown step."""
        return self._shown

    @property
    def passing(self) -> int:
        """The step at which time is, recorded or not: the shown one, or one on the way to the next."""
        return self._passing

    @property
    def last(self) -> int:
        """The last step that can be shown."""
        return int(self._steps[-1])

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return self._playing

    @property
    def by_loss(self) -> bool:
        """Whether the starts are kept in step by their loss."""
        return self.in_step == "loss"

    def set_steps(self, steps: NDArray) -> None:
        """The recorded frames' step numbers, whenever they have grown; following means staying at the end."""
        grown = len(steps) != len(self._steps) or steps[-1] != self._steps[-1]
        self._steps = steps
        if grown:
            self.range_changed.emit(self.last)
        if self.following or self._shown > self.last:
            self._go(self.last)

    def play(self) -> None:
        """Let time run; from the start again if it stands at the end."""
        if self._shown >= self.last and not self.following:
            self._go(0)
        self.following = False
        self._last_tick = time.monotonic()
        self._timer.start()
        self._set_playing(True)

    def pause(self) -> None:
        """Hold time, at the shown step."""
        self._timer.stop()
        if self._playing:
            self._go(self._shown)
        self._set_playing(False)

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self._playing else self.play()

    def seek(self, step: float) -> None:
        """Show a step and stop following the growing end."""
        self.following = False
        self._go(step)

    def jump(self, step: float) -> None:
        """Hold time and show a step."""
        self.pause()
        self.seek(step)

    def follow(self) -> None:
        """Stay at the end of a run that grows."""
        self.pause()
        self.following = True
        self._go(self.last)

    def move(self, unit: str, count: int) -> None:
        """Step by "step", "frame" or "epoch", back if count is negative."""
        self.pause()
        if unit == "frame":
            at = np.searchsorted(self._steps, self._shown, side="right" if count > 0 else "left")
            target = at + count - 1 if count > 0 else at + count
            self.seek(int(self._steps[np.clip(target, 0, len(self._steps) - 1)]))
        else:
            self.seek(self._shown + count * (self.steps_per_epoch if unit == "epoch" else 1))

    def keep_in_step(self, by: str) -> None:
        """Keep the starts in step by one of IN_STEP."""
        if by != self.in_step:
            self.in_step = by
            self.in_step_changed.emit()

    def advance(self, seconds: float) -> None:
        """Move on by so much time."""
        pace = max(self.last, 1) / SECONDS * self.speed
        position = self._position + seconds * pace
        if position > self.last:
            position = position % max(self.last, 1) if self.loop else float(self.last)
            if not self.loop:
                self.pause()
        # While playing, only recorded frames are shown: they need no replay.
        frame = int(self._steps[np.searchsorted(self._steps, position, side="right") - 1])
        self._go(frame, position)

    def _tick(self) -> None:
        now = time.monotonic()
        elapsed, self._last_tick = now - self._last_tick, now
        self.advance(elapsed)

    def _go(self, step: float, position: float | None = None) -> None:
        shown = int(np.clip(round(step), 0, self.last))
        self._position = float(shown) if position is None else position
        if shown != self._shown:
            self._shown = shown
            self.frame_changed.emit(shown)
        passing = int(np.clip(self._position, 0, self.last))
        if passing != self._passing:
            self._passing = passing
            self.step_passed.emit(passing)

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)
