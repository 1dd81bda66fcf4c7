"""The middle of the window: the landscape from above, in three dimensions, or both."""

from collections.abc import Iterator
from typing import Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QApplication, QSplitter

from landscape.gui.map_view import MapView
from landscape.gui.session import Session
from landscape.gui.theme import Theme

SHAPE = 1.25  # width over height of the surface while the map, whose panel it would fill, is not shown
PIECE_MS = 15  # between two pieces of what is prepared
BESIDE = 1.25  # both views stand side by side where the stage is so much wider than tall, else one above the other
INSTEAD = "The view from above shows the same surface; Export, Picture in 3D draws one without OpenGL."


class Stage(QSplitter):
    """Shows one view or both. The 3D view is made when it is first wanted; what its driver takes time for, by `warm`."""

    shown_changed = pyqtSignal(str)
    aspect_requested = pyqtSignal(float)
    refused = pyqtSignal(str)

    def __init__(self, flat: MapView, session: Session, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._session, self._theme = session, theme
        self.relief: Any = None
        self._canvas: Any = None  # what the 3D view will draw with, once it is prepared
        self._pieces = self._warming()
        self._warm = QTimer(self)
        self._warm.setInterval(PIECE_MS)
        self._warm.timeout.connect(self._warm_on)
        self.flat = flat
        self.shown = "2d"
        self.setChildrenCollapsible(False)
        self.addWidget(flat)
        flat.aspect_requested.connect(self._shape_surface)

    def warm(self) -> None:
        """Prepare the 3D view, a piece an event: driver, programs and glyphs are then at hand when it is wanted."""
        self._warm.start()

    def _warm_on(self) -> None:
        if self.relief is not None or next(self._pieces, "all") == "all":
            self._warm.stop()

    def _warming(self) -> Iterator[str]:
        """The pieces; where 3D can't be drawn there are few, and `show_view` says why when somebody asks for it."""
        try:
            import landscape.gui.relief.opengl as opengl

            yield "Qt's part for it"
            import landscape.gui.relief.canvas as canvas

            yield "canvas"
            import landscape.gui.relief.view  # noqa: F401  (remembered by Python)

            yield "view"
            if opengl.why_no_opengl():
                return
            yield "driver"
            try:
                prepared = canvas.ReliefCanvas()
                yield "context"
                for _ in prepared.preparing():
                    yield "program"
                self._canvas = prepared
            except opengl.OpenGLError:
                return
        except ImportError:
            return

    def show_view(self, name: str) -> None:
        """Show "2d", "3d" or "both"; where 3D can't be drawn it stays 2D, and `refused` says why."""
        if name != "2d" and self.relief is None and not self._build():
            name = "2d"
        self.shown = name
        here = self.isAncestorOf(QApplication.focusWidget())
        self.flat.setVisible(name != "3d")
        if self.relief is not None:
            self.relief.setVisible(name != "2d")
            self.relief.pointing.shows_card = name == "3d"  # beside the map one card is enough
            self.relief.pointing.show_point()
            self.relief.show_arrows(brief=name == "both")
        if here:  # the keyboard stays with the landscape, though a view that had it has gone
            (self.relief if name == "3d" else self.flat.plot).setFocus()
        if name == "3d":
            self.aspect_requested.emit(SHAPE)
        self.shown_changed.emit(name)

    def be_filmed(self, filmed: bool) -> None:
        """While a film is made no picture may be rougher than its neighbours, however long it takes."""
        if self.relief is not None:
            self.relief.always_fine = filmed

    def _shape_surface(self, aspect: float) -> None:
        if self.shown != "3d":
            self.aspect_requested.emit(aspect)
            if self._session.portrait is not None:
                self.flat.show_plane()  # its ranges follow the new shape

    def _build(self) -> bool:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            from landscape.gui.relief.opengl import OpenGLError, why_no_opengl

            why = why_no_opengl()
            if not why:
                try:
                    self._make_relief()
                except OpenGLError as error:
                    why = str(error)
        except ImportError as error:
            why = f"Qt's part for it can't be loaded ({error})"
        finally:
            QApplication.restoreOverrideCursor()
        if why:
            self.refused.emit(f"3D can't be drawn here: {why}. {INSTEAD}")
        return not why

    def _make_relief(self) -> None:
        from landscape.gui.relief.view import ReliefView

        self.relief = ReliefView(self._session, self._theme, self._canvas)
        self.relief.setMinimumSize(240, 160)
        self.relief.hide()  # so that the map is laid out anew once, when both have their sizes
        self.addWidget(self.relief)
        self.setSizes([1000, 1200])

    def set_theme(self, theme: Theme) -> None:
        """Colour the 3D view, now or when it is made."""
        self._theme = theme
        if self.relief is not None:
            self.relief.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Side by side or one above the other, as there is room."""
        beside = self.width() > BESIDE * self.height()
        self.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        super().resizeEvent(event)
