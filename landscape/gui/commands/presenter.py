"""Presenting: the landscape, its verdict and the time bar on the full screen, in writing for the back row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, QObject

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

MAGNIFY = 1.8


class Presenter(QObject):
    """Hides all that is not to be looked at, and brings it back as it was."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._before: tuple[QByteArray, QByteArray] | None = None

    @property
    def presenting(self) -> bool:
        """Whether the screen is full."""
        return self._before is not None

    def toggle(self) -> None:
        """F11."""
        if not self.leave():
            self._enter()

    def _enter(self) -> None:
        window = self._window
        window.guide.dismiss()
        self._before = window.saveGeometry(), window.saveState()
        for part in (window.setup_dock, window.inspect_dock, window.bar, window.motion):
            part.hide()
        self._show_frame(False)
        self._magnify(MAGNIFY)
        window.showFullScreen()

    def leave(self) -> bool:
        """Back to the window as it was; whether anything was presented."""
        if self._before is None:
            return False
        (geometry, layout), self._before = self._before, None
        window = self._window
        self._magnify(1.0)
        self._show_frame(True)
        window.showNormal()
        window.restoreGeometry(geometry)
        window.restoreState(layout)
        return True

    def _show_frame(self, shown: bool) -> None:
        menus = self._window.menuBar()
        assert menus is not None
        # Hidden, a menu bar would take its keys (F11 is one of them) along: it only loses its height.
        menus.setMaximumHeight(16_777_215 if shown else 0)
        self._window.status.setVisible(shown)

    def _magnify(self, factor: float) -> None:
        self._window.magnify = factor
        self._window.transport.write_large(factor > 1)
        self._window.use_theme()
