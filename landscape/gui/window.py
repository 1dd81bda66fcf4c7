"""The window: lays out the parts and wires them. All state is the session's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from landscape.gui.banner import Banner
from landscape.gui.commands.closing import Closing
from landscape.gui.commands.files import Files
from landscape.gui.commands.keys import bind_keys
from landscape.gui.commands.menus import Menus
from landscape.gui.commands.motion_bar import MotionBar
from landscape.gui.commands.notes import Notes
from landscape.gui.commands.presenter import Presenter
from landscape.gui.commands.toolbar import CommandBar, mark_overflow
from landscape.gui.dropping import dropped_paths, welcome
from landscape.gui.gallery.pages import Gallery
from landscape.gui.guide.guide import Guide
from landscape.gui.inspect.pages import Inspect
from landscape.gui.session import Session
from landscape.gui.settings import Settings, packed, unpacked
from landscape.gui.setup.panel import SetupPanel
from landscape.gui.side_by_side import SideBySide
from landscape.gui.status import Status
from landscape.gui.theme import COLOUR_MAPS, THEMES, Theme, apply_theme
from landscape.gui.time_bar import time_marks
from landscape.gui.transport import Transport
from landscape.run.ending import endings
from landscape.run.setup import Setup

FIRST_PAINT_MS = 40


class MainWindow(QMainWindow):
    """Setup on the left, the landscape in the middle, curves and numbers on the right, time below."""

    views_built = pyqtSignal()

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)  # its timers end with the window
        self.settings = settings
        self.views: list[Any] = []
        self.magnify = 1.0
        self._shown = False
        self.setWindowTitle("Landscape")
        self.resize(1280, 800)
        self.setup_panel = SetupPanel()
        self.transport = Transport(session.playback)
        self.banner = Banner()
        self._build_middle()
        self._build_time()
        self.setup_dock = self._dock("Setup", self.setup_panel, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.inspect = Inspect(session, self.theme)
        self.inspect_dock = self._dock("Inspect", self.inspect, Qt.DockWidgetArea.RightDockWidgetArea)
        self.resizeDocks([self.setup_dock, self.inspect_dock], [284, 404], Qt.Orientation.Horizontal)
        self.files = Files(self)
        self.bar = CommandBar(self)
        self.motion = MotionBar(session)
        self.guide, self.presenter, self.closing, self.notes = Guide(self), Presenter(self), Closing(self), Notes(self)
        self.gallery = Gallery(self)
        self.menus = Menus(self)
        self.bar.offer_exports(self.menus.export_menu)
        self.addToolBarBreak()
        self.addToolBar(self.motion)
        for bar in (self.bar, self.motion):
            mark_overflow(bar)
        self.status = Status(session)
        self.setStatusBar(self.status)
        self._wire()
        self.keys = bind_keys(self)
        self.use_theme(settings.theme)
        self.first_layout = self.saveState()
        if settings.geometry:
            self.restoreGeometry(unpacked(settings.geometry))
            self.restoreState(unpacked(settings.docks))
        self.docks = SideBySide(self)
        self.setAcceptDrops(True)

    def _build_middle(self) -> None:
        middle = QWidget()
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._place_holder = QLabel("Preparing the view …")
        self._place_holder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self.banner)
        self._column.addWidget(self._place_holder, 1)
        self.setCentralWidget(middle)

    def _build_time(self) -> None:
        bar = QToolBar("Time")
        bar.setObjectName("Time")
        bar.setMovable(False)
        bar.addWidget(self.transport)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, bar)

    def _dock(self, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        dock.setWidget(content)
        self.addDockWidget(area, dock)
        return dock

    def build_views(self) -> None:
        """Build the views that draw with pyqtgraph, once the window is on screen: one an event, so that it stays awake."""
        steps = iter(self._building())

        def step() -> None:
            if next(steps, "built") != "built":
                QTimer.singleShot(0, step)
            else:
                QTimer.singleShot(FIRST_PAINT_MS, self.views_built.emit)  # first they are painted, then work begins

        step()

    def _building(self) -> Iterator[str]:
        import pyqtgraph as pg

        pg.setConfigOptions(antialias=True, imageAxisOrder="col-major")
        theme, session = self.theme, self.session
        yield "pyqtgraph"
        from landscape.gui.map_view import MapView
        from landscape.gui.stage import Stage

        self.map = MapView(session, theme)
        self.stage = Stage(self.map, session, theme)
        self._column.replaceWidget(self._place_holder, self.stage)
        self._place_holder.deleteLater()
        self._column.setStretchFactor(self.stage, 1)
        self.map.window_requested.connect(session.picture.look)
        self.map.turn_requested.connect(self._turn)
        self.map.shift_requested.connect(session.live.shift)
        self.stage.aspect_requested.connect(session.picture.choose_aspect)
        self.stage.refused.connect(self.banner.show_problem)
        self.stage.shown_changed.connect(self.bar.views.mark)
        yield "map"
        self.inspect.begin()
        yield "page in front"
        from landscape.gui.rival_strip import RivalStrip
        from landscape.gui.verdict import Verdict

        self.rival_strip = RivalStrip(session)
        self._column.addWidget(self.rival_strip)
        self.verdict = Verdict(session)
        self._column.addWidget(self.verdict)
        self.verdict.plane_requested.connect(session.picture.choose_plane)
        from landscape.gui.pace import PaceNote

        self.pace = PaceNote(session)
        self._column.addWidget(self.pace)
        self.views = [self.map, self.stage]
        self.stage.show_view(self.settings.view)

    def _wire(self) -> None:
        session = self.session
        self.setup_panel.train_requested.connect(lambda setup: session.train(setup))
        self.setup_panel.pictures_requested.connect(self._show_stages)
        session.setup_changed.connect(lambda: self.setup_panel.show_setup(session.setup))
        session.failed.connect(self.banner.show_problem)
        session.setup_refused.connect(self.setup_panel.complain)
        session.settings_offered.connect(self.setup_panel.take)
        session.told.connect(lambda text: self.status.showMessage(text, 12000))
        session.best_improved.connect(self._show_best)
        session.run_ended.connect(self._mark_ends)
        session.run_started.connect(self.banner.clear)
        session.run_offered.connect(self._offer_run)
        session.run_extended.connect(session.turns.soon(self._mark_time))
        self.transport.best_requested.connect(self.show_best)

    def _show_stages(self, setup: Setup) -> None:
        from landscape.gui.setup.pipeline_pictures import PipelinePictures

        pictures = PipelinePictures(self.session, setup, THEMES[self.settings.theme], self)
        pictures.components_chosen.connect(self.setup_panel.pipeline.choose_components)
        pictures.show()

    def _turn(self, u: float, v: float) -> None:
        self.session.live.turn("u", u)
        self.session.live.turn("v", v)

    def _offer_run(self, words: str, folder: Path) -> None:
        tip = "Opens that run where it ended; Resume then goes on with it"
        self.banner.offer(words, "Bring it back", tip, lambda: self.session.open_run(folder))

    def show_best(self) -> None:
        """Move time to where the best was found, and select its start."""
        best = self.session.best
        if best is not None:
            self.session.select(best.start)
            self.session.playback.jump(best.step)

    def _show_best(self) -> None:
        best = self.session.best
        if best is not None:
            self.transport.best.setText(f" best {best.loss:.3f}")
            self.transport.best.setToolTip(
                f"Best so far: loss {best.loss:.4f}, {best.validation_accuracy:.1%} of the validation digits right; "
                f"{best.start_name}, step {best.step:,}. Press to jump there (Shift+B)."
            )
            self._mark_ends()

    def _mark_time(self) -> None:
        run = self.session.run
        self.transport.show_marks(time_marks(run, THEMES[self.settings.theme]) if run is not None else [])

    def _mark_ends(self) -> None:
        self._mark_time()
        run = self.session.run
        # A target reached is no problem: only failures get the banner.
        for failed, show in ((True, self.banner.show_problem), (False, self.session.told.emit)):
            if run is not None and (said := endings(run, failed)):
                show(said)

    @property
    def theme(self) -> Theme:
        """The colours and the size of writing in use."""
        colours = self.settings.colours if self.settings.colours in COLOUR_MAPS else next(iter(COLOUR_MAPS))
        return replace(THEMES[self.settings.theme], colours=colours, magnify=self.magnify)

    def use_theme(self, name: str = "") -> None:
        """Dark or light; without a name, whatever has changed of the look is shown."""
        self.settings.theme = name or self.settings.theme
        app, theme = QApplication.instance(), self.theme
        assert isinstance(app, QApplication)
        apply_theme(app, theme)
        self.transport.set_theme(theme)
        self._mark_time()
        self.inspect.set_theme(theme)
        self.gallery.use_colours()
        for view in self.views:
            view.set_theme(theme)

    def showEvent(self, event: Any) -> None:
        """Build the views once the window has been painted."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            QTimer.singleShot(0, self.build_views)

    def dragEnterEvent(self, event: Any) -> None:
        """Take files."""
        welcome(event)

    def dropEvent(self, event: Any) -> None:
        """What is dropped is opened."""
        paths = dropped_paths(event)
        if paths:
            self.files.open_paths(paths)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Ask once if something runs; remember the layout. A run that grows is kept as far as it is."""
        if event is not None and not self.closing.allows():
            event.ignore()
            return
        self.presenter.leave()
        self.notes.keep()
        self.settings.geometry = packed(bytes(self.saveGeometry().data()))
        self.settings.docks = packed(bytes(self.saveState().data()))
        self.settings.save()
        self.session.close()
        super().closeEvent(event)
