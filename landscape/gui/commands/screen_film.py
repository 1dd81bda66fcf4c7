"""A film of what is on screen: the views are shown step after step, grabbed as they stand, and written beside the window."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QPoint, QRect, QTimer
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QGraphicsView,
    QLabel,
    QSpinBox,
    QWidget,
)

from landscape.export.film import MOST_FRAMES
from landscape.export.provenance import Provenance
from landscape.export.screen_film import recording

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

PARTS = {"landscape": "the landscape", "pages": "landscape and the page beside it", "window": "the whole window"}
FORMATS = {".mp4": "MP4 film", ".gif": "GIF film", "": "PNG pictures in a folder"}
LANE = "film"
GRAB_MS = 5
PATIENCE = 1.5  # seconds that are waited for what is worked out for a step (arrows, the mini-batch's surface)
AHEAD = 3  # pictures grabbed before they are written
WAIT = 0.03  # seconds: the worker's patience, after which it looks whether it was stopped


@dataclass(frozen=True)
class Wish:
    """What is filmed: a part of the window, from which step, so many pictures a second, so long, in which format."""

    part: str
    first: int
    fps: int
    seconds: float
    ending: str

    @property
    def frames(self) -> int:
        """How many pictures that makes."""
        return int(np.clip(round(self.fps * self.seconds), 2, MOST_FRAMES))


class FilmDialog(QDialog):
    """Asks for all that at once."""

    def __init__(self, shown_step: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Film of what is on screen")
        self._shown_step = shown_step
        form = QFormLayout(self)
        words = QLabel(
            "Time runs from the first to the last step, and the window is filmed as it stands: its views, plane, theme and size. "
            "Arrange it first; leave it alone while it is filmed."
        )
        words.setWordWrap(True)
        form.addRow(words)
        self.part, self.first, self.ending = QComboBox(), QComboBox(), QComboBox()
        for key, text in PARTS.items():
            self.part.addItem(text, key)
        self.first.addItem("the beginning of the run", 0)
        if shown_step:
            self.first.addItem(f"the shown step, {shown_step:,}", shown_step)
        for key, text in FORMATS.items():
            self.ending.addItem(text, key)
        self.fps, self.seconds = QSpinBox(), QDoubleSpinBox()
        self.fps.setRange(1, 50)
        self.fps.setValue(20)
        self.seconds.setRange(0.5, 120)
        self.seconds.setDecimals(1)
        self.seconds.setValue(8)
        self.seconds.setSuffix(" s")
        self.count = QLabel()
        for name, field, tip in (
            ("Show", self.part, "Which part of the window is filmed"),
            ("From", self.first, "The step with which the film begins; it ends with the last one"),
            ("Pictures a second", self.fps, "How many pictures the film shows in a second"),
            ("Length", self.seconds, "How long the film lasts, in seconds"),
            ("As", self.ending, "MP4 is small and sharp; GIF moves in any slide or page; PNG is for your own cutting"),
        ):
            field.setToolTip(tip)
            field.setAccessibleName(name)
            form.addRow(name, field)
        form.addRow(self.count)
        for changed in (self.fps.valueChanged, self.seconds.valueChanged):
            changed.connect(lambda _: self._tell())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._tell()

    def _tell(self) -> None:
        self.count.setText(f"{self.wish.frames:,} pictures, each of a recorded frame of the run.")

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        return Wish(
            self.part.currentData(),
            self.first.currentData(),
            self.fps.value(),
            self.seconds.value(),
            self.ending.currentData(),
        )


class ScreenFilm(QObject):
    """Shows step after step and grabs the window, one picture an event; a job writes them meanwhile.

    It ends by itself, when its job is stopped, or when another run is shown. Then time stands where it stood before.
    """

    def __init__(self, window: MainWindow, wish: Wish, path: Path) -> None:
        super().__init__(window)
        self._window, self._session, self._wish = window, window.session, wish
        run = window.session.run
        assert run is not None
        self._run = run
        recorded = run.steps[run.steps >= wish.first]
        at = np.linspace(0, len(recorded) - 1, wish.frames).round().astype(int)
        # The last one first: the sample from which a GIF takes its colours.
        self._steps = [int(step) for step in (recorded[-1], *recorded[at])]
        self._pictures: SimpleQueue[NDArray] = SimpleQueue()
        self._begun_at = window.session.playback.step
        self._size: tuple[int, int] | None = None
        self._asked = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(GRAB_MS)
        self._timer.timeout.connect(self._grab)
        self._begin(path)

    def _begin(self, path: Path) -> None:
        provenance = Provenance.of(self._run, "A film of the window")
        work = partial(recording, path, self._wish.frames, self._take, self._wish.fps, provenance)
        told = f"Filmed {path.name}: {self._wish.frames:,} pictures"
        self._session.playback.pause()
        self._window.stage.be_filmed(True)
        self._show(self._steps[0])
        self._session.outbox.write(LANE, f"filming {path.name}", work, path, told)
        self._timer.start()

    def _take(self) -> NDArray | None:
        """The next picture, for the worker; None if there is none yet."""
        try:
            return self._pictures.get(timeout=WAIT)
        except Empty:
            return None

    def _show(self, step: int) -> None:
        self._asked = time.monotonic()
        self._session.playback.seek(step)

    def _grab(self) -> None:
        """Grab the picture if it stands, and go on to the next step."""
        session = self._session
        if not session.lanes.running(LANE) or session.run is not self._run:
            self._end()
        elif not self._steps:
            pass  # the worker writes what it has
        elif self._pictures.qsize() < AHEAD and self._stands(self._steps[0]):
            self._pictures.put(self._picture())
            self._steps.pop(0)
            if self._steps:
                self._show(self._steps[0])

    def _stands(self, step: int) -> bool:
        """Whether everything that is shown belongs to the step: or all that came of it in good time."""
        session = self._session
        if session.playback.step != step:
            self._show(step)  # somebody has moved time meanwhile
            return False
        moment = session.moment
        if moment is None or moment.step != step or session.turns.due:
            return False
        busy = any(session.lanes.running(lane) for lane in ("batch", "arrows", "step"))
        return not busy or time.monotonic() - self._asked > PATIENCE

    def _picture(self) -> NDArray:
        """The chosen part of the window as it stands, (height, width, 3) uint8."""
        window = self._window
        parts: list[QWidget] = [window] if self._wish.part == "window" else [window.stage]
        if self._wish.part == "pages" and window.inspect_dock.isVisible():
            parts.append(window.inspect_dock)
        room = QRect()
        for part in parts:
            room = room.united(QRect(part.mapTo(window, QPoint(0, 0)), part.size()))
        image = window.grab(room).toImage().convertToFormat(QImage.Format.Format_RGB888)
        for view in window.findChildren(QGraphicsView):
            if (port := view.viewport()) is not None:
                port.update()  # it takes what was grabbed for what is on the screen
        if self._size is None:
            self._size = image.width(), image.height()
        elif (image.width(), image.height()) != self._size:  # the window was resized meanwhile
            image = image.scaled(*self._size)
        memory = image.constBits()
        assert memory is not None
        rows = np.frombuffer(memory.asstring(image.sizeInBytes()), np.uint8).reshape(image.height(), -1)
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()

    def _end(self) -> None:
        self._timer.stop()
        self._window.stage.be_filmed(False)
        if self._session.run is not self._run:
            self._session.lanes.cancel(LANE)
        else:
            self._session.playback.seek(self._begun_at)
        self.deleteLater()
