"""Runs that are kept: saved and opened again, earlier ones of this window, and those made of other people's models."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from landscape.data import Digits
from landscape.errors import DataError, LandscapeError
from landscape.gui.settings import kept_runs, new_run_folder
from landscape.gui.view import View
from landscape.run.checkpoints import gathering
from landscape.run.choice import KEPT, OF_DIGITS, USUAL
from landscape.run.exploration import Explored
from landscape.run.kept_plane import KeptPlane, keep_plane
from landscape.run.own_digits import digits_from, read_digits
from landscape.run.portrait import HAND_MADE
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session

# The lanes of work that somebody waits for.
ASKED_FOR = ("descent", "export", "save")
# Under this name a plane turned by hand is kept with the run that is saved while it is shown.
AS_SHOWN = "as last shown"


class Shelf(QObject):
    """Puts runs away and takes them out again; a part of the session."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session

    def kept_runs(self) -> list[Path]:
        """The folders of earlier runs that are still there, the latest first."""
        session = self._session
        shown = session.run and session.run.folder
        return [folder for folder in reversed(kept_runs(session.runs_folder)) if folder != shown]

    def open_run(self, path: Path) -> None:
        """Show a saved run where it was left; without its digits, what its record holds."""
        elsewhere = self._session.setup.data.source

        def work() -> Iterator[Run]:
            run = Run.load(path)
            read_digits(run, elsewhere)  # here, on the worker, not when the window first needs them
            yield run

        self._session.lanes.start("open", "opening", work, lambda batch: self.show(batch[-1]))

    def find_digits(self, source: str) -> None:
        """Where the shown run's digits are missing and this source holds them, draw it whole."""
        run = self._session.run
        if run is None or not run.missing:
            return

        def work() -> Iterator[Digits]:
            yield digits_from(run, source)

        self._session.lanes.start("open", "reading digits", work, lambda batch: self._complete(run, batch[-1]))

    def _complete(self, run: Run, digits: Digits) -> None:
        """Show a run anew whose digits have been found, at the step and on the plane where it is looked at."""
        run.digits, run.missing = digits, ""
        session = self._session
        if run is session.run:
            step = session.playback.step
            session.show_whole(run)
            session.playback.seek(step)
            session.show_step()
            session.told.emit(f"Found: {digits.source}. The run is drawn whole now.")

    def excuses(self, lane: str, error: LandscapeError) -> bool:
        """Whether work failed only since digits are missing that the banner has asked for already.

        What somebody asked for with a menu or a button is told each time.
        """
        run = self._session.run
        return isinstance(error, DataError) and run is not None and run.missing == str(error) and lane not in ASKED_FOR

    def gather(self, source: Path | list[Path]) -> None:
        """Make a run to play of a folder of models, or of several models, and show it once all are read."""

        def play(run: Run) -> None:
            playback = self._session.playback
            playback.jump(0)
            playback.play()
            self._session.told.emit(f"{run.frames} models are a run to play: what lies between them is not known.")

        self.put_together(lambda folder: gathering(source, into=folder), play)

    def put_together(self, making: Callable[[Path | None], Iterator[Explored]], then: Callable[[Run], None]) -> None:
        """Make a run in a new folder and show it once it is whole; one that fails half-way leaves nothing."""
        folder = new_run_folder(self._session.runs_folder)
        whole: list[Run] = []

        def work() -> Iterator[Explored]:
            try:
                for explored in making(folder):
                    if explored.done == 1:
                        whole.append(explored.run)
                    yield explored
            finally:
                if folder is not None and not whole:
                    shutil.rmtree(folder, ignore_errors=True)

        def show() -> None:
            self.show(whole[-1])
            then(whole[-1])

        self._session.lanes.start("open", "reading models", work, lambda batch: None, show)

    def show(self, run: Run) -> None:
        """Show a run that is whole, as its record says that it was looked at."""
        session, view = self._session, View.read(run)
        session.lanes.cancel("descent")  # the run that was growing keeps its frames, and stands under Recent runs
        picture, heights, session.selected = session.picture, session.heights, view.start
        picture.choice, picture.plane_seed, picture.chosen = view.plane, view.seed, "view" in run.about
        heights.measure, heights.scale = view.measure, view.scale
        if run.missing and picture.choice in OF_DIGITS:
            picture.choice = USUAL
        session.change_setup(run.setup)
        session.show_whole(run)
        session.playback.seek(run.last_step if view.step is None else view.step)
        session.show_step()
        if run.missing:
            session.failed.emit(run.missing)

    def save_run(self, path: Path) -> None:
        """Save the run with what is shown of it."""
        session, run = self._session, self._session.run
        if run is None:
            return
        shown, choice = session.picture, session.picture.choice
        by_hand = choice in HAND_MADE or not (shown.details.usual or choice.startswith(KEPT))
        if by_hand and shown.portrait is not None:  # no name would bring it back: its vectors are kept
            extent = shown.extent_shown()
            keep_plane(run, KeptPlane(AS_SHOWN, shown.portrait.plane, extent=(extent.a, extent.b)))
            choice = KEPT + AS_SHOWN
        view = View(
            session.playback.step,
            choice,
            shown.plane_seed,
            session.selected,
            session.heights.scale,
            session.heights.measure,
        )
        run.about["view"] = asdict(view)

        def work() -> Iterator[Path]:
            yield run.save(path)

        session.outbox.write("save", "saving", work, path, f"Saved {path.name}")
