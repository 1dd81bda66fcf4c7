"""The map's frame: dragging moves it, and with a key held turns or shifts the plane itself."""

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal

RADIANS_A_PIXEL = 0.006
SHIFT_A_PIXEL = 0.004


class TurningBox(pg.ViewBox):
    """Drag to move, wheel to zoom; Shift and drag turns u (sideways) and v (up and down); Ctrl and drag shifts the plane."""

    turn_requested = pyqtSignal(float, float)
    shift_requested = pyqtSignal(float)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """What a drag means."""
        held = event.modifiers()
        way = event.screenPos() - event.lastScreenPos()
        if held & Qt.KeyboardModifier.ShiftModifier:
            event.accept()
            self.turn_requested.emit(way.x() * RADIANS_A_PIXEL, -way.y() * RADIANS_A_PIXEL)
        elif held & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            self.shift_requested.emit(-way.y() * SHIFT_A_PIXEL)
        else:
            super().mouseDragEvent(event, axis)
