"""Heights along a line are the network's own losses; the barrier is said in words."""

import numpy as np
import pytest

from landscape.comparison.line import Line
from landscape.lab.profile import barrier_words, profile, profiling
from landscape.run.chosen_line import line_between, line_down


def test_heights_are_the_losses_of_the_models_on_the_line(small_run):
    line = line_between(small_run, "start:0", "end:1")
    found = profile(small_run, line, points=13)
    assert found.t[0] == -0.25 and found.t[-1] == 1.25 and {0.0, 1.0} <= set(found.t)
    for which in ("training", "validation"):
        X, y = small_run.measured(which)
        curve = found.curves[which]
        for t, loss, accuracy in zip(found.t, curve.loss, curve.accuracy, strict=True):
            expected = small_run.net.loss_and_accuracy(line.theta(t), X, y)
            assert loss == pytest.approx(float(expected[0]), rel=1e-4)
            assert accuracy == pytest.approx(float(expected[1]), abs=1.5 / len(y))
        assert curve.examples == len(y)


def test_the_ends_are_those_of_the_record(small_run):
    found = profile(small_run, line_between(small_run, "start:0", "end:1"))
    for which, name in (("training", "loss"), ("validation", "validation_loss")):
        between = found.between(which)
        assert (between.t[0], between.t[-1]) == (0, 1)
        assert between.loss[0] == pytest.approx(small_run.figure(name)[0, 0], rel=1e-4)
        assert between.loss[-1] == pytest.approx(small_run.figure(name)[-1, 1], rel=1e-4)
    assert len(found.sentences) == 4 and found.sentences[0] == found.line.words


def test_down_the_gradient_the_lowest_point_has_a_learning_rate_and_no_barrier_is_told(small_run):
    theta = np.array(small_run.thetas[0, 0])
    line = line_down(small_run, theta, "a model")
    found = profile(small_run, line)
    at = int(np.argmin(found.curves["training"].loss))
    assert found.curves["training"].loss[at] < small_run.figure("loss")[0, 0]
    assert len(found.sentences) == 2
    if found.t[at] != 1:
        assert found.sentences[1].endswith(f"η = {line.rate * found.t[at]:.3g}.")


def test_it_grows_finer_and_the_training_digits_come_first(small_run):
    steps = list(profiling(small_run, line_between(small_run, "start:0", "best")))
    assert "validation" not in steps[0].curves and set(steps[-1].curves) == {"training", "validation"}
    assert [each.done for each in steps] == sorted(each.done for each in steps) and steps[-1].done == 1


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ((1, 0.7, 0.3, 0.1, 0), "falls all the way"),
        ((1, 0.7, 0.2, 0.2, 0.1), "No barrier over the training digits: from A (1) to B (0.1)"),
        ((1, 1.5, 3, 1, 0), "Barrier of 2.5 over the training digits: at t = 0.50 the loss is 3,"),
        ((1, np.nan, 3, 1, 0), "not finite"),
    ],
)
def test_the_barrier_in_words(losses, words):
    line = Line(np.linspace(0, 1, 5), np.array(losses, float), np.zeros(5), 10)
    assert words in barrier_words(line, "training")
