"""The commands about models, run in this process; and all of F's commands in one that has no Qt."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from landscape.comparison import interpolate, match_neurons
from landscape.data import load_digits
from landscape.descent import SGD, descend
from landscape.model import save_model
from landscape.network import Network
from landscape.run import Setup
from landscape.run.best_model import save_best

NET = Network((784, 6, 10))
MORE_NAMES = [
    "trajectories.json", "trajectories.parquet", "descent.mp4", "repeat.py", "diary.html",
    "surface.h5", "surface.csv", "lines.vtp", "surface.vtu", "surface.ply", "surface.obj", "surface.stl",
]  # fmt: skip


@pytest.fixture(scope="module")
def thetas():
    """Two models of NET, taught for an epoch on the built-in digits."""
    train = load_digits().train
    begin = np.stack([NET.init(seed) for seed in (0, 1)])
    *_, last = descend(NET, begin, train.images, train.labels, SGD(0.3), epochs=1, engine="plain")
    return last.thetas


@pytest.fixture
def teams(thetas, tmp_path):
    """Two teams' model files."""
    names = ("one.safetensors", "two.pkl")
    return [save_model(tmp_path / name, NET, theta, {"team": name[:3]}) for name, theta in zip(names, thetas)]


def test_who_learnt_from_all_of_mnist_has_seen_the_built_in_digits(answer, teams, thetas, tmp_path):
    told = "learnt from MNIST's training file, where the built-in digits come from, too"
    here, away = (Setup().changed(data={"source": source}).to_toml() for source in ("embedded", "full"))
    pair = [save_model(tmp_path / f"{n}.npz", NET, t, {"setup": s}) for n, t, s in zip("xy", thetas, (here, away))]
    out = answer("compare", *pair, "--points", "3")[1]
    assert f"y.npz has {told}" in out and "x.npz has" not in out
    assert f"the model has {told}" in answer("classify", pair[1])[1]
    for fair in (["compare", *teams, "--points", "3"], ["classify", pair[0]]):
        assert told not in answer(*fair)[1]


@pytest.mark.parametrize("ending", [".safetensors", ".npz", ".json", ".pkl"])
def test_info_tells_what_is_in_a_model(answer, small_run, tmp_path, ending):
    path = save_best(small_run, tmp_path / f"best{ending}")
    code, out, _ = answer("info", path)
    assert code == 0
    assert "a model 784-4-2, relu, cross_entropy: 3,150 parameters, float32" in out
    assert 'preprocessing ["scale"]' in out
    figures = json.loads(answer("info", path, "--json")[1])
    assert (figures["kind"], figures["bytes"], figures["about"]["classes"]) == ("model", 12600, "[3, 7]")


def test_info_says_what_it_takes_for_granted_and_plays_folders(answer, tmp_path, thetas):
    weights, biases = NET.unpack(thetas[0])
    arrays = {f"{i}.weight": W.T for i, W in enumerate(weights)} | {f"{i}.bias": b for i, b in enumerate(biases)}
    np.savez(tmp_path / "torch.npz", **arrays)
    assert "does not say its activation and cost" in answer("info", "torch.npz")[1]
    (tmp_path / "folder").mkdir()
    for step, theta in enumerate(thetas):
        save_model(tmp_path / "folder" / f"{step}.npz", NET, theta)
    code, out, _ = answer("info", "folder")
    assert code == 0
    assert "2 frames" in out


def test_classify_counts_as_the_network_does(answer, teams, thetas):
    test = load_digits().test
    code, out, _ = answer("classify", teams[0])
    assert code == 0
    guesses = NET.predict(thetas[0], test.images)
    assert f"accuracy {np.mean(guesses == test.labels):.2%}" in out
    assert "the costliest mistakes" in out
    figures = json.loads(answer("classify", teams[1], "--json", "--wrong", "3", "--set", "validation")[1])
    validation = load_digits().validation
    guesses = NET.predict(thetas[1], validation.images)
    assert figures["accuracy"] == pytest.approx(np.mean(guesses == validation.labels))
    assert np.sum(figures["confusion"]) == 500
    assert np.trace(figures["confusion"]) == np.sum(guesses == validation.labels)
    assert sorted(figures["wrong"]) == np.flatnonzero(guesses != validation.labels).tolist()
    assert len(figures["mistakes"]) == 3
    first = figures["mistakes"][0]
    assert first["loss"] == max(NET.example_losses(thetas[1], validation.images, validation.labels))
    assert first["mnist_index"] == validation.index[first["index"]]
    losses, costs = NET.example_losses(thetas[1], validation.images, validation.labels), figures["costs"]
    assert costs["mean"] == pytest.approx(losses.mean()) and costs["median"] == pytest.approx(np.median(losses))
    assert sum(costs["histogram"]["counts"]) == 500 and sum(costs["histogram"]["shares"]) == pytest.approx(1)
    for each in costs["classes"]:
        assert each["mean"] == pytest.approx(losses[validation.labels == each["label"]].mean(), rel=1e-5)
    assert "half of the 500 examples cost less than" in out


def test_classify_uses_the_digits_that_a_model_was_taught(answer, small_run, tmp_path):
    save_best(small_run, tmp_path / "pair.npz")
    figures = json.loads(answer("classify", "pair.npz", "--json")[1])
    assert (figures["classes"], figures["examples"]) == ([3, 7], 100)
    assert json.loads(answer("classify", "pair.npz", "--json", "--classes", "4-9")[1])["classes"] == [4, 9]


def test_compare_tells_accuracies_disagreements_and_barriers(answer, teams, thetas):
    code, out, err = answer("compare", *teams)
    assert code == 0
    assert "comparing: done" in err
    assert out.splitlines()[0].split() == [
        "model",
        "layers",
        "parameters",
        "training",
        "validation",
        "test",
        "accuracy",
    ]
    assert "disagree on" in out
    assert "as they are" in out
    figures = json.loads(answer("compare", *teams, teams[0], "--json", "--points", "5")[1])
    assert [row["name"] for row in figures["models"]] == ["one.safetensors", "two.pkl", "one.safetensors"]
    assert len(figures["pairs"]) == 3
    first, same, _ = figures["pairs"]
    train = load_digits().train
    for matching, end in (("as_they_are", thetas[1]), ("matched", match_neurons(NET, *thetas))):
        line = interpolate(NET, thetas[0], end, train.images, train.labels, points=5)
        assert first[matching]["train"]["barrier"] == pytest.approx(line.barrier)
    assert len(first["as_they_are"]["test"]["loss"]) == 5
    assert same["disagreements"] == []
    assert same["as_they_are"]["test"]["barrier"] == pytest.approx(0, abs=1e-9)


def test_bad_input_is_one_sentence_and_exit_code_2(answer, teams, tmp_path):
    (tmp_path / "hostile.pkl").write_bytes(b"cposix\nsystem\n(S'touch x'\ntR.")
    (tmp_path / "cut.safetensors").write_bytes(teams[0].read_bytes()[:99])
    (tmp_path / "run.landscape").write_bytes(b"PK")
    odd = Network((784, 4))
    save_model(tmp_path / "odd.npz", odd, odd.init())
    flat = Network((9, 10))
    save_model(tmp_path / "flat.npz", flat, flat.init())
    for words, sentence in (
        (("info", "absent.npz"), "No such file"),
        (("info", "notes.txt"), "ends in"),
        (("info", "run.landscape"), "not a whole run file"),
        (("info", "."), "cut.safetensors is damaged"),
        (("classify", "hostile.pkl"), "asks for posix.system"),
        (("classify", "cut.safetensors"), "damaged"),
        (("classify", "odd.npz"), "does not say which digits"),
        (("classify", "flat.npz"), "takes 9 inputs"),
        (("classify", teams[0], "--set", "mine"), "unknown"),
        (("classify", teams[0], "--classes", "3,x"), "--classes takes digits"),
        (("classify", teams[0], "--classes", "3,7"), "10 classes apart, but 2"),
        (("classify", teams[0], "--data", "nowhere"), "nowhere"),
        (("compare", teams[0]), "two or three models"),
        (("compare", *teams, *teams), "two or three models"),
        (("compare", teams[0], "hostile.pkl"), "asks for"),
        (("compare", teams[0], "odd.npz", "--classes", "1,2,3,4"), "classes apart"),
        (("surface", "run.landscape"), "not a whole run file"),
        (("export", "run.landscape", "--out", "out"), "not a whole run file"),
    ):
        code, out, err = answer(*words)
        assert (code, out) == (2, ""), words
        assert err.startswith("landscape: "), words
        assert err.count("\n") == 1, err
        assert sentence in err
    assert not (tmp_path / "x").exists()


def test_none_of_these_commands_imports_qt(teams, run_file, tmp_path):
    program = f"""
        import sys
        class NoQt:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ("PyQt6", "pyqtgraph", "PySide6", "OpenGL"):
                    raise AssertionError(f"{{name}} was imported")
        sys.meta_path.insert(0, NoQt())
        from landscape.__main__ import main
        run, one, two = {str(run_file)!r}, {str(teams[0])!r}, {str(teams[1])!r}
        more = [word for name in {MORE_NAMES} for word in ("--only", name)]
        for words in (["info", run], ["info", one], ["classify", one], ["compare", one, two, "--points", "3"],
                      ["surface", run, "--cells", "3", "-o", "surface.npz"], ["export", run, "--cells", "3", "--out", "out"],
                      ["compare", one, two, "--points", "3", "--picture", "two.svg", "--film", "fall.gif"],
                      ["surface", run, "--cells", "3", "-o", "surface.csv"],
                      ["export", run, "--cells", "5", "--out", "more", *more]):
            assert main(words) == 0, words
        assert not [name for name in sys.modules if name.startswith(("PyQt", "pyqtgraph", "landscape.gui"))]
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "map.png").stat().st_size > 1000
    assert {path.name for path in (tmp_path / "more").iterdir()} == {*MORE_NAMES, "repeat.npz"}


def test_compare_draws_a_picture_and_a_film(answer, teams, tmp_path):
    from PIL import Image

    code, out, err = answer("compare", *teams, "--points", "3", "--picture", "two.png", "--film", "fall.gif")
    assert code == 0, err
    assert "written: two.png" in out
    assert "written: fall.gif" in out
    with Image.open(tmp_path / "fall.gif") as film:
        assert film.n_frames > 1
    code, out, err = answer("compare", *teams, "--film", "fall.txt")
    assert (code, out) == (2, "")
    assert "a film ends in" in err


def test_compare_draws_the_plane_through_three_models(answer, teams, thetas, tmp_path):
    from landscape.run import Run
    from landscape.run.kept_plane import kept_planes
    from landscape.run.landmark import landmarks

    third = save_model(tmp_path / "three.npz", NET, NET.init(9))
    words = ("compare", *teams, third, "--points", "2", "--json")
    code, out, err = answer(*words, "--through", "plane.svg")
    assert code == 0, err
    assert json.loads(out)["through"] == "plane.svg"
    texts = ElementTree.parse(tmp_path / "plane.svg").iter("{http://www.w3.org/2000/svg}text")
    drawn = " | ".join("".join(text.itertext()).strip() for text in texts)
    assert all(words in drawn for words in ("through one, two, three", "a model", "not known", "from A towards B"))
    assert "SGD" not in drawn and ".pkl" not in drawn
    code, _, err = answer(*words, "--through", "plane.landscape")
    assert code == 0, err
    run = Run.load(tmp_path / "plane.landscape")
    (kept,) = kept_planes(run)
    marks = landmarks(run, f"kept:{kept.name}")
    for mark, theta in zip(marks, (*thetas, NET.init(9)), strict=True):
        np.testing.assert_allclose(kept.plane.point(mark.a, mark.b), theta, atol=1e-6)
    run.close()
    for wrong, sentence in (
        (("compare", *teams, "--through", "p.png"), "three models, not 2"),
        (("compare", *teams, third, "--through", "p.txt"), ".landscape"),
    ):
        code, out, err = answer(*wrong)
        assert (code, out) == (2, "") and sentence in err
