import json
from dataclasses import replace

import numpy as np
import pytest

from landscape.comparison import barrier_sentence, comparing, comparison_figures, outcomes, sentences
from landscape.comparison.line import Line
from landscape.comparison.outcome import disagreement_sentence
from landscape.model import Model


@pytest.fixture(scope="module")
def whole(taught, all_digits):
    net, a, b = taught
    models = [("one.npz", Model(net, a)), ("two.npz", Model(net, b))]
    *_, last = comparing(models, [all_digits] * 2, points=7)
    return last


def test_disagreements_are_sorted_by_who_is_right(whole, taught, all_digits):
    net, a, b = taught
    test = all_digits.test
    one, other = net.predict(a, test.images), net.predict(b, test.images)
    truth = test.labels
    masks = {
        "all": one != other,
        "a_right": (one == truth) & (other != truth),
        "b_right": (one != truth) & (other == truth),
        "both_wrong": (one != truth) & (other != truth) & (one != other),
    }
    found = outcomes(whole, whole.pairs[0])
    for name, mask in masks.items():
        assert sorted(found[name]) == np.flatnonzero(mask).tolist()
    said = disagreement_sentence(whole, whole.pairs[0], "AB")
    counts = [masks[name].sum() for name in ("all", "a_right", "b_right", "both_wrong")]
    assert said == (
        f"A and B disagree on {counts[0]} of 500 test digits: A alone is right on {counts[1]}, B alone on {counts[2]}, "
        f"and both are wrong on {counts[3]}."
    )


def test_figures_are_plain_and_sentences_say_them(whole):
    figures = json.loads(json.dumps(comparison_figures(whole, "built in")))
    assert [row["name"] for row in figures["models"]] == ["one.npz", "two.npz"]
    (pair,) = figures["pairs"]
    assert len(pair["disagreements"]) == sum(len(pair[name]) for name in ("a_right", "b_right", "both_wrong"))
    before = pair["as_they_are"]["train"]["barrier"]
    first, second, third = sentences(whole)
    assert "disagree" in first
    assert f"barrier of {before:.3g}" in second and "one.npz straight to two.npz" in second
    assert third.startswith("On the test digits")


def _pair(whole, before, after):
    def line(height):
        return Line(np.array([0.0, 0.5, 1.0]), np.array([0.2, 0.2 + height, 0.2]), np.array([0.9, 0.8, 0.9]), 10)

    return replace(whole.pairs[0], before={"train": line(before)}, after={"train": line(after)})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.0, 0.0, "no barrier"),
        (1.0, 0.0, "none is left"),
        (1.0, 0.25, "75% of it was only the neurons' order"),
        (1.0, 1.0, "does not lower it"),
    ],
)
def test_every_kind_of_barrier_has_its_words(whole, before, after, words):
    assert words in barrier_sentence(_pair(whole, before, after), "AB")
    other = replace(whole.pairs[0], no_line="their networks differ in size or activation")
    assert barrier_sentence(other, "AB") == (
        "No straight line between A and B: their networks differ in size or activation."
    )
