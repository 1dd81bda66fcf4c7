"""A comparison in words, and as plain numbers for programs."""

from collections.abc import Sequence
from typing import Any

from landscape._version import __version__
from landscape.comparison.comparison import SETS, Comparison, Entry, Pair
from landscape.comparison.line import Line
from landscape.comparison.outcome import disagreement_sentence, outcomes
from landscape.model import Model

SET_WORDS = {"train": "training", "validation": "validation", "test": "test"}
# A barrier lower than this share of the ends' loss is the wobble of a flat line.
FLAT = 0.01


def model_figures(model: Model) -> dict[str, Any]:
    """A model's network and what its file says, as plain values."""
    net = model.net
    return {
        "sizes": list(net.sizes),
        "activation": net.activation,
        "cost": net.cost,
        "parameters": net.P,
        "dtype": str(model.theta.dtype),
        "bytes": model.theta.nbytes,
        "assumed": list(model.assumed),
        "about": model.about,
    }


def entry_figures(entry: Entry) -> dict[str, Any]:
    """One model of a comparison: its network, and accuracy and loss on each set."""
    figures = {"name": entry.name, **model_figures(entry.model)}
    for which in SETS:
        if which in entry.verdicts:
            verdict, words = entry.verdicts[which], SET_WORDS[which]
            figures |= {f"{words}_accuracy": verdict.accuracy, f"{words}_loss": verdict.loss}
    return figures


def pair_figures(whole: Comparison, pair: Pair) -> dict[str, Any]:
    """Two models: indices of test digits they disagree on, and the lines between them."""
    found = outcomes(whole, pair)
    figures: dict[str, Any] = {
        "models": [whole.entries[pair.a].name, whole.entries[pair.b].name],
        "disagreements": pair.disagreements.tolist(),
        **{name: found[name].tolist() for name in ("a_right", "b_right", "both_wrong")},
        "no_line": pair.no_line or None,
    }
    for matching, lines in (("as_they_are", pair.before), ("matched", pair.after)):
        figures[matching] = {which: line_figures(line) for which, line in lines.items()}
    return figures


def line_figures(line: Line) -> dict[str, Any]:
    """A line and its barriers."""
    return {
        "barrier": line.barrier,
        "accuracy_barrier": line.accuracy_barrier,
        "t": line.t.tolist(),
        "loss": line.loss.tolist(),
        "accuracy": line.accuracy.tolist(),
    }


def comparison_figures(whole: Comparison, digits: str) -> dict[str, Any]:
    """All of a comparison on `digits`, as plain values."""
    return {
        "version": __version__,
        "digits": digits,
        "models": [entry_figures(entry) for entry in whole.entries],
        "pairs": [pair_figures(whole, pair) for pair in whole.pairs],
    }


def barrier_sentence(pair: Pair, names: Sequence[str], which: str = "train") -> str:
    """The barrier between two models on one set of digits in plain words, before and after matching."""
    a, b = names[pair.a], names[pair.b]
    if pair.no_line:
        return f"No straight line between {a} and {b}: {pair.no_line}."
    if which not in pair.before or which not in pair.after:
        return ""
    before, after = pair.before[which], pair.after[which]
    words = f"On the {SET_WORDS[which]} digits, the way from {a} straight to {b}"
    if _flat(before):
        return f"{words} crosses no barrier: the loss stays near the line between its ends."
    told = f"{words} crosses a barrier of {before.barrier:.3g} in loss ({before.accuracy_barrier:.1%} of accuracy)"
    if _flat(after):
        return f"{told}. With {b}'s hidden neurons matched to {a}'s none is left: it was only the neurons' order."
    share = 1 - after.barrier / before.barrier
    if share < 0.005:
        return f"{told}, and matching {b}'s hidden neurons to {a}'s does not lower it."
    return (
        f"{told}. With {b}'s hidden neurons matched to {a}'s it is {after.barrier:.3g} ({after.accuracy_barrier:.1%}): "
        f"{share:.0%} of it was only the neurons' order."
    )


def sentences(whole: Comparison, names: Sequence[str] | None = None) -> list[str]:
    """What a comparison found, pair by pair."""
    names = names or [entry.name for entry in whole.entries]
    said = []
    for pair in whole.pairs:
        said.append(disagreement_sentence(whole, pair, names))
        said += [barrier_sentence(pair, names, which) for which in ("train", "test")][: 1 if pair.no_line else 2]
    return [sentence for sentence in said if sentence]


def _flat(line: Line) -> bool:
    return line.barrier < FLAT * max(float(line.loss[0]), float(line.loss[-1]))
