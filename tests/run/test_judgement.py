"""Starts that end by what is measured at frames: named, recorded, replayed, and the same after a pause."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.run import Run, explore, exploring, go_on
from landscape.run.exploration import measure
from landscape.run.judgement import judged
from landscape.run.run import FRAME_FIGURES, START_FIGURES


def assert_same_run(one, other):
    assert one.stops == other.stops
    np.testing.assert_array_equal(one.thetas, other.thetas)
    np.testing.assert_array_equal(one.batch_losses, other.batch_losses)
    for name in (*FRAME_FIGURES, *START_FIGURES):
        np.testing.assert_array_equal(one.figure(name), other.figure(name), err_msg=name)


def paused(setup, folder, frames):
    """The run of a setup, closed after so many frames, read again and gone on with to its end."""
    growing = exploring(setup, folder)
    for explored in growing:
        if explored.frames == frames:
            break
    growing.close()
    explored.run.close()
    *_, last = go_on(Run.load(folder))
    return last.run


@pytest.fixture(scope="module")
def deadly(small_setup):
    """At a rate of 4 the first update throws the hidden units of some starts beyond recovery."""
    return small_setup.changed(
        network={"sizes": (784, 4, 2)},
        descent={"learning_rate": 4.0, "epochs": 2},
        starts={"kind": "random", "count": 6},
    )


def test_a_start_that_reaches_its_target_ends_alone_at_that_frame(small_setup):
    free = explore(small_setup.changed(descent={"epochs": 1}))
    losses = free.figure("loss")
    target = float(np.sort(losses.min(axis=0))[2] + 1e-9)  # three of the five starts get there
    run = explore(small_setup.changed(descent={"epochs": 1, "target_loss": target}))
    assert run.frames == free.frames
    assert sum(stop is not None for stop in run.stops) == 3
    for k, stop in enumerate(run.stops):
        if stop is None:
            np.testing.assert_array_equal(run.thetas[:, k], free.thetas[:, k])
            continue
        ended = run.frame_at(stop.step)
        assert stop.reason == "target"
        assert (losses[:ended, k] > target).all()
        assert losses[ended, k] <= target
        np.testing.assert_array_equal(run.thetas[: ended + 1, k], free.thetas[: ended + 1, k])
        assert (run.thetas[ended:, k] == run.thetas[ended, k]).all()
        assert np.isfinite(run.batch_losses[: stop.step, k]).all()
        assert np.isnan(run.batch_losses[stop.step :, k]).all()
        np.testing.assert_array_equal(run.state_at(run.last_step).thetas[k], run.thetas[ended, k])


def test_patience_ends_each_start_after_its_own_lowest_validation_loss(small_setup):
    run = explore(small_setup.changed(descent={"epochs": 3, "patience": 0.1, "learning_rate": 0.3}))
    epochs, validation = run.figure("epoch"), run.figure("validation_loss")
    assert any(run.stops)
    for k, stop in enumerate(run.stops):
        if stop is None:
            continue
        ended = run.frame_at(stop.step)
        lowest = validation[: ended + 1, k].argmin()
        assert epochs[ended] - epochs[lowest] >= 0.1
        assert epochs[ended - 1] - epochs[validation[:ended, k].argmin()] < 0.1
        assert "validation loss has not fallen" in stop.sentence


def test_dead_units_are_named_where_the_loss_is_back_at_guessing(deadly):
    run = explore(deadly)
    dead = [k for k, stop in enumerate(run.stops) if stop and stop.reason == "dead"]
    assert dead
    X, _ = run.measured()
    for k in dead:
        stop = run.stops[k]
        hidden = run.net.layers(np.array(run.thetas[-1, k]), X)[1]
        assert not (hidden > 0).any()
        assert "all 4 ReLU units of hidden layer 1 are silent" in stop.sentence
        assert "(ln 2 = 0.693)" in stop.sentence
        assert "smaller learning rate" in stop.sentence
        assert run.figure("loss")[run.frame_at(stop.step), k] >= np.log(2) - 0.01
    alive = [k for k in range(run.K) if k not in dead]
    for k in alive:
        hidden = run.net.layers(np.array(run.thetas[-1, k]), X)[1]
        assert (hidden > 0).any() or run.stops[k] is not None


def test_a_layer_must_be_silent_twice_and_the_network_no_better_than_guessing(small_setup):
    growing = exploring(small_setup.changed(starts={"kind": "middle"}))
    run = next(growing).run
    growing.close()
    dead = np.zeros_like(run.thetas[0])  # without weights no unit answers
    frame = replace(run.checkpoint(0), step=1, thetas=dead)
    figures = measure(run, dead)
    run.append(replace(run.checkpoint(0), step=1), figures)  # guesses as badly, but its units are alive
    frame = replace(frame, step=2)
    assert judged(run, frame, figures).stops == (None,)
    run.append(frame, figures)
    (stop,) = judged(run, replace(frame, step=3), figures).stops
    assert (stop.reason, stop.step) == ("dead", 3)
    better = {**figures, "accuracy": np.array([0.9])}
    assert judged(run, replace(frame, step=3), better).stops == (None,)


def test_a_network_that_has_not_learnt_yet_is_not_dead(small_setup):
    slow = small_setup.changed(descent={"learning_rate": 1e-6}, network={"scheme": "normal"})
    assert not any(explore(slow).stops)


@pytest.mark.parametrize(
    "ending",
    [
        {"target_loss": 0.4},
        {"patience": 0.05, "learning_rate": 0.1},
        {"optimiser": "sgd", "learning_rate": 4.0},
        {"target_loss": 0.1, "patience": 0.2, "learning_rate": 0.1},
    ],
)
@pytest.mark.parametrize("frames", [1, 4, 11])
def test_a_paused_run_ends_its_starts_where_the_uninterrupted_one_does(small_setup, tmp_path, ending, frames):
    setup = small_setup.changed(
        descent={"epochs": 2, "optimiser": "adam", "learning_rate": 0.005, "schedule": "cosine", **ending}
    )
    whole = explore(setup)
    assert any(whole.stops)
    run = paused(setup, tmp_path / "run", min(frames, whole.frames))
    assert_same_run(run, whole)
    assert Run.load(run.save(tmp_path / "whole")).stops == whole.stops


def test_a_run_whose_starts_have_all_ended_is_over(small_setup, tmp_path):
    setup = small_setup.changed(descent={"target_loss": 100.0})
    whole = explore(setup, tmp_path / "run")
    assert whole.frames == 1
    assert {stop.step for stop in whole.stops} == {0}
    assert len(list(go_on(whole))) == 1
    assert whole.frames == 1
    assert not whole.unfinished


def test_every_step_of_a_run_with_ended_starts_can_be_computed_again(small_setup):
    setup = small_setup.changed(
        descent={"epochs": 10, "target_loss": 0.1, "learning_rate": 0.2, "schedule": "one_cycle"}
    )
    run = explore(setup)
    assert run.stride > 1
    ended = [stop.step for stop in run.stops if stop]
    assert ended
    fine = {0: run.checkpoint(0)}
    for frame in range(1, run.frames):
        begin = run.checkpoint(frame - 1)
        for step in range(begin.step + 1, int(run.steps[frame])):
            fine[step] = run.state_at(step)
    for step, state in fine.items():
        losses = run.batch_losses[step : step + 1]
        for k, stop in enumerate(run.stops):
            if len(losses) and (stop is None or step < stop.step):
                batch = run.batches.of_step(step + 1, k)
                X, y = run.digits.train.images[batch], run.digits.train.labels[batch]
                assert run.net.loss(state.thetas[k], X, y) == pytest.approx(losses[0, k], rel=1e-4)
