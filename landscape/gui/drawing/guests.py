"""Guests on the map: the ways of a race's optimisers, which are no starts of the shown run."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt

from landscape.export.style import start_colour
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.session import Session
from landscape.gui.theme import start_symbol

DEPTH = 75  # over the run's own paths, under the best and the chosen point


class Guests:
    """Dotted lines with a hollow marker at each end and a name; nothing while there are none."""

    def __init__(self, plot: pg.PlotWidget, session: Session) -> None:
        self._plot, self._session = plot, session
        self.lines: list[pg.PlotCurveItem] = []
        self._names: list[pg.TextItem] = []
        self.ends = Markers()
        self.ends.setZValue(DEPTH)
        plot.addItem(self.ends, ignoreBounds=True)
        session.guests_changed.connect(session.turns.soon(self.show))
        session.plane_changed.connect(session.turns.soon(self.show))
        plot.getViewBox().sigRangeChanged.connect(lambda *_: self._place_names(self.ends.points))

    def show(self) -> None:
        """Draw them if their shadows lie on the plane that is shown."""
        for item in (*self.lines, *self._names):
            self._plot.removeItem(item)
        self.lines, self._names = [], []
        guests = self._session.lab.guests if self._session.lab_is_open else None
        portrait = self._session.portrait
        if guests is None or portrait is None or guests.plane is not portrait.plane:
            self.ends.clear()
            return
        for racer, name in enumerate(guests.names):
            way = guests.coordinates[:, racer]
            pen = pg.mkPen(start_colour(racer), width=pen_width(2.2, self._plot), style=Qt.PenStyle.DotLine)
            line = pg.PlotCurveItem(way[:, 0], way[:, 1], pen=pen, antialias=True)
            words = pg.TextItem(name, color="#ffffff", fill=pg.mkBrush(20, 22, 27, 190), anchor=(0, 1))
            for item, depth in ((line, DEPTH), (words, DEPTH + 1)):
                item.setZValue(depth)
                self._plot.addItem(item, ignoreBounds=True)
            self.lines.append(line)
            self._names.append(words)
        self._place_names(guests.coordinates[-1])
        hollow = pg.mkColor(20, 22, 27, 160)
        looks = [Marker(start_symbol(racer), 12, hollow, start_colour(racer), 2) for racer in range(len(guests.names))]
        self.ends.show_markers(np.asarray(guests.coordinates[-1]), looks)

    def _place_names(self, ends: NDArray) -> None:
        """Each name at the end (R, 2) of its way, within the map, higher up where it would lie on one before it."""
        view = self._plot.getViewBox()
        pixel, right = np.array(view.viewPixelSize()), float(view.viewRange()[0][1])
        taken: list[tuple[float, float, float, float]] = []  # left, right, bottom, top
        for words, (left, bottom) in zip(self._names, np.asarray(ends, np.float64), strict=False):
            wide, high = np.array([words.boundingRect().width(), words.boundingRect().height()]) * pixel
            if left < right:  # no name is cut at the rim of the map
                left = min(left, right - wide)
            below = sorted(box for box in taken if left < box[1] and left + wide > box[0])
            for _, _, low, top in sorted(below, key=lambda box: box[2]):
                if bottom < top and bottom + high > low:
                    bottom = top
            taken.append((left, left + wide, bottom, bottom + high))
            words.setPos(float(left), float(bottom))
