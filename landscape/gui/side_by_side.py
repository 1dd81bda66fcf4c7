"""Where the window is narrow, as on half a screen, the two docks share one place, so that the landscape keeps its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QTabWidget

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

# Pixels of a window in which docks on both sides leave the landscape the larger part of what lies between them.
ROOMY = 1100
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


class SideBySide(QObject):
    """Lays the setup under the pages, with tabs, when the window becomes narrow, and beside the landscape when it is wide
    again. Docks that somebody has put elsewhere, floated or closed stay as they are.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setTabPosition(RIGHT, QTabWidget.TabPosition.North)
        self._due = QTimer(self)  # not within the resizing, which lays the docks out itself
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self.arrange)
        self._narrow = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The window has another width."""
        if isinstance(event, QResizeEvent) and (event.size().width() < ROOMY) != self._narrow:
            self._narrow = not self._narrow
            self._due.start()
        return False

    def arrange(self) -> None:
        """Lay the docks out as the window's width asks for."""
        window = self._window
        setup, pages = window.setup_dock, window.inspect_dock
        if any(dock.isFloating() or dock.isHidden() for dock in (setup, pages)):
            return
        if window.dockWidgetArea(pages) != RIGHT:
            return
        together = pages in window.tabifiedDockWidgets(setup)
        if self._narrow and not together and window.dockWidgetArea(setup) == LEFT:
            widths = [pages.width()]
            window.tabifyDockWidget(pages, setup)
            window.resizeDocks([pages], widths, Qt.Orientation.Horizontal)
            pages.raise_()
        elif not self._narrow and together:
            widths = [setup.minimumSizeHint().width(), pages.width()]
            window.addDockWidget(LEFT, setup)
            window.resizeDocks([setup, pages], widths, Qt.Orientation.Horizontal)
