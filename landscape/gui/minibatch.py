"""The surface that the mini-batch of each gradient step sees: evaluated beside the window as time or the plane moves.

A worker waits for wishes and answers the newest one, so that nothing piles up; when none has come for a while, it leaves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.run.run import CHECKPOINTS, Run
from landscape.surface import Surface, evaluate_batch

if TYPE_CHECKING:
    from landscape.gui.session import Session

MODES = {
    "off": "off",
    "beside": "beside the whole",
    "over": "over the whole",
    "minus": "minus the whole",
}
TICK_MS = 2
IDLE_SECONDS = 0.05  # a worker without wishes leaves: while time runs, they come more often


@dataclass(frozen=True, eq=False)
class BatchSurface:
    """The surface over one mini-batch, on the grid of the surface that is shown: that of update number `update`.

    `heights` (nb, na) are in the measure of `whole`, which is the surface it belongs to; `digits` is the batch's size.
    """

    heights: NDArray
    whole: Surface
    update: int
    digits: int
    start: int

    @property
    def words(self) -> str:
        """What it is, for a title."""
        return f"mini-batch of update {self.update:,}: {self.digits:,} digit{'s' if self.digits != 1 else ''}"


@dataclass(frozen=True, eq=False)
class Wish:
    """A mini-batch whose surface is wanted: that of update number `update` of a start, on the grid of `whole`."""

    run: Run
    whole: Surface
    update: int
    start: int

    def surface(self) -> BatchSurface:
        """The surface that it sees."""
        run, whole = self.run, self.whole
        train = run.digits.train
        examples = run.batches.of_step(self.update, self.start)
        metrics = ("loss",) if whole.measure is None or whole.measure.quantity == "loss" else ("loss", "accuracy")
        digits = train.images, train.labels, examples
        surface = evaluate_batch(run.net, whole.plane, *digits, whole.a, whole.b, metrics, whole.l2)
        heights = replace(surface, measure=whole.measure).heights
        return BatchSurface(heights, whole, self.update, len(np.asarray(examples)), self.start)


class Minibatch(QObject):
    """Owns how the mini-batch's surface is shown, and that surface; a part of the session.

    `changed` tells of another surface, or of none; `mode_changed` of another way to show it.
    """

    changed = pyqtSignal()
    mode_changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.mode = "off"
        self.surface: BatchSurface | None = None
        self._wished: Wish | None = None
        self._wishes: SimpleQueue[Wish] = SimpleQueue()
        for moved in (
            session.moment_changed,
            session.surface_extended,
            session.selection_changed,
            session.playback.step_passed,
        ):
            moved.connect(self.follow)

    def choose(self, mode: str) -> None:
        """Show it in one of MODES."""
        if mode != "off" and self._unknown():
            self._session.told.emit("This run was put together from model files: its mini-batches are not known.")
            mode = "off"
            self.mode_changed.emit()  # whoever asked goes back to "off"
        if mode != self.mode:
            self.mode = mode
            self.surface = self._wished = None
            self.mode_changed.emit()
            self.changed.emit()
            self.follow()

    def next_mode(self) -> None:
        """The mode after this one."""
        names = list(MODES)
        self.choose(names[(names.index(self.mode) + 1) % len(names)])

    def follow(self, *_: object) -> None:
        """Time or the plane has moved: wish for the surface of the batch that stands there now."""
        session = self._session
        run, surface = session.run, session.surface
        if self.mode == "off" or run is None or surface is None or session.moment is None:
            return
        differs = (
            surface.measure is not None and surface.measure.differs
        )  # a batch is no difference: nothing to compare
        if self._unknown() or differs:
            self.choose("off")
            return
        update = min(session.playback.passing + 1, max(1, run.last_step))
        wish, before = Wish(run, surface, update, session.selected), self._wished
        if before is not None and before.whole is surface and (before.update, before.start) == (update, wish.start):
            return
        self._wished = wish
        self._wishes.put(wish)
        if not session.lanes.running("batch"):
            self._begin()

    def _unknown(self) -> bool:
        return self._session.run is not None and self._session.run.engine == CHECKPOINTS

    def _begin(self) -> None:
        work = partial(_answering, self._wishes)
        self._session.lanes.start("batch", "", work, self._show, self._left, tick_ms=TICK_MS)

    def _show(self, batch: list[BatchSurface]) -> None:
        whole = self._session.surface
        if self.mode != "off" and whole is not None and batch[-1].whole.plane is whole.plane:
            self.surface = batch[-1]
            self.changed.emit()

    def _left(self) -> None:
        if not self._wishes.empty():  # it came when the worker was already on its way out
            self._begin()


def _answering(wishes: SimpleQueue[Wish]) -> Iterator[BatchSurface]:
    """The surface of the newest wish, again and again, until none comes any more."""
    while True:
        try:
            wish = wishes.get(timeout=IDLE_SECONDS)
        except Empty:
            return
        while not wishes.empty():
            wish = wishes.get()
        yield wish.surface()
