import json

import numpy as np
import pytest

import landscape as ls
from landscape.errors import RecordError, SetupError
from landscape.lab.random_search import Search, Trial, narrowed

OPTIONS = {"coarse": 6, "fine": 3, "epochs": 0.3, "ranges": ls.Ranges(hidden=(2, 8))}


@pytest.fixture(scope="module")
def whole(small_setup, tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "search.jsonl"
    return list(ls.searching(small_setup, path, **OPTIONS)), path


def trial(loss, stage="coarse", rate=0.1, l2=1e-4, hidden=30):
    return Trial(stage, 0, rate, l2, hidden, loss, 0.9)


def test_every_trial_is_what_a_plain_descent_comes_to(whole, small_setup):
    events, path = whole
    last = events[-1]
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert last.done == 1
    assert [t.stage for t in last.trials] == ["coarse"] * 6 + ["fine"] * 3
    digits = ls.load_digits(classes=(3, 7))
    for one in (last.trials[1], last.trials[-1]):
        net = ls.Network((784, one.hidden, 2))
        epochs = 0.3 if one.stage == "coarse" else 0.9
        *_, end = ls.descend(
            net, net.init(0), digits.train.images, digits.train.labels, ls.SGD(one.rate), 20, epochs, l2=one.l2
        )
        loss = float(net.loss(end.thetas[0], digits.validation.images, digits.validation.labels))
        assert one.loss == pytest.approx(loss, rel=1e-4)
    assert len(path.read_text().splitlines()) == 10
    tried = last.try_setup(small_setup)
    assert (tried.descent.learning_rate, tried.network.sizes[1]) == (last.best.rate, last.best.hidden)
    assert f"{last.best.loss:.4g}" in str(last)


@pytest.mark.parametrize("cut", [0, 3, 7])
def test_a_search_that_was_cut_short_goes_on_to_the_same_end(whole, small_setup, tmp_path, cut):
    events, path = whole
    lines = path.read_text().splitlines(keepends=True)
    begun = tmp_path / "begun.jsonl"
    begun.write_text("".join(lines[: 1 + cut]) + lines[1 + cut][:20])  # killed in the middle of a line
    again = list(ls.searching(small_setup, begun, **OPTIONS))
    assert again[-1] == events[-1]
    assert begun.read_text() == path.read_text()
    assert sum(len(event.trials) <= cut and event.done > 0 for event in again) >= cut


def test_closing_it_keeps_what_is_finished(small_setup, tmp_path):
    path = tmp_path / "closed.jsonl"
    events = ls.searching(small_setup, path, **OPTIONS)
    for event in events:
        if len(event.trials) == 2:
            break
    events.close()
    assert [json.loads(line)["number"] for line in path.read_text().splitlines()[1:]] == [0, 1]


def test_another_search_or_a_strange_file_is_refused(whole, small_setup, tmp_path):
    _, path = whole
    with pytest.raises(RecordError, match="other than this very search"):
        ls.search(small_setup, path, **(OPTIONS | {"seed": 1}))
    for text in ("no json\n", "[1]\n", '{"search": {}}\n'):
        (tmp_path / "strange").write_text(text)
        with pytest.raises(RecordError, match="other than this very search"):
            ls.search(small_setup, tmp_path / "strange", **OPTIONS)
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace('"coarse"', "3")
    (tmp_path / "strange").write_text("\n".join(lines))
    with pytest.raises(RecordError, match="not one of a search"):
        ls.search(small_setup, tmp_path / "strange", **OPTIONS)
    with pytest.raises(RecordError, match="no file of a search"):
        ls.search(small_setup, tmp_path, **OPTIONS)


def test_the_fine_stage_lies_between_the_best_coarse_trials():
    trials = tuple(trial(loss, rate=rate) for loss, rate in [(9, 1e-3), (1, 0.1), (2, 0.3), (3, 0.05), (8, 2.0)])
    assert narrowed(trials, ls.Ranges()).rate == (0.05, 0.3)


def test_values_are_drawn_evenly_in_log_space():
    from landscape.lab.random_search import _drawn

    ranges = ls.Ranges()
    drawn = [_drawn(ranges, "coarse", number, 0) for number in range(400)]
    for name in ("rate", "l2", "hidden"):
        low, high = np.log(getattr(ranges, name))
        shares = (np.log([getattr(one, name) for one in drawn]) - low) / (high - low)
        assert np.mean(shares) == pytest.approx(0.5, abs=0.05)
        assert np.std(shares) == pytest.approx(12**-0.5, abs=0.03)


def test_a_best_at_the_edge_is_warned_of():
    def warnings(**values):
        return " ".join(Search((trial(5.0), trial(1.0, **values)), ls.Ranges(), (784, 30, 10)).warnings)

    assert warnings() == ""
    assert "learning rate lies at the upper edge" in warnings(rate=2.9)
    assert "regularisation λ lies at the lower edge" in warnings(l2=1.1e-6)
    assert "hidden size lies at the upper edge" in warnings(hidden=128)
    linear = Search((trial(1.0, hidden=128),), ls.Ranges(), (784, 10))
    assert linear.warnings == ()
    assert Search((), ls.Ranges(), (784, 10)).best is None
    both = Search((trial(0.1), trial(1.0, stage="fine")), ls.Ranges(), (784, 10))
    assert both.best.stage == "fine"  # a coarse trial had another length


def test_what_makes_no_sense_is_refused(small_setup):
    with pytest.raises(SetupError, match="must lie above 0"):
        ls.Ranges(rate=(0, 1))
    with pytest.raises(SetupError, match="4096"):
        ls.Ranges(hidden=(8, 10_000))
    with pytest.raises(SetupError, match="4 coarse trials"):
        ls.search(small_setup, coarse=3)
    with pytest.raises(SetupError, match="no trial is finished"):
        Search((), ls.Ranges(), (784, 10)).try_setup(small_setup)
