from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.plane.tour import Tour

P = 30


def random_plane(random: np.random.Generator, skewness: float = 0.7) -> Plane:
    u = random.normal(0, 3, P)
    return Plane(random.normal(0, 2, P), u, skewness * u + random.normal(0, 0.8, P))


def planes(seed: int) -> tuple[Plane, Plane]:
    """Two planes that differ: unrelated, near to each other, sharing a direction, or mirrored."""
    random = np.random.default_rng(seed)
    first = random_plane(random)
    kind = seed % 4
    if kind == 0:
        return first, random_plane(random, -0.4)
    if kind == 1:
        return first, Plane(first.origin + 0.1, *(side + random.normal(0, 1e-3, P) for side in (first.u, first.v)))
    if kind == 2:
        return first, Plane(first.origin, random.normal(0, 1, P), 2 * first.u)
    return first, Plane(first.origin, first.v, first.u + random.normal(0, 0.5, P))


def turned_by(first: Plane, second: Plane) -> np.ndarray:
    """Principal angles (2,), the largest last, through the sines of the far ones and the cosines of the near ones."""
    a, b = (np.linalg.qr(np.stack([plane.u, plane.v], axis=1))[0] for plane in (first, second))
    cosines = np.linalg.svd(a.T @ b)[1]
    sines = np.linalg.svd(b - a @ (a.T @ b))[1][:2][::-1]
    return np.arctan2(sines, cosines)


def distance(first: Plane, second: Plane) -> float:
    return float(np.linalg.norm(turned_by(first, second)))


@given(seed=st.integers(0, 4000))
def test_a_tour_begins_and_ends_exactly_at_its_planes(seed):
    first, last = planes(seed)
    tour = Tour.between(first, last)
    assert tour.plane(0) is first
    assert tour.plane(1) is last
    assert tour.subspace.m <= 5
    for t, plane in ((0.0, first), (1.0, last)):
        reached = tour.subspace.plane(tour.pose(t))
        for name in ("origin", "u", "v"):
            np.testing.assert_allclose(getattr(reached, name), getattr(plane, name), atol=1e-11)


@given(seed=st.integers(0, 4000))
def test_a_tour_turns_at_constant_speed(seed):
    tour = Tour.between(*planes(seed))
    stations = [tour.plane(t) for t in np.linspace(0, 1, 41)]
    speeds = [distance(a, b) for a, b in pairwise(stations)]
    np.testing.assert_allclose(speeds, tour.distance / 40, rtol=1e-7, atol=1e-12)
    for name in ("origin", "u", "v"):  # and nothing jumps
        path = np.stack([getattr(plane, name) for plane in stations])
        hops = np.linalg.norm(np.diff(path, axis=0), axis=1)
        assert hops.max() < 0.3 * max(np.linalg.norm(path, axis=1).max(), 1e-9)
    origins = np.stack([plane.origin for plane in stations])
    np.testing.assert_allclose(np.diff(origins, n=2, axis=0), 0, atol=1e-12)


@given(seed=st.integers(0, 4000), t=st.floats(0.05, 0.95))
def test_the_way_is_the_shortest_and_its_parts_add_up(seed, t):
    first, last = planes(seed)
    if seed % 4 == 3:
        last = Plane(last.origin, last.v, last.u)
    tour = Tour.between(first, last)
    if tour.distance > distance(first, last) + 1e-9:  # the pair is mirrored: seen from the other side it is not
        tour = Tour.between(first, Plane(last.origin, last.v, last.u))
    assert tour.distance == pytest.approx(distance(first, last), rel=1e-7)
    middle = tour.plane(t)
    assert distance(first, middle) == pytest.approx(t * tour.distance, rel=1e-7)
    assert distance(middle, last) == pytest.approx((1 - t) * tour.distance, rel=1e-7)


def test_equal_planes_do_not_turn():
    plane = random_plane(np.random.default_rng(0))
    for other in (plane, Plane(plane.origin + plane.u, 2 * plane.u, plane.v), Plane(plane.origin, -plane.v, plane.u)):
        tour = Tour.between(plane, other)
        assert tour.distance < 1e-12
        assert distance(plane, tour.plane(0.4)) < 1e-9


def test_a_right_angle_and_the_middle_of_it_by_hand():
    axes = np.eye(4)
    tour = Tour.between(Plane(np.zeros(4), 2 * axes[0], axes[1]), Plane(axes[0], 8 * axes[2], axes[3]))
    np.testing.assert_allclose(tour.angles, np.pi / 2)
    middle = tour.plane(0.5)
    np.testing.assert_allclose(middle.u, 4 * (axes[0] + axes[2]) / np.sqrt(2), atol=1e-12)
    np.testing.assert_allclose(middle.v, (axes[1] + axes[3]) / np.sqrt(2), atol=1e-12)
    np.testing.assert_allclose(middle.origin, axes[0] / 2)
    shared = Tour.between(Plane(np.zeros(4), axes[0], axes[1]), Plane(np.zeros(4), axes[0], axes[2]))
    np.testing.assert_allclose(shared.angles, [0, np.pi / 2], atol=1e-12)
    np.testing.assert_allclose(shared.plane(1 / 3).v, axes[1] * np.sqrt(3) / 2 + axes[2] / 2, atol=1e-12)


def test_a_mirror_image_is_reached_by_turning_over():
    plane = random_plane(np.random.default_rng(1), 0.0)
    mirrored = Plane(plane.origin, plane.u, -plane.v)
    tour = Tour.between(plane, mirrored)
    np.testing.assert_allclose(tour.angles, [0, np.pi], atol=1e-9)
    reached = tour.subspace.plane(tour.pose(1.0))
    np.testing.assert_allclose([reached.u, reached.v], [mirrored.u, mirrored.v], atol=1e-11)
    np.testing.assert_allclose(turned_by(plane, tour.plane(0.5)), [0, np.pi / 2], atol=1e-9)
    with pytest.raises(SetupError, match="no room"):
        Tour.between(Plane(np.zeros(2), [1, 0], [0, 1]), Plane(np.zeros(2), [1, 0], [0, -1]))


def test_single_precision_and_planes_of_different_spaces():
    first, last = (Plane(plane.origin.astype(np.float32), plane.u, plane.v) for plane in planes(0))
    tour = Tour.between(first, last)
    assert tour.plane(0.5).u.dtype == np.float32
    reached = tour.subspace.plane(tour.pose(1.0))
    np.testing.assert_allclose([reached.origin, reached.u, reached.v], [last.origin, last.u, last.v], atol=2e-5)
    with pytest.raises(SetupError, match="no tour"):
        Tour.between(first, Plane(np.zeros(4), [1, 0, 0, 0], [0, 1, 0, 0]))
