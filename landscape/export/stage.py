"""Where a film is drawn: one figure whose still part is kept as pixels, with the moving part drawn over it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.export import caption
from landscape.export.loss_scale import surface_colours, surface_scale
from landscape.export.map_drawing import MapDrawing
from landscape.export.map_figure import map_size
from landscape.export.relief_drawing import ReliefDrawing
from landscape.export.scene import Scene
from landscape.export.sheet import Sheet
from landscape.export.style import RIM, STAR_COLOUR, START_COLOURS, Style, style_of

TALL = {"map": 7.8, "relief": 7.4, "both": 6.8}  # inches
WIDE = {"map": 8.0, "relief": 8.0, "both": 12.8}
MAP_HEIGHT, MAP_WIDTH = 5.3, 5.5


class Stage:
    """A scene ready to be filmed: `picture(frame)` gives its pixels. `size` is (width, height), both even."""

    def __init__(self, scene: Scene, film: str, width: int, style: str, kind: str, colours: str) -> None:
        self.scene = scene
        self.sheet = Sheet(WIDE[film], TALL[film], style_of(style))
        self.size = sized(film, width)
        figure = self.sheet.figure
        figure.set_dpi(self.size[0] / WIDE[film])
        figure.set_size_inches(self.size[0] / figure.dpi, self.size[1] / figure.dpi)
        self.canvas: Any
        self.drawings: list[Any] = []
        if film != "relief":
            self._map(kind, colours)
        if film != "map":
            self._relief(kind, colours, film == "both")
        self._words()
        self.clock = self.sheet.write(0.35, self.sheet.height - 0.78, "", 10.5)
        for artist in self._moving():
            artist.set_animated(True)
        self.canvas = figure.canvas
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(figure.bbox)

    def picture(self, frame: int) -> NDArray:
        """The pixels at a frame, (height, width, 3) uint8."""
        figure = self.sheet.figure
        self.canvas.restore_region(self.still)
        self.clock.set_text(caption.moment(self.scene, frame))
        for drawing in self.drawings:
            drawing.show(frame)
        for artist in self._moving():
            figure.draw_artist(artist)
        return np.array(np.asarray(self.canvas.buffer_rgba())[..., :3])

    def plain_colours(self) -> NDArray:
        """The colours by which things are known, (n, 3) uint8."""
        return plain_colours(self.sheet.style)

    def _moving(self) -> list[Any]:
        moving = [artist for drawing in self.drawings for artist in drawing.moving]
        return [*sorted(moving, key=lambda artist: float(artist.get_zorder())), self.clock]

    def _map(self, kind: str, colours: str) -> None:
        sheet, surface = self.sheet, self.scene.surface
        width, height = map_size(surface, MAP_WIDTH, MAP_HEIGHT)
        if sheet.width > WIDE["map"]:
            width, height = width * 0.82, height * 0.82
        left, bottom = 1.1, sheet.height - 1.05 - height
        drawing = MapDrawing(
            sheet.axes(left, bottom, width, height),
            self.scene,
            surface_scale(kind, surface),
            sheet.style,
            surface_colours(surface, colours),
        )
        drawing.colour_bar(sheet.axes(left + width + 0.15, bottom, 0.16, height))
        self.drawings.append(drawing)

    def _relief(self, kind: str, colours: str, beside_map: bool) -> None:
        left = 6.5 if beside_map else 0.1
        axes = self.sheet.relief_axes(left, 1.1, self.sheet.width - left - 0.5, self.sheet.height - 2.0)
        self.drawings.append(ReliefDrawing(axes, self.scene, kind, self.sheet.style, colours, 0.9))

    def _words(self) -> None:
        sheet, scene = self.sheet, self.scene
        sheet.title(0.35, sheet.height - 0.45, caption.headline(scene), 14, fontweight="bold")
        sheet.paragraph(0.35, 0.72, sheet.width - 0.6, caption.coverage_sentence(scene), 9)


def sized(film: str, width: int) -> tuple[int, int]:
    """Width and height of a film in pixels, both even as MP4 wants them."""
    return width - width % 2, round(width * TALL[film] / WIDE[film] / 2) * 2


def plain_colours(style: Style) -> NDArray:
    """The colours by which things are known, (n, 3) uint8: paper, ink, and each start's."""
    from matplotlib.colors import to_rgb

    names = (style.paper, style.ink, style.faint, STAR_COLOUR, RIM, *START_COLOURS)
    return np.unique(np.array([to_rgb(name) for name in names]) * 255, axis=0).round().astype(np.uint8)
