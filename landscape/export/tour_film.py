"""A tour from plane to plane as a film: the surface turns into the next one, and the plane's coverage is told at every frame."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.export import caption
from landscape.export.film import Filmed, check_film, check_film_place, rolled
from landscape.export.loss_scale import LossScale, surface_colours, surface_scale
from landscape.export.map_drawing import MapDrawing
from landscape.export.provenance import Provenance
from landscape.export.scene import Scene
from landscape.export.sheet import Sheet
from landscape.export.stage import TALL, WIDE, plain_colours, sized
from landscape.export.style import style_of
from landscape.run import Run
from landscape.run.portrait import CELLS, Portrait
from landscape.run.turntable import Turntable, touring
from landscape.surface import Surface
from landscape.surface.measure import Measure, as_measure

DIGITS = 1000
WIDTH = 720  # pixels
# The scale of the colours is one for the whole film; so many cells a side, at every frame, tell how far it reaches.
CELLS_SCALED = 13
MAP_SIDE = 5.2  # inches
HELD = 15  # the first and the last frame stay so many times as long


def filming_tour(
    run: Run,
    before: Portrait,
    choice: str,
    path: str | Path,
    *,
    start: int = 0,
    seed: int = 0,
    which: Measure | str = "training",
    frames: int = 90,
    fps: float = 20,
    cells: int = CELLS,
    digits: int = DIGITS,
    width: int = WIDTH,
    style: str = "light",
    scale: str = "log",
    colours: str = "viridis",
) -> Iterator[Filmed]:
    """Film the tour from a portrait's plane to the plane of a choice (see PLANES); .gif, .mp4 or none chooses the format.

    `start` and `seed` serve that choice as in `portray`; every frame is `cells` x `cells`, over the first `digits` of the
    digits of a measure or set (`which`). Paths are drawn whole. Yields after every frame; closing it leaves no file. Raises
    SetupError for values that make no sense, RecordError where the file can't be written.
    """
    path = Path(path)
    check_film_place(path)
    check_film(run, frames, fps, width)
    style_of(style)
    if not 5 <= cells <= 501:
        raise SetupError(f"a frame of a tour has 5 to 501 cells a side, not {cells:,}", "cells")
    if digits < 1:
        raise SetupError(f"a tour's surfaces are a mean over 1 digit or more, not {digits:,}", "digits")
    which = as_measure(which)
    look = {"style": style, "kind": scale, "colours": colours}
    preparing = touring(run, before.plane, choice, start, seed, which, digits)
    return _filming(run, before, preparing, path, frames, fps, cells, width, which, look)


def _filming(
    run: Run, before: Portrait, preparing: Iterator[Turntable | None], path: Path, frames: int, fps: float, cells: int,
    width: int, which: Measure, look: dict[str, str],
) -> Iterator[Filmed]:  # fmt: skip
    yield Filmed(path, 0, 0.0)
    prepared = None
    for table in preparing:
        prepared = table
        yield Filmed(path, 0, 0.0)
    assert prepared is not None
    stage = TourStage(run, before, prepared, frames, cells, width, which, **look)
    for _ in stage.scaling():
        yield Filmed(path, 0, 0.0)
    yield from rolled(path, stage, range(frames), fps, Provenance.of(run, stage.title), held_first=HELD)


class TourStage:
    """A tour ready to be filmed: `picture(frame)` gives its pixels. `size` is (width, height), both even."""

    def __init__(
        self, run: Run, before: Portrait, table: Turntable, frames: int, cells: int, width: int, which: Measure | str,
        style: str, kind: str, colours: str,
    ) -> None:  # fmt: skip
        assert table.tour is not None and table.destination is not None
        self.run, self.table, self.which, self.cells = run, table, as_measure(which), cells
        self.ends = before, table.destination
        self.extents = before.extent(), table.destination.extent()
        # As in the window: it sets off and arrives gently.
        times = np.linspace(0, 1, frames)
        self.shares = times * times * (3 - 2 * times)
        self.style, self.kind, self.colours = style_of(style), kind, colours
        self.title = f"Tour from {before.words} to {table.destination.words}"
        self.size = sized("map", width)
        self.scale: LossScale | None = None

    def scaling(self) -> Iterator[None]:
        """Look at the whole way coarsely, for the scale of the colours; before the first picture."""
        surfaces = []
        for share in self.shares:
            surfaces.append(self._surface(share, CELLS_SCALED)[1])
            yield
        self.scale = surface_scale(self.kind, *surfaces)

    def scene(self, frame: int) -> Scene:
        """What there is to see at a frame: the run and the surface on the plane there."""
        portrait, surface = self._surface(float(self.shares[frame]), self.cells)
        end = {0: 0, len(self.shares) - 1: 1}.get(frame)
        if end is not None:  # the yardstick belongs to a plane by PCA, not to those on the way
            portrait = replace(portrait, yardstick=self.ends[end].yardstick)
        return Scene.of(self.run, portrait, surface)

    def picture(self, frame: int) -> NDArray:
        """The pixels at a frame, (height, width, 3) uint8."""
        assert self.scale is not None
        scene = self.scene(frame)
        sheet = Sheet(WIDE["map"], TALL["map"], self.style)
        figure = sheet.figure
        figure.set_dpi(self.size[0] / WIDE["map"])
        figure.set_size_inches(self.size[0] / figure.dpi, self.size[1] / figure.dpi)
        left, bottom = 1.1, sheet.height - 1.3 - MAP_SIDE
        drawing = MapDrawing(
            sheet.axes(left, bottom, MAP_SIDE, MAP_SIDE),
            scene,
            self.scale,
            self.style,
            surface_colours(scene.surface, self.colours),
        )
        drawing.colour_bar(sheet.axes(left + MAP_SIDE + 0.15, bottom, 0.16, MAP_SIDE))
        drawing.show(scene.frames - 1)
        self._words(sheet, scene, frame)
        canvas: Any = figure.canvas
        canvas.draw()
        return np.array(np.asarray(canvas.buffer_rgba())[..., :3])

    def words(self, scene: Scene, frame: int) -> tuple[str, str]:
        """The way so far, and what the plane there holds and what its heights are: the two lines of a frame."""
        share = float(self.shares[frame])
        tour = self.table.tour
        assert tour is not None
        turned = np.degrees(tour.distance * share)
        way = f"{100 * share:.0f} % of the way · turned by {turned:.0f}° of {np.degrees(tour.distance):.0f}°"
        rows, columns = scene.surface.heights.shape
        heights = f"{columns} × {rows} cells, {scene.surface.examples:,} {self.which.set_words}"
        return f"{way} · {heights}", caption.coverage_sentence(scene)

    def plain_colours(self) -> NDArray:
        """The colours by which things are known, (n, 3) uint8."""
        return plain_colours(self.style)

    def _surface(self, share: float, cells: int) -> tuple[Portrait, Surface]:
        tour = self.table.tour
        assert tour is not None
        pose = tour.pose(share)
        plane = tour.subspace.plane(pose)
        extent = self.extents[0].towards(self.extents[1], share).shaped(1.0, plane)
        portrait, surface = self.table.picture(pose, extent, cells)
        # Both made the same plane from one pose, but for the rounding.
        return portrait, replace(surface, plane=portrait.plane)

    def _words(self, sheet: Sheet, scene: Scene, frame: int) -> None:
        way, holds = self.words(scene, frame)
        first, last = self.ends
        sheet.title(0.35, sheet.height - 0.42, f"Tour: {first.words} → {last.words}", 13, fontweight="bold")
        sheet.write(0.35, sheet.height - 0.74, way, 9.5)
        self._gauge(sheet, scene.portrait.coverage_all)
        sheet.paragraph(0.35, 0.68, sheet.width - 0.6, holds, 9)

    def _gauge(self, sheet: Sheet, coverage: float) -> None:
        """A bar as long as the share of the movement that the plane holds."""
        axes = sheet.axes(0.35, sheet.height - 1.02, sheet.width - 2.3, 0.12)
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], facecolor=self.style.grid)
        for spine in axes.spines.values():
            spine.set_visible(False)
        share = float(np.nan_to_num(coverage))
        axes.barh(0.5, share, height=1, color=self.style.ink)
        sheet.write(sheet.width - 1.85, sheet.height - 1.02, f"coverage {caption.share_text(share)}", 9.5)
