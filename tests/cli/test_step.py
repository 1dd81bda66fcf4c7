import json

import numpy as np
import pytest

from landscape.cli.commands import run_command
from landscape.run import dissect


def test_a_step_is_written_by_hand(run_file, tmp_path, capsys):
    page = tmp_path / "step.html"
    assert run_command(["by-hand", str(run_file), "--out", str(page), "--update", "5", "--start", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["update"], answer["start"], answer["page"]) == (5, 2, str(page))
    assert "Update 5 of" in page.read_text(encoding="utf-8")
    assert (tmp_path / "step.csv").read_text(encoding="utf-8").startswith("quantity,name,layer,")


def test_an_update_that_does_not_exist_is_one_line_and_exit_code_2(run_file, tmp_path, capsys):
    assert run_command(["by-hand", str(run_file), "--out", str(tmp_path / "step.html"), "--update", "0"]) == 2
    assert "update 0 does not exist" in capsys.readouterr().err


def test_a_step_is_taken_apart_in_figures(answer, run_file, small_run):
    code, out, _ = answer(
        "step", run_file, "--update", 5, "--start", 2, "--layer", 1, "--input", 300, "--neuron", 3, "--json"
    )
    figures, found = json.loads(out), dissect(small_run, 2, 5)
    assert code == 0
    assert figures["batch"] == found.batch.tolist()
    np.testing.assert_allclose(figures["forward"]["outputs"], found.passes.outputs)
    np.testing.assert_allclose(figures["loss"]["costs"], found.costs)
    assert figures["loss"]["loss"] == pytest.approx(found.loss)
    at, weight = found.place(0, 300, 3), figures["update_of_weight"]
    assert (weight["old"], weight["gradient"]) == (found.theta[at], found.gradient[at])
    assert weight["new"] == pytest.approx(weight["old"] - 0.2 * weight["gradient"], abs=1e-7)
    assert weight["recorded"] == small_run.state_at(5).thetas[2, at]
    assert weight["steps"][-1]["value"] == pytest.approx(weight["new"], abs=1e-7)


def test_the_four_stages_are_told(answer, run_file):
    code, out, _ = answer("step", run_file, "--update", 5)
    assert code == 0
    for words in (
        "update 5 of corner − −",
        "1 forward",
        "2 loss",
        "3 backward",
        "4 update: weight of input",
        "θ′ = θ + Δ",
    ):
        assert words in out
    code, out, err = answer("step", run_file, "--layer", 7)
    assert (code, out) == (2, "") and "layer 7 does not exist" in err


def test_a_step_of_an_optimiser_that_remembers_shows_what_it_remembers(answer, tmp_path):
    words = ("--set", "descent.optimiser=adam", "--set", "descent.learning_rate=0.01", "-o", "adam.landscape", "--json")
    assert answer("train", "small.toml", *words)[0] == 0
    weight = json.loads(answer("step", "adam.landscape", "--update", 9, "--json")[1])["update_of_weight"]
    (first, m), (second, s) = weight["state"].items()
    assert weight["state_after"][first] == pytest.approx(0.9 * m + 0.1 * weight["gradient"], rel=1e-4)
    assert weight["state_after"][second] == pytest.approx(0.999 * s + 0.001 * weight["gradient"] ** 2, rel=1e-4)
    assert weight["change"] == pytest.approx(weight["new"] - weight["old"])


def test_weights_are_told_layer_by_layer(answer, run_file, small_run, tmp_path):
    code, out, _ = answer("weights", run_file, "--update", 5, "--start", 1, "--json", "--picture", "weights.png")
    figures = json.loads(out)
    assert code == 0 and (tmp_path / "weights.png").exists()
    before, after = (small_run.state_at(step).thetas[1] for step in (4, 5))
    for layer, (place, _) in zip(figures["layers"], small_run.net.layout, strict=True):
        weights, change = before[place], after[place] - before[place]
        assert layer["weights"]["low"] == weights.min()
        assert layer["weights"]["deviation"] == pytest.approx(weights.std(), rel=1e-4)
        assert layer["ratio"] == pytest.approx(np.linalg.norm(change) / np.linalg.norm(weights), rel=1e-3)
        assert layer["change_follows"]["gradient"] > 0.9  # plain SGD, but for the rounding of small changes
    code, out, _ = answer("weights", run_file, "--update", 5)
    assert "guide: 0.001" in out and "follows the gradient" in out
    code, out, err = answer("weights", run_file, "--update", 10_000)
    assert (code, out) == (2, "") and "update 10,000 does not exist" in err
