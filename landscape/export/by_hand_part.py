"""What of an update is worked out by hand: all of a small network, or a part of a large one; and its numbers as a table."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landscape.run.dissection import Dissection

# More than that nobody works through: of a larger network or mini-batch a part is shown.
WHOLE_PARAMETERS = 4_000
WHOLE_SUMS = 400  # neurons times examples
COLUMNS = ("quantity", "name", "layer", "example", "input", "neuron", "value")
Row = tuple[str, str, int | str, int | str, int | str, int | str, str]


@dataclass(frozen=True)
class Part:
    """Examples, and in every layer neurons and parameters (input, neuron), that are worked out; `whole` if these are all.

    Input n_in stands for the bias.
    """

    whole: bool
    examples: tuple[int, ...]
    neurons: tuple[tuple[int, ...], ...]
    parameters: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(cls, found: Dissection, example: int = 0, weight: tuple[int, int, int] | None = None) -> "Part":
        """All of a small update; of a large one this example, and in each layer this weight or the one that changes most."""
        sums = len(found.costs) * sum(found.net.sizes[1:])
        if found.net.P <= WHOLE_PARAMETERS and sums <= WHOLE_SUMS and len(found.labels) == len(found.costs):
            shapes = found.net.layer_shapes
            parameters = tuple(tuple((i, j) for i in range(a + 1) for j in range(b)) for a, b in shapes)
            return cls(True, tuple(range(len(found.costs))), tuple(tuple(range(b)) for _, b in shapes), parameters)
        chosen = []
        for layer, ((weights, _), (_, n_out)) in enumerate(zip(found.net.layout, found.net.layer_shapes, strict=True)):
            row, column = divmod(int(np.abs(found.gradient[weights]).argmax()), n_out)
            chosen.append(weight[1:] if weight is not None and weight[0] == layer else (row, column))
        return cls(False, (example,), tuple((j,) for _, j in chosen), tuple((pair,) for pair in chosen))

    @property
    def words(self) -> str:
        """What is left out, in a sentence."""
        if self.whole:
            return "This page has every number of the step: all digits of the mini-batch, all neurons, all parameters."
        return (
            "A step of this size has more numbers than anybody would work through. This page has a part of it: one digit, and "
            "in each layer one neuron and one weight. The numbers that it takes over from the rest are listed as they are."
        )


def rows(found: Dissection, part: Part) -> Iterator[Row]:
    """Every number that the page's sums take and give. Layers, from 1; examples, inputs and neurons, from 0.

    An input x that is not listed is 0. Values have nine digits: all of a float32.
    """
    yield from _settings(found)
    yield from _forward(found, part)
    yield from _losses(found, part)
    yield from _backward(found, part)
    yield from _update(found, part)


def written(value: float) -> str:
    """A number with all digits of a float32."""
    return f"{float(value):.9g}"


def _settings(found: Dissection) -> Iterator[Row]:
    sizes = "-".join(map(str, found.net.sizes))
    plain = {"sizes": sizes, "activation": found.net.activation, "cost": found.net.cost, "start": found.start_name}
    plain |= {"optimiser": type(found.optimiser).__name__, "inside the plane": str(found.directions is not None)}
    for name, text in plain.items():
        yield "setting", name, "", "", "", "", text
    numbers = {"update": found.n, "examples": len(found.costs), "λ": found.l2, "penalty": found.penalty}
    numbers |= found.optimiser.numbers(found.n, found.rate)
    for name, value in numbers.items():
        yield "setting", name, "", "", "", "", f"{value:.17g}"
    for formula in found.update_formulas:
        yield "formula", formula.symbol, "", "", "", "", formula.expression


def _forward(found: Dissection, part: Part) -> Iterator[Row]:
    weights, biases = found.net.unpack(found.theta)
    passes = found.passes
    for layer, neurons in enumerate(part.neurons):
        for example in part.examples:
            x = passes.inputs[layer][example]
            for at in np.flatnonzero(x).tolist():
                yield "x", "", layer + 1, example, at, "", written(x[at])
        for j in neurons:
            for at in range(len(weights[layer])):
                if part.whole or passes.inputs[layer][part.examples[0], at] != 0:
                    yield "w", "", layer + 1, "", at, j, written(weights[layer][at, j])
            yield "b", "", layer + 1, "", "", j, written(biases[layer][j])
        last = layer == len(part.neurons) - 1
        for example in part.examples:
            for j in range(found.net.sizes[-1]) if last else neurons:
                yield "z", "", layer + 1, example, "", j, written(passes.sums[layer][example, j])
                yield "a", "", layer + 1, example, "", j, written(passes.handed_on[layer][example, j])


def _losses(found: Dissection, part: Part) -> Iterator[Row]:
    for example in part.examples:
        for j, wanted in enumerate(found.passes.wanted[example].tolist()):
            yield "t", "", len(part.neurons), example, "", j, written(wanted)
    for example, cost in enumerate(found.costs.tolist()):
        yield "C", "", "", example, "", "", written(cost)
    yield "L", "", "", "", "", "", written(found.loss)


def _backward(found: Dissection, part: Part) -> Iterator[Row]:
    weights, _ = found.net.unpack(found.theta)
    passes, last = found.passes, len(part.neurons) - 1
    for layer in range(last, -1, -1):
        neurons = part.neurons[layer]
        if not part.whole and layer < last:  # what leads from this neuron to the layer behind
            for j in neurons:
                for k, w in enumerate(weights[layer + 1][j].tolist()):
                    yield "w", "", layer + 2, "", j, k, written(w)
        # A neuron's delta takes those of the whole layer behind it.
        shown = range(found.net.sizes[layer + 1]) if layer == last or not part.whole else neurons
        for example in part.examples:
            for j in shown:
                yield "δ", "", layer + 1, example, "", j, written(passes.deltas[layer][example, j])
        if not part.whole:
            yield from _terms(found, part, layer)
        for i, j in part.parameters[layer]:
            yield "g", "", layer + 1, "", i, j, written(found.gradient[found.place(layer, i, j)])


def _terms(found: Dissection, part: Part, layer: int) -> Iterator[Row]:
    """What the other examples give to the gradient of a layer's weight."""
    ((i, j),) = part.parameters[layer]
    for example in range(len(found.labels)):
        if example not in part.examples:
            if i < found.net.layer_shapes[layer][0] and found.passes.inputs[layer][example, i] != 0:
                yield "x", "", layer + 1, example, i, "", written(found.passes.inputs[layer][example, i])
            yield "δ", "", layer + 1, example, "", j, written(found.passes.deltas[layer][example, j])


def _update(found: Dissection, part: Part) -> Iterator[Row]:
    if found.directions is not None:
        yield from _plane_update(found, part)
        return
    for layer, parameters in enumerate(part.parameters):
        for i, j in parameters:
            place = found.place(layer, i, j)
            yield "θ", "before", layer + 1, "", i, j, written(found.theta[place])
            for name, before, after in zip(
                found.optimiser.slot_symbols, found.state[:, place], found.state_after[:, place], strict=True
            ):
                yield name, "before", layer + 1, "", i, j, written(before)
                yield f"{name}_new", "after", layer + 1, "", i, j, written(after)
            yield "θ_new", "after", layer + 1, "", i, j, written(found.recorded[place])


def _plane_update(found: Dissection, part: Part) -> Iterator[Row]:
    """Two coordinates move, and every parameter with them: θ + Δ₁·q₁ + Δ₂·q₂."""
    assert found.directions is not None
    for axis in (0, 1):
        name = f"coordinate {axis + 1}"
        yield "c", name, "", "", "", "", written(found.free[axis])
        yield "g_c", name, "", "", "", "", written(found.free_gradient[axis])
        for slot, before, after in zip(
            found.optimiser.slot_symbols, found.state[:, axis], found.state_after[:, axis], strict=True
        ):
            yield slot, name, "", "", "", "", written(before)
            yield f"{slot}_new", name, "", "", "", "", written(after)
        yield "c_new", name, "", "", "", "", written(found.free_after[axis])
    for layer, parameters in enumerate(part.parameters):
        for i, j in parameters:
            place = found.place(layer, i, j)
            yield "θ", "before", layer + 1, "", i, j, written(found.theta[place])
            for axis in (0, 1):
                yield "q", f"coordinate {axis + 1}", layer + 1, "", i, j, written(found.directions[axis, place])
            yield "θ_new", "after", layer + 1, "", i, j, written(found.recorded[place])
