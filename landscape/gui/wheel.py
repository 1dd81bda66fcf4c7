"""The wheel over a page that scrolls: it turns the page, and no choice or number that happens to lie under the mouse."""

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QAbstractScrollArea, QWidget


class WheelGuard(QObject):
    """Keeps the wheel from changing controls that do not have the keyboard."""

    def keep(self, control: QWidget) -> None:
        """Keep the wheel from this control."""
        # Qt would give it the keyboard at the first turn of the wheel, before any filter is asked.
        if control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()  # the page below scrolls
            return True
        return False


def leave_wheel_to_page(plot: QAbstractScrollArea) -> None:
    """A plot that does not zoom lets the wheel scroll the page it stands on: its axes would else swallow it."""
    viewport = plot.viewport()
    assert viewport is not None
    WheelGuard(plot).keep(viewport)
