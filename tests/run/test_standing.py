import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network import Network
from landscape.run import explore
from landscape.run.layer_figures import layer_figures, likeness
from landscape.run.standing import digits_for, standing


def test_the_gradient_is_that_of_the_loss_over_the_measured_digits(small_setup):
    run = explore(small_setup.changed(data={"examples": 720}, descent={"l2": 0.3}))
    theta = run.thetas[-1, 0].astype(np.float64)
    found = list(standing(run, run.net, theta, run.digits))
    assert [part.seen for part in found] == [500, 720] and found[-1].done == 1
    last, (X, y) = found[-1], run.measured()
    assert last.loss == pytest.approx(float(run.net.loss(theta, X, y)))
    assert last.loss + last.penalty == pytest.approx(float(run.net.loss(theta, X, y, 0.3)))
    for place in (5, 300, run.net.P - 1):  # a dark pixel's weight, one in the middle, a bias
        away = np.zeros(run.net.P)
        away[place] = 1e-5
        ends = [float(run.net.loss(theta + sign * away, X, y, 0.3)) for sign in (1, -1)]
        assert last.gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-4, abs=1e-8)
    assert last.slope == pytest.approx(np.linalg.norm(last.gradient))
    run.close()


def test_its_figures_know_no_change(small_run):
    *_, found = standing(small_run, small_run.net, small_run.thetas[0, 1], small_run.digits)
    figures = layer_figures(small_run.net, found)
    assert [list(one.spreads) for one in figures] == [["weights", "gradient"]] * 2
    assert all(np.isnan(one.ratio) and one.verdict == "–" for one in figures)
    slopes = small_run.net.unpack(found.gradient)[0][1]
    assert figures[1].gradient.deviation == pytest.approx(float(slopes.std()), rel=1e-5)


def test_digits_are_prepared_as_a_model_needs_them(small_run):
    assert digits_for(small_run, (3, 7), ("scale",)) is small_run.digits
    others = digits_for(small_run, (1, 0), ("scale", "pca:5"))
    assert others.classes == (1, 0) and others.train.images.shape[1] == 5


def test_what_does_not_fit_is_refused(small_run):
    net = Network((30, 2))
    with pytest.raises(SetupError):
        list(standing(small_run, net, net.init(0), small_run.digits))


def test_whether_large_weights_have_large_gradients():
    weights = np.arange(1.0, 41)
    lessons = {sign: likeness(weights, 1 / weights if sign < 0 else -(weights**2)) for sign in (1, -1)}
    assert lessons[1].gradient == pytest.approx(1) and "larger gradients" in lessons[1].lesson
    assert lessons[-1].gradient == pytest.approx(-1) and "smaller gradients" in lessons[-1].lesson
    mixed = np.where(np.arange(40) % 2, 1.0, 2.0)
    mixed[:4] = 0
    found = likeness(weights, mixed)
    assert (found.compared, found.still) == (36, 4) and "says little" in found.lesson
    assert "no slope" in likeness(weights, np.zeros(40)).lesson
