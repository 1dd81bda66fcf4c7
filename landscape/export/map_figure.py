"""The picture from above, laid out for a slide: map, colour bar, the starts' figures, and what the plane can't hold."""

from typing import Any

import numpy as np

from landscape.export import caption
from landscape.export.loss_scale import surface_colours, surface_scale
from landscape.export.map_drawing import MapDrawing
from landscape.export.scene import Scene
from landscape.export.sheet import Sheet
from landscape.export.style import style_of
from landscape.run import Run
from landscape.run.portrait import Portrait
from landscape.surface import Surface

WIDTH, HEIGHT = 12.8, 8.0  # inches
BESIDE = 4.3
MAP_WIDTH, MAP_HEIGHT = 6.05, 5.95


def map_figure(
    run: Run,
    portrait: Portrait,
    surface: Surface,
    step: int | None = None,
    *,
    style: str = "light",
    scale: str = "log",
    colours: str = "viridis",
) -> Any:
    """A matplotlib Figure of the surface from above with every path up to `step` (None: the last).

    `style`: "light" or "dark"; `scale` of the colours: "log" or "linear"; `colours`: a matplotlib colour map. Equal
    distances are equal lengths. Raises SetupError where run, portrait and surface do not belong together.
    """
    scene = Scene.of(run, portrait, surface)
    frame = scene.frame_at(step)
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    sheet.heading(scene)
    width, height = map_size(surface, MAP_WIDTH, MAP_HEIGHT)
    left, bottom = 1.2, HEIGHT - 1.15 - height
    axes = sheet.axes(left, bottom, width, height)
    drawing = MapDrawing(axes, scene, surface_scale(scale, surface), sheet.style, surface_colours(surface, colours))
    drawing.colour_bar(sheet.axes(left + width + 0.22, bottom, 0.2, height))
    drawing.show(frame)
    beside(sheet, scene, frame)
    return sheet.figure


def beside(sheet: Sheet, scene: Scene, frame: int, more: str = "") -> None:
    """The column right of a drawing: the moment, the starts' figures, the key, the words of honesty, and `more`."""
    left = WIDTH - BESIDE
    sheet.write(left, HEIGHT - 1.3, caption.time_text(scene, frame), 12, fontweight="bold")
    y = sheet.table_of_starts(scene, frame, left, HEIGHT - 1.8)
    y = sheet.key(scene, frame, left, y - 0.12)
    y = sheet.honesty(scene, left, y - 0.2, BESIDE - 0.35)
    sheet.paragraph(left, y, BESIDE - 0.35, more)


def map_size(surface: Surface, most_width: float, most_height: float) -> tuple[float, float]:
    """The largest map within a box on which equal distances in parameter space are equal lengths."""
    lengths = np.sqrt(np.diag(surface.plane.gram))
    width = float((surface.a[-1] - surface.a[0]) * lengths[0]) or 1.0
    height = float((surface.b[-1] - surface.b[0]) * lengths[1]) or 1.0
    ratio = min(max(width / height, 0.2), 5.0)
    return (most_width, most_width / ratio) if ratio > most_width / most_height else (most_height * ratio, most_height)
