"""The compiled steps against their plain specification, and against themselves: the same digits however they are called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.descent import SGD, FrameSchedule, descend
from landscape.descent.compiled_steps import PART, CompiledSteps, PaddedLayout, sparse_rows
from landscape.descent.kernels import BLOCK
from landscape.descent.steps import FreePlane, take_steps
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from tests.conftest import make_problem


def taken(engine, net, theta, X, y, offsets, *, optimiser=SGD(0.1), l2=0.0, plane=None, seed=0):  # noqa: B008
    """The steps through mini-batches of the sizes between `offsets`, by the compiled or the plain engine."""
    index = np.random.default_rng(seed).integers(0, len(y), offsets[-1])
    state = optimiser.init(theta[None] if plane is None else plane.coordinates(theta[None]))[0]
    rates = [optimiser.lr] * (len(offsets) - 1)
    if engine == "plain":
        return take_steps(net, theta, state, X, y, index, offsets, optimiser, rates, 1, l2, plane)
    return CompiledSteps(net, X, y, optimiser, l2, plane)(theta, state, index, offsets, rates, 1)


def assert_alike(fast, plain):
    scale = np.abs(plain.theta).max()
    np.testing.assert_allclose(fast.theta, plain.theta, rtol=1e-4, atol=1e-5 * scale)
    np.testing.assert_allclose(fast.losses, plain.losses, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(fast.gradient_norm, plain.gradient_norm, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(fast.update_norm, plain.update_norm, rtol=1e-3, atol=1e-7)


def assert_identical(one, other):
    np.testing.assert_array_equal(one.theta, other.theta)
    np.testing.assert_array_equal(one.state, other.state)
    np.testing.assert_array_equal(one.losses, other.losses)
    assert (one.gradient_norm, one.update_norm) == (other.gradient_norm, other.update_norm)


def inside(net, theta, seed=1):
    return FreePlane.of(theta, *np.random.default_rng(seed).normal(0, 1, (2, net.P)).astype(np.float32))


@given(
    hidden=st.lists(st.integers(1, 70), max_size=4),
    inputs=st.integers(1, 90),
    outputs=st.integers(2, 40),
    activation=st.sampled_from(list(ACTIVATIONS)),
    cost=st.sampled_from([cost for cost in COSTS if cost != "mnist_loss"]),
    batches=st.lists(st.integers(1, 2 * BLOCK + 3), min_size=1, max_size=3),
    in_plane=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_any_network_takes_the_plain_steps(hidden, inputs, outputs, activation, cost, batches, in_plane, seed):
    net, theta, X, y = make_problem((inputs, *hidden, outputs), activation, cost, 50, np.float32, seed)
    options = {"optimiser": SGD(0.01), "l2": 0.01, "plane": inside(net, theta) if in_plane else None, "seed": seed}
    offsets = np.cumsum([0, *batches])
    exact = taken("plain", net, theta.astype(np.float64), X.astype(np.float64), y, offsets, **options)
    assert_alike(taken("fast", net, theta, X, y, offsets, **options), exact)


@pytest.mark.parametrize("optimiser", [SGD(0.1), SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.01)])
def test_large_batches_are_cut_alike_on_any_number_of_cores(monkeypatch, optimiser):
    net, theta, X, y = make_problem((20, 9, 4), n=300, dtype=np.float32)
    offsets = np.cumsum([0, 3 * PART + 77, 5, PART + 1, PART])
    options = {"optimiser": optimiser, "l2": 0.01}
    found = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("LANDSCAPE_THREADS", threads)
        found.append(taken("fast", net, theta, X, y, offsets, **options))
    assert_identical(found[0], found[1])
    assert_identical(found[0], found[2])
    exact = taken("plain", net, theta.astype(np.float64), X.astype(np.float64), y, offsets, **options)
    assert_alike(found[0], exact)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_steps_are_the_same_digits_however_many_are_taken_at_once(activation):
    net, theta, X, y = make_problem((50, 30, 10), activation, n=200, dtype=np.float32)
    batches = [np.random.default_rng(i).integers(0, 200, size) for i, size in enumerate([7, PART + 30, 7, 7, 40, 3])]
    options = {"optimiser": SGD(0.02, momentum=0.5), "batches": batches, "l2": 0.001}
    *_, by_one = descend(net, theta, X, y, **options)
    for every in (2, 3, 6):
        *_, last = descend(net, theta, X, y, frames=FrameSchedule(every), **options)
        np.testing.assert_array_equal(last.thetas, by_one.thetas)
        np.testing.assert_array_equal(last.state, by_one.state)
        np.testing.assert_array_equal(last.losses, by_one.losses)
        assert last.update_norms == by_one.update_norms


@pytest.mark.parametrize("in_plane", [False, True])
def test_a_descent_repeats_to_the_last_digit_wherever_its_arrays_lie(in_plane):
    net, theta, X, y = make_problem((50, 30, 10), n=200, dtype=np.float32)
    plane = inside(net, theta) if in_plane else None
    offsets = np.cumsum([0, 10, 40, 33, 1])
    first = taken("fast", net, theta, X, y, offsets, plane=plane)
    for shift in range(1, 4):
        elsewhere = np.empty(net.P + 4, np.float32)[shift : shift + net.P]
        elsewhere[:] = theta
        assert_identical(taken("fast", net, elsewhere, X, y, offsets, plane=plane), first)


def test_many_starts_with_large_batches_end_as_each_does_alone(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")
    net, theta, X, y = make_problem((20, 9, 4), n=300, dtype=np.float32)
    starts = np.stack([theta, theta * np.float32(0.5), theta * np.float32(1.5)])
    batches = [np.arange(PART * 2 + 9) % 300] * 3
    *_, together = descend(net, starts, X, y, batches=batches)
    for start, found in zip(starts, together.thetas):
        *_, alone = descend(net, start, X, y, batches=batches)
        np.testing.assert_array_equal(alone.thetas[0], found)


@given(st.integers(1, 150), st.integers(1, 30), st.floats(0, 1), st.integers(0, 100))
def test_sparse_rows_hold_what_is_not_zero(width, n, share, seed):
    random = np.random.default_rng(seed)
    X = (random.normal(0, 1, (n, width)) * (random.random((n, width)) < share)).astype(np.float32)
    X[0, 0] = np.nan
    values, columns, begins = sparse_rows(X)
    again = np.zeros_like(X)
    for e in range(n):
        here = slice(begins[e], begins[e + 1])
        assert (np.diff(columns[here]) > 0).all()
        again[e, columns[here]] = values[here]
    np.testing.assert_array_equal(again, X)
    assert begins[-1] == np.count_nonzero(X)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_a_padded_vector_comes_back(sizes):
    net = Network((*sizes[:-1], sizes[-1] + 1))
    vector = np.random.default_rng(0).normal(0, 1, net.P).astype(np.float32)
    layout = PaddedLayout(net)
    padded = layout.padded(vector)
    np.testing.assert_array_equal(layout.taken(padded), vector)
    assert np.count_nonzero(padded) == np.count_nonzero(vector)


@pytest.mark.parametrize("cost", COSTS)
def test_a_network_that_has_left_the_numbers_says_so(cost):
    net, theta, X, y = make_problem((6, 5, 1 if cost == "mnist_loss" else 4), "relu", cost, dtype=np.float32)
    theta[net.layout[0][0]] = np.nan
    steps = taken("fast", net, theta, X, y, np.array([0, 10, 20]))
    assert not np.isfinite(steps.losses).any()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("size", [50, 1e4, 1e30])
def test_saturated_neurons_overflow_nothing(activation, size):
    net, theta, X, y = make_problem((6, 5, 4), activation, dtype=np.float32)
    theta[net.layout[0][0]] *= np.float32(size)
    offsets = np.array([0, 8])
    exact = taken("plain", net, theta.astype(np.float64), X.astype(np.float64), y, offsets, optimiser=SGD(0.1))
    steps = taken("fast", net, theta, X, y, offsets)
    assert steps.losses[0] == pytest.approx(exact.losses[0], rel=1e-4)
    first = net.parameter_counts[0]
    np.testing.assert_allclose(steps.theta[first:], exact.theta[first:], rtol=1e-4, atol=1e-5)
