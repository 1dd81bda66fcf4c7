import itertools

import numpy as np
import pytest

from landscape.comparison import comparing
from landscape.data import load_digits
from landscape.errors import SetupError
from landscape.model import Model
from landscape.network import Network


def test_models_pairs_and_disagreements(taught, all_digits):
    net, a, b = taught
    wide = Network((784, 5, 10), "tanh")
    models = [("a", Model(net, a)), ("b", Model(net, b)), ("wide", Model(wide, wide.init()))]
    steps = list(comparing(models, [all_digits] * 3, points=11))
    known = list(dict.fromkeys((len(step.entries), len(step.pairs)) for step in steps))
    assert known == [(0, 0), (1, 0), (2, 0), (3, 0), (3, 1), (3, 2), (3, 3)]
    assert all(before.done < after.done or before.done == 0 for before, after in itertools.pairwise(steps[:9]))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    whole = steps[-1]
    assert whole.done == 1
    for entry, theta, its_net in zip(whole.entries, (a, b, wide.init()), (net, net, wide)):
        for which in ("train", "validation", "test"):
            split = getattr(all_digits, which)
            assert entry.verdicts[which].accuracy == its_net.accuracy(theta, split.images, split.labels)
    pair = whole.pairs[0]
    X = all_digits.test.images
    one, other = net.predict(a, X), net.predict(b, X)
    assert sorted(pair.disagreements.tolist()) == np.flatnonzero(one != other).tolist()
    assert pair.after["test"].barrier < pair.before["test"].barrier
    assert pair.before["train"].examples == len(all_digits.train)
    assert [(p.a, p.b, bool(p.no_line)) for p in whole.pairs] == [(0, 1, False), (0, 2, True), (1, 2, True)]
    assert "differ in size" in whole.pairs[1].no_line


def test_lines_that_would_compare_unlike_things_are_not_drawn(taught, all_digits):
    net, a, b = taught
    other = Network(net.sizes, net.activation, "hinge")
    *_, whole = comparing([("a", Model(net, a)), ("b", Model(other, b))], [all_digits] * 2)
    assert "costs differ" in whole.pairs[0].no_line
    centred = load_digits(preprocess=("scale", "centre"))
    *_, whole = comparing([("a", Model(net, a)), ("b", Model(net, b))], [all_digits, centred])
    assert "prepared differently" in whole.pairs[0].no_line


def test_models_of_other_digits_are_refused(taught, all_digits):
    net, a, _ = taught
    pair = Network((784, 2))
    with pytest.raises(SetupError, match="different digits"):
        comparing([("a", Model(net, a)), ("b", Model(pair, pair.init()))], [all_digits, load_digits(classes=(3, 7))])
    with pytest.raises(SetupError, match="at least two"):
        comparing([("a", Model(net, a))], [all_digits])
