"""Surfaces, contour lines, paths and markers as arrays that a graphics card takes: float32, points as (a, b, height)."""

from typing import NamedTuple

import contourpy
import numpy as np
from numpy.typing import NDArray

CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]], np.float32)  # two triangles


class Ribbon(NamedTuple):
    """Lines of a width in pixels: vertices (n, 14) of point, point before, point after, side, colour, width; corners in threes.

    The corners stand frame by frame: the first `upto[f]` of them draw every line up to its point f.
    """

    vertices: NDArray[np.float32]
    corners: NDArray[np.uint32]
    upto: NDArray[np.intp]


def surface_vertices(
    a: NDArray, b: NDArray, heights: NDArray, colours: NDArray, noise: NDArray | None = None
) -> NDArray[np.float32]:
    """One row per cell of heights (nb, na): a, b, height, both slopes (turned round), colour, noise; shape (nb·na, 9).

    Not finite heights become 0 here: no triangle of `surface_corners` touches them. `noise` (nb, na) are the cells to be
    striped.
    """
    vertices = np.empty((*heights.shape, 9), np.float32)
    vertices[..., 0], vertices[..., 1] = a, b[:, None]
    vertices[..., 2] = np.nan_to_num(heights, nan=0.0)
    vertices[..., 3] = -_slope(heights, a, 1)
    vertices[..., 4] = -_slope(heights, b, 0)
    vertices[..., 5:8] = colours
    vertices[..., 8] = 0.0 if noise is None else noise
    return vertices.reshape(-1, 9)


def _slope(heights: NDArray, grid: NDArray, axis: int) -> NDArray:
    """Slopes along an axis: the mean of both sides, or the one side that is known."""
    steps = np.diff(heights, axis=axis) / np.expand_dims(np.diff(grid), 1 - axis)
    edge = np.full_like(np.take(heights, [0], axis), np.nan)
    sides = np.stack([np.concatenate([edge, steps], axis), np.concatenate([steps, edge], axis)])
    known = np.isfinite(sides)
    return np.asarray(np.where(known, sides, 0.0).sum(0) / np.maximum(known.sum(0), 1))


def surface_corners(heights: NDArray, most: int = 0) -> NDArray[np.uint32]:
    """Triangles over the cells, three vertex numbers each; none touches a cell that is not finite: holes, no spikes.

    With `most` the triangles span more than one cell, so that there are at most so many squares along a side.
    """
    rows, columns = (
        np.unique(np.linspace(0, side - 1, min(side, most + 1) if most else side).round().astype(np.uint32))
        for side in heights.shape
    )
    number = rows[:, None] * np.uint32(heights.shape[1]) + columns
    corners = np.stack([number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]], -1).reshape(-1, 4)
    triangles = corners[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    known = np.isfinite(heights).ravel()
    if not known.all():
        triangles = triangles[known[triangles].all(axis=1)]
    return np.ascontiguousarray(triangles).ravel()


def contour_lines(a: NDArray, b: NDArray, heights: NDArray, levels: NDArray) -> NDArray[np.float32]:
    """Contour lines as pairs of points (2n, 3), each pair one stroke, each at the height of its level."""
    if min(heights.shape) < 2:
        return np.zeros((0, 3), np.float32)
    generator = contourpy.contour_generator(a, b, np.ma.masked_invalid(heights), line_type="ChunkCombinedNan")
    strokes = [np.zeros((0, 3), np.float32)]
    for level in levels:
        line = generator.lines(level)[0][0]
        if line is not None:
            points = np.column_stack([line, np.full(len(line), level)])
            whole = np.isfinite(line[:-1, 0]) & np.isfinite(line[1:, 0])
            strokes.append(np.stack([points[:-1][whole], points[1:][whole]], 1).reshape(-1, 3))
    return np.concatenate(strokes).astype(np.float32)


def floor_lines(box: tuple[tuple[float, float], ...], at_a: NDArray, at_b: NDArray) -> NDArray[np.float32]:
    """A grid through ticks of a and b on the floor and its frame, as pairs of points (2n, 3)."""
    (a0, a1), (b0, b1), (floor, _) = box
    along_b = [[(a, b0, floor), (a, b1, floor)] for a in (a0, *at_a, a1)]
    along_a = [[(a0, b, floor), (a1, b, floor)] for b in (b0, *at_b, b1)]
    return np.array(along_b + along_a, np.float32).reshape(-1, 3)


def ribbons(points: NDArray, colours: NDArray, widths: NDArray | float = 1.0) -> Ribbon:
    """Lines through points (F, K, 3) in colours (K, 3); a line has a gap wherever a point is not finite.

    `widths` (K,) are factors on the width that all are drawn with.
    """
    F, K = points.shape[:2]
    if F < 2:
        return Ribbon(np.zeros((0, 14), np.float32), np.zeros(0, np.uint32), np.zeros(max(F, 1), np.intp))
    points = points.astype(np.float32)
    known = np.isfinite(points).all(axis=-1)  # (F, K)
    before = np.concatenate([points[:1], points[:-1]])
    after = np.concatenate([points[1:], points[-1:]])
    before = np.where(np.isfinite(before).all(-1, keepdims=True), before, points)
    after = np.where(np.isfinite(after).all(-1, keepdims=True), after, points)
    vertices = np.empty((F, K, 2, 14), np.float32)
    for start, part in ((0, points), (3, before), (6, after), (10, np.broadcast_to(colours, points.shape))):
        vertices[..., start : start + 3] = part[:, :, None]
    vertices[..., 9] = (-1.0, 1.0)
    vertices[..., 13] = np.broadcast_to(widths, K)[:, None]
    number = np.arange(F * K * 2, dtype=np.uint32).reshape(F, K, 2)
    left, right, next_left, next_right = number[:-1, :, 0], number[:-1, :, 1], number[1:, :, 0], number[1:, :, 1]
    corners = np.stack([left, right, next_left, right, next_right, next_left], -1)  # (F - 1, K, 6)
    whole = known[:-1] & known[1:]
    upto = np.concatenate([[0], np.cumsum(whole.sum(axis=1) * 6)])
    return Ribbon(np.nan_to_num(vertices.reshape(-1, 14)), np.ascontiguousarray(corners[whole]).ravel(), upto)


class Marker(NamedTuple):
    """Something of a size in pixels that always faces the eye; `ball` 1: a lit ball that carries the glyph, 0: flat."""

    point: tuple[float, float, float]
    size: float
    glyph: int
    fill: tuple[float, float, float, float]
    edge: tuple[float, float, float, float]
    ball: float = 0.0


def marker_vertices(markers: list[Marker]) -> NDArray[np.float32]:
    """Two triangles for each marker: rows of point, corner, size, glyph, fill, edge, ball; shape (6n, 16)."""
    markers = [marker for marker in markers if np.isfinite(marker.point).all()]
    vertices = np.empty((len(markers), 6, 16), np.float32)
    for row, marker in zip(vertices, markers, strict=True):
        row[:, :3] = marker.point
        row[:, 3:5] = CORNERS
        row[:, 5:] = (marker.size, marker.glyph, *marker.fill, *marker.edge, marker.ball)
    return vertices.reshape(-1, 16)
