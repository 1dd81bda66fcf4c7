"""All of training from the command line: what can be set, many starts, what ends one, and the convention of its losses."""

import json

import numpy as np
import pytest

from landscape.network.cost import COSTS
from landscape.run import Run
from landscape.run.descending import OPTIMISERS, SCHEDULES


def test_an_explosion_and_dead_units_are_named_with_their_cure(answer):
    loud = ("train", "small.toml", "--set", "network.activation=tanh", "--set", "descent.learning_rate=1000")
    code, out, _ = answer(*loud, "-o", "loud.landscape")
    assert code == 0
    assert "its loss rose above 3 times the first; try a smaller learning rate" in out
    code, out, _ = answer(*loud, "-o", "louder.landscape", "--json")
    assert {stop["reason"] for stop in json.loads(out)["stops"]} == {"exploded"}
    deadly = ("train", "small.toml", "--set", "descent.learning_rate=4", "--set", "descent.epochs=2",
              "--set", "starts.kind=random", "--set", "starts.count=6")  # fmt: skip
    code, out, _ = answer(*deadly, "-o", "dead.landscape")
    assert "all 4 ReLU units of hidden layer 1 are silent" in out
    assert "(ln 2 = 0.693)" in out and "try a smaller learning rate, or tanh, which can't die" in out
    stops = json.loads(answer("info", "dead.landscape", "--json")[1])["stops"]
    assert "dead" in {stop and stop["reason"] for stop in stops}
    reading = json.loads(answer("read", "dead.landscape", "--json")[1])
    assert any("silent" in finding["evidence"] and finding["cure"] for finding in reading["findings"])


@pytest.mark.parametrize("cost", ["quadratic", "mse", "mae", "hinge"])
def test_losses_say_by_which_convention(answer, cost):
    code, out, _ = answer("train", "small.toml", "--set", f"network.cost={cost}", "-o", "one.landscape", "--json")
    convention = COSTS[cost].convention
    assert (code, json.loads(out)["cost"], json.loads(out)["convention"]) == (0, cost, convention)
    assert convention in answer("info", "one.landscape")[1]


@pytest.mark.parametrize("kind", ["ring", "grid", "random", "latin_hypercube", "sobol"])
def test_sixty_four_starts_at_once(answer, kind):
    words = ("train", "small.toml", "--set", f"starts.kind={kind}", "--set", "starts.count=64", "-o", "many.landscape")
    figures = json.loads(answer(*words, "--epochs", 0.1, "--json")[1])
    assert len(set(figures["starts"])) == len(figures["last_loss"]) == 64
    assert min(figures["last_loss"]) >= figures["best"]["loss"] - 1e-9
    code, out, err = answer(*words[:5], "starts.count=65", "-o", "more.landscape")
    assert (code, out) == (2, "") and "64" in err


@pytest.mark.parametrize("shared", [True, False])
def test_starts_share_their_mini_batches_or_have_their_own(answer, shared):
    answer("train", "small.toml", "--set", f"descent.shared_batches={str(shared).lower()}", "-o", "one.landscape")
    run = Run.load("one.landscape")
    assert (run.batches.of_step(3, 0).tolist() == run.batches.of_step(3, 1).tolist()) == shared
    run.close()


@pytest.mark.parametrize(
    "setting",
    [
        *(f"network.cost={name}" for name in COSTS if name != "mnist_loss"),
        *(f"network.activation={name}" for name in ("relu", "sigmoid", "tanh", "linear")),
        *(f"network.scheme={name}" for name in ("normal", "scaled", "xavier", "he")),
        *(f"descent.optimiser={name}" for name in OPTIMISERS),
        *(f"descent.schedule={name}" for name in SCHEDULES),
        *(f"data.preprocess={steps}" for steps in ("scale", "scale,centre", "scale,standardise")),
        "descent.l2=0.001",
        "descent.batch_size=800",
        "descent.target_loss=0.6",
        "descent.patience=0.1",
    ],
)
def test_everything_there_is_to_train_is_set_from_the_command(answer, setting):
    words = ("train", "small.toml", "--set", setting, "--epochs", 0.2, "-o", "one.landscape", "--json")
    code, out, _ = answer(*words)
    assert code == 0
    assert np.isfinite(json.loads(out)["last_loss"]).all()
    name, value = setting.split("=")
    section, field = name.split(".")
    found = json.loads(answer("info", "one.landscape", "--json")[1])
    assert found["convention"]
    set_to = getattr(getattr(Run.load("one.landscape").setup, section), field)
    assert str(set_to) == value or set_to == tuple(value.split(","))
