"""The setup's sections on descent: what they build, what they leave to the optimiser, what they heed."""

import numpy as np
import pytest

from landscape.descent import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Constant,
    CosineDecay,
    ExponentialDecay,
    OneCycle,
    RMSprop,
    StepDecay,
    WarmUp,
)
from landscape.descent.starts import KINDS
from landscape.errors import SetupError
from landscape.model import save_model
from landscape.run import Run, Setup, explore, exploring, go_on
from landscape.run.descending import OPTIMISERS, SCHEDULES, USUAL_RATES, DescentSetup, StartsSetup


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        ({}, SGD(0.3)),
        ({"optimiser": "sgd", "weight_decay": 0.1}, SGD(0.3, weight_decay=0.1)),
        ({"optimiser": "momentum"}, SGD(0.05, 0.9)),
        ({"optimiser": "momentum", "momentum": 0}, SGD(0.05)),
        ({"optimiser": "nesterov", "momentum": 0.5, "learning_rate": 0.1}, SGD(0.1, 0.5, True)),
        ({"optimiser": "nesterov", "momentum": 0}, SGD(0.05)),
        ({"optimiser": "adagrad", "learning_rate": 0.01}, Adagrad()),
        ({"optimiser": "adagrad", "eps": 1e-3, "weight_decay": 0.1}, Adagrad(0.05, eps=1e-3, weight_decay=0.1)),
        ({"optimiser": "rmsprop", "learning_rate": 0.01}, RMSprop()),
        ({"optimiser": "rmsprop", "alpha": 0.5}, RMSprop(0.003, 0.5)),
        ({"optimiser": "adam", "learning_rate": 0.001}, Adam()),
        ({"optimiser": "adam", "betas": (0.5, 0.6), "eps": 1e-3}, Adam(0.003, (0.5, 0.6), 1e-3)),
        ({"optimiser": "adamw", "learning_rate": 0.001}, AdamW()),
        ({"optimiser": "adamw", "weight_decay": 0.0}, AdamW(0.003, weight_decay=0.0)),
    ],
)
def test_optimisers_are_built_as_chosen_with_torchs_defaults(chosen, rule):
    assert DescentSetup(**chosen).build_optimiser() == rule


@pytest.mark.parametrize(
    ("chosen", "schedule"),
    [
        ({}, Constant()),
        ({"schedule": "step"}, StepDecay(100, 0.5)),
        ({"schedule": "step", "decay": 0.1, "decay_every": 0.25}, StepDecay(25, 0.1)),
        ({"schedule": "exponential", "decay_every": 2}, ExponentialDecay(0.5 ** (1 / 200))),
        ({"schedule": "cosine"}, CosineDecay()),
        ({"schedule": "warm_up", "warm_up": 0.5}, WarmUp(50)),
        ({"schedule": "warm_up_cosine"}, WarmUp(100, after=CosineDecay())),
        ({"schedule": "one_cycle", "peak": 0.4}, OneCycle(0.4)),
    ],
)
def test_schedules_are_built_as_chosen_with_epochs_as_updates(chosen, schedule):
    assert DescentSetup(**chosen).build_schedule(100) == schedule


def test_a_rate_that_is_left_out_is_the_usual_one_of_the_optimiser():
    assert set(USUAL_RATES) == set(OPTIMISERS)
    assert Setup.from_toml('[descent]\noptimiser = "adam"').descent.learning_rate == USUAL_RATES["adam"]
    changed = Setup().changed(descent={"optimiser": "adam"})
    assert changed.descent.learning_rate == USUAL_RATES["adam"]
    assert changed.changed(descent={"optimiser": "sgd"}).descent.learning_rate == USUAL_RATES["sgd"]
    chosen = Setup().changed(descent={"learning_rate": 0.3}).changed(descent={"optimiser": "adam"})
    assert chosen.descent.learning_rate == 0.3
    assert Setup.from_toml(changed.to_toml()) == changed


@pytest.mark.parametrize(
    ("sections", "field", "words"),
    [
        ({"descent": {"optimiser": "adamax"}}, "descent.optimiser", "must be 'sgd', 'momentum'"),
        ({"descent": {"schedule": "bogus"}}, "descent.schedule", "'one_cycle' (it is 'bogus')"),
        ({"descent": {"betas": (0.9,)}}, "descent.betas", "required"),
        ({"descent": {"betas": (0.9, 1.0)}}, "descent.betas", "less than 1 (it is 1.0)"),
        ({"descent": {"alpha": 1.0}}, "descent.alpha", "less than 1"),
        ({"descent": {"eps": -1}}, "descent.eps", "greater than or equal to 0"),
        ({"descent": {"weight_decay": -1}}, "descent.weight_decay", "greater than or equal to 0"),
        ({"descent": {"decay": 0}}, "descent.decay", "greater than 0"),
        ({"descent": {"decay_every": 0}}, "descent.decay_every", "greater than 0"),
        ({"descent": {"warm_up": 0}}, "descent.warm_up", "greater than 0"),
        ({"descent": {"peak": 1}}, "descent.peak", "less than 1"),
        ({"descent": {"target_loss": 0}}, "descent.target_loss", "greater than 0"),
        ({"descent": {"patience": 0}}, "descent.patience", "greater than 0"),
        ({"starts": {"kind": "best_perturbed"}}, "starts.kind", "a model file or a run, under network.weights"),
        ({"starts": {"kind": "point"}}, "starts.kind", "name the file that keeps it"),
        ({"starts": {"kind": "spiral"}}, "starts.kind", "'sobol'"),
    ],
)
def test_each_complaint_is_one_sentence_with_its_field(sections, field, words):
    with pytest.raises(SetupError) as refused:
        Setup().changed(**sections)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_setting_knows_whether_it_has_an_effect():
    setup = Setup().changed(descent={"optimiser": "adam", "schedule": "step"}, starts={"kind": "ring"})
    effective = {name for name in DescentSetup.model_fields if setup.heeds(f"descent.{name}")}
    assert {"betas", "eps", "decay", "decay_every", "learning_rate"} <= effective
    assert effective.isdisjoint({"momentum", "alpha", "warm_up", "peak"})
    assert [setup.heeds(f"starts.{name}") for name in ("count", "reach")] == [True, True]
    restarts = setup.changed(starts={"kind": "random"})
    assert not restarts.heeds("starts.reach")
    assert restarts.changed(descent={"in_plane": True}).heeds("starts.reach")
    assert not setup.changed(starts={"kind": "corners"}).heeds("starts.count")
    seeds = ("starts.seed", "plane.seed")
    assert [setup.heeds(name) for name in seeds] == [False, True]
    assert [restarts.heeds(name) for name in seeds] == [True, False]
    assert restarts.changed(descent={"in_plane": True}).heeds("plane.seed")


@pytest.mark.parametrize("section", [DescentSetup, StartsSetup])
def test_every_field_has_the_words_that_forms_are_made_of(section):
    for name, info in section.model_fields.items():
        assert info.title, name
        assert info.description.endswith("."), name
        for other, choices in (info.json_schema_extra or {}).get("used_with", {}).items():
            labels = section.model_fields[other].json_schema_extra["labels"]
            assert set(choices) <= set(labels)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_learns_the_built_in_digits(optimiser):
    run = explore(Setup().changed(descent={"optimiser": optimiser, "epochs": 1}, starts={"kind": "middle"}))
    assert run.best.accuracy > 0.8
    step = run.step(0, run.last_step - 1)
    rule = run.optimiser
    state = run.state_at(step.n - 1)
    moved, _ = rule.step(step.before[None], step.gradient[None], state.state[:1], step.n, rule.lr)
    np.testing.assert_allclose(moved[0], step.theta, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_rates_of_a_run_are_those_of_its_schedule_and_stay_when_it_is_lengthened(small_setup, tmp_path, schedule):
    setup = small_setup.changed(
        descent={"schedule": schedule, "decay_every": 0.1, "warm_up": 0.2, "epochs": 6}, starts={"kind": "middle"}
    )
    run = explore(setup, tmp_path / "run")
    steps = run.last_step
    wanted = setup.descent.build_schedule(run.steps_per_epoch)
    rates = run.figure("learning_rate")
    np.testing.assert_allclose(rates, [0.2 * wanted(max(step, 1), steps) for step in run.steps], rtol=1e-12)
    assert run.stride > 1
    between = int(run.steps[run.frames // 2]) + 1
    before = run.state_at(between)
    for _ in go_on(run, epochs=7):
        pass
    run.close()
    again = Run.load(tmp_path / "run")
    assert again.last_step == steps * 7 // 6
    np.testing.assert_array_equal(again.figure("learning_rate")[: len(rates)], rates)
    np.testing.assert_array_equal(again.state_at(between).thetas, before.thetas)
    assert again.state_at(between).learning_rate == before.learning_rate
    assert again.figure("learning_rate")[-1] == pytest.approx(0.2 * wanted(again.last_step, again.last_step))


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_descends_from_every_kind_of_start(small_setup, small_run, tmp_path, kind):
    path = save_model(tmp_path / "m.npz", small_run.net, small_run.best.theta)
    setup = small_setup.changed(
        starts={"kind": kind, "count": 6}, network={"weights": str(path)}, descent={"epochs": 0.1}
    )
    for in_plane in (False, True):
        run = explore(setup.changed(descent={"in_plane": in_plane}))
        assert {"corners_and_middle": 5, "corners": 4, "middle": 1, "point": 1}.get(kind, 6) == run.K
        assert len({start.name for start in run.starts}) == run.K
        assert np.abs(run.thetas[-1] - run.thetas[0]).max() > 0
        _, off_plane = run.plane.project(run.thetas[0])
        if in_plane:
            assert off_plane.max() < 1e-4


def test_sixty_four_starts_descend_at_once(small_setup):
    run = explore(small_setup.changed(starts={"kind": "sobol", "count": 64}, descent={"shared_batches": False}))
    assert run.K == 64
    assert (run.figure("loss")[-1] < run.figure("loss")[0]).mean() > 0.9


def test_the_best_of_a_run_is_explored_on(small_setup, small_run, run_file):
    setup = small_setup.changed(
        network={"weights": str(run_file)}, starts={"kind": "best_perturbed", "count": 3, "reach": 0.1}
    )
    run = next(exploring(setup)).run
    np.testing.assert_array_equal(run.thetas[0, 0], small_run.best.theta)
    assert [start.name for start in run.starts] == ["best", "near 1", "near 2"]
    again = next(exploring(Setup.from_toml(setup.to_toml()))).run
    np.testing.assert_array_equal(again.thetas, run.thetas)
