"""The surface against the plain loop over cells in float64, whatever the network, plane and grid; and its manners."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.plane import Plane
from landscape.surface import METRICS, evaluate, evaluate_progressively
from landscape.surface.reference import evaluate_cell_by_cell

A, B = np.linspace(-1.2, 1, 7), np.linspace(-0.5, 0.9, 5)


def reference(net, plane, X, y, a, b, l2=0.0):
    """The plain loop over cells, in float64, of the very same plane."""
    exact = Plane(*(np.asarray(vector, np.float64) for vector in (plane.origin, plane.u, plane.v)))
    return evaluate_cell_by_cell(net, exact, X.astype(np.float64), y, a, b, l2)


def sizes_for(cost, hidden, outputs=10, inputs=20):
    return (inputs, *hidden, 1 if cost == "mnist_loss" else outputs)


def assert_close(surface, expected, tolerance=1e-5, examples=None):
    np.testing.assert_allclose(surface.loss, expected["loss"], rtol=tolerance)
    if surface.accuracy is not None:
        differing = np.abs(surface.accuracy - expected["accuracy"]) * (examples or 1)
        assert differing.max() < 1.5  # an example on the very edge may fall to either side
    if surface.sampling_error is not None:
        scale = 1e-3 * expected["loss"].max()  # a spread far below the loss itself drowns in float32
        np.testing.assert_allclose(surface.sampling_error, expected["sampling_error"], rtol=1e-3, atol=scale)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_cost_and_activation_equals_the_loop_over_cells(problem, cost, activation):
    net, plane, X, y = problem(sizes_for(cost, (9, 7)), activation, cost, n=83)
    surface = evaluate(net, plane, X, y, A, B, METRICS, l2=0.01)
    assert_close(surface, reference(net, plane, X, y, A, B, l2=0.01), examples=len(y))


@pytest.mark.parametrize("hidden", [(), (1,), (5,), (13, 30), (3, 25, 4), (6, 5, 4, 33)])
@pytest.mark.parametrize("n", [1, 2, 31, 33, 300])
def test_any_depth_width_and_number_of_examples(problem, hidden, n):
    net, plane, X, y = problem((17, *hidden, 3), "tanh", n=n)
    surface = evaluate(net, plane, X, y, A, B, METRICS)
    assert_close(surface, reference(net, plane, X, y, A, B), examples=n)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hidden=st.lists(st.integers(1, 40), max_size=4),
    outputs=st.integers(2, 27),
    n=st.integers(1, 150),
    seed=st.integers(0, 2**32 - 1),
    extent=st.floats(1e-3, 30),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    cost=st.sampled_from(sorted(COSTS)),
)
def test_random_networks_planes_and_extents(problem, hidden, outputs, n, seed, extent, activation, cost):
    net, plane, X, y = problem(sizes_for(cost, hidden, outputs), activation, cost, n, seed)
    a, b = np.linspace(-extent, extent, 4), np.linspace(-extent / 2, extent, 3)
    expected = reference(net, plane, X, y, a, b)
    # In float32 a loss far below its neighbours' is a difference of larger numbers: it is held to their scale.
    surface = evaluate(net, plane, X, y, a, b)
    np.testing.assert_allclose(surface.loss, expected["loss"], rtol=1e-5, atol=1e-5 * expected["loss"].mean())


@pytest.mark.parametrize("cost", sorted(set(COSTS) - {"mnist_loss"}))
def test_far_extents_do_not_overflow(problem, cost):
    net, plane, X, y = problem((30, 12, 10), "relu", cost)
    far = np.array([-50.0, 0.0, 50.0])
    assert_close(evaluate(net, plane, X, y, far, far), reference(net, plane, X, y, far, far))


def test_a_small_loss_keeps_its_digits(problem):
    net, plane, X, _ = problem((20, 10), n=40)
    sure = Plane(plane.origin * 12, plane.u, plane.v)
    y = net.predict(sure.origin, X)
    surface, expected = evaluate(net, sure, X, y, A, B), reference(net, sure, X, y, A, B)
    assert 1e-7 < expected["loss"].min() < 1e-3
    assert_close(surface, expected, 2e-5)


def test_cells_whose_loss_is_not_finite_are_nan_and_the_others_stand(problem):
    net, plane, X, y = problem((20, 6, 10))
    a = np.array([-1e30, 0.0, 1.0])
    pictures = list(evaluate_progressively(net, plane, X, y, a, np.array([-1.0, 1.0]), METRICS))
    assert np.isnan(pictures[-1].loss[:, 0]).all() and np.isnan(pictures[-1].accuracy[:, 0]).all()
    assert_close(evaluate(net, plane, X, y, a[1:], B), reference(net, plane, X, y, a[1:], B))
    np.testing.assert_allclose(pictures[-1].loss[:, 1:], reference(net, plane, X, y, a[1:], [-1, 1])["loss"], rtol=1e-5)


def test_float64_stays_float64(problem):
    net, plane, X, y = problem((20, 6, 5, 10), "sigmoid", dtype=np.float64)
    surface = evaluate(net, plane, X, y, A, B, METRICS, l2=0.1)
    assert_close(surface, reference(net, plane, X, y, A, B, l2=0.1), tolerance=1e-12, examples=len(y))


def test_images_may_be_of_any_kind(problem):
    net, plane, X, y = problem((20, 6, 10))
    expected = evaluate(net, plane, X, y, A, B).loss
    fixed = X.copy()
    fixed.flags.writeable = False
    for same in (fixed, np.asfortranarray(X), X.astype(np.float64), np.repeat(X, 2, axis=0)[::2]):
        np.testing.assert_array_equal(evaluate(net, plane, same, y.astype(np.uint8), A, B).loss, expected)
    bytes_ = (X * 255).astype(np.uint8)
    loss = evaluate(net, plane, bytes_, y, A, B).loss
    np.testing.assert_array_equal(loss, evaluate(net, plane, bytes_.astype(np.float32), y, A, B).loss)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 40), (33, 17)])
def test_pictures_grow_finer_and_the_last_is_the_surface(problem, shape):
    net, plane, X, y = problem((20, 6, 10), n=40)
    a, b = np.linspace(-1, 1, shape[1]), np.linspace(-1, 1, shape[0])
    pictures = list(evaluate_progressively(net, plane, X, y, a, b, METRICS))
    exact = np.zeros(shape, bool)
    known = np.full(shape, np.nan)
    for picture in pictures:
        for values in (picture.loss, picture.accuracy, picture.sampling_error):
            assert values.shape == shape and np.isfinite(values).all()
            assert not values.flags.writeable
        assert (picture.exact >= exact).all()
        np.testing.assert_array_equal(picture.loss[exact], known[exact])  # what is computed stays
        exact, known = picture.exact, picture.loss
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    assert pictures[-1].done == 1 and pictures[-1].complete and all(p.done < 1 for p in pictures[:-1])
    np.testing.assert_array_equal(pictures[-1].loss, evaluate(net, plane, X, y, a, b).loss)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_number_of_cores_does_not_change_a_digit(problem, monkeypatch, dtype):
    net, plane, X, y = problem((20, 6, 10), n=500, dtype=dtype)
    monkeypatch.setattr("landscape.surface.compiled.CompiledSums.budget", 1e5)
    losses = []
    for threads in "1", "2", "3":
        monkeypatch.setenv("LANDSCAPE_THREADS", threads)
        losses.append(evaluate(net, plane, X, y, np.linspace(-1, 1, 20), B).loss)
    np.testing.assert_array_equal(losses[0], losses[1])
    np.testing.assert_array_equal(losses[0], losses[2])


def test_no_cell_is_computed_twice(problem, monkeypatch):
    from landscape.surface.compiled import CompiledSums

    computed = []
    whole = CompiledSums.sums

    def counting(self, a, b, start, stop, *rest):
        computed.extend((*cell, block) for cell in zip(a, b) for block in range(start, stop))
        return whole(self, a, b, start, stop, *rest)

    monkeypatch.setattr(CompiledSums, "sums", counting)
    net, plane, X, y = problem((20, 6, 10), n=200)
    evaluate(net, plane, X, y, np.linspace(-1, 1, 21), np.linspace(-1, 1, 18))
    blocks = {block for _, _, block in computed}
    assert len(computed) == len(set(computed)) == 21 * 18 * len(blocks)


def test_closing_cancels_what_has_not_begun(problem, monkeypatch):
    from landscape.surface.compiled import CompiledSums

    calls = []
    whole = CompiledSums.sums
    monkeypatch.setattr(CompiledSums, "budget", 2e5)
    monkeypatch.setattr(CompiledSums, "sums", lambda self, *work: calls.append(work) or whole(self, *work))
    net, plane, X, y = problem((20, 6, 10), n=300)
    work = evaluate_progressively(net, plane, X, y, np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    assert not next(work).complete
    work.close()
    begun = len(calls)
    list(evaluate_progressively(net, plane, X, y, np.linspace(-1, 1, 41), np.linspace(-1, 1, 41)))
    assert begun < (len(calls) - begun) / 2


def test_a_network_without_any_spread_over_classes(problem):
    net, plane, X, _ = problem((20, 6, 10))
    y = np.full(len(X), 7)
    assert_close(evaluate(net, plane, X, y, A, B, METRICS), reference(net, plane, X, y, A, B), examples=len(y))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.zeros((70, 21))}, "20 inputs"),
        ({"X": np.zeros((0, 20)), "y": np.zeros(0, int)}, "no examples"),
        ({"y": np.zeros(3, int)}, "labels of shape"),
        ({"y": np.full(70, 10)}, "from 10 to 10"),
        ({"a": [1, 0]}, "rising"),
        ({"a": []}, "at least one"),
        ({"b": [0, np.nan]}, "finite"),
        ({"metrics": ("height",)}, "'height' is unknown"),
        ({"plane": Plane([0, 0, 0], [1, 0, 0], [0, 1, 0])}, "parameters"),
    ],
)
def test_a_wrong_request_says_what_is_wrong_at_once(problem, change, message):
    net, plane, X, y = problem((20, 6, 10))
    arguments = {"net": net, "plane": plane, "X": X, "y": y, "a": A, "b": B} | change
    with pytest.raises(SetupError, match=message):
        evaluate_progressively(**arguments)


def test_importing_the_surface_does_not_load_numba():
    program = "import sys, landscape.surface; assert not {'numba', 'scipy', 'llvmlite'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
