"""Which contour lines are drawn, at round numbers, and which of them carry their number."""

import math

import numpy as np
from numpy.typing import NDArray

from landscape.export.loss_scale import LossScale
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.loss_axis import nice_losses

CONTOURS = 22  # on a landscape, about
STEPS = (1, 2, 2.5, 5, 10, 20)
EVERY = (1, 2, 4, 5, 10, 20)
LEAST_RATIO = 3.0  # of losses on a logarithmic scale: over a shorter stretch even steps are rounder


def contour_levels(heights: Heights, count: int) -> NDArray:
    """About `count` heights inside the limits whose values are round numbers: losses such as 0.1, or their log10."""
    low, high = heights.limits
    if not heights.logarithmic:
        return _even(low, high, count)
    low, high = 10.0**low, 10.0**high
    losses = _even(low, high, count) if high < LEAST_RATIO * low else LossScale("log", low, high).levels(count)
    return np.asarray(np.log10(losses[losses > 0]))


def named_levels(heights: Heights, levels: NDArray, most: int) -> list[tuple[float, float]]:
    """Of contour levels the few, at most about `most`, that are named: each with its value, a round number."""
    values = 10.0**levels if heights.logarithmic else levels
    if len(values) < 2:
        return list(zip(levels.tolist(), values.tolist(), strict=True))
    if heights.logarithmic and values[-1] >= LEAST_RATIO * values[0]:
        nice = np.array([*nice_losses(10.0 ** heights.limits[0], 10.0 ** heights.limits[1], most), np.inf])
        named = [bool(np.isclose(nice, value, rtol=1e-6).any()) for value in values]
    else:
        places = np.rint(values / (values[1] - values[0])).astype(np.int64)  # multiples of the step
        every = next((k for k in EVERY if np.count_nonzero(places % k == 0) <= most), EVERY[-1])
        named = (places % every == 0).tolist()
    return [(float(at), float(value)) for at, value, chosen in zip(levels, values, named, strict=True) if chosen]


def _even(low: float, high: float, count: int) -> NDArray:
    """About `count` multiples of a round step, from low to high."""
    rough = 10.0 ** math.floor(math.log10((high - low) / count))
    step = min((rough * step for step in STEPS), key=lambda step: abs((high - low) / step - count))
    return np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
