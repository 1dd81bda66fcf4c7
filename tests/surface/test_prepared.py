"""Planes inside a prepared subspace, and single mini-batches: the same surfaces as `evaluate`, without its ado."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.plane import Plane
from landscape.surface import METRICS, Prepared, evaluate, evaluate_batch
from landscape.surface.reference import evaluate_cell_by_cell

A, B = np.linspace(-1.2, 1, 7), np.linspace(-0.5, 0.9, 5)


def basis_for(net, origin, m, seed=0):
    random = np.random.default_rng(seed)
    return (random.standard_normal((m, net.P)) * np.std(origin)).astype(origin.dtype)


def assert_same(surface, expected, tolerance=1e-5):
    assert surface.complete and surface.done == 1 and surface.examples == expected.examples
    for name in METRICS:
        found, wanted = getattr(surface, name), getattr(expected, name)
        assert (found is None) == (wanted is None)
        if name == "accuracy" and found is not None:
            assert np.abs(found - wanted).max() < 1.5 / surface.examples  # an example on the very edge
        elif found is not None:
            np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance * np.abs(wanted).mean())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hidden=st.lists(st.integers(1, 40), max_size=3),
    m=st.integers(2, 5),
    n=st.integers(1, 150),
    seed=st.integers(0, 2**32 - 1),
    extent=st.floats(1e-2, 10),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    cost=st.sampled_from(sorted(COSTS)),
    wide=st.booleans(),
)
def test_a_plane_inside_a_prepared_subspace_has_its_own_surface(
    problem, hidden, m, n, seed, extent, activation, cost, wide
):
    sizes = (20, *hidden, 1 if cost == "mnist_loss" else 6)
    net, plane, X, y = problem(sizes, activation, cost, n, seed, np.float64 if wide else np.float32)
    prepared = Prepared(net, plane.origin, basis_for(net, plane.origin, m, seed), X, y, METRICS[:2])
    shares = np.random.default_rng(seed).standard_normal((3, m))
    a = A * extent
    found = prepared.evaluate(*shares, a, B, l2=0.01)
    expected = evaluate(net, prepared.plane(*shares), X, y, a, B, METRICS[:2], l2=0.01)
    assert found.plane.origin.dtype == plane.origin.dtype
    assert_same(found, expected, 1e-10 if wide else 1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_metric_is_there_as_well(problem, dtype):
    net, plane, X, y = problem((20, 9, 10), n=120, dtype=dtype)
    prepared = Prepared(net, plane.origin, [plane.u, plane.v], X, y, METRICS)
    found = prepared.evaluate([0, 0], [1, 0], [0, 1], A, B, l2=0.1)
    assert_same(found, evaluate(net, plane, X, y, A, B, METRICS, l2=0.1))


def test_turning_leaves_the_prepared_products_alone(problem):
    net, plane, X, y = problem((20, 9, 10), n=120)
    prepared = Prepared(net, plane.origin, [plane.u, plane.v], X, y)
    first = prepared.evaluate([0, 0], [1, 0], [0, 1], A, B).loss
    for turn in np.linspace(0, 3, 7):
        prepared.evaluate([0.1, turn], [np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)], A, B)
    np.testing.assert_array_equal(prepared.evaluate([0, 0], [1, 0], [0, 1], A, B).loss, first)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_has_the_surface_of_its_examples(problem, dtype):
    net, plane, X, y = problem((20, 9, 10), n=300, dtype=dtype)
    rows = np.random.default_rng(1).integers(0, 300, 64)
    found = evaluate_batch(net, plane, X, y, rows, A, B, METRICS, l2=0.1)
    assert_same(found, evaluate(net, plane, X[rows], y[rows], A, B, METRICS, l2=0.1), 1e-12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hidden=st.lists(st.integers(1, 40), max_size=3),
    n=st.integers(1, 100),
    seed=st.integers(0, 2**32 - 1),
    extent=st.floats(1e-2, 10),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    cost=st.sampled_from(sorted(COSTS)),
)
def test_a_batch_of_any_network_is_the_loop_over_cells(problem, hidden, n, seed, extent, activation, cost):
    net, plane, X, y = problem((20, *hidden, 1 if cost == "mnist_loss" else 6), activation, cost, 150, seed)
    rows = np.random.default_rng(seed).integers(0, 150, n)
    some = tuple(metric for metric in METRICS if metric != "class_losses")  # which would keep the classes apart
    found = evaluate_batch(net, plane, X, y, rows, A * extent, B, some, l2=0.01)
    exact = Plane(*(np.asarray(vector, np.float64) for vector in (plane.origin, plane.u, plane.v)))
    expected = evaluate_cell_by_cell(net, exact, X[rows].astype(np.float64), y[rows], A * extent, B, 0.01)
    np.testing.assert_allclose(found.loss, expected["loss"], rtol=1e-5)
    np.testing.assert_allclose(found.accuracy, expected["accuracy"], atol=1.5 / n)  # an example on the very edge
    scale = 1e-5 * np.abs(expected["example_losses"]).mean()
    np.testing.assert_allclose(found.example_losses, expected["example_losses"], rtol=1e-5, atol=scale)


@pytest.mark.parametrize("best", [(), (3, 5), (0, 5), (1,), (0,)])
def test_of_equal_outputs_the_first_class_wins_in_a_batch_as_well(best):
    net = Network((4, 3, 6))
    weights, biases = net.unpack(np.zeros(net.P, np.float32))
    biases[-1][list(best)] = 1
    u, v = np.zeros((2, net.P), np.float32)
    u[0] = v[1] = 1  # of the first layer: the outputs are the same everywhere
    X, y = np.ones((60, 4), np.float32), np.arange(60) % 6
    plane = Plane(net.pack(weights, biases), u, v)
    found = evaluate_batch(net, plane, X, y, np.arange(40), [0, 1], [0, 1], ("accuracy",))
    np.testing.assert_array_equal(found.accuracy, np.mean(y[:40] == (best[0] if best else 0)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_batch_with_an_example_that_is_not_finite_has_no_loss(problem, bad):
    net, plane, X, y = problem((20, 6, 10))
    X[3, 0] = bad
    assert np.isfinite(evaluate_batch(net, plane, X, y, np.delete(np.arange(40), 3), A, B).loss).all()
    assert np.isnan(evaluate_batch(net, plane, X, y, np.arange(40), A, B).loss).all()


@pytest.mark.parametrize("examples", [[0.5, 1], [[0, 1]], [0, 70], [-1, 2], []])
def test_examples_that_are_none_are_said(problem, examples):
    net, plane, X, y = problem((20, 6, 10))
    with pytest.raises(SetupError, match="examples"):
        evaluate_batch(net, plane, X, y, examples, A, B)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"origin": np.zeros(3)}, "origin must be"),
        ({"basis": np.zeros((2, 3))}, "origin must be"),
        ({"basis": np.zeros((0, 196))}, "origin must be"),
        ({"basis": np.full((2, 196), np.nan)}, "not finite"),
        ({"X": np.zeros((70, 21))}, "20 inputs"),
        ({"y": np.zeros(3, int)}, "labels of shape"),
        ({"metrics": ("height",)}, "'height' is unknown"),
    ],
)
def test_what_cannot_be_prepared_is_said(problem, change, message):
    net, plane, X, y = problem((20, 6, 10))
    arguments = {"net": net, "origin": plane.origin, "basis": [plane.u, plane.v], "X": X, "y": y} | change
    with pytest.raises(SetupError, match=message):
        Prepared(**arguments)


def test_more_examples_than_memory_holds_are_refused(problem, monkeypatch):
    net, plane, X, y = problem((20, 6, 10))
    monkeypatch.setattr("landscape.surface.sums.MOST_BYTES", 1e4)
    with pytest.raises(SetupError, match="prepare fewer examples"):
        Prepared(net, plane.origin, [plane.u, plane.v], X, y)


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        (([0], [1, 0], [0, 1]), "coefficients of origin"),
        (([0, 0], [1, np.nan], [0, 1]), "coefficients of u"),
        (([0, 0], [1, 0], [2, 0]), "parallel"),
    ],
)
def test_a_plane_that_is_none_is_said(problem, coefficients, message):
    net, plane, X, y = problem((20, 6, 10))
    prepared = Prepared(net, plane.origin, [plane.u, plane.v], X, y)
    with pytest.raises(SetupError, match=message):
        prepared.evaluate(*coefficients, A, B)
