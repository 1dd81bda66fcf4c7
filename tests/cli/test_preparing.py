"""`landscape data` about chosen digits: the baseline, and the stages of preprocessing."""

import json
import os

import numpy as np
import pytest

from landscape.cli.commands import run_command
from landscape.data import load_digits, pixel_similarity

FULL = os.environ.get("LANDSCAPE_DATA", "")  # the tests of commands take it away


def test_the_baseline_of_chosen_digits_is_told(answer):
    code, out, _ = answer("data", "--classes", "3,7", "--json")
    figures = json.loads(out)
    assert code == 0
    assert (figures["train"], figures["test"]) == (800, 100)
    assert figures["pixel_similarity"] == pixel_similarity(load_digits(classes=(3, 7)))
    assert "96.00 % on average" in answer("data", "--classes", "3-7")[1]
    assert "pixel_similarity" not in json.loads(answer("data", "--json")[1])
    code, out, err = answer("data", "--classes", "3,x")
    assert (code, out) == (2, "") and "3,7, not 'x'" in err


@pytest.mark.full_mnist
@pytest.mark.skipif("LANDSCAPE_DATA" not in os.environ, reason="needs the full MNIST")
def test_the_books_figures_from_the_command(capsys):
    assert run_command(["data", FULL, "--classes", "3,7", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["pixel_similarity"]
    assert [round(found[name], 4) for name in ("accuracy_3", "accuracy_7", "mean")] == [0.9168, 0.9854, 0.9511]


def test_every_stage_is_told_and_drawn(answer, tmp_path):
    words = ("data", "--preprocess", "scale,standardise,pca:20,whiten", "--picture", "stages.png")
    code, out, _ = answer(*words, "--json")
    stages = json.loads(out)["stages"]
    assert code == 0 and (tmp_path / "stages.png").stat().st_size > 10_000
    assert [(stage["stage"], stage["numbers"]) for stage in stages] == [
        ("scale", 784), ("standardise", 784), ("pca:20", 20), ("whiten", 20)
    ]  # fmt: skip
    assert (stages[0]["lowest"], stages[0]["highest"]) == (0, 1)
    whitened = load_digits(preprocess=("scale", "standardise", "pca:20", "whiten")).train.images
    assert stages[3]["highest"] == pytest.approx(whitened.max(), rel=1e-4)
    assert stages[3]["deviation"] == pytest.approx(1, abs=1e-3)
    assert 0.2 < stages[2]["variance_kept"] < 0.9 and stages[0]["variance_kept"] is None
    assert "of the variance is kept" in answer(*words)[1]
    code, out, err = answer("data", "--preprocess", "blur")
    assert (code, out) == (2, "") and "blur" in err


def test_a_picture_alone_shows_the_usual_scaling(answer, tmp_path):
    figures = json.loads(answer("data", "--picture", "stages.svg", "--json")[1])
    assert [stage["stage"] for stage in figures["stages"]] == ["scale"]
    assert np.isclose(figures["stages"][0]["mean"], load_digits().train.images.mean(), rtol=1e-4)
