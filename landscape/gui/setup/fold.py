"""A fold: what is seldom needed, behind a button that says how much of it has been set."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """Shows or hides its content; closed at first."""

    def __init__(self, content: QWidget, about: str, parent: QWidget | None = None, word: str = "More") -> None:
        super().__init__(parent)
        self._about, self._word = about, word
        self.button = QToolButton()
        self.button.setObjectName("fold")
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip(f"Further settings: {about}")
        self.button.setAccessibleName(f"{word}: {about}")
        self.button.toggled.connect(self._show)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(content)
        self.count(0)
        self._show(False)

    def _show(self, open_: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._content.setVisible(open_)

    def open(self) -> None:
        """Show the content."""
        self.button.setChecked(True)

    def count(self, changed: int) -> None:
        """Say how many settings inside differ from the usual, so that none works unseen."""
        self.button.setText(f"{self._word} · {changed} set" if changed else self._word)
