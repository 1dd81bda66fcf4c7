"""What the window draws of a run: the plane, the shadows of the paths on it and the surface over it."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.run.portrait import PLANES, Portrait, evaluating, portray
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session

# A plane by PCA is fitted anew whenever the paths have grown by this factor.
REFIT = 1.5
FEWEST_FRAMES_FOR_PCA = 4


class Picture(QObject):
    """Owns the chosen plane, the portrait on it and the surface; a part of the session.

    `portrait` may have fewer frames than the run for a moment: shadows are cast beside the window.
    """

    plane_changed = pyqtSignal()
    surface_extended = pyqtSignal()
    shadows_cast = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.portrait: Portrait | None = None
        self.surface: Any = None
        self.choice = "pca_all"
        self.plane_seed = 0
        self.which = "training"
        self.scale = "log"
        self.aspect = 1.3
        self.fitted_frames = 0

    @property
    def drawing(self) -> bool:
        """Whether a plane or a surface is being worked out."""
        return self._session.lanes.running("picture")

    def forget(self) -> None:
        """Another run: nothing of the old one is shown."""
        self._session.lanes.cancel("shadows")
        self.portrait = self.surface = None
        self.fitted_frames = 0

    def choose_plane(self, choice: str) -> None:
        """Another plane; choosing a random plane again draws new directions."""
        if choice == self.choice and choice in ("filter", "random"):
            self.plane_seed += 1
        self.choice = choice
        self.draw()

    def next_plane(self) -> None:
        """The plane after this one."""
        names = list(PLANES)
        self.choose_plane(names[(names.index(self.choice) + 1) % len(names)])

    def choose_surface(self, which: str, scale: str) -> None:
        """The surface over the "training" or "validation" digits, coloured by "log" or "linear" loss."""
        self.scale = scale
        if which != self.which:
            self.which = which
            self.draw(keep_plane=True)
        else:
            self.surface_extended.emit()
        self._session.show_step()

    def choose_aspect(self, aspect: float) -> None:
        """The shape (width over height) of the view that shows the surface."""
        if abs(np.log(aspect / self.aspect)) > 0.02:
            self.aspect = aspect
            if self.portrait is not None:
                self.draw(keep_plane=True)

    def draw(self, keep_plane: bool = False) -> None:
        """Fit the chosen plane and evaluate the surface on it, replacing what is being drawn."""
        session, run = self._session, self._session.run
        if run is None:
            return
        choice = self.choice
        if choice.startswith("pca") and run.frames < FEWEST_FRAMES_FOR_PCA:
            choice = "starts"
        portrait = self.portrait if keep_plane else None
        fit = (choice, session.selected, self.plane_seed, run.frames)
        work = partial(_drawing, run, portrait, fit, self.which, self.aspect)
        session.lanes.start("picture", "drawing the surface", work, self._show, self._finished)

    def follow_run(self) -> None:
        """The run has grown: cast the shadows of its new frames, and fit the plane anew now and then."""
        session, run = self._session, self._session.run
        if run is None:
            return
        portrait = self.portrait
        if portrait is not None and portrait.frames < run.frames and not session.lanes.running("shadows"):
            session.lanes.start("shadows", "", partial(_casting, run, portrait), self._take_shadows, self.follow_run)
        if not self.drawing and self._should_refit(run):
            self.draw()

    def catch_up(self) -> None:
        """The run has ended: draw it whole."""
        run = self._session.run
        if run is not None and (self.portrait is None or self.fitted_frames < run.frames):
            self.draw()

    def cancel(self) -> None:
        """Stop drawing; what is shown is then what is chosen."""
        if self.drawing:
            self._session.lanes.cancel("picture")
            if not self._session.training and self.portrait is not None:
                self.choice = self.portrait.choice
                self.plane_changed.emit()

    def _should_refit(self, run: Run) -> bool:
        if self.choice.startswith("pca"):
            return run.frames >= max(FEWEST_FRAMES_FOR_PCA, REFIT * self.fitted_frames)
        return self.portrait is None

    def _take_shadows(self, batch: list[Portrait]) -> None:
        portrait = batch[-1]
        if self.portrait is None or portrait.plane is not self.portrait.plane:
            return  # the plane has changed meanwhile
        self.portrait = portrait
        self.shadows_cast.emit()

    def _show(self, batch: list) -> None:
        portraits = [item for item in batch if isinstance(item, Portrait)]
        surfaces = [item for item in batch if not isinstance(item, Portrait)]
        if portraits:
            self._show_portrait(portraits[-1])
        if surfaces:
            self.surface = surfaces[-1]
            self.surface_extended.emit()
        self._session.show_step()

    def _show_portrait(self, portrait: Portrait) -> None:
        before = self.portrait
        same = before is not None and before.plane is portrait.plane
        if before is None or not same or before.frames < portrait.frames:
            self.portrait, self.fitted_frames = portrait, portrait.frames
        if not same:
            self.surface = None
            self._session.forget_place()
        self.plane_changed.emit()
        self.follow_run()

    def _finished(self) -> None:
        run = self._session.run
        if run is not None and not self._session.training:
            self.follow_run()
            self.catch_up()


def _drawing(
    run: Run, portrait: Portrait | None, fit: tuple[str, int, int, int], which: str, aspect: float
) -> Iterator[Any]:
    """The portrait on a plane that is kept, or fitted anew as `fit` says, then its surface from coarse to fine."""
    portrait = portrait or portray(run, *fit)
    yield portrait
    yield from evaluating(run, portrait, which, aspect=aspect)


def _casting(run: Run, portrait: Portrait) -> Iterator[Portrait]:
    """The portrait with the frames that the run has gained."""
    yield portrait.extended(run, run.frames)
