"""How a loss becomes a colour or a height: a logarithmic or a linear scale, with levels and ticks at round numbers."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import SetupError
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS, Measure

SCALES = ("log", "linear")
DIVERGING = "RdBu_r"
# A logarithmic scale reaches so far below its top at most: losses of zero exist (hinge).
DEEPEST = 1e-6
# Round numbers that divide a decade ever more finely.
ROUND = (
    (1,),
    (1, 3),
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8),
    (1, 1.1, 1.2, 1.3, 1.5, 1.7, 2, 2.2, 2.5, 2.7, 3, 3.5, 4, 4.5, 5, 5.6, 6.3, 7, 8, 9),
)


@dataclass(frozen=True)
class LossScale:
    """Losses from low to high, spread evenly (linear) or by their logarithm (log) over 0 to 1."""

    kind: str
    low: float
    high: float

    @classmethod
    def over(cls, kind: str, *losses: ArrayLike) -> Self:
        """The scale that holds all finite values of the given losses."""
        if kind not in SCALES:
            raise SetupError(f"the scale {kind!r} is unknown; choose {' or '.join(SCALES)}", "scale")
        values = np.concatenate([np.asarray(each, np.float64).ravel() for each in losses])
        values = values[np.isfinite(values)]
        if not len(values):
            raise SetupError("there is nothing to draw: no cell of the surface has a finite loss")
        low, high = float(values.min()), float(values.max())
        if kind == "log":
            high = max(high, 1e-12)
            low = max(low, DEEPEST * high)
        if high - low <= 1e-9 * max(abs(high), 1e-12):  # a flat surface still wants a scale around it
            low, high = low * 0.95 - (low == 0), high * 1.05 + (high == 0)
        return cls(kind, low, high)

    def place(self, loss: ArrayLike) -> NDArray:
        """Where losses lie on the scale: 0 at low, 1 at high; values outside lie outside, not finite ones are NaN."""
        loss = np.where(np.isfinite(loss), np.asarray(loss, np.float64), np.nan)
        if self.kind == "log":
            share = np.log(np.maximum(loss, DEEPEST * self.high) / self.low) / np.log(self.high / self.low)
        else:
            share = (loss - self.low) / (self.high - self.low)
        return np.asarray(share)

    def norm(self) -> Any:
        """The same scale for matplotlib's colours."""
        from matplotlib.colors import LogNorm, Normalize

        return (LogNorm if self.kind == "log" else Normalize)(self.low, self.high, clip=True)

    def levels(self, count: int) -> NDArray:
        """About `count` contour levels, evenly spread on the scale, at numbers of few digits."""
        if self.kind == "linear" or self.high / self.low < 3:
            return self._inside(_even(self.low, self.high, count))
        return min(map(self._round, ROUND), key=lambda levels: abs(len(levels) - count))

    def ticks(self, count: int = 6) -> NDArray:
        """About `count` round losses for the labels of an axis."""
        if self.kind == "linear" or self.high / self.low < 3:
            return self._inside(_even(self.low, self.high, count))
        ticks = min(map(self._round, ROUND), key=lambda ticks: abs(len(ticks) - count))
        return ticks[:: max(1, len(ticks) // (count + 2))]

    def _round(self, steps: tuple[float, ...]) -> NDArray:
        decades = 10.0 ** np.arange(np.floor(np.log10(self.low)), np.ceil(np.log10(self.high)) + 1)
        return self._inside(np.outer(decades, steps).ravel())

    def _inside(self, values: NDArray) -> NDArray:
        return values[(values >= self.low) & (values <= self.high)]


def surface_scale(kind: str, *surfaces: Surface) -> LossScale:
    """The scale of surfaces of one measure: of differences it is even and centred on zero, of accuracies even."""
    measure = measure_of(surfaces[0])
    heights = [surface.heights for surface in surfaces]
    if measure.differs:
        most = max(float(np.nanmax(np.abs(each), initial=1e-9, where=np.isfinite(each))) for each in heights)
        return LossScale("linear", -most, most)
    return LossScale.over(kind if measure.is_loss else "linear", *heights)


def surface_colours(surface: Surface, colours: str) -> str:
    """The colour map of a surface: differences have one that parts at zero and can be read with any colour vision."""
    return DIVERGING if measure_of(surface).differs else colours


def measure_of(surface: Surface) -> Measure:
    """What a surface's heights are: the loss, where its maker has not said."""
    return surface.measure or THE_LOSS


def _even(low: float, high: float, count: int) -> NDArray:
    from matplotlib.ticker import MaxNLocator

    return np.asarray(MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))


def loss_text(loss: float) -> str:
    """A loss in three digits or more, such as 0.200 or 2.43 or 12,345."""
    if not np.isfinite(loss):
        return "not finite"
    if 1e3 <= abs(loss) < 1e6:
        return f"{loss:,.0f}"
    return f"{loss:#.3g}".rstrip(".") if 1e-4 <= abs(loss) < 1e6 else f"{loss:.1e}"


def tick_text(loss: float) -> str:
    """A round loss, without needless zeros."""
    if 1e3 <= abs(loss) < 1e6:
        return f"{loss:,.0f}"
    return f"{loss:.4g}" if abs(loss) < 1e6 else f"{loss:.0e}"
