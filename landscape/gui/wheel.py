"""The wheel over a page that scrolls: it turns the page, and no choice or number that happens to lie under the mouse."""

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QWidget


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
