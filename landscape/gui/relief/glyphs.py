"""The markers of the starts, the star and a few more signs, as one small picture for the graphics card."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from landscape.export.style import START_MARKERS
from landscape.gui.theme import start_symbol

TILE = 96  # pixels
SHAPE = 0.70  # of the tile; the rim lies around it
RIM = 0.17  # width of the rim's stroke in shares of the tile, half of it outside the shape
STAR, CROSS, DISC, RING = (len(START_MARKERS) + extra for extra in range(4))
RING_HOLE = 0.78  # of the ring's width
TILES = len(START_MARKERS) + 4


def start_glyph(start: int) -> int:
    """The tile of a start's marker: the same shapes as on the map."""
    return start % len(START_MARKERS)


def glyph_atlas() -> QImage:
    """All tiles side by side: red where a glyph is filled, green where it is filled or rimmed."""
    shapes = [Symbols[start_symbol(start)] for start in range(len(START_MARKERS))]
    shapes += [Symbols["star"], Symbols["+"], _disc(), _ring()]
    picture = QImage(TILE * TILES, TILE, QImage.Format.Format_RGBA8888)
    picture.fill(QColor(0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for tile, shape in enumerate(shapes):
        place = QTransform().translate((tile + 0.5) * TILE, TILE / 2).scale(SHAPE * TILE, SHAPE * TILE)
        path = place.map(shape)
        painter.setPen(
            QPen(
                QColor(0, 255, 0), RIM * TILE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            )
        )
        painter.setBrush(QColor(0, 255, 0))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 255, 0))
        painter.drawPath(path)
    painter.end()
    return picture


def _disc() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(-0.5, -0.5, 1.0, 1.0))
    return path


def _ring() -> QPainterPath:
    path = _disc()
    path.addEllipse(QRectF(-RING_HOLE / 2, -RING_HOLE / 2, RING_HOLE, RING_HOLE))
    return path
