"""One quantity along a straight line: training solid, validation dashed, its two ends marked."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt

from landscape.export.style import start_colour
from landscape.gui.drawing.heights import heights_of
from landscape.gui.drawing.loss_axis import LossAxis
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.theme import Theme, start_symbol
from landscape.lab.profile import SETS, Profile

BELOW, ABOVE = 0.06, 0.16  # of the curves' range: room beneath them, and over them for the letters of the ends


class LinePlot(pg.PlotWidget):
    """Loss or accuracy over t; the loss may be drawn logarithmically."""

    def __init__(self, quantity: str) -> None:
        self._axis = LossAxis("left", logarithmic=False)
        super().__init__(axisItems={"left": self._axis})
        self.quantity = quantity
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self._axis.setWidth(52)
        self.showGrid(x=False, y=True, alpha=0.15)
        self.getAxis("bottom").enableAutoSIPrefix(False)
        if quantity == "accuracy":  # the lower of the two
            self.setLabel("bottom", "t: 0 at A, 1 at B; θ = (1 − t)·θ<sub>A</sub> + t·θ<sub>B</sub>")
        self.setAccessibleName(f"{quantity} along the line")
        self.setToolTip(f"The {quantity} of the networks θ = (1 − t)·θ_A + t·θ_B; solid: training, dashed: validation")
        self.curves = {which: self.plot([], []) for which in SETS}
        self.ends = pg.ScatterPlotItem()
        self.ends.setZValue(10)
        self.addItem(self.ends)
        self.posts = []
        for t, letter in enumerate("AB"):
            post = pg.InfiniteLine(t, label=letter, labelOpts={"position": 0.94, "anchors": [(-0.5, 0.5), (1.5, 0.5)]})
            self.addItem(post, ignoreBounds=True)
            self.posts.append(post)

    def set_theme(self, theme: Theme) -> None:
        """Colour background, axes and curves."""
        self.setBackground(theme.canvas)
        self._theme = theme
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(theme.faint)
            self.getAxis(side).setTextPen(theme.text)
        for which, dash in zip(SETS, (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine), strict=True):
            self.curves[which].setPen(pg.mkPen(theme.text, width=pen_width(1.8, self), style=dash))
        for post in self.posts:
            post.setPen(pg.mkPen(theme.faint, width=pen_width(1, self), style=Qt.PenStyle.DotLine))
            post.label.setColor(theme.text)

    def show_profile(self, found: Profile | None, logarithmic: bool) -> None:
        """Draw it as far as it is known."""
        logarithmic = logarithmic and self.quantity == "loss"
        self._axis.logarithmic = logarithmic
        name = "accuracy in %" if self.quantity == "accuracy" else "loss (logarithmic)" if logarithmic else "loss"
        self.getPlotItem().setTitle(f"{name} · solid: training, dashed: validation", color=self._theme.text, size="9pt")
        drawn = {} if found is None else {which: self._heights(found, which, logarithmic) for which in found.curves}
        for which, curve in self.curves.items():
            curve.setData(*(([], []) if found is None or which not in drawn else (found.t, drawn[which])))
        self.ends.setData([])
        if found is None:
            return
        at = np.searchsorted(found.t, (0.0, 1.0))
        self.ends.setData([
            {
                "pos": (t, drawn["training"][place]),
                "size": 12,
                "symbol": "o" if end.start is None else start_symbol(end.start),
                "brush": self._theme.text if end.start is None else start_colour(end.start),
                "pen": pg.mkPen(self._theme.canvas, width=1.5),
            }
            for t, place, end in zip((0, 1), at, (found.line.a, found.line.b), strict=True)
            if np.isfinite(drawn["training"][place])
        ])  # fmt: skip
        self.setXRange(float(found.t[0]), float(found.t[-1]), padding=0.02)
        values = np.concatenate(list(drawn.values()))
        values = values[np.isfinite(values)]
        if len(values):
            spread = float(np.ptp(values)) or 0.1
            self.setYRange(float(values.min()) - BELOW * spread, float(values.max()) + ABOVE * spread, padding=0)

    def _heights(self, found: Profile, which: str, logarithmic: bool) -> NDArray:
        values = getattr(found.curves[which], self.quantity)
        return heights_of(100 * values if self.quantity == "accuracy" else values, logarithmic)
