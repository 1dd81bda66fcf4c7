"""The arithmetic of a dissected update, line by line: each with its formula, the numbers put in, and what comes out.

The same lines stand in the window and on the page by hand. Examples, layers and neurons count from 0; a sum of more than
`most` terms is said in words, not written out.
"""

import numpy as np
from numpy.typing import NDArray

from landscape.network.activation import ACTIVATIONS
from landscape.network.notation import computed, in_numbers, in_symbols, number
from landscape.run.dissection import Dissection, Line

MOST_TERMS = 12


def sum_line(found: Dissection, example: int, layer: int, neuron: int, most: int = MOST_TERMS) -> Line:
    """A neuron's weighted sum z = Σ x·w + b."""
    weights, biases = found.net.unpack(found.theta)
    x, w, b = found.passes.inputs[layer][example], weights[layer][:, neuron], float(biases[layer][neuron])
    text = _products(x, w, most, "inputs times their weights")
    value = float(found.passes.sums[layer][example, neuron])
    return Line("z", f"weighted sum of neuron {neuron}", "Σ x·w + b", f"{text} + {_bracketed(b)}", value)


def activation_line(found: Dissection, example: int, layer: int, neuron: int) -> Line:
    """What a neuron hands on: a hidden activation, or an output."""
    value = float(found.passes.handed_on[layer][example, neuron])
    if layer == len(found.passes.sums) - 1:
        expression, words = found.net.cost_function.output_expression, f"output {neuron}"
        known = {name: float(row[neuron]) for name, row in output_values(found, example).items()}
    else:
        expression, words = ACTIVATIONS[found.net.activation].expression, f"activation of neuron {neuron}"
        known = {"z": float(found.passes.sums[layer][example, neuron])}
    return Line("a", words, in_symbols(expression), in_numbers(expression, known), value)


def cost_line(found: Dissection, example: int) -> Line:
    """What an example costs: the sum of its outputs' shares, of which those that are zero are left out."""
    expression, rows = found.net.cost_function.cost_expression, output_values(found, example)
    outputs = [{name: float(row[output]) for name, row in rows.items()} for output in range(found.net.sizes[-1])]
    with np.errstate(divide="ignore", invalid="ignore"):  # 0·ln(0) of an output that is certain and right
        terms = [in_numbers(expression, known) for known in outputs if np.nan_to_num(computed(expression, known)) != 0]
    many = found.net.sizes[-1] > 1
    formula = f"Σ [{in_symbols(expression)}]" if many else in_symbols(expression)
    return Line("C", "cost of this example", formula, " + ".join(terms) or "0", float(found.passes.costs[example]))


def loss_line(found: Dissection, most: int = MOST_TERMS) -> Line:
    """The mini-batch's loss: the mean cost, and the share of L2."""
    costs = found.costs
    text = " + ".join(number(float(cost)) for cost in costs) if len(costs) <= most else f"sum of {len(costs):,} costs"
    mean = f"({text}) / {len(costs):,}"
    if not found.l2:
        return Line("L", "loss of the mini-batch", "Σ C / n", mean, found.loss)
    return Line(
        "L",
        "loss of the mini-batch, with L2",
        "Σ C / n + λ/2·Σ w²",
        f"{mean} + {number(found.penalty)}",
        found.loss,
    )


def delta_line(found: Dissection, example: int, layer: int, neuron: int, most: int = MOST_TERMS) -> Line:
    """How an example's cost changes with a neuron's z: δ."""
    value = float(found.passes.deltas[layer][example, neuron])
    if layer == len(found.passes.sums) - 1:
        expression = found.net.cost_function.delta_expression
        known = {name: float(row[neuron]) for name, row in output_values(found, example).items()}
        return Line("δ", f"delta of output {neuron}", in_symbols(expression), in_numbers(expression, known), value)
    slope = ACTIVATIONS[found.net.activation].slope_expression
    weights, _ = found.net.unpack(found.theta)
    behind = found.passes.deltas[layer + 1][example]
    text = _products(behind, weights[layer + 1][neuron], most, "deltas of the layer behind times their weights")
    known = {"a": float(found.passes.handed_on[layer][example, neuron])}
    formula = f"(Σ δ·w of the layer behind) · {_whole(in_symbols(slope))}"
    numbers = f"{_whole(text)} · {_whole(in_numbers(slope, known))}"
    return Line("δ", f"delta of neuron {neuron}", formula, numbers, value)


def gradient_line(found: Dissection, layer: int, row: int, column: int, most: int = MOST_TERMS) -> Line:
    """The gradient of a weight, or of a bias (row n_in): the mean over the mini-batch of input times delta, and L2's share."""
    passes, n = found.passes, len(found.costs)
    bias = row == found.net.layer_shapes[layer][0]
    x = np.ones(len(passes.costs), found.theta.dtype) if bias else passes.inputs[layer][:, row]
    deltas = passes.deltas[layer][:, column]
    text = (
        _products(x, deltas, most, "inputs times their neuron's delta") if len(x) == n else f"(sum over {n:,} examples)"
    )
    place = found.place(layer, row, column)
    formula, numbers = "Σ x·δ / n", f"{_whole(text)} / {n:,}"
    if found.l2 and not bias:
        formula += " + λ·w"
        numbers += f" + {number(found.l2)}·{_bracketed(float(found.theta[place]))}"
    return Line("g", "gradient of the mini-batch", formula, numbers, float(found.gradient[place]))


def output_values(found: Dissection, example: int) -> dict[str, NDArray]:
    """What the cost's expressions name, output by output: each (C,) float64."""
    passes = found.passes
    z, t = passes.sums[-1][example].astype(np.float64), passes.wanted[example].astype(np.float64)
    z_y = (z * t).sum()
    with np.errstate(over="ignore"):
        known = {"S": np.exp(z).sum(), "z_y": z_y, "M": ((z - z_y + 1 > 0) & (t == 0)).sum(), "C": len(z)}
    rows = {name: np.full(len(z), value, np.float64) for name, value in known.items()}
    return {**rows, "z": z, "t": t, "a": passes.outputs[example].astype(np.float64)}


def _products(x: NDArray, w: NDArray, most: int, words: str) -> str:
    """The terms x·w that are not zero, written out or, if there are many, counted."""
    kept = np.flatnonzero((x != 0) & (w != 0))
    if len(kept) > most:
        return f"(sum of {len(kept):,} {words})"
    terms = [f"{_bracketed(float(x[at]))}·{_bracketed(float(w[at]))}" for at in kept]
    return " + ".join(terms) or "0"


def _bracketed(value: float) -> str:
    text = number(value)
    return f"({text})" if "−" in text or "·" in text else text


def _whole(text: str) -> str:
    return f"({text})" if " " in text and not text.startswith("(sum") else text
