"""A small map beside the landscape: the surface that the shown step's mini-batch sees, in the same colours."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.drawing.surface_layer import Heights, SurfaceLayer
from landscape.gui.session import Session
from landscape.gui.theme import Theme, start_symbol


class BatchView(QWidget):
    """Shows itself while the mini-batch's surface stands beside the whole one."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.plot = pg.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        layout.addWidget(self.plot)
        self.layer = SurfaceLayer(self.plot, small=True)
        self.point = Markers()
        self.point.setZValue(60)
        self.plot.addItem(self.point, ignoreBounds=True)
        self.setMinimumHeight(200)
        self.hide()
        self.set_theme(theme)
        session.minibatch.changed.connect(session.turns.soon(self.show_batch))

    def set_theme(self, theme: Theme) -> None:
        """Colour axes, title and background."""
        self._theme = theme
        self.plot.setBackground(theme.canvas)
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
        logarithmic = self._session.picture.scale == "log"
        whole = Heights.of_losses(batch.whole.a, batch.whole.b, batch.whole.loss, logarithmic)
        heights = Heights.of_losses(batch.whole.a, batch.whole.b, batch.loss, logarithmic)
        if whole is not None and heights is not None:
            heights = heights.coloured_as(whole)
        self.layer.show_heights(heights, contours=True)
        box = self._session.picture.extent_shown()
        lengths = np.sqrt(np.diag(batch.whole.plane.gram))
        self.plot.setAspectLocked(True, ratio=float(lengths[0] / lengths[1]))
        self.plot.setRange(xRange=box.a, yRange=box.b, padding=0)
        self.plot.getPlotItem().setTitle(batch.words, color=self._theme.text, size="9pt")
        if batch.start < len(moment.shadows):
            look = Marker(start_symbol(batch.start), 13, start_colour(batch.start), "#ffffff", 2)
            self.point.show_markers(moment.shadows[batch.start], [look])
