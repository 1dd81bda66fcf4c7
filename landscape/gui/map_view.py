"""The landscape from above: colour map with contour lines, paths, starts, current points and the best so far."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFont, QFontMetricsF
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.axis_card import AxisButton
from landscape.gui.drawing.arrow_layer import MapArrows, card_corner
from landscape.gui.drawing.guests import Guests
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.landmarks import Landmarks
from landscape.gui.drawing.lines import Line, Lines, Paths
from landscape.gui.drawing.markers import Marker, Markers
from landscape.gui.drawing.rival_paths import RivalPaths
from landscape.gui.drawing.step_marks import StepMarks
from landscape.gui.drawing.surface_layer import SurfaceLayer, contour_lines
from landscape.gui.pointing import Pointing
from landscape.gui.session import Session
from landscape.gui.theme import Theme, start_symbol
from landscape.gui.turning_box import TurningBox
from landscape.run.landmark import landmarks
from landscape.run.portrait import Extent
from landscape.surface.measure import THE_LOSS

NEAR = 12  # pixels within which a click means a point
LOOK_MS = 40
NAME_MARGIN = 36.0  # pixels that a name leaves free of its axis, also for the button at its end
NAME_POINTS = 10  # the size of the axes' names
BATCH_CONTOURS, BATCH_COLOUR = 12, (255, 160, 60, 210)

SURFACE_COMES = "The surface is being computed …"
MANY = 16  # starts; of more the markers are smaller


class MapView(QWidget):
    """Draws the session's surface, portrait and moment; knows nothing of other views."""

    aspect_requested = pyqtSignal(float)
    window_requested = pyqtSignal(object)
    turn_requested = pyqtSignal(float, float)
    shift_requested = pyqtSignal(float)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._minus = False  # whether what is drawn is the mini-batch's surface minus the whole one
        self._build(theme)
        session.run_started.connect(self.show_run)
        session.plane_changed.connect(self.show_plane)
        session.surface_extended.connect(session.turns.soon(self.show_surface, view=self))
        for grown in (session.run_extended, session.picture.shadows_cast):
            grown.connect(session.turns.soon(self.show_paths, view=self))
        session.moment_changed.connect(session.turns.at_once(self.show_moment, view=self))
        session.best_improved.connect(self.show_best)
        session.selection_changed.connect(lambda _: self.show_moment())
        for changed in (session.subject_changed, session.plane_changed):
            changed.connect(session.turns.soon(self.show_point, view=self))
        session.minibatch.changed.connect(session.turns.soon(self.show_batch, view=self))
        scope = session.microscope
        for changed in (scope.changed, scope.stage_changed, session.plane_changed, session.arrows.changed):
            changed.connect(session.turns.soon(self.show_step_marks, view=self))

    def _build(self, theme: Theme) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.box = TurningBox()
        self.box.turn_requested.connect(self.turn_requested)
        self.box.shift_requested.connect(self.shift_requested)
        self._looked = QTimer(self)
        self._looked.setSingleShot(True)
        self._looked.setInterval(LOOK_MS)
        self._looked.timeout.connect(self._ask_for_window)
        self.box.sigRangeChangedManually.connect(lambda _: self._looked.start())
        self.plot = pg.PlotWidget(viewBox=self.box)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setAspectLocked(True)
        self.plot.getPlotItem().layout.setContentsMargins(2, 8, 6, 2)
        for side in ("left", "bottom"):
            # The numbers of the axes are a and b themselves, as their names and the cards say, not thousandths of them.
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        layout.addWidget(self.plot)
        self.surface = SurfaceLayer(self.plot)
        self.future, self.paths, self.batch_lines = Lines(), Paths(), Lines()
        self.starts, self.points, self.star, self.cross = Markers(), Markers(), Markers(), Markers()
        self.landmarks, self.step_marks = Landmarks(), StepMarks()
        below = (self.batch_lines, self.future, self.starts, self.paths, self.points, self.star)
        for depth, item in enumerate((*below, self.landmarks, self.cross, self.step_marks)):
            item.setZValue(20 + depth * 10)
            self.plot.addItem(item, ignoreBounds=True)
        self.guests = Guests(self.plot, self._session)
        for item in (self.future, self.starts, self.plot.getAxis("left"), self.plot.getAxis("bottom")):
            item.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)  # copied while the points move
        viewport = self.plot.viewport()
        assert viewport is not None
        self.pointing = Pointing(
            self._session, self, viewport, self._start_at, self._place_at, lambda _: card_corner(self.plot)
        )
        self.arrows = MapArrows(self._session, self, self.plot, self.pointing.card)
        self.rival = RivalPaths(self._session, self.plot)
        self.note = QLabel(self)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.note.hide()
        for card in (self.note, self.arrows.legend):
            self.surface.keep_clear_of(card)
        self.about_axes = [AxisButton(self._session, axis, self) for axis in (0, 1)]
        self.waiting = QLabel("The first descent is on its way …", self)
        self.waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.box.sigResized.connect(lambda _: self._reshaped())
        self.plot.setAccessibleName("The landscape from above")
        # No tooltip: it would lie over the card that follows the mouse.
        self.plot.setWhatsThis(
            "The surface is the loss of the network at every point of this plane: drag to move, turn the wheel to zoom, "
            "click to measure the network at a point; balls are the descents at the shown step."
        )
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self._theme = theme
        self.plot.setBackground(theme.canvas)
        self.surface.set_theme(theme)
        for drawn in (self.future, self.starts, self.paths, self.points, self.star, self.cross):
            drawn.draw_bold(theme.bold)
        for axis in (self.plot.getAxis(side) for side in ("left", "bottom")):
            axis.setPen(theme.faint)
            axis.setTextPen(theme.text)
        self.plot.getAxis("left").setWidth(round(52 * theme.magnify))
        self.rival.set_theme(theme)
        self.pointing.set_theme(theme)
        self.arrows.set_theme(theme)
        self.note.setStyleSheet(
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
        self.paths.set_colours([start_colour(start) for start in range(run.K)])
        for item in (self.star, self.points, self.starts):
            item.clear()
        self.future.show_lines([])
        if run.missing:  # no other surface will take the place of the old run's
            self.surface.show_heights(None, contours=False)
            self.batch_lines.show_lines([])
        if self.surface.bar is not None:
            self.surface.bar.setVisible(not run.missing)

    def show_plane(self) -> None:
        """Another plane: other coordinates for everything."""
        self._name_axes()
        portrait = self._session.portrait
        assert portrait is not None
        extent = self._session.picture.extent_shown()
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        self.plot.setAspectLocked(True, ratio=float(lengths[0] / lengths[1]))
        if not self._looked.isActive():  # else the hand is moving the view just now, and asks for its window soon
            self.plot.setRange(xRange=extent.a, yRange=extent.b, padding=0)
        run = self._session.run
        self.landmarks.show_marks(landmarks(run, portrait.choice) if run is not None else ())
        self.show_paths()
        self.show_best()

    def _name_axes(self) -> None:
        portrait = self._session.portrait
        if portrait is None:
            return
        size = float(np.linalg.norm(portrait.plane.origin))
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        points, font = round(NAME_POINTS * self._theme.magnify), QFont(self.font())
        font.setPointSize(points)
        metrics = QFontMetricsF(font)
        style = {"color": self._theme.text, "font-size": f"{points}pt"}
        sides = self.box.size().width(), self.box.size().height()
        for side, letter, label, length, pixels in zip(
            ("bottom", "left"), "ab", portrait.plane.labels, lengths, sides, strict=True
        ):
            share = f" · 1 is {length / size:.0%} of ‖θ‖" if size > 0 else ""
            names = (f"{letter}: {label}{share}", f"{letter}: {label}", f"{letter}: {label.split(' (')[0]}", letter)
            room = pixels - NAME_MARGIN  # a name that is cut says less than a short one
            fitting = (name for name in names if metrics.horizontalAdvance(name) <= room)
            self.plot.setLabel(side, next(fitting, letter), **style)
            self.plot.getAxis(side).resizeEvent()  # its place in the middle is found anew for the new words

    def show_paths(self) -> None:
        """The whole way of every start, faint; what lies behind the cursor is drawn by `show_moment`."""
        portrait = self._session.portrait
        if portrait is None or portrait.frames == 0:
            return
        self._await_surface()
        faint = pg.mkPen(255, 255, 255, 70, width=1)
        self.future.show_lines([Line(faint, way) for way in portrait.coordinates.transpose(1, 0, 2)])
        self.paths.show_paths(portrait.coordinates)
        first = portrait.coordinates[0]
        filling = pg.mkColor(20, 22, 27, 160)
        size = _marker_size(len(first)) - 2
        looks = [Marker(start_symbol(k), size, filling, start_colour(k), 2) for k in range(len(first))]
        self.starts.show_markers(first, looks)

    def show_best(self) -> None:
        """The star at the best point so far."""
        best, portrait = self._session.best, self._session.portrait
        if best is None or portrait is None or best.frame >= portrait.frames:
            self.star.clear()
            return
        spot = portrait.coordinates[best.frame, best.start]
        self.star.show_markers(spot, [Marker("star", 22, "#ffffff", "#14161b", 1.6)])

    def show_moment(self) -> None:
        """Paths up to the cursor, and the current points."""
        moment, portrait = self._session.moment, self._session.portrait
        run = self._session.run
        if moment is None or portrait is None or run is None or len(moment.shadows) != run.K:
            return
        self.paths.show_until(np.minimum(moment.frames, portrait.frames - 1), moment.shadows)
        size = _marker_size(run.K)
        looks = [Marker(start_symbol(k), size, start_colour(k), "#14161b") for k in range(run.K)]
        chosen = self._session.selected
        looks[chosen] = Marker(start_symbol(chosen), size + 4, start_colour(chosen), "#ffffff", 2)
        self.points.show_markers(moment.shadows, looks)

    def show_step_marks(self) -> None:
        """The microscope's stage, beside the gradient arrows if these are drawn."""
        session = self._session
        self.step_marks.show_marks(session.microscope.marks, aside=session.arrows.current is not None)

    # --- the surface ----------------------------------------------------------------------------------------------

    def show_surface(self) -> None:
        """The heights as colours, with contour lines; coarse pictures are replaced by finer ones."""
        surface = self._session.surface
        self._await_surface()
        if surface is None:
            return
        batch, mode = self._session.minibatch.surface, self._session.minibatch.mode
        if mode == "minus" and batch is not None and batch.whole is surface:
            title = f"{(surface.measure or THE_LOSS).title()}: mini-batch − all"
            # The limits of another difference, such as validation minus training, are no measure for these.
            before, self._minus = self.surface.heights if self._minus else None, True
            difference = batch.heights - surface.heights
            heights = Heights.of_differences(surface.a, surface.b, difference, title, before)
        else:
            self._minus = False
            heights = Heights.of_surface(surface, self._session.heights.logarithmic)
        self.surface.show_heights(heights, contours=surface.complete, moving=mode == "minus")

    def _await_surface(self) -> None:
        """Say what the empty place is waiting for."""
        run = self._session.run
        self.waiting.setVisible(self._session.surface is None and (run is None or not run.missing))
        if run is not None and self.waiting.text() != SURFACE_COMES:
            self.waiting.setText(SURFACE_COMES)
            self.waiting.adjustSize()

    def show_batch(self) -> None:
        """The mini-batch's surface over the whole one, or minus it."""
        mode, batch = self._session.minibatch.mode, self._session.minibatch.surface
        if mode == "minus" or self._minus:
            self.show_surface()
        if mode == "over" and batch is not None:
            logarithmic = self._session.heights.logarithmic
            heights = Heights.of_values(batch.whole.a, batch.whole.b, batch.heights, logarithmic, batch.words)
            lines = [] if heights is None else contour_lines(heights, BATCH_CONTOURS)
            pen = pg.mkPen(*BATCH_COLOUR, width=1.4)
            self.batch_lines.show_lines([Line(pen, line) for line in lines])
        elif self.batch_lines.lines:
            self.batch_lines.show_lines([])
        self.note.setVisible(mode in ("over", "minus") and batch is not None)
        if batch is not None and self.note.isVisible():
            self.note.setText(batch.words + (" (orange lines)" if mode == "over" else ""))
            self.note.adjustSize()
            self.note.move(68, self.height() - self.note.height() - 58)

    # --- the mouse ------------------------------------------------------------------------------------------------

    def _place_at(self, pixel: QPointF) -> tuple[float, float] | None:
        """The point of the plane under a pixel of the viewport."""
        scene = self.plot.mapToScene(pixel.toPoint())
        if self._session.portrait is None or not self.box.sceneBoundingRect().contains(scene):
            return None
        spot = self.box.mapSceneToView(scene)
        return float(spot.x()), float(spot.y())

    def _start_at(self, pixel: QPointF) -> int | None:
        place = self._place_at(pixel)
        return None if place is None else self.points.nearest(*place, NEAR)

    def show_point(self) -> None:
        """A cross where the chosen point of the plane lies."""
        spot = self._session.subjects.spot()
        if spot is None:
            self.cross.clear()
        else:
            self.cross.show_markers(np.array([spot.a, spot.b]), [Marker("+", 16, "#ffffff", "#14161b", 1)])

    def _ask_for_window(self) -> None:
        """The hand has moved or zoomed the view: have the surface drawn that far."""
        if self._session.portrait is not None:
            a, b = self.box.viewRange()
            self.window_requested.emit(Extent((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))))

    def _reshaped(self) -> None:
        """Ask for a surface of the view's new shape."""
        self.waiting.move(70, 40)
        self.waiting.adjustSize()
        box = self.box.size()
        if box.width() > 50 and box.height() > 50:
            self._name_axes()
            about_a, about_b = self.about_axes
            about_a.move(int(52 + box.width()) + 14, self.height() - about_a.height() - 3)
            about_b.move(3, 10)
            self.aspect_requested.emit(float(box.width() / box.height()))


def _marker_size(starts: int) -> int:
    """Pixels of a current point: smaller where many of them would hide each other."""
    return 13 if starts <= MANY else 9
