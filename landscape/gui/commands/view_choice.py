"""2D, 3D or both: chosen by toolbar, menu and keys, and remembered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QToolBar

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

VIEWS = {
    "2d": ("2D", "The landscape from above"),
    "3d": ("3D", "The landscape as a relief: height is loss"),
    "both": ("Both", "From above and as a relief, together"),
}


class ViewChoice:
    """The three actions, of which one is checked; their keys are 1, 2 and 3."""

    def __init__(self, window: MainWindow, bar: QToolBar) -> None:
        self._window = window
        group = QActionGroup(window)
        self.actions: dict[str, QAction] = {}
        bar.addSeparator()
        for key, (name, (text, tip)) in enumerate(VIEWS.items(), start=1):
            action = self.actions[name] = QAction(text, group)
            action.setCheckable(True)
            action.setShortcut(str(key))
            action.setToolTip(f"{tip} ({key})")
            action.triggered.connect(partial(self._chosen, name))
            bar.addAction(action)

    def _chosen(self, name: str, _: bool = False) -> None:
        self.show_view(name)

    def show_view(self, name: str) -> None:
        """Show the landscape from above ("2d"), as a relief ("3d") or "both", and remember it."""
        self._window.settings.view = name
        if self._window.views:
            self._window.stage.show_view(name)

    def mark(self, name: str) -> None:
        """Show which view stands."""
        self.actions[name].setChecked(True)
