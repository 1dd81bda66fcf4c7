"""Heights on a plot: colours, contour lines with their losses, and the colour bar that says what a colour means."""

import contourpy
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QObject, QPoint, QTimer
from PyQt6.QtGui import QFontMetricsF, QPainter
from PyQt6.QtWidgets import QApplication, QWidget

from landscape.gui.drawing.hatching import Hatching
from landscape.gui.drawing.heights import SEQUENTIAL, Heights
from landscape.gui.drawing.levels import CONTOURS, contour_levels, named_levels
from landscape.gui.drawing.loss_axis import LossAxis, short
from landscape.gui.theme import Theme

LABELLED = 7
SHORTEST_NAMED = 12  # points of a line that is long enough for a number on it
LABEL_MARGIN = 5.0  # pixels around a number
BAR_POINTS = 9  # the size of the bar's name
BAR_WIDTH = 62  # with room for a sign, whatever is shown: a bar that changed its width would change the map's shape
MOVED = (QEvent.Type.Show, QEvent.Type.Move, QEvent.Type.Resize)
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
        self._named: list[tuple[NDArray, NDArray]] = []  # where they lie: the middle (a, b) and half the size of each
        self._cards: list[QWidget] = []
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
        self.bar_axis.setStyle(showValues=False)  # before there are heights its numbers would mean nothing
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

    def keep_clear_of(self, card: QWidget) -> None:
        """From now on no number lies under a card that hangs over the plot."""
        self._cards.append(card)
        card.installEventFilter(self)

    def eventFilter(self, card: QObject | None, event: QEvent | None) -> bool:
        """A card that comes to lie over a number has the numbers placed anew."""
        if event is not None and event.type() in MOVED and self._labels and self._labels[0].isVisible():
            covered = self._covered()
            if any(np.all(np.abs(at - spot) < half + size) for at, half in self._named for spot, size in covered):
                self._contours_due.start(LINES_SOON_MS)
        return False

    def _covered(self) -> list[tuple[NDArray, NDArray]]:
        """Where the cards lie, (a, b) of the middle and half the size of each."""
        view, plot, found = self._plot.getViewBox(), self._plot, []
        for card in self._cards:
            if not card.isHidden():
                low = card.mapTo(plot.window(), QPoint(0, 0)) - plot.mapTo(plot.window(), QPoint(0, 0))
                ends = [view.mapSceneToView(plot.mapToScene(at)) for at in (low, low + card.rect().bottomRight())]
                corners = np.array([(end.x(), end.y()) for end in ends])
                found.append((corners.mean(axis=0), np.ptp(corners, axis=0) / 2))
        return found

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
        if before is None:
            self.bar_axis.setStyle(showValues=True)
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
        levels = contour_levels(heights, CONTOURS)
        pieces = _lines_at(levels, generator)
        lines = np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap])
        pen = pg.mkPen(255, 255, 255, 75, width=1) if heights.colours == SEQUENTIAL else pg.mkPen(0, 0, 0, 70, width=1)
        self.contours.setData(lines[:, 0], lines[:, 1], pen=pen)
        if self.bar is not None:
            self._label_contours(generator, heights, levels)

    def _label_contours(self, generator: contourpy.ContourGenerator, heights: Heights, levels: NDArray) -> None:
        view = self._plot.getViewBox()
        pixel, window = np.array(view.viewPixelSize()), np.array(view.viewRange()).T
        metrics = QFontMetricsF(QApplication.font())
        covered = self._covered()
        spots: list[tuple[NDArray, NDArray, str]] = []  # the middle of each label, half its size, its words
        for level, value in named_levels(heights, levels, LABELLED):
            line = generator.lines(level)[0][0]
            if line is None or len(line) < SHORTEST_NAMED:
                continue
            words = short(value)
            half = np.array([metrics.horizontalAdvance(words), metrics.height()]) / 2 + LABEL_MARGIN
            half = half * pixel
            spot = _place_on(np.asarray(line), half, window, covered + [(at, size) for at, size, _ in spots])
            if spot is not None:
                spots.append((spot, half, words))
        self._named = [(at, size) for at, size, _ in spots]
        while len(self._labels) < len(spots):
            label = pg.TextItem(color="#ffffff", anchor=(0.5, 0.5), fill=pg.mkBrush(20, 22, 27, 150))
            label.setZValue(15)
            self._plot.addItem(label)
            label.setFont(QApplication.font())
            self._labels.append(label)
        for label, (spot, _, words) in zip(self._labels, spots, strict=False):
            label.setText(words)
            label.setPos(*spot)
            label.show()
        for label in self._labels[len(spots) :]:
            label.hide()


def _place_on(line: NDArray, half: NDArray, window: NDArray, taken: list[tuple[NDArray, NDArray]]) -> NDArray | None:
    """Where a label of half the size `half` (2,) lies on a line (n, 2): inside the window (corners, (2, 2)), clear of those
    before it, each (middle, half its size), and furthest to the lower right, where nested valleys part them. None: nowhere.
    """
    places = line[np.all((line > window[0] + half) & (line < window[1] - half), axis=1)]
    for at, size in taken:
        places = places[np.any(np.abs(places - at) > half + size, axis=1)]
    if not len(places):
        return None
    across = places / (window[1] - window[0])
    return np.asarray(places[np.argmax(across[:, 0] - across[:, 1])])


def contour_lines(heights: Heights, count: int) -> list[NDArray]:
    """The lines (n, 2) of about so many levels, at round numbers; NaN parts the pieces of one level."""
    return _lines_at(contour_levels(heights, count), _contouring(heights))


def _lines_at(levels: NDArray, generator: contourpy.ContourGenerator) -> list[NDArray]:
    found = [generator.lines(level)[0][0] for level in levels]
    return [np.asarray(line) for line in found if line is not None]


def _contouring(heights: Heights) -> contourpy.ContourGenerator:
    grid = heights.a, heights.b, np.ma.masked_invalid(heights.values)
    return contourpy.contour_generator(*grid, line_type="ChunkCombinedNan")
