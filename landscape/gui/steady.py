"""Words under the landscape that do not make it jump: they get the room they need, and keep it while others take their place."""

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QWidget


class Steady(QObject):
    """Keeps a widget as tall as it ever had to be at its present width.

    A sentence that loses a line gives its room to the map, whose surface is then evaluated for its new shape and may bring
    the line back: without this both would go on for ever.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget, self._least = widget, widget.minimumHeight()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """At another width other lines are needed."""
        if event is not None and event.type() == QEvent.Type.Resize:
            size, before = event.size(), event.oldSize()  # type: ignore[attr-defined]
            if size.width() != before.width():
                self._widget.setMinimumHeight(self._least)
            self.settle()
        return False

    def settle(self) -> None:
        """Take as much height as the words need now; to be called when they have changed."""
        needed = self._widget.heightForWidth(self._widget.width())
        if self._widget.isVisible() and needed > self._widget.minimumHeight():
            self._widget.setMinimumHeight(needed)
