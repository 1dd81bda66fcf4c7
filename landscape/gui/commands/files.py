"""Files in and out: the dialogs that ask for them, and what is done with the answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QMessageBox

from landscape.data import fetch
from landscape.errors import LandscapeError, SetupError
from landscape.gui.commands import exports
from landscape.gui.commands.place import ask_for_place
from landscape.gui.contest import MOST
from landscape.model import FORMATS, read_model
from landscape.run.archive import SUFFIX
from landscape.run.best_model import save_best
from landscape.run.choice import DRAWN
from landscape.run.opening import PICTURES, kind_of, models_among, setup_from_model
from landscape.run.portrait import PLANES
from landscape.run.setup import Setup

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

KINDS = f"Runs, setups, models, pictures ({' '.join(f'*{end}' for end in (SUFFIX, '.toml', *FORMATS, *PICTURES))})"


class Files:
    """Opens, saves, downloads and exports."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session

    def open(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Open", self._window.settings.folder, f"{KINDS};;All files (*)"
        )
        if names:
            self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Ask for a folder of models, of a run or of MNIST's files, and open it."""
        name = QFileDialog.getExistingDirectory(self._window, "Folder of models", self._window.settings.folder)
        if name:
            self.open_path(Path(name))

    def open_paths(self, paths: Sequence[Path]) -> bool:
        """Open one file or folder; or several models, to compare or to play. Returns whether a descent may begin now."""
        self._window.banner.clear()  # what was wrong with the files before
        if len(paths) == 1:
            return self.open_path(paths[0])
        try:
            models = models_among(paths)
        except LandscapeError as error:
            self._session.failed.emit(str(error))
            return False
        if 1 < len(models) <= MOST:
            self._offer(models)
        elif models:
            self._session.shelf.gather(models)
        return len(models) <= MOST

    def open_path(self, path: Path) -> bool:
        """Open a run, take over a setup (its own or the one in a picture), begin from a model, or play a folder of them.

        Returns whether a descent may begin now: there is a setup for it, and no run on its way.
        """
        self._window.settings.folder = str(path.parent)
        session = self._session
        try:
            kind = kind_of(path)
            if kind in ("run", "checkpoints"):
                session.shelf.gather(path) if kind == "checkpoints" else session.open_run(path)
            elif kind in ("setup", "picture"):
                session.change_setup(Setup.load(path) if kind == "setup" else _setup_of_picture(path))
                session.told.emit(f"Took the setup from {path.name}: press Train to run it.")
            elif kind == "model":
                self._begin_from(path)
            else:
                form = self._window.setup_panel.setup
                session.change_setup(form.changed(data={"source": str(path.absolute())}))
                session.told.emit(f"Digits come from {path.name} now: press Train to learn them.")
                session.shelf.find_digits(str(path.absolute()))
        except LandscapeError as error:
            session.failed.emit(str(error))
            return False
        self._window.settings.remember(path)
        return kind not in ("run", "checkpoints")

    def _begin_from(self, path: Path) -> None:
        model = read_model(path)
        self._session.change_setup(setup_from_model(self._window.setup_panel.setup, path, model))
        taken = f" (its file does not say its {' and '.join(model.assumed)}: look at the form)" if model.assumed else ""
        self._session.told.emit(f"The next descents begin from {path.name}{taken}: press Train.")

    def _offer(self, models: list[Path]) -> None:
        """Ask what several models are for."""
        box = QMessageBox(self._window)
        box.setWindowTitle("Models")
        box.setText(f"{len(models)} models: {', '.join(path.name for path in models)}.")
        box.setInformativeText("Set them side by side, or play them one after the other as the way of one network?")
        roles = QMessageBox.ButtonRole
        compare, play = box.addButton("Compare", roles.AcceptRole), box.addButton("Play as a run", roles.ActionRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(compare)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def decide() -> None:
            if box.clickedButton() is compare:
                self._window.inspect_dock.show()
                self._window.inspect_dock.raise_()
                self._window.inspect.show_page("Compare")
                self._session.contest.add_files(models)
            elif box.clickedButton() is play:
                self._session.shelf.gather(models)

        box.finished.connect(lambda _: decide())
        box.open()

    def save(self) -> None:
        """Ask for a place and save the run."""
        asked = self._ask("Save run", f"run{SUFFIX}", f"Runs (*{SUFFIX})")
        if asked:
            self._session.save_run(asked[0])

    def save_best_model(self) -> None:
        """Ask for a place and save the best parameters so far."""
        run = self._session.run
        asked = self._ask(
            "Save best model",
            "best.safetensors",
            "safetensors (*.safetensors);;numpy (*.npz);;Nielsen's JSON (*.json);;pickle (*.pkl)",
        )
        if asked and run:
            try:
                save_best(run, asked[0])
                self._session.told.emit(f"Saved {asked[0].name}")
            except LandscapeError as error:
                self._session.failed.emit(str(error))

    def open_data_folder(self) -> None:
        """Ask for a folder with MNIST's files."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Folder with MNIST's IDX files", self._window.settings.folder
        )
        if name:
            self._window.setup_panel.choose_source(name)
            self._session.shelf.find_digits(name)

    def download(self) -> None:
        """Fetch the full set into the user's cache, then choose it."""
        session = self._session

        def finished() -> None:
            session.told.emit("The full MNIST is here: choose “full” as digits.")
            session.shelf.find_digits("full")

        def cancelled() -> None:
            session.told.emit(
                "Download cancelled: files that had come whole are kept, so that the next try goes on from there."
            )

        session.lanes.start("download", "downloading MNIST", fetch, lambda batch: None, finished, cancelled=cancelled)

    def export(self, name: str) -> None:
        """Ask for a place and export one thing."""
        work, ending, kinds = exports.EXPORTS[name]
        asked = self._ask(f"Export: {name}", f"{name.lower().replace(' ', '-')}{ending}", kinds)
        view = self._view()
        if asked and view:
            path, kind = asked
            view = replace(view, print=exports.PRINTS.get(kind, view.print))
            task, told = partial(work, view, path), f"Exported {path.name}"
            self._session.outbox.write("export", f"exporting {path.name}", task, path, told)

    def film_screen(self) -> None:
        """Ask what to film and where to, and film what is on screen."""
        from landscape.gui.commands.screen_film import LANE, FilmDialog, ScreenFilm

        session, window = self._session, self._window
        if session.run is None or session.portrait is None or session.lanes.running(LANE):
            return
        dialog = FilmDialog(session.playback.step, window)
        if dialog.exec() != FilmDialog.DialogCode.Accepted:
            return
        wish = dialog.wish
        if wish.ending:
            asked = self._ask("Film of what is on screen", f"screen{wish.ending}", f"Films (*{wish.ending})")
            path = asked[0] if asked else None
        else:
            folder = QFileDialog.getExistingDirectory(
                window, "Folder for the folder of pictures", window.settings.folder
            )
            path = Path(folder) / time.strftime("pictures-%Y-%m-%d-%H-%M-%S") if folder else None
        if path:
            ScreenFilm(window, wish, path)

    def export_all(self) -> None:
        """Ask for a folder and export everything."""
        name = QFileDialog.getExistingDirectory(self._window, "Export everything into", self._window.settings.folder)
        view = self._view()
        if name and view:
            work = partial(exports.everything, view, Path(name))
            self._session.outbox.write("export", "exporting", work, Path(name), f"Exported everything to {name}")

    def _view(self) -> exports.View | None:
        session = self._session
        if session.run is None or session.portrait is None:
            return None
        picture, theme = session.picture, self._window.settings.theme
        to = self._tour_end(picture.choice)
        return exports.View(
            session.run, session.portrait, session.surface, session.playback.step, theme, session.heights.scale,
            to, session.selected, picture.plane_seed + (to == picture.choice), session.heights.measure,
            self._window.theme.colours,
        )  # fmt: skip

    def _tour_end(self, shown: str) -> str:
        """The plane that a tour film ends on: that of the tour that stands, or else the next one."""
        chosen = str(self._window.motion.destination.currentData())
        if self._session.live.tour_at is not None and (chosen != shown or chosen in DRAWN):
            return chosen
        names = list(PLANES)
        return names[(names.index(shown) + 1) % len(names)] if shown in names else names[0]

    def _ask(self, title: str, name: str, kinds: str) -> tuple[Path, str] | None:
        settings = self._window.settings
        asked = ask_for_place(self._session, self._window, title, Path(settings.folder) / name, kinds)
        if asked:
            self._window.banner.clear()  # what was wrong with the place before
            settings.folder = str(asked[0].parent)
        return asked


def _setup_of_picture(path: Path) -> Setup:
    from landscape.export.origin import read_setup

    text = read_setup(path)
    if text is None:
        raise SetupError(f"{path.name} carries no setup: only what this program exported from a run does")
    return Setup.from_toml(text, f"the setup in {path.name}")
