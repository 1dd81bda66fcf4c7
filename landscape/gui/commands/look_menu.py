"""How the window looks: dark or light, the map of losses to colours, and the layout as it was at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QMenu

from landscape.gui.theme import COLOUR_MAPS

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

THEME_NAMES = {"dark": "&Dark", "light": "&Light"}


def add_look(menu: QMenu, window: MainWindow) -> None:
    """The choices of theme and colours, each with a mark at what stands."""
    _choice(menu, window, THEME_NAMES, lambda: window.settings.theme, window.use_theme)
    colours = menu.addMenu("&Colours of the loss")
    assert colours is not None
    colours.setToolTipsVisible(True)

    def choose(name: str) -> None:
        window.settings.colours = name
        window.use_theme()

    _choice(colours, window, COLOUR_MAPS, lambda: window.theme.colours, choose)


def _choice(
    menu: QMenu, window: MainWindow, names: Mapping[str, str], now: Callable[[], str], act: Callable[[str], None]
) -> None:
    group = QActionGroup(window)
    for name, text in names.items():
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(name == now())
        action.triggered.connect(partial(lambda chosen, _=False: act(chosen), name))
        menu.addAction(action)


def reset_layout(window: MainWindow) -> None:
    """Docks and bars where they were at the first start; what had been closed is back."""
    window.presenter.leave()
    window.restoreState(window.first_layout)
    for part in (window.setup_dock, window.inspect_dock, window.bar, window.motion):
        part.show()
    window.docks.arrange()
