"""Every experiment as the window and the command line find it: declared, priced, done, kept in the run's record."""

import json

import numpy as np
import pytest

import landscape as ls
from landscape.errors import SetupError
from landscape.lab.experiment import Cost, Specimen
from landscape.lab.experiments import EXPERIMENTS, CurvatureExperiment, RaceExperiment, SearchExperiment
from landscape.lab.pace import Pace, measure_pace
from landscape.lab.record import FINDINGS, LAB, Found, from_plain, keep_found, kept_found, tell, to_plain

QUICK = {
    "check": {"steps": 30},
    "lr-range": {"steps": 30, "batch_size": 20, "low": 1e-3},
    "search": {"coarse": 4, "fine": 1, "epochs": 0.05},
    "read": {},
    "noise": {"sizes": (1, 8), "draws": 2},
    "restarts": {"restarts": 2, "long_runs": 1, "epochs": 0.1},
    "curvature": {"k": 2, "probes": 2},
    "race": {"trials": 2, "trial_epochs": 0.05, "epochs": 0.1, "seeds": 2},
}


@pytest.fixture(scope="module")
def made(small_setup):
    """A run, and every experiment done on it once."""
    run = ls.explore(small_setup)
    results = {}
    for name, kind in EXPERIMENTS.items():
        experiment = kind(**QUICK[name])
        *_, last = experiment.work(Specimen.of_run(run, 1, 10))
        results[name] = Found(experiment, last, "here", 0.5)
    yield run, results
    run.close()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_asks_a_question_and_says_what_it_costs(name, small_run):
    kind = EXPERIMENTS[name]
    assert kind.question.endswith("?")
    assert kind.failing.endswith(".")
    for info in kind.model_fields.values():
        assert info.title and info.description
    cost = kind(**QUICK[name]).cost(Specimen.of_run(small_run))
    assert str(cost)
    assert cost.seconds(Pace(1e-5, 1e-6, 1e-6)) >= 0


def test_a_cost_is_counted():
    assert str(Cost(2000, 20, True)) == "at most 2,000 gradient evaluations over 20 digits"
    assert str(Cost(3, 1)) == "3 gradient evaluations over 1 digit"
    assert Cost(10, 20, looks=100).seconds(Pace(1.0, 0.5, 0.1)) == pytest.approx(10 * 11 + 10)


def test_the_price_of_a_race_is_what_it_makes(made):
    run, results = made
    price = results["race"].experiment.cost(Specimen.of_run(run))
    assert price.gradients == pytest.approx(3 * results["race"].result.granted, rel=0.05)


def test_the_pace_is_that_of_steps(problem):
    net, theta, X, y = problem((6, 5, 4), n=200, dtype=np.float32)
    pace = measure_pace(net, theta, X, y)
    assert pace.begin >= 0 and pace.digit >= 0 and pace.look > 0
    assert pace.step(10) == pytest.approx(pace.begin + 10 * pace.digit)


def test_nothing_of_the_run_is_changed(made, small_run):
    run, _ = made
    np.testing.assert_array_equal(run.thetas, small_run.thetas)
    assert run.setup == small_run.setup


def test_the_chosen_start_and_step_are_looked_at(made):
    run, results = made
    X, y = run.measured()
    theta = run.state_at(10).thetas[1]
    assert results["curvature"].result.loss == pytest.approx(float(run.net.loss(theta, X, y)), rel=1e-5)
    assert results["noise"].result.names == ("at the start", f"at {run.starts[1].name}, step 10")
    with pytest.raises(SetupError, match="train one first"):
        next(CurvatureExperiment().work(Specimen(run.setup, run.digits)))
    with pytest.raises(SetupError, match="start 7 does not exist"):
        Specimen.of_run(run, 7).theta()


def test_every_result_is_kept_with_the_run_and_read_again(made, tmp_path):
    run, results = made
    for found in results.values():
        keep_found(run, found)
    again = ls.Run.load(run.save(tmp_path / "kept"))
    kept = kept_found(again)
    assert list(kept) == list(EXPERIMENTS)
    for name, found in results.items():
        assert str(kept[name].result) == str(found.result)
        assert kept[name].experiment == found.experiment
        assert (kept[name].where, kept[name].seconds) == ("here", 0.5)
    assert len(again.about[FINDINGS]) == len(EXPERIMENTS)
    assert again.about[FINDINGS][0].startswith("Sanity checks, here: ")
    again.close()


def test_a_search_and_a_race_go_on_from_what_is_kept(made):
    run, results = made
    specimen = Specimen.of_run(run)
    for kind in (SearchExperiment, RaceExperiment):
        experiment = kind(**QUICK[kind.name])
        work = experiment.work(specimen)
        part = next(item for item in work if item.done > 0.5)
        work.close()
        keep_found(run, Found(experiment, part))
        assert "(cut short)" in run.about[FINDINGS][-1]
        kept = kept_found(run)[kind.name]
        assert not kept.whole
        *_, last = experiment.work(specimen, kept.result)
        assert str(last) == str(results[kind.name].result)


def test_what_is_told_twice_is_kept_once_and_a_lone_sentence_stays(small_setup):
    run = ls.explore(small_setup)
    run.about[FINDINGS] = "a sentence of long ago"
    for _ in range(2):
        tell(run, "the same")
    assert run.about[FINDINGS] == ["a sentence of long ago", "the same"]
    run.about[FINDINGS] = {"not": "a list"}
    tell(run, "anew")
    assert run.about[FINDINGS] == ["anew"]
    run.close()


def damaged(record, path, value):
    """A copy of a record in which one entry is another."""
    copy = json.loads(json.dumps(record))
    *way, last = path
    place = copy
    for step in way:
        place = place[step]
    place[last] = value
    return copy


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("lr-range", ("result", "losses", "values"), ["a"]),
        ("lr-range", ("result", "losses", "shape"), [-7]),
        ("lr-range", ("result", "smoothed", "values"), []),
        ("lr-range", ("settings", "steps"), -1),
        ("search", ("result", "trials"), "none"),
        ("search", ("result", "trials"), [{"stage": "coarse"}]),
        ("restarts", ("result", "losses"), {}),
        ("race", ("result", "racers"), [[]]),
        ("read", ("result", "findings"), [{"name": 3}]),
        ("curvature", ("result",), None),
        ("curvature", ("seconds",), "long"),
    ],
)
def test_what_is_damaged_is_left_out(made, name, path, value):
    run, results = made
    keep_found(run, results[name])
    record = run.about[LAB][name]
    run.about[LAB] = {name: damaged(record, path, value), "unknown": record}
    assert name not in kept_found(run)
    run.about[LAB] = ["not a record"]
    assert kept_found(run) == {}


def test_plain_values_are_json_and_come_back(made):
    _, results = made
    for found in results.values():
        plain = json.loads(json.dumps(to_plain(found.result), allow_nan=False))
        assert str(from_plain(type(found.result), plain)) == str(found.result)
    with pytest.raises(TypeError):
        from_plain(int, "3")
