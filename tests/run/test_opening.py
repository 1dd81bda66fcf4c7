import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from landscape.data.folder import FILES
from landscape.errors import LandscapeError, RecordError
from landscape.model import read_model, save_model
from landscape.network import Network
from landscape.run import Setup, gathering
from landscape.run.best_model import save_best
from landscape.run.card import run_card
from landscape.run.opening import kind_of, models_among, setup_from_model, told_apart

NET = Network((784, 4, 10))
ENDINGS = (".safetensors", ".npz", ".json", ".pkl")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_model_is_known_by_its_name_and_by_what_is_in_it(tmp_path, ending):
    theta = NET.init()
    named = save_model(tmp_path / f"team{ending}", NET, theta)
    assert kind_of(named) == "model"
    for name in ("team", "team.bin", "team.txt", f"TEAM{ending.upper()}", "wrong.npz", "wrong.json"):
        path = tmp_path / name
        path.write_bytes(named.read_bytes())
        assert kind_of(path) == "model"
        np.testing.assert_array_equal(read_model(path).theta, theta)


def test_what_else_can_be_opened(tmp_path, run_file, small_run):
    (tmp_path / "a.toml").write_text("")
    (tmp_path / "a.PNG").write_text("")
    assert kind_of(run_file) == kind_of(small_run.folder) == "run"
    assert kind_of(tmp_path / "a.toml") == "setup"
    assert kind_of(tmp_path / "a.PNG") == "picture"
    digits = tmp_path / "digits"
    digits.mkdir()
    for file in FILES:
        (digits / f"{file.name}.gz").touch()
    assert kind_of(digits) == "digits"
    models = tmp_path / "models"
    models.mkdir()
    one = save_model(models / "a.npz", NET, NET.init())
    assert kind_of(models) == "checkpoints"
    assert models_among([one, one]) == [one, one]
    with pytest.raises(RecordError, match="several files at once are models"):
        models_among([one, run_file])


def test_what_can_not_be_opened_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("ours")
    (tmp_path / "empty").touch()
    for name, words in (("absent", "no file"), ("notes.txt", "nothing that this program opens"), ("empty", "nothing")):
        with pytest.raises(RecordError, match=words):
            kind_of(tmp_path / name)
    with pytest.raises(RecordError, match="neither models"):
        kind_of(tmp_path)
    with zipfile.ZipFile(tmp_path / "theirs.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    with pytest.raises(RecordError, match="safetensors instead"):
        kind_of(tmp_path / "theirs.pt")


def test_the_setup_that_goes_on_from_a_model(small_run, tmp_path, monkeypatch):
    path = save_best(small_run, tmp_path / "best.npz")
    before = Setup().changed(descent={"learning_rate": 0.3})
    monkeypatch.chdir(tmp_path)
    setup = setup_from_model(before, "best.npz")
    assert (setup.network.sizes, setup.data.classes) == ((784, 4, 2), (3, 7))
    assert setup.network.weights == str(path)
    assert setup.descent == before.descent
    odd = Network((20, 10))
    save_model(tmp_path / "odd.npz", odd, odd.init())
    with pytest.raises(LandscapeError, match="784 pixels"):
        setup_from_model(before, tmp_path / "odd.npz")


def test_files_in_any_order_become_a_run_in_a_folder_of_its_own(tmp_path):
    paths = [save_model(tmp_path / f"step{step}.npz", NET, NET.init(step)) for step in (10, 9, 2)]
    *_, last = gathering(paths, into=tmp_path / "run")
    assert last.run.about["checkpoints"] == ["step2.npz", "step9.npz", "step10.npz"]
    assert last.run.folder == tmp_path / "run"
    assert run_card(tmp_path / "run").endswith(f"784-4-10 · 3 models · best loss {last.run.best.loss:.3g}")
    with pytest.raises(RecordError, match="two or more"):
        gathering(paths[:1])


def test_a_run_in_one_line(small_setup, tmp_path):
    from landscape.run import explore

    folder = tmp_path / "2026-11-03 09-05-07 (2)"
    run = explore(small_setup, folder)
    assert run_card(folder) == f"3 Nov 09:05 · 784-4-2 · 0.5 epochs · best loss {run.best.loss:.3g}"
    (folder / "manifest.json").write_text("{")
    assert run_card(folder) == folder.name


def test_files_of_the_same_name_are_told_apart_by_their_folders():
    one, other, third = Path("a/best.npz"), Path("b/best.npz"), Path("a/third.npz")
    assert told_apart([one, other, third]) == ["a/best.npz", "b/best.npz", "third.npz"]
    assert told_apart([one, third, one]) == ["best.npz", "third.npz", "best.npz"]
