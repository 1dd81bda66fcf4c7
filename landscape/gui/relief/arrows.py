"""Arrows that lie on a relief: the gradient's three, and the microscope's stage beside them.

They are shadows of steps in all dimensions, enlarged: directions along the plane, not places with a loss of their own. So
they lie on the surface, from the foot of the ball's stem.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from landscape.gui.drawing.arrow_legend import LOOKS
from landscape.gui.drawing.step_marks import COLOUR, RIM, enlarged_words, still_words
from landscape.gui.relief.box import ReliefBox
from landscape.gui.relief.glyphs import RING
from landscape.gui.relief.mesh import Marker, Ribbon, ribbons
from landscape.gui.session import Session
from landscape.run.step_arrows import NAMES

# Lengths on the floor of the box, whose longer side is 1.
LONGEST = 0.3  # of the longest gradient arrow
SHORTEST = 0.11  # of the microscope's: shorter moves are drawn so long, and say how many times
HEAD, HALF_HEAD = 0.05, 0.026
ASIDE = 0.03  # between the microscope's arrow and the gradient's
RAILS = 0.009  # between the middle and either line of a double one
CLEAR = 0.022  # of the ring
POINTS, DASH, GAP = 44, 3, 2  # samples of a shaft, and how many a dash and a gap take
LIFT = 0.004  # of the box's height, each arrow over the one before: they may share one line
RING_SIZE = 37.0  # pixels, of the marker's tile
WIDER, SCOPE_WIDTH = 3.0, 4.6  # pixels: the rim is part of a ribbon's width
SENTENCE = "Arrows lie on the surface, from the foot of the stem: shadows of directions in all dimensions, enlarged."


class Line(NamedTuple):
    """A piece of an arrow: points (n, 3) of a, b and height (NaN: a gap), its colour, and its width in pixels."""

    points: NDArray
    colour: tuple[float, float, float]
    width: float


class Ground:
    """A relief's floor as a sheet of equal lengths on both axes, and the surface over it.

    `under` gives the heights of the surface at coordinates a, b; off its edge and over holes the nearest known height of a
    line goes on.
    """

    def __init__(self, box: ReliefBox, under: Callable[[NDArray, NDArray], NDArray]) -> None:
        self._box, self._under = box, under
        self._floor = box.scale[:2]

    def length(self, way: NDArray) -> NDArray:
        """How long ways (..., 2) in coordinates of the plane are on the floor."""
        return np.asarray(np.linalg.norm(way * self._floor, axis=-1))

    def at(self, spot: NDArray, layer: int) -> NDArray:
        """The point on the surface over one spot (2,) of the plane: (1, 3), or (0, 3) where it has no height."""
        return self._draped((spot * self._floor)[None], layer)

    def _draped(self, spots: NDArray, layer: int) -> NDArray:
        """Points (n, 3) on the surface over spots (n, 2) of the floor, `layer` times lifted; none if none is known."""
        a, b = (spots / self._floor).T
        inside = [np.clip(values, *ends) for values, ends in zip((a, b), (self._box.a, self._box.b), strict=True)]
        heights = self._under(*inside)
        known = np.flatnonzero(np.isfinite(heights))
        if not len(known):
            return np.zeros((0, 3))
        nearest = known[np.abs(np.arange(len(heights))[:, None] - known).argmin(axis=1)]
        span = self._box.heights[1] - self._box.heights[0]
        return np.column_stack([a, b, np.minimum(heights[nearest] + layer * LIFT * span, self._box.heights[1])])

    def arrow(
        self, base: NDArray, way: NDArray, layer: int, dashed: bool = False, begin: float = 0.0, aside: float = 0.0
    ) -> list[NDArray]:
        """Shaft and head of an arrow along a way (2,) from a base (2,), both in coordinates of the plane.

        It begins so far after the base, and runs so far beside it. Nothing, if it has no length.
        """
        start, along = base * self._floor, way * self._floor
        length = float(np.hypot(*along))
        if not (math.isfinite(length) and length > 1e-6):
            return []
        along = along / length
        across = np.array([-along[1], along[0]])
        start = start + across * aside
        shrunk = min(1.0, length / (2 * HEAD))
        tip = start + along * length
        shaft = self._draped(start + np.linspace(begin, max(length, begin), POINTS)[:, None] * along, layer)
        if dashed and len(shaft):
            gaps = np.arange(POINTS) % (DASH + GAP) >= DASH
            shaft[gaps & (np.arange(POINTS) < POINTS - 2)] = np.nan
        neck = tip - along * HEAD * shrunk
        corners = [neck + across * HALF_HEAD * shrunk, tip, neck - across * HALF_HEAD * shrunk]
        head = np.concatenate([np.linspace(one, other, 6) for one, other in itertools.pairwise(corners)])
        return [shaft, self._draped(head, layer)]

    def rails(self, base: NDArray, way: NDArray, layer: int, aside: float) -> list[NDArray]:
        """The same with a shaft of two lines."""
        pieces = self.arrow(base, way, layer, begin=CLEAR, aside=aside)
        if not pieces:
            return []
        sides = [self.arrow(base, way * self._short(way), layer, begin=CLEAR, aside=aside + s * RAILS) for s in (-1, 1)]
        return [pieces[1], *(side[0] for side in sides if side)]

    def _short(self, way: NDArray) -> float:
        """A shaft of two lines ends at the neck of the head."""
        return max(0.1, 1 - 0.6 * HEAD / float(self.length(way)))


class ReliefArrows:
    """What is drawn of the session's arrows and microscope: `ribbon`, the `rings`, and what is written at a place."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.enlarged: float | None = None  # of the gradient arrows, None while there are none
        self.words: tuple[str, NDArray] | None = (
            None  # of the microscope, and the point (a, b, height) where they stand
        )
        self.lines: list[Line] = []
        self.rings: list[Marker] = []

    def lay(self, ground: Ground) -> Ribbon:
        """Lay the arrows of this moment on the surface."""
        self.lines, self.rings, self.words = [], [], None
        self.enlarged = self._gradients(ground)
        self._stage(ground)
        return _as_ribbon(self.lines)

    @property
    def sentence(self) -> str:
        """What their lying there means; nothing while there are none."""
        return SENTENCE if self.lines else ""

    def _gradients(self, ground: Ground) -> float | None:
        drawn, moment = self._session.arrows.current, self._session.moment
        if drawn is None or moment is None or drawn.start >= len(moment.shadows):
            return None
        longest = float(ground.length(drawn.shadows).max())
        enlarged = LONGEST / longest if math.isfinite(longest) and longest > 0 else 0.0
        for layer, (name, look) in enumerate(LOOKS.items(), start=1):
            if name != "step" or drawn.made:
                way = drawn.shadows[NAMES.index(name)] * enlarged
                pieces = ground.arrow(moment.shadows[drawn.start], way, layer, look.dashed)
                self.lines += [Line(piece, _rgb(QColor(look.colour)), look.width + WIDER) for piece in pieces]
        return enlarged

    def _stage(self, ground: Ground) -> None:
        marks = self._session.microscope.marks
        if marks is None or not np.isfinite(marks.before).all():
            return
        words, end = marks.arrow
        if end is not None:
            way = np.where(np.isfinite(end), end - marks.before, 0.0)
            length = float(ground.length(way))
            times = max(1.0, SHORTEST / length) if length > 1e-9 else 0.0
            aside = ASIDE if self.enlarged is not None else 0.0
            pieces = ground.rails(marks.before, way * times, len(LOOKS) + 1, aside)
            self.lines += [Line(piece, _rgb(COLOUR), SCOPE_WIDTH) for piece in pieces]
            words = enlarged_words(words, times) if pieces else still_words(words)
        spot = ground.at(marks.before, len(LOOKS) + 1)
        if len(spot):
            a, b, height = spot[0].tolist()
            self.rings.append(Marker((a, b, height), RING_SIZE, RING, (*_rgb(COLOUR), 1.0), (*_rgb(RIM), 1.0)))
            self.words = words, spot[0]


def _as_ribbon(lines: list[Line]) -> Ribbon:
    """Lines of different lengths, side by side: what is missing at an end is a gap."""
    longest = max((len(line.points) for line in lines), default=0)
    points = np.full((longest, len(lines), 3), np.nan)
    for column, line in enumerate(lines):
        points[: len(line.points), column] = line.points
    colours = np.array([line.colour for line in lines]).reshape(-1, 3)
    return ribbons(points, colours, np.array([line.width for line in lines]))


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
