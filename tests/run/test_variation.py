"""The same start with one thing changed: the starts are the same to the bit, and what differs is told rightly."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.run import Setup, exploring
from landscape.run.exploration import first_weights
from landscape.run.notes import note, notes_of
from landscape.run.run import Run
from landscape.run.variation import VARIABLE, Contrast, changes, shadows_of, vary


@pytest.fixture(scope="module")
def slower(small_run):
    """`small_run` again, with a tenth of its rate."""
    setup = vary(small_run.setup, "descent.learning_rate", 0.02)
    *_, last = exploring(setup, like=small_run)
    yield last.run
    last.run.close()


def test_the_starts_the_plane_and_the_batches_are_the_same(small_run, slower):
    np.testing.assert_array_equal(slower.thetas[0], small_run.thetas[0])
    np.testing.assert_array_equal(slower.plane.u, small_run.plane.u)
    assert slower.starts == small_run.starts
    np.testing.assert_array_equal(slower.batches.of_step(3, 1), small_run.batches.of_step(3, 1))
    assert not np.array_equal(slower.thetas[-1], small_run.thetas[-1])


def test_it_is_the_run_that_the_setup_alone_would_have_made(small_run, slower):
    *_, last = exploring(slower.setup)
    np.testing.assert_array_equal(last.run.thetas[-1], slower.thetas[-1])
    last.run.close()


def test_a_start_that_no_setup_would_draw_again_is_taken_from_the_record(small_run, small_setup):
    elsewhere = small_setup.changed(network={"seed": 9})
    first = next(iter(exploring(elsewhere, like=small_run))).run
    np.testing.assert_array_equal(first.thetas[0], small_run.thetas[0])
    assert not np.array_equal(first_weights(elsewhere, first.net), small_run.plane.origin)
    first.close()


def test_one_setting_is_changed_and_impossible_ones_are_refused(small_setup):
    assert [change.name for change in changes(small_setup, vary(small_setup, "descent.batch_size", 10))] == [
        "descent.batch_size"
    ]
    with pytest.raises(SetupError, match="already"):
        vary(small_setup, "descent.batch_size", small_setup.descent.batch_size)
    with pytest.raises(SetupError, match="same start"):
        vary(small_setup, "network.seed", 3)
    with pytest.raises(SetupError, match="greater than 0"):
        vary(small_setup, "descent.learning_rate", -1.0)


def test_what_an_optimiser_brings_along_is_told():
    found = changes(Setup(), vary(Setup(), "descent.optimiser", "adam"))
    words = [change.words for change in found]
    assert "Optimiser Adam instead of SGD" in words and "Rate η 0.003 instead of 0.3" in words


def test_settings_that_move_the_starts_are_not_among_those_that_can_vary():
    assert not {name for name in VARIABLE if name.startswith(("starts", "plane"))}
    assert not {"network.seed", "network.scheme", "network.sizes", "descent.in_plane"} & set(VARIABLE)


def test_the_contrast_says_what_the_records_hold(small_run, slower):
    contrast = Contrast.of(small_run, slower)
    for run, loss, right in zip((small_run, slower), contrast.loss, contrast.accuracy, strict=True):
        assert loss == pytest.approx(run.figure("loss")[-1].mean())
        assert right == pytest.approx(run.figure("validation_accuracy")[-1].mean())
    level, steps, new_steps = contrast.reached
    for run, step in zip((small_run, slower), (steps, new_steps), strict=True):
        frame = run.frame_at(step)
        assert run.figure("loss")[frame].mean() <= level < run.figure("loss")[frame - 1].mean()
    assert contrast.sentence.startswith("Rate η 0.02 instead of 0.2, all else the same. After 0.5 epochs the mean loss")
    assert contrast.label == "Rate η 0.2"
    even = replace(contrast, loss=(0.1, 0.25))
    assert "is 0.250 instead of 0.100" in even.sentence, "as many digits, also where the last are noughts"


def test_losses_of_different_costs_are_not_compared(small_run, small_setup):
    *_, last = exploring(vary(small_setup, "network.cost", "quadratic"), like=small_run)
    contrast = Contrast.of(small_run, last.run)
    assert not np.isfinite(contrast.loss).any() and contrast.reached is None
    assert "loss" not in contrast.sentence and "validation digits" in contrast.sentence
    last.run.close()


def test_shadows_are_those_of_the_other_plane(small_run, slower):
    *_, shadows = shadows_of(slower, small_run.plane)
    expected, _ = small_run.plane.project(slower.thetas[-1])
    np.testing.assert_allclose(shadows[-1], expected, atol=1e-6)
    with pytest.raises(SetupError, match="no place"):
        next(shadows_of(slower, Plane(np.zeros(3), np.eye(3)[0], np.eye(3)[1])))


def test_notes_are_kept_with_the_run(small_setup, tmp_path):
    run = next(iter(exploring(small_setup, tmp_path / "noted"))).run
    note(run, "The rate was too high.\n")
    again = Run.load(run.save(tmp_path / "noted.landscape"))
    assert notes_of(again) == "The rate was too high.\n"
    note(again, "  ")
    assert notes_of(again) == ""
    again.close()
    run.close()
