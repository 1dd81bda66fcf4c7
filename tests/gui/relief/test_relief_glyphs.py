"""The signs of the 3D view: in three dimensions a start has the same marker as on the map."""

from PyQt6.QtCore import QPointF
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from landscape.export.style import START_MARKERS
from landscape.gui.relief.glyphs import SHAPE, TILE, glyph_atlas, start_glyph
from landscape.gui.theme import start_symbol


def test_the_glyph_of_a_start_has_the_shape_of_its_marker_on_the_map(qapp):
    atlas, middle = glyph_atlas(), TILE / 2
    for start in range(len(START_MARKERS)):
        shape, left = Symbols[start_symbol(start)], start_glyph(start) * TILE
        for x in range(2, TILE, 7):
            for y in range(2, TILE, 7):
                spot = QPointF(x + 0.5 - middle, y + 0.5 - middle) / (SHAPE * TILE)
                near = [shape.contains(spot + QPointF(dx, dy)) for dx in (-0.03, 0.03) for dy in (-0.03, 0.03)]
                if all(near) or not any(near):  # not at its edge
                    assert (atlas.pixelColor(left + x, y).red() > 128) is near[0], (start, x, y)
    assert len({start_symbol(start) for start in range(len(START_MARKERS))}) == len(START_MARKERS)
