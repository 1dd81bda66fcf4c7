"""The gallery's pages, made when they are first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


class Gallery:
    """Opens a page over the window, the same one each time."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.pages: dict[str, Any] = {}

    def open_nine(self) -> None:
        """Nine random planes at once."""
        from landscape.gui.gallery.nine_planes import NinePlanes

        self._open("nine", NinePlanes)

    def open_line(self) -> None:
        """Loss and accuracy along one straight line."""
        from landscape.gui.gallery.along_line import AlongLine

        self._open("line", AlongLine)

    def open_rescaling(self) -> None:
        """What rescaling a network does to its surface."""
        from landscape.gui.gallery.rescaling import RescalingPage

        self._open("rescaling", RescalingPage)

    def use_colours(self) -> None:
        """The window's map of losses to colours, for the pages that draw losses as colours."""
        for page in self.pages.values():
            if hasattr(page, "use_colours"):
                page.use_colours(self._window.theme.colours)

    def _open(self, name: str, build: Any) -> None:
        if name not in self.pages:
            self.pages[name] = build(self._window.session, self._window)
            self.use_colours()
        self.pages[name].open()
