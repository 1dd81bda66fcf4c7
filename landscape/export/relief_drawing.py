"""The surface as a lit relief, with every path at its true loss and each ball joined to its shadow by a stem.

matplotlib sorts whole artists, not points, by depth. So the surface is drawn by matplotlib, and all lines and balls are
placed in the picture here: seen parts strong, parts behind the surface faint. The view is fixed; `show` moves the rest.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from landscape.export.caption import axis_labels
from landscape.export.landmark_drawing import draw_landmark
from landscape.export.loss_scale import LossScale, loss_text, measure_of, surface_colours, surface_scale, tick_text
from landscape.export.map_drawing import cross_look, path_look, point_look, star_look, start_looks
from landscape.export.scene import Scene
from landscape.export.sight import Sight
from landscape.export.style import RIM, Style, start_colour
from landscape.run.landmark import landmarks
from landscape.surface import Surface

LINES = 16
ELEVATION = 32  # degrees
AZIMUTHS = (-58, 32, 122, 212)  # degrees; the one is taken from which the surface rises away from the eye
TALL = 0.62  # height of the box in shares of its longer side
RAISED = 0.004  # lines on the surface float so far above it, in shares of the height
BEHIND = 0.3  # strength of what lies behind the surface
MOST_ACROSS = 120  # cells of the drawn surface along its longer side
# A loss far above the rest (an explosion, one steep corner) would press everything else flat.
HIGHEST_SURFACE, HIGHEST_PATH = 99.0, 98.0  # percentiles


class ReliefDrawing:
    """A scene drawn on matplotlib's 3D axes. `moving` are the artists that `show` changes."""

    def __init__(
        self, axes: Any, scene: Scene, kind: str, style: Style, colours: str = "viridis", magnify: float = 1.0
    ) -> None:
        self.axes, self.scene, self.style, self.magnify = axes, scene, style, magnify
        self.scale = height_scale(kind, scene)
        self.colours = colour_scale(kind, scene.surface, self.scale.high)
        # What lies above the box is cut level with its top: see `cut_sentence`.
        self.heights = np.minimum(self.scale.place(scene.surface.heights), 1.0)
        self._set_up_axes()
        surface = scene.surface
        self.sight = Sight(surface.a, surface.b, self.heights, np.asarray(axes.get_proj()))
        self._draw_surface(colours)
        self._draw_contours()
        self.balls = self.scale.place(scene.losses)  # (F, K) heights
        self.balls[self.balls > 1.0] = np.nan
        x, y = scene.shadows[..., 0], scene.shadows[..., 1]
        self.under = self.sight.surface_at(x, y)  # (F, K) heights of the surface under each point
        self._split_paths()
        self._make_moving()
        self._draw_landmarks()

    def cut_sentence(self) -> str:
        """What is cut off above the box, if anything is."""
        surface, losses = self.scene.surface.heights, self.scene.losses
        cut = [
            words
            for values, words in ((surface, "the surface is level above it"), (losses, "points above it are not drawn"))
            if (values[np.isfinite(values)] > self.scale.high * (1 + 1e-9)).any()
        ]
        return (
            f"Heights end at {self.scene.measure.quantity} {loss_text(self.scale.high)}: {', '.join(cut)}."
            if cut
            else ""
        )

    def show(self, frame: int) -> None:
        """Move paths, balls, stems and the star to a frame."""
        for start in range(self.scene.K):
            seen, hidden = self.ways[start]
            self.paths[start].set_data(seen[0][: frame + 1], seen[1][: frame + 1])
            self.faint_paths[start].set_data(hidden[0][: frame + 1], hidden[1][: frame + 1])
            self.stems[start].set_data(*self._stem(frame, start))
            self.shadows[start].set_data(*self._place(frame, start, self.under))
            self.points[start].set_data(*self._place(frame, start, self.balls))
        ended = [
            self._place(frame, start, self.balls) for start in range(self.scene.K) if self.scene.failure(start, frame)
        ]
        self.crosses.set_data(*np.reshape(ended, (-1, 2)).T)
        self.star.set_data(*self._place(*self.scene.best_at(frame), self.balls))

    def _place(self, frame: int, start: int, heights: NDArray) -> tuple[NDArray, NDArray]:
        return self.sight.project(np.array([[*self.scene.shadows[frame, start], heights[frame, start]]]))

    def _stem(self, frame: int, start: int) -> tuple[NDArray, NDArray]:
        shadow = self.scene.shadows[frame, start]
        ends = [[*shadow, heights[frame, start]] for heights in (self.balls, self.under)]
        return self.sight.project(np.array(ends))

    def _split_paths(self) -> None:
        points = np.concatenate([self.scene.shadows, self.balls[..., None]], axis=-1)  # (F, K, 3)
        points[..., 2] += RAISED
        self.ways = [self.sight.split(points[:, start]) for start in range(self.scene.K)]

    def _make_moving(self) -> None:
        K, size = self.scene.K, self.magnify
        faint = {"alpha": BEHIND, "path_effects": None, "zorder": 3.5}
        self.faint_paths = [self._add(**path_look(start, size) | faint) for start in range(K)]
        self.paths = [self._add(**path_look(start, size)) for start in range(K)]
        stem = {"linewidth": 1.3 * size, "zorder": 4.5, "alpha": 0.9, "linestyle": (0, (2.5, 1.2))}
        self.stems = [self._add(color=self.style.ink, **stem) for _ in range(K)]
        spot = {"linestyle": "none", "marker": "o", "markersize": 4 * size, "markeredgecolor": RIM, "zorder": 4.6}
        self.shadows = [self._add(markerfacecolor=start_colour(start), **spot) for start in range(K)]
        self.points = [self._add(**point_look(start, size)) for start in range(K)]
        for start in range(K):
            for look in start_looks(start, 0.8 * size):
                self._add(**look | {"zorder": 3}).set_data(*self._place(0, start, self.balls))
        self.crosses, self.star = self._add(**cross_look(size)), self._add(**star_look(size))
        self.moving = [
            *self.faint_paths, *self.paths, *self.stems, *self.shadows, self.star, *self.points, self.crosses,
        ]  # fmt: skip

    def _add(self, **look: Any) -> Line2D:
        line = Line2D([], [], clip_on=False, **look)
        self.axes.add_artist(line)
        return line

    def _draw_landmarks(self) -> None:
        """They lie in the plane, and so on the surface."""
        marks = landmarks(self.scene.run, self.scene.portrait.choice)
        for mark in marks:
            height = min(float(self.scale.place(mark.height_on(self.scene.surface))), 1.0)
            across, up = self.sight.project(np.array([[mark.a, mark.b, height]]))
            write = partial(self.axes.text2D, transform=self.axes.transData, clip_on=False)
            draw_landmark(write, float(across[0]), float(up[0]), mark, self.magnify)

    def _set_up_axes(self) -> None:
        surface, axes, style = self.scene.surface, self.axes, self.style
        lengths = np.sqrt(np.diag(surface.plane.gram))
        sides = np.array([np.ptp(surface.a), np.ptp(surface.b)]) * lengths
        sides = np.maximum(sides / sides.max(), 0.3)
        axes.set_proj_type("ortho")
        # matplotlib keeps the box's diagonal; here its longest side keeps its length: no label leaves the sheet.
        box = np.array([*sides, TALL])
        axes.set_box_aspect(box, zoom=1.04 * float(np.linalg.norm(box) / np.linalg.norm([1, 1, TALL])))
        axes.view_init(ELEVATION, self._azimuth())
        axes.set(xlim=(surface.a[0], surface.a[-1]), ylim=(surface.b[0], surface.b[-1]), zlim=(0, 1))
        ticks = self.scale.ticks(6)
        axes.set_zticks(self.scale.place(ticks), [tick_text(tick) for tick in ticks])
        axes.patch.set_alpha(0)
        names = (
            *axis_labels(surface.plane),
            self.scene.measure.title() + (" (logarithmic)" if self.scale.kind == "log" else ""),
        )
        for axis, words in zip((axes.xaxis, axes.yaxis, axes.zaxis), names, strict=True):
            axis.set_pane_color((0, 0, 0, 0))
            axis.line.set_color(style.faint)
            axis.set_tick_params(colors=style.ink, labelsize=9 * self.magnify)
            axis.set_label_text(words.replace(" · 1 unit", "\n1 unit"), color=style.ink, fontsize=10 * self.magnify)
            axis.labelpad = 12 * self.magnify
        axes.zaxis.labelpad = 1 + 3 * max(0, max((len(tick_text(tick)) for tick in ticks), default=0) - 3)

    def _azimuth(self) -> int:
        rows, columns = self.heights.shape
        across, along = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
        known = np.nan_to_num(self.heights, nan=1.0)
        slope = float((known * across).sum()), float((known * along).sum())
        rises = [slope[0] * np.cos(np.radians(each)) + slope[1] * np.sin(np.radians(each)) for each in AZIMUTHS]
        return AZIMUTHS[int(np.argmin(rises))]

    def _draw_surface(self, colours: str) -> None:
        from matplotlib import colormaps
        from matplotlib.colors import LightSource

        surface = self.scene.surface
        every = max(1, -(-max(self.heights.shape) // MOST_ACROSS))
        a, b = surface.a[::every], surface.b[::every]
        heights = self.heights[::every, ::every]
        values = surface.heights[::every, ::every]
        cells = (values[:-1, :-1] + values[1:, 1:]) / 2
        paint = colormaps[surface_colours(surface, colours)](self.colours.norm()(np.ma.masked_invalid(cells)))[..., :3]
        light = LightSource(azdeg=315, altdeg=48)
        solid = np.nan_to_num(heights, nan=1.0)
        shade = light.hillshade(solid, vert_exag=TALL, dx=1 / len(a), dy=1 / len(b))[:-1, :-1, None]
        lit = np.clip(paint * (0.55 + 0.6 * shade), 0, 1)
        A, B = np.meshgrid(a, b)
        self.axes.plot_surface(
            A, B, heights, facecolors=lit, rstride=1, cstride=1, linewidth=0.6, antialiased=True, shade=False,
            zorder=1, clip_on=False,
        )  # fmt: skip

    def _draw_contours(self) -> None:
        from contourpy import contour_generator

        surface = self.scene.surface
        if min(surface.heights.shape) < 2:
            return
        lines = contour_generator(surface.a, surface.b, np.ma.masked_invalid(surface.heights))
        gap = np.full((1, 3), np.nan)
        for level in self.colours.levels(LINES):
            z = float(self.scale.place(level)) + RAISED
            parts = [np.column_stack([line, np.full(len(line), z)]) for line in lines.lines(level)]
            if not parts or z > 1 + RAISED:
                continue
            seen, hidden = self.sight.split(np.concatenate([part for line in parts for part in (line, gap)]))
            self._add(color="#ffffff", linewidth=0.7, alpha=0.55, zorder=2).set_data(*seen)
            self._add(color="#ffffff", linewidth=0.6, alpha=0.10, zorder=2).set_data(*hidden)


def colour_scale(kind: str, surface: Surface, high: float) -> LossScale:
    """The colours of a surface whose heights end at `high`."""
    if measure_of(surface).is_loss:
        return LossScale.over(kind, np.minimum(surface.heights, high))
    return surface_scale(kind, surface)


def height_scale(kind: str, scene: Scene) -> LossScale:
    """Heights that hold the surface and the true losses, without a few far above the rest."""
    if not scene.measure.is_loss:  # accuracies and differences have no far outliers: everything has room
        known = (values[np.isfinite(values)] for values in (scene.surface.heights, scene.losses))
        return LossScale.over("linear", *known)
    surface = scene.surface.heights[np.isfinite(scene.surface.heights)]
    path = scene.losses[np.isfinite(scene.losses)]
    tops = [
        np.percentile(values, share, method="lower")
        for values, share in ((surface, HIGHEST_SURFACE), (path, HIGHEST_PATH))
        if len(values)
    ]
    # A little more than that does no harm: cut only what would press the rest flat.
    whole = LossScale.over(kind, surface, path)
    wanted = LossScale.over(kind, np.minimum(surface, max(tops)), np.minimum(path, max(tops)))
    return whole if whole.place(max(tops)) > 0.7 else wanted
