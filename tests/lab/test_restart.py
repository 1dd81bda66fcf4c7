from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

import landscape as ls
from landscape.errors import SetupError
from landscape.lab.restart import LOST, expected_best


@pytest.fixture(scope="module")
def found(small_setup):
    return list(ls.restarting(small_setup, count=5, long_runs=2, epochs=0.3))


def test_the_expected_best_is_the_mean_over_all_choices():
    losses = np.random.default_rng(0).random(7)
    every = [np.mean([min(chosen) for chosen in combinations(losses, k)]) for k in range(1, 8)]
    np.testing.assert_allclose(expected_best(losses), every)
    np.testing.assert_allclose(expected_best(np.stack([losses, 2 * losses])), [every, 2 * np.array(every)])
    assert expected_best(np.array([0.5, LOST]))[1] == 0.5


def test_the_best_of_k_of_a_known_distribution():
    """The lowest of k numbers spread evenly over 0 to 1 is 1/(k + 1) on average."""
    losses = np.random.default_rng(1).random((400, 20))
    np.testing.assert_allclose(expected_best(losses).mean(axis=0), 1 / np.arange(2, 22), atol=0.02)


def test_all_descents_are_made_at_equal_cost(found, small_setup):
    assert [f.done for f in found] == sorted(f.done for f in found)
    last = found[-1]
    assert last.done == 1
    assert {kind: losses.shape for kind, losses in last.losses.items()} == dict.fromkeys(last.losses, (5,))
    assert last.long_runs.shape == (2, 5)
    assert (np.diff(last.long_runs, axis=1) <= 0).all()
    assert (np.diff(last.expected) <= 1e-12).all()
    assert (last.band[0] <= last.expected + 1e-12).all()
    assert (last.band[1] >= last.expected - 1e-12).all()
    digits = ls.load_digits(classes=(3, 7))
    assert last.updates == round(0.3 * -(-len(digits.train) // 20))
    for words in ("5 descents of", "from corners", "fresh random weights", "95 % band", last.verdict):
        assert words in str(last)


def test_the_middle_is_the_middle_and_only_the_batches_differ(small_setup):
    digits = ls.load_digits(classes=(3, 7))
    whole = small_setup.changed(descent={"batch_size": len(digits.train), "epochs": 4})
    last = ls.restarts(whole, digits, count=4, long_runs=1)
    np.testing.assert_allclose(last.losses["middle"], last.losses["middle"][0], rtol=1e-5)  # no order of batches left
    assert np.ptp(last.losses["random"]) > 0.01
    net, train, check = whole.build_network(), digits.train, digits.validation
    *_, end = ls.descend(net, net.init(0), train.images, train.labels, ls.SGD(0.2), len(train), epochs=4)
    assert last.losses["middle"][0] == pytest.approx(
        float(net.loss(end.thetas[0], check.images, check.labels)), rel=1e-5
    )


def test_the_verdict_follows_the_band(found):
    last = found[-1]
    low, high = last.band[:, -1]
    for value, words in ((low - 1, "one long descent is better"), (high + 1, "restarts is better"), (low, "no clear")):
        assert words in replace(last, long_runs=np.full((2, 5), value)).verdict


def test_what_makes_no_sense_is_refused(small_setup):
    for options in ({"count": 1}, {"count": 65}, {"long_runs": 0}):
        with pytest.raises(SetupError, match="restarts"):
            ls.restarts(small_setup, **options)
