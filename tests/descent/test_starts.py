import numpy as np
import pytest
from scipy.special import ndtr

from landscape.descent import starting_points
from landscape.descent.starts import KINDS
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane

NET = Network((6, 5, 4))
PLANE = Plane.random(NET, NET.init(seed=1), seed=2)


def test_corners_and_middle_lie_where_their_names_say():
    starts = starting_points("corners_and_middle", NET, PLANE, reach=0.5)
    coordinates, off_plane = PLANE.project(np.stack([start.theta for start in starts]))
    np.testing.assert_allclose(
        coordinates, [[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5], [0, 0]], rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(off_plane, 0, atol=1e-6)
    assert [start.kind for start in starts] == ["corner"] * 4 + ["middle"]
    assert [start.name for start in starts][1] == "corner + −"


def test_restarts_are_drawn_from_their_seed_and_more_of_them_move_none():
    three = starting_points("random", NET, PLANE, count=3, seed=5)
    five = starting_points("random", NET, PLANE, count=5, seed=5)
    for few, many in zip(three, five):
        np.testing.assert_array_equal(few.theta, many.theta)
        np.testing.assert_array_equal(few.theta, NET.init(few.seed))
    assert len({start.seed for start in five}) == 5


def test_restarts_are_drawn_as_first_weights_are():
    (start,) = starting_points("random", NET, PLANE, count=1, scheme="normal", biases="normal", scale=0.3)
    np.testing.assert_array_equal(start.theta, NET.init(start.seed, "normal", "normal", 0.3))


def test_a_ring_has_equal_angles_and_one_radius():
    starts = starting_points("ring", NET, PLANE, reach=0.5, count=8)
    coordinates, off_plane = PLANE.project(np.stack([start.theta for start in starts]))
    angles = np.radians(45.0 * np.arange(8))
    wanted = 0.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(coordinates, wanted, atol=1e-5)
    np.testing.assert_allclose(off_plane, 0, atol=1e-6)
    assert [start.name for start in starts][:3] == ["ring 0°", "ring 45°", "ring 90°"]


@pytest.mark.parametrize(
    ("count", "rows"), [(1, [1]), (4, [2, 2]), (5, [3, 2]), (9, [3, 3, 3]), (64, [8] * 8), (3, [2, 1])]
)
def test_a_grid_has_rows_over_the_whole_window(count, rows):
    starts = starting_points("grid", NET, PLANE, reach=0.5, count=count)
    coordinates, _ = PLANE.project(np.stack([start.theta for start in starts]))
    a, b = coordinates.round(4).T
    heights, found = np.unique(b, return_counts=True)
    assert found.tolist() == rows
    if len(rows) > 1:
        np.testing.assert_allclose(heights, np.linspace(-0.5, 0.5, len(rows)), atol=1e-4)
    if rows[0] > 1:
        np.testing.assert_allclose(a[: rows[0]], np.linspace(-0.5, 0.5, rows[0]), atol=1e-4)
    assert len({start.name for start in starts}) == count


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
@pytest.mark.parametrize("count", [4, 5, 64])
def test_evenly_spread_restarts_follow_the_scheme_with_one_value_of_each_weight_in_each_part(kind, count):
    starts = starting_points(kind, NET, PLANE, count=count, seed=3, scheme="xavier", biases="normal")
    thetas = np.stack([start.theta for start in starts])
    assert thetas.shape == (count, NET.P)
    assert thetas.dtype == np.float32
    weights, biases = NET.unpack(thetas)
    quantiles = ndtr(weights[0].reshape(count, -1) / (2 / 11) ** 0.5)
    parts = np.sort(np.floor(quantiles * count), axis=0)
    if kind == "latin_hypercube" or count != 5:  # Sobol sequences fill powers of two evenly
        np.testing.assert_array_equal(parts, np.broadcast_to(np.arange(count)[:, None], parts.shape))
    assert np.abs(np.concatenate(biases, axis=1)).max() > 0.5
    again = starting_points(kind, NET, PLANE, count=count, seed=3, scheme="xavier", biases="normal")
    np.testing.assert_array_equal(again[-1].theta, thetas[-1])
    other = starting_points(kind, NET, PLANE, count=count, seed=4, scheme="xavier", biases="normal")
    assert not np.array_equal(other[-1].theta, thetas[-1])
    zero = starting_points(kind, NET, PLANE, count=count)
    assert not any(NET.unpack(start.theta)[1][0].any() for start in zero)


def test_the_best_stands_first_and_its_neighbours_lie_as_far_as_told_in_lengths_of_each_neurons_weights():
    starts = starting_points("best_perturbed", NET, PLANE, reach=9.0, count=4, seed=1, nearness=0.25)
    np.testing.assert_array_equal(starts[0].theta, PLANE.origin)
    assert [start.name for start in starts] == ["best", "near 1", "near 2", "near 3"]
    before, _ = NET.unpack(PLANE.origin)
    for start in starts[1:]:
        after, biases = NET.unpack(start.theta)
        for W, moved in zip(before, after):
            length, change = np.linalg.norm(W, axis=0), np.linalg.norm(moved - W, axis=0)
            np.testing.assert_allclose(change, 0.25 * length, rtol=1e-4)
        assert not any(b.any() for b in biases)
    assert not np.array_equal(starts[1].theta, starts[2].theta)


@pytest.mark.parametrize("kind", KINDS)
def test_descents_inside_the_plane_begin_in_it_and_apart(kind):
    starts = starting_points(kind, NET, PLANE, reach=0.5, count=6, in_plane=True)
    thetas = np.stack([start.theta for start in starts])
    coordinates, off_plane = PLANE.project(thetas)
    np.testing.assert_allclose(off_plane, 0, atol=1e-5)
    assert len(np.unique(coordinates.round(5), axis=0)) == len(starts)
    if kind not in ("middle", "point", "random"):
        assert 0.1 < np.abs(coordinates).max() < 0.5 + 1e-5


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_heeds_what_it_says(kind):
    sentence = KINDS[kind].sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    turned = Plane.random(NET, PLANE.origin, 7)
    for name, values in (("count", (4, 5)), ("reach", (0.5, 0.7)), ("seed", (1, 2)), ("plane", (PLANE, turned))):
        few, many = (starting_points(**{"kind": kind, "net": NET, "plane": PLANE, name: value}) for value in values)
        same = len(few) == len(many) and all(np.array_equal(a.theta, b.theta) for a, b in zip(few, many))
        assert same == (name not in KINDS[kind].heeds), name


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"kind": "bogus"}, "starts.kind"),
        ({"kind": "random", "count": 0}, "starts.count"),
        ({"kind": "random", "count": 65}, "starts.count"),
        ({"kind": "ring", "count": 65}, "starts.count"),
        ({"kind": "sobol", "count": -1}, "starts.count"),
        ({"kind": "corners", "reach": 0.0}, "starts.reach"),
        ({"kind": "grid", "reach": -1.0}, "starts.reach"),
        ({"kind": "random", "reach": 0.0, "in_plane": True}, "starts.reach"),
        ({"kind": "corners", "reach": float("nan")}, "starts.reach"),
    ],
)
def test_starts_that_make_no_sense_are_refused(options, field):
    with pytest.raises(SetupError) as refused:
        starting_points(net=NET, plane=PLANE, **options)
    assert refused.value.field == field
