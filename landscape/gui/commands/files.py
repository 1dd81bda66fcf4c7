"""Files in and out: the dialogs that ask for them, and what is done with the answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QFileDialog

from landscape.data import fetch
from landscape.errors import LandscapeError, SetupError
from landscape.gui.commands import exports
from landscape.model import load_model
from landscape.run.archive import SUFFIX
from landscape.run.best_model import save_best
from landscape.run.choice import DRAWN
from landscape.run.portrait import PLANES
from landscape.run.setup import Setup

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


class Files:
    """Opens, saves, downloads and exports."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session

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


def _setup_of_picture(path: Path) -> Setup:
    from landscape.export.picture import read_setup

    text = read_setup(path)
    if text is None:
        raise SetupError(f"{path.name} carries no setup: only pictures exported by this program do")
    return Setup.from_toml(text, f"the setup in {path.name}")
