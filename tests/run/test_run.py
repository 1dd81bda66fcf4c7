import errno

import numpy as np
import pytest

from landscape.descent import FrameSchedule, starting_points
from landscape.errors import RecordError, SetupError
from landscape.model import save_model
from landscape.run import Run, explore, exploring, go_on, growing_array
from landscape.run.growing_array import GrowingArray
from landscape.run.run import FRAME_FIGURES, START_FIGURES

ARRAYS = ("loss", "accuracy", "validation_loss", "step", "epoch", "gradient_norm", "smoothed_loss")


def assert_same_run(one: Run, other: Run) -> None:
    np.testing.assert_array_equal(one.thetas, other.thetas)
    np.testing.assert_array_equal(one.batch_losses, other.batch_losses)
    for name in ARRAYS:
        np.testing.assert_array_equal(one.figure(name), other.figure(name), err_msg=name)
    assert one.stops == other.stops


def test_the_same_setup_gives_the_same_run(small_setup, small_run):
    assert_same_run(explore(small_setup), small_run)


def test_figures_are_those_of_the_parameters(small_run):
    X, y = small_run.measured()
    X_validation, y_validation = small_run.measured("validation")
    assert len(y) == 100
    for frame in (0, small_run.frames - 1):
        thetas = small_run.thetas[frame]
        np.testing.assert_allclose(small_run.figure("loss")[frame], small_run.net.loss(thetas, X, y), rtol=1e-6)
        np.testing.assert_allclose(small_run.figure("accuracy")[frame], small_run.net.accuracy(thetas, X, y))
        np.testing.assert_allclose(
            small_run.figure("validation_loss")[frame],
            small_run.net.loss(thetas, X_validation, y_validation),
            rtol=1e-6,
        )


def test_the_best_is_the_lowest_loss_of_all_frames(small_run):
    best = small_run.best
    loss = small_run.figure("loss")
    assert best.loss == loss.min() == loss[best.frame, best.start]
    np.testing.assert_array_equal(best.theta, small_run.thetas[best.frame, best.start])
    assert best.step == small_run.steps[best.frame]
    assert best.start_name == small_run.starts[best.start].name
    assert small_run.trajectory(best.start).loss[best.frame] == best.loss


def test_every_step_between_frames_can_be_computed_again(small_setup):
    setup = small_setup.changed(descent={"epochs": 3, "optimiser": "momentum", "learning_rate": 0.05})
    every = exploring(setup)
    run = next(every).run
    assert run.stride == 1
    every.close()
    begin = run.checkpoint(0)
    fine = {frame.step: frame for frame in run.descent(begin, FrameSchedule(1))}
    coarse = Run.create(
        setup, starting_points("corners_and_middle", run.net, run.plane), run.plane, stride=7, engine="fast"
    )
    coarse.digits = run.digits
    nothing = {name: np.zeros(run.K) for name in START_FIGURES}
    coarse.append(begin, nothing)
    for frame in coarse.descent(begin, FrameSchedule(7)):
        coarse.append(frame, nothing)
    for step in (1, 6, 7, 8, 13, 20, coarse.last_step):
        state = coarse.state_at(step)
        np.testing.assert_array_equal(state.thetas, fine[step].thetas)
        np.testing.assert_array_equal(state.state, fine[step].state)
    step = coarse.step(2, 10)
    np.testing.assert_array_equal(step.before, fine[9].thetas[2])
    np.testing.assert_array_equal(step.theta, fine[10].thetas[2])
    assert step.loss == pytest.approx(fine[10].losses[2], rel=1e-5)
    np.testing.assert_allclose(np.linalg.norm(step.gradient), fine[10].gradient_norms[2], rtol=1e-4)


def test_a_stopped_run_goes_on_as_if_it_had_never_stopped(small_setup, small_run, tmp_path):
    growing = exploring(small_setup, tmp_path / "growing")
    for explored in growing:
        if explored.frames == 5:
            break
    growing.close()
    explored.run.close()
    again = Run.load(tmp_path / "growing")
    assert again.frames == 5
    *_, last = go_on(again)
    assert last.done == 1.0
    assert_same_run(last.run, small_run)


@pytest.mark.parametrize("lost", ["smoothed_loss", "loss", "step", "thetas"])
def test_a_run_killed_in_the_middle_of_a_frame_goes_on_rightly(small_setup, small_run, tmp_path, lost):
    """Some arrays have the last frame already and others do not: that frame is dropped and descended again."""
    growing = exploring(small_setup, tmp_path / "growing")
    for explored in growing:
        if explored.frames == 5:
            break
    growing.close()
    explored.run.close()
    order = ["batch_losses", "states", "thetas", *FRAME_FIGURES, *START_FIGURES]  # as `Run.append` writes them
    for name in order[order.index(lost) :]:
        path = tmp_path / "growing" / f"{name}.npy"
        rows = np.load(path)
        path.unlink()
        GrowingArray(path, rows.shape[1:], rows.dtype.type).append(rows[:-1])
    again = Run.load(tmp_path / "growing")
    assert again.frames == 4
    *_, last = go_on(again)
    assert_same_run(last.run, small_run)


@pytest.mark.parametrize("failing", ["batch_losses", "thetas", "step", "smoothed_loss"])
def test_a_run_goes_on_rightly_after_the_disk_was_full(small_setup, small_run, tmp_path, monkeypatch, failing):
    growing = exploring(small_setup, tmp_path / "growing")
    for explored in growing:
        if explored.frames == 5:
            break
    run, write = explored.run, growing_array._write_at

    def full(file, place, content):
        if str(file.name).endswith(f"/{failing}.npy"):
            write(file, place, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        write(file, place, content)

    with monkeypatch.context() as patch:
        patch.setattr(growing_array, "_write_at", full)
        with pytest.raises(RecordError, match="No space left"):
            next(growing)
    assert run.frames == 5
    *_, last = go_on(run)
    assert_same_run(last.run, small_run)
    run.close()
    assert_same_run(Run.load(tmp_path / "growing"), small_run)


def test_a_manifest_that_can_not_be_written_takes_its_frame_back(small_setup, tmp_path, monkeypatch):
    growing = exploring(small_setup.changed(descent={"learning_rate": 1e6}), tmp_path / "growing")
    run = next(growing).run
    with monkeypatch.context() as patch:
        patch.setattr(Run, "write_manifest", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            for _ in growing:
                pass
    assert not any(run.stops)
    assert all(len(array) in (run.frames, run.last_step) for array in run._arrays.values())
    *_, last = go_on(run)
    assert any(last.run.stops)


def test_more_epochs_are_descended_on_top(small_setup, tmp_path):
    run = explore(small_setup, tmp_path / "run")
    *_, last = go_on(run, epochs=1.0)
    assert last.run.figure("epoch")[-1] == 1.0
    assert Run.load(tmp_path / "run").setup.descent.epochs == 1.0
    with pytest.raises(SetupError, match="choose more than that"):
        next(go_on(run, epochs=0.5))


def test_descent_inside_the_plane_lies_on_the_surface(small_setup):
    run = explore(small_setup.changed(descent={"in_plane": True, "learning_rate": 0.01}))
    _, off_plane = run.plane.project(run.thetas[-1])
    assert off_plane.max() < 1e-5
    assert run.figure("loss")[-1].mean() < run.figure("loss")[0].mean()


def test_a_start_that_explodes_leaves_a_readable_run(small_setup, tmp_path):
    run = explore(small_setup.changed(descent={"learning_rate": 1e6}))
    assert all(stop and stop.step <= run.last_step for stop in run.stops)
    again = Run.load(run.save(tmp_path / "exploded"))
    assert again.stops == run.stops
    assert again.best.loss == run.best.loss
    assert np.isfinite(again.thetas).all()


def test_what_does_not_exist_is_said(small_run):
    for call in (lambda: small_run.state_at(10**6), lambda: small_run.step(0, 0), lambda: small_run.trajectory(9)):
        with pytest.raises(SetupError, match="does not exist"):
            call()


def test_a_folder_that_can_not_be_made_is_said(small_setup, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="can't be kept"):
        next(exploring(small_setup, tmp_path / "file" / "run"))


def test_what_is_no_setup_is_said():
    for wrong in (None, "setup.toml", {}):
        with pytest.raises(SetupError, match="takes a Setup"):
            explore(wrong)


def test_beginning_from_a_model(small_setup, small_run, tmp_path):
    path = save_model(tmp_path / "m.npz", small_run.net, small_run.best.theta)
    run = next(exploring(small_setup.changed(network={"weights": str(path)}))).run
    np.testing.assert_array_equal(run.plane.origin, small_run.best.theta)
    other = small_setup.changed(network={"weights": str(path), "sizes": (784, 5, 2)})
    with pytest.raises(SetupError, match="the setup asks for"):
        next(exploring(other))
