from contextlib import contextmanager

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.run import exploring
from landscape.run.descending import OPTIMISERS, SCHEDULES
from landscape.run.dissection import dissect

TINY = {
    "data": {"classes": (3, 7), "examples": 50},
    "network": {"sizes": (784, 3, 2), "activation": "tanh", "biases": "normal"},
    "starts": {"kind": "random", "count": 2},
    "descent": {"batch_size": 20, "epochs": 0.5, "learning_rate": 0.05, "weight_decay": 0.01, "l2": 0.02},
}


@contextmanager
def explored(small_setup, engine="plain", **changes):
    """A small run with some settings changed, section by section."""
    *_, last = exploring(small_setup.changed(**TINY).changed(**changes), engine=engine)
    run = last.run
    yield run
    run.close()


def check(run, n, exact=True, start=1):
    """The update made once more is the recorded one, and its gradient the network's own."""
    found = dissect(run, start, n)
    after = run.state_at(n).thetas[start]
    np.testing.assert_array_equal(found.recorded, after)
    if exact:
        np.testing.assert_array_equal(found.theta_after, after)
        assert found.difference == 0
    else:
        np.testing.assert_allclose(found.theta_after, after, atol=2e-6 * np.abs(after).max())
    train = run.digits.train
    X, y = train.images[found.batch], train.labels[found.batch]
    np.testing.assert_array_equal(found.theta, run.state_at(n - 1).thetas[start])
    np.testing.assert_array_equal(found.gradient, run.net.gradient(found.theta, X, y, found.l2))
    assert found.loss == pytest.approx(found.costs.mean() + found.penalty, rel=1e-6)
    values = found.values()
    np.testing.assert_allclose(values["θ_new"], found.free_after, atol=3e-6 * np.abs(found.free_after).max())
    for name, slot in zip(found.optimiser.slot_symbols, found.state_after, strict=True):
        np.testing.assert_allclose(values[f"{name}_new"], slot, rtol=1e-4, atol=1e-9)
    return found


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("in_plane", [False, True])
@pytest.mark.parametrize("engine", ["plain", "fast"])
def test_every_optimisers_step_is_made_again(small_setup, optimiser, in_plane, engine):
    kind = {"kind": "corners" if in_plane else "random"}
    with explored(small_setup, engine, descent={"optimiser": optimiser, "in_plane": in_plane}, starts=kind) as run:
        found = check(run, 7, exact=engine == "plain")
        assert len(found.free) == (2 if in_plane else run.net.P)
        assert (found.directions is not None) == in_plane
        lines = found.update_lines(1)
        assert lines[-1].symbol == "θ′"
        assert lines[-1].value == pytest.approx(float(found.free_after[1]), rel=1e-5)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedules_rate_is_the_one_used(small_setup, schedule):
    with explored(small_setup, descent={"schedule": schedule, "optimiser": "adam", "warm_up": 0.2}) as run:
        for n in (1, 2, run.last_step):
            found = check(run, n)
            last = run.last_step
            assert found.rate == run.optimiser.lr * run.schedule(n, last)


@pytest.mark.parametrize("hidden", [(), (3,), (3, 3), (3, 3, 3), (3, 3, 3, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_depth_and_activation(small_setup, hidden, activation):
    with explored(small_setup, network={"sizes": (784, *hidden, 2), "activation": activation}) as run:
        check(run, 3)


@pytest.mark.parametrize("cost", COSTS)
def test_every_cost(small_setup, cost):
    outputs = 1 if COSTS[cost].most_outputs == 1 else 2
    with explored(small_setup, network={"sizes": (784, 3, outputs), "cost": cost}) as run:
        check(run, 5)


def test_steps_between_frames_and_own_mini_batches(small_setup):
    chosen = {"shared_batches": False, "optimiser": "momentum", "batch_size": 1, "epochs": 3.0}
    with explored(small_setup, descent=chosen) as run:
        assert run.stride > 1
        frame = int(run.steps[2])
        for n in (frame - 1, frame, frame + 1):
            assert check(run, n, start=1).batch.tolist() == run.batches.of_step(n, 1).tolist()


def test_what_does_not_exist_is_refused_in_a_sentence(small_run):
    with pytest.raises(SetupError, match="start 9 does not exist"):
        dissect(small_run, 9, 1)
    with pytest.raises(SetupError, match="update 0 does not exist"):
        dissect(small_run, 0, 0)
    found = dissect(small_run, 0, 1)
    assert found.place(0, 784, 2) == 784 * 4 + 2
    with pytest.raises(SetupError, match="row 784 is the bias"):
        found.place(0, 785, 0)
    with pytest.raises(SetupError, match="layer 3 does not exist"):
        found.place(2, 0, 0)


def test_a_start_that_has_ended_makes_no_update(small_setup):
    with explored(small_setup, descent={"learning_rate": 1e6}, network={"activation": "linear"}) as run:
        stop = next(stop for stop in run.stops if stop)
        start = run.stops.index(stop)
        with pytest.raises(SetupError, match="it made no update"):
            dissect(run, start, min(run.last_step, stop.step + 1))
