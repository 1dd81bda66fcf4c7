"""Along a line: a surface of one row, whatever the direction."""

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.surface import evaluate, evaluate_line
from landscape.surface.reference import evaluate_cell_by_cell

A = np.linspace(-1, 2, 101)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", [(), (9,), (9, 4)])
def test_a_line_has_the_losses_of_its_points(problem, hidden, dtype):
    net, plane, X, y = problem((20, *hidden, 10), n=90, dtype=dtype)
    found = evaluate_line(net, plane.origin, plane.u, X, y, A, ("loss", "accuracy", "class_losses"), l2=0.1)
    exact = Plane(*(vector.astype(np.float64) for vector in (plane.origin, plane.u, plane.v)))
    expected = evaluate_cell_by_cell(net, exact, X.astype(np.float64), y, A, 0.0, 0.1)
    assert found.complete and found.loss.shape == (1, 101) and list(found.b) == [0]
    for name in ("loss", "class_losses"):
        np.testing.assert_allclose(getattr(found, name), expected[name], rtol=1e-5)
    assert np.abs(found.accuracy - expected["accuracy"]).max() < 1.5 / 90


def test_a_line_is_a_row_of_any_plane_through_it(problem):
    net, plane, X, y = problem((20, 6, 10))
    row = evaluate(net, plane, X, y, A, (0.0,)).loss
    np.testing.assert_allclose(evaluate_line(net, plane.origin, plane.u, X, y, A).loss, row, rtol=1e-6)


def test_along_a_single_parameter(problem):
    net, plane, X, y = problem((20, 6, 10))
    direction = np.eye(net.P, dtype=np.float32)[7]
    found = evaluate_line(net, plane.origin, direction, X, y, A)
    np.testing.assert_allclose(found.loss[0, 50], net.loss(plane.origin + A[50] * direction, X, y), rtol=1e-5)


def test_a_direction_that_is_none_is_said(problem):
    net, plane, X, y = problem((20, 6, 10))
    with pytest.raises(SetupError, match="parallel or zero"):
        evaluate_line(net, plane.origin, np.zeros(net.P), X, y, A)
    with pytest.raises(SetupError, match="one length"):
        evaluate_line(net, plane.origin, np.ones(3), X, y, A)
