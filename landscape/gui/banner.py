"""The message bar above the landscape."""

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton


class Banner(QFrame):
    """A message bar above the landscape: what went wrong and what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        self.text = QLabel()
        self.text.setWordWrap(True)
        row.addWidget(self.text, 1)
        close = QPushButton("Close")
        close.setToolTip("Closes this message")
        close.clicked.connect(self.hide)
        row.addWidget(close)
        self.hide()

    def show_problem(self, text: str) -> None:
        """Show a sentence until it is closed."""
        self.text.setText(text[:1].upper() + text[1:])
        self.show()
