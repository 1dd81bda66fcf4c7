"""Two or three models side by side: what they cost, how often they are right, where they disagree, what lies between them."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.line import Line, interpolate
from landscape.comparison.matching import match_neurons
from landscape.comparison.verdict import Verdict, judge
from landscape.data import Digits
from landscape.errors import SetupError
from landscape.model import Model

SETS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Entry:
    """One model and what it says about the training, validation and test digits."""

    name: str
    model: Model
    verdicts: dict[str, Verdict]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two of the models, `a` and `b` by number. `disagreements` (m,) are indices of test digits, those on which the two are
    surest first. Lines are over the "train" and "test" digits, before and after matching b's hidden neurons to a's; where
    there is none, `no_line` says why.
    """

    a: int
    b: int
    disagreements: NDArray[np.intp]
    before: dict[str, Line] = field(default_factory=dict)
    after: dict[str, Line] = field(default_factory=dict)
    no_line: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models and pairs of them, as far as they are compared; `done` is the fraction of the work."""

    entries: tuple[Entry, ...]
    pairs: tuple[Pair, ...]
    done: float


def comparing(
    models: Sequence[tuple[str, Model]], digits: Sequence[Digits], points: int = 51, seed: int = 0
) -> Iterator[Comparison]:
    """Compare named models, each with the digits as it was taught to see them (the same digits, maybe prepared otherwise).

    Yields what is known so far, model by model and pair by pair; the last is the whole. Closing it cancels it.
    """
    if len(models) < 2 or len(models) != len(digits):
        raise SetupError(f"a comparison takes at least two models and digits for each, not {len(models)}")
    if any(one.classes != digits[0].classes or len(one.test) != len(digits[0].test) for one in digits):
        told = ", ".join(f"{name}: {one.classes}" for (name, _), one in zip(models, digits))
        raise SetupError(f"the models tell different digits apart ({told}): they can't be compared")
    return _comparing(models, digits, points, seed)


def _comparing(
    models: Sequence[tuple[str, Model]], digits: Sequence[Digits], points: int, seed: int
) -> Iterator[Comparison]:
    numbers = list(itertools.combinations(range(len(models)), 2))
    work = len(models) + len(numbers)
    entries: tuple[Entry, ...] = ()
    pairs: tuple[Pair, ...] = ()
    for (name, model), seen in zip(models, digits):
        splits = {which: getattr(seen, which) for which in SETS}
        verdicts = {which: judge(model.net, model.theta, split.images, split.labels) for which, split in splits.items()}
        entries += (Entry(name, model, verdicts),)
        yield Comparison(entries, pairs, len(entries) / work)
    for a, b in numbers:
        pairs += (_pair(entries, digits, a, b, points, seed),)
        yield Comparison(entries, pairs, (len(entries) + len(pairs)) / work)


def _pair(entries: Sequence[Entry], digits: Sequence[Digits], a: int, b: int, points: int, seed: int) -> Pair:
    differing = disagreements(entries[a].verdicts["test"], entries[b].verdicts["test"])
    one, other = entries[a].model, entries[b].model
    reason = ""
    if (one.net.sizes, one.net.activation) != (other.net.sizes, other.net.activation):
        reason = "their networks differ in size or activation"
    elif one.net.cost != other.net.cost:
        reason = "their costs differ, and so would the height of a line"
    elif digits[a].preprocess != digits[b].preprocess:
        reason = "they see the digits prepared differently"
    if reason:
        return Pair(a, b, differing, no_line=reason)
    net, dtype = one.net, np.result_type(one.theta, other.theta)
    theta_a, theta_b = one.theta.astype(dtype), other.theta.astype(dtype)
    matched = match_neurons(net, theta_a, theta_b, seed)
    splits = {which: getattr(digits[a], which) for which in ("train", "test")}
    before, after = (
        {w: interpolate(net, theta_a, end, split.images, split.labels, points) for w, split in splits.items()}
        for end in (theta_b, matched)
    )
    return Pair(a, b, differing, before, after)


def disagreements(one: Verdict, other: Verdict) -> NDArray[np.intp]:
    """The digits that two models guess differently, as indices, those first of which both are surest."""
    differing = np.flatnonzero(one.guesses != other.guesses)
    sure = np.minimum(*(v.probabilities[differing, v.guesses[differing]] for v in (one, other)))
    return differing[np.argsort(-sure, kind="stable")]
