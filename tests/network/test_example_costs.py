import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network import ExampleCosts

LOSSES = np.array([0.5, 0.001, 4.0, 0.02, 4.0, 0.001, 0.003, 0.01, 0.2, 0.1])
LABELS = np.array([0, 0, 1, 1, 0, 0, 1, 1, 1, 1])
COSTS = ExampleCosts(LOSSES, LABELS, np.where(LOSSES > 1, 1 - LABELS, LABELS))


@pytest.mark.parametrize("cost", ["cross_entropy", "hinge", "mae"])
def test_costs_are_those_of_each_example_alone(problem, cost):
    net, theta, X, y = problem(cost=cost)
    costs = ExampleCosts.of(net, theta, X, y)
    for e in range(len(y)):
        assert costs.losses[e] == pytest.approx(float(net.loss(theta, X[e : e + 1], y[e : e + 1])), rel=1e-12)
    assert costs.mean == pytest.approx(float(net.loss(theta, X, y)), rel=1e-12)
    assert 1 - costs.wrong.mean() == pytest.approx(float(net.accuracy(theta, X, y)))
    with pytest.raises(ValueError, match="read-only"):
        costs.losses[0] = 0
    y[0] += 0  # the caller's own labels stay writable


def test_the_costliest_come_first_and_equal_ones_in_their_order():
    assert COSTS.costliest(3).tolist() == [2, 4, 0]
    assert len(COSTS.costliest(100)) == 10


def test_every_example_is_counted_once_on_a_scale_of_ratios():
    counts, edges = COSTS.histogram(12)
    assert counts.sum() == 10
    np.testing.assert_allclose(edges[1:] / edges[:-1], edges[1] / edges[0])
    assert counts[0] == 2
    assert counts[-1] == 2
    for losses in (np.zeros(3), np.full(3, 2.0), np.array([0.0, 1.0, np.inf])):
        counts, edges = ExampleCosts(losses, np.zeros(3, int), np.zeros(3, int)).histogram(5)
        assert counts.sum() == np.isfinite(losses).sum()
        assert (np.diff(edges) > 0).all()
    with pytest.raises(SetupError, match="at least 1 bin"):
        COSTS.histogram(0)


def test_bins_share_the_whole_cost():
    counts, edges = COSTS.histogram(6)
    shares = COSTS.shares(edges)
    assert shares.sum() == pytest.approx(1)
    assert shares[-1] == pytest.approx(8 / LOSSES.sum()) and counts[-1] == 2
    none = ExampleCosts(np.zeros(3), np.zeros(3, int), np.zeros(3, int))
    assert none.shares(none.histogram(4)[1]).tolist() == [0] * 4


def test_each_class_has_its_figures():
    first, second = COSTS.classes
    assert (first.label, first.count, first.wrong, second.count, second.wrong) == (0, 4, 1, 6, 1)
    assert first.share + second.share == pytest.approx(1)
    assert second.share == pytest.approx(4.333 / LOSSES.sum())


def test_what_the_average_hides_is_said():
    assert COSTS.by_class() == pytest.approx({0: 4.502 / 4, 1: 4.333 / 6})
    assert COSTS.share_of_costliest(0.2) == pytest.approx(8 / LOSSES.sum())
    assert "The mean cost is 0.88" in COSTS.sentence
    assert "less than 0.06" in COSTS.sentence
    assert "costliest hundredth make up 45% of the whole cost, the costliest tenth 45%" in COSTS.sentence
    assert "Class 0 is the dearest (1.13), class 1 the cheapest (0.722)" in COSTS.sentence
    alone = ExampleCosts(np.zeros(2), np.zeros(2, int), np.zeros(2, int))
    assert alone.share_of_costliest() == 0
    assert "class 0 the cheapest" in alone.sentence
