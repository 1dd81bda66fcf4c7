"""The microscope: the update that begins at the shown step, taken apart beside the window, and which of its stages is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape.errors import LandscapeError
from landscape.plane import Plane
from landscape.run.dissection import STAGES, Dissection, dissect
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session

# How long time must rest before a step is taken apart; while it runs, one is looked at this often: each is drawn in 10 ms.
REST_MS, RUNNING_MS = 30, 100
TICK_MS = 8


@dataclass(frozen=True, eq=False)
class Marks:
    """A stage on the landscape, in coordinates (a, b): where the update begins and ends, and the tip of the way down.

    `downhill` is where a plain step against the mini-batch's gradient, at this learning rate, would lead.
    """

    stage: str
    words: str
    before: NDArray
    after: NDArray
    downhill: NDArray

    @property
    def arrow(self) -> tuple[str, NDArray | None]:
        """What to write at the point, and where the stage's arrow ends (2,), if it has one."""
        if self.stage == "backward":
            return "−gradient", self.downhill
        return self.words, self.after if self.stage == "update" else None


class Microscope(QObject):
    """Owns the dissected update, the stage, the example and the weight that are looked at; a part of the session.

    It works only while somebody watches. `found` belongs to the update before the newest wish for some milliseconds.
    """

    changed = pyqtSignal()
    stage_changed = pyqtSignal()
    choice_changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._watched = False
        self.stage = 0
        self.example = 0
        self.weight: tuple[int, int, int] | None = None
        self.found: Dissection | None = None
        self.problem = ""
        self._marks: tuple[Dissection, Plane, NDArray] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._look)
        session.run_started.connect(self._forget)
        for moved in (session.moment_changed, session.selection_changed, session.playback.frame_changed):
            moved.connect(self.follow)
        session.run_extended.connect(self.follow)
        session.playback.playing_changed.connect(self.follow)

    def watch(self, watched: bool) -> None:
        """Begin or cease to work: the page is seen, or not."""
        self._watched = watched
        if watched:
            self.follow()
        self.stage_changed.emit()

    @property
    def update(self) -> int:
        """The number of the update that begins at the shown step; at the run's end its last one, 0 if there is none."""
        run = self._session.run
        return min(self._session.playback.step + 1, run.last_step) if run is not None and run.frames else 0

    @property
    def can_go_on(self) -> bool:
        """Whether a stage follows."""
        run = self._session.run
        return self.stage < len(STAGES) - 1 or (run is not None and 0 < self.update < run.last_step)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a stage before."""
        return self.stage > 0 or self.update > 1

    def show_stage(self, stage: int) -> None:
        """Look at one of the four stages, 0 to 3."""
        if stage != self.stage and 0 <= stage < len(STAGES):
            self.stage = stage
            self.stage_changed.emit()

    def go_on(self) -> None:
        """The next stage; after the last one, the first of the next update: time moves on by a step."""
        if self.stage < len(STAGES) - 1:
            self.show_stage(self.stage + 1)
        elif self.can_go_on:
            update = self.update
            self.show_stage(0)
            self._session.playback.jump(update)

    def go_back(self) -> None:
        """The stage before; before the first one, the last of the update before."""
        if self.stage > 0:
            self.show_stage(self.stage - 1)
        elif self.can_go_back:
            update = self.update
            self.show_stage(len(STAGES) - 1)
            self._session.playback.jump(update - 2)

    def choose_example(self, example: int) -> None:
        """Look closely at one example of the mini-batch."""
        if self.found is not None and 0 <= example < len(self.found.labels) and example != self.example:
            self.example = example
            self.choice_changed.emit()

    def choose_weight(self, layer: int, row: int, column: int) -> None:
        """Look closely at one weight, or at a bias (row n_in)."""
        if self.found is not None and (layer, row, column) != self.weight:
            self.found.place(layer, row, column)
            self.weight = (layer, row, column)
            self.choice_changed.emit()

    def follow(self, *_: object) -> None:
        """Time or the selection has moved: take that update apart, once it rests."""
        if self._watched and not self._rest.isActive():
            playback = self._session.playback
            self._rest.start(RUNNING_MS if playback.playing or playback.following else REST_MS)

    def _look(self) -> None:
        run, start, update = self._session.run, self._session.selected, self.update
        if run is None or update < 1 or not self._watched:
            return
        if self._session.lanes.running("step"):
            self.follow()
            return
        found = self.found
        if found is None or (found.n, found.start, found.last) != (update, start, run.last_step):
            self._session.lanes.start("step", "", partial(_dissecting, run, start, update), self._show, tick_ms=TICK_MS)

    def _show(self, batch: list[Dissection | str]) -> None:
        last = batch[-1]
        self.problem = last if isinstance(last, str) else ""
        self.found = None if isinstance(last, str) else last
        if self.found is not None:
            self.example = min(self.example, len(self.found.labels) - 1)
            if self.weight is None:
                self.weight = _steepest(self.found)
        self.changed.emit()
        self.follow_if_late()

    def follow_if_late(self) -> None:
        """Look again if time has moved on meanwhile."""
        found = self.found
        if found is not None and (found.n, found.start) != (self.update, self._session.selected):
            self.follow()

    def _forget(self) -> None:
        self._session.lanes.cancel("step")  # of the run before: its weights may not exist in this one
        self.found, self.problem, self.weight, self.example = None, "", None, 0
        self.changed.emit()
        self.follow()

    @property
    def marks(self) -> Marks | None:
        """The shown stage on the shown plane; None while nobody watches."""
        found, portrait = self.found, self._session.portrait
        if not self._watched or found is None or portrait is None or portrait.plane.P != found.net.P:
            return None
        plane = portrait.plane
        if self._marks is None or self._marks[0] is not found or self._marks[1] is not plane:
            # The way is short beside θ: projected as a difference from it, in float64, it keeps its digits.
            theta = found.theta.astype(np.float64)
            ways = np.stack([found.recorded - theta, -found.rate * found.gradient.astype(np.float64)])
            spots, _ = plane.project(np.stack([theta, *(theta + ways)]))
            self._marks = found, plane, spots
        words = {"loss": f"loss {found.loss:.3g}", "update": f"update {found.n:,}"}
        stage = STAGES[self.stage]
        return Marks(stage, words.get(stage, stage), *self._marks[2])


def _dissecting(run: Run, start: int, update: int) -> Iterator[Dissection | str]:
    """The update taken apart, or the sentence why it can't be: a start that has ended is no failure."""
    try:
        yield dissect(run, start, update)
    except LandscapeError as error:
        yield str(error)


def _steepest(found: Dissection) -> tuple[int, int, int]:
    """The first layer's weight with the largest gradient: something is to be seen there."""
    weights, _ = found.net.layout[0]
    row, column = divmod(int(np.abs(found.gradient[weights]).argmax()), found.net.layer_shapes[0][1])
    return 0, row, column
