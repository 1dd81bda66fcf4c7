"""The tool bar: running, what is drawn, how it is seen, and the way out as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QToolBar,
    QToolButton,
    QWidget,
)

from landscape.gui.commands.plane_panel import PlanePanel
from landscape.gui.commands.surface_panel import SurfacePanel, surface_words
from landscape.gui.commands.view_choice import ViewChoice
from landscape.gui.side_by_side import ROOMY
from landscape.run.choice import KEPT, SENTENCES
from landscape.run.portrait import PLANES
from landscape.run.run import CHECKPOINTS
from landscape.run.setup import Setup, StartsSetup

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

INSIDE_REACH = 1.0
WIDE = 1500  # pixels of a bar in which no name of a plane need be cut
WIDEST_CHOICE, NARROW, ROOM_FOR_ARROW = 144, 28, 32
WIDEST_PLANE = 280
PAUSE, RESUME = "Pause", "Resume"
DESCENTS = {False: "full space", True: "in the plane"}


class CommandBar(QToolBar):
    """Buttons and choices on the window's main tool bar; it offers what makes sense now."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Commands")
        self._window = window
        self._session = session = window.session
        self.setObjectName("Commands")
        self.setMovable(False)
        window.addToolBar(self)
        # What a narrow bar does without: the names, which the tooltips tell too, and a choice that the settings have as well.
        self._spared: list[QAction] = []
        self._build()
        self.views = ViewChoice(window, self)
        for changed in (
            session.job_changed,
            session.run_started,
            session.run_ended,
            session.plane_changed,
            session.setup_changed,
            session.best_improved,
            session.heights.changed,
        ):
            changed.connect(self.refresh)
        session.picture.kept.changed.connect(self._list_planes)
        self._list_planes()

    def _build(self) -> None:
        self.train = self._tool(
            "Train", "Begin a new run with the settings on the left (R)", self._window.setup_panel.request_training
        )
        self.train.setObjectName("primary")
        self.pause = self._tool(PAUSE, "Hold the descent and go on later; nothing is lost", self._pause_or_resume)
        self.more = self._tool("+ epochs", "Go on for half as many epochs again", self._more_epochs)
        self.from_best = self._tool(
            "From best",
            "Go on from the best point so far (the star): new descents around it",
            self._session.go_on_from_best,
        )
        self.running = (self.train, self.pause, self.more, self.from_best)
        self.addSeparator()
        self.plane = self._choice(
            "Plane",
            PLANES,
            self._session.picture.choose_plane,
            "The plane through parameter space that is drawn (P: the next)",
        )
        self.plane_details = self._tool(
            "…",
            "The plane in detail: its seed, point, layer or weights; keep it under a name (Shift+P)",
            self.open_plane,
        )
        self.plane_details.setStyleSheet("padding: 4px 2px;")  # narrow: a window of 1,280 pixels shows the whole bar
        self.plane_details.setFixedWidth(NARROW)
        self.plane_details.setAccessibleName("The plane in detail")
        self.plane_panel: PlanePanel | None = None
        self._add_spared(QLabel("Surface"))
        self.surface = self._tool(
            "",
            "What the heights are: loss or accuracy, over which digits, with the noise hatched (Shift+S)",
            self.open_surface,
        )
        self.surface.setFixedWidth(WIDEST_CHOICE)
        self.surface_panel: SurfacePanel | None = None
        self.descent = self._choice(
            "Descent",
            DESCENTS,
            self._switch_descent,
            "Full space: all parameters move, you see their shadow. Inside the plane: only a and b move, on the surface exactly. "
            "Begins a new run.",
        )

    def open_plane(self) -> None:
        """The page with what the plane can be asked besides its name."""
        if self.plane_panel is None:
            self.plane_panel = PlanePanel(self._session, self)
            gallery = self._window.gallery
            for button, open_page in (
                (self.plane_panel.nine, gallery.open_nine),
                (self.plane_panel.along_line, gallery.open_line),
            ):
                button.clicked.connect(self.plane_panel.hide)
                button.clicked.connect(lambda _=False, open_page=open_page: open_page())
        self.plane_panel.open_under(self.plane_details)

    def open_surface(self) -> None:
        """The page with what the heights can be."""
        self.surface_panel = self.surface_panel or SurfacePanel(self._session, self)
        self.surface_panel.open_under(self.surface)

    def _list_planes(self) -> None:
        self.plane.clear()
        for choice, words in PLANES.items():
            self.plane.addItem(words, choice)
            self.plane.setItemData(self.plane.count() - 1, SENTENCES[choice], Qt.ItemDataRole.ToolTipRole)
        if self._session.picture.kept.planes:
            self.plane.insertSeparator(self.plane.count())
        for kept in self._session.picture.kept.planes:
            self.plane.addItem(kept.name, KEPT + kept.name)
        view = self.plane.view()
        assert view is not None
        view.setMinimumWidth(view.sizeHintForColumn(0) + 24)  # the box is narrow: its list need not be
        self.refresh()

    def offer_exports(self, menu: QMenu) -> None:
        """The button that opens the menu of exports, at the end of the bar."""
        button = QToolButton()
        button.setText("Export ▾")
        button.setAccessibleName("Export")
        button.setToolTip("Pictures, films, trajectories, the surface: as files (Ctrl+E: everything)")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        button.setStyleSheet("padding: 4px 5px;")  # narrow: a window of 1,280 pixels shows the whole bar
        self.addWidget(button)

    def _tool(self, text: str, tip: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: act())
        self.addWidget(button)
        return button

    def _choice(self, name: str, choices: dict, act: Callable, tip: str) -> QComboBox:
        self._add_spared(QLabel(name))
        box = _Choice()
        for key, text in choices.items():
            box.addItem(text, key)
        box.setToolTip(tip)
        box.setAccessibleName(name)
        box.setMaximumWidth(WIDEST_CHOICE)
        box.activated.connect(lambda _: act(box.currentData()))
        if name == "Descent":
            self._add_spared(box)
        else:
            self.addWidget(box)
        return box

    def _add_spared(self, widget: QWidget) -> None:
        action = self.addWidget(widget)
        assert action is not None
        self._spared.append(action)

    def showEvent(self, event: QShowEvent | None) -> None:
        """The button that pauses or resumes is as wide as the longer word: the others stay where they are."""
        super().showEvent(event)
        shown, widths = self.pause.text(), []
        for word in (PAUSE, RESUME):
            self.pause.setText(word)
            widths.append(self.pause.sizeHint().width())
        self.pause.setText(shown)
        self.pause.setFixedWidth(max(widths))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """A wide window has room for the whole name of every plane."""
        super().resizeEvent(event)
        widest = min(self.plane.sizeHint().width(), WIDEST_PLANE)  # a kept plane may have a name of any length
        self.plane.setMaximumWidth(widest if self.width() >= WIDE else WIDEST_CHOICE)
        for action in self._spared:
            action.setVisible(self.width() >= ROOMY)

    def refresh(self) -> None:
        """Offer what makes sense now."""
        session = self._session
        run = session.run
        self.pause.setEnabled(session.training or session.unfinished)
        self.pause.setText(PAUSE if session.training or not session.unfinished else RESUME)
        idle = run is not None and not session.training
        known = run is not None and run.engine != CHECKPOINTS and not all(run.stops)
        self.more.setEnabled(idle and known and not session.unfinished)
        self.from_best.setEnabled(idle and session.best is not None)
        self.plane.setCurrentIndex(self.plane.findData(session.picture.choice))
        if session.portrait is not None:
            self.plane.setPlaceholderText(session.portrait.words)  # shown where the plane has no name of its own
        words = surface_words(session.heights.measure, session.heights.scale)
        room = WIDEST_CHOICE - ROOM_FOR_ARROW
        self.surface.setText(self.surface.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room) + " ▾")
        self.surface.setAccessibleName(f"Surface: {words}")
        self.descent.setCurrentIndex(self.descent.findData(session.setup.descent.in_plane))

    def _pause_or_resume(self) -> None:
        if self._session.training:
            self._session.pause_training()
        else:
            self._session.resume_training()

    def _more_epochs(self) -> None:
        run = self._session.run
        if run is not None:
            self._session.resume_training(more_epochs=max(1.0, run.setup.descent.epochs / 2))

    def _switch_descent(self, in_plane: bool) -> None:
        session = self._session
        if session.setup.descent.in_plane != in_plane:
            if in_plane:
                session.picture.choice, session.picture.chosen = "starts", True  # the plane in which the paths then lie
            session.train(
                session.setup.changed(descent={"in_plane": in_plane}, **_usual_reach(session.setup, in_plane))
            )


class _Choice(QComboBox):
    """A box whose words end in dots where it is too narrow for them."""

    def initStyleOption(self, option: QStyleOptionComboBox | None) -> None:
        """As much of the words as there is room for."""
        super().initStyleOption(option)
        style = self.style()
        if option is not None and style is not None:
            part = QStyle.SubControl.SC_ComboBoxEditField
            room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width() - 4
            words = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
            option.currentText = words


def mark_overflow(bar: QToolBar) -> None:
    """In a narrow window a bar ends in a button for what has no room; here it gets a sign, which would else be a blank."""
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if more is not None:
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        more.setText("»")
        more.setToolTip("Shows the buttons of this bar that have no room beside the others")
        more.setAccessibleName("More buttons")


def _usual_reach(setup: Setup, in_plane: bool) -> dict[str, dict[str, float]]:
    """Corners near the middle suit full descents, corners as far as θ is long suit the plane; a chosen distance stays."""
    full = StartsSetup().reach
    usual, other = (INSIDE_REACH, full) if in_plane else (full, INSIDE_REACH)
    return {"starts": {"reach": usual}} if setup.starts.reach == other else {}
