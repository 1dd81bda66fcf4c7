from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from landscape.run import explore
from landscape.run.layer_figures import following, layer_figures
from landscape.run.update import update_from


def test_the_figures_are_those_of_plain_numpy(small_run):
    update = update_from(small_run, 0, 3)
    weights, _ = small_run.net.unpack(update.theta)
    gradients, _ = small_run.net.unpack(update.gradient)
    changes, _ = small_run.net.unpack(update.change)
    figures = layer_figures(small_run.net, update)
    assert [found.layer for found in figures] == [1, 2]
    for found, W, G, change in zip(figures, weights, gradients, changes, strict=True):
        assert found.shape == W.shape
        for spread, values in ((found.weights, W), (found.gradient, G), (found.change, change)):
            expected = values.min(), values.max(), values.mean(), values.std()
            assert (spread.low, spread.high, spread.mean, spread.deviation) == pytest.approx(
                expected, rel=1e-4, abs=1e-9
            )
        assert found.ratio == pytest.approx(np.linalg.norm(change) / np.linalg.norm(W), rel=1e-5)


def test_the_ratio_is_judged_by_the_guide(small_run):
    found = layer_figures(small_run.net, update_from(small_run, 0, 3))[0]
    ratios = {1e-3: "near", 3.1e-3: "near", 3.3e-4: "near", 3.2e-3: "high", 3e-4: "low", float("nan"): "–"}
    assert {ratio: replace(found, ratio=ratio).verdict for ratio in ratios} == ratios


def test_weights_that_are_all_zero_have_no_ratio(small_run):
    update = update_from(small_run, 0, 3)
    nothing = replace(update, theta=np.zeros_like(update.theta))
    assert np.isnan(layer_figures(small_run.net, nothing)[0].ratio)


def test_rank_correlations_are_those_of_scipy():
    random = np.random.default_rng(3)
    weights, gradient = random.standard_normal((2, 400))
    change = np.round(gradient * 3 + random.standard_normal(400))  # with many ties
    gradient[:50] = 0
    found = following(weights, gradient, change)
    moved = gradient != 0
    assert (found.compared, found.still) == (350, 50)
    for value, other in ((found.gradient, gradient), (found.weight, weights)):
        assert value == pytest.approx(spearmanr(np.abs(change)[moved], np.abs(other)[moved]).statistic)


def test_the_lesson_follows_the_figures(small_setup):
    lessons = {}
    for optimiser, more in (("sgd", {}), ("adam", {}), ("sgd", {"weight_decay": 100.0})):
        run = explore(small_setup.changed(descent={"optimiser": optimiser, "learning_rate": 1e-3, **more}))
        update = update_from(run, 0, 10)
        lessons[optimiser, *more] = following(update.theta, update.gradient, update.change).lesson
        run.close()
    assert lessons["sgd",].startswith("The optimiser follows the gradient, not the size of the weight")
    assert "with |gradient| 1.00" in lessons["sgd",]
    assert lessons["sgd", "weight_decay"].startswith("Here large weights change more")
    assert lessons["adam",].startswith("Not the size of the weight decides")
    nothing = following(np.ones(3), np.zeros(3), np.zeros(3))
    assert nothing.lesson.startswith("No weight changes")
