import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.run import explore
from landscape.run.choice import A_SHADOW, FULLEST, USUAL, opening_plane
from landscape.run.portrait import PLANES, Extent, percent, portray


@pytest.mark.parametrize("choice", PLANES)
def test_shadows_and_coverage_are_those_of_the_plane(small_run, choice):
    portrait = portray(small_run, choice)
    for start in range(small_run.K):
        path = np.array(small_run.thetas[:, start])
        coordinates, off_plane = portrait.plane.project(path)
        np.testing.assert_allclose(portrait.coordinates[:, start], coordinates, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(portrait.off_plane[:, start], off_plane, rtol=1e-3, atol=1e-5)
        assert portrait.coverage[start] == pytest.approx(portrait.plane.coverage(path), abs=1e-5)
    assert portrait.coverage_all == pytest.approx(portrait.plane.coverage(np.array(small_run.thetas)), abs=1e-5)
    assert (portrait.yardstick is not None) == choice.startswith("pca")


def test_a_random_plane_is_not_the_plane_of_the_starts(small_setup):
    run = explore(small_setup.changed(descent={"in_plane": True, "learning_rate": 0.01}))
    assert portray(run, "starts").coverage_all > 0.999
    seed = small_setup.plane.seed
    for choice in ("filter", "random"):
        assert portray(run, choice, seed=seed).coverage_all < 0.1
        again, other = portray(run, choice, seed=seed).plane, portray(run, choice, seed=seed + 1).plane
        np.testing.assert_array_equal(again.u, portray(run, choice, seed=seed).plane.u)
        assert not np.array_equal(again.u, other.u)


@pytest.mark.parametrize("choice", ["starts", "pca_all"])
def test_a_portrait_extended_is_the_portrait_of_all(small_run, choice):
    early = portray(small_run, choice, frames=5)
    late = early.extended(small_run, small_run.frames)
    assert late.frames == small_run.frames
    assert late.plane is early.plane
    coordinates, _ = late.plane.project(np.array(small_run.thetas[-1]))
    np.testing.assert_allclose(late.coordinates[-1], coordinates, rtol=1e-5, atol=1e-6)
    whole = late.plane.coverage(np.array(small_run.thetas))
    assert late.coverage_all == pytest.approx(whole, abs=1e-5)


@pytest.mark.parametrize("choice", PLANES)
@pytest.mark.parametrize("aspect", [1.0, 1.6])
def test_the_extent_holds_all_shadows_undistorted(small_run, choice, aspect):
    portrait = portray(small_run, choice)
    extent = portrait.extent(aspect)
    a, b = portrait.coordinates.reshape(-1, 2).T
    assert extent.a[0] < a.min() <= a.max() < extent.a[1]
    assert extent.b[0] < b.min() <= b.max() < extent.b[1]
    lengths = np.sqrt(np.diag(portrait.plane.gram))
    width, height = np.ptp(extent.a) * lengths[0], np.ptp(extent.b) * lengths[1]
    assert width / height == pytest.approx(aspect)
    grid_a, grid_b = extent.grid(21, portrait.plane)
    assert min(len(grid_a), len(grid_b)) == 21
    spacings = np.diff(grid_a)[0] * lengths[0], np.diff(grid_b)[0] * lengths[1]
    assert spacings[0] == pytest.approx(spacings[1], rel=0.05)


def test_an_unknown_plane_is_refused(small_run):
    with pytest.raises(SetupError, match="pca_all"):
        portray(small_run, "bogus")


def test_a_share_has_as_many_digits_as_it_needs():
    shares = {0.0: "0.00%", 1e-6: "less than 0.01%", 0.0012: "0.12%", 0.034: "3.4%", 0.456: "46%", np.nan: "–"}
    assert [percent(share) for share in shares] == list(shares.values())


def test_a_window_is_widened_around_points_outside_it_and_no_more():
    window = Extent((-1.0, 1.0), (0.0, 4.0))
    inside = np.array([[0.5, 0.1], [-0.9, 3.9]])
    assert window.around(inside) is window
    wide = window.around(np.array([[0.5, 0.1], [2.0, 3.0]]))
    assert wide.a == pytest.approx((-1.0, 2.16)) and wide.b[1] == 4.0 and wide.b[0] < 0.1


def test_a_window_that_is_reshaped_to_and_fro_comes_back_to_its_size(small_run):
    window, plane = Extent((-1.0, 1.0), (0.0, 4.0)), small_run.plane
    shaped = window.shaped(1.0, plane)
    again = shaped.shaped(3.0, plane).shaped(0.3, plane).shaped(1.0, plane)
    assert (again.a, again.b) == (pytest.approx(shaped.a), pytest.approx(shaped.b))
    moved = shaped.scaled(0.5).shaped(1.0, plane)  # what the hand changes is the new one asked for
    assert moved.a[1] - moved.a[0] == pytest.approx((shaped.a[1] - shaped.a[0]) / 2)


def test_a_run_opens_with_the_fuller_plane_only_where_the_usual_one_is_a_mere_shadow(small_setup):
    apart = explore(small_setup.changed(starts={"kind": "random"}))
    shadow, full = (portray(apart, choice).coverage_all for choice in (USUAL, FULLEST))
    assert shadow < A_SHADOW and full > 2 * shadow
    assert opening_plane(apart) == FULLEST
    inside = explore(small_setup.changed(descent={"in_plane": True, "epochs": 0.2}))
    assert portray(inside, USUAL).coverage_all > 0.99
    assert opening_plane(inside) == USUAL
