"""What the change of a weight goes with: every weight's |change| against its |gradient|, and against its own size.

Where no step leads on, there is one cloud: every weight's |gradient| against its own size."""

import math

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from landscape.gui.drawing.loss_axis import LossAxis
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.theme import Theme
from landscape.gui.wheel import leave_wheel_to_page
from landscape.run.weight_cloud import WeightCloud

HEIGHT = 190
DESCENT = 4  # pixels under an axis' name, which pyqtgraph lets stand out of the plot


class CloudPlot(pg.PlotWidget):
    """One cloud, drawn as one image: the colour says how many weights fall into a cell."""

    def __init__(self, along: str, tip: str, upwards: str = "") -> None:
        super().__init__(axisItems={"left": LossAxis("left"), "bottom": LossAxis("bottom")})
        self._along, self._upwards = along, upwards
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        leave_wheel_to_page(self)
        plot.disableAutoRange()
        plot.layout.setContentsMargins(1, 1, 1, DESCENT)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.line = pg.PlotCurveItem()
        self.line.setZValue(10)
        for item in (self.image, self.line):
            plot.addItem(item, ignoreBounds=True)
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self.setBackground(theme.canvas)
        table = pg.colormap.get(theme.colours).getLookupTable(nPts=256, alpha=True)
        table[0, 3] = 0  # where no weight is, the paper is seen
        self.image.setLookupTable(table)
        self.line.setPen(pg.mkPen(theme.text, width=pen_width(1.2, self), style=Qt.PenStyle.DashLine))
        style = {"color": theme.text, "font-size": "9pt"}
        self.getPlotItem().setLabel("bottom", self._along, **style)
        if self._upwards:
            self.getPlotItem().setLabel("left", self._upwards, **style)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.faint)
            axis.setTextPen(theme.text)

    def show_cloud(self, cloud: WeightCloud, y: tuple[float, float], rate: float | None = None) -> None:
        """Draw a cloud over the range `y` of its height; with a rate, the line |change| = η·|gradient|."""
        self.image.setVisible(not cloud.empty)
        self.image.setImage(np.log1p(cloud.counts), levels=(0.0, max(math.log1p(cloud.counts.max()), 1.0)))
        self.image.setRect(QRectF(cloud.x[0], cloud.y[0], cloud.x[1] - cloud.x[0], cloud.y[1] - cloud.y[0]))
        self.setXRange(*cloud.x, padding=0.02)
        self.setYRange(*y, padding=0.02)
        self.line.setVisible(rate is not None and not cloud.empty)
        if rate is not None and rate > 0:
            ends = np.array(cloud.x)
            self.line.setData(ends, ends + math.log10(rate))


class Clouds(QWidget):
    """The two clouds of an update side by side, on one scale of |change|; or the one of a model where it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.gradient = CloudPlot(
            "|gradient|",
            "Every weight's change in this step against its gradient; dashed: η times the gradient",
            "|change|",
        )
        self.weight = CloudPlot("|weight|", "Every weight's change in this step against the size of the weight itself")
        self.standing = CloudPlot(
            "|weight|", "Every weight's gradient where the model stands against the size of the weight", "|gradient|"
        )
        for plot, width in ((self.gradient, 64), (self.standing, 64)):
            plot.getPlotItem().getAxis("left").setWidth(width)
        self.weight.getPlotItem().getAxis("left").setWidth(12)
        self.weight.getPlotItem().getAxis("left").setStyle(showValues=False)
        row.addWidget(self.gradient, 5)
        row.addWidget(self.weight, 4)
        row.addWidget(self.standing, 1)
        self.standing.hide()
        self.setFixedHeight(HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Colour both plots."""
        for plot in (self.gradient, self.weight, self.standing):
            plot.set_theme(theme)

    def show_clouds(self, against_gradient: WeightCloud, against_weight: WeightCloud, rate: float) -> None:
        """Draw the two of an update."""
        self._show_stepping(True)
        there = [cloud.y for cloud in (against_gradient, against_weight) if not cloud.empty] or [(0.0, 1.0)]
        y = min(low for low, _ in there), max(high for _, high in there)
        self.gradient.show_cloud(against_gradient, y, rate)
        self.weight.show_cloud(against_weight, y)

    def show_standing(self, gradient_against_weight: WeightCloud) -> None:
        """Draw the one of a model that no step leads on from."""
        self._show_stepping(False)
        self.standing.show_cloud(gradient_against_weight, gradient_against_weight.y)

    def _show_stepping(self, stepping: bool) -> None:
        self.standing.setVisible(not stepping)
        for plot in (self.gradient, self.weight):
            plot.setVisible(stepping)
