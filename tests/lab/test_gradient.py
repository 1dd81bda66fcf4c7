import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.lab import gradient_check
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_every_gradient_passes(problem, cost, activation):
    net, theta, X, y = problem((6, 5, 3, 1 if cost == "mnist_loss" else 4), activation, cost, n=30)
    found = gradient_check(net, theta.astype(np.float32), X, y, l2=0.1)
    assert found.passed, str(found)
    assert "Passed" in str(found)
    assert (~found.kinked).sum() > 20


def test_a_wrong_gradient_fails_and_the_place_is_named(problem, monkeypatch):
    net, theta, X, y = problem()
    right = Network.gradient

    def wrong(self, *arguments):
        gradient = right(self, *arguments)
        gradient[-1] *= 1.001
        return gradient

    monkeypatch.setattr(Network, "gradient", wrong)
    found = gradient_check(net, theta, X, y, parameters=net.P)
    assert not found.passed
    assert found.largest_error == pytest.approx(1e-3, rel=0.1)
    assert "differ most at layer 2, bias of neuron 3" in str(found)


def test_kinks_are_seen_and_left_out():
    """A ReLU that switches half a step away: the difference sees a part of its slope, backpropagation all or nothing."""
    net = Network((1, 1, 1), "relu", "quadratic")
    theta = net.pack([[[1.0]], [[2.0]]], [[-1.0 + 5e-6], [0.3]])
    found = gradient_check(net, theta, np.ones((1, 1)), np.array([1]), parameters=4)
    assert found.kinked.tolist() == [True, True, False, False]
    assert found.errors[:2].min() > 0.1
    assert found.passed
    assert "2 more were left out" in str(found)
    single = Network((1, 1), cost="mnist_loss")
    assert gradient_check(single, np.zeros(2), np.ones((1, 1)), np.array([1]), parameters=1).passed


def test_all_layers_are_looked_at(problem):
    net, theta, X, y = problem((6, 5, 3, 4))
    found = gradient_check(net, theta, X, y, parameters=18)
    for layer in (1, 2, 3):
        for part in ("weight", "bias"):
            assert sum(name.startswith(f"layer {layer}, {part}") for name in found.names) == 3
    assert len(set(found.indices.tolist())) == len(found.indices)
    np.testing.assert_array_equal(found.indices, gradient_check(net, theta, X, y, parameters=18).indices)
    with pytest.raises(SetupError, match="at least"):
        gradient_check(net, theta, X, y, parameters=0)
