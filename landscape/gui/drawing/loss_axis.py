"""Axes whose positions are log10 of a loss and whose numbers are the loss itself."""

import math

import pyqtgraph as pg

ACROSS = 56  # pixels that a number on a level axis needs
CLOSEST = 16  # pixels between two numbers on an upright one


def nice_losses(low: float, high: float, most: int) -> list[float]:
    """Round losses between two losses, at most so many: evenly spaced within a decade, by powers of ten beyond."""
    if not (0 < low < high) or most < 1:
        return []
    if high / low < 12:
        return _even(low, high, most)
    for digits in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        values = [digit * 10.0**power for power in powers for digit in digits]
        values = [value for value in values if low <= value <= high]
        if len(values) <= most:
            return values
    return values[:: math.ceil(len(values) / most)]


def _even(low: float, high: float, most: int) -> list[float]:
    rough = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(rough * digit for digit in (1, 2, 5, 10, 20) if (high - low) / (rough * digit) <= most)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def short(value: float) -> str:
    """A loss in three significant digits, and never long: 0.213, 36.3, 5,000, 1.4e11."""
    if abs(value) < 1000:
        return f"{value:.3g}".replace("e-0", "e-")
    return f"{value:,.0f}" if abs(value) < 9999.5 else f"{value:.3g}".replace("e+0", "e").replace("e+", "e")


class LossAxis(pg.AxisItem):
    """Shows losses; `logarithmic` says whether positions are their log10."""

    def __init__(self, orientation: str, logarithmic: bool = True) -> None:
        super().__init__(orientation)
        self.logarithmic = logarithmic
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list:
        if not self.logarithmic:
            return self._apart(super().tickValues(minVal, maxVal, size), minVal, maxVal, size)
        low, high = sorted((minVal, maxVal))
        if high > 300 or low < -300:
            return []
        losses = nice_losses(
            10**low, 10**high, max(2, int(size / (34 if self.orientation in ("left", "right") else ACROSS)))
        )
        return [(None, [math.log10(loss) for loss in losses])]

    def tickStrings(self, values: list, scale: float, spacing: float) -> list[str]:
        if not self.logarithmic:
            return super().tickStrings(values, scale, spacing)
        return [short(10**value) for value in values]

    def _apart(self, levels: list, low: float, high: float, size: float) -> list:
        """Ticks so far from each other that the numbers of an upright axis have room."""
        if self.orientation not in ("left", "right") or not levels or len(levels[0][1]) * CLOSEST <= size:
            return levels
        most = max(1, int(size / CLOSEST))
        even = (_even(min(low, high), max(low, high), count) for count in range(most, most + 3))
        values = next(filter(None, even), levels[0][1][:1])  # one number at least
        return [(values[1] - values[0] if len(values) > 1 else levels[0][0], values)]
