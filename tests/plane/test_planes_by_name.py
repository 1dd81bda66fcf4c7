"""Planes that are chosen rather than drawn: through models, by curvature, along the gradient, of two weights, of a layer."""

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane, layer_shares

NET = Network((6, 5, 4))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_three_models_on_a_line_span_no_plane(dtype):
    t0, way, off = np.random.default_rng(0).normal(size=(3, NET.P)).astype(dtype)
    for t1, t2 in ((t0 + way, t0 + way / 3), (t0, t0 + way), (t0 + way, t0 + way), (t0, t0), (t0 + 3 * way, t0 + way)):
        for order in ((t0, t1, t2), (t2, t0, t1), (t1, t2, t0)):
            with pytest.raises(SetupError, match="on one line"):
                Plane.through(*order)
    assert Plane.through(t0, t0 + way, t0 + way / 3 + dtype(0.01) * off).kind == "through"
    with pytest.raises(SetupError, match="one network"):
        Plane.through(t0, t0[:-1], way)
    assert Plane.through(t0.astype(int), way.astype(int) + 1, off.astype(int)).u.dtype == np.float64


def test_a_line_runs_through_its_models():
    t0, t1 = np.random.default_rng(1).normal(size=(2, NET.P))
    plane = Plane.line(t0, t1, seed=3)
    np.testing.assert_allclose(plane.point([0, 1], [0, 0]), [t0, t1])
    assert plane.gram[0, 1] == pytest.approx(0, abs=1e-9)
    assert plane.gram[1, 1] == pytest.approx(plane.gram[0, 0])
    np.testing.assert_array_equal(plane.v, Plane.line(t0, t1, seed=3).v)
    assert not np.array_equal(plane.v, Plane.line(t0, t1, seed=4).v)
    with pytest.raises(SetupError, match="the same"):
        Plane.line(t0, t0)


@pytest.mark.parametrize("which", ["largest", "largest_and_smallest"])
def test_the_hessian_plane_is_that_of_the_outermost_eigenvectors(problem, which):
    net, theta, X, y = problem(n=50)
    values, vectors = np.linalg.eigh(net.hessian_product(theta, np.eye(net.P), X, y))
    plane = Plane.hessian(net, theta, X, y, which)
    last = -2 if which == "largest" else 0
    np.testing.assert_allclose(np.abs([plane.u @ vectors[:, -1], plane.v @ vectors[:, last]]), 1, atol=1e-8)
    assert [plane.facts["eigenvalue_1"], plane.facts["eigenvalue_2"]] == pytest.approx([values[-1], values[last]])
    for side, value in ((plane.u, values[-1]), (plane.v, values[last])):  # the loss does bend so along them
        h = 1e-4
        rise = net.loss(theta + h * side, X, y) - 2 * net.loss(theta, X, y) + net.loss(theta - h * side, X, y)
        assert rise / h**2 == pytest.approx(value, rel=1e-3, abs=1e-5)
    with pytest.raises(SetupError, match="largest_and_smallest"):
        Plane.hessian(net, theta, X, y, "smallest")  # type: ignore[arg-type]


def test_the_gradient_plane_leads_down(problem):
    net, theta, X, y = problem(n=50)
    plane = Plane.gradient(net, theta, X, y, seed=2)
    gradient = net.gradient(theta, X, y)
    assert plane.u @ gradient == pytest.approx(-np.linalg.norm(plane.u) * np.linalg.norm(gradient))
    assert plane.facts["gradient_norm"] == pytest.approx(np.linalg.norm(gradient))
    np.testing.assert_allclose(plane.gram, plane.gram[0, 0] * np.eye(2), atol=1e-9)
    assert net.loss(plane.point(1e-3, 0), X, y) < net.loss(theta, X, y)
    assert not np.array_equal(plane.v, Plane.gradient(net, theta, X, y, seed=3).v)
    flat = Network((6, 4), cost="hinge")
    wanted = flat.pack([np.zeros((6, 4))], [[0.0, 50.0, 0.0, 0.0]])
    with pytest.raises(SetupError, match="no gradient"):
        Plane.gradient(flat, wanted, X, np.ones(50, int))


def test_the_plane_of_two_weights(problem):
    net, theta, *_ = problem()
    plane = Plane.weights(theta, 3, 31, net)
    moved = plane.point(0.5, -2)
    np.testing.assert_array_equal(np.flatnonzero(moved != theta), [3, 31])
    assert (moved[3], moved[31]) == (theta[3] + 0.5, theta[31] - 2)
    assert plane.labels == ("layer 1, weight of input 0 in neuron 3", "layer 1, bias of neuron 1")
    assert Plane.weights(theta, 0, net.P - 1).labels == ("weight 0", "weight 58")
    for i, j, words in ((3, 3, "both are number 3"), (-1, 2, "-1"), (0, net.P, "0 to 58"), (0.5, 1, "0.5")):
        with pytest.raises(SetupError, match=words):
            Plane.weights(theta, i, j)  # type: ignore[arg-type]


def test_parameters_are_called_by_where_they_stand():
    names = [NET.parameter_name(index) for index in range(NET.P)]
    assert len(set(names)) == NET.P
    weights, biases = NET.unpack(np.arange(NET.P))
    assert names[weights[1][2, 3]] == "layer 2, weight of input 2 in neuron 3"
    assert names[biases[1][1]] == "layer 2, bias of neuron 1"
    with pytest.raises(SetupError, match="does not exist"):
        NET.parameter_name(NET.P)


@pytest.mark.parametrize("normalise", ["filter", "layer", None])
@pytest.mark.parametrize("biases", [False, True])
def test_one_layer_only_moves_that_layer(normalise, biases):
    theta = NET.init(seed=4, biases="normal")
    plane = Plane.random(NET, theta, 5, normalise, biases, layer=2)
    whole = Plane.random(NET, theta, 5, normalise, biases)
    shares, (weights, at_biases) = layer_shares(NET, plane.u), NET.layout[1]
    assert shares["W1"] == shares["b1"] == 0
    assert (shares["b2"] > 0) == biases
    np.testing.assert_array_equal(plane.u[weights.start : at_biases.stop], whole.u[weights.start : at_biases.stop])
    for wrong in (0, 3):
        with pytest.raises(SetupError, match="layers 1 to 2"):
            Plane.random(NET, theta, layer=wrong)


def test_the_shares_of_the_layers_add_up():
    direction = np.random.default_rng(0).normal(size=NET.P)
    shares = layer_shares(NET, direction)
    assert list(shares) == ["W1", "b1", "W2", "b2"]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["b1"] == pytest.approx(np.square(direction[30:35]).sum() / np.square(direction).sum())
    for wrong in (direction[:-1], 0 * direction, direction * np.inf):
        with pytest.raises(SetupError):
            layer_shares(NET, wrong)
