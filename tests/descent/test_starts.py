import numpy as np
import pytest

from landscape.descent import starting_points
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


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"kind": "bogus"}, "starts.kind"),
        ({"kind": "random", "count": 0}, "starts.count"),
        ({"kind": "random", "count": 65}, "starts.count"),
        ({"kind": "corners", "reach": 0.0}, "starts.reach"),
        ({"kind": "corners", "reach": float("nan")}, "starts.reach"),
    ],
)
def test_starts_that_make_no_sense_are_refused(options, field):
    with pytest.raises(SetupError) as refused:
        starting_points(net=NET, plane=PLANE, **options)
    assert refused.value.field == field
