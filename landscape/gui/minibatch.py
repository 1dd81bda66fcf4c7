"""The surface that the mini-batch of the shown step sees: evaluated beside the window whenever time or the plane moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.plane import Plane
from landscape.run.run import Run
from landscape.surface import Surface, evaluate_batch

if TYPE_CHECKING:
    from landscape.gui.session import Session

MODES = {
    "off": "off",
    "beside": "beside the whole",
    "over": "over the whole",
    "minus": "minus the whole",
}
TICK_MS = 4


@dataclass(frozen=True, eq=False)
class BatchSurface:
    """The surface over one mini-batch, on the grid of the surface that is shown: that of update number `update`.

    `loss` (nb, na); `whole` is the surface it belongs to; `digits` is the batch's size.
    """

    loss: NDArray
    whole: Surface
    update: int
    digits: int
    start: int

    @property
    def words(self) -> str:
        """What it is, for a title."""
        return f"mini-batch of update {self.update:,}: {self.digits:,} digit{'s' if self.digits != 1 else ''}"


class Minibatch(QObject):
    """Owns how the mini-batch's surface is shown, and that surface; a part of the session."""

    changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.mode = "off"
        self.surface: BatchSurface | None = None
        self._wanted = False
        for moved in (session.moment_changed, session.surface_extended, session.selection_changed):
            moved.connect(self.follow)

    def choose(self, mode: str) -> None:
        """Show it in one of MODES."""
        if mode != self.mode:
            self.mode = mode
            self.surface = None
            self.changed.emit()
            self.follow()

    def next_mode(self) -> None:
        """The mode after this one."""
        names = list(MODES)
        self.choose(names[(names.index(self.mode) + 1) % len(names)])

    def follow(self, *_: object) -> None:
        """Time or the plane has moved: evaluate the surface of the batch that stands there now."""
        session = self._session
        run, surface, moment = session.run, session.surface, session.moment
        if self.mode == "off" or run is None or surface is None or moment is None:
            return
        if session.lanes.running("batch"):
            self._wanted = True
            return
        update = min(moment.step + 1, max(1, run.last_step))
        shown = self.surface
        if shown is not None and shown.whole is surface and (shown.update, shown.start) == (update, session.selected):
            return
        work = partial(_evaluating, run, surface, update, session.selected)
        session.lanes.start("batch", "", work, self._show, self._next, tick_ms=TICK_MS)

    def _show(self, batch: list[BatchSurface]) -> None:
        if self._session.surface is not None and batch[-1].whole.plane is self._session.surface.plane:
            self.surface = batch[-1]
            self.changed.emit()

    def _next(self) -> None:
        if self._wanted:
            self._wanted = False
            self.follow()


def _evaluating(run: Run, whole: Surface, update: int, start: int) -> Iterator[BatchSurface]:
    train = run.digits.train
    examples = run.batches.of_step(update, start)
    plane: Plane = whole.plane
    surface = evaluate_batch(run.net, plane, train.images, train.labels, examples, whole.a, whole.b)
    yield BatchSurface(surface.loss, whole, update, len(np.asarray(examples)), start)
