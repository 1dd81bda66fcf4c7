"""The gradient arrows at the selected start: worked out beside the window, and shown for the very step that is shown, or not.

A full gradient takes longer than a frame of playback. So while time runs the frames ahead are worked out before they are
shown, and what was worked out once is kept for the next round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.plane import Plane
from landscape.run.run import CHECKPOINTS, Run
from landscape.run.step_arrows import DrawnArrows, StepArrows, step_arrows

if TYPE_CHECKING:
    from landscape.gui.session import Session

AHEAD = 8  # recorded frames that are worked out in one go while time runs
MOST_KEPT = 4000  # drawn arrows, some hundred bytes each
TICK_MS = 8


@dataclass(frozen=True, eq=False)
class _Found:
    """Arrows as drawn on the plane on which they were asked for, whose they are, and the vectors themselves."""

    run: Run
    drawn: DrawnArrows
    vectors: StepArrows


class Arrows(QObject):
    """Owns whether arrows are shown, and those of the shown moment; a part of the session.

    `current` is never that of another step, start or plane: while it is being worked out it is None.
    """

    changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.shown = False
        self.current: DrawnArrows | None = None
        self._known: dict[int, DrawnArrows] = {}  # by step: of one run, start and plane
        self._of: tuple[Run, int, Plane] | None = None
        self._last: StepArrows | None = None
        for moved in (session.moment_changed, session.plane_changed, session.selection_changed):
            moved.connect(self.follow)

    @property
    def impossible(self) -> bool:
        """Whether the shown run has no steps to show arrows of."""
        return self._session.run is not None and self._session.run.engine == CHECKPOINTS

    def toggle(self) -> None:
        """Show them, or no longer."""
        self.shown = not self.shown
        if not self.shown:
            self._session.lanes.cancel("arrows")
        elif self.impossible:
            self._session.told.emit(
                "This run was put together from model files: its gradients between them are not known."
            )
        self.changed.emit()
        self.follow()

    def follow(self, *_: object) -> None:
        """Time, start or plane has changed: show the arrows that belong there, or work them out."""
        session = self._session
        run, portrait, moment = session.run, session.portrait, session.moment
        if not self.shown or self.impossible or run is None or portrait is None or moment is None:
            self._show(None)
            return
        of = (run, session.selected, portrait.plane)
        if of != self._of:
            self._turn_to(of)
        step = moment.step
        if step not in self._known and self._last is not None and self._last.step == step:
            self._keep(self._last.on(portrait.plane))  # the plane has turned under the same vectors
        self._show(self._known.get(step))
        if not session.lanes.running("arrows"):
            self._work_ahead()

    def _turn_to(self, of: tuple[Run, int, Plane]) -> None:
        """Another run, start or plane: what is known is of no more use."""
        before, self._of = self._of, of
        self._known = {}
        self._session.lanes.cancel("arrows")
        if before is None or before[0] is not of[0] or before[1] != of[1]:
            self._last = None

    def _show(self, arrows: DrawnArrows | None) -> None:
        if arrows is not self.current:
            self.current = arrows
            self.changed.emit()

    def _keep(self, drawn: DrawnArrows) -> None:
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[drawn.step] = drawn

    def _work_ahead(self) -> None:
        """Begin with the shown step; while time runs, go on with the frames that come next."""
        session, moment = self._session, self._session.moment
        if self._of is None or moment is None or not self.shown:
            return
        run, start, plane = self._of
        wanted = [moment.step]
        if session.playback.playing:
            steps = run.steps
            wanted += np.roll(steps, -int(np.searchsorted(steps, moment.step, side="right"))).tolist()
        missing = list(dict.fromkeys(int(step) for step in wanted if int(step) not in self._known))[:AHEAD]
        if missing:
            work = partial(_working_out, run, start, plane, missing)
            session.lanes.start("arrows", "", work, self._take, self._work_ahead, tick_ms=TICK_MS)

    def _take(self, batch: list[_Found]) -> None:
        for found in batch:
            drawn = found.drawn
            if self._of is not None and (found.run, drawn.start, drawn.plane) == self._of:
                self._keep(drawn)
                self._last = found.vectors
        moment = self._session.moment
        if moment is not None and moment.step in self._known:
            self._show(self._known[moment.step])


def _working_out(run: Run, start: int, plane: Plane, steps: list[int]) -> Iterator[_Found]:
    for step in steps:
        vectors = step_arrows(run, start, step)
        yield _Found(run, vectors.on(plane), vectors)
