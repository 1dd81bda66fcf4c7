import itertools

import numpy as np
import pytest

from landscape.comparison.matching import match_neurons, neuron_orders, one_by_one, reordered
from landscape.errors import SetupError
from landscape.network import Network

NETWORKS = [
    Network((7, 4)),
    Network((7, 6, 4), "tanh"),
    Network((7, 6, 9, 4), "relu"),
    Network((7, 5, 8, 6, 4), "sigmoid", "quadratic"),
    Network((7, 9, 8, 7, 6, 5, 9, 4), "relu"),
]


def shuffled(net, theta, seed):
    random = np.random.default_rng(seed)
    return [random.permutation(size) for size in net.sizes[1:-1]]


@pytest.mark.parametrize("net", NETWORKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_function_stays_the_same(net, dtype):
    a, b = (net.init(seed, biases="normal").astype(dtype) for seed in (0, 1))
    X = np.random.default_rng(0).normal(size=(50, 7)).astype(dtype)
    matched = match_neurons(net, a, b)
    assert matched.dtype == dtype
    np.testing.assert_allclose(net.outputs(matched, X), net.outputs(b, X), rtol=0, atol=1e-6)


@pytest.mark.parametrize("net", NETWORKS)
def test_neurons_that_were_only_shuffled_are_put_back(net):
    theta = net.init(0, biases="normal").astype(np.float64)
    for seed in range(5):
        np.testing.assert_array_equal(
            match_neurons(net, theta, reordered(net, theta, shuffled(net, theta, seed))), theta
        )


def test_with_one_hidden_layer_no_other_order_is_nearer():
    net = Network((7, 5, 4))
    a, b = (net.init(seed, biases="normal").astype(np.float64) for seed in (0, 1))
    found = np.linalg.norm(a - match_neurons(net, a, b))
    every = [reordered(net, b, [np.array(order)]) for order in itertools.permutations(range(5))]
    assert found == pytest.approx(min(np.linalg.norm(a - theta) for theta in every))


@pytest.mark.parametrize("net", NETWORKS[2:])
def test_with_more_layers_changing_any_one_alone_brings_it_no_nearer(net):
    a, b = (net.init(seed, biases="normal").astype(np.float64) for seed in (0, 1))
    orders = neuron_orders(net, a, b)
    distance = np.linalg.norm(a - reordered(net, b, orders))
    assert distance < np.linalg.norm(a - b)
    for layer, order in enumerate(orders):
        for i, j in itertools.combinations(range(len(order)), 2):
            swapped = [now.copy() for now in orders]
            swapped[layer][[i, j]] = order[[j, i]]
            assert np.linalg.norm(a - reordered(net, b, swapped)) >= distance - 1e-9


def test_neurons_move_to_their_places_one_by_one():
    net = NETWORKS[3]
    orders = shuffled(net, None, 4)
    way = [[np.arange(len(order)) for order in orders], *one_by_one(net, orders)]
    for before, after in itertools.pairwise(way):
        assert sum(int((x != y).sum()) for x, y in zip(before, after)) == 2
    for reached, order in zip(way[-1], orders):
        np.testing.assert_array_equal(reached, order)
    assert list(one_by_one(net, [np.arange(5)])) == []


def test_what_does_not_fit_is_refused():
    net = NETWORKS[1]
    theta = net.init()
    for wrong in (theta[:-1], theta.astype(int), np.full(net.P, np.nan)):
        with pytest.raises(SetupError):
            match_neurons(net, theta, wrong)
