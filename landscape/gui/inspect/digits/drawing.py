"""A drawn digit, what the network gets to see of it, and what the model says to it at every stroke."""

import numpy as np
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QPixmap, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from landscape.comparison import probabilities
from landscape.gui.inspect.digits.bars import ProbabilityBars
from landscape.gui.inspect.digits.examination import Examined
from landscape.gui.inspect.digits.gallery import picture_image
from landscape.gui.inspect.digits.pad import DrawingPad
from landscape.gui.theme import Theme

SEEN = 112  # pixels of the picture that the network sees
BESIDE = 18  # pixels of the page beside pad and picture


class DrawingView(QWidget):
    """Draw a digit: what the network gets to see of it, and how sure it is of each class."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._examined: Examined | None = None
        self.pad, self.bars = DrawingPad(theme), ProbabilityBars(theme)
        self.seen, self.verdict = QLabel(), QLabel()
        self.seen.setFixedSize(QSize(SEEN, SEEN))
        self.seen.setToolTip(
            "The drawing as MNIST's digits were made: fitted into 20×20 pixels, centred by its mass in 28×28"
        )
        self.verdict.setWordWrap(True)
        self.clear = QPushButton("clear")
        self.clear.setToolTip("Empty the pad (Delete)")
        self.clear.clicked.connect(self.pad.clear)
        words = QLabel("what the network sees")
        words.setObjectName("faint")
        words.setWordWrap(True)
        words.setMinimumHeight(2 * words.fontMetrics().lineSpacing())
        side = QVBoxLayout()
        side.addWidget(self.seen)
        side.addWidget(words)
        side.addStretch(1)
        side.addWidget(self.clear)
        self._board = QWidget()
        row = QHBoxLayout(self._board)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pad, 1)
        row.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self._board, 1)
        column.addWidget(self.verdict)
        column.addWidget(self.bars)
        column.addStretch(0)
        self.pad.drawn.connect(self.answer)
        self.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The pad's paper is a square: what is said of it stands right below, however tall the page is."""
        super().resizeEvent(event)
        self._board.setMaximumHeight(max(self.width() - SEEN - BESIDE, self._board.minimumSizeHint().height()))

    def set_theme(self, theme: Theme) -> None:
        """Colour pad and bars."""
        self._theme = theme
        self.seen.setStyleSheet(f"border: 1px solid {theme.line};")  # white paper on a white page would not be seen
        for part in (self.pad, self.bars):
            part.set_theme(theme)
        self.answer()

    def show_examined(self, examined: Examined) -> None:
        """Another model, or the same one later: what does it say to the drawing?"""
        self._examined = examined
        self.answer()

    def answer(self) -> None:
        """Show what the model says to the drawing as it stands."""
        picture = self.pad.picture
        image = picture_image(picture, self._theme.name == "dark")
        self.seen.setPixmap(QPixmap.fromImage(image.scaled(SEEN, SEEN)))
        examined = self._examined
        if examined is None or self.pad.empty:
            self.verdict.setText(
                "The bars show at every stroke how sure the model is of each class. On the landscape, the model under the "
                "mouse answers too."
            )
            self.bars.show_shares((), np.zeros(0))
            return
        subject, classes = examined.subject, examined.held.digits.classes
        shares = probabilities(subject.net, subject.theta, examined.held.prepare(picture[None]))[0]
        guess = int(shares.argmax())
        self.verdict.setText(f"<b>{subject.words}</b> says: <b>{classes[guess]}</b>, with p = {shares[guess]:.0%}")
        self.bars.show_shares(classes, shares)
