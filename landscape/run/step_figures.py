"""One update in figures and sentences: the four stages as plain values, and everything about one weight of it."""

from typing import Any

import numpy as np

from landscape.network.notation import number, symbol
from landscape.run.dissection import Dissection

MOST_NAMED = 3  # of the costliest examples

Weight = tuple[int, int, int]


def steepest_weight(found: Dissection) -> Weight:
    """The weight with the largest gradient: its layer, input and neuron, from 0."""
    sizes = np.abs(found.gradient) * found.net.is_weight
    at = int(np.argmax(np.where(np.isfinite(sizes), sizes, 0)))
    for layer, ((place, _), (_, n_out)) in enumerate(zip(found.net.layout, found.net.layer_shapes, strict=True)):
        if place.start <= at < place.stop:
            return layer, *divmod(at - place.start, n_out)
    return 0, 0, 0


def step_figures(found: Dissection, weight: Weight) -> dict[str, Any]:
    """The four stages of an update, and one weight's way through it: old value, gradient, optimiser's state, change, new value.

    Of examples in detail there are as many as the dissection holds; costs and gradient are those of all.
    """
    passes = found.passes
    return {
        "update": found.n,
        "start": found.start,
        "start_name": found.start_name,
        "learning_rate": found.rate,
        "batch": found.batch.tolist(),
        "forward": {
            "labels": found.labels.tolist(),
            "guesses": passes.guesses.tolist(),
            "outputs": passes.outputs.tolist(),
            "layers": [
                {"mean": float(values.mean()), "largest": float(values.max()), "silent": float((values <= 0).mean())}
                for values in passes.handed_on
            ],
        },
        "loss": {"costs": found.costs.tolist(), "penalty": found.penalty, "loss": found.loss},
        "backward": {
            "layers": [
                {
                    "delta": float(np.sqrt(np.square(delta).mean())),
                    "gradient": float(np.linalg.norm(found.gradient[place])),
                }
                for delta, (place, _) in zip(passes.deltas, found.net.layout, strict=True)
            ]
        },
        "update_of_weight": _weight_figures(found, weight),
        "largest_difference_to_the_record": found.difference,
    }


def step_lines(found: Dissection, weight: Weight) -> list[str]:
    """The same in sentences."""
    passes, net, at = found.passes, found.net, found.place(*weight)
    right = int((passes.guesses == found.labels).sum())
    order = np.argsort(-found.costs)[:MOST_NAMED]
    costliest = ", ".join(f"{number(float(found.costs[at]), 4)} (training digit {found.batch[at]:,})" for at in order)
    slopes = [number(float(np.linalg.norm(found.gradient[place])), 4) for place, _ in net.layout]
    means = [number(float(values.mean()), 4) for values in passes.handed_on]
    lines = [
        f"update {found.n:,} of {found.start_name}: {len(found.batch):,} digits, learning rate {number(found.rate, 4)}",
        f"1 forward: mean activation layer by layer {', '.join(means)}; {right} of {len(found.labels):,} guessed rightly",
        f"2 loss: {number(found.loss)}; the costliest: {costliest}",
        f"3 backward: length of the gradient layer by layer {', '.join(slopes)}",
        f"4 update: {_name(found, weight)}",
    ]
    if found.directions is None:
        own = [f"   {symbol(name)} = {number(value)}" for name, value in _known(found, at).items()]
        steps = [
            f"   {each.symbol} = {each.formula} = {each.numbers} = {number(each.value)}"
            for each in found.update_lines(at)
        ]
        return [*lines, *own, *steps]
    old, new = float(found.theta[at]), float(found.theta_after[at])
    return [*lines, f"   from {number(old)} to {number(new, 8)}: two coordinates of the plane move, and it with them"]


def _known(found: Dissection, at: int) -> dict[str, float]:
    """A weight, its gradient and what the optimiser remembers of it."""
    names = ("θ", "g", *found.optimiser.slot_symbols)
    rows = (found.theta, found.gradient, *found.state)
    return {name: float(row[at]) for name, row in zip(names, rows, strict=True)}


def _name(found: Dissection, weight: Weight) -> str:
    layer, row, column = weight
    what = "bias" if row == found.net.layer_shapes[layer][0] else f"weight of input {row}"
    return f"{what}, neuron {column}, layer {layer + 1}"


def _weight_figures(found: Dissection, weight: Weight) -> dict[str, Any]:
    at = found.place(*weight)
    figures: dict[str, Any] = {
        "layer": weight[0] + 1,
        "input": weight[1],
        "neuron": weight[2],
        "old": float(found.theta[at]),
        "gradient": float(found.gradient[at]),
        "change": float(found.theta_after[at]) - float(found.theta[at]),
        "new": float(found.theta_after[at]),
        "recorded": float(found.recorded[at]),
        "state": {},
        "state_after": {},
        "steps": [],
    }
    if found.directions is None:
        slots = found.optimiser.slot_symbols
        for name, rows in (("state", found.state), ("state_after", found.state_after)):
            figures[name] = {slot: float(row[at]) for slot, row in zip(slots, rows, strict=True)}
        figures["steps"] = [
            {"symbol": line.symbol, "formula": line.formula, "numbers": line.numbers, "value": line.value}
            for line in found.update_lines(at)
        ]
    return figures
