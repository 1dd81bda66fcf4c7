import numpy as np
import pytest

from landscape.errors import RecordError, SetupError
from landscape.model import save_model
from landscape.network import Network
from landscape.run import Run, gathering, go_on, run_of_checkpoints
from landscape.run.best_model import save_best
from landscape.run.checkpoints import checkpoint_files
from landscape.run.portrait import portray

NET = Network((784, 4, 10))


@pytest.fixture
def folder(tmp_path):
    """Seven models, some of each format, whose names sort wrongly as texts; and what is no model."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for step, ending in zip(
        (0, 2, 9, 10, 100, 101, 1000), (".npz", ".safetensors", ".npz", ".json", ".pkl", ".npz", ".npz")
    ):
        save_model(folder / f"step{step}{ending}", NET, NET.init(step) * np.float32(1 + step / 100))
    (folder / "notes.txt").write_text("ours")
    (folder / ".hidden.npz").write_text("not ours")
    return folder


def test_a_folder_of_models_becomes_a_run(folder, tmp_path):
    events = list(gathering(folder))
    assert [event.frames for event in events] == list(range(1, 8))
    assert events[-1].done == 1
    run = events[-1].run
    names = ["step0.npz", "step2.safetensors", "step9.npz", "step10.json", "step100.pkl", "step101.npz", "step1000.npz"]
    assert run.about["checkpoints"] == names
    for frame, step in enumerate((0, 2, 9, 10, 100, 101, 1000)):
        np.testing.assert_array_equal(run.thetas[frame, 0], NET.init(step) * np.float32(1 + step / 100))
    X, y = run.measured()
    np.testing.assert_allclose(run.figure("loss")[:, 0], [NET.loss(t, X, y) for t in run.thetas[:, 0]], rtol=1e-5)
    assert run.best.frame == int(run.figure("loss").argmin())
    assert not run.unfinished
    assert run.state_at(3).step == 3
    assert portray(run, "pca_all").coverage_all > 0
    again = Run.load(run.save(tmp_path / "played"))
    np.testing.assert_array_equal(again.thetas, run.thetas)
    assert again.about == run.about


def test_what_lies_between_checkpoints_is_not_made_up(folder):
    run = run_of_checkpoints(folder)
    with pytest.raises(SetupError, match="not known"):
        run.step(0, 2)
    with pytest.raises(SetupError, match="not known"):
        list(go_on(run, 20))


def test_the_best_of_a_run_says_how_its_digits_were_prepared(small_run, tmp_path):
    for name in ("one.npz", "two.npz"):
        save_best(small_run, tmp_path / name)
    run = run_of_checkpoints(tmp_path)
    assert run.setup.data.classes == (3, 7)
    np.testing.assert_allclose(run.figure("loss")[-1], small_run.best.loss, rtol=0.5)  # over more digits


def test_folders_that_make_no_run(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordError, match="holds no model file"):
        run_of_checkpoints(tmp_path / "empty")
    with pytest.raises(RecordError, match="can't be read"):
        run_of_checkpoints(tmp_path / "absent")
    other = Network((784, 3, 10))
    save_model(folder / "step5.npz", other, other.init())
    with pytest.raises(RecordError, match=r"step5\.npz is a network \(784, 3, 10\)"):
        run_of_checkpoints(folder)
    small = Network((20, 10))
    for name in "ab":
        save_model(tmp_path / "empty" / f"{name}.npz", small, small.init())
    with pytest.raises(RecordError, match="784 pixels"):
        run_of_checkpoints(tmp_path / "empty")
    (tmp_path / "empty" / "a.npz").unlink()
    with pytest.raises(RecordError, match="one model only"):
        run_of_checkpoints(tmp_path / "empty")


def test_names_without_numbers_are_sorted_by_name(tmp_path):
    for name in ("b.npz", "a2.npz", "a10.npz", "10.npz", "9.npz"):
        (tmp_path / name).touch()
    assert [path.name for path in checkpoint_files(tmp_path)] == ["9.npz", "10.npz", "a2.npz", "a10.npz", "b.npz"]
