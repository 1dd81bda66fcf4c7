"""What the window draws of a run: the plane, the shadows of the paths on it and the surface over it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.gui.kept_planes import KeptPlanes
from landscape.run.choice import (
    DRAWN,
    KEPT,
    OF_ONE_START,
    OF_PATHS,
    USUAL,
    Details,
    known_plane,
    opening_plane,
    plane_words,
)
from landscape.run.kept_plane import KeptPlane
from landscape.run.portrait import HAND_MADE, PLANES, Extent, Portrait, evaluating, portrayed
from landscape.run.run import Run
from landscape.surface import Surface
from landscape.surface.measure import Measure

if TYPE_CHECKING:
    from landscape.gui.session import Session

# A plane by PCA is fitted anew whenever the paths have grown by this factor.
REFIT = 1.5
FEWEST_FRAMES = 4  # for a plane that looks at where the paths have led


class Picture(QObject):
    """Owns the chosen plane, the portrait on it and the surface; a part of the session.

    `portrait` may have fewer frames than the run for a moment: shadows are cast beside the window. `extent` is the window
    of the plane that was chosen by hand, if it was; else it was laid around the first `framed` frames. `chosen` is
    whether anybody chose the plane: if not, a run that has ended is shown on the one that it opens with. `details` are
    those of the choice but for start, seed and step, which are the selected start, `plane_seed` and the shown step. `kept`
    are the planes kept with the run.
    """

    plane_changed = pyqtSignal()
    surface_extended = pyqtSignal()
    shadows_cast = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.portrait: Portrait | None = None
        self.surface: Any = None
        self.choice = USUAL
        self.chosen = False
        self._judged, self._judging = 0, False
        self.plane_seed = 0
        self.aspect = 1.3
        self.extent: Extent | None = None
        self.framed = 0
        self._asked = False
        self._later: list[Callable[[Extent], Extent]] = []
        self.details = Details()
        self.kept = KeptPlanes(session)

    @property
    def drawing(self) -> bool:
        """Whether a plane or a surface is being worked out."""
        return self._session.lanes.running("picture")

    def forget(self) -> None:
        """Another run: nothing of the old one is shown."""
        self._session.lanes.cancel("shadows")
        self.portrait = self.surface = self.extent = None
        self.framed = 0
        self._session.heights.forget()
        run = self._session.run
        self._judged = 0
        if run is None or not self.chosen or not known_plane(run, self.choice):
            self.choice, self.chosen = USUAL, False
        self.details = Details()
        self.kept.read()

    def stay_on(self, kept: KeptPlane) -> None:
        """Draw the run on a plane that is kept with it, and the window of it that was shown before."""
        self.choice, self.chosen = KEPT + kept.name, True
        self.extent = self._window_of(kept)

    def _window_of(self, kept: KeptPlane) -> Extent | None:
        """The window that was shown of a kept plane, in the shape of the view."""
        return None if kept.extent is None else Extent(*kept.extent).shaped(self.aspect, kept.plane)

    def choose_plane(self, choice: str) -> None:
        """Another plane; choosing a random plane again draws new directions."""
        if choice == self.choice and choice in DRAWN:
            self.plane_seed += 1
        self.choice, self.chosen = choice, True
        self.details = Details()
        kept = self.kept.named(choice)
        self.extent = None if kept is None else self._window_of(kept)
        self._session.live.forget()
        self.draw()

    def choose_drawn(self, choice: str, seed: int) -> None:
        """The random plane of a seed."""
        self.choice, self.plane_seed, self.details, self.extent = choice, seed, Details(), None
        self.chosen = True
        self._session.live.forget()
        self.draw()

    def choose_details(self, seed: int | None = None, **changed: Any) -> None:
        """The same choice with another seed or other `Details`."""
        self.plane_seed = self.plane_seed if seed is None else seed
        self.details = replace(self.details, **changed)
        self.extent = None
        self._session.live.forget()
        self.draw()

    def select_start(self) -> None:
        """Another start is selected: planes that are about it are drawn anew."""
        places = {"through": self.details.points}.get(self.choice, (self.details.at,))
        if self.choice in OF_ONE_START or not {"start", "end", "shown"}.isdisjoint(places):
            self.extent = None
            self.draw()

    def keep(self, name: str) -> None:
        """Keep the shown plane with the run under a name: its vectors, and the choice and seed that it came from."""
        portrait = self.portrait
        if portrait is not None:
            extent, start = self.extent_shown(), self._session.selected
            window = (extent.a, extent.b)
            self.kept.keep(KeptPlane(name, portrait.plane, self.choice, self.plane_seed, start, window))

    def forget_kept(self, name: str) -> None:
        """Keep a plane no longer; if it is shown, it stays as a plane without a name."""
        if self.choice == KEPT + name and self.portrait is not None:
            self.choice, self.portrait = "custom", replace(self.portrait, choice="custom")
        self.kept.forget(name)

    def next_plane(self) -> None:
        """The plane after this one."""
        names = list(PLANES)
        self.choose_plane(names[(names.index(self.choice) + 1) % len(names)] if self.choice in names else names[0])

    def choose_aspect(self, aspect: float) -> None:
        """The shape (width over height) of the view that shows the surface."""
        if abs(np.log(aspect / self.aspect)) > 0.02:
            self.aspect = aspect
            if self.portrait is not None:
                if self._session.live.look(self.extent_shown().shaped(aspect, self.portrait.plane)):
                    return
                if self.extent is not None and not self._coming:  # its window is in its own coordinates
                    self.extent = self.extent.shaped(aspect, self.portrait.plane)
                self.redraw()

    def extent_shown(self) -> Extent:
        """The window of the plane that is drawn."""
        assert self.portrait is not None
        return self.extent or self.portrait.extent(self.aspect, upto=self.framed)

    def look(self, extent: Extent) -> None:
        """Draw another window of the plane that is shown; not of one that is about to go."""
        if self.portrait is not None and not self._coming:
            extent = extent.shaped(self.aspect, self.portrait.plane)
            if not self._session.live.look(extent):
                self.extent = extent
                self.redraw()

    def zoom(self, factor: float) -> None:
        """Show more (a factor above 1) or less of the plane around the middle of the window."""
        self._look_by(lambda extent: extent.scaled(factor))

    def move(self, across: float, up: float) -> None:
        """Move the window by shares of its width and height."""
        self._look_by(lambda extent: extent.moved(across, up))

    def _look_by(self, change: Callable[[Extent], Extent]) -> None:
        if self._coming:  # of the plane that was asked for, once it is there
            self._later.append(change)
        elif self.portrait is not None:
            self.look(change(self.extent_shown()))

    @property
    def middle(self) -> tuple[float, float]:
        """The point (a, b) in the middle of the window."""
        if self.portrait is None:
            return 0.0, 0.0
        extent = self.extent_shown()
        return sum(extent.a) / 2, sum(extent.b) / 2

    def look_at_all(self) -> None:
        """Draw the window that holds all paths."""
        if self.portrait is not None and not self._session.live.look(self.portrait.extent(self.aspect)):
            self.extent = None
            self.redraw()

    def show_moving(self, portrait: Portrait, surface: Surface, extent: Extent) -> None:
        """A picture of a plane that moves: made at once, over fewer cells and digits."""
        self._session.lanes.cancel("picture")
        self.portrait, self.surface, self.extent, self.choice = portrait, surface, extent, portrait.choice
        self.chosen = True
        self.framed = portrait.frames
        self.plane_changed.emit()
        self.surface_extended.emit()
        self._session.show_step()

    def rest_on(self, portrait: Portrait, extent: Extent | None) -> None:
        """Draw a plane that has come to rest, in full."""
        self.portrait, self.extent, self.choice, self.chosen = portrait, extent, portrait.choice, True
        self.framed = portrait.frames
        self._draw(portrait, asked=False)

    @property
    def _opening(self) -> bool:
        """Whether the plane is still to be judged by how much it holds: nobody has chosen it, and the run has ended."""
        return not self.chosen and not self._session.training and self.extent is None

    @property
    def _coming(self) -> bool:
        """Whether a plane that was asked for is being fitted and is not shown yet."""
        return self._asked and self.drawing

    def draw(self) -> None:
        """Fit the chosen plane and evaluate the surface on it, replacing what is being drawn."""
        self._later.clear()
        self._draw(None, asked=True)

    def redraw(self) -> None:
        """Evaluate the surface anew: on the plane that is shown, or on the one that was asked for and is still to come."""
        self._draw(None if self._coming else self.portrait, asked=self._coming)

    def _refit(self) -> None:
        """The run has grown: fit the chosen plane anew; where the window was chosen by hand, stay on the plane that it shows."""
        self._draw(None if self.extent is None or self._coming else self.portrait, asked=self._coming)

    def _draw(self, portrait: Portrait | None, asked: bool) -> None:
        session, run, heights = self._session, self._session.run, self._session.heights
        if run is None:
            return
        self._asked = asked
        choice = self.choice
        if choice in OF_PATHS and run.frames < FEWEST_FRAMES:
            choice = "starts"
        if choice in HAND_MADE:
            portrait = self.portrait
        details = replace(
            self.details, start=session.selected, seed=self.plane_seed, step=min(session.playback.step, run.last_step)
        )
        self._judging = portrait is None and choice == USUAL and self._opening
        shown = None if self._judging else choice
        work = partial(
            _drawing, run, portrait, shown, details, heights.measure, heights.noise, self.aspect, self.extent
        )
        session.lanes.start("picture", "drawing the surface", work, self._show, self._finished)

    def follow_run(self) -> None:
        """The run has grown: cast the shadows of its new frames, and fit the plane anew now and then."""
        session, run = self._session, self._session.run
        if run is None:
            return
        portrait = self.portrait
        if portrait is not None and portrait.frames < run.frames and not session.lanes.running("shadows"):
            session.lanes.start("shadows", "", partial(_casting, run, portrait), self._take_shadows, self.follow_run)
        if not self.drawing and self._grown(run):
            self._refit()

    def catch_up(self) -> None:
        """The run has ended: draw it whole."""
        run = self._session.run
        if run is not None and self._outdated(run):
            self._refit()

    def cancel(self) -> None:
        """Stop drawing; what is shown is then what is chosen."""
        if self.drawing:
            self._session.lanes.cancel("picture")
            if not self._session.training and self.portrait is not None:
                self.choice = self.portrait.choice
                self.plane_changed.emit()

    def _grown(self, run: Run) -> bool:
        """Whether a growing run has come so far that its plane is worth fitting anew."""
        if self.portrait is None:
            return True
        if self.choice in OF_PATHS and self.extent is None:  # a window chosen by hand stays where it is
            return run.frames >= max(FEWEST_FRAMES, REFIT * self.portrait.fitted)
        return False

    def _outdated(self, run: Run) -> bool:
        """Whether the plane that is shown, or its window, was laid through fewer frames than a run has in the end."""
        if self.portrait is None:
            return True
        if self._opening and self.choice == USUAL and FEWEST_FRAMES <= run.frames > self._judged:
            return True
        laid = self.framed if self.extent is not None or self.choice in HAND_MADE else self.portrait.fitted
        return laid < run.frames

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
            self.portrait = portrait
        elif before.fitted < portrait.fitted:  # the plane of the starts is the same however far the paths have led
            self.portrait = replace(before, fitted=portrait.fitted)
        self.framed = portrait.frames
        if self._asked and self.extent is not None:  # the view may have been reshaped on the way
            self.extent = self.extent.shaped(self.aspect, portrait.plane)
        self._asked = False
        if self._judging:
            self._open_on(portrait)
        if not same:
            self.surface = None
        self.plane_changed.emit()
        self.follow_run()
        later, self._later = self._later, []
        for change in later:
            self._look_by(change)

    def _open_on(self, portrait: Portrait) -> None:
        """What the plane holds was judged: where the usual one is a mere shadow of the run, the other one has come."""
        self._judged, self._judging = portrait.fitted, False
        if portrait.choice != self.choice:
            usual, self.choice = plane_words(self.choice), portrait.choice
            self._session.told.emit(f"Shown on {portrait.words}: {usual} would hold next to nothing of the movement.")

    def _finished(self) -> None:
        run = self._session.run
        self._session.heights.find_values()
        if run is not None and not self._session.training:
            self.follow_run()
            self.catch_up()
            self._session.heights.follow_batch()


def _drawing(
    run: Run,
    portrait: Portrait | None,
    choice: str | None,
    details: Details,
    measure: Measure,
    noise: bool,
    aspect: float,
    extent: Extent | None,
) -> Iterator[Any]:
    """The portrait on a plane that is kept, or fitted anew as the choice says (None: what the run opens with), then its
    surface from coarse to fine."""
    if portrait is None:
        portrait = portrayed(run, choice or opening_plane(run), details)
        extent = extent and extent.shaped(aspect, portrait.plane)
    yield portrait
    yield from evaluating(run, portrait, measure, aspect=aspect, extent=extent, noise=noise)


def _casting(run: Run, portrait: Portrait) -> Iterator[Portrait]:
    """The portrait with the frames that the run has gained."""
    yield portrait.extended(run, run.frames)
