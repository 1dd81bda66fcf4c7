"""Which digits take part: all ten, 3 against 7, or a list of one's own."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

ALL = tuple(range(10))
# In this order the second class, the 3, is what a single output near 1 means, as in fastai's lesson.
THREE_OR_SEVEN = (7, 3)
OWN = 2


class ClassChoice(QWidget):
    """A choice of three; with the last, a line for the digits opens below."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QComboBox()
        self.box.addItem("all ten digits", ALL)
        self.box.addItem("3 against 7", THREE_OR_SEVEN)
        self.box.addItem("own list")
        self.box.setAccessibleName("Classes")
        self.line = QLineEdit()
        self.line.setPlaceholderText("such as 0 1 8")
        self.line.setAccessibleName("The digits that take part")
        self.line.setToolTip("The digits that take part, parted by spaces")
        self.line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self.line)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._choose)
        self.line.textEdited.connect(lambda _: self.changed.emit())

    def read(self) -> list[Any]:
        """The chosen digits; what is no digit comes back as it was typed."""
        if self.box.currentIndex() != OWN:
            return list(self.box.currentData())
        parts = self.line.text().replace(",", " ").split()
        return [int(part) if part.isdecimal() else part for part in parts]

    def write(self, classes: Sequence[int]) -> None:
        """Show which digits take part."""
        if tuple(classes) == ALL:
            self.box.setCurrentIndex(0)
        elif len(classes) == 2 and set(classes) == set(THREE_OR_SEVEN):
            self.box.setItemData(1, tuple(classes))  # in the order that it has
            self.box.setCurrentIndex(1)
        else:
            self.box.setCurrentIndex(OWN)
        self.line.setText(" ".join(map(str, classes)))
        self.line.setVisible(self.box.currentIndex() == OWN)

    def _choose(self, index: int) -> None:
        if index == OWN:
            self.line.setVisible(True)
            self.line.setFocus()
            self.line.selectAll()
        else:
            self.line.setVisible(False)
            self.line.setText(" ".join(map(str, self.box.currentData())))
        self.changed.emit()
