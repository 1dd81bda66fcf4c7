"""One update by hand: a page that a pocket calculator can follow, forward, loss, backward, update, and its numbers as a table."""

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.data import Digits, a_digit
from landscape.data.embedded import asset
from landscape.data.idx import PIXELS
from landscape.data.preprocessing import STEPS
from landscape.export.by_hand_part import COLUMNS, Part, rows
from landscape.export.csv_table import ABOUT, about
from landscape.export.destination import check_destination
from landscape.export.provenance import Provenance
from landscape.network.notation import number, symbol
from landscape.run import Run, dissect
from landscape.run.arithmetic import activation_line, cost_line, delta_line, gradient_line, loss_line, sum_line
from landscape.run.dissection import Dissection, Line
from landscape.writing import written_whole

ENDINGS = (".html",)
ALL = 1_000_000  # terms of a sum that are written out: all of them
MOST_WRITTEN = 24  # parameters whose update is written out line by line; the others stand in a table


def write_by_hand(
    run: Run,
    start: int,
    n: int,
    path: str | Path,
    *,
    example: int = 0,
    weight: tuple[int, int, int] | None = None,
) -> tuple[Path, Path]:
    """Write update number `n` (from 1) of a start as a page (.html) and, beside it, all its numbers (.csv); both paths.

    A network of up to 4,000 parameters with a small mini-batch is worked out in full; of others one example, and in every
    layer one neuron and one weight: `weight` (layer, input, neuron, from 0), or the one with the largest gradient. Raises
    SetupError where there is no such update, RecordError where the files can't be written.
    """
    path = check_destination(path, ENDINGS, "a page by hand")
    found = dissect(run, start, n)
    example = min(max(example, 0), len(found.labels) - 1)
    part = Part.of(found, example, weight)
    pictures = run.digits.train.pictures[found.batch[: len(found.labels)]]
    taught = in_words(run.setup.data.preprocess, run.digits)
    page = _page(found, part, pictures, [str(name) for name in run.digits.classes], taught, Provenance.of(run))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    provenance = Provenance.of(run)
    preprocess = " ".join(run.setup.data.preprocess)
    for name, value in {"preprocess": preprocess, **dict(zip(ABOUT, about(provenance)))}.items():
        writer.writerow(("setting", name, "", "", "", "", value))
    writer.writerows(rows(found, part))
    beside = path.with_suffix(".csv")
    for place, text in ((path, page), (beside, table.getvalue())):
        written_whole(place, lambda partial, text=text: partial.write_text(text, encoding="utf-8"))  # type: ignore[misc]
    return path, beside


def _page(
    found: Dissection, part: Part, pictures: NDArray, names: list[str], taught: str, provenance: Provenance
) -> str:
    title = f"Update {found.n:,} of {found.start_name}, by hand"
    sizes = "-".join(map(str, found.net.sizes))
    sections = (
        ("What is worked out", _introduction(found, part, sizes, taught)),
        ("1 Forward", "".join(_forward(found, part, example, pictures, names) for example in part.examples)),
        ("2 Loss", _list([*(cost_line(found, example) for example in part.examples), loss_line(found, ALL)])),
        ("3 Backward", _backward(found, part)),
        ("4 Update", _update(found, part)),
        ("Where it comes from", f"<pre>{escape(provenance.as_text)}</pre>"),
    )
    body = "\n".join(f"<h2>{escape(head)}</h2>\n{words}" for head, words in sections)
    style = asset("diary.css").read_text(encoding="utf-8")
    extra = (
        "li { margin: 0.35em 0; overflow-wrap: anywhere; } li small { opacity: 0.7; } "
        "img.digit { image-rendering: pixelated; width: 84px; float: right; margin: 0 0 8px 12px; } "
        "details { margin: 0.4em 0; } td, th { text-align: right; }"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="generator" content="{escape(provenance.as_text, quote=True)}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n{extra}\n</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _introduction(found: Dissection, part: Part, sizes: str, taught: str) -> str:
    return (
        f"<p>A network {sizes} ({found.net.P:,} parameters, {escape(found.net.activation)}) with the cost "
        f"{escape(found.net.cost_function.label)}, and {type(found.optimiser).__name__} with learning rate η = "
        f"{number(found.rate)}; a mini-batch of n = {len(found.costs):,} digits.</p><p>{escape(taught)}</p>"
        f"<p>{part.words}</p>"
        "<p>Numbers are written with six digits: what comes out on a pocket calculator agrees but for the last of them; the "
        "program itself computes with seven. "
        "The table beside this page, under the same name, has nine digits of every number. Neurons, inputs and digits count "
        "from 0. ln is the natural logarithm, step(x) is 1 where x is above 0 and else 0, sign(x) is 1, 0 or −1.</p>"
    )


def in_words(steps: Sequence[str], digits: Digits) -> str:
    """What is done to the digits before they are the network's inputs, in sentences: in order, with what it leaves."""
    done = [STEPS[name.partition(":")[0]].label for name in steps]
    inputs = digits.train.images.shape[1]
    if not done:
        return f"Before the network the digits are left as they are: {inputs:,} pixels x₀, x₁, … from 0 to 255."
    what = "pixels" if inputs == PIXELS and not any(name.startswith("pca") for name in steps) else "numbers"
    order = f"{', then '.join(done)}, fitted to the training digits"
    return (
        f"Before the network every digit passes through its preprocessing: {order} (in the setup: {', '.join(steps)}). "
        f"What comes out, {inputs:,} {what} x₀, x₁, …, is what the sums of layer 1 begin with; the pictures show the digits "
        "before it."
    )


def _forward(found: Dissection, part: Part, example: int, pictures: NDArray, names: list[str]) -> str:
    label, guess = (names[int(k)] for k in (found.labels[example], found.passes.guesses[example]))
    lines: list[Line] = []
    last = len(part.neurons) - 1
    for layer, neurons in enumerate(part.neurons):
        for neuron in neurons:
            line = sum_line(found, example, layer, neuron, ALL)
            lines.append(_placed(line, layer))
            if layer < last:
                lines.append(_placed(activation_line(found, example, layer, neuron), layer))
    outputs = [_placed(activation_line(found, example, last, k), last) for k in range(found.net.sizes[-1])]
    z = found.passes.sums[-1][example].astype(np.float64)
    total = ""
    if found.net.cost_function.output_expression.endswith("S"):
        terms = " + ".join(f"exp({number(float(value))})" for value in z)
        total = f"<p>The sum over all outputs: S = Σ exp(z) = {terms} = <b>{number(float(np.exp(z).sum()))}</b></p>"
    inside = f"{_digit(pictures[example])}{_list(lines)}{total}{_list(outputs)}"
    head = f"Digit {example}: {a_digit(escape(label))}, taken for {a_digit(escape(guess))}"
    opened = " open" if example == part.examples[0] else ""
    return f"<details{opened}><summary>{head}</summary>{inside}</details>"


def _backward(found: Dissection, part: Part) -> str:
    parts = []
    last = len(part.neurons) - 1
    for example in part.examples:
        lines = [_placed(delta_line(found, example, last, k), last) for k in range(found.net.sizes[-1])]
        for layer in range(last - 1, -1, -1):
            lines += [_placed(delta_line(found, example, layer, j, ALL), layer) for j in part.neurons[layer]]
        opened = " open" if example == part.examples[0] else ""
        parts.append(f"<details{opened}><summary>Deltas of digit {example}</summary>{_list(lines)}</details>")
    weights = [(layer, i, j) for layer, pairs in enumerate(part.parameters) for i, j in pairs]
    weights.sort(key=lambda weight: -abs(float(found.gradient[found.place(*weight)])))
    shown = [(weight, gradient_line(found, *weight, most=ALL)) for weight in weights[:MOST_WRITTEN]]
    parts.append("<h3>Gradients: the mean over the mini-batch of input times delta</h3>")
    parts.append(_list([_named(line, found, weight) for weight, line in shown]))
    if len(weights) > MOST_WRITTEN:
        parts.append(
            f"<p>These are the {MOST_WRITTEN} largest; the gradients of all {len(weights):,} stand in the table below.</p>"
        )
    return "".join(parts)


def _update(found: Dissection, part: Part) -> str:
    numbers = ", ".join(
        f"{escape(symbol(name))} = {number(float(value))}"
        for name, value in found.optimiser.numbers(found.n, found.rate).items()
    )
    if found.directions is not None:
        return f"<p>{numbers}</p>" + _plane_update(found, part)
    weights = [(layer, i, j) for layer, pairs in enumerate(part.parameters) for i, j in pairs]
    steepest = sorted(weights, key=lambda weight: -abs(float(found.gradient[found.place(*weight)])))
    written = steepest[: min(len(weights), max(len(part.neurons), 3) if part.whole else MOST_WRITTEN)]
    parts = [f"<p>{numbers}</p>"]
    for weight in written:
        lines = [_before(found, found.place(*weight)), *found.update_lines(found.place(*weight))]
        parts.append(f"<h3>{_weight_name(found, weight)}</h3>{_list(lines)}")
    values = found.values()
    names = ["θ", "g", *found.optimiser.slot_symbols, *(formula.symbol for formula in found.update_formulas)]
    head = "".join(f"<th>{escape(symbol(name))}</th>" for name in names)
    body = []
    for weight in weights if part.whole else written:
        place = found.place(*weight)
        cells = "".join(
            f"<td>{number(float(np.broadcast_to(values[name], found.free.shape)[place]))}</td>" for name in names
        )
        body.append(f"<tr><td>{_weight_name(found, weight)}</td>{cells}</tr>")
    parts.append(f"<h3>All of this page's parameters</h3><table><tr><th></th>{head}</tr>{''.join(body)}</table>")
    return "".join(parts)


def _plane_update(found: Dissection, part: Part) -> str:
    assert found.directions is not None
    parts = ["<p>This descent stays inside its plane: two coordinates move, and every parameter with them.</p>"]
    for axis in (0, 1):
        lines = [_before(found, axis), *found.update_lines(axis)]
        parts.append(f"<h3>Coordinate {axis + 1} (θ and g are the coordinate and its gradient)</h3>{_list(lines)}")
    moves = found.free_after.astype(np.float64) - found.free
    lines = []
    for layer, pairs in enumerate(part.parameters):
        for i, j in pairs[:MOST_WRITTEN]:
            place = found.place(layer, i, j)
            terms = " + ".join(
                f"({number(float(move))})·({number(float(q))})"
                for move, q in zip(moves, found.directions[:, place], strict=True)
            )
            text = f"{number(float(found.theta[place]))} + {terms}"
            name = _weight_name(found, (layer, i, j))
            lines.append(Line("w′", name, "w + Δ₁·q₁ + Δ₂·q₂", text, float(found.recorded[place])))
    return "".join(parts) + _list(lines)


def _before(found: Dissection, place: int) -> Line:
    names = ("θ", "g", *found.optimiser.slot_symbols)
    values = (found.free[place], found.free_gradient[place], *found.state[:, place])
    words = ", ".join(f"{name} = {number(float(value))}" for name, value in zip(names[1:], values[1:], strict=True))
    return Line("θ", f"before; {words}", "θ", "", float(values[0]))


def _placed(line: Line, layer: int) -> Line:
    return Line(line.symbol, f"layer {layer + 1}, {line.words}", line.formula, line.numbers, line.value)


def _named(line: Line, found: Dissection, weight: tuple[int, int, int]) -> Line:
    return Line(line.symbol, _weight_name(found, weight), line.formula, line.numbers, line.value)


def _weight_name(found: Dissection, weight: tuple[int, int, int]) -> str:
    layer, row, column = weight
    if row == found.net.layer_shapes[layer][0]:
        return f"layer {layer + 1}, bias of neuron {column}"
    return f"layer {layer + 1}, weight of input {row} in neuron {column}"


def _list(lines: Iterable[Line]) -> str:
    items = []
    for line in lines:
        numbers = f" = {escape(line.numbers)}" if line.numbers else ""
        formula = "" if line.formula == line.symbol else f" = {escape(line.formula)}"
        items.append(
            f"<li><small>{escape(line.words)}</small><br>{line.symbol}{formula}{numbers} = <b>{number(line.value)}</b></li>"
        )
    return f"<ul>{''.join(items)}</ul>"


def _digit(picture: NDArray) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(255 - picture).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img class="digit" alt="the digit" src="data:image/png;base64,{data}">'
