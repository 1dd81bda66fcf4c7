import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.lab.rescaling import rescale, rescaled_planes, rescaling


@pytest.mark.parametrize("sizes", [(6, 5, 4), (6, 5, 7, 3)])
@pytest.mark.parametrize("activation", ["relu", "linear"])
@pytest.mark.parametrize("factor", [0.01, 0.5, 10.0, 300.0])
def test_the_function_stays(problem, sizes, activation, factor):
    net, theta, X, _ = problem(sizes, activation)
    for layer in range(1, len(sizes) - 1):
        other = rescale(net, theta, factor, layer)
        assert np.abs(other - theta).max() > 0.1
        np.testing.assert_allclose(net.outputs(other, X), net.outputs(theta, X), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_raw_surface_changes_and_the_normalised_one_does_not(problem, dtype):
    net, theta, X, y = problem((6, 5, 4), n=40, dtype=dtype)
    *_, before = rescaling(net, theta, X, y, 1.0, seed=3, cells=9)
    for factor in (0.1, 10.0):
        *_, after = rescaling(net, theta, X, y, factor, seed=3, cells=9)
        assert after.done == 1 and after.changed < (1e-6 if dtype == np.float32 else 1e-12)
        np.testing.assert_allclose(after.normalised.loss, before.normalised.loss, rtol=1e-5)
        np.testing.assert_allclose(after.raw.loss[4, 4], before.raw.loss[4, 4], rtol=1e-5)  # the middle is the network
        assert np.abs(after.raw.loss / before.raw.loss - 1).max() > 0.5


def test_at_factor_one_both_planes_have_one_length(problem):
    net, theta, _, _ = problem((6, 5, 4))
    raw, normalised = rescaled_planes(net, theta, 1.0, seed=2)
    assert np.linalg.norm(raw.u) == pytest.approx(np.linalg.norm(normalised.u), rel=1e-6)


def test_what_can_not_be_rescaled_is_refused(problem):
    net, theta, _, _ = problem((6, 5, 4), "tanh")
    with pytest.raises(SetupError, match="tanh"):
        rescale(net, theta, 2.0)
    net, theta, _, _ = problem((6, 5, 4))
    for factor in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(SetupError, match="positive"):
            rescale(net, theta, factor)
    with pytest.raises(SetupError, match="no layer after it"):
        rescale(net, theta, 2.0, layer=2)
    net, theta, _, _ = problem((6, 4))
    with pytest.raises(SetupError, match="no layer after it"):
        rescale(net, theta, 2.0)
