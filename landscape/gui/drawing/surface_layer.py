"""Heights on a plot: colours, contour lines with their losses, and the colour bar that says what a colour means."""

import contourpy
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtGui import QFontMetrics, QPainter
from PyQt6.QtWidgets import QApplication

from landscape.gui.drawing.hatching import Hatching
from landscape.gui.drawing.heights import SEQUENTIAL, Heights
from landscape.gui.drawing.loss_axis import LossAxis, nice_losses, short
from landscape.gui.theme import Theme

CONTOURS = 22
LABELLED = 7
BAR_POINTS = 9  # the size of the bar's name
BAR_WIDTH = 62  # with room for a sign, whatever is shown: a bar that changed its width would change the map's shape
LABEL_EDGE = 8  # pixels around a number, both edges
LINES_SOON_MS, LINES_AT_REST_MS = 20, 120


class SmoothImage(pg.ImageItem):
    """An image whose cells run into each other instead of standing as blocks."""

    def paint(self, painter: QPainter, *args: object) -> None:
        """Draw with interpolation."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)


class SurfaceLayer(QObject):
    """The graphics items that show `Heights` on a plot; contour lines come a moment after the colours.

    A `small` one has neither colour bar nor numbers on its lines: another plot's say what the colours mean. Its lines come
    with the colours.
    """

    def __init__(self, plot: pg.PlotWidget, small: bool = False) -> None:
        super().__init__(plot)
        self._plot = plot
        self._heights: Heights | None = None
        self._labels: list[pg.TextItem] = []
        # Colours first, lines a moment later: both in one go would hold the window up.
        self._contours_due = QTimer(self)
        self._contours_due.setSingleShot(True)
        self._contours_due.timeout.connect(self._show_contours)
        self.image = SmoothImage()
        self.contours = pg.PlotCurveItem(connect="finite", antialias=True)
        for depth, item in enumerate((self.image, self.contours)):
            item.setZValue(depth * 10)
            plot.addItem(item)
            if not small:
                item.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
        self.hatching = Hatching()
        self.hatching.setZValue(5)
        plot.addItem(self.hatching, ignoreBounds=True)
        self.bar_axis = LossAxis("right")
        self._sequential = self._colours = SEQUENTIAL
        colours = pg.colormap.get(SEQUENTIAL)
        self.image.setLookupTable(colours.getLookupTable(nPts=512))
        self.bar = None if small else pg.ColorBarItem(values=(0, 1), colorMap=colours, interactive=False, width=14)
        if self.bar is not None:
            self.bar_axis.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
            self.bar.setImageItem(self.image, insert_in=plot.getPlotItem())
            self._replace_bar_axis(self.bar)

    def _replace_bar_axis(self, bar: pg.ColorBarItem) -> None:
        # The colour bar's own axis knows no losses: ours takes its place.
        bar.layout.removeItem(bar.axis)
        bar.axis.hide()
        bar.axis = self.bar_axis
        self.bar_axis.setParentItem(bar)
        bar.axes["right"]["item"] = self.bar_axis
        bar.layout.addItem(self.bar_axis, 2, 2)
        self.bar_axis.setWidth(BAR_WIDTH)

    def set_theme(self, theme: Theme) -> None:
        """Colour the bar's axis, and the heights anew if the map of colours is another."""
        self.bar_axis.setPen(theme.faint)
        self.bar_axis.setTextPen(theme.text)
        self.bar_axis.setWidth(round(BAR_WIDTH * theme.magnify))
        style = {**self.bar_axis.labelStyle, "font-size": f"{BAR_POINTS * theme.magnify:.0f}pt"}
        self.bar_axis.setLabel(self.bar_axis.labelText, **style)
        for label in self._labels:
            label.setFont(QApplication.font())
        self._sequential = theme.colours
        if self._heights is not None:
            self._use_colours(self._heights)

    @property
    def heights(self) -> Heights | None:
        """What is shown."""
        return self._heights

    def show_heights(self, heights: Heights | None, contours: bool, moving: bool = False) -> None:
        """Draw heights, or clear; lines where `contours`: coarse ones would only flicker, and cost the window its breath.

        While heights are `moving` from picture to picture, the lines wait until they rest.
        """
        before, self._heights = self._heights, heights
        self.hatching.show_noise(heights)
        if heights is None:
            self.image.clear()
            self.clear_contours()
            return
        self._use_colours(heights)
        self.image.setImage(heights.values.T, autoLevels=False, levels=heights.limits)
        if self.bar is not None:
            self._show_bar(self.bar, before, heights)
        self.image.setRect(heights.rectangle)
        if contours and self.bar is None:
            self._show_contours()
            return
        self.clear_contours()
        if contours:
            self._contours_due.start(LINES_AT_REST_MS if moving else LINES_SOON_MS)

    def _use_colours(self, heights: Heights) -> None:
        """The chosen map, or the one that parts at zero for differences."""
        wanted = self._sequential if heights.colours == SEQUENTIAL else heights.colours
        if wanted != self._colours:
            self._colours = wanted
            colours = pg.colormap.get(wanted)
            if self.bar is not None:
                self.bar.setColorMap(colours)  # which gives the image a coarser table
            self.image.setLookupTable(colours.getLookupTable(nPts=512))

    def _show_bar(self, bar: pg.ColorBarItem, before: Heights | None, heights: Heights) -> None:
        if before is None or before.title != heights.title:
            self.bar_axis.logarithmic = heights.logarithmic
            self.bar_axis.setLabel(heights.title)
        if before is None or before.limits != heights.limits:
            bar.setLevels(heights.limits)

    def clear_contours(self) -> None:
        """Take the lines away."""
        self._contours_due.stop()
        if self.contours.xData is not None and len(self.contours.xData):
            self.contours.setData([], [])
        for label in self._labels:
            label.hide()

    def _show_contours(self) -> None:
        heights = self._heights
        if heights is None:
            return
        generator = _contouring(heights)
        gap = np.full((1, 2), np.nan)
        pieces = contour_lines(heights, CONTOURS, generator)
        lines = np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap])
        pen = pg.mkPen(255, 255, 255, 75, width=1) if heights.colours == SEQUENTIAL else pg.mkPen(0, 0, 0, 70, width=1)
        self.contours.setData(lines[:, 0], lines[:, 1], pen=pen)
        if self.bar is not None:
            self._label_contours(generator, heights)

    def _label_contours(self, generator: contourpy.ContourGenerator, heights: Heights) -> None:
        low, high = heights.limits
        names = (
            nice_losses(10**low, 10**high, LABELLED)
            if heights.logarithmic
            else list(np.linspace(low, high, LABELLED)[1:-1])
        )
        positions = np.log10(names) if heights.logarithmic else np.array(names)
        corners = np.array([[heights.a[0], heights.b[0]], [heights.a[-1], heights.b[-1]]])
        margin = (corners[1] - corners[0]) * 0.05
        spots: list[tuple[NDArray, str]] = []
        pixel = np.abs(self._plot.getPlotItem().getViewBox().viewPixelSize())
        for position, name in zip(positions, names, strict=True):
            line = generator.lines(position)[0][0]
            if line is None or len(line) < 12:
                continue
            line = np.asarray(line)
            inside = line[np.all((line > corners[0] + margin) & (line < corners[1] - margin), axis=1)]
            free = inside[_clear(inside / pixel, [spot / pixel for spot, _ in spots])]
            if len(free):
                # Labels go where the line lies furthest to the lower right: on nested valleys they stand in a row.
                spots.append((free[np.argmax(free[:, 0] / margin[0] - free[:, 1] / margin[1])], short(name)))
        while len(self._labels) < len(spots):
            label = pg.TextItem(color="#ffffff", anchor=(0.5, 0.5), fill=pg.mkBrush(20, 22, 27, 150))
            label.setZValue(15)
            self._plot.addItem(label)
            label.setFont(QApplication.font())
            self._labels.append(label)
        for label, spot in zip(self._labels, spots, strict=False):
            label.setText(spot[1])
            label.setPos(*spot[0])
            label.show()
        for label in self._labels[len(spots) :]:
            label.hide()


def _clear(spots: NDArray, taken: list[NDArray]) -> NDArray:
    """Which of some spots (n, 2), in pixels, a number may stand at without lying over one that stands at a taken one."""
    letters = QFontMetrics(QApplication.font())
    room = letters.horizontalAdvance("0.00") + LABEL_EDGE, letters.height() + LABEL_EDGE
    return np.all([(np.abs(spots - one) > room).any(axis=1) for one in taken] or [np.ones(len(spots), bool)], axis=0)


def contour_lines(heights: Heights, levels: int, generator: contourpy.ContourGenerator | None = None) -> list[NDArray]:
    """The lines (n, 2) of so many levels, evenly spread over the limits; NaN parts the pieces of one level."""
    generator = generator or _contouring(heights)
    found = [generator.lines(level)[0][0] for level in np.linspace(*heights.limits, levels + 2)[1:-1]]
    return [np.asarray(line) for line in found if line is not None]


def _contouring(heights: Heights) -> contourpy.ContourGenerator:
    grid = heights.a, heights.b, np.ma.masked_invalid(heights.values)
    return contourpy.contour_generator(*grid, line_type="ChunkCombinedNan")
