from dataclasses import replace

import numpy as np
import pytest

import landscape as ls
from landscape.descent import Adam
from landscape.errors import SetupError
from landscape.lab import race as room
from landscape.lab.race import Race, rates_to_try, retracing

QUICK = {"trials": 3, "trial_epochs": 0.05, "epochs": 0.2, "seeds": 2}


@pytest.fixture(scope="module")
def digits():
    return ls.load_digits(classes=(3, 7))


@pytest.fixture(scope="module")
def found(small_setup, digits):
    return list(ls.racing(small_setup, digits, optimisers=("sgd", "adam", "momentum"), **QUICK))


def test_the_same_optimiser_twice_runs_the_same_race(small_setup, digits):
    twice = ls.race_optimisers(small_setup, digits, optimisers=("sgd", "sgd"), rates="equal", epochs=0.2, seeds=2)
    one, other = twice.racers
    assert one.rate == other.rate == small_setup.descent.learning_rate
    for name in ("losses", "validation_losses", "accuracies"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert twice.names == ("SGD", "SGD (2)")
    assert "no clear winner" in twice.verdict


def test_budgets_are_equal_by_count_of_gradients(small_setup, digits, monkeypatch):
    """Counted where the gradients are made: every update of every descent that the race asks for."""
    made = {}

    def counting(net, thetas, X, y, optimiser, *arguments, **options):
        for frame in ls.descend(net, thetas, X, y, optimiser, *arguments, **options):
            made[type(optimiser)] = made.get(type(optimiser), 0) + frame.batch_losses.size
            yield frame

    monkeypatch.setattr("landscape.lab.standing.descend", counting)
    found = ls.race_optimisers(small_setup, digits, optimisers=("sgd", "adam"), **QUICK)
    assert set(made.values()) == {found.granted}
    assert [racer.trial_gradients + racer.race_gradients for racer in found.racers] == [found.granted] * 2
    assert f"{found.granted:,} gradient evaluations over 20 digits" in found.budget
    assert found.granted == 3 * found.trial_updates + 2 * found.updates


def test_a_racer_takes_the_steps_of_its_own_descent_from_the_setups_start(small_setup, digits):
    found = ls.race_optimisers(small_setup, digits, optimisers=("adam",), rates=[0.01], epochs=0.2, seeds=1)
    net, train = small_setup.build_network(), digits.train
    first = net.init(small_setup.network.seed, small_setup.network.scheme)
    *_, last = ls.descend(
        net, first, train.images, train.labels, Adam(0.01), 20, epochs=0.2, seed=small_setup.descent.seed
    )
    few = small_setup.data.examples
    X, y = train.images[:few], train.labels[:few]
    assert found.racers[0].losses[0, 0] == pytest.approx(float(net.loss(first, X, y)), rel=1e-6)
    assert found.racers[0].losses[0, -1] == pytest.approx(float(net.loss(last.thetas[0], X, y)), rel=1e-5)
    assert found.steps[-1] == last.step


def test_all_begin_at_the_same_starts_and_choose_the_best_rate_they_tried(found):
    last = found[-1]
    first = [racer.losses[:, 0] for racer in last.racers]
    np.testing.assert_array_equal(first[0], first[1])
    assert first[0][0] != first[0][1]
    for racer in last.racers:
        assert [rate for rate, _ in racer.tried] == rates_to_try(racer.optimiser, 3)
        assert racer.rate == min(racer.tried, key=lambda pair: pair[1])[0]
    assert [f.done for f in found] == sorted(f.done for f in found)
    assert last.done == 1
    for words in ("SGD with momentum", "the best of 3 tried", "Each was granted", last.verdict):
        assert words in str(last)


def test_a_race_that_was_closed_goes_on_to_the_same_end(found, small_setup, digits):
    events = ls.racing(small_setup, digits, optimisers=("sgd", "adam", "momentum"), **QUICK)
    for cut in (4, len(found) - 3):
        part = found[cut]
        on = list(ls.racing(small_setup, digits, optimisers=("sgd", "adam", "momentum"), **QUICK, before=part))
        assert len(on) < len(found)
        for mine, its in zip(on[-1].racers, found[-1].racers, strict=True):
            np.testing.assert_array_equal(mine.losses, its.losses)
            assert mine.tried == its.tried
    events.close()
    with pytest.raises(SetupError, match="another setup"):
        next(ls.racing(small_setup, digits, optimisers=("sgd",), **QUICK, before=found[4]))


def test_where_they_went_is_traced_again(found, small_setup, digits):
    *_, ways = retracing(found[-1], small_setup, digits)
    net, few = small_setup.build_network(), small_setup.data.examples
    X, y = digits.train.images[:few], digits.train.labels[:few]
    assert ways.thetas.shape == (len(found[-1].steps), 3, net.P)
    for place, racer in enumerate(found[-1].racers):
        losses = [float(net.loss(theta, X, y)) for theta in ways.thetas[:, place]]
        np.testing.assert_allclose(losses, racer.losses[0], rtol=1e-4)
    with pytest.raises(SetupError, match="not come to its end"):
        next(retracing(found[0], small_setup, digits))


def test_explosions_are_counted_and_named(small_setup, digits):
    found = ls.race_optimisers(small_setup, digits, optimisers=("sgd", "adam"), rates=[1e6, 0.003], epochs=0.2, seeds=2)
    wild = found.racers[0]
    assert all(wild.ended)
    assert wild.race_gradients < found.granted
    assert "SGD made" in found.budget
    assert "2 of 2 ended early" in str(found)


def test_the_verdict_follows_the_bands():
    curves = np.array([[2.0, 0.2], [2.0, 0.3]])
    steps = np.array([0, 10])

    def race(*losses):
        racers = [room.Racer("sgd", 0.1, (), each, each, each) for each in losses]
        return Race(tuple(racers), steps, 0, 0, 2, 10, 32)

    assert "SGD is ahead" in race(curves, curves + 0.2).verdict
    assert "bands of SGD and SGD (2) overlap" in race(curves, curves + 0.05).verdict
    assert "nothing to compare" in replace(race(curves), racers=()).verdict


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"optimisers": ("magic",)}, "unknown"),
        ({"optimisers": ()}, "no race"),
        ({"rates": "fast"}, "search, usual or equal"),
        ({"rates": [0.1]}, "one rate"),
        ({"trials": 0}, "tries 1 to"),
        ({"seeds": 0}, "seeds"),
    ],
)
def test_what_makes_no_sense_is_refused(small_setup, digits, options, words):
    with pytest.raises(SetupError, match=words):
        next(ls.racing(small_setup, digits, **options))
