"""How sure a model is of each class, as a row of columns."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from landscape.gui.theme import Theme

WIDEST, LINE = 56.0, 15.0


class ProbabilityBars(QWidget):
    """One column a class, the largest in the accent colour; `truth` is marked where it is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[int, ...] = ()
        self._shares: NDArray = np.zeros(0)
        self._truth: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "p: how sure the model is of each class; together they are 1. The right class has a line under it."
        )
        self.setAccessibleName("Probabilities")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour columns and writing."""
        self._theme = theme
        self.update()

    def show_shares(self, classes: tuple[int, ...], shares: NDArray, truth: int | None = None) -> None:
        """Show the probability of each class (C,); `truth` is a position among the classes."""
        self._classes, self._shares, self._truth = classes, np.nan_to_num(shares), truth
        if len(shares):
            guess = int(self._shares.argmax())
            self.setAccessibleDescription(f"{classes[guess]} with probability {self._shares[guess]:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the page, and low."""
        return QSize(340, 104)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Percent above, the digit below."""
        if not len(self._shares):
            return
        painter = QPainter(self)
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        theme, centre = self._theme, Qt.AlignmentFlag.AlignCenter
        width = min(WIDEST, (self.width() - 8) / len(self._shares))
        tall = self.height() - 2 * LINE - 6
        guess = int(self._shares.argmax())
        for place, (digit, share) in enumerate(zip(self._classes, self._shares.tolist(), strict=True)):
            left = 4 + place * width
            high = max(1.0, share * tall)
            bar = QRectF(left + 0.16 * width, LINE + tall - high, 0.68 * width, high)
            painter.fillRect(QRectF(bar.left(), LINE, bar.width(), tall), QColor(theme.field))
            painter.fillRect(bar, QColor(theme.accent if place == guess else theme.faint))
            painter.setPen(QColor(theme.text if place == guess else theme.faint))
            painter.drawText(QRectF(left, 0, width, LINE), centre, f"{share:.0%}" if share >= 0.005 else "")
            painter.drawText(QRectF(left, LINE + tall + 1, width, LINE), centre, str(digit))
            if place == self._truth:
                painter.fillRect(QRectF(left + 0.25 * width, self.height() - 3, 0.5 * width, 2), QColor(theme.text))
        painter.end()
