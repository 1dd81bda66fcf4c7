"""Toolbar and menus: every command of the window, and the file dialogs that go with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLabel, QMenu, QMessageBox, QToolBar, QToolButton

from landscape.data import fetch
from landscape.errors import LandscapeError, SetupError
from landscape.gui import exports
from landscape.gui.keys import key_list
from landscape.gui.view_choice import ViewChoice
from landscape.model import load_model
from landscape.run.archive import SUFFIX
from landscape.run.best_model import save_best
from landscape.run.choice import DRAWN
from landscape.run.portrait import PLANES
from landscape.run.setup import Setup, StartsSetup

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

SURFACES = {
    ("training", "log"): "training, log loss",
    ("training", "linear"): "training, loss",
    ("validation", "log"): "validation, log loss",
    ("validation", "linear"): "validation, loss",
}
INSIDE_REACH = 1.0
WIDEST_CHOICE = 150
DESCENTS = {False: "full space", True: "inside the plane"}


class Actions:
    """Builds toolbar and menus on the window and carries out what they say."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session
        bar = self._build_toolbar()
        self.views = ViewChoice(self._window, bar)
        self._build_menus()
        self._export_button(bar)
        session = self._session
        session.job_changed.connect(self.refresh)
        session.run_started.connect(self.refresh)
        session.run_ended.connect(self.refresh)
        session.plane_changed.connect(self.refresh)
        session.setup_changed.connect(self.refresh)
        session.best_improved.connect(self.refresh)
        self.refresh()

    def _build_toolbar(self) -> QToolBar:
        bar = QToolBar("Commands")
        bar.setObjectName("Commands")
        bar.setMovable(False)
        self._window.addToolBar(bar)
        self.train = self._tool(
            bar, "Train", "Begin a new run with the settings on the left (R)", self._window.setup_panel.request_training
        )
        self.train.setObjectName("primary")
        self.pause = self._tool(
            bar, "Pause", "Hold the descent and go on later; nothing is lost", self._pause_or_resume
        )
        self.more = self._tool(bar, "+ epochs", "Go on for half as many epochs again", self._more_epochs)
        self.from_best = self._tool(
            bar,
            "From best",
            "Go on from the best point so far (the star): new descents around it",
            self._session.go_on_from_best,
        )
        bar.addSeparator()
        self.plane = self._choice(
            bar,
            "Plane",
            PLANES,
            self._session.picture.choose_plane,
            "The plane through parameter space that is drawn (P: the next)",
        )
        self.surface = self._choice(
            bar,
            "Surface",
            SURFACES,
            lambda chosen: self._session.picture.choose_surface(*chosen),
            "Which digits the loss is measured on; heights and colours show the loss or its logarithm",
        )
        self.descent = self._choice(
            bar,
            "Descent",
            DESCENTS,
            self._switch_descent,
            "Full space: all parameters move, you see their shadow. Inside the plane: only a and b move, on the surface exactly. "
            "Begins a new run.",
        )
        return bar

    def _export_button(self, bar: QToolBar) -> None:
        button = QToolButton()
        button.setText("Export")
        button.setToolTip("Pictures, films, trajectories, the surface: as files (Ctrl+E: everything)")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.export_menu)
        bar.addWidget(button)

    def _tool(self, bar: QToolBar, text: str, tip: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: act())
        bar.addWidget(button)
        return button

    def _choice(self, bar: QToolBar, name: str, choices: dict, act: Callable, tip: str) -> QComboBox:
        bar.addWidget(QLabel(name))
        box = QComboBox()
        for key, text in choices.items():
            box.addItem(text, key)
        box.setToolTip(tip)
        box.setAccessibleName(name)
        box.setMaximumWidth(WIDEST_CHOICE)
        box.activated.connect(lambda _: act(box.currentData()))
        bar.addWidget(box)
        return box

    def _build_menus(self) -> None:
        menus = self._window.menuBar()
        assert menus is not None
        file = _menu(menus.addMenu("&File"))
        self._add(file, "&Open run, setup or model…", self.open, "Ctrl+O")
        self.recent_menu = _menu(file.addMenu("&Recent runs"))
        self.recent_menu.aboutToShow.connect(self._list_recent)
        self.save_action = self._add(file, "&Save run…", self.save, "Ctrl+S")
        self.save_best = self._add(file, "Save &best model…", self.save_best_model)
        file.addSeparator()
        self._add(file, "Open &data folder…", self.open_data_folder)
        self._add(file, "&Download the full MNIST…", self.download)
        file.addSeparator()
        self.export_menu = _menu(file.addMenu("&Export"))
        for name in exports.EXPORTS:
            self._add(self.export_menu, f"{name}…", partial(self.export, name))
        self.export_menu.addSeparator()
        self._add(self.export_menu, "Everything into a folder…", self.export_all, "Ctrl+E")
        file.addSeparator()
        self._add(file, "&Quit", self._window.close, "Ctrl+Q")
        view = _menu(menus.addMenu("&View"))
        view.addActions(list(self.views.actions.values()))
        view.addSeparator()
        self._add(view, "&Dark", partial(self._window.use_theme, "dark"))
        self._add(view, "&Light", partial(self._window.use_theme, "light"))
        view.addSeparator()
        for part in (self._window.setup_dock, self._window.inspect_dock, self._window.motion):
            view.addAction(part.toggleViewAction())
        help_menu = _menu(menus.addMenu("&Help"))
        self._add(help_menu, "&Keys", self.show_keys)
        self._add(help_menu, "&About", self.show_about)

    def _add(self, menu: QMenu, text: str, act: Callable, key: str = "") -> QAction:
        action = QAction(text, self._window)
        if key:
            action.setShortcut(key)
        action.triggered.connect(lambda _=False: act())
        menu.addAction(action)
        return action

    def refresh(self) -> None:
        """Offer what makes sense now."""
        session = self._session
        run = session.run
        self.pause.setEnabled(session.training or session.unfinished)
        self.pause.setText("Pause" if session.training or not session.unfinished else "Resume")
        idle = run is not None and not session.training
        self.more.setEnabled(idle and not session.unfinished and not all(run.stops if run else ()))
        self.from_best.setEnabled(idle and session.best is not None)
        for action in (self.save_action, self.save_best, self.export_menu):
            action.setEnabled(run is not None and session.portrait is not None)
        self.plane.setCurrentIndex(self.plane.findData(session.picture.choice))
        if session.portrait is not None:
            self.plane.setPlaceholderText(session.portrait.words)  # shown where the plane has no name of its own
        self.surface.setCurrentIndex(list(SURFACES).index((session.picture.which, session.picture.scale)))
        self.descent.setCurrentIndex(self.descent.findData(session.setup.descent.in_plane))

    # --- running ---------------------------------------------------------------------------------------------

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
                session.picture.choice = "starts"  # the plane in which the paths then lie
            session.train(
                session.setup.changed(descent={"in_plane": in_plane}, **_usual_reach(session.setup, in_plane))
            )

    # --- files -------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            "Open",
            self._window.settings.folder,
            f"Runs, setups, models, pictures (*{SUFFIX} *.toml *.safetensors *.npz *.png);;All files (*)",
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a run, take over a setup (its own file or the one in an exported picture), or begin from a model."""
        self._window.settings.folder = str(path.parent)
        session = self._session
        try:
            if path.suffix == ".toml":
                session.change_setup(Setup.load(path))
            elif path.suffix == ".png":
                session.change_setup(_setup_of_picture(path))
            elif path.suffix in (".safetensors", ".npz"):
                net, _ = load_model(path)
                chosen = {"sizes": net.sizes, "activation": net.activation, "cost": net.cost, "weights": str(path)}
                session.change_setup(session.setup.changed(network=chosen))
            else:
                session.open_run(path)
                return
            session.told.emit(f"Took the setup from {path.name}: press Train to run it.")
        except LandscapeError as error:
            session.failed.emit(str(error))

    def _list_recent(self) -> None:
        self.recent_menu.clear()
        for folder in self._session.kept_runs():
            self._add(self.recent_menu, folder.name, partial(self._session.open_run, folder))
        self.recent_menu.setToolTip("Runs of this window are kept for a while, even if it was killed")

    def save(self) -> None:
        """Ask for a place and save the run."""
        path = self._ask("Save run", f"run{SUFFIX}", f"Runs (*{SUFFIX})", (SUFFIX,))
        if path:
            self._session.save_run(path)

    def save_best_model(self) -> None:
        """Ask for a place and save the best parameters so far."""
        run = self._session.run
        path = self._ask(
            "Save best model",
            "best.safetensors",
            "safetensors (*.safetensors);;numpy (*.npz);;Nielsen's JSON (*.json);;pickle (*.pkl)",
            (".safetensors", ".npz", ".json", ".pkl"),
        )
        if path and run:
            try:
                save_best(run, path)
                self._session.told.emit(f"Saved {path.name}")
            except LandscapeError as error:
                self._session.failed.emit(str(error))

    def open_data_folder(self) -> None:
        """Ask for a folder with MNIST's files."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Folder with MNIST's IDX files", self._window.settings.folder
        )
        if name:
            self._window.setup_panel.choose_source(name)

    def download(self) -> None:
        """Fetch the full set into the user's cache, then choose it."""
        self._session.run_job(
            "download", "downloading MNIST", fetch, "The full MNIST is here: choose “full” as digits."
        )

    def export(self, name: str) -> None:
        """Ask for a place and export one thing."""
        work, ending, kinds = exports.EXPORTS[name]
        known = tuple(word.strip("(*)") for word in kinds.split() if "*" in word)
        path = self._ask(f"Export: {name}", f"{name.lower().replace(' ', '-')}{ending}", kinds, (ending, *known))
        view = self._view()
        if path and view:
            self._session.run_job(
                "export", f"exporting {path.name}", partial(work, view, path), f"Exported {path.name}"
            )

    def export_all(self) -> None:
        """Ask for a folder and export everything."""
        name = QFileDialog.getExistingDirectory(self._window, "Export everything into", self._window.settings.folder)
        view = self._view()
        if name and view:
            work = partial(exports.everything, view, Path(name))
            self._session.run_job("export", "exporting", work, f"Exported everything to {name}")

    def _view(self) -> exports.View | None:
        session = self._session
        if session.run is None or session.portrait is None:
            return None
        picture, theme = session.picture, self._window.settings.theme
        to = self._tour_end(picture.choice)
        return exports.View(
            session.run, session.portrait, session.surface, session.playback.step, theme, picture.scale,
            to, session.selected, picture.plane_seed + (to == picture.choice), picture.which,
        )  # fmt: skip

    def _tour_end(self, shown: str) -> str:
        """The plane that a tour film ends on: that of the tour that stands, or else the next one."""
        chosen = str(self._window.motion.destination.currentData())
        if self._session.live.tour_at is not None and (chosen != shown or chosen in DRAWN):
            return chosen
        names = list(PLANES)
        return names[(names.index(shown) + 1) % len(names)] if shown in names else names[0]

    def _ask(self, title: str, name: str, kinds: str, endings: tuple[str, ...]) -> Path | None:
        folder = Path(self._window.settings.folder)
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / name), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        self._window.settings.folder = str(path.parent)
        if path.suffix not in endings:
            path = path.with_name(path.name + endings[0])
            if path.exists():  # the dialog asked about another name
                self._session.failed.emit(f"{path.name} is there already: choose it by its whole name to replace it")
                return None
        return path

    # --- help --------------------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """The keys."""
        QMessageBox.information(
            self._window,
            "Keys",
            f"{key_list(self._window.keys)}\n\nIn the map: drag moves, the wheel zooms, Shift and drag turns the plane, "
            "Ctrl and drag shifts it.\n1, 2, 3\tfrom above, in 3D, both\nIn 3D: drag or Alt+arrows turns, right drag or "
            "Alt+Shift+arrows moves, the wheel or Alt+plus, Alt+minus nears;\nT, F, I from the top, front, corner; O orbits."
            "\nCtrl+S, Ctrl+O\tsave, open\nCtrl+E\texport everything",
        )

    def show_about(self) -> None:
        """Name, version, licence and sources."""
        from landscape._version import __version__

        QMessageBox.about(
            self._window,
            "About Landscape",
            f"Landscape {__version__}: see gradient descent.\n\nGPL-3.0-or-later. "
            "Digits: MNIST (LeCun, Cortes, Burges; CC BY-SA 3.0). "
            "Filter-normalised directions: Li et al. 2018, Visualizing the Loss Landscape of Neural Nets.",
        )


def _usual_reach(setup: Setup, in_plane: bool) -> dict[str, dict[str, float]]:
    """Corners near the middle suit full descents, corners as far as θ is long suit the plane; a chosen distance stays."""
    full = StartsSetup().reach
    usual, other = (INSIDE_REACH, full) if in_plane else (full, INSIDE_REACH)
    return {"starts": {"reach": usual}} if setup.starts.reach == other else {}


def _setup_of_picture(path: Path) -> Setup:
    from landscape.export.picture import read_setup

    text = read_setup(path)
    if text is None:
        raise SetupError(f"{path.name} carries no setup: only pictures exported by this program do")
    return Setup.from_toml(text, f"the setup in {path.name}")


def _menu(menu: QMenu | None) -> QMenu:
    assert menu is not None
    return menu
