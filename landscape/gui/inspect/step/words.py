"""What the microscope says about a stage, as rich text: its sentence, and the sums of the example or weight looked at."""

from collections.abc import Sequence
from html import escape

import numpy as np

from landscape.data import a_digit
from landscape.gui.theme import Theme
from landscape.network.notation import number
from landscape.run.arithmetic import (
    activation_line,
    cost_line,
    delta_line,
    gradient_line,
    loss_line,
    sum_line,
)
from landscape.run.dissection import Dissection, Line

TITLES = ("1 Forward", "2 Loss", "3 Backward", "4 Update")
TIPS = (
    "Forward: the digits of the mini-batch go through the network, layer by layer",
    "Loss: what each digit costs (C), and their mean, the loss L of the mini-batch",
    "Backward: how each cost changes with each neuron's sum (δ), and so the gradient g of every weight",
    "Update: the optimiser turns the gradient g into the change Δ of every weight",
)


def sentence(found: Dissection, stage: int) -> str:
    """The stage in one or two plain sentences."""
    n, layers = len(found.costs), len(found.net.layer_shapes)
    digits = f"{n:,} digit{'s' if n != 1 else ''}"
    match stage:
        case 0:
            return (
                f"The mini-batch's {digits} go through {layers} layer{'s' if layers > 1 else ''}: each neuron adds up its "
                "inputs times its weights, z = Σ x·w + b, and hands on a, a function of z."
            )
        case 1:
            costs = found.net.cost_function.convention.split(";")[0]
            return f"Each digit costs C: {costs}. Their mean is L = {number(found.loss, 4)}."
        case 2:
            return (
                "From the outputs back: δ says how a digit's cost changes with a neuron's z. A weight's gradient g is the mean "
                "of input times δ. The arrow on the landscape is its downhill shadow."
            )
        case _:
            name = type(found.optimiser).__name__
            where = "two coordinates of the plane" if found.directions is not None else f"{found.net.P:,} parameters"
            return (
                f"{name} moves all {where} at once, with learning rate η = {number(found.rate)}. Here is one of them."
            )


def detail(
    found: Dissection, stage: int, example: int, weight: tuple[int, int, int], names: list[str], theme: Theme
) -> str:
    """The sums of the stage for the example, or the weight, that is looked at; `names` are those of the classes."""
    parts = {0: _forward, 1: _loss, 2: _backward}
    if stage in parts:
        return parts[stage](found, example, weight, names, theme)
    return _update(found, weight, theme)


def _forward(found: Dissection, example: int, _: tuple, names: list[str], theme: Theme) -> str:
    passes = found.passes
    html = [_whose(found, example, names)]
    for layer, handed_on in enumerate(passes.handed_on[:-1]):
        a = handed_on[example]
        strongest = int(np.abs(a).argmax())
        html.append(f"<b>Layer {layer + 1}</b>: {len(a)} neurons, {int((a > 0).sum())} above 0. The strongest:")
        html += [_line(line(found, example, layer, strongest), theme) for line in (sum_line, activation_line)]
    last = len(passes.sums) - 1
    winner = int(passes.guesses[example]) if passes.outputs.shape[1] > 1 else 0
    html.append(f"<b>Outputs</b>: {passes.outputs.shape[1]}. The largest:")
    html += [_line(line(found, example, last, winner), theme) for line in (sum_line, activation_line)]
    if found.net.cost_function.output_expression.endswith("S"):
        html.append(_faint("S is the sum of exp(z) over all outputs: so the outputs add up to 1.", theme))
    z, a = passes.sums[-1][example], passes.outputs[example]
    rows = [
        (names[k] if len(z) > 1 else "output", number(float(z[k]), 4), number(float(a[k]), 4)) for k in range(len(z))
    ]
    return "".join(f"<p>{part}</p>" for part in html) + _table(("class", "z", "a"), rows, theme)


def _loss(found: Dissection, example: int, _: tuple, names: list[str], theme: Theme) -> str:
    lines = [_whose(found, example, names), _line(cost_line(found, example), theme), _line(loss_line(found), theme)]
    hardest = int(np.nanargmax(found.costs)) if np.isfinite(found.costs).any() else 0
    share = float(found.costs[hardest] / found.costs.sum()) if found.costs.sum() > 0 else 0.0
    lines.append(
        _faint(
            f"The costliest digit is number {hardest + 1}: {share:.0%} of all cost. a: output, t: wanted output (1 or 0).",
            theme,
        )
    )
    return "".join(f"<p>{line}</p>" for line in lines)


def _backward(found: Dissection, example: int, weight: tuple, names: list[str], theme: Theme) -> str:
    passes, last = found.passes, len(found.passes.sums) - 1
    output = int(np.abs(passes.deltas[last][example]).argmax())
    html = [_whose(found, example, names), _line(delta_line(found, example, last, output), theme)]
    for layer in range(last - 1, -1, -1):
        strongest = int(np.abs(passes.deltas[layer][example]).argmax())
        html.append(f"<b>Layer {layer + 1}</b>, " + _line(delta_line(found, example, layer, strongest), theme))
    html.append(f"<b>{weight_name(found, weight)}</b>: " + _line(gradient_line(found, *weight), theme))
    rows = []
    for layer, (weights, biases) in enumerate(found.net.layout):
        g = found.gradient[weights.start : biases.stop]
        theta = found.theta[weights.start : biases.stop]
        figures = np.linalg.norm(g), np.abs(g).max(), np.linalg.norm(theta)
        rows.append((f"{layer + 1}", *(number(float(figure), 3) for figure in figures)))
    table = _table(("layer", "‖g‖", "largest |g|", "‖θ‖"), rows, theme)
    return "".join(f"<p>{part}</p>" for part in html) + table


def _update(found: Dissection, weight: tuple[int, int, int], theme: Theme) -> str:
    place = found.place(*weight)
    html = [f"<p><b>{weight_name(found, weight)}</b></p>"]
    if found.directions is None:
        html += _updated(found, place, theme)
        before, after = float(found.theta[place]), float(found.recorded[place])
        equal = float(found.theta_after[place]) == after
    else:
        Q = found.directions[:, place]
        for axis in (0, 1):
            html.append(
                f"<p>Coordinate {axis + 1} of the plane, which is what moves (θ and g are the coordinate's):</p>"
            )
            html += _updated(found, axis, theme)
        before, after = float(found.theta[place]), float(found.recorded[place])
        moves = found.free_after.astype(np.float64) - found.free
        terms = " + ".join(f"({number(float(move))})·({number(float(q))})" for move, q in zip(moves, Q, strict=True))
        line = Line(
            "w′", "the weight itself follows the two", "w + Δ₁·q₁ + Δ₂·q₂", f"{number(before)} + {terms}", after
        )
        html.append(f"<p>{_line(line, theme)}</p>")
        equal = abs(float(found.theta_after[place]) - after) == 0
    agree = f"{'equal to the last bit' if equal else 'float32 rounding apart'} for this weight; at most"
    agree = f"{agree} {number(found.difference, 2)} apart over" if found.difference else "equal to the last bit for"
    html.append(
        f"<p>From <b>{number(before, 8)}</b> to <b>{number(after, 8)}</b>, as the run recorded it. "
        + _faint(
            f"The update made here and the recorded one: {agree} all {found.net.P:,}.",
            theme,
        )
        + "</p>"
    )
    return "".join(html)


def _updated(found: Dissection, place: int, theme: Theme) -> list[str]:
    """The optimiser's lines for one of the numbers that it moves, after what they begin with."""
    names = ("θ", "g", *found.optimiser.slot_symbols)
    words = ("before", "gradient", *found.optimiser.slot_names)
    values = (found.free[place], found.free_gradient[place], *found.state[:, place])
    known = [
        f"{name} = <b>{number(float(value))}</b> {_faint(word, theme)}"
        for name, word, value in zip(names, words, values, strict=True)
    ]
    numbers = found.optimiser.numbers(found.n, found.rate)
    used = [formula.expression for formula in found.update_formulas]
    signs = {"β1": "β₁", "β2": "β₂"}
    known.append(
        ", ".join(
            f"{signs.get(name, name)} = {number(value)}"
            for name, value in numbers.items()
            if any(name in expression for expression in used) and value
        )
    )
    return [f"<p>{'<br>'.join(known)}</p>", *(f"<p>{_line(line, theme)}</p>" for line in found.update_lines(place))]


def weight_name(found: Dissection, weight: tuple[int, int, int]) -> str:
    """The weight that is looked at, in words."""
    layer, row, column = weight
    if row == found.net.layer_shapes[layer][0]:
        return f"Layer {layer + 1}, bias of neuron {column}"
    return f"Layer {layer + 1}, weight of input {row} in neuron {column}"


def _whose(found: Dissection, example: int, names: list[str]) -> str:
    label, guess = names[int(found.labels[example])], names[int(found.passes.guesses[example])]
    told = "and recognised" if label == guess else f"but taken for <b>{a_digit(guess)}</b>"
    return f"Digit {example + 1} of {len(found.costs):,} is <b>{a_digit(label)}</b>, {told}."


def _line(line: Line, theme: Theme) -> str:
    numbers = f" = {escape(line.numbers)}" if line.numbers else ""
    return (
        f"{_faint(line.words, theme)}<br>{line.symbol} = {escape(line.formula)}{numbers} = <b>{number(line.value)}</b>"
    )


def _faint(text: str, theme: Theme) -> str:
    return f'<span style="color: {theme.faint}">{text}</span>'


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], theme: Theme) -> str:
    cells = "".join(f'<td align="right">{_faint(name, theme)}</td>' for name in head)
    body = "".join("<tr>" + "".join(f'<td align="right">{cell}</td>' for cell in row) + "</tr>" for row in rows)
    return f'<table cellspacing="0" cellpadding="3"><tr>{cells}</tr>{body}</table>'
