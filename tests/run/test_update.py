import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.run import explore
from landscape.run.update import last_update, rate_of, update_from


def test_a_step_of_sgd_is_the_rate_times_the_gradient(small_run):
    update = update_from(small_run, 1, 2)
    taken = small_run.step(1, 3)
    np.testing.assert_array_equal(update.batch, taken.batch)
    np.testing.assert_array_equal(update.theta, taken.before)
    np.testing.assert_allclose(update.gradient, taken.gradient, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(update.change, taken.theta - taken.before, rtol=1e-4, atol=2e-7)
    assert update.rate == 0.2 and update.n == 3 and update.made
    assert update.loss == pytest.approx(taken.loss)


@pytest.mark.parametrize(
    "descent",
    [
        {"optimiser": "momentum", "learning_rate": 0.05, "l2": 0.1},
        {"optimiser": "adam", "learning_rate": 0.01, "schedule": "one_cycle"},
        {"in_plane": True, "optimiser": "adam"},
    ],
    ids=["momentum", "adam", "in the plane"],
)
def test_the_change_is_the_one_the_run_made(small_setup, descent):
    run = explore(small_setup.changed(descent=descent))
    for step in (0, 4):
        update = update_from(run, 2, step)
        made = run.state_at(step + 1).thetas[2] - update.theta
        np.testing.assert_allclose(update.change, made, rtol=2e-3, atol=2e-6)
    frame = run.frame_at(5)
    assert rate_of(run, 5) == pytest.approx(run.figure("learning_rate")[frame])
    run.close()


def test_after_the_last_step_it_is_the_one_that_would_follow(small_run):
    update = update_from(small_run, 0, small_run.last_step)
    assert not update.made and update.n == small_run.last_step + 1
    assert last_update(small_run, 0) == small_run.last_step
    assert rate_of(small_run, small_run.last_step + 5) == 0.2


def test_a_start_that_ended_makes_no_more_steps(small_setup):
    run = explore(small_setup.changed(descent={"learning_rate": 1e6}))
    assert all(run.stops)
    assert last_update(run, 0) == run.stops[0].step
    assert not update_from(run, 0, run.last_step).made
    run.close()


def test_what_does_not_exist_is_refused(small_run):
    with pytest.raises(SetupError, match="start 9"):
        update_from(small_run, 9, 0)
    with pytest.raises(SetupError, match="step 10,000"):
        update_from(small_run, 0, 10_000)
