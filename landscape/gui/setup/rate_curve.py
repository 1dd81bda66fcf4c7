"""The learning rate over a run to come, as a tiny curve and a sentence."""

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from landscape.run.setup import DescentSetup

# The shape does not depend on how many updates an epoch has; so many are fine enough for its corners.
STEPS_PER_EPOCH = 200
POINTS = 400


@dataclass(frozen=True)
class Rates:
    """Rates at epochs: what a schedule makes of the learning rate."""

    epochs: tuple[float, ...]
    rates: tuple[float, ...]

    @classmethod
    def of(cls, descent: DescentSetup) -> "Rates":
        """The rates of a descent, from its first update to its last."""
        schedule = descent.build_schedule(STEPS_PER_EPOCH)
        steps = max(2, round(descent.epochs * STEPS_PER_EPOCH))
        places = [1 + round(i * (steps - 1) / (POINTS - 1)) for i in range(POINTS)]
        return cls(
            tuple(descent.epochs * (place - 1) / (steps - 1) for place in places),
            tuple(descent.learning_rate * schedule(place, steps) for place in places),
        )

    @property
    def sentence(self) -> str:
        """Where the rate begins, where it is highest and where it ends."""
        first, top, last = self.rates[0], max(self.rates), self.rates[-1]
        if min(self.rates) == top:
            return f"The rate stays at {top:.3g}."
        at = self.epochs[self.rates.index(top)]
        end = "nearly 0" if last < top / 1000 else f"{last:.2g}"
        if first == top:
            return f"The rate falls from {first:.3g} to {end}."
        if last == top:
            return f"The rate rises from {first:.2g} to {top:.3g} until epoch {at:.2g}."
        return f"The rate rises from {first:.2g} to {top:.3g} until epoch {at:.2g}, then falls to {end}."


class RateCurve(QWidget):
    """Draws rates over epochs, from zero to the highest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rates: Rates | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Learning rate over the epochs")

    def sizeHint(self) -> QSize:
        """Two lines of text high, as wide as there is room."""
        return QSize(120, 40)

    def show_rates(self, rates: Rates) -> None:
        """Draw these."""
        self.rates = rates
        self.setToolTip(rates.sentence)
        self.setAccessibleDescription(rates.sentence)
        self.update()

    def points(self) -> list[QPointF]:
        """The curve in pixels of this widget."""
        if self.rates is None:
            return []
        top, length = max(self.rates.rates), self.rates.epochs[-1]
        wide, high, margin = self.width() - 8, self.height() - 8, 4
        pairs = zip(self.rates.epochs, self.rates.rates)
        return [QPointF(margin + wide * e / length, margin + high * (1 - rate / top)) for e, rate in pairs]

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """A frame, and the curve in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(palette.mid().color())
        painter.setBrush(palette.base())
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        pen = QPen(palette.highlight().color(), 1.8)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(self.points()))
