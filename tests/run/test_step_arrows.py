import numpy as np
import pytest

from landscape.plane import Plane
from landscape.run import explore
from landscape.run.step_arrows import step_arrows


@pytest.fixture(scope="module")
def plane(small_run):
    random = np.random.default_rng(5)
    u, v = random.standard_normal((2, small_run.net.P))
    return Plane(small_run.thetas[0, 0], u, 0.3 * u + 2 * v)  # skew, of uneven lengths


def test_the_vectors_are_those_of_plain_numpy(small_run, plane):
    arrows = step_arrows(small_run, 1, 3)
    X, y = small_run.measured()
    theta = small_run.state_at(3).thetas[1]
    full = small_run.net.gradient(theta, X, y)
    np.testing.assert_array_equal(arrows.full, full)
    assert (arrows.batch_digits, arrows.full_digits) == (20, 100)
    expected = arrows.gradient @ full / np.linalg.norm(arrows.gradient) / np.linalg.norm(full)
    assert arrows.cosine == pytest.approx(float(expected), rel=1e-5)
    assert arrows.factor == 0.2 and arrows.made


def test_shadows_are_least_squares_and_point_downhill(small_run, plane):
    arrows = step_arrows(small_run, 1, 3)
    drawn = arrows.on(plane)
    basis = np.stack([plane.u, plane.v]).astype(np.float64)
    for shadow, share, vector in zip(
        drawn.shadows, drawn.shares, (-0.2 * arrows.gradient, -0.2 * arrows.full, arrows.change), strict=True
    ):
        expected, *_ = np.linalg.lstsq(basis.T, vector.astype(np.float64), rcond=None)
        np.testing.assert_allclose(shadow, expected, rtol=1e-5, atol=1e-9)
        assert share == pytest.approx(np.linalg.norm(expected @ basis) / np.linalg.norm(vector), rel=1e-4)
    one, other = drawn.shadows[:2] @ basis
    assert drawn.cosine_seen == pytest.approx(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
    # A shadow leads where points move: it is the difference of two projected points.
    moved, _ = plane.project(np.stack([plane.origin, plane.origin + arrows.change]))
    np.testing.assert_allclose(drawn.shadows[2], moved[1] - moved[0], atol=1e-5)


def test_the_step_of_sgd_lies_on_the_arrow_of_its_mini_batch(small_run, plane):
    drawn = step_arrows(small_run, 0, 2).on(plane)
    np.testing.assert_allclose(drawn.shadows[2], drawn.shadows[0], rtol=1e-3, atol=1e-7)
    assert drawn.lengths[2] == pytest.approx(drawn.lengths[0], rel=1e-3)


def test_for_an_adaptive_optimiser_the_gradients_keep_their_ratio(small_setup, plane):
    run = explore(small_setup.changed(descent={"optimiser": "adam", "learning_rate": 0.01}))
    arrows = step_arrows(run, 0, 2)
    drawn = arrows.on(plane)
    assert arrows.adaptive and drawn.lengths[0] == pytest.approx(drawn.lengths[2])
    ratio = np.linalg.norm(arrows.full) / np.linalg.norm(arrows.gradient)
    assert drawn.lengths[1] / drawn.lengths[0] == pytest.approx(ratio, rel=1e-5)
    run.close()


def test_at_the_end_the_step_is_not_made(small_run):
    assert not step_arrows(small_run, 0, small_run.last_step).made
