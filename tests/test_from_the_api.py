"""Everything there is to train, and what explains it, with no other import than the public one."""

import numpy as np
import pytest

import landscape as ls


@pytest.fixture(scope="module")
def run():
    setup = ls.Setup().changed(
        data={"classes": (3, 7), "examples": 100},
        network={"sizes": (784, 4, 2)},
        descent={"optimiser": "adam", "learning_rate": 0.01, "batch_size": 20, "epochs": 0.5},
    )
    run = ls.explore(setup)
    yield run
    run.close()


def test_chosen_classes_and_the_bar_to_beat():
    digits = ls.load_digits(classes=(3, 7))
    assert ls.pixel_similarity(digits)["mean"] == pytest.approx(float(ls.similarity(digits).accuracies.mean()))


def test_preprocessing_stage_by_stage_and_back():
    digits = ls.load_digits(preprocess=("scale", "centre", "pca:30"))
    looks = ls.Stages.fit(digits.preprocess, digits.train.pictures).looks(digits.train.pictures[:5])
    assert looks[0].label == "as written" and looks[-1].label == "back to pixels"
    assert looks[-1].pictures.shape == (5, 28, 28) and digits.train.images.shape[1] == 30


@pytest.mark.parametrize("scheme", ["normal", "scaled", "xavier", "he"])
@pytest.mark.parametrize("biases", ["zero", "normal"])
def test_the_start_is_drawn_by_its_own_seed(scheme, biases):
    net = ls.Network((784, 30, 10))
    one, again, other = (net.init(seed, scheme, biases) for seed in (3, 3, 4))
    assert (one == again).all() and (one != other).any()
    assert (one[~net.is_weight] == 0).all() == (biases == "zero")


def test_another_order_of_digits_begins_at_the_same_start(run):
    other = ls.explore(run.setup.changed(descent={"seed": 5}))
    np.testing.assert_array_equal(other.thetas[0], run.thetas[0])
    assert (other.thetas[-1] != run.thetas[-1]).any()
    other.close()


@pytest.mark.parametrize(
    "cost", ["cross_entropy", "quadratic", "mse", "binary_cross_entropy", "mae", "hinge", "mnist_loss"]
)
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "linear"])
def test_every_cost_with_every_activation_learns(cost, activation):
    digits = ls.load_digits(classes=(3, 7))
    net = ls.Network((784, 8, 1 if cost == "mnist_loss" else 2), activation, cost)
    theta, X, y = net.init(0), digits.train.images[:200], digits.train.labels[:200]
    *_, last = ls.descend(net, theta, X, y, ls.SGD(0.1), batch_size=20, epochs=3, l2=1e-4)
    assert float(net.loss(last.thetas[0], X, y)) < float(net.loss(theta, X, y))
    costs = ls.ExampleCosts.of(net, last.thetas[0], X, y)
    assert costs.mean == pytest.approx(float(net.loss(last.thetas[0], X, y)), rel=1e-5)
    assert costs.losses[costs.costliest(1)[0]] == costs.losses.max() and len(costs.classes) == 2
    assert costs.histogram()[0].sum() == 200 and costs.sentence


@pytest.mark.parametrize(
    "schedule",
    [ls.Constant(), ls.StepDecay(5), ls.ExponentialDecay(0.9), ls.CosineDecay(), ls.WarmUp(5), ls.OneCycle()],
    ids=lambda schedule: type(schedule).__name__,
)
def test_every_schedule_sets_the_rate_of_every_step(problem, schedule):
    net, theta, X, y = problem((6, 5, 4), n=40)
    frames = list(ls.descend(net, theta, X, y, ls.SGD(0.1), batch_size=4, epochs=2, schedule=schedule))
    rates = [0.1 * schedule(step, 20) for step in range(1, 21)]
    assert [frame.learning_rate for frame in frames if frame.step] == pytest.approx(rates)


@pytest.mark.parametrize("kind", ["corners", "middle", "ring", "grid", "random", "latin_hypercube", "sobol"])
def test_every_kind_of_starts(kind):
    net = ls.Network((784, 4, 10))
    starts = ls.starting_points(kind, net, ls.Plane.random(net, net.init(0)), count=64)
    assert len(starts) == {"corners": 4, "middle": 1}.get(kind, 64)
    assert len({start.theta.tobytes() for start in starts}) == len(starts)


def test_a_step_taken_apart_and_the_figures_of_its_layers(run):
    figures = ls.step_figures(ls.dissect(run, 1, 7), (0, 300, 2))["update_of_weight"]
    update = ls.update_from(run, 1, 6)
    assert figures["gradient"] == pytest.approx(float(update.gradient[300 * 4 + 2]), abs=1e-7)
    assert figures["change"] == pytest.approx(float(update.change[300 * 4 + 2]), abs=1e-6)
    assert len(figures["state"]) == 2  # Adam's moments
    first, second = ls.layer_figures(run.net, update)
    assert first.weights.low < 0 < first.ratio and second.verdict in ("low", "near", "high")


def test_a_network_that_is_rescaled_stays_the_same(run):
    theta, X = run.best.theta, run.measured()[0]
    np.testing.assert_allclose(
        run.net.outputs(ls.rescale(run.net, theta, 5.0), X), run.net.outputs(theta, X), atol=1e-5
    )
