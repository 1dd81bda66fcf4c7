"""Descents: begun, held, taken up again, from the best point or from one that was chosen."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer

from landscape import compilation
from landscape.errors import LandscapeError
from landscape.gui.settings import new_run_folder
from landscape.model import save_model
from landscape.run.exploration import Explored, exploring, go_on
from landscape.run.kept_plane import KeptPlane, keep_plane
from landscape.run.run import Run
from landscape.run.setup import Setup

if TYPE_CHECKING:
    from landscape.gui.session import Session

REDRAW_MS = 90
# Under this name is kept the plane on which a run's start was chosen.
AS_BEFORE = "where it was begun"


class Descents(QObject):
    """Writes the shown run in the lane "descent", and tells the session's listeners as it grows; a part of the session."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._after_run: Callable[[], None] | None = None
        # While a run grows, views are told of it some times a second only: each telling redraws paths and curves.
        self._extended = QTimer(self)
        self._extended.setSingleShot(True)
        self._extended.setInterval(REDRAW_MS)
        self._extended.timeout.connect(self._tell)
        session.lanes.left.connect(self._left)

    def stop(self) -> None:
        """The window closes."""
        self._extended.stop()

    @property
    def training(self) -> bool:
        """Whether a run is growing."""
        return self._session.lanes.running("descent")

    @property
    def unfinished(self) -> bool:
        """Whether the run could go on to the epochs of its setup."""
        run = self._session.run
        return run is not None and not self.training and run.unfinished

    # --- beginning and holding ----------------------------------------------------------------------------------------

    def train(
        self,
        setup: Setup | None = None,
        then: Callable[[], None] | None = None,
        stay: KeptPlane | None = None,
        like: Run | None = None,
    ) -> None:
        """Begin a new run; `then` is called when it has ended by itself. It is drawn on the plane `stay`, if one is
        given, and begins at the very starts of the run `like`."""
        session = self._session
        session.change_setup(setup or session.setup)
        self._after_run = then
        session.playback.pause()
        folder = new_run_folder(session.runs_folder)
        if folder is not None:
            session.holding.take(folder)
        # The record says which steps it was made with, so that every replay takes the same.
        engine = "plain" if compilation.plain_path_serves() else "fast"
        self._descend(partial(_exploring_on, stay, session.setup, folder, engine, like), stay)
        if folder is None:
            session.told.emit(
                f"{session.runs_folder} can't be written: this run is lost when the window closes; save it."
            )

    def pause(self) -> None:
        """Hold the descent; every recorded frame stays, and `resume` goes on from the last."""
        if self.training:
            self._session.lanes.cancel("descent")
            self._session.told.emit("Paused. Everything up to here is kept; Resume goes on from here.")
            self.end()

    def resume(self, more_epochs: float = 0.0) -> None:
        """Go on with a paused run, or with a finished one for more epochs."""
        session, run = self._session, self._session.run
        if run is None or self.training:
            return
        if not session.holding.take(run.folder):
            session.failed.emit(
                "another window is at this run: go on with it there, or save it here and open that file"
            )
            return
        session.playback.follow()
        epochs = run.setup.descent.epochs + more_epochs if more_epochs else None
        self._descend(partial(go_on, run, epochs))

    def go_on_from_best(self) -> None:
        """A new run whose middle is the best point so far."""
        if self._session.best is not None:
            self._begin_at(self._session.best.theta, "best", {})

    def descend_from(self, a: float, b: float) -> None:
        """A new run whose only start is a point of the shown plane; that plane stays the one that is drawn."""
        run, portrait = self._session.run, self._session.portrait
        if run is None or portrait is None:
            return
        window = self._session.picture.extent_shown()
        shown = KeptPlane(AS_BEFORE, portrait.plane, extent=(window.a, window.b))
        stay = None if run.setup.descent.in_plane else shown  # an in-plane descent needs the plane of its own start
        self._begin_at(portrait.plane.point(a, b).astype(np.float32), "points", {"starts": {"kind": "point"}}, stay)

    def descend_from_point(self) -> None:
        """The same from the point that was chosen with a click."""
        spot = self._session.subjects.spot()
        if spot is None:
            self._session.told.emit("Click a point of the landscape first: Enter then starts a descent there.")
        elif spot.off:
            self._session.told.emit("The chosen point lies off this plane: click where the descent should start.")
        else:
            self.descend_from(spot.a, spot.b)

    def _begin_at(
        self, theta: NDArray, folder: str, changes: dict[str, dict[str, Any]], stay: KeptPlane | None = None
    ) -> None:
        """A new run like the shown one whose middle is θ (P,), kept as a model file so that the run can be repeated."""
        run = self._session.run
        if run is None:
            return
        path = self._session.runs_folder / folder / f"{time.strftime('%Y-%m-%d %H-%M-%S')}.safetensors"
        try:
            save_model(path, run.net, theta)
        except LandscapeError as error:
            self._session.failed.emit(str(error))
            return
        self._session.train(run.setup.changed(network={"weights": str(path)}, **changes), stay=stay)

    # --- growing and ending -------------------------------------------------------------------------------------------

    def _descend(self, work: Callable[[], Iterator[Explored]], stay: KeptPlane | None = None) -> None:
        self._session.lanes.start("descent", "training", work, partial(self._extend, stay), self.end)

    def _extend(self, stay: KeptPlane | None, batch: list[Explored]) -> None:
        run = batch[-1].run
        if run is not self._session.run:
            self._session.show_run(run, stay)
            self._session.playback.follow()  # not before: a run that can't begin leaves time where it is
        if not self._extended.isActive():
            self._extended.start()
        self._session.picture.follow_run()

    def _tell(self) -> None:
        """What the run has come to: its steps, and perhaps a new best."""
        session, run = self._session, self._session.run
        if run is None:
            return
        session.playback.set_steps(run.steps)
        best = run.best
        if best is not None and (session.best is None or best.loss < session.best.loss):
            session.best = best
            session.best_improved.emit()
        session.run_extended.emit()

    def _tell_all(self) -> None:
        self._tell()
        self._session.picture.follow_run()
        self._session.picture.catch_up()

    def end(self) -> None:
        """The run grows no more: it has ended by itself, was held, or failed."""
        if self._session.run is None:
            return
        self._tell_all()
        self._session.run_ended.emit()
        then, self._after_run = self._after_run, None
        if then is not None and not self.unfinished:
            then()

    def _left(self, lane: str) -> None:
        if lane == "descent" and not self.training:  # a descent that is held has come to one more frame since
            self._tell_all()


def _exploring_on(
    plane: KeptPlane | None, setup: Setup, folder: Path | None, engine: str, like: Run | None
) -> Iterator[Explored]:
    """A new run, with which a plane is kept before it is first seen."""
    for number, explored in enumerate(exploring(setup, folder, engine=engine, like=like)):
        if plane is not None and number == 0:
            keep_plane(explored.run, plane)
        yield explored
