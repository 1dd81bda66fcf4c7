import numpy as np
import pytest

from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.network.passes import Passes


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4), (5, 4, 3), (6, 5, 4, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_what_happens_in_every_layer_makes_up_loss_and_gradient(problem, hidden, activation, cost):
    net, theta, X, y = problem((6, *hidden, 1 if COSTS[cost].most_outputs == 1 else 4), activation, cost)
    passes = Passes.of(net, theta, X, y)
    loss, gradient = net.loss_and_gradient(theta, X, y)
    assert passes.costs.mean() == pytest.approx(float(loss))
    layers = range(len(hidden) + 1)
    by_layer = net.pack([passes.weight_gradient(at) for at in layers], [passes.bias_gradient(at) for at in layers])
    np.testing.assert_allclose(by_layer, gradient, atol=1e-13)
    np.testing.assert_array_equal(passes.outputs, net.outputs(theta, X))
    np.testing.assert_array_equal(passes.guesses, net.predict(theta, X))
    weights, biases = net.unpack(theta)
    for at in layers:
        np.testing.assert_array_equal(passes.sums[at], passes.inputs[at] @ weights[at] + biases[at])
        assert passes.handed_on[at].shape == passes.deltas[at].shape == (len(y), net.sizes[at + 1])
    for at in layers[:-1]:
        np.testing.assert_array_equal(passes.handed_on[at], ACTIVATIONS[activation].value(passes.sums[at]))
