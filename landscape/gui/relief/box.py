"""The box that a relief stands in: how coordinates on the plane and losses become places in space, and its scales."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape.export.loss_scale import tick_text
from landscape.gui.drawing.heights import HIGHEST_SURFACE
from landscape.gui.drawing.loss_axis import nice_losses

TALL = 0.6  # height of the box in shares of its longer side
NARROWEST = 0.3  # of the longer side
BELOW, ABOVE = (
    0.06,
    0.02,
)  # room between the lowest loss and the floor, the highest and the lid, in shares of all heights
# A loss far above the rest (an explosion, one steep corner) would press everything else flat: percentiles.
HIGHEST_PATH = 98.0


def even_ticks(low: float, high: float, most: int) -> NDArray:
    """Round numbers from low to high, evenly spaced, at most so many."""
    if not high > low or most < 1:
        return np.zeros(0)
    rough = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(rough * digit for digit in (1, 2, 2.5, 5, 10, 20, 25) if (high - low) / (rough * digit) <= most)
    ticks = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
    return ticks[:most]


@dataclass(frozen=True)
class ReliefBox:
    """Ranges of a, b and height (floor, lid); `sides` are the box's edges in space, centred on the origin."""

    a: tuple[float, float]
    b: tuple[float, float]
    heights: tuple[float, float]
    sides: tuple[float, float, float]
    logarithmic: bool
    cut: bool = False
    signed: bool = False  # heights below zero have a meaning

    @classmethod
    def around(
        cls,
        ranges: tuple[tuple[float, float], tuple[float, float]],
        lengths: NDArray,
        surface: NDArray,
        paths: NDArray,
        logarithmic: bool,
        signed: bool = False,
    ) -> Self:
        """The box over ranges of a and b that holds heights of surface and paths (F, K); `lengths` (2,) are those of u and v.

        The starts always find room in it.
        """
        spans = np.array([high - low for low, high in ranges]) * lengths
        spans = np.maximum(spans / spans.max(), NARROWEST)
        both = [each[np.isfinite(each)] for each in (surface, paths, paths[:1])]
        tops = [
            float(np.percentile(each, share))
            for each, share in zip(both, (HIGHEST_SURFACE, HIGHEST_PATH, 100.0), strict=True)
            if len(each)
        ]
        if not tops:
            return cls(*ranges, (0.0, 1.0), (float(spans[0]), float(spans[1]), TALL), logarithmic, False, signed)
        everything = np.concatenate(both)
        low, whole, top = float(everything.min()), float(everything.max()), max(tops)
        # A little more than that does no harm: cut only what would press the rest flat.
        if top - low >= 0.7 * (whole - low):
            top = whole
        room = max(top - low, 1e-9)
        heights = low - BELOW * room, top + ABOVE * room
        return cls(*ranges, heights, (float(spans[0]), float(spans[1]), TALL), logarithmic, whole > heights[1], signed)

    @cached_property
    def scale(self) -> NDArray:
        """Space for one unit of a, b and height, (3,)."""
        spans = [high - low for low, high in (self.a, self.b, self.heights)]
        return np.array(self.sides) / np.maximum(spans, 1e-12)

    @cached_property
    def shift(self) -> NDArray:
        """What is added after `scale`, (3,)."""
        middles = np.array([(low + high) / 2 for low, high in (self.a, self.b, self.heights)])
        return -middles * self.scale

    def place(self, points: NDArray) -> NDArray:
        """Where points (..., 3) of a, b and height stand in space."""
        return np.asarray(points) * self.scale + self.shift

    def unplace(self, places: NDArray) -> NDArray:
        """Which points (a, b, height) stand at places (..., 3) in space."""
        return np.asarray((np.asarray(places) - self.shift) / self.scale)

    def height_ticks(self, most: int) -> list[tuple[float, str]]:
        """Round losses on the height scale: (height, text)."""
        return loss_ticks(*self.heights, self.logarithmic, most, self.signed)

    def cut_sentence(self) -> str:
        """What is cut off above the box, if anything is."""
        lid = 10 ** self.heights[1] if self.logarithmic else self.heights[1]
        return f"Cut at {tick_text(float(f'{lid:.3g}'))}: what lies above is not drawn." if self.cut else ""


def loss_ticks(low: float, high: float, logarithmic: bool, most: int, signed: bool = False) -> list[tuple[float, str]]:
    """Round values between two heights: (height, text); none below zero unless they are `signed`."""
    if not logarithmic:
        ticks = even_ticks(low if signed else max(low, 0.0), high, most)
        return [(float(tick), tick_text(float(f"{tick:.6g}")).replace("-", "−")) for tick in ticks]
    if high > 300 or low < -300:
        return []
    losses = nice_losses(10**low, 10**high, most)
    return [(math.log10(loss), tick_text(float(f"{loss:.6g}"))) for loss in losses if loss > 0]
