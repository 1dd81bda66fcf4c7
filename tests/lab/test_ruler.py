import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.lab import measure_with_both, measuring_with_both
from landscape.lab.rescaling import rescaled_planes


@pytest.mark.parametrize("factor", [0.1, 10.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_stay_and_only_the_raw_line_changes(problem, factor, dtype):
    net, theta, X, y = problem((6, 5, 4), n=40, dtype=dtype)
    found = measure_with_both(net, theta, X, y, factor, seed=3)
    assert (found.flipped, found.examples) == (0, 40)
    assert found.changed < (1e-5 if dtype == np.float32 else 1e-12)
    np.testing.assert_allclose(found.normalised[1], found.normalised[0], rtol=1e-4)
    assert found.raw_change > 0.5
    assert "nothing but rounding" in str(found) and "0 of 40 predictions are others" in str(found)


def test_the_lines_are_the_losses_there(problem):
    net, theta, X, y = problem((6, 5, 4), n=40)
    found = measure_with_both(net, theta, X, y, 4.0, reach=0.5, seed=1)
    assert found.along[[0, -1]].tolist() == [-0.5, 0.5]
    for scale, row in ((1.0, 0), (4.0, 1)):
        for plane, losses in zip(rescaled_planes(net, theta, scale, 1), (found.raw, found.normalised), strict=True):
            expected = [float(net.loss(plane.origin + a * plane.u, X, y)) for a in found.along]
            np.testing.assert_allclose(losses[row], expected, rtol=1e-9)


def test_it_grows(problem):
    pictures = list(measuring_with_both(*problem((6, 5, 4))))
    assert [p.done for p in pictures] == sorted(p.done for p in pictures) and pictures[-1].done == 1
    assert np.isnan(pictures[0].normalised_change) and "direction" not in str(pictures[0])


def test_what_can_not_be_rescaled_is_refused(problem):
    with pytest.raises(SetupError, match="sigmoid"):
        measure_with_both(*problem((6, 5, 4), "sigmoid"))


def test_a_factor_that_rounds_nothing_is_not_said_to(problem):
    net, theta, X, y = problem((6, 5, 4), n=40)
    found = measure_with_both(net, theta, X, y, 4.0)
    assert found.changed == 0 and "no output changes.\n" in str(found)
