import numpy as np
import pytest

from landscape.descent import Stop
from landscape.descent.stopping import Explosion, Goals, guesses, silent_layer
from landscape.network import Network

NAN = float("nan")


def test_below_what_knowing_nothing_costs_noise_is_no_explosion():
    low = np.array([0.05, 0.04, 0.4, 0.3, 2.4])
    assert Explosion().judge(low, 100, NAN, NAN)[2] == 2
    assert Explosion(floor=2.3).judge(low, 100, NAN, NAN)[2:] == (4, "exploded")


def test_three_times_the_first_loss_is_an_explosion():
    first, _, at, reason = Explosion().judge(np.array([1.0, 2.0, 2.9, 3.1, 9.0]), 100, NAN, NAN)
    assert (first, at, reason) == (1.0, 3, "exploded")


def test_small_mini_batches_are_smoothed_so_that_noise_is_no_explosion():
    noisy = np.array([1.0, 5.0, 0.5, 0.4, 6.0])
    assert Explosion().judge(noisy, 1, NAN, NAN)[2] is None
    assert Explosion().judge(noisy, 100, NAN, NAN)[2] == 1


def test_not_finite_is_named():
    assert Explosion().judge(np.array([1.0, np.inf]), 10, NAN, NAN)[2:] == (1, "not_finite")
    assert Explosion().judge(np.array([NAN]), 10, 1.0, 1.0)[2:] == (0, "not_finite")


def test_judging_in_two_parts_is_judging_in_one():
    losses = np.array([1.0, 1.5, 2.0, 2.5, 3.0, 3.5])
    first, smoothed, *_ = Explosion().judge(losses[:3], 20, NAN, NAN)
    assert Explosion().judge(losses[3:], 20, first, smoothed)[:2] == Explosion().judge(losses, 20, NAN, NAN)[:2]


EPOCHS = np.array([0.0, 0.5, 1.0, 1.5, 2.0])


def test_a_target_is_reached_by_the_measured_loss():
    losses = np.array([2.0, 0.6, 0.5, 0.4, 0.3])
    goals = Goals(target_loss=0.5)
    assert goals.judge(2, EPOCHS[:2], losses[:2], losses[:2]) is None
    stop = goals.judge(3, EPOCHS[:3], losses[:3], losses[:3])
    assert (stop.reason, stop.step, stop.failed) == ("target", 3, False)
    assert stop.sentence == "reached its target at step 3: a loss of 0.5, 0.5 was wanted"


def test_patience_counts_the_epochs_since_the_lowest_validation_loss():
    losses, validation = np.zeros(5), np.array([2.0, 0.5, 0.5, 0.7, 0.6])  # as low as before is not lower
    goals = Goals(patience=1.0)
    assert [goals.judge(f, EPOCHS[:f], losses[:f], validation[:f]) is None for f in (1, 2, 3)] == [True] * 3
    stop = goals.judge(40, EPOCHS[:4], losses[:4], validation[:4])
    assert (stop.reason, stop.step, stop.failed) == ("patience", 40, False)
    assert "has not fallen for 1 epochs (lowest 0.5 at epoch 0.5)" in stop.sentence
    better = np.array([2.0, 0.5, 0.4, 0.7, 0.6])
    assert goals.judge(4, EPOCHS[:4], losses[:4], better[:4]) is None
    assert goals.judge(5, EPOCHS, losses, better) is not None


def test_nothing_is_judged_without_goals_or_figures():
    assert Goals().judge(5, EPOCHS, np.zeros(5), np.arange(5.0)) is None
    assert Goals(patience=1).judge(5, EPOCHS, np.full(5, NAN), np.full(5, NAN)) is None
    assert Goals(0.1, 1).judge(5, EPOCHS, np.full(5, np.inf), np.array([NAN, 2, 1, NAN, 0.5])) is None


def test_guessing_is_being_right_as_often_as_the_commonest_class():
    y = np.repeat([0, 1], [70, 30])
    assert guesses(0.3, y)
    assert guesses(0.72, y)
    assert not guesses(0.75, y)


@pytest.mark.parametrize(
    ("silenced", "words"),
    [
        ((range(30), ()), "all 30 ReLU units of hidden layer 1 are silent"),
        ((range(29), ()), "29 of the 30 ReLU units of hidden layer 1 are silent"),
        ((range(28), ()), ""),
        (((), range(4)), "all 4 ReLU units of hidden layer 2 are silent"),
        (((), range(3)), ""),
    ],
)
def test_a_layer_is_silent_when_nearly_no_unit_answers(silenced, words):
    net = Network((6, 30, 4, 3))
    theta = np.abs(net.init(1))
    X = np.random.default_rng(0).random((50, 6)).astype(np.float32)
    _, biases = net.unpack(theta)
    for layer, units in enumerate(silenced):
        biases[layer][list(units)] = -1e3
    assert silent_layer(net, theta, X) == words
    assert silent_layer(Network(net.sizes, "tanh"), theta, X) == ""


@pytest.mark.parametrize("reason", ["exploded", "not_finite", "dead", "target", "patience"])
def test_every_reason_has_a_sentence(reason):
    stop = Stop(reason, 1234, "so it is")
    assert "at step 1,234" in stop.sentence
    assert stop.sentence != f"{reason} at step 1,234"
    assert stop.failed == ("try" in stop.sentence)
    assert "_" not in stop.word
