import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network import Network
from landscape.run import Run, explore
from landscape.run.choice import KEPT
from landscape.run.gallery import hanging
from landscape.run.landmark import LANDMARKS, keep_plane_through, landmarks
from landscape.run.portrait import portray


@pytest.fixture
def run(small_setup, tmp_path):
    run = explore(small_setup, tmp_path / "run")
    yield run
    run.close()


def test_three_models_lie_on_the_plane_where_they_are_marked(run, tmp_path):
    thetas = [run.net.init(seed) for seed in (1, 2, 3)]
    kept = keep_plane_through(run, [(f"team {i}.npz", theta) for i, theta in enumerate(thetas)])
    again = Run.load(run.save(tmp_path / "kept"))
    X, y = run.measured()
    for shown in (run, again):
        marks = landmarks(shown, KEPT + kept.name)
        assert [(mark.letter, mark.name) for mark in marks] == [(c, f"team {i}.npz") for i, c in enumerate("ABC")]
        plane = portray(shown, KEPT + kept.name).plane
        for mark, theta in zip(marks, thetas):
            np.testing.assert_allclose(plane.point(mark.a, mark.b), theta, atol=1e-6)
            assert mark.loss == pytest.approx(float(run.net.loss(theta, X, y)), rel=1e-5)
            (low, high), (bottom, top) = kept.extent
            assert low < mark.a < high
            assert bottom < mark.b < top
    assert landmarks(run, "pca_all") == ()


def test_two_models_and_a_start(run):
    thetas = [run.net.init(seed) for seed in (1, 2)]
    kept = keep_plane_through(run, list(zip("xy", thetas)), start=2)
    third = landmarks(run, KEPT + kept.name)[2]
    assert third.name == f"the start “{run.starts[2].name}”"
    np.testing.assert_allclose(kept.plane.point(third.a, third.b), run.thetas[0, 2], atol=1e-6)
    with pytest.raises(SetupError, match="three models"):
        keep_plane_through(run, [("x", thetas[0])])
    with pytest.raises(SetupError, match="three models"):
        keep_plane_through(run, [("x", np.zeros(5, np.float32)), ("y", thetas[0])])
    with pytest.raises(SetupError, match="one line"):
        keep_plane_through(run, [("x", thetas[0]), ("y", thetas[0]), ("z", thetas[1])])


@pytest.mark.parametrize("senseless", [7, {}, {"p": 3}, {"p": [3, {}, {"letter": "A"}]}, {"p": [{"a": "x"}]}])
def test_a_senseless_record_marks_nothing(run, senseless):
    run.about[LANDMARKS] = senseless
    assert landmarks(run, KEPT + "p") == ()


def test_models_hang_side_by_side(run, tmp_path):
    models = [("one", run.net.init(1)), ("two", run.net.init(2))]
    (made,) = hanging(run.net, models, run.digits, "embedded", tmp_path / "gallery")
    shown = Run.load(made.run.save(tmp_path / "saved"))
    assert [(start.name, start.kind) for start in shown.starts] == [("one", "model"), ("two", "model")]
    assert shown.frames == 1
    assert not shown.unfinished
    for start, (_, theta) in enumerate(models):
        np.testing.assert_array_equal(shown.thetas[0, start], theta)
    X, y = shown.measured()
    np.testing.assert_allclose(shown.figure("loss")[0], [run.net.loss(theta, X, y) for _, theta in models], rtol=1e-5)
    other = Network((784, 2))
    with pytest.raises(SetupError, match="not all"):
        next(hanging(other, models, run.digits, "embedded"))
