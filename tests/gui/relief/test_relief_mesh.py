"""Meshes, contour lines, ribbons and markers as arrays."""

import numpy as np
import pytest

from landscape.gui.relief.mesh import (
    Marker,
    contour_lines,
    floor_lines,
    marker_vertices,
    ribbons,
    surface_corners,
    surface_vertices,
)

A, B = np.linspace(-1, 2, 7), np.linspace(0, 4, 5)


def heights(hole=None):
    values = 2 * A + 3 * B[:, None]
    if hole is not None:
        values[hole] = np.nan
    return values


def test_vertices_lie_on_the_surface_with_its_slopes():
    colours = np.random.default_rng(0).random((5, 7, 3))
    vertices = surface_vertices(A, B, heights(), colours)
    np.testing.assert_allclose(vertices[:, 2], 2 * vertices[:, 0] + 3 * vertices[:, 1], rtol=1e-6)
    np.testing.assert_allclose(vertices[:, 3:5], np.tile([-2, -3], (35, 1)), rtol=1e-5)
    np.testing.assert_allclose(vertices[:, 5:8], colours.reshape(-1, 3), rtol=1e-6)
    assert not vertices[:, 8].any()
    noise = heights() > 5
    np.testing.assert_array_equal(surface_vertices(A, B, heights(), colours, noise)[:, 8], noise.ravel())


def test_triangles_cover_the_grid_once():
    corners = surface_corners(heights()).reshape(-1, 3)
    assert len(corners) == 2 * 6 * 4
    points = surface_vertices(A, B, heights(), np.zeros((5, 7, 3)))[corners, :2]
    sides = points[:, 1:] - points[:, :1]
    area = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]).sum() / 2
    assert area == pytest.approx(3 * 4)


def test_a_cell_off_the_map_is_a_hole_and_no_spike():
    values = heights(hole=(2, 3))
    corners = surface_corners(values)
    vertices = surface_vertices(A, B, values, np.zeros((5, 7, 3)))
    assert np.isfinite(vertices).all()
    assert 2 * 7 + 3 not in corners
    assert len(corners) // 3 == 2 * 6 * 4 - 6  # the six triangles that touch it
    np.testing.assert_allclose(np.delete(vertices, 17, 0)[:, 3], -2, rtol=1e-5)  # slopes beside it from the known side


def test_coarser_triangles_still_reach_the_edges():
    corners = surface_corners(np.zeros((101, 77)), most=10).reshape(-1, 3)
    assert len(corners) == 2 * 10 * 10
    assert {0, 76, 100 * 77, 101 * 77 - 1} <= set(corners.ravel().tolist())


def test_nothing_but_holes_draws_nothing():
    assert len(surface_corners(np.full((4, 4), np.nan))) == 0
    assert len(surface_corners(np.full((1, 1), np.nan))) == 0


def test_contour_lines_lie_on_the_surface():
    strokes = contour_lines(A, B, heights(), np.array([1.0, 5.0]))
    assert len(strokes) % 2 == 0 and len(strokes) > 8
    np.testing.assert_allclose(strokes[:, 2], 2 * strokes[:, 0] + 3 * strokes[:, 1], atol=1e-5)
    assert set(strokes[:, 2].tolist()) == {1.0, 5.0}
    assert (strokes[::2, 2] == strokes[1::2, 2]).all()


def test_contour_lines_of_too_small_a_surface():
    assert contour_lines(A[:1], B[:1], np.zeros((1, 1)), np.array([0.0])).shape == (0, 3)


def test_the_floor_has_its_frame_and_a_line_for_each_tick():
    lines = floor_lines(((-1, 2), (0, 4), (0.5, 9.0)), np.array([0.0, 1.0]), np.array([2.0]))
    assert len(lines) == 2 * (4 + 3) and (lines[:, 2] == 0.5).all()


def test_a_ribbon_draws_every_line_up_to_a_frame():
    points = np.random.default_rng(1).random((6, 3, 3))
    ribbon = ribbons(points, np.eye(3))
    np.testing.assert_array_equal(ribbon.upto, np.arange(6) * 3 * 6)
    for frame in range(1, 6):
        used = ribbon.vertices[ribbon.corners[: ribbon.upto[frame]], :3]
        wanted = points[: frame + 1].reshape(-1, 3).astype(np.float32)
        np.testing.assert_array_equal(np.unique(used, axis=0), np.unique(wanted, axis=0))
    np.testing.assert_array_equal(ribbon.vertices[:2, 10:], [[1, 0, 0, 1], [1, 0, 0, 1]])
    widths = ribbons(points, np.eye(3), np.array([2.0, 3.0, 4.0])).vertices[:, 13]
    np.testing.assert_array_equal(widths[:6], [2, 2, 3, 3, 4, 4])


def test_a_ribbon_has_a_gap_where_a_point_is_not_finite():
    points = np.zeros((5, 2, 3))
    points[..., 0] = np.arange(5)[:, None]
    points[2, 1] = np.nan
    ribbon = ribbons(points, np.zeros((2, 3)))
    assert np.isfinite(ribbon.vertices).all()
    np.testing.assert_array_equal(ribbon.upto, [0, 12, 18, 24, 36])


def test_one_point_or_none_make_no_ribbon():
    for frames in (0, 1):
        ribbon = ribbons(np.zeros((frames, 3, 3)), np.zeros((3, 3)))
        assert len(ribbon.corners) == 0 and ribbon.upto[0] == 0


def test_markers_without_a_place_are_left_out():
    there = Marker((1.0, 2.0, 3.0), 12.0, 4, (1, 0, 0, 1), (0, 0, 1, 1), ball=1.0)
    vertices = marker_vertices([there, there._replace(point=(1.0, float("nan"), 0.0))])
    assert vertices.shape == (6, 16)
    np.testing.assert_array_equal(vertices[0], [1, 2, 3, -1, -1, 12, 4, 1, 0, 0, 1, 0, 0, 1, 1, 1])
