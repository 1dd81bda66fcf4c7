import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.lab import hessian_eigenvalues, measure_curvature, measuring_curvature
from landscape.lab.curvature import _iterating
from landscape.network.hessian import Hessian
from tests.lab.stopping_soon import longest_gap


@pytest.fixture
def point(problem):
    return problem((6, 5, 4), "tanh", n=60)


def matrix_at(point):
    return point.net.hessian_product(point.theta, np.eye(point.net.P), point.X, point.y)


def test_curvature_is_that_of_the_whole_matrix(point):
    matrix = matrix_at(point)
    every = np.linalg.eigvalsh(matrix)[::-1]
    found = measure_curvature(*point, k=4, probes=400)
    np.testing.assert_allclose(found.eigenvalues, every[:4], rtol=1e-8)
    assert found.sharpness == found.eigenvalues[0]
    assert found.lowest == pytest.approx(every[-1])
    assert abs(found.trace - np.trace(matrix)) < 4 * found.trace_error
    # the spread of z·Hz over random signs is known: twice the squares off the diagonal
    spread = np.sqrt(2 * (np.square(matrix).sum() - np.square(np.diag(matrix)).sum()))
    assert found.trace_error == pytest.approx(spread / np.sqrt(400), rel=0.2)
    assert found.loss == pytest.approx(point.net.loss(*point[1:]))
    assert found.gradient_norm == pytest.approx(np.linalg.norm(point.net.gradient(*point[1:])))
    np.testing.assert_allclose(hessian_eigenvalues(*point, k=3, which="smallest"), every[-3:], rtol=1e-6, atol=1e-9)


def test_a_step_beyond_the_stable_rate_swings_wider_along_the_sharpest_direction(point):
    """The meaning of 2 / sharpness, on the quadratic that the Hessian describes."""
    matrix, found = matrix_at(point), measure_curvature(*point)
    _, vectors = np.linalg.eigh(matrix)
    for rate, wider in ((0.9, False), (1.1, True)):
        offset = vectors[:, -1]
        for _ in range(20):
            offset = offset - rate * found.stable_rate * matrix @ offset
        assert (np.linalg.norm(offset) > 1) == wider


def test_it_grows_and_says_itself_in_sentences(point):
    pictures = list(measuring_curvature(*point, k=2, probes=5))
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    assert pictures[-1].done == 1
    assert "trace" not in str(pictures[0])
    words = str(pictures[-1])
    for part in ("60 digits", f"{pictures[-1].sharpness:.4g}", f"{pictures[-1].stable_rate:.3g}", "5 random probes"):
        assert part in words
    assert "not the bottom" in words
    again = measure_curvature(*point, k=2, probes=5)
    assert (again.trace, again.trace_error) == (pictures[-1].trace, pictures[-1].trace_error)


def test_of_many_parameters_both_ends_are_found_product_by_product(problem):
    point = problem((40, 12, 6), "relu", n=200)
    matrix = point.net.hessian_product(point.theta, np.eye(point.net.P), point.X, point.y)
    every = np.linalg.eigvalsh((matrix + matrix.T) / 2)[::-1]
    pictures = list(measuring_curvature(*point, k=4, probes=2))
    assert len(pictures) > 10
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    np.testing.assert_allclose(pictures[-1].eigenvalues, every[:4], rtol=1e-4)
    assert pictures[-1].lowest == pytest.approx(every[-1], abs=1e-3 * every[0])


def test_what_a_few_vectors_do_not_tell_is_gone_on_with_from_the_outermost_directions(problem, monkeypatch):
    """So few vectors are held that the iteration must begin again several times."""
    monkeypatch.setattr("landscape.lab.curvature.ACCURACY", 1e-7)
    point = problem((40, 12, 6), "tanh", n=200)
    every = np.linalg.eigvalsh(matrix_at(point))[::-1]
    products = []
    whole = Hessian.producing
    monkeypatch.setattr(Hessian, "producing", lambda self, v: products.append(1) or whole(self, v))
    *_, (largest, lowest, done) = _iterating(Hessian(*point), 2, 16, 0)
    assert len(products) > 2 * 16
    assert done == 1
    np.testing.assert_allclose(largest, every[:2], rtol=1e-8)
    assert lowest == pytest.approx(every[-1], rel=1e-6)
    monkeypatch.setattr("landscape.lab.curvature.MOST_PRODUCTS", 20)
    with pytest.raises(SetupError, match="too close to each other"):
        list(_iterating(Hessian(*point), 2, 16, 0))


def test_a_hessian_of_many_parameters_that_is_zero_has_eigenvalues_of_zero(problem):
    net, theta, X, y = problem((100, 4), "linear", "hinge")
    found = measure_curvature(net, theta, X, y, k=3, probes=2)
    assert net.P > 300 and found.eigenvalues.tolist() == [0, 0, 0] and found.lowest == 0


@pytest.mark.parametrize("sizes", [(784, 30, 10), (784, 300, 100, 10), (10, 10, 10)])
def test_over_many_digits_it_may_be_stopped_soon(problem, sizes):
    """Work of one core between two results: never so much that a person would notice, also while the passes are made."""
    point = problem(sizes, n=50_000 if sizes[0] == 784 and len(sizes) == 3 else 5000, dtype=np.float32)
    assert longest_gap(measuring_curvature(*point), 1.5) < 0.2


def test_a_flat_loss_has_no_stable_limit(problem):
    net, theta, X, y = problem((6, 4), "linear", "hinge")
    found = measure_curvature(net, theta, X, y)
    assert not found.eigenvalues.any()
    assert found.stable_rate == np.inf
    assert "stable" not in str(found)
    assert "downwards nowhere" in str(found)


def test_what_makes_no_sense_is_refused(point):
    with pytest.raises(SetupError, match="2 random probes"):
        measure_curvature(*point, probes=1)
    with pytest.raises(SetupError, match="eigenvalues"):
        hessian_eigenvalues(*point, k=1000)
