"""The menus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from landscape.gui.commands import exports
from landscape.gui.commands.help import show_about, show_keys
from landscape.gui.commands.look_menu import add_look, reset_layout
from landscape.gui.commands.run_menu import RunMenu
from landscape.run.card import run_card

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


class Menus:
    """Builds the menu bar; it offers what makes sense now."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = session = window.session
        self._cards: dict[Path, str] = {}
        self._build()
        for changed in (session.run_started, session.run_ended, session.plane_changed):
            changed.connect(self.refresh)
        for changed in (session.run_started, session.run_ended):
            changed.connect(self._read_cards)
        self.refresh()

    def refresh(self) -> None:
        """Save and export once there is something to."""
        there = self._session.run is not None and self._session.portrait is not None
        for action in (self.save_action, self.save_best, self.export_menu):
            action.setEnabled(there)
        self.run_menu.refresh(self._cards)

    def _build(self) -> None:
        files, menus = self._window.files, self._window.menuBar()
        assert menus is not None
        file = _menu(menus.addMenu("&File"))
        self._add(file, "&Open run, setup, models or picture…", files.open, "Ctrl+O")
        self._add(file, "Open &folder of models…", files.open_folder)
        self.recent_menu = _menu(file.addMenu("&Recent runs and files"))
        self.recent_menu.setToolTipsVisible(True)
        self.recent_menu.aboutToShow.connect(self._list_recent)
        self.save_action = self._add(file, "&Save run…", files.save, "Ctrl+S")
        self.save_best = self._add(file, "Save &best model…", files.save_best_model)
        file.addSeparator()
        self._add(file, "Open &data folder…", files.open_data_folder)
        self._add(file, "&Download the full MNIST…", files.download)
        file.addSeparator()
        self.export_menu = _menu(file.addMenu("&Export"))
        for name in exports.EXPORTS:
            self._add(self.export_menu, f"{name}…", partial(files.export, name))
        self._add(self.export_menu, "Film of what is on screen…", files.film_screen)
        self.export_menu.addSeparator()
        self._add(self.export_menu, "Everything into a folder…", files.export_all, "Ctrl+E")
        file.addSeparator()
        self._add(file, "&Quit", self._window.close, "Ctrl+Q")
        self.run_menu = RunMenu(_menu(menus.addMenu("&Run")), self._window)
        view = _menu(menus.addMenu("&View"))
        view.addActions(list(self._window.bar.views.actions.values()))
        view.addSeparator()
        self._add(view, "&All paths in the window\t0", self._session.picture.look_at_all)
        self._add(view, "&Nine random planes…", self._window.gallery.open_nine)
        self._add(view, "Along a l&ine…\tL", self._window.gallery.open_line)
        view.addSeparator()
        add_look(view, self._window)
        view.addSeparator()
        self.arrows = self._add(view, "&Gradient arrows\tG", self._session.arrows.toggle)
        self.arrows.setCheckable(True)
        self.arrows.setToolTip("At the selected start: mini-batch gradient, full gradient and the step taken, downhill")
        self._session.arrows.changed.connect(lambda: self.arrows.setChecked(self._session.arrows.shown))
        view.setToolTipsVisible(True)
        view.addSeparator()
        for part in (self._window.setup_dock, self._window.inspect_dock, self._window.motion):
            view.addAction(part.toggleViewAction())
        self._add(view, "&Reset layout", partial(reset_layout, self._window))
        self._add(view, "&Present", self._window.presenter.toggle, "F11")
        help_menu = _menu(menus.addMenu("&Help"))
        self._add(help_menu, "&Tour", self._window.guide.begin_tour)
        self._add(help_menu, "&Glossary…", self._window.guide.open_glossary)
        self._add(help_menu, "Why directions are &normalised…", self._window.gallery.open_rescaling)
        self._add(help_menu, "&Keys", partial(show_keys, self._window))
        self._add(help_menu, "&About", partial(show_about, self._window))

    def _add(self, menu: QMenu, text: str, act: Callable, key: str = "") -> QAction:
        action = QAction(text, self._window)
        if key:
            action.setShortcut(key)
        action.triggered.connect(lambda _=False: act())
        menu.addAction(action)
        return action

    def _list_recent(self) -> None:
        self.recent_menu.clear()
        for folder in self._session.kept_runs():
            card = self._cards.get(folder, folder.name)
            action = self._add(self.recent_menu, card, partial(self._session.open_run, folder))
            action.setToolTip(f"Runs of this window are kept for a while, even if it was killed: {folder}")
        self.recent_menu.addSeparator()
        for path in (Path(name) for name in self._window.settings.recent):
            action = self._add(
                self.recent_menu, path.name.replace("&", "&&"), partial(self._window.files.open_path, path)
            )
            action.setToolTip(str(path))

    def _read_cards(self) -> None:
        """What recent runs are, in words: read beside the window, before anybody asks."""
        folders = self._session.kept_runs()

        def work() -> Iterator[tuple[Path, str]]:
            for folder in folders:
                yield folder, run_card(folder)

        self._session.lanes.start("cards", "", work, lambda batch: self._cards.update(batch))


def _menu(menu: QMenu | None) -> QMenu:
    assert menu is not None
    return menu
