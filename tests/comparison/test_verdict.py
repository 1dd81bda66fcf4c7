import numpy as np
import pytest

from landscape.comparison import judge, judging, probabilities
from landscape.comparison.verdict import BLOCK
from landscape.network.cost import COSTS


def test_a_verdict_is_what_the_network_says(problem):
    net, theta, X, y = problem(n=60)
    verdict = judge(net, theta, X, y)
    assert verdict.accuracy == net.accuracy(theta, X, y)
    assert verdict.loss == pytest.approx(net.loss(theta, X, y))
    np.testing.assert_array_equal(verdict.guesses, net.predict(theta, X))
    for truth in range(4):
        for guess in range(4):
            expected = np.sum((y == truth) & (verdict.guesses == guess))
            assert verdict.confusion[truth, guess] == expected
    assert set(verdict.wrong.tolist()) == set(np.flatnonzero(verdict.guesses != y).tolist())
    assert (np.diff(verdict.losses[verdict.wrong]) <= 0).all()
    assert (np.diff(verdict.losses[verdict.costliest]) <= 0).all()
    assert sorted(verdict.costliest.tolist()) == list(range(60))


def test_wrong_ones_come_first_and_nobody_is_left_out(problem):
    verdict = judge(*problem(n=60))
    order = verdict.wrong_first
    assert sorted(order.tolist()) == list(range(60))
    wrong = (verdict.guesses != verdict.labels)[order]
    assert wrong[: wrong.sum()].all() and 0 < wrong.sum() < 60
    assert (np.diff(verdict.losses[order[wrong.sum() :]]) <= 0).all()


def test_judging_goes_on_block_by_block(problem):
    net, theta, X, y = problem(n=2 * BLOCK + 300)
    *parts, last = judging(net, theta, X, y)
    assert [len(part.labels) for part in parts] == [BLOCK, 2 * BLOCK]
    assert [part.done < 1 for part in (*parts, last)] == [True, True, False]
    np.testing.assert_allclose(last.losses, net.example_losses(theta, X, y), rtol=1e-12)
    np.testing.assert_array_equal(last.guesses, net.predict(theta, X))


@pytest.mark.parametrize("cost", COSTS)
def test_probabilities_sum_to_one_and_agree_with_the_guess(problem, cost):
    sizes = (6, 5, 1) if cost == "mnist_loss" else (6, 5, 4)
    net, theta, X, _ = problem(sizes, cost=cost, n=30)
    shares = probabilities(net, theta, X)
    assert shares.shape == (30, max(2, sizes[-1]))
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_array_equal(shares.argmax(axis=1), net.predict(theta, X))


def test_softmax_outputs_are_the_probabilities(problem):
    net, theta, X, _ = problem()
    np.testing.assert_allclose(probabilities(net, theta, X), net.outputs(theta, X))
