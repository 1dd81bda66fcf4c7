import numpy as np
import pytest

import landscape as ls
from landscape.errors import SetupError


def test_single_examples_and_all_of_them_have_known_cosines(problem):
    """Drawn often enough, single examples come to the mean over every example; all examples together to 1."""
    net, theta, X, y = problem((6, 5, 4), "tanh", n=12)
    full = net.gradient(theta, X, y)
    each = [net.gradient(theta, X[i : i + 1], y[i : i + 1]) for i in range(12)]
    cosines = [g @ full / np.linalg.norm(g) / np.linalg.norm(full) for g in each]
    found = ls.measure_noise(net, {"here": theta}, X, y, sizes=(1, 12), draws=3000)
    assert found.cosine[0, 0] == pytest.approx(np.mean(cosines), abs=4 * np.std(cosines) / np.sqrt(3000))
    assert found.spread[0, 0] == pytest.approx(np.std(cosines), rel=0.1)
    assert found.cosine[0, 1] == pytest.approx(1)
    assert found.spread[0, 1] == pytest.approx(0, abs=1e-6)


def test_larger_batches_point_better_and_later_gradients_are_noisier():
    train = ls.load_digits().train
    X, y = train.images[:1000], train.labels[:1000]
    net = ls.Network((784, 16, 10))
    begin = net.init(0)
    *_, end = ls.descend(net, begin, X, y, ls.SGD(0.2), epochs=10)
    models = {"at the start": begin, "later": end.thetas[0]}
    pictures = list(ls.measuring_noise(net, models, X, y, (1, 16, 256), draws=40))
    assert [p.done for p in pictures] == sorted(p.done for p in pictures)
    last = pictures[-1]
    assert last.done == 1
    assert (np.diff(last.cosine, axis=1) > 0).all()
    assert last.cosine[1, 2] < last.cosine[0, 2] - 0.01
    assert (last.seconds > 0).all()
    known = [int(np.isfinite(picture.cosine).sum()) for picture in pictures]
    assert known == sorted(known)
    assert set(known) == set(range(7))
    for words in ("at the start", "later", "256", "Microseconds"):
        assert words in str(last)
    again = ls.measure_noise(net, models, X, y, (1, 16, 256), draws=40)
    np.testing.assert_array_equal(again.cosine, last.cosine)


def test_a_gradient_that_vanishes_points_nowhere():
    net = ls.Network((3, 2), "linear", "hinge")
    theta = net.pack([np.array([[9.0, -9], [9, -9], [9, -9]])], [np.zeros(2)])
    found = ls.measure_noise(net, {"here": theta}, np.ones((4, 3)), np.zeros(4, int), (1, 2), draws=2)
    assert not found.cosine.any()


def test_what_makes_no_sense_is_refused(problem):
    net, theta, X, y = problem()
    with pytest.raises(SetupError, match="1 to 12"):
        ls.measure_noise(net, {"here": theta}, X, y, sizes=(13,))
    with pytest.raises(SetupError, match="one model"):
        ls.measure_noise(net, {}, X, y)
