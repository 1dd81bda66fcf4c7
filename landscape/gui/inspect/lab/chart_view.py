"""A chart of the lab on screen: the same description that pictures are drawn from, with its key below."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from landscape.export.lab_chart import INK, Chart, Mark, Series
from landscape.gui.drawing.loss_axis import LossAxis
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.theme import Theme
from landscape.gui.wheel import leave_wheel_to_page

HEIGHT = 210
DESCENT = 6  # pixels under an axis' name, which pyqtgraph lets stand out of the plot
# The markers of pictures in pyqtgraph's letters and, in the key, as signs of writing.
SYMBOLS = {"o": "o", "s": "s", "^": "t1", "D": "d", "v": "t", "P": "+", "X": "x", "h": "h", "p": "p", "*": "star"}
SIGNS = {"o": "●", "s": "■", "^": "▲", "D": "◆", "v": "▼", "P": "✚", "X": "✖", "h": "⬢", "p": "⬟", "*": "★", "|": "┃"}
FEW = 30  # points; a longer line has a marker now and then only
TALL = 14  # half the height of an upright stroke, in pixels


class ChartView(QWidget):
    """Draws one chart at a time; axes are logarithmic where the chart says so."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chart: Chart | None = None
        self.axes = {side: LossAxis(side, False) for side in ("left", "bottom")}
        self.plot = pg.PlotWidget(axisItems=self.axes)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        leave_wheel_to_page(self.plot)
        self.plot.setFixedHeight(HEIGHT)
        self.plot.getAxis("left").setWidth(62)
        self.plot.getAxis("bottom").setHeight(46)
        self.plot.getPlotItem().layout.setContentsMargins(2, 8, 8, DESCENT)
        self.key = QLabel()
        self.key.setWordWrap(True)
        self.key.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.plot)
        column.addWidget(self.key)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background, and draw again."""
        self._theme = theme
        self.plot.setBackground(theme.canvas)
        for axis in self.axes.values():
            axis.setPen(theme.faint)
            axis.setTextPen(theme.text)
        if self._chart is not None:
            self.show_chart(self._chart)

    def show_chart(self, chart: Chart) -> None:
        """Draw this in place of what was drawn."""
        self._chart = chart
        self.plot.clear()
        for side, logarithmic, title in (("left", chart.y_log, chart.y), ("bottom", chart.x_log, chart.x)):
            self.axes[side].logarithmic = logarithmic
            self.axes[side].setTicks(None)
            self.plot.setLabel(side, title, color=self._theme.text, **{"font-size": "9pt"})
            self.axes[side].resizeEvent()  # else the new words stand where the old ones began
        for series in chart.series:
            self._draw(series, chart)
        for mark in chart.marks:
            self._mark(mark, chart)
        self.plot.getViewBox().invertY(bool(chart.rows))
        if chart.rows:
            self.axes["left"].setTicks([list(enumerate(chart.rows))])
        self._fit(chart)
        parts = [(SIGNS.get(s.marker, "━" if not s.dashed else "┅"), s.colour, s.label) for s in chart.series]
        parts += [("╎" if mark.upright else "╌", mark.colour, mark.label) for mark in chart.marks]
        self.key.setText("&nbsp; ".join(
            f'<span style="white-space:pre;"><span style="color:{self._colour(colour)}">{sign}</span>&nbsp;'
            f"{label.replace(' ', '&nbsp;')}</span>"
            for sign, colour, label in parts if label
        ))  # fmt: skip
        self.key.setVisible(bool(self.key.text()))
        self.plot.setAccessibleName(f"{chart.y} over {chart.x}")

    def _draw(self, series: Series, chart: Chart) -> None:
        x, y = _placed(series.x, chart.x_log), _placed(series.y, chart.y_log)
        known = np.isfinite(x) & np.isfinite(y)
        colour = pg.mkColor(self._colour(series.colour))
        colour.setAlphaF(series.strength)
        if series.low is not None and series.high is not None:
            faint = pg.mkColor(colour)
            faint.setAlphaF(0.22)
            edges = [pg.PlotCurveItem(x, _placed(edge, chart.y_log), pen=None) for edge in (series.low, series.high)]
            for item in (*edges, pg.FillBetweenItem(*edges, brush=faint)):
                self.plot.addItem(item, ignoreBounds=True)
        if series.errors is not None and not chart.y_log and len(x):
            bars = pg.ErrorBarItem(
                x=x, y=y, height=2 * np.nan_to_num(series.errors), pen=pg.mkPen(colour, width=pen_width(1, self))
            )
            self.plot.addItem(bars, ignoreBounds=True)
        if series.width:
            style = Qt.PenStyle.DashLine if series.dashed else Qt.PenStyle.SolidLine
            self.plot.plot(
                x, y, pen=pg.mkPen(colour, width=pen_width(series.width, self), style=style), connect="finite"
            )
        if series.marker == "|":
            pen = pg.mkPen(colour, width=2)
            stroke = pg.ScatterPlotItem(x[known], y[known], symbol=_stroke(), size=2 * TALL, pen=pen, brush=None)
            self.plot.addItem(stroke)
        elif series.marker:
            every = np.flatnonzero(known)
            if series.width and len(every) > FEW:
                every = every[:: len(every) // 8]
            sizes = np.broadcast_to(series.sizes, x.shape)[every] * 1.3
            self.plot.addItem(
                pg.ScatterPlotItem(
                    x[every], y[every], size=sizes, symbol=SYMBOLS[series.marker], brush=colour,
                    pen=pg.mkPen(self._theme.canvas, width=0.8),
                )
            )  # fmt: skip

    def _mark(self, mark: Mark, chart: Chart) -> None:
        at = _placed(np.array([mark.at]), chart.x_log if mark.upright else chart.y_log)[0]
        if np.isfinite(at):
            pen = pg.mkPen(self._colour(mark.colour), width=pen_width(1.6, self), style=Qt.PenStyle.DashLine)
            self.plot.addItem(pg.InfiniteLine(at, angle=90 if mark.upright else 0, pen=pen), ignoreBounds=True)

    def _fit(self, chart: Chart) -> None:
        """Ranges that hold all points, or those that the chart asks for."""
        for which, log, wanted in (("x", chart.x_log, chart.x_range), ("y", chart.y_log, chart.y_range)):
            level = [mark.at for mark in chart.marks if not mark.upright] if which == "y" else []
            values = [getattr(series, which) for series in chart.series] if wanted is None else [np.array(wanted)]
            if wanted is None and which == "y":
                values += [edge for series in chart.series for edge in (series.low, series.high) if edge is not None]
                values += [
                    series.y + sign * series.errors
                    for series in chart.series
                    if series.errors is not None
                    for sign in (-1, 1)
                ]
            placed = _placed(np.concatenate([*values, level, []]), log)
            placed = placed[np.isfinite(placed)]
            if not len(placed):
                continue
            low, high = float(placed.min()), float(placed.max())
            room = 0.06 * (high - low) or 0.5
            if which == "y" and chart.rows:
                low, high, room = 0.0, len(chart.rows) - 1.0, 0.6
            setter = self.plot.setXRange if which == "x" else self.plot.setYRange
            setter(low - room, high + room, padding=0)

    def _colour(self, colour: str) -> str:
        if colour == INK:
            return self._theme.text
        return str(pg.mkColor(colour).darker(150).name()) if self._theme.name == "light" else colour


def _placed(values: NDArray, logarithmic: bool) -> NDArray:
    """Where values lie on an axis."""
    values = np.asarray(values, np.float64)
    if not logarithmic:
        return np.where(np.isfinite(values), values, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log10(values), np.nan)


def _stroke() -> pg.QtGui.QPainterPath:
    """An upright stroke as a marker of size 1."""
    path = pg.QtGui.QPainterPath()
    path.moveTo(0, -0.5)
    path.lineTo(0, 0.5)
    return path
