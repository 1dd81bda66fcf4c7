"""The landscape from above: colour map with contour lines, paths, starts, current points and the best so far."""

import contourpy
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.loss_axis import LossAxis, nice_losses, short
from landscape.gui.session import Session
from landscape.gui.theme import Theme, start_symbol

CONTOURS = 22
LABELLED = 7
CONTOURS_LATER_MS = 20


class SmoothImage(pg.ImageItem):
    """An image whose cells run into each other instead of standing as blocks."""

    def paint(self, painter: QPainter, *args: object) -> None:
        """Draw with interpolation."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)


class MapView(QWidget):
    """Draws the session's surface, portrait and moment; knows nothing of other views."""

    start_requested = pyqtSignal(int)
    aspect_requested = pyqtSignal(float)
    place_requested = pyqtSignal(float, float)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._labels: list[pg.TextItem] = []
        self._paths: list[pg.PlotCurveItem] = []
        self._values: NDArray | None = None
        self._limits = (0.0, 1.0)
        # Colours first, lines a moment later: both in one go would hold the window up.
        self._contours_due = QTimer(self)
        self._contours_due.setSingleShot(True)
        self._contours_due.setInterval(CONTOURS_LATER_MS)
        self._contours_due.timeout.connect(self._show_contours)
        self._build(theme)
        session.run_started.connect(self.show_run)
        session.plane_changed.connect(self.show_plane)
        session.surface_extended.connect(self.show_surface)
        session.run_extended.connect(self.show_paths)
        session.moment_changed.connect(self.show_moment)
        session.best_improved.connect(self.show_best)
        session.selection_changed.connect(lambda _: self.show_moment())
        session.place_changed.connect(self.show_place)

    def _build(self, theme: Theme) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.bar_axis = LossAxis("right")
        self.plot = pg.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setAspectLocked(True)
        self.plot.getPlotItem().layout.setContentsMargins(2, 8, 6, 2)
        layout.addWidget(self.plot)
        self.image = SmoothImage()
        self._colours = pg.colormap.get("viridis")
        self.image.setLookupTable(self._colours.getLookupTable(nPts=512))
        self.bar = pg.ColorBarItem(values=(0, 1), colorMap=self._colours, interactive=False, width=14)
        self.contours = pg.PlotCurveItem(connect="finite", antialias=True)
        self.shade = pg.PlotCurveItem(connect="finite", antialias=True)
        self.future = pg.PlotCurveItem(connect="finite", antialias=True)
        self.starts = pg.ScatterPlotItem(pxMode=True)
        self.points = pg.ScatterPlotItem(pxMode=True, hoverable=True, tip=None)
        self.points.sigClicked.connect(self._point_clicked)
        self.star = pg.ScatterPlotItem(pxMode=True)
        self.cross = pg.ScatterPlotItem(pxMode=True)
        layers = (self.image, self.contours, self.future, self.shade, self.starts, self.points, self.star, self.cross)
        for depth, item in enumerate(layers):
            item.setZValue(depth * 10)
            self.plot.addItem(item)
        axes = (self.plot.getAxis("left"), self.plot.getAxis("bottom"), self.bar_axis)
        for item in (self.image, self.contours, self.future, *axes):  # drawn once, then copied while the points move
            item.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
        self.bar.setImageItem(self.image, insert_in=self.plot.getPlotItem())
        self._replace_bar_axis()
        self.hover = QLabel(self)
        self.hover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hover.hide()
        self.card = QLabel(self)
        self.card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.card.hide()
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.waiting = QLabel("The first descent is on its way …", self)
        self.waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.plot.scene().sigMouseMoved.connect(self._hovered)
        self.plot.getViewBox().sigResized.connect(lambda _: self._reshaped())
        self.plot.setToolTip("")
        self.set_theme(theme)

    def _replace_bar_axis(self) -> None:
        # The colour bar's own axis knows no losses: ours takes its place.
        old = self.bar.axis
        self.bar.layout.removeItem(old)
        old.hide()
        self.bar.axis = self.bar_axis
        self.bar_axis.setParentItem(self.bar)
        self.bar.axes["right"]["item"] = self.bar_axis
        self.bar.layout.addItem(self.bar_axis, 2, 2)
        self.bar_axis.linkToView(self.bar.getViewBox())
        self.bar_axis.setWidth(46)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self._theme = theme
        self.plot.setBackground(theme.canvas)
        for axis in (*(self.plot.getAxis(side) for side in ("left", "bottom")), self.bar_axis):
            axis.setPen(theme.faint)
            axis.setTextPen(theme.text)
        self.plot.getAxis("left").setWidth(52)
        for card in (self.hover, self.card):
            card.setStyleSheet(
                f"background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line};"
                " border-radius: 4px; padding: 4px 7px;"
            )
        self.waiting.setStyleSheet(f"color: {theme.faint}; font-size: 15px;")
        self._name_axes()

    # --- what changes with the run and the plane ----------------------------------------------------------------

    def show_run(self) -> None:
        """New starts: new paths."""
        run = self._session.run
        assert run is not None
        for path in self._paths:
            self.plot.removeItem(path)
        self._paths = []
        for start in range(run.K):
            path = pg.PlotCurveItem(pen=pg.mkPen(start_colour(start), width=2.2), antialias=True)
            path.setZValue(35)
            self.plot.addItem(path)
            self._paths.append(path)
        for item in (self.star, self.points, self.starts):
            item.clear()
        self.future.setData([], [])
        self.shade.setData([], [])

    def show_plane(self) -> None:
        """Another plane: other coordinates for everything."""
        self._name_axes()
        portrait = self._session.portrait
        assert portrait is not None
        extent = portrait.extent(self._session.aspect, upto=self._session.fitted_frames)  # as the surface is drawn
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        self.plot.setAspectLocked(True, ratio=float(lengths[0] / lengths[1]))
        self.plot.setRange(xRange=extent.a, yRange=extent.b, padding=0)
        self.show_paths()
        self.show_best()

    def _name_axes(self) -> None:
        portrait = self._session.portrait
        if portrait is None:
            return
        size = float(np.linalg.norm(portrait.plane.origin))
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        style = {"color": self._theme.text, "font-size": "10pt"}
        for side, letter, label, length in zip(("bottom", "left"), "ab", portrait.plane.labels, lengths, strict=True):
            share = f" · 1 is {length / size:.0%} of ‖θ‖" if size > 0 else ""
            self.plot.setLabel(side, f"{letter}: {label}{share}", **style)

    def show_paths(self) -> None:
        """The whole way of every start, faint; what lies behind the cursor is drawn by `show_moment`."""
        portrait = self._session.portrait
        if portrait is None or portrait.frames == 0:
            return
        self.waiting.hide()
        gap = np.full((1, portrait.coordinates.shape[1], 2), np.nan)
        lines = np.concatenate([portrait.coordinates, gap]).transpose(1, 0, 2).reshape(-1, 2)
        self.future.setData(lines[:, 0], lines[:, 1], pen=pg.mkPen(255, 255, 255, 70, width=1))
        first = portrait.coordinates[0]
        self.starts.setData(
            pos=first,
            symbol=[start_symbol(k) for k in range(len(first))],
            size=11,
            brush=pg.mkBrush(20, 22, 27, 160),
            pen=[pg.mkPen(start_colour(k), width=2) for k in range(len(first))],
        )

    def show_best(self) -> None:
        """The star at the best point so far."""
        best, portrait = self._session.best, self._session.portrait
        if best is None or portrait is None or best.frame >= portrait.frames:
            self.star.clear()
            return
        self.star.setData(
            pos=portrait.coordinates[best.frame, best.start][None],
            symbol="star",
            size=22,
            brush="#ffffff",
            pen=pg.mkPen("#14161b", width=1.6),
        )

    def show_moment(self) -> None:
        """Paths up to the cursor, and the current points."""
        moment, portrait = self._session.moment, self._session.portrait
        if moment is None or portrait is None or len(self._paths) != len(moment.shadows):
            return
        run = self._session.run
        assert run is not None
        frame = min(run.frame_at(moment.step), portrait.frames - 1)
        behind = np.concatenate([portrait.coordinates[: frame + 1], moment.shadows[None]])  # (frame + 2, K, 2)
        for start, path in enumerate(self._paths):
            path.setData(behind[:, start, 0], behind[:, start, 1])
        gap = np.full((1, *behind.shape[1:]), np.nan)
        lines = np.concatenate([behind, gap]).transpose(1, 0, 2).reshape(-1, 2)
        self.shade.setData(lines[:, 0], lines[:, 1], pen=pg.mkPen(10, 12, 16, 170, width=4.5))
        chosen = self._session.selected
        self.points.setData(
            pos=moment.shadows,
            symbol=[start_symbol(k) for k in range(len(self._paths))],
            size=[17 if k == chosen else 13 for k in range(len(self._paths))],
            brush=[pg.mkBrush(start_colour(k)) for k in range(len(self._paths))],
            pen=[
                pg.mkPen("#ffffff" if k == chosen else "#14161b", width=2 if k == chosen else 1.4)
                for k in range(len(self._paths))
            ],
            data=list(range(len(self._paths))),
        )

    # --- the surface ----------------------------------------------------------------------------------------------

    def show_surface(self) -> None:
        """The heights as colours, with contour lines; coarse pictures are replaced by finer ones."""
        surface = self._session.surface
        if surface is None:
            return
        logarithmic = self._session.scale == "log"
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log10(surface.loss) if logarithmic else surface.loss
        values = np.where(np.isfinite(values), values, np.nan)
        if not np.isfinite(values).any():
            self.image.clear()
            self._clear_contours()
            return
        self._values = values
        # A single steep corner must not swallow the colours of the valley.
        low, high = float(np.nanmin(values)), float(np.nanpercentile(values, 99.5))
        high = high if high > low else low + 1e-6
        self._limits = (low, high)
        self.bar_axis.logarithmic = logarithmic
        self.bar_axis.setLabel("loss (log colours)" if logarithmic else "loss")
        self.image.setImage(values.T, autoLevels=False, levels=(low, high))
        self.bar.setLevels((low, high))
        self.image.setRect(_cells(surface.a, surface.b))
        # Lines are drawn once the heights are all there: coarse ones would only flicker, and cost the window its breath.
        self._clear_contours()
        if surface.complete:
            self._contours_due.start()

    def _show_contours(self) -> None:
        surface = self._session.surface
        if surface is not None and surface.complete and self._values is not None:
            self._draw_contours(surface.a, surface.b, self._values, self._session.scale == "log")

    def _clear_contours(self) -> None:
        self.contours.setData([], [])
        for label in self._labels:
            label.hide()

    def _draw_contours(self, a: NDArray, b: NDArray, values: NDArray, logarithmic: bool) -> None:
        low, high = self._limits
        levels = np.linspace(low, high, CONTOURS + 2)[1:-1]
        named = (
            nice_losses(10**low, 10**high, LABELLED) if logarithmic else list(np.linspace(low, high, LABELLED)[1:-1])
        )
        named_at = np.log10(named) if logarithmic else np.array(named)
        generator = contourpy.contour_generator(a, b, np.ma.masked_invalid(values), line_type="ChunkCombinedNan")
        pieces = [generator.lines(level)[0][0] for level in levels]
        gap = np.full((1, 2), np.nan)
        lines = np.concatenate([part for piece in pieces if piece is not None for part in (piece, gap)] or [gap])
        self.contours.setData(lines[:, 0], lines[:, 1], pen=pg.mkPen(255, 255, 255, 75, width=1))
        self._label_contours(generator, named_at, named, (a, b))

    def _label_contours(
        self, generator: object, positions: NDArray, names: list[float], grid: tuple[NDArray, NDArray]
    ) -> None:
        spots = []
        a, b = grid
        margin = np.array([a[-1] - a[0], b[-1] - b[0]]) * 0.05
        for position, name in zip(positions, names, strict=True):
            line = generator.lines(position)[0][0]  # type: ignore[attr-defined]
            if line is None or len(line) < 12:
                continue
            low, high = np.array([a[0], b[0]]) + margin, np.array([a[-1], b[-1]]) - margin
            inside = line[np.all((line > low) & (line < high), axis=1)]
            if len(inside):
                # Labels go where the line lies furthest to the lower right, clear of one another on nested valleys.
                spots.append((inside[np.argmax(inside[:, 0] / (margin[0]) - inside[:, 1] / margin[1])], short(name)))
        while len(self._labels) < len(spots):
            label = pg.TextItem(color="#ffffff", anchor=(0.5, 0.5), fill=pg.mkBrush(20, 22, 27, 150))
            label.setZValue(15)
            self.plot.addItem(label)
            self._labels.append(label)
        for label, spot in zip(self._labels, spots, strict=False):
            label.setText(spot[1])
            label.setPos(*spot[0])
            label.show()
        for label in self._labels[len(spots) :]:
            label.hide()

    # --- the mouse ------------------------------------------------------------------------------------------------

    def _hovered(self, place: QPointF) -> None:
        surface, portrait = self._session.surface, self._session.portrait
        box = self.plot.getViewBox()
        if surface is None or portrait is None or not box.sceneBoundingRect().contains(place):
            self.hover.hide()
            return
        spot = box.mapSceneToView(place)
        a, b = float(spot.x()), float(spot.y())
        loss = surface.height_at(a, b)
        if not np.isfinite(loss):
            text = f"a {a:.2f}  b {b:.2f}\noff the map"
        else:
            size = float(np.linalg.norm(portrait.plane.origin))
            away = float(np.sqrt(np.array([a, b]) @ portrait.plane.gram @ np.array([a, b])))
            i, j = np.abs(surface.a - a).argmin(), np.abs(surface.b - b).argmin()
            accuracy = f"   accuracy {surface.accuracy[j, i]:.0%}" if surface.accuracy is not None else ""
            share = f" ({away / size:.0%} of ‖θ‖)" if size > 0 else ""
            text = f"a {a:.2f}   b {b:.2f}\nloss {loss:.3g}{accuracy}\n{away:.2f} from the middle{share}"
        self.hover.setText(text)
        self.hover.adjustSize()
        x, y = int(place.x()) + 18, int(place.y()) + 14
        if x + self.hover.width() > self.width() - 70:
            x = int(place.x()) - self.hover.width() - 14
        self.hover.move(x, min(y, self.height() - self.hover.height() - 50))
        self.hover.show()

    def leaveEvent(self, event: object) -> None:
        """The hover card goes with the mouse."""
        self.hover.hide()

    def _clicked(self, event: object) -> None:
        box = self.plot.getViewBox()
        place = event.scenePos()  # type: ignore[attr-defined]
        if self._session.portrait is None or event.isAccepted() or not box.sceneBoundingRect().contains(place):  # type: ignore[attr-defined]
            return
        spot = box.mapSceneToView(place)
        self.place_requested.emit(float(spot.x()), float(spot.y()))

    def show_place(self) -> None:
        """The network at the clicked point: a cross, and its figures on a card."""
        place = self._session.place
        if place is None:
            self.cross.clear()
            self.card.hide()
            return
        self.cross.setData(
            pos=[(place.a, place.b)], symbol="+", size=16, brush="#ffffff", pen=pg.mkPen("#14161b", width=1)
        )
        self.card.setText(
            f"The network at a {place.a:.2f}, b {place.b:.2f}\n"
            f"training loss {place.loss:.3g}, {place.accuracy:.1%} right\n"
            f"validation loss {place.validation_loss:.3g}, {place.validation_accuracy:.1%} right\n"
            f"{place.away:.2f} from the middle, {place.share:.0%} of ‖θ‖"
        )
        self.card.adjustSize()
        self.card.move(68, 16)
        self.card.show()

    def _point_clicked(self, _: object, spots: list) -> None:
        if len(spots):
            self.start_requested.emit(int(spots[0].data()))

    def _reshaped(self) -> None:
        """Ask for a surface of the view's new shape."""
        self.waiting.move(70, 40)
        self.waiting.adjustSize()
        box = self.plot.getViewBox().size()
        if box.width() > 50 and box.height() > 50:
            self.aspect_requested.emit(float(box.width() / box.height()))


def _cells(a: NDArray, b: NDArray) -> QRectF:
    """The rectangle whose cells are centred on the grid's points."""
    da = (a[-1] - a[0]) / max(len(a) - 1, 1)
    db = (b[-1] - b[0]) / max(len(b) - 1, 1)
    return QRectF(a[0] - da / 2, b[0] - db / 2, da * len(a), db * len(b))
