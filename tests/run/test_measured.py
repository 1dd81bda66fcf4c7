"""What a measure means for a run, against the network's own functions."""

from collections import deque

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.run import explore
from landscape.run.measured import digits_of, heights_at, path_heights, recorded_heights
from landscape.run.portrait import evaluating, portray
from landscape.run.turntable import turning
from landscape.surface.measure import Measure


@pytest.fixture(scope="module")
def run(small_setup):
    """A run that feels an L2 penalty."""
    run = explore(small_setup.changed(descent={"l2": 0.1}))
    yield run
    run.close()


def truth(run, measure, theta):
    """The height of one model, written out."""
    if measure.differs:
        return truth(run, Measure(measure.quantity), theta) * -1 + truth(
            run, Measure(measure.quantity, "validation"), theta
        )
    X, y = run.measured(measure.over) if measure.over != "batch" else (run.digits.train.images, run.digits.train.labels)
    if measure.over == "batch":
        rows = run.batches.of_step(measure.step, measure.start)
        X, y = X[rows], y[rows]
    if measure.label is not None:
        wanted = run.setup.data.classes.index(measure.label)
        X, y = X[y == wanted], y[y == wanted]
    if measure.example is not None:
        X, y = X[[measure.example]], y[[measure.example]]
    X, y = X[: measure.first], y[: measure.first]
    if measure.quantity == "accuracy":
        return 100 * float(run.net.accuracy(theta, X, y))
    return float(run.net.loss(theta, X, y, run.setup.descent.l2 if measure.penalised else 0.0))


MEASURES = [
    Measure(), Measure("accuracy"), Measure(over="validation"), Measure(over="test"), Measure(over="difference"),
    Measure("accuracy", "difference"), Measure(label=7), Measure("accuracy", "validation", label=3), Measure(example=5),
    Measure(first=20), Measure(penalised=True), Measure(over="batch", step=2, start=1), Measure("accuracy", "test", first=30),
]  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: f"{m.quantity}, {m.short}{m.penalised * ' + l2'}")
def test_surface_paths_and_moving_pictures_are_heights_of_one_thing(run, measure):
    portrait = portray(run, "filter")  # with trained biases: where a layer is silent, no two classes tie
    *_, surface = evaluating(run, portrait, measure, cells=3)
    assert surface.complete and surface.measure == measure
    for j, i in ((0, 0), (2, 1)):
        theta = portrait.plane.point(surface.a[i], surface.b[j])
        assert surface.heights[j, i] == pytest.approx(truth(run, measure, theta), rel=2e-5, abs=2e-6)
    heights = deque(path_heights(run, measure, run.frames), maxlen=1).pop()
    assert heights.shape == (run.frames, run.K)
    for frame, start in ((0, 0), (-1, 3)):
        assert heights[frame, start] == pytest.approx(truth(run, measure, run.thetas[frame, start]), rel=2e-5, abs=2e-6)
    np.testing.assert_allclose(heights_at(run, measure, run.thetas[-1]), heights[-1], rtol=2e-5, atol=2e-6)
    *_, table = turning(run, portrait.plane, "random", 0, (0.0, 0.0), measure)
    _, moving = table.picture(table.pose, portrait.extent(), 3)
    np.testing.assert_allclose(moving.heights, surface.heights, rtol=1e-4, atol=1e-4)


def test_known_heights_are_not_measured_again(run):
    measure = Measure(example=1)
    known = deque(path_heights(run, measure, 2), maxlen=1).pop() + 100
    later = list(path_heights(run, measure, 4, known))
    assert len(later) == 2 and np.isnan(later[0][3]).all()
    np.testing.assert_array_equal(later[-1][:2], known)
    assert len(list(path_heights(run, measure, 2, known))) == 1
    np.testing.assert_array_equal(recorded_heights(run, Measure(), 3), run.figure("loss")[:3])


def test_errors_of_heights(run):
    X, y = run.measured()
    portrait = portray(run, "starts")
    *_, loss = evaluating(run, portrait, Measure(), cells=2)
    *_, accuracy = evaluating(run, portrait, Measure("accuracy"), cells=2)
    *_, gap = evaluating(run, portrait, Measure(over="difference"), cells=2)
    *_, other = evaluating(run, portrait, Measure(over="validation"), cells=2)
    each = run.net.example_losses(portrait.plane.point(loss.a[0], loss.b[0]), X, y)
    assert loss.error[0, 0] == pytest.approx(each.std(ddof=1) / np.sqrt(len(y)), rel=1e-4)
    right = accuracy.accuracy[0, 0]
    assert accuracy.error[0, 0] == pytest.approx(100 * np.sqrt(right * (1 - right) / (len(y) - 1)))
    np.testing.assert_allclose(gap.error, np.hypot(loss.error, other.error))
    *_, alone = evaluating(run, portrait, Measure(example=0), cells=2)
    assert alone.error is None


def test_noise_is_found_when_it_is_asked_for(run):
    portrait = portray(run, "starts")
    *before, last = evaluating(run, portrait, Measure(first=20), cells=9, noise=True)
    assert last.noise is not None and last.noise.any() and not last.noise.all() and last.example_losses is None
    assert all(surface.noise is None for surface in before if not surface.complete)
    *_, plain = evaluating(run, portrait, Measure(first=20), cells=9)
    assert plain.noise is None
    np.testing.assert_array_equal(plain.loss, last.loss)


def test_digits_that_are_not_there(run):
    with pytest.raises(SetupError, match="no 5s among this run's digits: choose one of 3, 7"):
        digits_of(run, Measure(label=5))
    with pytest.raises(SetupError, match="number 100 does not exist: the training digits are 0 to 99"):
        digits_of(run, Measure(example=100))
