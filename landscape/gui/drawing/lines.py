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
from PyQt6 import sip
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

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
    """An item that spans the whole view; `pixels` are those of a unit along x and y, once it has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self.pixels = np.ones(2)

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
        self._segments: list[tuple[QPen, sip.array]] | None = None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines in place of those before."""
        self.lines = lines
        self._segments = None
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw all segments."""
        if self.rescaled(painter) or self._segments is None:
            self._segments = [(line.pen, qt_lines(_drawn(line, self.pixels))) for line in self.lines]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen, drawn in self._segments:
            if len(drawn):
                painter.setPen(pen)
                painter.drawLines(drawn)


class Paths(Overlay):
    """The ways of all starts up to a frame, in each start's colour on a dark rim, fading with age.

    What was drawn is kept as a picture, so that a cursor that moves on only adds to it.
    """

    # Beyond so many starts the rims would hide the neighbours.
    MOST_RIMMED = 12
    # From the oldest part of what is drawn to the newest; where they are cut moves on so many times along the way.
    STRENGTHS = (0.45, 0.7, 1.0)
    CUTS = 12

    def __init__(self) -> None:
        super().__init__()
        self._pens: list[dict[float, QPen]] = []
        self._rim: dict[float, QPen] | None = None
        self._coordinates: NDArray = np.empty((0, 0, 2))
        self._segments: list[tuple[sip.array, NDArray, NDArray]] | None = None
        self._frame = 0
        self._tips: NDArray = np.empty((0, 2))
        self._picture: QPixmap | None = None
        self._pictured: object = None
        self._pictured_frame = 0

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
            self._picture = None  # otherwise the ways have only grown: what is drawn of them stands
        self._coordinates = coordinates
        self._segments = None
        self.update()

    def show_until(self, frame: int, tips: NDArray) -> None:
        """Draw the ways up to a frame, and on to where the starts stand now (K, 2)."""
        self._frame, self._tips = frame, tips
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """The picture of what lies behind, brought up to the cursor, and the last piece of every way."""
        if len(self._tips) != self._coordinates.shape[1] or not len(self._coordinates):
            return
        if self.rescaled(painter) or self._segments is None:
            self._segments = [_way(points, self.pixels) for points in self._coordinates.transpose(1, 0, 2)]
        place = self._bring_up(painter)
        assert self._picture is not None
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(place, self._picture)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for start, (_lines, ends, frames) in enumerate(self._segments):
            behind = int(np.searchsorted(frames, self._frame, side="right"))
            last = ends[behind - 1] if behind else self._coordinates[0, start]
            self._draw(painter, start, qt_lines(np.concatenate([last, self._tips[start]])[None]), 1.0)

    def _bring_up(self, painter: QPainter) -> QPointF:
        """Draw into the picture what it lacks; anew if the cursor went back, the view moved or the fading did.

        Returns where the picture lies, in the painter's own pixels.
        """
        assert self._segments is not None
        device = painter.device()
        assert device is not None
        step = 2 ** max(0, int(math.log2(max(1, self._frame / self.CUTS))))
        cuts = [self._frame * band // len(self.STRENGTHS) // step * step for band in range(1, len(self.STRENGTHS))]
        transform, ratio = painter.worldTransform(), device.devicePixelRatio()
        covered = transform.mapRect(self.boundingRect())
        key = (transform, covered, ratio, *cuts)
        begin = self._pictured_frame
        if self._picture is None or key != self._pictured or self._frame < begin:
            self._picture = QPixmap((covered.size() * ratio).toSize().expandedTo(QSize(1, 1)))
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(0, 0, 0, 0))
            begin = -1
        self._pictured, self._pictured_frame = key, self._frame
        if begin < self._frame:
            brush = QPainter(self._picture)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setTransform(transform * QTransform.fromTranslate(-covered.left(), -covered.top()))
            self._add(brush, begin, cuts)
            brush.end()
        return covered.topLeft()

    def _add(self, brush: QPainter, begin: int, cuts: list[int]) -> None:
        """Draw what lies between frame `begin` and the cursor, faint before the `cuts`."""
        assert self._segments is not None
        edges = [begin, *(max(begin, cut) for cut in cuts), self._frame]
        for start, (lines, _ends, frames) in enumerate(self._segments):
            at = np.searchsorted(frames, edges, side="right").tolist()
            for strength, (first, past) in zip(self.STRENGTHS, itertools.pairwise(at), strict=True):
                if past > first:
                    self._draw(brush, start, lines[first:past], strength)

    def _draw(self, painter: QPainter, start: int, lines: sip.array, strength: float) -> None:
        if self._rim is not None:
            painter.setPen(self._rim[strength])
            painter.drawLines(lines)
        painter.setPen(self._pens[start][strength])
        painter.drawLines(lines)


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


def qt_lines(lines: NDArray) -> sip.array:
    """Segments (m, 4) as an array that QPainter draws without a Python object a line."""
    array: sip.array = sip.array(QLineF, len(lines))  # type: ignore[call-arg]
    if len(lines):
        memory = np.frombuffer(sip.voidptr(array, lines.size * 8), np.float64)  # type: ignore[call-overload]
        memory[:] = lines.ravel()
    return array


def _travelled(points: NDArray, scale: NDArray) -> NDArray:
    """The way in pixels from the first point to each (n,); leaps over gaps count nothing."""
    steps = np.linalg.norm(np.diff(points, axis=0) * scale, axis=1)
    return np.concatenate([[0.0], np.cumsum(np.where(np.isfinite(steps), steps, 0.0))])


def _way(points: NDArray, scale: NDArray) -> tuple[sip.array, NDArray, NDArray]:
    lines, index = segments(points, scale)
    return qt_lines(lines), lines[:, 2:], index


def _drawn(line: Line, scale: NDArray) -> NDArray:
    return dashes(line.points, scale) if line.dashed else segments(line.points, scale)[0]


def _pen(colour: Any, strength: float, width: float) -> QPen:
    colour = pg.mkColor(colour)
    colour.setAlphaF(strength)
    return pg.mkPen(colour, width=width)
