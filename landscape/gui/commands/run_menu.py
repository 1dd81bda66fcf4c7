"""The Run menu: what the bar's buttons do, the same start with one thing changed, an earlier run beside it, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFileDialog, QMenu

from landscape.gui.commands.variation_dialog import VariationDialog
from landscape.run.archive import SUFFIX
from landscape.run.run import CHECKPOINTS

TRAIN_KEY = "R"

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


class RunMenu:
    """Fills the menu; offers what makes sense now."""

    def __init__(self, menu: QMenu, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self._cards: Mapping[Path, str] = {}
        menu.setToolTipsVisible(True)
        bar = window.bar
        self._buttons = {self._add(menu, "", button.click): button for button in bar.running}
        menu.addSeparator()
        menu.aboutToShow.connect(self._offer_running)
        self.vary = self._add(menu, "Same start, &change one thing…", self.ask, "Ctrl+T")
        self.vary.setToolTip(
            "Repeats the run from the same starts with one setting changed, and lays both beside each other"
        )
        overlay = menu.addMenu("Lay an &earlier run beside")
        assert overlay is not None
        self.overlay = overlay
        overlay.setToolTipsVisible(True)
        overlay.aboutToShow.connect(self._list)
        self.drop = self._add(menu, "&Take the earlier run away", self._session.rival.drop)
        menu.addSeparator()
        self.notes = self._add(menu, "&Notes…", window.notes.open, "Ctrl+N")
        self._session.rival.changed.connect(self._offer)
        self._session.job_changed.connect(self._offer)
        self._offer()

    def _add(self, menu: QMenu, text: str, act: object, key: str = "") -> QAction:
        action = QAction(text, menu)  # goes when the menu is cleared
        if key:
            action.setShortcut(key)
        action.triggered.connect(lambda _=False: act())  # type: ignore[operator]
        menu.addAction(action)
        return action

    def refresh(self, cards: Mapping[Path, str]) -> None:
        """Another run; `cards` are recent runs in words, by folder."""
        self._cards = cards
        self._offer()

    def _offer_running(self) -> None:
        """The bar's buttons that begin, hold and continue a run, as they stand now."""
        for action, button in self._buttons.items():
            keys = f"\t{TRAIN_KEY}" if button is self._window.bar.train else ""
            action.setText(button.text() + keys)
            action.setToolTip(button.toolTip())
            action.setEnabled(button.isEnabled())

    def _offer(self) -> None:
        run = self._session.run
        self.vary.setEnabled(run is not None and not self._session.training and run.engine != CHECKPOINTS)
        self.overlay.setEnabled(run is not None)
        self.drop.setEnabled(self._session.rival.run is not None)
        self.notes.setEnabled(run is not None)

    def ask(self) -> None:
        """Which setting, and its new value."""
        run = self._session.run
        if run is not None and self.vary.isEnabled():
            self.dialog = VariationDialog(run.setup, self._session.rival.begin, self._window)
            self.dialog.open()

    def _list(self) -> None:
        self.overlay.clear()
        for folder in self._session.kept_runs():
            act = partial(self._session.rival.overlay, folder)
            action = self._add(self.overlay, self._cards.get(folder, folder.name), act)
            action.setToolTip("Its network has to have the same layers as the shown one")
            self.overlay.addAction(action)
        self.overlay.addSeparator()
        self.overlay.addAction(self._add(self.overlay, "A saved run…", self._choose))

    def _choose(self) -> None:
        folder = self._window.settings.folder
        name, _ = QFileDialog.getOpenFileName(self._window, "Lay beside", folder, f"Runs (*{SUFFIX})")
        if name:
            self._session.rival.overlay(Path(name))
