import numpy as np
import pytest

from landscape.export.sight import Sight


def hill(elevation: float = 30.0) -> Sight:
    """A hill of height 1 in the middle of a flat square, seen from the side of low a."""
    a = b = np.linspace(-1, 1, 41)
    heights = np.exp(-(a[None, :] ** 2 + b[:, None] ** 2) / 0.05)
    tilt = np.radians(elevation)
    matrix = np.array([
        [0, -1, 0, 0], [np.sin(tilt), 0, np.cos(tilt), 0], [-np.cos(tilt), 0, np.sin(tilt), 0], [0, 0, 0, 1],
    ])  # fmt: skip
    return Sight(a, b, heights, matrix.astype(float))


def test_the_eye_is_above_and_rays_do_not_move_in_the_picture():
    sight = hill()
    direction = sight.towards_eye()
    assert direction[2] > 0 and direction[0] < 0
    points = np.array([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3] + 5 * direction])
    x, y = sight.project(points)
    assert x[0] == pytest.approx(x[1]) and y[0] == pytest.approx(y[1])


def test_what_lies_behind_or_below_the_hill_is_hidden():
    points = np.array([
        [-0.8, 0, 0.01],  # in front
        [0.5, 0, 0.01],  # behind
        [0.5, 0.9, 0.01],  # beside
        [0, 0, 1.2],  # above
        [0, 0, 0.5],  # inside the hill
        [-0.5, 0, -0.2],  # under the ground, far from its edge
        [-0.9, 0, -1.5],  # so far down that it is seen below the edge
    ])  # fmt: skip
    assert hill().hidden(points).tolist() == [False, True, False, False, True, True, False]
    assert hill().hidden(np.empty((0, 3))).shape == (0,)


def test_the_surface_between_its_cells_is_bilinear_and_nothing_beyond():
    sight = Sight(np.array([0.0, 1.0]), np.array([0.0, 2.0]), np.array([[0.0, 1.0], [2.0, 5.0]]), np.eye(4))
    found = sight.surface_at(np.array([0.0, 1.0, 0.5, 1.1]), np.array([0.0, 2.0, 1.0, 1.0]))
    np.testing.assert_array_equal(found, [0.0, 5.0, 2.0, np.nan])


def test_a_line_is_split_into_seen_and_hidden_without_a_gap():
    line = np.column_stack([np.linspace(-0.9, 0.9, 50), np.zeros(50), np.full(50, 0.01)])
    seen, hidden = hill().split(line)
    drawn = np.isfinite(seen[0]), np.isfinite(hidden[0])
    assert (drawn[0] | drawn[1]).all() and (drawn[0] & drawn[1]).sum() >= 1
