import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.plane import Plane, Subspace
from landscape.run.heading import HEADINGS, heading
from landscape.run.portrait import portray


@pytest.mark.parametrize("choice", HEADINGS)
def test_every_heading_turns_the_plane(small_run, choice):
    plane = portray(small_run, "starts").plane
    direction = heading(small_run, plane, choice, at=(0.5, 0.0))
    assert direction.shape == (small_run.net.P,)
    space = Subspace.around(plane, direction)
    turned = space.plane(space.pose(plane).turned(space.coefficients(direction), 0.4, "plane"))
    assert turned.off_direction(direction[None])[0] < plane.off_direction(direction[None])[0]


def test_headings_by_their_definitions(small_run):
    run, plane = small_run, portray(small_run, "pca_all").plane
    here = plane.point(0.3, -0.2)
    X, y = run.measured()
    np.testing.assert_array_equal(heading(run, plane, "gradient", at=(0.3, -0.2)), -run.net.gradient(here, X, y))
    np.testing.assert_allclose(here + heading(run, plane, "best", at=(0.3, -0.2)), run.best.theta, atol=1e-6)
    third = heading(run, plane, "third")
    assert np.linalg.norm(third) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose([third @ plane.u, third @ plane.v], 0, atol=1e-3)
    drawn = heading(run, plane, "random", seed=3)
    np.testing.assert_array_equal(drawn, heading(run, plane, "random", seed=3))
    assert not np.array_equal(drawn, heading(run, plane, "random", seed=4))
    assert not drawn[~run.net.is_weight].any()


def test_headings_that_lead_nowhere_are_refused(small_run):
    best = small_run.best.theta
    plane = Plane(best, np.eye(len(best))[0], np.eye(len(best))[1])
    with pytest.raises(SetupError, match="very point"):
        heading(small_run, plane, "best")
    with pytest.raises(SetupError, match="gradient, best"):
        heading(small_run, plane, "bogus")
