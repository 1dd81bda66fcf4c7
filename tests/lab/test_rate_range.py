from itertools import pairwise

import numpy as np
import pytest

import landscape as ls
from landscape.descent.batch import Shuffled
from landscape.errors import SetupError
from landscape.lab.rate_range import EXPLODED, read_sweep


def valley(decades, fastest=-2.0, lowest=-0.5, steps=1001, low=1e-5, high=10.0):
    """Losses along a sweep: a smooth step down with its middle at `fastest`, then up beyond `lowest`."""
    x = np.linspace(np.log10(low), np.log10(high), steps)
    loss = 2.3 - 1.8 / (1 + np.exp(-decades * (x - fastest)))
    return x, loss + np.where(x > lowest, 8 * (x - lowest) ** 2, 0)


def test_the_readings_of_a_known_curve():
    x, losses = valley(6.0)
    found = read_sweep(losses, 1e-5, 10.0, len(x), 128)
    lag = 0.15  # decades: the smoothing's memory, a 50th of six decades, and a little
    assert -2.0 <= np.log10(found.steepest) <= -2.0 + lag
    assert -0.5 <= np.log10(found.largest) <= -0.5 + 1.5 * lag
    assert found.suggestion == pytest.approx(found.largest / 3)
    assert found.exploded
    assert found.smoothed[-1] > EXPLODED * found.smoothed.min()
    np.testing.assert_allclose(found.rates, 10 ** x[: len(found.rates)], rtol=1e-9)
    for part in ("falls fastest at a rate of", "lowest", "turns up", f"{found.suggestion:.3g}", "exploded"):
        assert part in str(found)


def test_smoothing_is_the_weighted_mean_of_all_losses_before():
    random = np.random.default_rng(1)
    losses = 1 + random.random(200)
    found = read_sweep(losses, 1e-3, 1.0, 200, 8)
    kept = 1 - 1 / 4  # the memory is a 50th of 200 updates
    for at in (0, 1, 7, 199):
        weights = kept ** np.arange(at, -1, -1)
        assert found.smoothed[at] == pytest.approx(weights @ losses[: at + 1] / weights.sum())


def test_a_loss_that_never_falls_gives_no_rate():
    found = read_sweep(np.full(100, 2.3), 1e-5, 1.0, 100, 8)
    assert np.isnan([found.largest, found.steepest, found.suggestion]).all()
    assert "at no rate" in str(found)
    with pytest.raises(SetupError, match="no rate to use"):
        found.try_setup(ls.Setup())


def test_a_loss_that_still_falls_at_the_highest_rate_says_so():
    x, losses = valley(6.0, lowest=5.0)
    found = read_sweep(losses, 1e-5, 10.0, len(x), 128)
    assert not found.turned
    assert not found.exploded
    assert "sweep to a higher rate" in str(found)


def test_what_is_not_finite_is_cut_off():
    losses = np.concatenate([np.linspace(2, 1, 50), [np.nan, np.inf]])
    found = read_sweep(losses, 1e-3, 1.0, 100, 8, ended=True)
    assert len(found.rates) == 50
    assert found.exploded
    with pytest.raises(SetupError, match="very start"):
        read_sweep(np.array([np.nan]), 1e-3, 1.0, 100, 8)


def test_the_sweep_takes_the_steps_of_a_plain_loop_and_changes_nothing(problem):
    net, theta, X, y = problem((6, 5, 4), "tanh", n=50)
    before = theta.copy(), X.copy(), y.copy()
    found = ls.lr_range(net, theta, X, y, 1e-2, 1.0, steps=40, batch_size=8, seed=3)
    for kept, now in zip(before, (theta, X, y), strict=True):
        np.testing.assert_array_equal(kept, now)
    here, losses = theta.copy(), []
    for step in range(1, 41):
        rows = Shuffled(50, 8, 3).of_step(step, 0)
        loss, gradient = net.loss_and_gradient(here, X[rows], y[rows])
        losses.append(loss)
        here = here - 1e-2 * 100 ** ((step - 1) / 39) * gradient
    np.testing.assert_allclose(found.losses, losses, rtol=1e-12)
    assert not found.losses.flags.writeable


def test_the_loss_turns_up_near_the_limit_that_curvature_sets(problem):
    """Full gradients from a point that has settled: above 2 / sharpness they must swing wider."""
    net, theta, X, y = problem((6, 4), "linear", n=60)
    *_, last = ls.descend(net, theta, X, y, ls.SGD(1.0), batch_size=60, epochs=30)
    limit = ls.measure_curvature(net, last.thetas[0], X, y).stable_rate
    found = ls.lr_range(net, last.thetas[0], X, y, limit / 1000, limit * 30, steps=400, batch_size=60)
    assert found.turned
    assert found.rates[-1] > limit
    # the descent on the way brings θ to flatter ground, where a little more than the limit is still stable
    assert limit / 3 < float(found.rates[np.argmin(found.losses)]) < 5 * limit


def test_it_grows_and_ends_when_the_loss_has_exploded(problem):
    net, theta, X, y = problem(n=40, dtype=np.float32)
    pictures = list(ls.sweeping_rates(net, theta, X, y, 1e-3, 1e6, steps=300, batch_size=10))
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    assert pictures[-1].done == 1
    assert pictures[-1].exploded
    assert len(pictures[0].rates) < len(pictures[-1].rates) < 300
    again = ls.lr_range(net, theta, X, y, 1e-3, 1e6, steps=300, batch_size=10)
    np.testing.assert_array_equal(again.losses, pictures[-1].losses)
    assert all(a < b for a, b in pairwise(again.rates))


def test_its_rate_becomes_a_setup_with_decay(problem):
    x, losses = valley(6.0)
    found = read_sweep(losses, 1e-5, 10.0, len(x), 128)
    tried = found.try_setup(ls.Setup())
    assert tried.descent.learning_rate == pytest.approx(found.suggestion, rel=1e-2)
    assert tried.descent.schedule == "cosine"


@pytest.mark.parametrize(
    ("low", "high", "steps", "words"), [(0, 1, 50, "rise"), (1, 0.1, 50, "rise"), (0.1, 1, 3, "10")]
)
def test_what_makes_no_sense_is_refused(problem, low, high, steps, words):
    net, theta, X, y = problem()
    with pytest.raises(SetupError, match=words):
        ls.lr_range(net, theta, X, y, low, high, steps, batch_size=4)
    with pytest.raises(SetupError, match="one θ"):
        ls.lr_range(net, theta[None], X, y, batch_size=4)
    with pytest.raises(SetupError, match="mini-batch"):
        ls.lr_range(net, theta, X, y, batch_size=0)
