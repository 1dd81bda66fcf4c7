"""Every experiment as the window and the command line find it: declared, priced, done, kept in the run's record."""

import json

import numpy as np
import pytest

import landscape as ls
from landscape.descent import compiled_steps
from landscape.descent.compiled_steps import sparse_rows
from landscape.errors import RecordError, SetupError
from landscape.lab import random_search
from landscape.lab.experiment import Cost, Specimen
from landscape.lab.experiments import EXPERIMENTS, CurvatureExperiment, RateRangeExperiment
from landscape.lab.pace import Pace, measure_pace
from landscape.lab.plain import from_plain, to_plain
from landscape.lab.record import FINDINGS, Found, keep_found, kept_found, read_found, record_of, tell, working
from landscape.lab.standing import descending
from landscape.run import Setup
from tests.lab.stopping_soon import longest_gap

QUICK = {
    "check": {"steps": 30},
    "lr-range": {"steps": 30, "batch_size": 20, "low": 1e-3},
    "search": {"coarse": 4, "fine": 1, "epochs": 0.05},
    "read": {},
    "noise": {"sizes": (1, 8), "draws": 2},
    "restarts": {"restarts": 2, "long_runs": 1, "epochs": 0.1},
    "curvature": {"k": 2, "probes": 2},
    "race": {"trials": 2, "trial_epochs": 0.05, "epochs": 0.1, "seeds": 2},
    "rescale": {"factor": 4.0},
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
    assert cost.seconds(Pace(1e-5, 1e-6, 1e-6, 1e-6)) >= 0


def test_a_cost_is_counted():
    assert str(Cost(2000, 20, True)) == "at most 2,000 gradient evaluations over 20 digits"
    assert str(Cost(3, 1)) == "3 gradient evaluations over 1 digit"
    pace = Pace(1.0, 0.5, 0.1, 0.01)
    assert Cost(10, 20, looks=100).seconds(pace) == pytest.approx(10 * 11 + 10)
    assert Cost(10, 20, looks=100, larger=2.0).seconds(pace) == pytest.approx(10 * 21 + 20)
    assert Cost(10, 20, larger=2.0, readied=300).seconds(pace) == pytest.approx(10 * 21 + 3)


def test_a_search_is_priced_by_the_networks_it_tries(small_run):
    specimen = Specimen.of_run(small_run)  # four hidden neurons
    assert EXPERIMENTS["search"](hidden=(4, 4)).cost(specimen).larger == 1
    assert EXPERIMENTS["search"](hidden=(8, 64)).cost(specimen).larger == pytest.approx(56 / np.log(8) / 4)


@pytest.mark.parametrize("name", ["lr-range", "search", "restarts", "race"])
def test_what_every_descent_makes_ready_is_priced(small_run, monkeypatch, name):
    """With few epochs that is as long as the steps themselves: all digits of the training set, once a descent."""
    readied = []

    def counted(X):
        readied.append(len(X))
        return sparse_rows(X)

    monkeypatch.setattr(compiled_steps, "sparse_rows", counted)
    experiment, specimen = EXPERIMENTS[name](**QUICK[name]), Specimen.of_run(small_run)
    for _ in experiment.work(specimen):
        pass
    assert experiment.cost(specimen).readied == sum(readied) >= len(specimen.digits.train)


def test_the_price_of_a_search_is_the_work_that_it_does(small_run, monkeypatch):
    specimen, made = Specimen.of_run(small_run), []

    def counted(net, theta, X, y, optimiser, batch_size, steps, *rest, **options):
        made.append((steps, steps * batch_size * net.P / specimen.net.P))
        return descending(net, theta, X, y, optimiser, batch_size, steps, *rest, **options)

    monkeypatch.setattr(random_search, "descending", counted)
    experiment = EXPERIMENTS["search"](coarse=16, fine=8, epochs=0.05, hidden=(2, 8))
    for _ in experiment.work(specimen):
        pass
    steps, digits = np.sum(made, axis=0)
    cost = experiment.cost(specimen)
    assert cost.gradients == pytest.approx(steps, rel=0.1)
    assert cost.gradients * cost.digits * cost.larger == pytest.approx(
        digits, rel=0.25
    )  # which sizes is left to chance


def test_the_price_of_a_race_is_what_it_makes(made):
    run, results = made
    price = results["race"].experiment.cost(Specimen.of_run(run))
    assert price.gradients == pytest.approx(3 * results["race"].result.granted, rel=0.05)


def test_the_pace_is_that_of_steps(problem):
    net, theta, X, y = problem((6, 5, 4), n=200, dtype=np.float32)
    pace = measure_pace(net, theta, X, y)
    assert pace.begin >= 0 and pace.digit >= 0 and pace.look > 0 and pace.ready > 0
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


LONGER = {
    "lr-range": {"steps": 200, "batch_size": 20, "low": 1e-3},
    "search": {"coarse": 4, "fine": 1, "epochs": 0.3},
    "noise": {"sizes": (1, 8, 200), "draws": 3},
    "restarts": {"restarts": 2, "long_runs": 2, "epochs": 0.3},
    "curvature": {"k": 2, "probes": 6},
    "race": {"trials": 2, "trial_epochs": 0.2, "epochs": 0.3, "seeds": 2},
}


def same(one, other):
    """Whether two results are equal in every number but the times that steps took."""
    one, other = (to_plain(result) | {"seconds": 0} for result in (one, other))
    assert one == other


def closed_at(work, number):
    """The last of so many results of a work that is then closed."""
    items = [next(work) for _ in range(number)]
    work.close()
    return items[-1]


@pytest.fixture
def breathless(monkeypatch):
    """So small a stretch between two results that there is much to interrupt."""
    monkeypatch.setattr("landscape.lab.standing.BREATH", 3e6)


@pytest.mark.usefixtures("breathless")
@pytest.mark.parametrize("name", LONGER)
def test_what_is_closed_anywhere_goes_on_to_the_same_end(small_setup, tmp_path, name):
    """Through the record on disk: after the first result, in the middle, and before the last."""
    run = ls.explore(small_setup)
    specimen, experiment = Specimen.of_run(run, 1, 10), EXPERIMENTS[name](**LONGER[name])
    every = list(experiment.work(specimen))
    assert [item.done for item in every] == sorted(item.done for item in every)
    path = record_of(run, name)
    for number in sorted({1, 2, *range(3, len(every), -(-len(every) // 7)), len(every) - 1}):
        path.unlink(missing_ok=True)
        part = closed_at(working(experiment, specimen, path), number)
        kept = read_found(path)
        same(kept.result, part)
        assert kept.goes_on(experiment, specimen)
        assert not kept.goes_on(experiment, Specimen.of_run(run, 1, 11)) or not experiment.of_run
        rest = list(working(experiment, specimen, path, kept))
        same(rest[-1], every[-1])
        assert rest[0].done >= part.done or name in ("curvature", "search")  # which goes over its trials again
        assert len(rest) <= len(every) + 1
        assert read_found(path).whole
    run.close()


@pytest.mark.parametrize("name", LONGER)
def test_what_was_cut_short_with_other_settings_is_not_gone_on_with(small_run, tmp_path, name):
    kind, specimen = EXPERIMENTS[name], Specimen.of_run(small_run, 1, 10)
    experiment = kind(**LONGER[name])
    closed_at(working(experiment, specimen, tmp_path / "kept.json"), 2)
    kept = read_found(tmp_path / "kept.json")
    other = {"lr-range": {"batch_size": 30}, "search": {"epochs": 0.1}, "noise": {"sizes": (1, 7)},
             "restarts": {"restarts": 3}, "curvature": {"k": 3}, "race": {"seeds": 1}}[name]  # fmt: skip
    changed = kind(**LONGER[name] | other)
    assert not kept.goes_on(changed, specimen)
    if name in ("noise", "restarts", "race"):
        with pytest.raises(SetupError, match=r"begin (it|them|a new one)"):
            list(changed.work(specimen, kept.result))
    larger = Specimen(specimen.setup.changed(network={"sizes": (784, 5, 2)}), specimen.digits)
    if not kind.of_run:
        assert not kept.goes_on(experiment, larger)


def test_a_long_experiment_is_kept_while_it_works(small_run, tmp_path, monkeypatch):
    monkeypatch.setattr("landscape.lab.record.KEPT_EVERY", 0.0)
    path = tmp_path / "kept.json"
    work = working(RateRangeExperiment(steps=2000), Specimen.of_run(small_run), path)
    next(work)
    second = next(work)
    next(work)
    same(read_found(path).result, second)  # as a program that is killed leaves it
    work.close()
    gone = tmp_path / "gone" / "kept.json"
    assert len(list(working(EXPERIMENTS["read"](), Specimen.of_run(small_run), gone))) == 1
    assert not gone.parent.exists()


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "read"])
def test_every_experiment_may_be_stopped_soon(name):
    """With its usual settings on the setup that the window opens with: so little work lies between two results."""
    run = ls.explore(Setup().changed(descent={"epochs": 0.2}))
    work = EXPERIMENTS[name]().work(Specimen.of_run(run))
    next(work)  # compiles, reads
    assert longest_gap(work, 1.0) < 0.15
    run.close()


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
        ("lr-range", ("result", "losses", "dtype"), "|O"),
        ("lr-range", ("result", "losses", "bytes"), "no base64!"),
        ("lr-range", ("result", "smoothed", "values"), []),
        ("lr-range", ("settings", "steps"), -1),
        ("lr-range", ("format",), 9),
        ("lr-range", ("format",), None),
        ("search", ("result", "trials"), "none"),
        ("search", ("result", "trials"), [{"stage": "coarse"}]),
        ("restarts", ("result", "losses"), {}),
        ("race", ("result", "racers"), [[]]),
        ("read", ("result", "findings"), [{"name": 3}]),
        ("curvature", ("result",), None),
        ("curvature", ("seconds",), "long"),
        ("curvature", ("experiment",), "noise"),
    ],
)
def test_what_is_damaged_is_left_out(made, name, path, value):
    run, results = made
    keep_found(run, results[name])
    file = record_of(run, name)
    whole = file.read_text()
    file.write_text(json.dumps(damaged(json.loads(whole), path, value)))
    assert name not in kept_found(run)
    for text in ("[]", "not json", whole[:-20]):
        file.write_text(text)
        assert name not in kept_found(run)
        with pytest.raises(RecordError, match=file.name):
            read_found(file)
    file.unlink()


def test_plain_values_are_json_and_come_back(made):
    _, results = made
    for found in results.values():
        plain = json.loads(json.dumps(to_plain(found.result), allow_nan=False))
        assert str(from_plain(type(found.result), plain)) == str(found.result)
    with pytest.raises(TypeError):
        from_plain(int, "3")
