"""The commands, run in this process: what they write, print and answer."""

import json
import signal
import tomllib
from pathlib import Path

import numpy as np
import pytest

import landscape.cli.commands
import landscape.cli.sources
from landscape.cli.summary import best_lines
from landscape.model import save_model
from landscape.run import Run, exploring
from tests.cli.conftest import SMALL


def interrupted_after(frames):
    """`exploring`, in which someone presses Ctrl+C while a frame is being made."""

    def explore_and_press(*arguments):
        for explored in exploring(*arguments):
            if explored.frames == frames:
                signal.raise_signal(signal.SIGINT)
            yield explored

    return explore_and_press


def test_train_writes_the_run_and_tells_the_best(answer, tmp_path, small_run):
    code, out, err = answer("train", "small.toml")
    assert code == 0
    assert "best so far: loss" in out
    assert "descending" in err
    run = Run.load(tmp_path / "small.landscape")
    np.testing.assert_array_equal(run.thetas, small_run.thetas)
    assert run.setup.data.examples < len(run.digits.train)
    assert f"over the first {run.setup.data.examples} training digits (validation" in out
    run.setup = run.setup.changed(data={"examples": len(run.digits.train)})
    assert "over the first" not in best_lines(run)[0]
    assert {path.name for path in tmp_path.iterdir()} == {"small.toml", "small.landscape"}


def test_train_takes_presets_settings_and_epochs(answer, tmp_path):
    code, out, _ = answer(
        "train", "fastai 3 or 7, linear", "-o", "out/linear", "--epochs", "0.1", "--json",
        "--set", "descent.learning_rate=0.25", "--set", "starts.kind=middle", "--set", "data.classes=3,7",
        "--set", "descent.shared_batches=no",
    )  # fmt: skip
    assert code == 0
    figures = json.loads(out)
    assert figures["run"] == "out/linear.landscape"
    assert figures["starts"] == ["middle"]
    assert figures["epochs"] < 1
    setup = Run.load(tmp_path / figures["run"]).setup
    assert (setup.descent.learning_rate, setup.descent.shared_batches, setup.data.classes) == (0.25, False, (3, 7))


def test_train_takes_every_optimiser_and_tells_why_starts_ended(answer, tmp_path):
    code, out, _ = answer(
        "train", "small.toml", "--set", "descent.optimiser=adam", "--set", "descent.betas=0.8,0.99", "--epochs", "2",
        "--set", "descent.learning_rate=0.01", "--set", "descent.schedule=one_cycle", "--set", "descent.target_loss=0.2",
        "--set", "starts.kind=ring", "--set", "starts.count=3",
    )  # fmt: skip
    assert code == 0
    run = Run.load(tmp_path / "small.landscape")
    assert run.setup.descent.betas == (0.8, 0.99)
    assert "ring 120° reached its target at step" in out
    assert "ring 120° reached its target at step" in answer("info", "small.landscape")[1]
    figures = json.loads(answer("info", "small.landscape", "--json")[1])
    assert figures["stops"][1]["reason"] == "target"
    assert "0.2 was wanted" in figures["stops"][1]["sentence"]


def test_json_leaves_stdout_to_the_figures(answer):
    code, out, err = answer("train", "small.toml", "--json")
    assert code == 0
    figures = json.loads(out)
    assert figures["best"]["loss"] == min(min(figures["last_loss"]), figures["best"]["loss"])
    assert "best so far" in err


def test_a_run_that_is_there_is_not_replaced_unasked(answer, tmp_path):
    (tmp_path / "small.landscape").write_text("precious")
    code, _, err = answer("train", "small.toml")
    assert code == 2
    assert "is there already" in err
    assert (tmp_path / "small.landscape").read_text() == "precious"
    assert answer("train", "small.toml", "--force")[0] == 0
    assert Run.load(tmp_path / "small.landscape").frames > 1


def test_ctrl_c_keeps_what_there_is_and_the_run_goes_on_from_there(answer, tmp_path, monkeypatch, small_run):
    monkeypatch.setattr(landscape.cli.commands, "exploring", interrupted_after(4))
    code, _, err = answer("train", "small.toml")
    assert code == 130
    assert "stopped at step 3 " in err
    assert "landscape train small.landscape" in err
    assert Run.load(tmp_path / "small.landscape").frames == 4
    assert {path.name for path in tmp_path.iterdir()} == {"small.toml", "small.landscape"}
    assert answer("train", "small.landscape")[0] == 0
    run = Run.load(tmp_path / "small.landscape")
    np.testing.assert_array_equal(run.thetas, small_run.thetas)
    np.testing.assert_array_equal(run.figure("loss"), small_run.figure("loss"))


def test_a_program_that_was_killed_leaves_a_run_to_go_on_with(answer, tmp_path, small_run):
    growing = exploring(small_run.setup, tmp_path / "killed.landscape.unfinished")
    for _ in range(3):
        next(growing)
    growing.close()
    code, _, err = answer("train", "small.toml", "-o", "killed")
    assert code == 2
    assert "landscape train killed.landscape.unfinished" in err
    assert answer("train", "killed.landscape.unfinished")[0] == 0
    np.testing.assert_array_equal(Run.load(tmp_path / "killed.landscape").thetas, small_run.thetas)
    assert not (tmp_path / "killed.landscape.unfinished").exists()


def test_a_finished_run_goes_on_only_to_more_epochs(answer, run_file, tmp_path):
    code, _, err = answer("train", run_file)
    assert code == 2
    assert "--epochs" in err
    code, out, _ = answer("train", run_file, "--epochs", 0.6, "-o", tmp_path / "longer.landscape", "--json")
    assert code == 0
    assert json.loads(out)["epochs"] > 0.5


def test_going_on_does_not_replace_another_run_unasked(answer, run_file, tmp_path):
    (tmp_path / "other.landscape").write_text("precious")
    for name in ("other.landscape", "other"):
        code, _, err = answer("train", run_file, "--epochs", 0.6, "-o", name)
        assert code == 2
        assert "other.landscape is there already" in err
        assert (tmp_path / "other.landscape").read_text() == "precious"
    code, out, _ = answer("train", run_file, "--epochs", 0.6, "-o", "other", "--force", "--json")
    assert code == 0
    assert json.loads(out)["run"] == "other.landscape"
    assert Run.load(tmp_path / "other.landscape").setup.descent.epochs == 0.6
    code, out, _ = answer("train", "other.landscape", "--epochs", 0.7, "-o", "other.landscape")
    assert code == 0  # the place is its own
    assert "written: other.landscape" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "absent.toml"], "can't be read"),
        (["train", "bogus"], "neither a setup file nor a preset"),
        (["train", "Nielsen"], "fits several presets"),
        (["train", "small.toml", "--set", "descent.learning_rate=-1"], "descent.learning_rate"),
        (["train", "small.toml", "--set", "descent.learning_rate=nan"], "descent.learning_rate"),
        (["train", "small.toml", "--set", "bogus.field=1"], "--set bogus.field=1"),
        (["train", "small.toml", "--set", "descent.bogus=1"], "--set descent.bogus=1"),
        (["train", "small.toml", "--set", "descent.epochs"], "--set descent.epochs"),
        (["train", "small.toml", "--set", "data.classes="], "two different digits"),
        (["train", "small.toml", "--set", "network.sizes=784,0,2"], "network.sizes"),
        (["train", "small.toml", "--set", "descent.batch_size=50000"], "larger than the training set"),
        (["train", "small.toml", "--data", "nowhere"], "does not exist"),
        (["train", "small.toml", "-o", "small.toml/x"], "can't be made"),
        (["train", "absent.landscape"], "No such file"),
        (["train", "small.toml", "--epochs", "many"], "--epochs"),
        (["train", "small.toml", "--bogus"], "--bogus"),
        (["demo"], "--out"),
        (["demo", "--out", "small.toml"], "can't be made"),
        (["surface", "small.toml"], "not a whole run file"),
        (["surface", "small.toml", "--cells", "1"], "--cells"),
        (["info", "absent.npz"], "No such file"),
        (["info", "small.docx"], "ends in"),
        (["data", "nowhere"], "does not exist"),
        (["bogus"], "No such command"),
    ],
)
def test_what_a_user_can_mend_is_one_line_and_exit_code_2(answer, tmp_path, words, said):
    code, out, err = answer(*words)
    assert code == 2
    assert out == ""
    lines = [line for line in err.splitlines() if line != "descending …"]
    assert len(lines) == 1
    assert lines[0].startswith("landscape: ")
    assert said in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]  # and nothing is left behind


def test_a_damaged_run_is_one_line(answer, tmp_path, run_file):
    (tmp_path / "cut.landscape").write_bytes(run_file.read_bytes()[:1000])
    for command in (["info"], ["surface"], ["export", "--out", "x"], ["train"]):
        code, _, err = answer(command[0], "cut.landscape", *command[1:])
        assert code == 2
        assert "cut off" in err
        assert err.count("\n") == 1


def test_surface_writes_arrays_and_tells_what_the_plane_covers(answer, run_file, tmp_path):
    code, out, _ = answer(
        "surface", run_file, "-o", "s.npz", "--plane", "pca_one", "--start", "2", "--cells", "5", "--set", "validation",
        "--json",
    )  # fmt: skip
    assert code == 0
    figures = json.loads(out)
    assert figures["set"] == "validation"
    assert min(figures["shape"]) == 5
    assert 0 < figures["coverage"][2] <= 1
    with np.load(tmp_path / "s.npz") as file:
        assert file["loss"].shape == tuple(figures["shape"])
        assert file["loss"].min() == pytest.approx(figures["lowest_on_grid"]["loss"])
    for words, said in (
        (("--plane", "bogus"), "pca_all"),
        (("--set", "bogus"), "choose training, validation, test"),
        (("--quantity", "speed"), "choose one of loss, accuracy"),
        (("--class", "5"), "choose one of 3, 7"),
        (("--plane", "pca_one", "--start", "9"), "starts 0 to 4"),
        (("-o", "s.docx"), ".npz"),
        (("-o", "small.toml/s.npz"), "can't be written to"),
    ):
        code, _, err = answer("surface", run_file, "--cells", "3", *words)
        assert code == 2
        assert said in err
        assert "evaluating the surface" not in err


def test_demo_does_the_main_job_and_export_does_it_again(answer, tmp_path):
    code, out, _ = answer("demo", "--setup", "small.toml", "--out", "demo", "--json")
    assert code == 0
    figures = json.loads(out)
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {Path(path).name for path in figures["written"]} == names
    assert {"run.landscape", "map.png", "relief.png", "descent.gif", "starts-map.png", "best.safetensors"} <= names
    code, out, _ = answer("export", "demo/run.landscape", "--out", "again", "--plane", "starts", "--cells", "9")
    assert code == 0
    assert "written to again: " in out
    assert (tmp_path / "again" / "map.png").stat().st_size > 0


def test_a_tour_from_plane_to_plane_is_a_film(answer, run_file, tmp_path):
    code, out, _ = answer("export", run_file, "--out", "film", "--tour", "starts", "pca_all", "--cells", "5", "--json")
    assert code == 0
    assert [path.name for path in (tmp_path / "film").iterdir()] == ["tour.gif"]
    assert json.loads(out)["tour"] == ["starts", "pca_all"]
    code, _, err = answer("export", run_file, "--out", "film", "--tour", "starts", "opera")
    assert code == 2
    assert "opera" in err


def test_exports_by_their_names(answer, run_file, tmp_path):
    words = ("--cells", "7", "--diary", "--only", "map.svg", "--only", "repeat.py", "--only", "surface.obj")
    code, _, _ = answer("export", run_file, "--out", "some", *words)
    assert code == 0
    names = {"map.svg", "repeat.py", "repeat.npz", "surface.obj", "diary.html"}
    assert {path.name for path in (tmp_path / "some").iterdir()} == names
    code, _, err = answer("export", run_file, "--out", "other", "--only", "opera.png")
    assert code == 2
    assert "trajectories.parquet" in err
    assert not (tmp_path / "other").exists()


def test_a_demo_that_is_stopped_keeps_its_run_and_the_whole_one_from_before(answer, tmp_path, monkeypatch):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "run.landscape").write_text("precious")
    monkeypatch.setattr(landscape.cli.commands, "exploring", interrupted_after(4))
    code, _, err = answer("demo", "--setup", "small.toml", "--out", "demo")
    assert code == 130
    assert "kept in demo/run-stopped.landscape" in err
    assert Run.load(tmp_path / "demo" / "run-stopped.landscape").frames == 4
    assert (tmp_path / "demo" / "run.landscape").read_text() == "precious"


def test_a_bug_is_not_hidden_as_a_users_mistake(answer, monkeypatch):
    monkeypatch.setattr(landscape.cli.sources, "report", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answer("presets")


def test_info_tells_runs_models_and_setups(answer, run_file, small_run, tmp_path):
    code, out, _ = answer("info", run_file)
    assert code == 0
    assert "5 starts, network 784-4-2 (3,150 parameters)" in out
    figures = json.loads(answer("info", run_file, "--json")[1])
    assert (figures["kind"], figures["best"]["loss"]) == ("run", small_run.best.loss)
    model = save_model(tmp_path / "m.safetensors", small_run.net, small_run.best.theta)
    assert json.loads(answer("info", model, "--json")[1])["parameters"] == 3150
    assert "784-4-2, relu, cross_entropy" in answer("info", model)[1]
    assert tomllib.loads(answer("info", "small.toml")[1])["network"]["sizes"] == [784, 4, 2]


def test_data_tells_what_is_there(answer, monkeypatch):
    code, out, _ = answer("data")
    assert code == 0
    assert "4,000 train, 500 validation, 500 test" in out
    assert "--fetch" in out
    monkeypatch.setenv("LANDSCAPE_DATA", "nowhere")
    code, _, err = answer("data")
    assert code == 2
    assert "nowhere" in err


def test_data_fetches_with_progress(answer, monkeypatch, tmp_path):
    from types import SimpleNamespace

    import landscape.data

    wanted = []
    monkeypatch.setattr(
        landscape.data, "fetch", lambda folder: wanted.append(folder) or iter([SimpleNamespace(done=1.0)])
    )
    code, _, err = answer("data", tmp_path / "empty", "--fetch")
    assert wanted == [str(tmp_path / "empty")]
    assert "downloading MNIST: done" in err
    assert code == 2  # nothing was put there


def test_the_environment_names_the_digits_unless_the_setup_does(answer, monkeypatch, tmp_path):
    monkeypatch.setenv("LANDSCAPE_DATA", str(tmp_path / "nowhere"))
    code, _, err = answer("train", "small.toml")
    assert code == 2
    assert "nowhere" in err
    (tmp_path / "own.toml").write_text(SMALL.replace("[data]", '[data]\nsource = "embedded"'))
    assert answer("train", "own.toml")[0] == 0
    assert answer("train", "small.toml", "--data", "embedded")[0] == 0


def test_presets_are_listed(answer):
    code, out, _ = answer("presets")
    assert code == 0
    assert "Nielsen 784-30-10: Chapter 1" in out
    cs231n = json.loads(answer("presets", "--json")[1])["CS231n 784-50-10"]
    assert cs231n["network"]["sizes"] == [784, 50, 10]
    assert len(cs231n["accuracies"]["full"]) == 3 and cs231n["reaches"] in out


def test_version_and_help(answer):
    from landscape import __version__

    assert answer("--version") == (0, f"landscape {__version__}\n", "")
    code, out, _ = answer("--help")
    assert code == 0
    for command in ("demo", "train", "surface", "export", "data", "info", "classify", "compare", "presets"):
        assert command in out
