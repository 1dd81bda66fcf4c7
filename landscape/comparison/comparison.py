"""Two or three models side by side: what they cost, how often they are right, where they disagree, what lies between them."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.line import Line, interpolating
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

    Yields what is known so far, model by model and line by line; the last is the whole. Closing it cancels it.
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
        verdicts: dict[str, Verdict] = {}
        for which in SETS:
            yield Comparison(entries, pairs, (len(entries) + len(verdicts) / len(SETS)) / work)
            split = getattr(seen, which)
            verdicts[which] = judge(model.net, model.theta, split.images, split.labels)
        entries += (Entry(name, model, verdicts),)
    for a, b in numbers:
        yield Comparison(entries, pairs, (len(entries) + len(pairs)) / work)
        bare = Pair(a, b, disagreements(entries[a].verdicts["test"], entries[b].verdicts["test"]))
        pair = bare
        for done, drawn in _lines(bare, entries, digits, points, seed):
            pair = drawn
            yield Comparison(entries, pairs, (len(entries) + len(pairs) + done) / work)
        pairs += (pair,)
    yield Comparison(entries, pairs, 1.0)


def _lines(
    pair: Pair, entries: Sequence[Entry], digits: Sequence[Digits], points: int, seed: int
) -> Iterator[tuple[float, Pair]]:
    """The pair with its lines, whole at the last; with each the fraction of the work, less than 1."""
    one, other = entries[pair.a].model, entries[pair.b].model
    reason = _no_line(one, other, digits[pair.a], digits[pair.b])
    if reason:
        yield 0.0, replace(pair, no_line=reason)
        return
    net, dtype = one.net, np.result_type(one.theta, other.theta)
    theta_a, theta_b = one.theta.astype(dtype), other.theta.astype(dtype)
    ends = {"before": theta_b, "after": match_neurons(net, theta_a, theta_b, seed)}
    wanted = list(itertools.product(ends, ("train", "test")))
    lines: dict[str, dict[str, Line]] = {"before": {}, "after": {}}
    for number, (matching, which) in enumerate(wanted):
        split = getattr(digits[pair.a], which)
        for line in interpolating(net, theta_a, ends[matching], split.images, split.labels, points):
            lines[matching][which] = line
            yield (number + line.done) / (len(wanted) + 1), replace(pair, before=lines["before"], after=lines["after"])


def _no_line(one: Model, other: Model, seen: Digits, seen_by_other: Digits) -> str:
    if (one.net.sizes, one.net.activation) != (other.net.sizes, other.net.activation):
        return "their networks differ in size or activation"
    if one.net.cost != other.net.cost:
        return "their costs differ, and so would the height of a line"
    if seen.preprocess != seen_by_other.preprocess:
        return "they see the digits prepared differently"
    return ""


def disagreements(one: Verdict, other: Verdict) -> NDArray[np.intp]:
    """The digits that two models guess differently, as indices, those first of which both are surest."""
    differing = np.flatnonzero(one.guesses != other.guesses)
    sure = np.minimum(*(v.probabilities[differing, v.guesses[differing]] for v in (one, other)))
    return differing[np.argsort(-sure, kind="stable")]
