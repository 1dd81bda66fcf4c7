import numpy as np

from landscape.descent.stopping import Explosion

NAN = float("nan")


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
