"""An earlier run's paths on a plot: dashed, with hollow markers at their ends and a label that says whose they are."""

import pyqtgraph as pg
from PyQt6.QtWidgets import QLabel

from landscape.export.style import start_colour
from landscape.gui.drawing.lines import Line, Lines
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.session import Session
from landscape.gui.theme import Theme, start_symbol

DEPTH = 45  # over the starts, under the paths of the shown run
RIM, END = "#0a0c10", 11


class RivalPaths:
    """Draws the session's rival on the plot of a map."""

    def __init__(self, session: Session, plot: pg.PlotWidget) -> None:
        self._session, self._plot = session, plot
        self.lines, self.ends = Lines(), Markers()
        for item in (self.lines, self.ends):
            item.setZValue(DEPTH)
            item.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
            plot.addItem(item, ignoreBounds=True)
        self.label = QLabel(plot)
        self.label.setToolTip("The earlier run's paths are dashed; their hollow markers stand where it ended")
        self.label.hide()
        plot.getViewBox().sigResized.connect(lambda _: self._place())
        session.rival.changed.connect(session.turns.soon(self.show))

    def set_theme(self, theme: Theme) -> None:
        """Colour the label."""
        self.label.setStyleSheet(
            f"background: {theme.panel}; color: {theme.text}; border: 1px dashed {theme.faint};"
            " border-radius: 4px; padding: 3px 7px;"
        )
        self.label.adjustSize()

    def _place(self) -> None:
        """In the upper right corner of the map: the left one is that of a chosen point's card."""
        seen = self._plot.getViewBox().sceneBoundingRect()
        self.label.move(round(seen.right()) - self.label.width() - 8, round(seen.top()) + 6)

    def show(self) -> None:
        """Draw it as it lies on the shown plane, or nothing."""
        rival = self._session.rival
        shown = rival.run is not None and len(rival.shadows) > 0
        self.label.setVisible(shown and rival.contrast is not None)
        if not shown:
            self.lines.show_lines([])
            self.ends.clear()
            return
        ways = rival.shadows.transpose(1, 0, 2)
        rim = pg.mkPen(RIM, width=3.4)
        lines = [Line(rim, way, dashed=True) for way in ways]
        lines += [Line(pg.mkPen(start_colour(k), width=1.6), way, dashed=True) for k, way in enumerate(ways)]
        self.lines.show_lines(lines)
        looks = [Marker(start_symbol(k), END, "#14161b", start_colour(k), 1.8) for k in range(len(ways))]
        self.ends.show_markers(rival.shadows[-1], looks)
        if rival.contrast is not None:
            self.label.setText(f"dashed: {rival.contrast.label}")
            self.label.adjustSize()
            self._place()
