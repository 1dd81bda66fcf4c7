import numpy as np
import pytest

from landscape.comparison import falling_barrier, interpolate, match_neurons
from landscape.comparison.line import Line
from landscape.errors import SetupError


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cost", ["cross_entropy", "quadratic", "hinge"])
def test_every_point_is_what_the_network_says_there(problem, dtype, cost):
    net, theta, X, y = problem((6, 5, 5, 4), "tanh", cost, 30, dtype)
    other = net.init(7, biases="normal").astype(dtype)
    line = interpolate(net, theta, other, X, y, points=7)
    for t, loss, accuracy in zip(line.t, line.loss, line.accuracy):
        point = (1 - t) * theta.astype(np.float64) + t * other
        assert loss == pytest.approx(net.loss(point, X, y), rel=1e-5)
        assert accuracy == pytest.approx(net.accuracy(point, X, y))
    np.testing.assert_array_equal(line.t, np.linspace(0, 1, 7))
    assert line.examples == 30


def test_the_barrier_is_measured_from_the_straight_line_between_the_ends():
    t = np.linspace(0, 1, 5)
    line = Line(t, np.array([1.0, 2.0, 4.0, 2.5, 3.0]), np.array([0.9, 0.5, 0.2, 0.5, 0.7]), 10)
    assert line.barrier == pytest.approx(2.0)  # 4 against 2 in the middle
    assert line.accuracy_barrier == pytest.approx(0.6)
    assert Line(t, 3 - t, t, 10).barrier == pytest.approx(0)


def test_a_model_and_itself(problem):
    net, theta, X, y = problem()
    line = interpolate(net, theta, theta, X, y)
    assert len(line.t) == 51
    assert line.barrier == 0
    assert line.loss[3] == pytest.approx(float(net.loss(theta, X, y)))


def test_what_does_not_fit_is_refused(problem):
    net, theta, X, y = problem()
    for call in (
        lambda: interpolate(net, theta, theta[:-1], X, y),
        lambda: interpolate(net, theta, -theta, X[:, :-1], y),
        lambda: interpolate(net, theta, -theta, X, y, points=1),
    ):
        with pytest.raises(SetupError):
            call()


def test_matching_lowers_the_barrier_between_two_taught_networks(taught, all_digits):
    net, a, b = taught
    X, y = all_digits.test.images, all_digits.test.labels
    before = interpolate(net, a, b, X, y)
    after = interpolate(net, a, match_neurons(net, a, b), X, y)
    assert before.barrier > 0.2
    assert after.barrier < 0.6 * before.barrier
    assert after.loss[-1] == pytest.approx(before.loss[-1], rel=1e-5)


def test_the_barrier_falls_neuron_by_neuron(taught, all_digits):
    net, a, b = taught
    X, y = all_digits.test.images, all_digits.test.labels
    frames = list(falling_barrier(net, a, b, X, y, points=11))
    np.testing.assert_array_equal(frames[0].theta, b)
    np.testing.assert_array_equal(frames[-1].theta, match_neurons(net, a, b))
    assert frames[-1].line.barrier < frames[0].line.barrier
    assert [frame.moves for frame in frames] == list(range(frames[0].all_moves + 1))
    assert frames[-1].done == 1
    for frame in frames:  # every one of them computes the same
        np.testing.assert_allclose(net.outputs(frame.theta, X), net.outputs(b, X), atol=1e-6)
    few = list(falling_barrier(net, a, b, X, y, points=11, frames=4))
    assert len(few) == 5
    assert few[-1].line.barrier == frames[-1].line.barrier
    assert [frame.done for frame in falling_barrier(net, a, a, X, y, points=3)] == [1.0]
