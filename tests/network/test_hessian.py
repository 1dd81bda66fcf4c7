import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.network.hessian import Hessian


def sizes_for(cost: str, hidden: tuple[int, ...]) -> tuple[int, ...]:
    return (6, *hidden, 1 if cost == "mnist_loss" else 4)


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("hidden", [(), (5,), (5, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_products_equal_central_differences_of_the_gradient(problem, cost, activation, hidden, l2):
    net, theta, X, y = problem(sizes_for(cost, hidden), activation, cost)
    step = 1e-6  # so short, and the examples so few, that no kink lies within
    shifts = step * np.eye(net.P)
    numerical = (net.gradient(theta + shifts, X, y, l2) - net.gradient(theta - shifts, X, y, l2)) / (2 * step)
    matrix = net.hessian_product(theta, np.eye(net.P), X, y, l2)
    np.testing.assert_allclose(matrix, numerical, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("hidden", [(), (7,), (7, 5)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_products_equal_those_of_torch(problem, cost, activation, hidden):
    torch = pytest.importorskip("torch")
    net, theta, X, y = problem(sizes_for(cost, hidden), activation, cost, n=300)
    v = np.random.default_rng(1).normal(size=net.P)
    point = torch.tensor(theta, requires_grad=True)
    gradient = torch.autograd.grad(torch_loss(torch, net, point, X, y), point, create_graph=True)[0]
    expected = np.zeros(net.P)
    if gradient.requires_grad:  # not under hinge without hidden layers: there torch knows that nothing bends
        expected = torch.autograd.grad(gradient @ torch.tensor(v), point)[0].numpy()
    np.testing.assert_allclose(net.hessian_product(theta, v, X, y), expected, rtol=1e-10, atol=1e-12)


def torch_loss(torch, net, point, X, y):
    """The mean cost, written with torch's own functions."""
    value = {"relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "linear": lambda z: z}[net.activation]
    h, y = torch.tensor(X), torch.tensor(y)
    for layer, ((at_weights, at_biases), shape) in enumerate(zip(net.layout, net.layer_shapes)):
        z = h @ point[at_weights].reshape(shape) + point[at_biases]
        h = value(z) if layer < len(net.layout) - 1 else z
    if net.sizes[-1] == 1:
        return torch.where(y == 1, 1 - torch.sigmoid(z[:, 0]), torch.sigmoid(z[:, 0])).mean()
    wanted = torch.nn.functional.one_hot(y, net.sizes[-1]).double()
    F, a = torch.nn.functional, torch.sigmoid(z)
    return {
        "cross_entropy": lambda: F.cross_entropy(z, y),
        "quadratic": lambda: 0.5 * (a - wanted).square().sum(1).mean(),
        "mse": lambda: (a - wanted).square().sum(1).mean(),
        "binary_cross_entropy": lambda: F.binary_cross_entropy_with_logits(z, wanted, reduction="none").sum(1).mean(),
        "mae": lambda: F.l1_loss(a, wanted),
        "hinge": lambda: ((z - z.gather(1, y[:, None]) + 1).clamp(min=0) * (1 - wanted)).sum(1).mean(),
    }[net.cost]()


@given(seed=st.integers(0, 500), activation=st.sampled_from(list(ACTIVATIONS)), cost=st.sampled_from(list(COSTS)))
def test_the_hessian_is_symmetric_and_linear(problem, seed, activation, cost):
    net, theta, X, y = problem(sizes_for(cost, (4, 3)), activation, cost, seed=seed)
    v, w = np.random.default_rng(seed).normal(size=(2, net.P))
    Hv, Hw, both = net.hessian_product(theta, np.stack([v, w, 2 * v - w]), X, y)
    assert v @ Hw == pytest.approx(w @ Hv, rel=1e-9, abs=1e-10)
    np.testing.assert_allclose(both, 2 * Hv - Hw, rtol=1e-9, atol=1e-10)


def test_blocks_of_examples_add_up(problem, monkeypatch):
    net, theta, X, y = problem((6, 5, 4), "tanh", n=23)
    v = np.random.default_rng(0).normal(size=net.P)
    whole = net.hessian_product(theta, v, X, y, 0.1)
    monkeypatch.setattr("landscape.network.hessian.BLOCK", 5)
    np.testing.assert_allclose(net.hessian_product(theta, v, X, y, 0.1), whole, rtol=1e-12)
    single = net.hessian_product(theta.astype(np.float32), v, X, y, 0.1)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, whole, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dense", [0, 10**6])
@pytest.mark.parametrize(("which", "k"), [("largest", 3), ("smallest", 2), ("largest_and_smallest", 2)])
def test_eigenpairs_are_those_of_the_whole_matrix(problem, monkeypatch, which, k, dense):
    monkeypatch.setattr("landscape.network.hessian.DENSE", dense)
    net, theta, X, y = problem((6, 5, 4), "tanh", n=40)
    hessian = Hessian(net, theta, X, y)
    matrix = hessian.product(np.eye(net.P))
    every = np.linalg.eigvalsh(matrix)[::-1]
    wanted = {"largest": every[:k], "smallest": every[-k:], "largest_and_smallest": every[[0, -1]]}[which]
    values, vectors = hessian.eigenpairs(k, which)
    np.testing.assert_allclose(values, wanted, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(k), atol=1e-8)
    np.testing.assert_allclose(vectors @ matrix, values[:, None] * vectors, atol=1e-6)
    np.testing.assert_array_equal(hessian.eigenpairs(k, which)[1], vectors)


def test_a_step_across_kinks_misleads_and_the_product_does_not():
    """Two ReLU that turn on within the step of a difference: it sees a bend where the loss is straight but for edges."""
    net = Network((1, 2, 1), "relu", "quadratic")
    theta = net.pack([[[1.0, 1.0]], [[0.5], [0.5]]], [[-0.999, -0.9995], [0.0]])
    X, y, v = np.ones((1, 1)), np.array([1]), np.zeros(net.P)
    v[:2] = 1
    step = 1e-2
    difference = (net.gradient(theta + step * v, X, y) - net.gradient(theta - step * v, X, y)) / (2 * step)
    exact = net.hessian_product(theta, v, X, y)
    tiny = 1e-7
    limit = (net.gradient(theta + tiny * v, X, y) - net.gradient(theta - tiny * v, X, y)) / (2 * tiny)
    np.testing.assert_allclose(exact, limit, rtol=1e-6, atol=1e-8)
    assert np.abs(difference).max() > 4 * np.abs(exact).max()


def test_what_makes_no_sense_is_refused(problem):
    net, theta, X, y = problem()
    hessian = Hessian(net, theta, X, y)
    for call, words in (
        (lambda: net.hessian_product(theta[:-1], theta, X, y), "one model"),
        (lambda: net.hessian_product(np.stack([theta, theta]), theta, X, y), "one model"),
        (lambda: net.hessian_product(theta * np.inf, theta, X, y), "not finite"),
        (lambda: net.hessian_product(theta, theta[:-1], X, y), "vectors of"),
        (lambda: net.hessian_product(theta, theta, X, y[:-1]), "labels"),
        (lambda: hessian.eigenpairs(0), "eigenvalues"),
        (lambda: hessian.eigenpairs(2, "middle"), "largest_and_smallest"),
    ):
        with pytest.raises(SetupError, match=words):
            call()
