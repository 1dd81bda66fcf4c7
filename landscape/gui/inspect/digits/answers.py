"""What a model answers: which digit it takes for which, and the digits themselves, the wrong ones first."""

import numpy as np
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from landscape.gui.inspect.digits.bars import ProbabilityBars
from landscape.gui.inspect.digits.confusion import ConfusionView
from landscape.gui.inspect.digits.examination import Examined
from landscape.gui.inspect.digits.gallery import Gallery, Shelf
from landscape.gui.theme import Theme

PICTURES_MS = 20
WIDE = 640  # pixels from which table and pictures stand side by side
HOW_TO_READ = "truth → guess, cost · probability of the truth"


class AnswersView(QSplitter):
    """The confusion matrix and the pictures; a cell of the one chooses among the other."""

    take_requested = pyqtSignal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._examined: Examined | None = None
        self._fresh = False
        self._pictures_due = QTimer(self)
        self._pictures_due.setSingleShot(True)
        self._pictures_due.setInterval(PICTURES_MS)
        self._pictures_due.timeout.connect(self._show_pictures)
        self.confusion, self.gallery, self.bars = ConfusionView(theme), Gallery(theme), ProbabilityBars(theme)
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        self.reading = QLabel(HOW_TO_READ)
        self.reading.setObjectName("faint")
        self.reading.setWordWrap(True)
        self.all = QPushButton("all digits")
        self.all.setToolTip("Show the digits of all cells again")
        self.all.clicked.connect(lambda: self.confusion.choose(None))
        pictures = QWidget()
        column = QVBoxLayout(pictures)
        column.setContentsMargins(6, 2, 6, 4)
        column.setSpacing(3)
        line = QHBoxLayout()
        line.addWidget(self.caption, 1)
        line.addWidget(self.all)
        column.addLayout(line)
        column.addWidget(self.reading)
        column.addWidget(self.gallery, 1)
        column.addWidget(self.bars)
        self.addWidget(self.confusion)
        self.addWidget(pictures)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(1, 1)
        self.bars.hide()
        self.confusion.cell_chosen.connect(lambda _: self._show_cell())
        self.gallery.chosen.connect(lambda _: self._show_digit())
        self.gallery.take_requested.connect(self.take_requested)

    def set_theme(self, theme: Theme) -> None:
        """Colour the parts."""
        for part in (self.confusion, self.gallery, self.bars):
            part.set_theme(theme)

    def show_examined(self, examined: Examined, in_pieces: bool = False) -> None:
        """Show a model's answers; `in_pieces` the pictures come a moment after the table, each in an event of its own."""
        self._fresh = self._fresh or self._examined is None or self._examined.split is not examined.split
        self._examined = examined
        self.confusion.show_counts(examined.verdict.confusion, examined.held.digits.classes)
        if in_pieces and not self._fresh:
            self._tell()  # what is said agrees with the table at once
            if not self._pictures_due.isActive():
                self._pictures_due.start()  # begun anew at every answer it would never run out while many come
        else:
            self._show_pictures()

    def _show_pictures(self) -> None:
        self._pictures_due.stop()
        self._fill()
        if self._fresh:
            self.gallery.clear_choice()
        self._fresh = False
        self._show_digit()

    def _show_cell(self) -> None:
        self._fill()
        self.gallery.clear_choice()
        self._show_digit()

    def _tell(self) -> None:
        """What the pictures are, in words."""
        examined, cell = self._examined, self.confusion.cell
        if examined is None:
            return
        if cell is None:
            wrong = len(examined.verdict.wrong)
            self.caption.setText(
                f"The {wrong:,} wrong ones first, the costliest at the front" if wrong else "None is wrong"
            )
        else:
            self.caption.setText(self.confusion.sentence(cell))
        self.all.setVisible(cell is not None)

    def _fill(self) -> None:
        self._tell()
        examined, cell = self._examined, self.confusion.cell
        if examined is None:
            return
        verdict = examined.verdict
        rows = verdict.wrong_first
        if cell is not None:
            truth, guess = cell
            rows = rows[np.equal(verdict.labels[rows], truth) & np.equal(verdict.guesses[rows], guess)]
        self.gallery.show_shelf(Shelf(examined, rows))

    def _show_digit(self) -> None:
        row, examined = self.gallery.row, self._examined
        self.bars.setVisible(row is not None)
        self.reading.setText(self.gallery.sentence or HOW_TO_READ)
        if row is not None and examined is not None:
            verdict = examined.verdict
            self.bars.show_shares(examined.held.digits.classes, verdict.probabilities[row], int(verdict.labels[row]))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Side by side where there is room."""
        wide = self.width() >= WIDE
        self.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        super().resizeEvent(event)
