"""The message bar above the landscape."""

from collections.abc import Callable

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton


class Banner(QFrame):
    """A message bar above the landscape: what went wrong and what to do, or an offer with a button that takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._accept: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        self.text = QLabel()
        self.text.setWordWrap(True)
        row.addWidget(self.text, 1)
        self.accept = QPushButton("Accept")
        self.accept.setToolTip("Does what is offered")
        self.accept.clicked.connect(self._take)
        row.addWidget(self.accept)
        close = QPushButton("Close")
        close.setToolTip("Closes this message")
        close.clicked.connect(self._close)
        row.addWidget(close)
        self._close()

    def show_problem(self, text: str) -> None:
        """Show a sentence until it is closed, or until another run begins."""
        self._show(text, None)

    def offer(self, text: str, button: str, tip: str, accept: Callable[[], None]) -> None:
        """Show a sentence with a button that does what is offered, until one of the two is pressed."""
        self.accept.setText(button)
        self.accept.setToolTip(tip)
        self._show(text, accept)

    def clear(self) -> None:
        """Another run begins: a problem is of the past, an offer still stands."""
        if self._accept is None:
            self.hide()

    def _show(self, text: str, accept: Callable[[], None] | None) -> None:
        self._accept = accept
        first = text.split(maxsplit=1)[0] if text else ""
        # A file keeps its own name, best.npz; any other word begins the sentence.
        self.text.setText(text if "." in first.rstrip(".") or "/" in first else text[:1].upper() + text[1:])
        self.accept.setVisible(accept is not None)
        self.show()

    def _take(self) -> None:
        accept = self._accept
        self._close()
        if accept is not None:
            accept()

    def _close(self) -> None:
        self._accept = None
        self.hide()
