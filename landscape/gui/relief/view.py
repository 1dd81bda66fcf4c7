"""The landscape in three dimensions: the session's relief, turned, moved and brought near with the mouse and keys."""

import math
import time

import numpy as np
from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from landscape.gui.drawing.arrow_legend import ArrowLegend
from landscape.gui.drawing.heights import heights_of
from landscape.gui.drawing.landmarks import draw_landmark
from landscape.gui.drawing.step_marks import paint_words
from landscape.gui.focus import paint_focus
from landscape.gui.pointing import Pointing
from landscape.gui.relief.axes import BAR, Names, ReliefAxes
from landscape.gui.relief.camera import Camera, inviting_azimuth
from landscape.gui.relief.canvas import ReliefCanvas
from landscape.gui.relief.controls import ReliefControls
from landscape.gui.relief.opengl import OpenGLError
from landscape.gui.relief.scene import EVERYTHING, ReliefScene
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.landmark import landmarks

CONTOURS_LATER_MS = 20
SAMPLES = 4
# Where one fine picture takes longer than this, pictures are rougher while things move, and fine again at rest.
QUICK_SECONDS = 0.008
REST_MS = 160
ORBIT_MS, ORBIT_DEGREES_A_SECOND = 33, 8.0
TURN, WHEEL = 0.4, 1.0015  # degrees a pixel, nearer by this factor an eighth of a degree of the wheel
NEAR_A_BALL = 16.0  # pixels
NOISE = "Pale and striped: differences there are below the noise of so few digits."
CARD_EDGE = 8  # pixels around the card of the chosen point
LEGEND_EDGE = 6  # pixels around the legend of the arrows


class ReliefView(QWidget):
    """Draws the session's surface, portrait and moment; knows nothing of other views. OpenGLError where it can't."""

    def __init__(
        self, session: Session, theme: Theme, canvas: ReliefCanvas | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas or ReliefCanvas()
        for _ in self._canvas.preparing():
            pass
        self.scene = ReliefScene(session, self._canvas, theme)
        self.camera = Camera()
        self.always_fine = False  # as while it is filmed: then no picture may be rougher than its neighbours
        self._turned = False  # by hand: from then on the camera is the user's
        self._invited: tuple[object, ...] = ()
        self._stale: set[str] = set(EVERYTHING)
        self._image: QImage | None = None
        self._trouble = ""
        self._unseen = True
        self._grasp = QPointF()
        # The first picture is a rough one: it comes sooner, and the fine one at rest tells what fine ones cost.
        self._cost = math.inf  # seconds of the latest fine picture
        self._last_paint = time.monotonic()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("The landscape in three dimensions")
        # No tooltip: it would lie over the card that follows the mouse.
        self.setWhatsThis(
            "The surface is the loss of the network at every point of this plane: drag to turn, turn the wheel to come "
            "nearer, click to measure the network at a point; balls are the descents at the shown step."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._contours_due = self._timer(CONTOURS_LATER_MS, lambda: self._outdate("contours"))
        self._rest = self._timer(REST_MS, self.redraw)
        self._orbit = self._timer(ORBIT_MS, self._drift, single=False)
        self._build()
        self.set_theme(theme)
        session.run_started.connect(self.show_everything)
        session.plane_changed.connect(self.show_everything)
        session.surface_extended.connect(self.show_surface)
        for grown in (session.run_extended, session.picture.shadows_cast):
            grown.connect(lambda: self._outdate("paths"))
        for changed in (
            session.moment_changed,
            session.best_improved,
            session.subject_changed,
            session.selection_changed,
        ):
            changed.connect(lambda *_: self._outdate("moment"))
        session.rival.changed.connect(lambda: self._outdate("paths"))
        for changed in (session.arrows.changed, session.microscope.changed, session.microscope.stage_changed):
            changed.connect(lambda: self.show_arrows())

    def _timer(self, milliseconds: int, act: object, single: bool = True) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(single)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)  # type: ignore[arg-type]
        return timer

    def _build(self) -> None:
        self.controls = ReliefControls(self)
        self.pointing = Pointing(
            self._session, self, self, lambda spot: self.ball_at(spot.x(), spot.y()), self._place_at, self._card_place
        )
        self.legend = ArrowLegend(self._session, self, self._legend_place)
        self.controls.preset_requested.connect(self.look_from)
        self.controls.orbit_requested.connect(lambda on: self._orbit.start() if on else self._orbit.stop())
        self.controls.turn_requested.connect(lambda right, up: self._take(self.camera.orbited(right, up)))
        self.controls.move_requested.connect(lambda right, up: self._take(self.camera.panned(right, up)))
        self.controls.zoom_requested.connect(lambda factor: self._take(self.camera.zoomed(factor)))

    def set_theme(self, theme: Theme) -> None:
        """Colour background, grid and writing."""
        self.scene.set_theme(theme)
        self.pointing.set_theme(theme)
        self.legend.set_theme(theme)
        self._axes = ReliefAxes(theme, self.scene.colours(np.linspace(0, 1, 256)), self.font())
        self._outdate("surface", "moment")

    # --- what changes -------------------------------------------------------------------------------------------------

    def show_everything(self) -> None:
        """Another run or plane: nothing stays."""
        self._outdate(*EVERYTHING - {"contours"})

    def show_surface(self) -> None:
        """Finer heights; their contour lines a moment later."""
        self._outdate("surface")
        self._contours_due.start()

    def show_arrows(self, brief: bool | None = None) -> None:
        """The arrows of the gradients and of the microscope; a `brief` legend is enough beside the map's."""
        self.legend.brief = self.legend.brief if brief is None else brief
        self._outdate("arrows")

    def _outdate(self, *parts: str) -> None:
        """Remember what to bring up to date when it is next painted: at most once a tick, and only if it is seen."""
        self._stale.update(parts)
        self.redraw()

    def redraw(self) -> None:
        """Draw again, soon."""
        self._image = None
        self.update()

    # --- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The relief, then the axes over it; the first time nothing yet: the window is being laid out."""
        if self._unseen:
            self._unseen = False
            QTimer.singleShot(0, self.redraw)
        elif not self._trouble:
            try:
                self._bring_up_to_date()
            except OpenGLError as error:  # such as a driver that was replaced: once is enough
                self._trouble = f"The 3D view has stopped: {error}."
        painter = QPainter(self)
        box = self.scene.box
        if box is None or self._image is None or self._trouble:
            painter.fillRect(self.rect(), self.scene.look.canvas)
            painter.setPen(QColor(self.scene.theme.faint))
            words = self._trouble or "The first descent is on its way …"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        else:
            names, size = self._names(), self.picture_size
            painter.fillRect(self.rect(), self.scene.look.canvas)  # below the picture, where the words stand
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            offset = QPointF(self._image.offset()) / self._image.devicePixelRatio()
            painter.drawImage(QRectF(offset, self._image.deviceIndependentSize()), self._image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            whole = self._drawn_size
            limits = None if self._session.surface is None else self.scene.limits
            self._axes.paint(painter, box, limits, self.camera, whole, names)
            self._paint_landmarks(painter, size)
            self._paint_stage(painter, size)
        paint_focus(painter, self)
        painter.end()

    def _paint_landmarks(self, painter: QPainter, size: tuple[float, float]) -> None:
        """Models marked on this plane: they lie in it, and so at the height of the surface."""
        run, portrait, box = self._session.run, self._session.portrait, self.scene.box
        marks = landmarks(run, portrait.choice) if run is not None and portrait is not None else ()
        surface = self._session.surface
        if not marks or box is None or surface is None:
            return
        losses = np.array([mark.height_on(surface) for mark in marks])
        heights = heights_of(losses, self.scene.logarithmic)
        points = np.column_stack([[mark.a for mark in marks], [mark.b for mark in marks], heights])
        across, down = self.camera.project(box.place(points), box.sides, size)
        taken: list[QRectF] = []
        for mark, x, y in zip(marks, across.tolist(), down.tolist(), strict=True):
            if math.isfinite(x) and math.isfinite(y):
                taken.append(draw_landmark(painter, QPointF(x, y), mark, QRectF(0, 0, *size), taken))

    def _paint_stage(self, painter: QPainter, size: tuple[float, float]) -> None:
        """What the microscope says at its ring."""
        box, said = self.scene.box, self.scene.arrows.words
        if box is None or said is None:
            return
        x, y = self.camera.project(box.place(said[1]), box.sides, size)
        if math.isfinite(x) and math.isfinite(y):
            paint_words(painter, QPointF(float(x), float(y)), QRectF(0, 0, *size), said[0])

    def _card_place(self, size: QSize) -> QPoint:
        """At the right under the buttons; a narrow view has it under the bar of the colours and its numbers."""
        left, below = self.width() - size.width() - CARD_EDGE, self.controls.height() + CARD_EDGE
        if left < BAR.right():
            below = max(below, round(BAR.bottom()) + self.fontMetrics().height() + CARD_EDGE)
        return QPoint(max(0, left), below)

    def _legend_place(self) -> QPoint:
        """Under everything: over the relief it would hide what it is about."""
        return QPoint(LEGEND_EDGE, self.height() - self.legend.height() - LEGEND_EDGE)

    @property
    def _drawn_size(self) -> tuple[float, float]:
        """Width and height of picture and words in pixels: the view's, but for the legend below them."""
        below = self.legend.height() + LEGEND_EDGE if self.legend.isVisibleTo(self) else 0
        return float(self.width()), float(max(1, self.height() - below))

    def _bring_up_to_date(self) -> None:
        if self._stale:
            stale, self._stale = self._stale, set()
            self.scene.refresh(stale)
            self.legend.tell(self.scene.arrows.enlarged)
            self._axes.colours = self.scene.colours(np.linspace(0, 1, 256))
            if not self._turned:
                self._invite()
        if self.scene.box is not None and self._image is None:
            self._image = self.picture(fine=self.always_fine or not self._moving())

    def _invite(self) -> None:
        """Look from a good corner, anew for another kind of plane and at the end of a run, but not at every surface."""
        session, portrait, surface = self._session, self._session.portrait, self._session.surface
        if portrait is not None and surface is not None and surface.complete:
            seen = (session.run, portrait.choice, session.training)
            if seen != self._invited:
                self._invited = seen
                self.camera = self._inviting(self.camera.elevation)

    @property
    def picture_size(self) -> tuple[float, float]:
        """Width and height of the relief in pixels: the view's, but for the words below it."""
        whole = self._drawn_size
        return whole if self.scene.box is None else self._axes.picture_size(whole, self._names())

    def picture(self, fine: bool = True) -> QImage:
        """The relief without its axes and words, for a view `picture_size` large: see `ReliefCanvas.render`."""
        assert self.scene.box is not None
        density = self.devicePixelRatioF()
        width, height = self.picture_size
        size = max(1, round(width * density)), max(1, round(height * density))
        begun = time.perf_counter()
        image = self._canvas.render(self.camera, self.scene.box, self.scene.look, size, density, SAMPLES if fine else 0)
        if fine:
            self._cost = time.perf_counter() - begun
        return image

    def _moving(self) -> bool:
        """Whether pictures follow each other so fast, and cost so much, that rougher ones are better."""
        now = time.monotonic()
        moving = now - self._last_paint < REST_MS / 1000 and self._cost > QUICK_SECONDS
        self._last_paint = now
        if moving:
            self._rest.start()
        return moving

    def _names(self) -> Names:
        portrait, scene = self._session.portrait, self.scene
        assert portrait is not None and scene.box is not None
        size = float(np.linalg.norm(portrait.plane.origin))
        lengths = np.sqrt(np.diag(portrait.plane.gram))
        names = []
        for letter, label, length in zip("ab", portrait.plane.labels, lengths, strict=True):
            share = f" · 1 is {length / size:.0%} of ‖θ‖" if size > 0 else ""
            names.append((f"{letter} · {label.split(' (')[0]}", f"{letter}: {label}{share}"))
        signs = (
            "Balls stand at the true height of their network; stems end at its shadow on the surface. ★ best so far."
        )
        surface = self._session.surface
        noise = NOISE if surface is not None and surface.noise is not None and surface.noise.any() else ""
        sentences = (signs, *filter(None, [scene.arrows.sentence, noise, scene.box.cut_sentence()]))
        return Names(names[0], names[1], scene.height_name, sentences)

    # --- the camera -----------------------------------------------------------------------------------------------------

    def look_from(self, preset: str) -> None:
        """Look from "top", "front" or "iso", with everything in view."""
        camera = self.camera.preset(preset)
        self._take(self._inviting(camera.elevation) if preset == "iso" else camera)

    def _inviting(self, elevation: float) -> Camera:
        """From the corner where the surface rises away from the eye."""
        known = np.isfinite(self.scene.heights).any()
        return Camera(inviting_azimuth(self.scene.heights) if known else self.camera.azimuth, elevation)

    def _take(self, camera: Camera) -> None:
        self._turned = True
        self.camera = camera
        self.redraw()

    def _drift(self) -> None:
        if self.isVisible():
            self._take(self.camera.orbited(ORBIT_DEGREES_A_SECOND * ORBIT_MS / 1000, 0))

    def ball_at(self, x: float, y: float) -> int | None:
        """The start whose ball is drawn at a place of the view."""
        if self.scene.box is None or not len(self.scene.balls):
            return None
        places = self.scene.box.place(self.scene.balls)
        across, down = self.camera.project(places, self.scene.box.sides, self.picture_size)
        far = np.nan_to_num(np.hypot(across - x, down - y), nan=math.inf)
        return int(far.argmin()) if far.min() < NEAR_A_BALL else None

    def _place_at(self, spot: QPointF) -> tuple[float, float] | None:
        """The point of the plane whose surface is drawn at a pixel."""
        box = self.scene.box
        if box is None:
            return None
        sight = self.camera.line_of_sight(spot.x(), spot.y(), box.sides, self.picture_size)
        return self.scene.struck(sight)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold."""
        assert event is not None
        self._grasp = event.position()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Left button turns; right or middle button, or Shift, moves."""
        assert event is not None
        moved = event.position() - self._grasp
        self._grasp = event.position()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.buttons() & Qt.MouseButton.LeftButton and not shift:
            self._take(self.camera.orbited(-TURN * moved.x(), TURN * moved.y()))
        elif event.buttons() != Qt.MouseButton.NoButton:
            _, height = self.picture_size
            self._take(self.camera.panned(moved.x() / height, -moved.y() / height))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Everything in view again."""
        self.look_from("iso")

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Nearer or farther."""
        assert event is not None
        self._take(self.camera.zoomed(WHEEL ** event.angleDelta().y()))

    def resizeEvent(self, event: object) -> None:
        """Another size, another picture."""
        self.controls.setGeometry(0, 0, self.width(), self.controls.sizeHint().height())
        self.legend.move(self._legend_place())
        self.pointing.place_card()
        self._image = None
