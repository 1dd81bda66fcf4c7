"""The digits that two models disagree on, sorted by who is right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.comparison import Comparison, Pair

# What a disagreement can be, with the models' names in place of {a} and {b}.
OUTCOMES = {
    "all": "every disagreement",
    "a_right": "{a} right, {b} wrong",
    "b_right": "{b} right, {a} wrong",
    "both_wrong": "both wrong, differently",
}


def outcomes(whole: Comparison, pair: Pair) -> dict[str, NDArray[np.intp]]:
    """For each of OUTCOMES the test digits as indices, those first of which both models are surest."""
    one, other = (whole.entries[place].verdicts["test"] for place in (pair.a, pair.b))
    found = pair.disagreements
    a_right, b_right = (verdict.guesses[found] == verdict.labels[found] for verdict in (one, other))
    masks = {
        "all": np.ones(len(found), bool),
        "a_right": a_right,
        "b_right": b_right,
        "both_wrong": ~a_right & ~b_right,
    }
    return {name: found[mask] for name, mask in masks.items()}


def disagreement_sentence(whole: Comparison, pair: Pair, names: Sequence[str]) -> str:
    """How many test digits two models guess differently, and who is right on how many of them."""
    a, b = names[pair.a], names[pair.b]
    of = len(whole.entries[pair.a].verdicts["test"].labels)
    counts = {name: len(found) for name, found in outcomes(whole, pair).items()}
    if not counts["all"]:
        return f"{a} and {b} give the same answer on all {of:,} test digits."
    return (
        f"{a} and {b} disagree on {counts['all']:,} of {of:,} test digits: {a} alone is right on {counts['a_right']:,}, "
        f"{b} alone on {counts['b_right']:,}, and both are wrong on {counts['both_wrong']:,}."
    )
