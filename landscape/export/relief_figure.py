"""The picture in relief, laid out for a slide like the one from above."""

from typing import Any

from landscape.export.map_figure import BESIDE, HEIGHT, WIDTH, beside
from landscape.export.relief_drawing import ReliefDrawing
from landscape.export.scene import Scene
from landscape.export.sheet import Sheet
from landscape.export.style import style_of
from landscape.run import Run
from landscape.run.portrait import Portrait
from landscape.surface import Surface


def relief_figure(
    run: Run,
    portrait: Portrait,
    surface: Surface,
    step: int | None = None,
    *,
    style: str = "light",
    scale: str = "log",
    colours: str = "viridis",
) -> Any:
    """A matplotlib Figure of the surface as a lit relief, every ball at its true loss with a stem to its shadow.

    Arguments and errors as for `map_figure`; `scale` is that of the heights and the colours.
    """
    scene = Scene.of(run, portrait, surface)
    frame = scene.frame_at(step)
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    sheet.heading(scene)
    axes = sheet.relief_axes(0.0, 0.25, WIDTH - BESIDE - 0.35, HEIGHT - 1.15)
    drawing = ReliefDrawing(axes, scene, scale, sheet.style, colours)
    drawing.show(frame)
    beside(sheet, scene, frame, drawing.cut_sentence())
    return sheet.figure
