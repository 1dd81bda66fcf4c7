"""Where points appear for an eye, against geometry worked out by hand."""

import numpy as np
import pytest

from landscape.gui.relief.camera import HIGHEST, LOWEST, Camera, inviting_azimuth

SIDES = (1.0, 0.8, 0.6)
SIZE = (1280.0, 800.0)
CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.4, 0.4) for z in (-0.3, 0.3)])


def places(camera, points):
    return np.stack(camera.project(np.array(points, float), SIDES, SIZE), axis=-1)


def test_the_centre_appears_in_the_middle():
    np.testing.assert_allclose(places(Camera(37.0, 12.0), [[0, 0, 0]]), [[640, 400]])


def test_from_the_top_a_runs_right_and_b_up_as_on_the_map():
    middle, a, b = places(Camera().preset("top"), [[0, 0, 0], [0.3, 0, 0], [0, 0.3, 0]])
    assert a[0] > middle[0] and a[1] == pytest.approx(middle[1])
    assert b[1] < middle[1] and b[0] == pytest.approx(middle[0])
    assert a[0] - middle[0] == pytest.approx(middle[1] - b[1])  # not stretched


def test_from_the_top_and_the_front_near_and_far_look_alike():
    for preset, points in (("top", [[0, 0, -0.3], [0.3, 0, -0.3], [0, 0, 0.3], [0.3, 0, 0.3]]),
                           ("front", [[0, -0.4, 0], [0, -0.4, 0.3], [0, 0.4, 0], [0, 0.4, 0.3]])):  # fmt: skip
        first, second, third, fourth = places(Camera().preset(preset), points)
        near, far = np.linalg.norm(second - first), np.linalg.norm(fourth - third)
        assert near == pytest.approx(far, rel=0.06)


def test_from_the_front_height_runs_up():
    low, high = places(Camera().preset("front"), [[0, 0, -0.3], [0, 0, 0.3]])
    assert low[1] > high[1] + 100 and low[0] == pytest.approx(high[0])


def test_the_nearer_point_has_the_lesser_depth():
    camera = Camera(-60.0, 30.0)
    matrix = camera.matrix(SIDES, SIZE)
    eye = camera.eye(SIDES, SIZE)
    clip = np.column_stack([CORNERS, np.ones(8)]) @ matrix.T
    depth = clip[:, 2] / clip[:, 3]
    along = np.linalg.norm(CORNERS - eye, axis=1)
    assert depth.argmin() == along.argmin() and depth.argmax() == along.argmax()
    assert (np.abs(depth) <= 1).all()


@pytest.mark.parametrize("azimuth", range(-180, 180, 30))
@pytest.mark.parametrize("elevation", [-60, 0, 3, 30, 90])
@pytest.mark.parametrize("size", [(1280.0, 800.0), (587.0, 300.0), (300.0, 900.0)])
def test_everything_is_in_view_from_everywhere(azimuth, elevation, size):
    x, y = Camera(float(azimuth), float(elevation)).project(CORNERS, SIDES, size)
    assert (x > 0).all() and (x < size[0]).all() and (y > 0).all() and (y < size[1]).all()


def test_orbiting_stops_at_the_zenith_and_goes_around():
    camera = Camera(170.0, 80.0).orbited(30, 30)
    assert camera.azimuth == pytest.approx(-160) and camera.elevation == HIGHEST
    assert camera.orbited(0, -500).elevation == LOWEST


def test_zoom_and_pan():
    camera = Camera()
    first, nearer = (places(each, [[0.1, 0, 0]])[0] - (640, 400) for each in (camera, camera.zoomed(2)))
    assert np.linalg.norm(nearer) > 1.8 * np.linalg.norm(first)
    right = places(camera.panned(0.1, 0.0), [[0, 0, 0]])[0]
    assert right[0] > 640 and right[1] == pytest.approx(400)
    assert places(camera.panned(0.0, 0.1), [[0, 0, 0]])[0][1] < 400


def test_the_inviting_corner_looks_up_the_slope():
    slope = np.add.outer(np.zeros(20), np.linspace(0, 1, 30))  # rises along a
    azimuth = np.radians(inviting_azimuth(slope))
    assert np.cos(azimuth) < 0  # the eye stands where the surface is low
