import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS

SMALL_SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)


def sizes_for(cost: str, hidden: tuple[int, ...] = (5,)) -> tuple[int, ...]:
    return (6, *hidden, 1 if cost == "mnist_loss" else 4)


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("hidden", [(), (5,), (5, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_gradient_equals_central_differences(problem, cost, activation, hidden, l2):
    net, theta, X, y = problem(sizes_for(cost, hidden), activation, cost)
    step = 1e-6
    shifts = step * np.eye(net.P)
    numerical = (net.loss(theta + shifts, X, y, l2) - net.loss(theta - shifts, X, y, l2)) / (2 * step)
    np.testing.assert_allclose(net.gradient(theta, X, y, l2), numerical, rtol=1e-6, atol=1e-8)


@given(SMALL_SIZES)
def test_pack_and_unpack_are_inverse_in_the_promised_order(sizes):
    net = Network(sizes, cost="quadratic")
    assert sum(net.parameter_counts) == net.P == sum((n_in + 1) * n_out for n_in, n_out in net.layer_shapes)
    theta = np.arange(2 * net.P, dtype=np.float32).reshape(2, net.P)
    weights, biases = net.unpack(theta)
    np.testing.assert_array_equal(net.pack(weights, biases), theta)
    in_order = [part[0].ravel() for pair in zip(weights, biases) for part in pair]
    np.testing.assert_array_equal(np.concatenate(in_order), theta[0])
    assert all(np.shares_memory(part, theta) for part in weights + biases)
    np.testing.assert_array_equal(net.is_weight.sum(), sum(W[0].size for W in weights))


def test_known_parameter_counts():
    assert Network((784, 16, 16, 10)).P == 13_002
    assert Network((784, 30, 10)).P == 23_860
    assert Network((784, 30, 10)).parameter_counts == (23_550, 310)
    assert Network((784, 1), cost="mnist_loss").P == 785


def test_forward_pass_by_hand():
    net = Network((2, 2, 2), "relu", "cross_entropy")
    theta = net.pack([[[1.0, -1.0], [2.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]], [[0.5, 1.0], [0.0, 0.25]])
    X, y = np.array([[1.0, 2.0]]), np.array([1])
    z = np.array([1 + 4 + 0.5, 0.25])  # hidden: 5.5 and relu(-1 + 1) = 0
    softmax = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(net.outputs(theta, X), softmax[None])
    assert net.loss(theta, X, y) == pytest.approx(-np.log(softmax[1]))
    assert net.loss(theta, X, y, l2=0.1) == pytest.approx(-np.log(softmax[1]) + 0.05 * (1 + 1 + 4 + 0 + 1 + 1))
    assert net.predict(theta, X) == [0]
    assert net.accuracy(theta, X, y) == 0.0


@pytest.mark.parametrize("cost", COSTS)
def test_many_models_at_once_are_each_alone(problem, monkeypatch, cost):
    net, theta, X, y = problem(sizes_for(cost), cost=cost)
    thetas = theta + np.random.default_rng(1).normal(0, 0.3, (2, 3, net.P))
    monkeypatch.setattr("landscape.network.network.TILE_VALUES", 300)  # several tiles
    for function, rest in ((net.loss, (X, y)), (net.accuracy, (X, y)), (net.outputs, (X,)), (net.predict, (X,))):
        together = function(thetas, *rest)
        alone = np.array([[function(t, *rest) for t in row] for row in thetas])
        np.testing.assert_allclose(together, alone, rtol=1e-12)
    both = np.stack(net.loss_and_accuracy(thetas, X, y))
    np.testing.assert_allclose(both, [net.loss(thetas, X, y), net.accuracy(thetas, X, y)], rtol=1e-12)
    np.testing.assert_allclose(net.example_losses(theta, X, y).mean(), net.loss(theta, X, y))


@pytest.mark.parametrize("cost", COSTS)
def test_functions_follow_the_dtype_of_theta(problem, cost):
    for dtype in (np.float32, np.float64):
        net, theta, X, y = problem(sizes_for(cost), cost=cost, dtype=dtype)
        loss, gradient = net.loss_and_gradient(theta, X.astype(np.float32), y, 0.1)
        assert gradient.dtype == np.asarray(loss).dtype == net.outputs(theta, X).dtype == dtype


def test_cross_entropy_stays_finite_however_wrong():
    net = Network((1, 3))
    theta = net.pack([[[1e30, -1e30, 0.0]]], [[0.0, 0.0, 0.0]])
    loss, gradient = net.loss_and_gradient(theta, np.ones((1, 1)), np.array([1]))
    assert loss == pytest.approx(2e30)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("sizes", "cost", "field"),
    [
        ((784,), "mse", "network.sizes"),
        ((784, 0, 10), "mse", "network.sizes"),
        ((784, 2.5, 10), "mse", "network.sizes"),
        (("a", 10), "mse", "network.sizes"),
        ((784, float("inf"), 10), "mse", "network.sizes"),
        ((784, 1), "cross_entropy", "network.cost"),
        ((784, 10), "mnist_loss", "network.cost"),
        ((784, 10), "nonsense", "network.cost"),
    ],
)
def test_networks_that_make_no_sense_are_refused(sizes, cost, field):
    with pytest.raises(SetupError) as refused:
        Network(sizes, cost=cost)
    assert refused.value.field == field


def test_shapes_that_do_not_fit_are_named(problem):
    net, theta, X, y = problem()
    for call, words in (
        (lambda: net.loss(theta[:-1], X, y), "parameters"),
        (lambda: net.loss(theta, X[:, 1:], y), "inputs"),
        (lambda: net.loss(theta, X, y[:-1]), "labels"),
        (lambda: net.loss(theta, X, y + 4), "labels run from"),
        (lambda: net.loss(theta, X, y / 2), "whole numbers"),
        (lambda: net.loss(theta, X[:0], y[:0]), "no examples"),
        (lambda: net.pack([], []), "layers"),
        (lambda: net.pack([np.zeros((6, 4)), np.zeros((5, 4))], [np.zeros(5), np.zeros(4)]), "layer 1"),
    ):
        with pytest.raises(SetupError, match=words):
            call()
