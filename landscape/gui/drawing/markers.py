"""Markers on a plot as one item: few of them, restyled at every frame, which pyqtgraph's scatter plots are not made for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from landscape.gui.drawing.lines import Overlay
from landscape.gui.drawing.strokes import at_density


@dataclass(frozen=True)
class Marker:
    """How a marker looks: pyqtgraph's letter of its shape, its size in pixels, its filling and its rim."""

    symbol: str
    size: float
    filling: Any
    rim: Any
    rim_width: float = 1.4


class Markers(Overlay):
    """Draws markers at points of the plane."""

    def __init__(self) -> None:
        super().__init__()
        self._markers: list[Marker] = []
        self.points: NDArray = np.empty((0, 2))

    def show_markers(self, points: NDArray, markers: list[Marker]) -> None:
        """Draw these (n, 2) in place of those before; the later ones lie on top."""
        points = np.asarray(points, np.float64).reshape(-1, 2)
        if markers != self._markers or not np.array_equal(points, self.points, equal_nan=True):
            self.points, self._markers = points, markers
            self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self.show_markers(np.empty((0, 2)), [])

    def nearest(self, x: float, y: float, pixels: float) -> int | None:
        """The marker within so many pixels of a point of the plane, if there is one."""
        away = np.linalg.norm((self.points - [x, y]) * self.pixels, axis=1)
        away = np.where(np.isfinite(away), away, np.inf)
        return int(away.argmin()) if len(away) and away.min() <= pixels else None

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw each at its place, upright and in pixels."""
        self.rescaled(painter)
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (x, y), marker in zip(self.points.tolist(), self._markers, strict=True):
            if np.isfinite(x) and np.isfinite(y):
                spot = transform.map(QPointF(x, y))
                painter.save()
                painter.translate(spot)
                size = marker.size * self.bold
                painter.scale(size, size)
                painter.setPen(at_density(pg.mkPen(marker.rim, width=marker.rim_width), painter, self.bold))
                painter.setBrush(pg.mkBrush(marker.filling))
                painter.drawPath(Symbols[marker.symbol])
                painter.restore()
        painter.restore()
