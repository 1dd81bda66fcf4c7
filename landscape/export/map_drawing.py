"""The surface from above: colours, contour lines, paths, starts, current points and the best so far.

Drawn in two parts: what stays, once; what moves, again for every frame (`show`): a film need not redraw the rest.
"""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from landscape.export.caption import axis_labels
from landscape.export.landmark_drawing import draw_landmark
from landscape.export.loss_scale import LossScale, tick_text
from landscape.export.scene import Scene
from landscape.export.style import RIM, STAR_COLOUR, Style, outlined, start_colour, start_marker
from landscape.run.landmark import landmarks

LINES = 14


class MapDrawing:
    """A scene drawn on flat matplotlib axes. `moving` are the artists that `show` changes."""

    def __init__(
        self,
        axes: Any,
        scene: Scene,
        scale: LossScale,
        style: Style,
        colours: str = "viridis",
        magnify: float = 1.0,
    ) -> None:
        self.axes, self.scene, self.scale, self.style = axes, scene, scale, style
        self.magnify = magnify
        self.image = self._draw_colours(colours)
        self._draw_contours()
        self._draw_noise()
        self._dress_axes()
        self._draw_starts()
        self._draw_landmarks()
        self.paths = [self._add(Line2D([], [], **path_look(start, magnify))) for start in range(scene.K)]
        self.points = [self._add(Line2D([], [], **point_look(start, magnify))) for start in range(scene.K)]
        self.star = self._add(Line2D([], [], **star_look(magnify)))
        self.crosses = self._add(Line2D([], [], **cross_look(magnify)))
        self.moving = [*self.paths, *self.points, self.crosses, self.star]

    def show(self, frame: int) -> None:
        """Move paths, points and the star to a frame."""
        scene = self.scene
        for start, (path, point) in enumerate(zip(self.paths, self.points, strict=True)):
            path.set_data(*scene.shadows[: frame + 1, start].T)
            point.set_data(*scene.shadows[frame, start][:, None])
        ended = [scene.shadows[frame, start] for start in range(scene.K) if scene.failure(start, frame)]
        self.crosses.set_data(*np.reshape(ended, (-1, 2)).T)
        self.star.set_data(*scene.shadows[scene.best_at(frame)][:, None])

    def colour_bar(self, axes: Any) -> None:
        """The scale of the colours, with ticks at round losses."""
        ink = self.style.ink
        bar = axes.figure.colorbar(self.image, cax=axes, extend="neither")
        ticks = self.scale.ticks()
        bar.set_ticks(ticks, labels=[tick_text(tick) for tick in ticks], minor=False)
        bar.minorticks_off()
        bar.outline.set_edgecolor(self.style.grid)
        axes.tick_params(colors=ink, labelsize=9.5, length=3)
        manner = " (logarithmic)" if self.scale.kind == "log" else ""
        axes.set_ylabel(f"{self.scene.measure.title()} on the plane{manner}", color=ink, fontsize=10)

    def _add(self, line: Line2D) -> Line2D:
        self.axes.add_artist(line)
        return line

    def _draw_colours(self, colours: str) -> Any:
        from matplotlib import colormaps

        surface, axes = self.scene.surface, self.axes
        half_a, half_b = (np.diff(grid).mean() / 2 if len(grid) > 1 else 0.5 for grid in (surface.a, surface.b))
        box = (surface.a[0] - half_a, surface.a[-1] + half_a, surface.b[0] - half_b, surface.b[-1] + half_b)
        colour_map = colormaps[colours].with_extremes(bad=self.style.missing)
        axes.set_facecolor(self.style.missing)
        image = axes.imshow(
            np.ma.masked_invalid(surface.heights),
            norm=self.scale.norm(),
            cmap=colour_map,
            extent=box,
            origin="lower",
            aspect="auto",
            interpolation="bilinear",
        )
        axes.set_xlim(surface.a[0], surface.a[-1])
        axes.set_ylim(surface.b[0], surface.b[-1])
        return image

    def _draw_contours(self) -> None:
        surface = self.scene.surface
        levels = self.scale.levels(LINES)
        if not len(levels) or min(surface.heights.shape) < 2:
            return
        lines = self.axes.contour(
            surface.a,
            surface.b,
            np.ma.masked_invalid(surface.heights),
            levels,
            colors=RIM if self.scene.measure.differs else "#ffffff",
            linewidths=0.7,
            alpha=0.55,
        )
        labelled = levels[:: 1 + len(levels) // 10]
        labels = self.axes.clabel(
            lines,
            labelled,
            fmt={level: tick_text(level) for level in levels},
            fontsize=8 * self.magnify,
            inline_spacing=3,
        )
        for label in labels:
            label.set_color("#ffffff")
            label.set_path_effects(outlined(1.6, strength=0.7))

    def _draw_noise(self) -> None:
        surface = self.scene.surface
        if surface.noise is None or not surface.noise.any() or min(surface.noise.shape) < 2:
            return
        ink = RIM if self.scene.measure.differs else "#ffffff"
        hatching = self.axes.contourf(
            surface.a, surface.b, surface.noise.astype(float), [0.5, 1.5], colors="none", hatches=["////"]
        )
        hatching.set(edgecolor=ink, linewidth=0.0, alpha=0.55)

    def _draw_starts(self) -> None:
        for start in range(self.scene.K):
            for look in start_looks(start, self.magnify):
                self._add(Line2D(*self.scene.shadows[0, start][:, None], **look))

    def _draw_landmarks(self) -> None:
        for mark in landmarks(self.scene.run, self.scene.portrait.choice):
            draw_landmark(self.axes.text, mark.a, mark.b, mark, self.magnify)

    def _dress_axes(self) -> None:
        ink = self.style.ink
        self.axes.tick_params(colors=ink, labelsize=9.5, length=3)
        for spine in self.axes.spines.values():
            spine.set_color(self.style.grid)
        for place, words in zip("xy", axis_labels(self.scene.portrait.plane), strict=True):
            getattr(self.axes, f"set_{place}label")(words.replace(" · 1 unit", "\n1 unit"), color=ink, fontsize=10)


def path_look(start: int, magnify: float) -> dict[str, Any]:
    """A path's line: the start's colour over a dark outline."""
    effects = outlined(3.4 * magnify)
    return {
        "color": start_colour(start), "linewidth": 1.7 * magnify, "solid_capstyle": "round", "solid_joinstyle": "round",
        "zorder": 4, "path_effects": effects,
    }  # fmt: skip


def point_look(start: int, magnify: float) -> dict[str, Any]:
    """A start's marker where it stands now: filled, dark rim."""
    colour = start_colour(start)
    return {
        "linestyle": "none", "marker": start_marker(start), "markersize": 9.5 * magnify, "markerfacecolor": colour,
        "markeredgecolor": RIM, "markeredgewidth": 1.2 * magnify, "zorder": 6,
    }  # fmt: skip


def start_looks(start: int, magnify: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """A start's marker where it began: hollow, in its colour over a wider dark one."""
    rim = {
        "linestyle": "none", "marker": start_marker(start), "markersize": 9 * magnify, "markerfacecolor": "none",
        "markeredgecolor": RIM, "markeredgewidth": 3.4 * magnify, "zorder": 5,
    }  # fmt: skip
    return rim, rim | {"markeredgecolor": start_colour(start), "markeredgewidth": 1.6 * magnify}


def star_look(magnify: float) -> dict[str, Any]:
    """The best so far: a white star, large enough to be seen behind the marker of the start that holds it."""
    return {
        "linestyle": "none", "marker": "*", "markersize": 24 * magnify, "markerfacecolor": STAR_COLOUR,
        "markeredgecolor": RIM, "markeredgewidth": 1.1 * magnify, "zorder": 5.5,
    }  # fmt: skip


def cross_look(magnify: float) -> dict[str, Any]:
    """A start that has exploded or died: a red cross over its marker."""
    return {
        "linestyle": "none", "marker": "x", "markersize": 12 * magnify, "markeredgecolor": "#ff2d2d",
        "markeredgewidth": 2.4 * magnify, "zorder": 8,
    }  # fmt: skip
