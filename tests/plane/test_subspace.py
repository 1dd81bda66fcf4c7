import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.plane import Plane, Pose, Subspace

P = 40


def plane_and_directions(seed: int, n: int = 2, dtype: type = np.float64) -> tuple[Plane, np.ndarray]:
    """A plane of skew, uneven directions and n directions (n, P) out of it."""
    random = np.random.default_rng(seed)
    u = random.normal(0, 3, P)
    plane = Plane(random.normal(0, 1, P).astype(dtype), u, 0.6 * u + random.normal(0, 0.5, P))
    return plane, random.normal(0, 2, (n, P)).astype(dtype)


@given(seed=st.integers(0, 1000), angle=st.floats(-3, 3), which=st.sampled_from(["u", "v", "plane"]))
def test_turning_is_rigid_and_the_other_side_stays(seed, angle, which):
    plane, directions = plane_and_directions(seed)
    space = Subspace.around(plane, *directions)
    pose = space.pose(plane)
    turned = space.plane(pose.turned(space.coefficients(directions[0]), angle, which))
    np.testing.assert_allclose(turned.gram, plane.gram, rtol=1e-9)
    np.testing.assert_allclose(turned.origin, plane.origin, atol=1e-12)
    stays = {"u": "v", "v": "u"}.get(which)
    if stays:
        np.testing.assert_allclose(getattr(turned, stays), getattr(plane, stays), atol=1e-9)
    # the planes' largest principal angle is the angle that it turned by, the other is none
    cosines = np.linalg.svd(orthonormal_frame(plane) @ orthonormal_frame(turned).T)[1]
    np.testing.assert_allclose(sorted(cosines), sorted([1.0, abs(np.cos(angle))]), atol=1e-9)


def orthonormal_frame(plane: Plane) -> np.ndarray:
    return np.linalg.qr(np.stack([plane.u, plane.v], axis=1))[0].T


@given(seed=st.integers(0, 1000))
def test_turning_goes_towards_the_direction_and_the_plane_reaches_it_by_the_shortest_way(seed):
    plane, (direction, _) = plane_and_directions(seed)
    space = Subspace.around(plane, direction)
    pose, towards = space.pose(plane), space.coefficients(direction)
    above = plane.off_direction(direction[None])[0] / np.linalg.norm(direction)
    angle = np.arcsin(above)
    reached = space.plane(pose.turned(towards, angle, "plane"))
    np.testing.assert_allclose(reached.off_direction(direction[None]), 0, atol=1e-8)
    halfway = space.plane(pose.turned(towards, angle / 2, "plane"))
    assert halfway.off_direction(direction[None])[0] == pytest.approx(
        np.sin(angle / 2) * np.linalg.norm(direction), rel=1e-6
    )
    for which in ("u", "v"):
        before, after = getattr(plane, which), getattr(space.plane(pose.turned(towards, 0.2, which)), which)
        rising = direction - plane.point(*plane.project(direction[None] + plane.origin)[0][0]) + plane.origin
        assert after @ rising > before @ rising


def test_a_right_angle_by_hand():
    plane = Plane(np.zeros(3), [2.0, 0, 0], [0, 3.0, 0])
    space = Subspace.around(plane, [0, 0, 5.0])
    pose, up = space.pose(plane), space.coefficients([0, 0, 5.0])
    np.testing.assert_allclose(space.plane(pose.turned(up, np.pi / 2, "u")).u, [0, 0, 2], atol=1e-12)
    turned = space.plane(pose.turned(up, np.pi / 2, "v"))
    np.testing.assert_allclose([turned.u, turned.v], [[2, 0, 0], [0, 0, 3]], atol=1e-12)
    half = space.plane(pose.turned(up, np.pi / 6, "u"))
    np.testing.assert_allclose(half.u, [np.sqrt(3), 0, 1], atol=1e-12)
    np.testing.assert_allclose(space.plane(pose.shifted(up, -4)).origin, [0, 0, -4], atol=1e-12)


@given(seed=st.integers(0, 1000), a=st.floats(-3, 3), b=st.floats(-3, 3))
def test_the_pivot_stays_where_it_is_and_a_shift_is_as_long_as_it_says(seed, a, b):
    plane, directions = plane_and_directions(seed)
    space = Subspace.around(plane, *directions)
    first, second = space.coefficients(directions)
    pose = space.pose(plane).turned(first, 0.7, "v", pivot=(a, b))
    np.testing.assert_allclose(space.plane(pose).point(a, b), plane.point(a, b), atol=1e-9)
    moved = space.plane(pose.shifted(second, 1.5))
    step = moved.origin - space.plane(pose).origin
    np.testing.assert_allclose(step, 1.5 * directions[1] / np.linalg.norm(directions[1]), atol=1e-9)


def test_single_precision_and_a_plane_that_is_not_turned():
    plane, directions = plane_and_directions(3, dtype=np.float32)
    space = Subspace.around(plane, *directions)
    again = space.plane(space.pose(plane).turned(space.coefficients(directions[0]), 0.0))
    assert again.origin.dtype == again.u.dtype == space.basis.dtype == np.float32
    for name in ("origin", "u", "v"):
        np.testing.assert_allclose(getattr(again, name), getattr(plane, name), rtol=2e-6, atol=2e-6)


def test_directions_in_the_plane_bring_no_dimension_and_turn_nothing():
    plane, (direction, _) = plane_and_directions(1)
    within = 2 * plane.u - plane.v
    space = Subspace.around(plane, within, direction, direction * 3 + within)
    assert space.m == 3
    pose = space.pose(plane)
    assert pose.turned(space.coefficients(within), 1.0, "plane") is pose


def test_what_makes_no_sense_is_refused():
    plane, (direction, _) = plane_and_directions(2)
    space = Subspace.around(plane, direction)
    pose = space.pose(plane)
    for call, words in (
        (lambda: Subspace.around(plane, direction[:-1]), "space of 40"),
        (lambda: Subspace.around(plane, 0 * direction), "not zero"),
        (lambda: Subspace.around(plane, np.nan * direction), "finite"),
        (lambda: Subspace(plane.origin, np.ones((2, P))), "perpendicular"),
        (lambda: Subspace(plane.origin, np.eye(3)), "basis"),
        (lambda: space.pose(plane_and_directions(9)[0]), "does not lie"),
        (lambda: pose.turned(np.zeros(3), 1.0), "not all zero"),
        (lambda: pose.shifted(np.ones(2), 1.0), "3 finite coefficients"),
        (lambda: pose.turned(np.ones(3), 1.0, "w"), "u, v or plane"),  # type: ignore[arg-type]
        (lambda: Pose(np.zeros(3), np.zeros(2), np.zeros(3)), "one length"),
        (lambda: Pose(np.zeros(3), np.zeros(3), np.full(3, np.inf)), "not finite"),
    ):
        with pytest.raises(SetupError, match=words):
            call()
