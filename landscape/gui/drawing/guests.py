"""Guests on the map: the ways of a race's optimisers, which are no starts of the shown run."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt

from landscape.export.style import start_colour
from landscape.gui.drawing.markers import Marker, Markers
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
            pen = pg.mkPen(start_colour(racer), width=2.2, style=Qt.PenStyle.DotLine)
            line = pg.PlotCurveItem(way[:, 0], way[:, 1], pen=pen, antialias=True)
            words = pg.TextItem(name, color="#ffffff", fill=pg.mkBrush(20, 22, 27, 190), anchor=(0, 1))
            words.setPos(float(way[-1, 0]), float(way[-1, 1]))
            for item, depth in ((line, DEPTH), (words, DEPTH + 1)):
                item.setZValue(depth)
                self._plot.addItem(item, ignoreBounds=True)
            self.lines.append(line)
            self._names.append(words)
        hollow = pg.mkColor(20, 22, 27, 160)
        looks = [Marker(start_symbol(racer), 12, hollow, start_colour(racer), 2) for racer in range(len(guests.names))]
        self.ends.show_markers(np.asarray(guests.coordinates[-1]), looks)
