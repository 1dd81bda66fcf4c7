import numpy as np
import pytest

import landscape as ls
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.cost import COSTS


@pytest.fixture(scope="module")
def digits():
    train = ls.load_digits().train
    return train.images[:300], train.labels[:300]


def by_name(found):
    return dict(zip(("first loss", "regularisation", "by heart", "gradient"), found.checks, strict=True))


def test_a_sound_network_passes_all_four(digits):
    found = ls.sanity_checks(Network((784, 30, 10)), *digits)
    assert found.passed, str(found)
    checks = by_name(found)
    assert checks["first loss"].figure == pytest.approx(np.log(10), rel=0.01)
    assert checks["by heart"].figure < 0.01
    assert "accuracy 1.00" in checks["by heart"].sentence
    assert checks["gradient"].figure < 1e-5
    assert found.learning[0] > 1
    assert found.learning[-1] == checks["by heart"].figure
    assert str(found).count("Passed") == 4
    assert "ln 10 = 2.3026" in str(found)


@pytest.mark.parametrize("cost", COSTS)
def test_guessing_costs_what_the_formula_says(problem, cost):
    """The formulas of C against the network's own loss at θ = 0, for every cost."""
    net, _, X, y = problem((6, 5, 1 if cost == "mnist_loss" else 4), "tanh", cost, n=30)
    check = next(ls.checking_sanity(net, X, y)).checks[0]
    assert check.passed
    assert float(check.wanted) == pytest.approx(float(net.loss(np.zeros(net.P), X, y)), rel=1e-3)


@pytest.mark.parametrize(
    ("activation", "cost"),
    [("sigmoid", "quadratic"), ("tanh", "mse"), ("relu", "binary_cross_entropy"), ("linear", "hinge")],
)
def test_other_costs_and_activations_pass_too(digits, cost, activation):
    found = ls.sanity_checks(Network((784, 20, 10), activation, cost), *digits)
    assert found.passed, str(found)


def test_an_output_that_is_wrong_and_saturated_is_named(digits):
    """Half a squared error of one for one digit in 20: with this seed, its outputs are all 0 and have no slope."""
    found = by_name(ls.sanity_checks(Network((784, 20, 10), "relu", "quadratic"), *digits))["by heart"]
    assert not found.passed
    assert found.figure == pytest.approx(0.5 / 20, rel=0.01)
    assert "saturated" in found.meaning


def test_a_hopeless_rate_fails_to_learn_by_heart_and_says_what_it_means(digits):
    for rate in (1e-6, 1e4):
        found = ls.sanity_checks(Network((784, 30, 10)), *digits, optimiser=ls.SGD(rate), steps=60)
        assert [check.passed for check in found.checks] == [True, True, False, True]
        assert "FAILED: 20 digits are learnt by heart" in str(found)
        assert "try another learning rate" in str(found)
        assert not found.passed


def test_wrong_programs_are_found_out(problem, monkeypatch):
    net, theta, X, y = problem((6, 12, 4), "tanh", n=30)
    with monkeypatch.context() as broken:
        broken.setattr(Network, "penalty", lambda self, theta, l2: 0.0)
        assert not by_name(ls.sanity_checks(net, X, y, theta, steps=20))["regularisation"].passed
    right = Network.gradient
    with monkeypatch.context() as broken:
        broken.setattr(Network, "gradient", lambda *arguments: 1.01 * right(*arguments))
        assert not by_name(ls.sanity_checks(net, X, y, theta, steps=20))["gradient"].passed
    linear, _, X, y = problem((6, 4), n=30)
    assert not next(ls.checking_sanity(linear, 1e4 * X, y)).passed


def test_it_grows_and_leaves_all_as_it_was(problem):
    net, theta, X, y = problem((6, 12, 4), "tanh", n=30)
    before = theta.copy()
    pictures = list(ls.checking_sanity(net, X, y, theta, steps=200))
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    assert (len(pictures[0].checks), len(pictures[-1].checks), pictures[-1].done) == (1, 4, 1.0)
    np.testing.assert_array_equal(theta, before)
    with pytest.raises(SetupError, match="above 0"):
        ls.sanity_checks(net, X, y, l2=0)
    with pytest.raises(SetupError, match="1 step"):
        ls.sanity_checks(net, X, y, steps=0)
