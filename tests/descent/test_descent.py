import numpy as np
import pytest

from landscape.descent import SGD, FrameSchedule, descend
from landscape.errors import SetupError
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.plane import Plane

OPTIMISERS = {
    "plain": SGD(0.2),
    "momentum": SGD(0.1, momentum=0.9),
    "nesterov": SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "weight decay": SGD(0.2, weight_decay=0.05),
}


def sizes_for(cost, hidden):
    return (6, *hidden, 1 if cost == "mnist_loss" else 4)


def skew_plane(net, theta, seed=0):
    u, v = np.random.default_rng(seed).normal(0, 1, (2, net.P))
    return Plane(theta, u, 0.6 * u + 0.3 * v)


def by_both_engines(net, theta, X, y, **options):
    starts = np.stack([theta, theta + np.float32(0.1)])
    return (list(descend(net, starts, X, y, engine=engine, **options))[-1] for engine in ("plain", "fast"))


def assert_alike(plain, fast):
    np.testing.assert_allclose(fast.thetas, plain.thetas, rtol=1e-4, atol=3e-6)
    np.testing.assert_allclose(fast.batch_losses, plain.batch_losses, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(fast.state, plain.state, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(fast.gradient_norms, plain.gradient_norms, rtol=1e-3)
    np.testing.assert_allclose(fast.update_norms, plain.update_norms, rtol=1e-3)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("hidden", [(), (5,), (9, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_compiled_steps_equal_the_plain_ones(problem, cost, activation, hidden, inside):
    net, theta, X, y = problem(sizes_for(cost, hidden), activation, cost, dtype=np.float32)
    plane = skew_plane(net, theta) if inside else None
    rate = SGD(0.01 if inside else 0.1)  # in the plane's own directions the surface is steeper
    options = {"optimiser": rate, "batch_size": 5, "epochs": 2, "plane": plane, "l2": 0.02}
    assert_alike(*by_both_engines(net, theta, X, y, frames=FrameSchedule(6), **options))


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_compiled_optimisers_equal_the_plain_ones(problem, name, inside):
    net, theta, X, y = problem(activation="tanh", cost="mse", dtype=np.float32)
    plane = skew_plane(net, theta) if inside else None
    options = {"optimiser": OPTIMISERS[name], "batch_size": 5, "epochs": 2, "plane": plane}
    assert_alike(*by_both_engines(net, theta, X, y, frames=FrameSchedule(6), **options))


@pytest.mark.parametrize("name", OPTIMISERS)
def test_five_steps_by_hand(problem, name):
    net, theta, X, y = problem()
    batches = [np.array(batch) for batch in ([0, 1], [2], [3, 4, 5], [6, 1], [7, 8])]
    optimiser = OPTIMISERS[name]
    frames = list(descend(net, theta, X, y, optimiser, batches=batches, l2=0.01))
    velocity, here = np.zeros(net.P), theta.copy()
    for frame, batch in zip(frames, batches, strict=True):
        assert frame.losses[0] == pytest.approx(float(net.loss(here, X[batch], y[batch], 0.01)), rel=1e-12)
        gradient = net.gradient(here, X[batch], y[batch], 0.01) + optimiser.weight_decay * here
        velocity = optimiser.momentum * velocity + gradient
        step = gradient + optimiser.momentum * velocity if optimiser.nesterov else velocity
        here = here - optimiser.lr * step
        np.testing.assert_allclose(frame.thetas[0], here, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_descent_inside_a_plane_stays_there(problem, dtype):
    net, theta, X, y = problem(dtype=dtype)
    plane = skew_plane(net, theta)
    starts = plane.point([0.0, 1.0, -0.5], [0.0, -1.0, 0.5])
    for frame in descend(net, starts, X, y, SGD(0.01, momentum=0.5), batch_size=4, epochs=5, plane=plane):
        _, off_plane = plane.project(frame.thetas)
        assert off_plane.max() < (1e-5 if dtype == np.float32 else 1e-12)
        assert frame.thetas.dtype == dtype
    assert np.linalg.norm(frame.thetas - starts) > 0.1


def test_a_step_inside_a_plane_is_the_projected_full_step(problem):
    net, theta, X, y = problem()
    plane = skew_plane(net, theta)
    (inside,) = descend(net, theta, X, y, SGD(0.1), batch_size=len(y), plane=plane)
    (full,) = descend(net, theta, X, y, SGD(0.1), batch_size=len(y))
    shadow, _ = plane.project(full.thetas)
    np.testing.assert_allclose(plane.project(inside.thetas)[0], shadow, rtol=1e-9)


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_going_on_from_a_frame_is_the_uninterrupted_descent(problem, engine):
    net, theta, X, y = problem(dtype=np.float32)
    options = {"optimiser": SGD(0.1, momentum=0.9), "batch_size": 5, "epochs": 4, "engine": engine, "l2": 0.01}
    whole = list(descend(net, theta, X, y, **options))
    rest = list(descend(net, theta, X, y, begin=whole[4], **options))
    assert [frame.step for frame in rest] == list(range(6, 13))
    np.testing.assert_array_equal(rest[-1].thetas, whole[-1].thetas)
    np.testing.assert_array_equal(rest[-1].state, whole[-1].state)


def test_a_descent_that_begins_low_has_not_exploded_where_another_mini_batch_costs_more(problem):
    net, theta, X, y = problem(dtype=np.float32)
    *_, trained = descend(net, theta, X, y, SGD(0.5), batch_size=5, epochs=60)
    here = trained.thetas[0]
    losses = np.array([net.loss(here, X[i : i + 1], y[i : i + 1]) for i in range(len(X))])
    nothing = float(net.loss(np.zeros(net.P, np.float32), X, y))
    dear = [i for i in np.argsort(losses) if max(0.1, 3 * losses.min()) < losses[i] < nothing][-1]
    batches = [np.full(100, losses.argmin()), np.full(100, dear)]
    *_, last = descend(net, here, X, y, SGD(1e-9), batches=batches)  # it does not even move
    assert last.stops == (None,)


def test_frames_come_as_scheduled_and_hold_the_losses_between(problem):
    net, theta, X, y = problem(dtype=np.float32)
    every = list(descend(net, theta, X, y, batch_size=5, epochs=3))
    some = list(descend(net, theta, X, y, batch_size=5, epochs=3, frames=FrameSchedule(4)))
    assert [frame.step for frame in some] == [4, 8, 9]
    assert some[-1].done == 1.0
    losses = np.concatenate([frame.batch_losses for frame in some])
    np.testing.assert_array_equal(losses, np.concatenate([frame.batch_losses for frame in every]))
    np.testing.assert_array_equal(some[-1].thetas, every[-1].thetas)
    with pytest.raises(ValueError, match="read-only"):
        some[0].thetas[0] = 0


def test_a_schedule_multiplies_the_rate(problem):
    net, theta, X, y = problem()
    frames = list(descend(net, theta, X, y, SGD(0.1), batch_size=6, schedule=lambda step, steps: step / steps))
    assert [frame.learning_rate for frame in frames] == pytest.approx([0.05, 0.1])


def test_every_start_may_have_its_own_mini_batches(problem):
    net, theta, X, y = problem()
    twice = np.stack([theta, theta])
    (*_, shared) = descend(net, twice, X, y, batch_size=4, epochs=2)
    (*_, own) = descend(net, twice, X, y, batch_size=4, epochs=2, shared_batches=False)
    np.testing.assert_array_equal(shared.thetas[0], shared.thetas[1])
    assert not np.array_equal(own.thetas[0], own.thetas[1])


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_a_start_that_explodes_ends_alone(problem, engine):
    net, theta, X, y = problem(cost="hinge", activation="linear", n=40, dtype=np.float32)
    # Where all weights are zero the gradient moves the output biases alone; other weights drive each other up.
    calm, wild = theta * 0, theta
    options = {"optimiser": SGD(1.0), "batch_size": 10, "epochs": 20, "engine": engine}
    frames = list(descend(net, np.stack([calm, wild, calm]), X, y, **options))
    last = frames[-1]
    assert last.stops[0] is None
    assert last.stops[2] is None
    stop = last.stops[1]
    assert stop is not None
    assert stop.reason in ("exploded", "not_finite")
    assert "smaller learning rate" in stop.sentence
    assert len(frames) == 80  # the others went on to the end
    assert np.isfinite(last.thetas).all()
    ended = [frame.thetas[1] for frame in frames if frame.step > stop.step]
    assert all(np.array_equal(theta, ended[0]) for theta in ended)
    assert np.isnan(last.losses[1])
    assert np.isfinite(last.losses[[0, 2]]).all()
    *_, alone = descend(net, calm, X, y, **options)
    np.testing.assert_array_equal(alone.thetas[0], last.thetas[0])


@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_a_rate_of_a_million_is_an_explosion_not_a_crash(problem, engine):
    net, theta, X, y = problem(dtype=np.float32)
    *_, last = descend(net, theta, X, y, SGD(1e6), batch_size=4, epochs=10, engine=engine)
    assert last.stops[0] is not None
    assert np.isfinite(last.thetas).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "at least 1"),
        ({"batch_size": 13}, "larger than the training set of 12"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": float("nan")}, "epochs"),
        ({"batches": [[0, 12]]}, "mini-batch 1"),
        ({"batches": [[]]}, "mini-batch 1"),
        ({"batches": [[0], [0.5, 1.5]]}, "mini-batch 2"),
        ({"batches": [[True, False]]}, "mini-batch 1"),
        ({"batch_size": 2.5}, "whole number of examples"),
        ({"l2": -1.0}, "L2 strength"),
        ({"l2": float("nan")}, "L2 strength"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_makes_no_sense_is_refused(problem, options, words):
    net, theta, X, y = problem()
    with pytest.raises(SetupError, match=words):
        list(descend(net, theta, X, y, **{"batch_size": 4} | options))


@pytest.mark.parametrize("engine", ["plain", "fast"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda theta, X, y: (theta, X, np.where(np.arange(12) == 7, 10**8, y)), "labels run"),
        (lambda theta, X, y: (theta, X, np.where(np.arange(12) == 7, -1, y)), "labels run"),
        (lambda theta, X, y: (theta, X, np.where(np.arange(12) == 7, 4, y)), "4 classes"),
        (lambda theta, X, y: (theta, X, y[:7]), "12 examples but labels"),
        (lambda theta, X, y: (theta, X, y.astype(np.float64)), "whole numbers"),
        (lambda theta, X, y: (theta, X[:, :5], y), "6 inputs"),
        (lambda theta, X, y: (theta[:-1], X, y), "parameters"),
        (lambda theta, X, y: (np.empty((0, len(theta)), np.float32), X, y), "at least one"),
        (lambda theta, X, y: (theta * np.nan, X, y), "not finite"),
        (lambda theta, X, y: (np.stack([[theta]]), X, y), "shape"),
    ],
)
def test_examples_and_starts_that_do_not_fit_are_refused(problem, engine, change, words):
    net, theta, X, y = problem(dtype=np.float32)
    with pytest.raises(SetupError, match=words):
        next(descend(net, *change(theta, X, y), batch_size=4, engine=engine))


def test_a_frame_of_another_descent_is_not_gone_on_with(problem):
    net, theta, X, y = problem(dtype=np.float32)
    frame = next(descend(net, theta, X, y, batch_size=4))
    for starts, optimiser in ((np.stack([theta, theta]), SGD()), (theta, SGD(0.1, momentum=0.5))):
        with pytest.raises(SetupError, match="the same descent"):
            next(descend(net, starts, X, y, optimiser, batch_size=4, begin=frame))


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "a", None])
def test_rates_that_make_no_sense_are_refused(rate):
    with pytest.raises(SetupError, match="learning rate") as refused:
        SGD(rate)
    assert refused.value.field == "descent.learning_rate"


def test_momenta_that_make_no_sense_are_refused():
    for options in (
        {"momentum": 1.0},
        {"momentum": -0.1},
        {"weight_decay": -1.0},
        {"nesterov": True},
        {"momentum": "a"},
    ):
        with pytest.raises(SetupError):
            SGD(0.1, **options)
