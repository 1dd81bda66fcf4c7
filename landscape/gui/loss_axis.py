"""Axes whose positions are log10 of a loss and whose numbers are the loss itself."""

import math

import pyqtgraph as pg


def nice_losses(low: float, high: float, most: int) -> list[float]:
    """Round losses between two losses, at most so many, evenly spread on a log scale."""
    if not (0 < low < high):
        return []
    for digits in ((1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        values = [
            digit * 10.0**power
            for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            for digit in digits
        ]
        values = [value for value in values if low <= value <= high]
        if len(values) <= most:
            return values
    step = math.ceil(len(values) / most)
    return values[::step]


def short(value: float) -> str:
    """A loss in three significant digits."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


class LossAxis(pg.AxisItem):
    """Shows losses; `logarithmic` says whether positions are their log10."""

    def __init__(self, orientation: str, logarithmic: bool = True) -> None:
        super().__init__(orientation)
        self.logarithmic = logarithmic

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list:  # noqa: D102
        if not self.logarithmic:
            return super().tickValues(minVal, maxVal, size)
        low, high = sorted((minVal, maxVal))
        if high > 300 or low < -300:
            return []
        losses = nice_losses(10**low, 10**high, max(2, int(size / 34)))
        return [(None, [math.log10(loss) for loss in losses])]

    def tickStrings(self, values: list, scale: float, spacing: float) -> list[str]:  # noqa: D102
        if not self.logarithmic:
            return super().tickStrings(values, scale, spacing)
        return [short(10**value) for value in values]
