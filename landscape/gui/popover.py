"""A small page that opens under a button and closes when one clicks elsewhere or presses Esc."""

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

MARGIN = 6  # pixels between the page and the edge of the screen


class Popover(QFrame):
    """Holds the controls that a button opens; `refresh` is called each time before it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(8)

    def refresh(self) -> None:
        """Show how things stand."""

    def open_under(self, button: QWidget) -> None:
        """Show it below a button, inside the screen, with the keyboard in it."""
        self.open_at(button.mapToGlobal(QPoint(0, button.height() + 2)), button)

    def open_at(self, place: QPoint, near: QWidget) -> None:
        """Show it with its upper left corner at a place on the screen, moved so far that all of it is seen."""
        self.refresh()
        self.fit()
        screen = near.screen()
        assert screen is not None
        room = screen.availableGeometry().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.setFocus()
        self.focusNextChild()

    def fit(self) -> None:
        """Take the size that the content wants, which wrapped words only tell for a width."""
        self.ensurePolished()
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = max(self.minimumWidth(), self.sizeHint().width())
        tall = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.resize(width, tall)
