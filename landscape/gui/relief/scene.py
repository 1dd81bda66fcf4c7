"""What stands in the 3D view: reads the session, and sends to the canvas only the parts that have changed."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from landscape.export.sight import Sight
from landscape.export.style import STAR_COLOUR, start_colour
from landscape.gui.drawing.heights import SEQUENTIAL, Heights, heights_of
from landscape.gui.drawing.levels import CONTOURS, contour_levels
from landscape.gui.relief.arrows import Ground, ReliefArrows
from landscape.gui.relief.box import ReliefBox, even_ticks
from landscape.gui.relief.canvas import Look, ReliefCanvas
from landscape.gui.relief.glyphs import CROSS, DISC, STAR, start_glyph
from landscape.gui.relief.mesh import (
    Marker,
    contour_lines,
    floor_lines,
    marker_vertices,
    ribbons,
    surface_corners,
    surface_vertices,
)
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.measured import recorded_heights
from landscape.surface.measure import THE_LOSS, Measure

COLOURS = 512
FLOOR_CELLS = 40  # along a side: the shadow on the floor is pale, and need not be as fine
FLOOR_TICKS = 8
RAY_SAMPLES = 240
BALL, CHOSEN_BALL, START, SHADOW, STAR_SIZE, PLACE = 19.0, 24.0, 15.0, 9.0, 36.0, 22.0  # pixels across
RIM, WHITE = "#14161b", "#ffffff"
EVERYTHING = frozenset({"surface", "contours", "paths", "moment", "arrows"})


class ReliefScene:
    """The session's surface, paths and moment in three dimensions. `box` says where a point of it stands."""

    def __init__(self, session: Session, canvas: ReliefCanvas, theme: Theme) -> None:
        self._session, self._canvas = session, canvas
        self._map = SEQUENTIAL
        self.box: ReliefBox | None = None
        self.limits = (0.0, 1.0)
        self.heights = np.full((1, 1), np.nan)  # of the surface, (nb, na)
        self.paths = np.zeros((0, 0, 3))  # a, b and true height of every frame and start, (F, K, 3)
        self.rival = np.zeros((0, 0, 3))  # the same of an earlier run that lies beside
        self.balls = np.zeros((0, 3))  # the current points
        self.arrows = ReliefArrows(session)
        self._highest = 1.0  # of the paths' losses
        self._mesh: tuple[Any, ...] = ()  # what the mesh on the card was made from
        self._found: Heights | None = None
        self._lines: tuple[Any, ...] = ()
        self._grid: tuple[Any, ...] = ()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the surface, the background, the grid and the stems."""
        self.theme = theme
        self._colours = _table(theme.colours if self._map == SEQUENTIAL else self._map)
        self._mesh = ()  # painted anew
        dark = QColor(theme.canvas).lightnessF() < 0.5
        self._stem = (0.93, 0.94, 0.96) if dark else (0.16, 0.18, 0.22)
        red, green, blue, _ = QColor(theme.faint).getRgbF()
        self.look = Look(QColor(theme.canvas), (1.0, 1.0, 1.0, 0.42), (red, green, blue, 0.55), theme.bold)

    @property
    def logarithmic(self) -> bool:
        """Whether heights are log10 of losses: as the surface that is shown wants it."""
        surface = self._session.surface
        measure = surface.measure if surface is not None else self._session.heights.measure
        return self._session.heights.scale == "log" and (measure is None or measure.is_loss)

    def refresh(self, stale: set[str]) -> None:
        """Bring the named parts (of EVERYTHING) up to date, then the box around them."""
        if "surface" in stale:
            self._take_surface()
        if stale & {"surface", "paths"}:
            self._take_paths()
            self._fit_box()
        if "contours" in stale:
            self._take_contours()
        if "moment" in stale or "surface" in stale or "paths" in stale:
            self._take_moment()
        if stale - {"contours"}:
            self._take_arrows()

    def colours(self, share: NDArray) -> NDArray:
        """Colours (..., 3), 0 to 1, of heights as shares (0 to 1) of the limits: those of the map."""
        index = np.clip(np.nan_to_num(share) * COLOURS, 0, COLOURS - 1).astype(np.intp)
        return np.asarray(self._colours[index])

    # --- surface ------------------------------------------------------------------------------------------------------

    def _take_surface(self) -> None:
        surface = self._session.surface
        found = None if surface is None else Heights.of_surface(surface, self.logarithmic)
        if surface is None or found is None:
            self._mesh = ()
            self._found = None
            self.heights = np.full((1, 1), np.nan)
            none = np.zeros(0, np.uint32)
            self._canvas.set_surface(np.zeros((0, 9), np.float32), none, none)
            self._clear_contours()
            return
        wanted = (surface, self.logarithmic)
        if self._mesh == wanted:
            return
        self._mesh = wanted
        self._found = found
        heights = self.heights = found.values
        low, high = self.limits = found.limits
        if found.colours != self._map:
            self._map = found.colours
            self._colours = _table(self.theme.colours if self._map == SEQUENTIAL else self._map)
        colours = self.colours((heights - low) / (high - low))
        self._canvas.set_surface(
            surface_vertices(surface.a, surface.b, heights, colours, surface.noise),
            surface_corners(heights),
            surface_corners(heights, FLOOR_CELLS),
        )
        self._clear_contours()

    def _take_contours(self) -> None:
        surface = self._session.surface
        if (
            surface is None
            or not surface.complete
            or self._mesh != (surface, self.logarithmic)
            or self._lines == self._mesh
        ):
            return
        self._lines = self._mesh
        assert self._found is not None
        levels = contour_levels(self._found, CONTOURS)  # those of the map
        for name, drawn in (("contours", levels), ("floor contours", levels[::2])):
            self._canvas.set_lines(name, contour_lines(surface.a, surface.b, self.heights, drawn))

    def _clear_contours(self) -> None:
        if self._lines:
            for name in ("contours", "floor contours"):
                self._canvas.set_lines(name, np.zeros((0, 3), np.float32))
        self._lines = ()

    def _under(self, a: NDArray, b: NDArray) -> NDArray:
        """Heights of the drawn surface under points of the plane; NaN off the map."""
        surface = self._session.surface
        if surface is None or not self._mesh or min(self.heights.shape) < 2:
            return np.full(np.shape(a), np.nan)
        return Sight(surface.a, surface.b, self.heights, np.eye(4)).surface_at(a, b)

    def struck(self, ray: NDArray) -> tuple[float, float] | None:
        """Coordinates (a, b) of the surface where a ray meets it first, from its first point to its second (2, 3), in space."""
        if self.box is None:
            return None
        first, last = self.box.unplace(ray)
        for _ in range(2):  # from all of the ray to the piece that crosses the surface, and to a piece of that
            points = first + np.linspace(0, 1, RAY_SAMPLES)[:, None] * (last - first)
            under = self._under(points[:, 0], points[:, 1])
            above = points[:, 2] - np.where(
                under > self.box.heights[1], np.nan, under
            )  # above the lid nothing is drawn
            with np.errstate(invalid="ignore"):
                crossed = np.flatnonzero(np.sign(above[1:]) * np.sign(above[:-1]) <= 0)
            if not len(crossed):
                return None
            first, last = points[crossed[0]], points[crossed[0] + 1]
        return float(last[0]), float(last[1])

    # --- paths --------------------------------------------------------------------------------------------------------

    def _take_paths(self) -> None:
        run, portrait = self._session.run, self._session.portrait
        if run is None or portrait is None or portrait.frames == 0 or portrait.coordinates.shape[1] != run.K:
            self.paths = np.zeros((0, 0, 3))
            self.rival = np.zeros((0, 0, 3))
            for name in ("paths", "shadows", "tips", "stems", "rival"):
                self._canvas.set_ribbons(name, ribbons(self.paths, np.zeros((0, 3))))
            for name in ("starts", "balls"):
                self._canvas.set_markers(name, marker_vertices([]))
            return
        losses = self._session.heights.of_frames(portrait.frames)
        self._highest = float(np.max(losses, initial=1e-12, where=np.isfinite(losses)))
        self.paths = np.dstack([portrait.coordinates, heights_of(losses, self.logarithmic)])
        colours = np.array([_rgb(start_colour(start)) for start in range(run.K)])
        self._canvas.set_ribbons("paths", ribbons(self.paths, colours))
        shadows = self.paths.copy()
        shadows[..., 2] = self._under(shadows[..., 0], shadows[..., 1])
        self._canvas.set_ribbons("shadows", ribbons(shadows, 0.35 * colours))
        starts = [
            Marker(_point(point), START, start_glyph(start), (*_rgb(RIM), 0.65), (*_rgb(start_colour(start)), 1.0))
            for start, point in enumerate(self.paths[0])
        ]
        self._canvas.set_markers("starts", marker_vertices(starts))
        self._take_rival()

    def _take_rival(self) -> None:
        """An earlier run's paths at their own heights; where its cost or the measure has none here, on the surface."""
        shown, rival, surface = self._session.run, self._session.rival, self._session.surface
        other, ways = rival.run, rival.shadows
        self.rival = np.dstack([ways, np.zeros(ways.shape[:2])])
        if shown is not None and other is not None and len(ways):
            measure = THE_LOSS if surface is None or surface.measure is None else surface.measure
            if measure.recorded and other.setup.network.cost == shown.setup.network.cost:
                values = recorded_heights(other, measure, len(ways))
                self.rival[..., 2] = heights_of(values, self.logarithmic)
            else:
                self.rival[..., 2] = self._under(ways[..., 0], ways[..., 1])
        colours = np.array([_rgb(start_colour(start)) for start in range(ways.shape[1])]).reshape(-1, 3)
        self._canvas.set_ribbons("rival", ribbons(self.rival, colours))

    @property
    def signed(self) -> bool:
        """Whether heights below zero have a meaning."""
        surface = self._session.surface
        return surface is not None and surface.measure is not None and surface.measure.differs

    @property
    def height_name(self) -> str:
        """What stands at the axis of heights."""
        surface = self._session.surface
        name = (surface.measure if surface is not None and surface.measure is not None else Measure()).title()
        return f"{name} (log scale)" if self.logarithmic else name

    def _fit_box(self) -> None:
        portrait, surface = self._session.portrait, self._session.surface
        if portrait is None:
            self.box = None
            return
        if surface is not None:
            ranges = (float(surface.a[0]), float(surface.a[-1])), (float(surface.b[0]), float(surface.b[-1]))
        else:
            extent = self._session.picture.extent_shown()
            ranges = extent.a, extent.b
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        surfaces = np.concatenate([self.heights.ravel(), self.rival[..., 2].ravel()])
        self.box = ReliefBox.around(ranges, lengths, surfaces, self.paths[..., 2], self.logarithmic, self.signed)
        grid = (self.box.a, self.box.b, self.box.heights)
        if grid != self._grid:
            self._grid = grid
            at_a, at_b = (even_ticks(*ends, FLOOR_TICKS) for ends in ranges)
            self._canvas.set_lines("grid", floor_lines(grid, at_a, at_b))

    # --- the moment ---------------------------------------------------------------------------------------------------

    def _take_moment(self) -> None:
        session, run = self._session, self._session.run
        moment, K = session.moment, self.paths.shape[1] if len(self.paths) else 0
        if moment is None or run is None or not K or len(moment.shadows) != K:
            return
        frames = np.minimum(moment.frames, len(self.paths) - 1)
        heights = heights_of(
            moment.value, self.logarithmic, self._highest
        )  # a loss of zero stands as deep as on the path
        self.balls = np.column_stack([moment.shadows, heights])
        under = np.column_stack([moment.shadows, self._under(moment.shadows[:, 0], moment.shadows[:, 1])])
        colours = np.array([_rgb(start_colour(start)) for start in range(K)])
        canvas = self._canvas
        canvas.frame = int(frames.min())
        canvas.set_ribbons("tips", ribbons(self._tips(frames), colours))
        canvas.set_ribbons("stems", ribbons(np.stack([self.balls, under]), np.broadcast_to(self._stem, (K, 3))))
        canvas.set_markers("balls", marker_vertices([*self._star(), *self._spots(under), *self._place()]))

    def _take_arrows(self) -> None:
        """The gradient arrows and the microscope's stage, on the surface."""
        arrows = self.arrows
        before = bool(arrows.lines or arrows.rings)
        if self.box is not None:
            ribbon = arrows.lay(Ground(self.box, self._under))
            if before or arrows.lines or arrows.rings:
                self._canvas.set_ribbons("arrows", ribbon)
                self._canvas.set_markers("rings", marker_vertices(arrows.rings))

    def _tips(self, frames: NDArray) -> NDArray:
        """The ways from the frame that all starts have passed, on to each one's own (K,) and to its ball: (n, K, 3)."""
        first, last = int(frames.min()), int(frames.max())
        passed = np.arange(first, last + 1)[:, None] <= frames
        return np.concatenate([np.where(passed[..., None], self.paths[first : last + 1], self.balls), self.balls[None]])

    def _spots(self, under: NDArray) -> list[Marker]:
        spots, chosen = [], self._session.selected
        for start, (point, shadow) in enumerate(zip(self.balls, under, strict=True)):
            colour = (*_rgb(start_colour(start)), 1.0)
            spots.append(Marker(_point(shadow), SHADOW, DISC, colour, (*_rgb(RIM), 1.0)))
            size, rim = (CHOSEN_BALL, WHITE) if start == chosen else (BALL, RIM)
            spots.append(Marker(_point(point), size, start_glyph(start), colour, (*_rgb(rim), 1.0), ball=1.0))
        return spots

    def _star(self) -> list[Marker]:
        best = self._session.best
        if best is None or best.frame >= len(self.paths):
            return []
        point = self.paths[best.frame, best.start]
        return [Marker(_point(point), STAR_SIZE, STAR, (*_rgb(STAR_COLOUR), 1.0), (*_rgb(RIM), 1.0))]

    def _place(self) -> list[Marker]:
        spot = self._session.subjects.spot()
        if spot is None:
            return []
        height = float(self._under(np.array(spot.a), np.array(spot.b)))
        return [Marker((spot.a, spot.b, height), PLACE, CROSS, (*_rgb(WHITE), 1.0), (*_rgb(RIM), 1.0))]


def _table(colours: str) -> NDArray:
    return np.asarray(pg.colormap.get(colours).getLookupTable(nPts=COLOURS)[:, :3] / 255.0)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue, _ = QColor(colour).getRgbF()
    return float(red or 0), float(green or 0), float(blue or 0)


def _point(row: NDArray) -> tuple[float, float, float]:
    a, b, height = row.tolist()
    return a, b, height
