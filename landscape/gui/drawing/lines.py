"""Many lines as one graphics item: pyqtgraph's curve items, one a line, cost the window its breath with many starts.

Lines are cut into segments of about a pixel, which Qt draws several times faster than one thick polyline, and drawn in
the order given.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from landscape.gui.drawing.strokes import at_density, draw_lines

# Points closer together than this are one: the eye sees no difference, the painter does.
PIXELS_APART = 1.3
# A dash and the gap after it, in pixels. Qt's own dashes cost thirty times a solid line.
DASH, GAP = 5.0, 4.0


@dataclass(frozen=True, eq=False)
class Line:
    """A polyline through `points` (n, 2), with gaps where they are not finite."""

    pen: QPen
    points: NDArray
    dashed: bool = False


class Overlay(pg.GraphicsObject):
    """An item that spans the whole view; `pixels` are those of a unit along x and y, once it has been painted.

    Its strokes are so many times as `bold` as usual.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pixels = np.ones(2)
        self.bold = 1.0

    def draw_bold(self, bold: float) -> None:
        """Draw so many times as bold as usual."""
        self.bold = bold
        self.update()

    def viewTransformChanged(self) -> None:
        """Another part of the plane is seen, or at another scale."""
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """All that is seen: to work out what the item itself covers would cost more than to draw it."""
        box = self.getViewBox()
        return box.viewRect() if box is not None else QRectF()

    def rescaled(self, painter: QPainter) -> bool:
        """Take the scale from a painter; whether it has changed."""
        transform = painter.worldTransform()
        scale = np.abs([transform.m11(), transform.m22()])
        changed = not np.array_equal(scale, self.pixels)
        self.pixels = scale
        return changed


class Lines(Overlay):
    """Draws `Line`s, thinned out to the pixels of the view whenever they or the scale change."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self._segments: list[tuple[QPen, NDArray]] | None = None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines in place of those before."""
        self.lines = lines
        self._segments = None
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw all segments."""
        if self.rescaled(painter) or self._segments is None:
            self._segments = [(line.pen, _drawn(line, self.pixels)) for line in self.lines]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen, drawn in self._segments:
            if len(drawn):
                painter.setPen(at_density(pen, painter, self.bold))
                draw_lines(painter, drawn)


@dataclass(eq=False)
class _Sheet:
    """A picture of ways: where it lies, up to which `frames` (K,) it shows them, and before which `cuts` they are faint.

    While it is drawn from the beginning, `drawn` counts the starts that are on it already.
    """

    pixmap: QPixmap
    place: tuple[QTransform, QRectF, float]
    cuts: NDArray
    frames: NDArray
    drawn: int = 0

    @classmethod
    def empty(cls, place: tuple[QTransform, QRectF, float], cuts: NDArray, frames: NDArray) -> "_Sheet":
        _, covered, ratio = place
        pixmap = QPixmap((covered.size() * ratio).toSize().expandedTo(QSize(1, 1)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(0, 0, 0, 0))
        return cls(pixmap, place, cuts, frames)


class Paths(Overlay):
    """The ways of all starts up to a frame, in each start's colour on a dark rim, fading with age.

    What was drawn is kept as a picture, so that a cursor that moves on only adds to it. A new picture is drawn some ways
    a time and stands in for the old one when it is whole: all at once would hold the window up.
    """

    # Beyond so many starts the rims would hide the neighbours.
    MOST_RIMMED = 12
    # From the oldest part of what is drawn to the newest; where they are cut moves on so many times along the way.
    STRENGTHS = (0.45, 0.7, 1.0)
    CUTS = 12
    # Lines drawn in one go, in about 3 ms.
    MOST_AT_ONCE = 800

    def __init__(self) -> None:
        super().__init__()
        self._pens: list[dict[float, QPen]] = []
        self._rim: dict[float, QPen] | None = None
        self._coordinates: NDArray = np.empty((0, 0, 2))
        self._segments: list[tuple[NDArray, NDArray]] | None = None
        self._frames: NDArray = np.zeros(0, np.int64)
        self._tips: NDArray = np.empty((0, 2))
        self._sheet: _Sheet | None = None
        self._next: _Sheet | None = None
        self._hurried = False

    def set_colours(self, colours: list[Any]) -> None:
        """The colour of each start (K,); the ways are drawn by `show_paths`."""
        rimmed = len(colours) <= self.MOST_RIMMED
        rim = {strength: _pen("#0a0c10", 0.66 * strength, 4.5) for strength in self.STRENGTHS}
        self._pens = [
            {strength: _pen(colour, strength, 2.2 if rimmed else 1.4) for strength in self.STRENGTHS}
            for colour in colours
        ]
        self._rim = rim if rimmed else None
        self.show_paths(np.empty((0, len(colours), 2)))

    def show_paths(self, coordinates: NDArray) -> None:
        """The recorded way of every start (F, K, 2), of which the part up to the cursor is drawn."""
        known = len(self._coordinates)
        if not (known and np.array_equal(coordinates[:known], self._coordinates, equal_nan=True)):
            self._sheet = None  # otherwise the ways have only grown: what is drawn of them stands
            self._throw_away()
        self._coordinates = coordinates
        self._segments = None
        self.update()

    def show_until(self, frame: int | NDArray, tips: NDArray) -> None:
        """Draw the ways up to a frame, or each up to its own (K,), and on to where the starts stand now (K, 2)."""
        self._frames, self._tips = np.broadcast_to(frame, len(tips)), tips
        self.update()

    def draw_bold(self, bold: float) -> None:
        """Draw so many times as bold as usual, what has been drawn before too."""
        self._sheet = None
        self._throw_away()
        super().draw_bold(bold)

    @property
    def whole(self) -> bool:
        """Whether the last painting showed everything; otherwise the next one goes on."""
        return self._next is None

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The picture of what lies behind, brought up to the cursor, and the last piece of every way."""
        if len(self._tips) != self._coordinates.shape[1] or not len(self._coordinates):
            return
        if self.rescaled(painter) or self._segments is None:
            self._segments = [segments(points, self.pixels) for points in self._coordinates.transpose(1, 0, 2)]
        sheet = self._brought_up(painter)
        (there, covered), here = sheet.place[:2], painter.worldTransform()
        painter.save()
        painter.setTransform(there.inverted()[0] * here)  # nothing, unless an old picture stands in for the new one
        painter.drawPixmap(covered.topLeft(), sheet.pixmap)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for start, (lines, frames) in enumerate(self._segments):
            behind = int(np.searchsorted(frames, self._frames[start], side="right"))
            last = lines[behind - 1, 2:] if behind else self._coordinates[0, start]
            self._draw(painter, start, np.concatenate([last, self._tips[start]])[None], 1.0)
        if not self.whole:
            self.update()

    def _brought_up(self, painter: QPainter) -> _Sheet:
        """The sheet to show: with what it lacked, or a new one if the cursor went back, the view moved or the fading did."""
        device = painter.device()
        assert device is not None
        last = self._frames
        step = 2 ** max(0, int(math.log2(max(1, last.max() / self.CUTS))))
        cuts = np.stack([last * band // len(self.STRENGTHS) // step * step for band in range(1, len(self.STRENGTHS))])
        transform = painter.worldTransform()
        place = (transform, transform.mapRect(self.boundingRect()), device.devicePixelRatio())
        old = self._sheet
        at_once = old is not None and bool(
            (old.frames > last).any()
        )  # ways that vanish while time goes back would flicker
        if at_once:
            old = self._sheet = None
        if old is not None:
            self._add(old)
            if old.place == place and np.array_equal(old.cuts, cuts):
                self._next = None
                return old
        new = self._next
        kept = new is not None and new.place == place and np.array_equal(new.cuts, cuts)
        if new is None or not kept or (new.frames > last).any():
            self._throw_away()
            new = self._next = _Sheet.empty(place, cuts, last)
        self._begin(new)
        while (at_once or self._hurried) and new.drawn < len(self._pens):
            self._begin(new)
        if new.drawn < len(self._pens):
            return old or new
        self._add(new)
        self._sheet, self._next, self._hurried = new, None, False
        return new

    def _throw_away(self) -> None:
        """Give up the sheet that is being drawn; the next one is drawn in one go, or none would ever be finished."""
        self._hurried = self._hurried or self._next is not None
        self._next = None

    def _begin(self, sheet: _Sheet) -> None:
        """Draw the next ways from their beginning: at least one."""
        assert self._segments is not None
        brush, lines = _brush(sheet), 0
        while sheet.drawn < len(self._segments) and lines < self.MOST_AT_ONCE:
            lines += self._piece(brush, sheet, sheet.drawn, -1, int(sheet.frames[sheet.drawn]))
            sheet.drawn += 1
        brush.end()

    def _add(self, sheet: _Sheet) -> None:
        """Draw what lies between the sheet's frames and the cursor."""
        if (sheet.frames < self._frames).any():
            brush = _brush(sheet)
            for start, (begin, end) in enumerate(zip(sheet.frames.tolist(), self._frames.tolist(), strict=True)):
                self._piece(brush, sheet, start, begin, end)
            brush.end()
            sheet.frames = self._frames

    def _piece(self, brush: QPainter, sheet: _Sheet, start: int, begin: int, end: int) -> int:
        """Draw a start's way between two frames, faint before the sheet's cuts; how many lines that took."""
        assert self._segments is not None
        lines, frames = self._segments[start]
        edges = [begin, *(max(begin, cut) for cut in sheet.cuts[:, start].tolist()), end]
        at = np.searchsorted(frames, edges, side="right").tolist()
        for strength, (first, past) in zip(self.STRENGTHS, itertools.pairwise(at), strict=True):
            if past > first:
                self._draw(brush, start, lines[first:past], strength)
        return (at[-1] - at[0]) * (1 if self._rim is None else 2)

    def _draw(self, painter: QPainter, start: int, lines: NDArray, strength: float) -> None:
        if self._rim is not None:
            painter.setPen(at_density(self._rim[strength], painter, self.bold))
            draw_lines(painter, lines)
        painter.setPen(at_density(self._pens[start][strength], painter, self.bold))
        draw_lines(painter, lines)


def segments(points: NDArray, scale: NDArray) -> tuple[NDArray, NDArray]:
    """The segments (m, 4) of a polyline (n, 2), thinned to about a pixel, and the index of the point each ends at (m,).

    A segment is x and y of its beginning and of its end; `scale` (2,) is pixels a unit. A point that is not finite
    makes a gap.
    """
    points = np.asarray(points, np.float64)
    if len(points) < 2:
        return np.empty((0, 4)), np.empty(0, np.int64)
    finite = np.isfinite(points).all(axis=1)
    kept = np.ones(len(points), bool)
    kept[1:-1] = np.diff(np.floor(_travelled(points, scale) / PIXELS_APART))[:-1] > 0
    kept |= ~finite  # a gap stays, and what borders on it, or it would close or grow
    kept[:-1] |= ~finite[1:]
    kept[1:] |= ~finite[:-1]
    index = np.flatnonzero(kept)
    whole = finite[index[:-1]] & finite[index[1:]]
    return np.hstack([points[index[:-1][whole]], points[index[1:][whole]]]), index[1:][whole]


def dashes(points: NDArray, scale: NDArray) -> NDArray:
    """The dashes (m, 4) along a polyline (n, 2); as `segments`."""
    points = np.asarray(points, np.float64)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return np.empty((0, 4))
    gone = _travelled(points, scale)
    begin = np.arange(0.0, gone[-1], DASH + GAP)
    ends = [np.column_stack([np.interp(at, gone, column) for column in points.T]) for at in (begin, begin + DASH)]
    return np.hstack(ends)


def _travelled(points: NDArray, scale: NDArray) -> NDArray:
    """The way in pixels from the first point to each (n,); leaps over gaps count nothing."""
    steps = np.linalg.norm(np.diff(points, axis=0) * scale, axis=1)
    return np.concatenate([[0.0], np.cumsum(np.where(np.isfinite(steps), steps, 0.0))])


def _drawn(line: Line, scale: NDArray) -> NDArray:
    return dashes(line.points, scale) if line.dashed else segments(line.points, scale)[0]


def _brush(sheet: _Sheet) -> QPainter:
    transform, covered, _ = sheet.place
    brush = QPainter(sheet.pixmap)
    brush.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush.setTransform(transform * QTransform.fromTranslate(-covered.left(), -covered.top()))
    return brush


def _pen(colour: Any, strength: float, width: float) -> QPen:
    colour = pg.mkColor(colour)
    colour.setAlphaF(strength)
    return pg.mkPen(colour, width=width)
