"""Heights as they are drawn: the one rule by which a measured value becomes a height, and a height a colour.

The map, the relief, the small maps beside them and their colour bars all take their values, limits and colours from here.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

from landscape.surface import Surface
from landscape.surface.measure import Measure

DECADES = 6.0  # a logarithmic scale reaches so far below its top at most: losses of zero exist (hinge)
# A single steep corner must not swallow the colours of the valley, nor one wild cell those of a difference: percentiles.
HIGHEST_SURFACE, HIGHEST_DIFFERENCE = 99.5, 99.0
# Limits of differences are round, so that a colour means the same from one mini-batch to the next: (times a power of ten).
ROUND = np.array([1, 1.5, 2, 3, 5, 7, 10])
ROOM = 3  # how many times the differences the limits of those before may be, to be kept
# Both can be read with any kind of colour vision (Kovesi 2015 for the second, "Good colour maps").
SEQUENTIAL, DIVERGING = "viridis", "CET-D1A"


def heights_of(values: NDArray, logarithmic: bool, highest: float | None = None) -> NDArray:
    """Measured values as heights: their log10, or themselves; not finite ones are NaN, off the map.

    `highest` is the value that a logarithm's depth is counted from, if it is not the highest of these.
    """
    values = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    if not logarithmic:
        return values
    highest = float(np.nanmax(values, initial=1e-12)) if highest is None else highest
    return np.asarray(np.log10(np.maximum(values, highest * 10.0**-DECADES)))


def colour_limits(heights: NDArray) -> tuple[float, float]:
    """The heights at both ends of the colours."""
    low, high = float(np.nanmin(heights)), float(np.nanpercentile(heights, HIGHEST_SURFACE))
    return low, high if high > low else low + 1e-6


@dataclass(frozen=True, eq=False)
class Heights:
    """What is drawn: `values` (nb, na) at grid coordinates a (na,), b (nb,); NaN is off the map.

    `logarithmic` values are log10 of a loss; `limits` are the values of the first and the last colour of the map `colours`.
    `noise` (nb, na) are the cells whose differences are below the sampling error, if that was asked for.
    """

    a: NDArray
    b: NDArray
    values: NDArray
    limits: tuple[float, float]
    logarithmic: bool
    title: str
    colours: str = SEQUENTIAL
    noise: NDArray | None = None

    @classmethod
    def of_surface(cls, surface: Surface, logarithmic: bool) -> "Heights | None":
        """The heights of a surface's measure, or None where no cell is finite; `logarithmic` where it is a loss."""
        measure = surface.measure or Measure()
        if measure.differs:
            heights = cls.of_differences(surface.a, surface.b, surface.heights, measure.title())
        else:
            logarithmic = logarithmic and measure.is_loss
            title = measure.title() + (" (log colours)" if logarithmic else "")
            heights = cls.of_values(surface.a, surface.b, surface.heights, logarithmic, title)
        return None if heights is None else replace(heights, noise=surface.noise)

    @classmethod
    def of_values(cls, a: NDArray, b: NDArray, values: NDArray, logarithmic: bool, title: str) -> "Heights | None":
        """The heights of values (nb, na), or None where none is a finite number."""
        heights = heights_of(values, logarithmic)
        if not np.isfinite(heights).any():
            return None
        return cls(a, b, heights, colour_limits(heights), logarithmic, title)

    @classmethod
    def of_differences(
        cls, a: NDArray, b: NDArray, difference: NDArray, title: str, before: "Heights | None" = None
    ) -> "Heights | None":
        """Differences (nb, na) in colours that part at zero; None where none is a finite number.

        Their limits are round, and those of the differences `before` where these fit them.
        """
        values = heights_of(difference, False)
        if not np.isfinite(values).any():
            return None
        most = max(float(np.nanpercentile(np.abs(values), HIGHEST_DIFFERENCE)), 1e-9)
        if before is not None and before.colours == DIVERGING and most <= before.limits[1] <= ROOM * most:
            limit = before.limits[1]
        else:
            power = 10.0 ** np.floor(np.log10(most))
            limit = float(power * ROUND[np.searchsorted(ROUND, most / power * (1 - 1e-9))])
        return cls(a, b, values, (-limit, limit), False, title, DIVERGING)

    def coloured_as(self, other: "Heights") -> "Heights":
        """The same heights in the colours of others, so that a colour means one value in both."""
        return replace(self, limits=other.limits)

    @property
    def ends(self) -> tuple[float, float]:
        """The measured values (a loss, not its logarithm) that the first and the last colour stand for."""
        low, high = self.limits
        return (10.0**low, 10.0**high) if self.logarithmic else (low, high)

    @property
    def rectangle(self) -> QRectF:
        """The rectangle whose cells are centred on the grid's points."""
        a, b = self.a, self.b
        da = (a[-1] - a[0]) / max(len(a) - 1, 1)
        db = (b[-1] - b[0]) / max(len(b) - 1, 1)
        return QRectF(a[0] - da / 2, b[0] - db / 2, da * len(a), db * len(b))
