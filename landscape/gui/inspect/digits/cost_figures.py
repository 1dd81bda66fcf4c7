"""What the average hides: how many digits cost how much, which share of the whole they make up, and the cost by class."""

import math

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landscape.gui.drawing.loss_axis import nice_losses, short
from landscape.gui.focus import paint_focus
from landscape.gui.inspect.digits.examination import Examined
from landscape.gui.theme import Theme
from landscape.network import ExampleCosts

LEFT, RIGHT, TOP, MIDDLE, BOTTOM = 6.0, 6.0, 30.0, 18.0, 18.0
UPPER = 0.58  # of the bars' room is for the counts, the rest for the shares of the cost
ROW = 21.0


class CostHistogram(QWidget):
    """Upwards how many digits cost so much, downwards which share of the whole cost they make up; on a scale of ratios.

    A click on a column asks for its digits, on it again for all.
    """

    bin_chosen = pyqtSignal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._costs: ExampleCosts | None = None
        self._counts: NDArray = np.zeros(0, np.int64)
        self._edges: NDArray = np.ones(1)
        self._shares: NDArray = np.zeros(0)
        self._median = 0.0
        self.bin: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram of the cost of each digit")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour columns and writing."""
        self._theme = theme
        self.update()

    def show_costs(self, examined: Examined) -> None:
        """Show the costs of all digits."""
        self._costs = examined.costs
        self._counts, self._edges, self._shares = examined.histogram
        self._median = float(np.median(self._costs.losses))
        self.update()

    def limits(self) -> tuple[float, float] | None:
        """The costs from and to which the chosen column reaches; the first reaches down to 0."""
        if self.bin is None or self.bin >= len(self._counts):
            return None
        low = 0.0 if self.bin == 0 else float(self._edges[self.bin])
        high = math.inf if self.bin == len(self._counts) - 1 else float(self._edges[self.bin + 1])
        return low, high

    def choose(self, which: int | None) -> None:
        """Choose a column, or none."""
        if which != self.bin:
            self.bin = which
            self.setAccessibleDescription("" if which is None else self.sentence(which))
            self.update()
            self.bin_chosen.emit(which)

    def sentence(self, which: int) -> str:
        """What a column says."""
        low, high = self._edges[which], self._edges[which + 1]
        return (
            f"{int(self._counts[which]):,} digits cost between {short(float(low))} and {short(float(high))}: "
            f"{self._shares[which]:.1%} of the whole cost."
        )

    def sizeHint(self) -> QSize:
        """As wide as the page."""
        return QSize(340, 200)

    def _across(self, cost: float) -> float:
        """Where a cost stands, in pixels."""
        low, high = math.log(self._edges[0]), math.log(self._edges[-1])
        share = (math.log(max(cost, float(self._edges[0]))) - low) / (high - low)
        return LEFT + min(1.0, share) * (self.width() - LEFT - RIGHT)

    def bin_at(self, x: float) -> int | None:
        """The column under a pixel."""
        if not len(self._counts):
            return None
        place = int((x - LEFT) / (self.width() - LEFT - RIGHT) * len(self._counts))
        return place if 0 <= place < len(self._counts) else None

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Counts above the scale, shares of the cost below it, mean and median across both."""
        if self._costs is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        room = self.height() - TOP - MIDDLE - BOTTOM
        up, down = UPPER * room, (1 - UPPER) * room
        base, under = TOP + up, TOP + up + MIDDLE
        self._paint_bars(painter, self._counts / max(1, self._counts.max()), base, -up, self._theme.accent)
        self._paint_bars(painter, self._shares / max(1e-12, self._shares.max()), under, down, self._theme.warning)
        self._paint_scale(painter, base)
        self._paint_marks(painter, under + down)
        paint_focus(painter, self)
        painter.setPen(QColor(self._theme.warning))
        line = QRectF(LEFT, self.height() - BOTTOM, self.width() - LEFT - RIGHT, BOTTOM)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, "their share of the whole cost ↓")
        painter.setPen(QColor(self._theme.accent))
        painter.drawText(QRectF(LEFT, 0, 200, 14), Qt.AlignmentFlag.AlignLeft, "how many digits ↑")
        painter.end()

    def _paint_bars(self, painter: QPainter, shares: NDArray, base: float, reach: float, colour: str) -> None:
        width = (self.width() - LEFT - RIGHT) / max(1, len(shares))
        for place, share in enumerate(shares.tolist()):
            filling = QColor(colour)
            filling.setAlphaF(1.0 if self.bin in (None, place) else 0.3)
            top, bottom = sorted((base, base + share * reach))
            painter.fillRect(QRectF(LEFT + place * width + 0.5, top, width - 1, bottom - top), filling)

    def _paint_scale(self, painter: QPainter, base: float) -> None:
        painter.setPen(QColor(self._theme.faint))
        most = max(2, int(self.width() / 62))
        for cost in nice_losses(float(self._edges[0]), float(self._edges[-1]), most):
            x = self._across(cost)
            box = QRectF(max(0.0, min(self.width() - 50.0, x - 25)), base + 1, 50, MIDDLE - 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, short(cost))

    def _paint_marks(self, painter: QPainter, bottom: float) -> None:
        assert self._costs is not None
        median = self._median
        marks = (
            (median, f"half cost less than {short(median)}", Qt.PenStyle.DotLine, -1),
            (self._costs.mean, f"mean {short(self._costs.mean)}", Qt.PenStyle.DashLine, 1),
        )
        for cost, words, style, side in marks:
            if not np.isfinite(cost):
                continue
            x = self._across(cost)
            painter.setPen(QPen(QColor(self._theme.text), 1.4, style))
            painter.drawLine(QPointF(x, TOP - 2), QPointF(x, bottom))
            width = painter.fontMetrics().horizontalAdvance(words) + 4.0
            left = x - width if side < 0 else x
            left = max(0.0, min(self.width() - width, left))
            painter.drawText(QRectF(left, 14, width, 14), Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose, or choose no more."""
        assert event is not None
        which = self.bin_at(event.position().x())
        self.choose(None if which == self.bin else which)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Arrows go from column to column."""
        assert event is not None
        if event.key() in _STEPS and len(self._counts):
            at = len(self._counts) if self.bin is None else self.bin
            self.choose(max(0, min(len(self._counts) - 1, at + _STEPS[event.key()])))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent | None) -> bool:
        """A sentence for the column under the mouse; left and right are this widget's while it has the focus."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            which = self.bin_at(event.pos().x())
            text = "" if which is None else self.sentence(which) + " Click for these digits; click again for all."
            QToolTip.showText(event.globalPos(), text, self)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)


_STEPS = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}


class ClassCostsView(QWidget):
    """One line a class: its mean cost as a bar, and in numbers its share of the whole cost and how many are wrong."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._costs: ExampleCosts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Mean cost of each class, its share of the whole cost, and how many of its digits are wrong")
        self.setAccessibleName("Cost by class")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour bars and writing."""
        self._theme = theme
        self.update()

    def show_costs(self, costs: ExampleCosts) -> None:
        """Show what each class costs."""
        self._costs = costs
        self.setAccessibleDescription(
            "; ".join(
                f"{each.label}: mean {each.mean:.3g}, {each.wrong} of {each.count} wrong" for each in costs.classes
            )
        )
        self.setFixedHeight(round(ROW * (len(costs.classes) + 1)) + 4)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The head, then the classes."""
        if self._costs is None:
            return
        painter = QPainter(self)
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        classes, theme = self._costs.classes, self._theme
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        columns = (self.width() - 150.0, self.width() - 90.0, self.width() - 4.0)
        painter.setPen(QColor(theme.faint))
        painter.drawText(QRectF(6, 0, 120, ROW), Qt.AlignmentFlag.AlignVCenter, "class: mean cost")
        for edge, words in zip(columns[1:], ("of all cost", "wrong"), strict=True):
            painter.drawText(QRectF(edge - 90, 0, 90, ROW), right, words)
        most = max((each.mean for each in classes if np.isfinite(each.mean)), default=1.0) or 1.0
        for line, each in enumerate(classes, start=1):
            top, mean = line * ROW, each.mean if np.isfinite(each.mean) else most
            painter.fillRect(QRectF(22, top + 4, mean / most * (columns[0] - 66), ROW - 8), QColor(theme.accent))
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(6, top, 16, ROW), Qt.AlignmentFlag.AlignVCenter, str(each.label))
            beside = 26 + mean / most * (columns[0] - 66)
            painter.drawText(
                QRectF(beside, top, 60, ROW), Qt.AlignmentFlag.AlignVCenter, short(float(f"{each.mean:.2g}"))
            )
            painter.drawText(QRectF(columns[1] - 60, top, 60, ROW), right, f"{each.share:.0%}")
            painter.drawText(QRectF(columns[2] - 86, top, 86, ROW), right, f"{each.wrong:,} of {each.count:,}")
        painter.end()
