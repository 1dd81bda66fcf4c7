"""Lines through a run's models: their ends, names and lengths."""

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.run.chosen_line import BEYOND, DOWNHILL, line_across, line_between, line_down
from landscape.run.portrait import portray


def test_a_line_between_two_places_begins_and_ends_at_their_models(small_run):
    line = line_between(small_run, "start:0", "end:1")
    np.testing.assert_array_equal(line.a.theta, small_run.thetas[0, 0])
    np.testing.assert_array_equal(line.b.theta, small_run.thetas[-1, 1])
    np.testing.assert_array_equal(line.theta(0), line.a.theta)
    np.testing.assert_allclose(line.theta(1), line.b.theta, atol=1e-7)
    np.testing.assert_allclose(line.theta(0.5), (line.a.theta + line.b.theta) / 2, atol=1e-6)
    assert line.distance == pytest.approx(np.linalg.norm(line.b.theta - line.a.theta), rel=1e-5)
    assert line.share == pytest.approx(line.distance / np.linalg.norm(line.a.theta), rel=1e-5)
    assert (line.a.start, line.b.start, line.beyond) == (0, 1, BEYOND)
    assert small_run.starts[0].name in line.words and f"{100 * line.share:.3g} % of ‖θ‖" in line.words


def test_the_best_is_named_with_its_start_and_step(small_run):
    end = line_between(small_run, "start:0", "best").b
    best = small_run.best
    np.testing.assert_array_equal(end.theta, best.theta)
    assert end.start == best.start and f"step {best.step:,}" in end.name


@pytest.mark.parametrize("places", [("best", "best"), ("start:99", "best"), ("begin:0", "best"), ("end:", "best")])
def test_a_place_that_is_not_there_is_a_sentence(small_run, places):
    with pytest.raises(SetupError, match="place"):
        line_between(small_run, *places)


def test_a_line_across_the_map_goes_from_edge_to_edge_through_its_middle(small_run):
    portrait = portray(small_run, "pca_all")
    extent = portrait.extent(1.3)
    for axis in (0, 1):
        line = line_across(portrait.plane, extent, axis)
        coordinates, off = portrait.plane.project(np.stack([line.a.theta, line.b.theta]))
        np.testing.assert_allclose(coordinates[:, axis], (extent.a, extent.b)[axis], atol=1e-3)
        np.testing.assert_allclose(coordinates[:, 1 - axis], sum((extent.b, extent.a)[axis]) / 2, atol=1e-3)
        assert line.beyond == 0 and (off < 1e-3 * line.distance).all()


def test_the_line_down_goes_along_minus_the_gradient(small_run):
    theta = np.array(small_run.thetas[0, 0])
    line = line_down(small_run, theta, "a model", 0)
    gradient = small_run.net.gradient(theta, *small_run.measured()).astype(np.float64)
    way = line.b.theta.astype(np.float64) - theta
    assert way @ gradient == pytest.approx(-np.linalg.norm(way) * np.linalg.norm(gradient), rel=1e-5)
    assert line.share == pytest.approx(DOWNHILL, rel=1e-4)
    rate = float(line.b.name.partition("η = ")[2])
    np.testing.assert_allclose(theta - rate * gradient, line.b.theta, atol=1e-2 * np.abs(way).max())
    with pytest.raises(SetupError, match="choose a model of this network"):
        line_down(small_run, theta[:-1], "another one")
