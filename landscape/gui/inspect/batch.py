"""A small map beside the landscape: the surface that the shown step's mini-batch sees, in the same colours."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.drawing.surface_layer import SurfaceLayer
from landscape.gui.session import Session
from landscape.gui.theme import Theme, start_symbol
from landscape.run.portrait import Extent
from landscape.surface import Surface


class BatchView(QWidget):
    """Shows itself while the mini-batch's surface stands beside the whole one."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.title = QLabel()  # beside the plot, not in it: a new title would have all of the plot painted anew
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.title)
        self.plot = pg.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setAccessibleName("The mini-batch's surface")
        self.plot.setToolTip("The surface that the shown step's mini-batch sees, in the colours of the whole one")
        layout.addWidget(self.plot, 1)
        self._whole: tuple[Surface, bool, Heights | None] | None = None
        self._extent: Extent | None = None
        self.layer = SurfaceLayer(self.plot, small=True)
        self.point = Markers()
        self.point.setZValue(60)
        self.plot.addItem(self.point, ignoreBounds=True)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
            self.plot.getAxis(side).setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
        self.setMinimumHeight(200)
        self.hide()
        self.set_theme(theme)
        session.minibatch.changed.connect(session.turns.soon(self.show_batch, view=self))

    def set_theme(self, theme: Theme) -> None:
        """Colour axes, title and background."""
        self._theme = theme
        self.plot.setBackground(theme.canvas)
        self.title.setStyleSheet(f"background: {theme.canvas}; color: {theme.text}; font-size: 9pt; padding-top: 3px;")
        self.layer.set_theme(theme)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.faint)
            axis.setTextPen(theme.text)

    def show_batch(self) -> None:
        """Draw the mini-batch's surface with the colours of the whole one."""
        minibatch, moment = self._session.minibatch, self._session.moment
        self.setVisible(minibatch.mode == "beside")
        batch = minibatch.surface
        if batch is None or moment is None or not self.isVisible():
            return
        logarithmic = self._session.heights.logarithmic
        whole = self._heights_of_whole(batch.whole, logarithmic)
        heights = Heights.of_values(batch.whole.a, batch.whole.b, batch.heights, logarithmic, batch.words)
        if whole is not None and heights is not None:
            heights = heights.coloured_as(whole)
        self._frame(self._session.picture.extent_shown(), batch.whole)
        self.layer.show_heights(heights, contours=True)
        self.title.setText(batch.words)
        if batch.start < len(moment.shadows):
            look = Marker(start_symbol(batch.start), 13, start_colour(batch.start), "#ffffff", 2)
            self.point.show_markers(moment.shadows[batch.start], [look])

    def _heights_of_whole(self, whole: Surface, logarithmic: bool) -> Heights | None:
        """The whole surface's heights, whose colours are this one's, found once for each surface."""
        if self._whole is None or self._whole[0] is not whole or self._whole[1] != logarithmic:
            self._whole = whole, logarithmic, Heights.of_surface(whole, logarithmic)
        return self._whole[2]

    def _frame(self, extent: Extent, whole: Surface) -> None:
        """Show the window of the plane that the landscape shows."""
        if extent != self._extent:
            self._extent = extent
            lengths = np.sqrt(np.diag(whole.plane.gram))
            self.plot.setAspectLocked(True, ratio=float(lengths[0] / lengths[1]))
            self.plot.setRange(xRange=extent.a, yRange=extent.b, padding=0)
