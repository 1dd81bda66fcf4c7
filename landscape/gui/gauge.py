"""A gauge: how much of the descents' movement the plane holds, with a tick at what pure chance would give."""

import math

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

WIDE, TALL, TICK = 110, 22, 3


class Gauge(QWidget):
    """`share` from 0 to 1 (NaN: nothing has moved), `yardstick` what a random walk of that length would get."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = math.nan
        self.yardstick: float | None = None
        self.setFixedSize(WIDE, TALL)

    def sizeHint(self) -> QSize:
        """As it is drawn."""
        return QSize(WIDE, TALL)

    def show_share(self, share: float, yardstick: float | None) -> None:
        """Draw another share."""
        self.share, self.yardstick = share, yardstick
        words = (
            "Nothing has moved yet" if math.isnan(share) else f"Coverage: the plane holds {share:.1%} of the movement"
        )
        if yardstick is not None:
            words += f"; the tick marks what a random walk of that length would get, {yardstick:.0%}"
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """The bar and its tick."""
        painter, palette = QPainter(self), self.palette()
        bar = QRectF(0, 5, self.width(), self.height() - 10)
        painter.fillRect(bar, palette.mid())
        if not math.isnan(self.share):
            # Even a thousandth is to be seen as something.
            width = max(1.0, bar.width() * self.share) if self.share > 0 else 0.0
            painter.fillRect(QRectF(bar.x(), bar.y(), width, bar.height()), palette.highlight())
        if self.yardstick is not None:
            x = bar.x() + bar.width() * self.yardstick
            painter.fillRect(QRectF(x - TICK / 2, 1, TICK, self.height() - 2), QColor(palette.text().color()))
        painter.end()
