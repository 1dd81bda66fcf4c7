"""The lab's commands, run in this process."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest

from landscape.export.origin import read_setup
from landscape.lab import experiments
from landscape.lab.record import read_found


def pressing(generator, after):
    """The generator, in which someone presses Ctrl+C after so many of its results."""

    def press(*arguments, **options):
        for number, found in enumerate(generator(*arguments, **options), start=1):
            if number == after:
                signal.raise_signal(signal.SIGINT)
            yield found

    return press


def test_lr_range_suggests_a_rate_and_draws_it(answer, tmp_path):
    code, out, err = answer("lr-range", "small.toml", "--picture", "sweep.png", "--steps", 300, "--batch-size", 20)
    assert code == 0
    assert "A rate to use" in out
    assert "raising the learning rate" in err
    assert "sizes = [" in read_setup(tmp_path / "sweep.png")
    code, out, _ = answer("lr-range", "small.toml", "--json", "--steps", 300, "--batch-size", 20)
    figures = json.loads(out)
    assert code == 0
    assert figures["suggestion"] == pytest.approx(figures["largest"] / 3)
    assert len(figures["rates"]) == len(figures["losses"]) == len(figures["smoothed"])
    assert figures["rates"][int(np.argmin(figures["smoothed"]))] == figures["largest"]
    assert figures["stopped"] is False


def test_lr_range_stops_at_ctrl_c_with_what_it_has(answer, monkeypatch):
    monkeypatch.setattr(experiments, "sweeping_rates", pressing(experiments.sweeping_rates, 3))
    code, out, _ = answer("lr-range", "small.toml", "--json", "--batch-size", 20)
    assert code == 130
    figures = json.loads(out)
    assert figures["stopped"] is True
    assert len(figures["rates"]) == 30


def test_check_passes_a_sound_setup_and_fails_a_hopeless_one(answer, monkeypatch):
    code, out, _ = answer("check", "small.toml")
    assert code == 0
    assert out.count("Passed") == 4
    code, out, _ = answer("check", "small.toml", "--json", "--steps", 50, "--set", "descent.learning_rate=1e-6")
    figures = json.loads(out)
    assert (code, figures["passed"]) == (1, False)
    assert [each["passed"] for each in figures["checks"]] == [True, True, False, True]
    assert figures["checks"][0]["figure"] == pytest.approx(np.log(2), rel=0.01)
    monkeypatch.setattr(experiments, "checking_sanity", pressing(experiments.checking_sanity, 2))
    code, out, _ = answer("check", "small.toml")
    assert (code, out.count("Passed")) == (130, 2)


def test_restarts_compares_at_equal_cost_and_stops_at_ctrl_c(answer, monkeypatch, tmp_path):
    words = ("restarts", "small.toml", "--restarts", 3, "--long-runs", 2, "--epochs", 0.3)
    code, out, _ = answer(*words, "--json", "--picture", "restarts.svg")
    figures = json.loads(out)
    assert code == 0
    assert {kind: len(losses) for kind, losses in figures["losses"].items()} == {"corner": 3, "middle": 3, "random": 3}
    assert np.shape(figures["long_runs"]) == (2, 3)
    assert figures["verdict"]
    assert (tmp_path / "restarts.svg").exists()
    monkeypatch.setattr(experiments, "restarting", pressing(experiments.restarting, 2))
    code, out, _ = answer(*words)
    assert code == 130
    assert "Stopped; this is what was found so far." in out
    assert "95 % band" in out


def test_search_keeps_what_it_has_at_ctrl_c_and_goes_on(answer, monkeypatch, tmp_path):
    words = ("search", "small.toml", "--coarse", 4, "--fine", 1, "--epochs", 0.2, "-o", "trials.jsonl", "--json")
    with monkeypatch.context() as pressed:
        pressed.setattr(experiments, "searching", pressing(experiments.searching, 5))
        code, out, _ = answer(*words)
    assert code == 130
    begun = json.loads(out)["trials"]
    assert 0 < len(begun) < 5
    code, out, _ = answer(*words)
    figures = json.loads(out)
    assert code == 0
    assert figures["trials"][: len(begun)] == begun
    assert len((tmp_path / "trials.jsonl").read_text().splitlines()) == 6
    assert figures["best"]["stage"] == "fine"
    code, out, err = answer(*words, "--seed", 1)
    assert (code, out) == (2, "")
    assert "this very search" in err


@pytest.mark.parametrize(
    ("words", "stopped_in", "figure"),
    [
        (("lr-range", "small.toml", "--batch-size", 20, "--steps", 200), "lr-range", "losses"),
        (("noise", "RUN", "--sizes", "1,20", "--draws", 4), "noise", "cosine"),
        (("restarts", "small.toml", "--restarts", 3, "--long-runs", 1, "--epochs", 0.3), "restarts", "long_runs"),
        (("curvature", "RUN", "--k", 2, "--probes", 4), "curvature", "trace"),
        (("race", "small.toml", "--trials", 2, "--trial-epochs", 0.1, "--epochs", 0.2), "race", "racers"),
    ],
)
def test_what_ctrl_c_cut_short_goes_on_from_its_file(answer, run_file, monkeypatch, words, stopped_in, figure):
    words = [run_file if word == "RUN" else word for word in words]
    kind = experiments.EXPERIMENTS[stopped_in]
    code, out, _ = answer(*words, "--json")
    whole = json.loads(out)
    assert code == 0
    with monkeypatch.context() as pressed:
        pressed.setattr(kind, "work", pressing(kind.work, 4))
        code, out, _ = answer(*words, "--out", "kept/result.json", "--json")
    assert (code, json.loads(out)["stopped"]) == (130, True)
    begun = read_found(Path("kept/result.json"))
    assert not begun.whole
    code, out, _ = answer(*words, "--out", "kept/result.json", "--json")
    assert (code, json.loads(out)[figure]) == (0, whole[figure])
    assert read_found(Path("kept/result.json")).whole
    monkeypatch.setattr(kind, "work", None)  # what is whole is told again, and not made again
    code, out, _ = answer(*words, "--out", "kept/result.json", "--json")
    assert (code, json.loads(out)[figure]) == (0, whole[figure])
    code, out, err = answer(*words, "--seed", 7, "--out", "kept/result.json")
    assert (code, out) == (2, "")
    assert "same settings" in err
    Path("kept/result.json").write_text("{}")
    code, out, err = answer(*words, "--out", "kept/result.json")
    assert (code, out) == (2, "")
    assert "no whole result of the lab" in err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--low", "1", "--high", "0.1"), "the rates must rise"),
        (("--batch-size", "50000"), "larger than the training set"),
        (("--picture", "sweep.gif"), "a picture ends in"),
        (("--set", "nothing=1"), "name a setting"),
    ],
)
def test_mistakes_are_one_sentence(answer, words, complaint):
    code, out, err = answer("lr-range", "small.toml", *words)
    assert (code, out) == (2, "")
    assert complaint in err.splitlines()[-1]


def test_a_race_grants_every_optimiser_the_same(answer, tmp_path):
    words = ("race", "small.toml", "--optimisers", "sgd,adam", "--trials", 1, "--trial-epochs", 0.1, "--epochs", 0.2)
    code, out, _ = answer(*words, "--seeds", 2, "--json", "--picture", "race.svg")
    figures = json.loads(out)
    assert code == 0
    assert [racer["name"] for racer in figures["racers"]] == ["SGD", "Adam"]
    assert {racer["gradients"] for racer in figures["racers"]} == {figures["granted"]}
    assert np.shape(figures["racers"][0]["losses"]) == (2, len(figures["steps"]))
    assert (tmp_path / "race.svg").exists()
    code, out, err = answer("race", "small.toml", "--optimisers", "sgd,magic")
    assert (code, out) == (2, "")
    assert "optimisers" in err


def test_a_run_is_read_and_its_noise_and_curvature_measured(answer, run_file, tmp_path):
    code, out, _ = answer("read", run_file, "--json")
    figures = json.loads(out)
    assert code == 0
    assert len(figures["starts"]) == 5
    code, out, _ = answer(
        "noise", run_file, "--sizes", "1,20", "--draws", 3, "--start", 1, "--json", "--picture", "n.png"
    )
    figures = json.loads(out)
    assert (code, figures["sizes"], np.shape(figures["cosine"])) == (0, [1, 20], (2, 2))
    assert figures["models"][0] == "at the start"
    assert (tmp_path / "n.png").exists()
    code, out, _ = answer("curvature", run_file, "--k", 2, "--probes", 2, "--step", 0, "--json")
    figures = json.loads(out)
    assert (code, len(figures["eigenvalues"])) == (0, 2)
    assert figures["sharpness"] == figures["eigenvalues"][0]
    code, out, err = answer("noise", run_file, "--start", 9)
    assert (code, out) == (2, "")
    assert "start 9 does not exist" in err


def test_a_rescaled_network_is_measured_with_both_rulers(answer, run_file, tmp_path):
    code, out, _ = answer("rescale", run_file, "--factor", 8, "--json", "--picture", "ruler.png")
    figures = json.loads(out)
    assert code == 0 and (tmp_path / "ruler.png").exists()
    assert (figures["factor"], figures["flipped"], figures["examples"]) == (8, 0, 100)
    assert figures["raw_change"] > 0.1 > 1e-3 > figures["normalised_change"]
    assert np.shape(figures["raw"]) == np.shape(figures["normalised"]) == (2, len(figures["along"]))
    assert "nothing but rounding" in answer("rescale", run_file)[1]
