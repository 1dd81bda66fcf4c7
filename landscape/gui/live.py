"""Planes that follow the hand: turned and shifted, and tours from one plane to another.

While a plane moves, its pictures have fewer cells and look at a fixed sample of the digits; once it rests, the whole picture is
drawn. Pictures are made beside the window, one at a time: when one has come, the newest wish is next, so nothing piles up.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape.plane import Plane
from landscape.plane.subspace import Pose
from landscape.run.heading import FROM_A_POINT
from landscape.run.portrait import Extent, Portrait
from landscape.run.turntable import Turntable, touring, turning
from landscape.surface import Surface

if TYPE_CHECKING:
    from landscape.gui.session import Session

REST_MS = 250
TICK_MS = 4
TOUR_SECONDS = 6.0
TOUR_TICK_MS = 16


Which = Literal["u", "v", "plane"]


@dataclass(frozen=True)
class Hand:
    """How far the hand has turned u, v and the whole plane (radians) and shifted it since it took hold.

    All from one pose: turning back leads back, which many small turns after each other would not.
    """

    u: float = 0.0
    v: float = 0.0
    plane: float = 0.0
    shift: float = 0.0

    def pose(self, table: Turntable, extent: Extent) -> Pose:
        """The pose to which the table's plane has come; it turns about the middle of a window of the plane."""
        pose, middle = table.pose, (sum(extent.a) / 2, sum(extent.b) / 2)
        turns: tuple[tuple[Which, float], ...] = (("u", self.u), ("v", self.v), ("plane", self.plane))
        for which, angle in turns:
            if angle and table.towards is not None:
                pose = pose.turned(table.towards, angle, which, middle)
        if self.shift and table.third is not None:
            width = (extent.a[1] - extent.a[0]) * float(np.linalg.norm(table.pose.u))
            pose = pose.shifted(table.third, self.shift * width)
        return pose


class Live(QObject):
    """Owns the pose and the window of a plane while it moves; a part of the session."""

    changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.heading = "random"
        self.heading_seed = 0
        self.tour_at: float | None = None
        self._table: Turntable | None = None
        self._pose: Pose | None = None
        self._extent: Extent | None = None  # what is drawn,
        self._around: Extent | None = None  # and was when the hand took hold: a zoom must not move what is turned
        self._from: Extent | None = None
        self._found_from: tuple[Plane, tuple[float, float], int] | None = None
        self._waiting: list[Callable[[Hand], Hand]] = []
        self._hand = Hand()
        self._wanted = False
        self._rest = _timer(self, REST_MS, self._settle, single=True)
        self._touring = _timer(self, TOUR_TICK_MS, self._tour_on)
        self._last_tick = 0.0

    @property
    def moving(self) -> bool:
        """Whether the plane moves: pictures are coarse, over a sample."""
        return self._pose is not None

    @property
    def touring(self) -> bool:
        """Whether a tour plays by itself."""
        return self._touring.isActive()

    def choose_heading(self, choice: str) -> None:
        """What turning heads for (see HEADINGS); choosing the random direction again draws another one."""
        if choice == self.heading == "random":
            self.heading_seed += 1
        self.heading = choice
        self.forget()

    def turn(self, which: Which, angle: float) -> None:
        """Turn u, v or the whole plane by an angle (radians) towards the heading."""

        def act(hand: Hand) -> Hand:
            if self._table is not None and self._table.towards is None:
                self._session.told.emit("There is nothing to turn towards here: choose another direction.")
                return hand
            return replace(hand, **{which: getattr(hand, which) + angle})

        self._move(act)

    def shift(self, share: float) -> None:
        """Move the plane along the third principal direction of the paths, by a share of the drawn window's width."""

        def act(hand: Hand) -> Hand:
            if self._table is not None and self._table.third is None:
                self._session.told.emit("The paths have no third direction yet: train some steps first.")
                return hand
            return replace(hand, shift=hand.shift + share)

        self._move(act)

    def look(self, extent: Extent) -> bool:
        """Draw another window of the plane that moves, now and at rest; False if none moves. A tour waits meanwhile."""
        if self._pose is None:
            return False
        self._touring.stop()
        self._extent = extent
        self._ask()
        self.changed.emit()
        return True

    def tour(self, choice: str) -> None:
        """Move smoothly from the shown plane to another one (see PLANES), then stay there."""
        run, portrait, picture = self._session.run, self._session.portrait, self._session.picture
        if run is None or portrait is None:
            return
        self.forget()
        self._extent = picture.extent_shown()
        seed = picture.plane_seed + (choice == picture.choice)
        work = partial(
            touring, run, portrait.plane, choice, self._session.selected, seed, self._session.heights.measure
        )
        self._session.lanes.start("turntable", "preparing the tour", work, self._set_table, self._begin_tour)

    def seek_tour(self, t: float) -> None:
        """Stand at the share t of the tour, and hold it there."""
        if self._table is not None and self._table.tour is not None:
            self._touring.stop()
            self._go_on_tour(t)

    def toggle_tour(self) -> None:
        """Hold the tour, or let it go on; from its beginning if it is over."""
        if self._table is None or self._table.tour is None:
            return
        if self.touring:
            self._touring.stop()
        else:
            if self.tour_at is None or self.tour_at >= 1:
                self._go_on_tour(0.0)
            self._last_tick = time.monotonic()
            self._touring.start()
        self.changed.emit()

    def forget(self) -> None:
        """Another plane was chosen: what was prepared for the old one is of no use."""
        self._session.lanes.cancel("turntable")
        self._session.lanes.cancel("live")
        self._touring.stop()
        self._rest.stop()
        self._table = self._pose = self._extent = self._around = self._from = self._found_from = self.tour_at = None
        self._waiting.clear()
        self._wanted = False
        self.changed.emit()

    def stop(self) -> None:
        """The window closes."""
        self._rest.stop()
        self._touring.stop()

    # --- moving ---------------------------------------------------------------------------------------------------

    def _move(self, act: Callable[[Hand], Hand]) -> None:
        """Move the hand, once the table stands; then ask for a picture."""
        run, portrait, picture = self._session.run, self._session.portrait, self._session.picture
        if run is None or portrait is None or not portrait.frames:
            return
        if self._table is not None and self._table.tour is not None:
            self._leave_tour()
        extent = picture.extent_shown()
        middle = sum(extent.a) / 2, sum(extent.b) / 2
        if (
            self._pose is None
            and self.heading in FROM_A_POINT
            and self._found_from != (portrait.plane, middle, run.frames)
        ):
            self._table = None  # from where the plane is now, the way is another one
        self._waiting.append(act)
        if self._table is not None:
            self._take_up()
        elif not self._session.lanes.running("turntable"):
            self._extent, self._found_from = extent, (portrait.plane, middle, run.frames)
            work = partial(
                turning, run, portrait.plane, self.heading, self.heading_seed, middle, self._session.heights.measure
            )
            self._session.lanes.start("turntable", "", work, self._set_table)

    def _set_table(self, batch: list[Turntable | None]) -> None:
        if batch[-1] is not None:
            self._table = batch[-1]
            self._take_up()

    def _take_up(self) -> None:
        """Do what the hand has done meanwhile; from rest, beginning with what is shown."""
        table = self._table
        assert table is not None
        if self._pose is None:
            self._hand = Hand()
            self._extent = self._around = self._session.picture.extent_shown()
        assert self._around is not None
        for act in self._waiting:
            self._hand = act(self._hand)
        if self._waiting:
            self._waiting.clear()
            self._pose = self._hand.pose(table, self._around)
            self._ask()

    def _ask(self) -> None:
        """Have the newest pose drawn, now or when the picture that is being made has come."""
        lanes = self._session.lanes
        if lanes.running("live"):
            self._wanted = True
            return
        table, pose, extent = self._table, self._pose, self._extent
        assert table is not None and pose is not None and extent is not None
        lanes.start("live", "", partial(_moving, table, pose, extent), self._show, self._next, tick_ms=TICK_MS)
        self._rest.start()

    def _show(self, batch: list[tuple[Portrait, Surface, Extent]]) -> None:
        self._session.picture.show_moving(*batch[-1])
        self.changed.emit()

    def _next(self) -> None:
        if self._wanted and self._pose is not None:
            self._wanted = False
            self._ask()

    def _settle(self) -> None:
        """At rest: the whole picture of this plane."""
        if self.touring or self._wanted or self._session.lanes.running("live"):
            self._rest.start()
            return
        table, pose, extent = self._table, self._pose, self._extent
        if table is None or pose is None or extent is None:
            return
        portrait = self._session.portrait
        assert portrait is not None
        if table.tour is not None:
            if self.tour_at is not None and self.tour_at < 1:
                self._session.picture.rest_on(portrait, extent)
                return
            portrait = table.destination or portrait
            self._pose = None
            self._session.picture.rest_on(portrait, None)
        else:
            self._table, self._pose = replace(table, plane=portrait.plane, pose=pose), None
            self._session.picture.rest_on(portrait, extent)
        self.changed.emit()

    # --- tours ----------------------------------------------------------------------------------------------------

    def _begin_tour(self) -> None:
        if self._table is not None and self._table.tour is not None:
            self.tour_at = 0.0
            self._from = self._extent
            self._last_tick = time.monotonic()
            self._touring.start()
            self.changed.emit()

    def _tour_on(self) -> None:
        now = time.monotonic()
        passed, self._last_tick = now - self._last_tick, now
        t = min(1.0, (self.tour_at or 0.0) + passed / TOUR_SECONDS)
        self._go_on_tour(t)
        if t >= 1:
            self._touring.stop()
            self.changed.emit()

    def _go_on_tour(self, t: float) -> None:
        table = self._table
        assert table is not None and table.tour is not None and table.destination is not None and self._from is not None
        self.tour_at = t
        eased = t * t * (3 - 2 * t)  # sets off and arrives gently
        self._pose = table.tour.pose(eased)
        self._extent = self._from.towards(table.destination.extent(self._session.picture.aspect), eased)
        self._ask()

    def _leave_tour(self) -> None:
        """The hand takes over from a tour: go on from the plane where it stands."""
        portrait, extent = self._session.portrait, self._extent
        self.forget()
        if portrait is not None:
            self._session.picture.rest_on(portrait, extent)


def _moving(table: Turntable, pose: Pose, extent: Extent) -> Iterator[tuple[Portrait, Surface, Extent]]:
    yield *table.picture(pose, extent), extent


def _timer(parent: QObject, milliseconds: int, act: Callable[[], None], single: bool = False) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.setSingleShot(single)
    timer.timeout.connect(act)
    return timer
