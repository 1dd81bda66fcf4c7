import numpy as np
import pytest

from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.run import dissect, exploring
from landscape.run.arithmetic import activation_line, cost_line, delta_line, gradient_line, loss_line, sum_line

WORDS = {"√": "np.sqrt", "exp": "np.exp", "ln": "np.log", "tanh": "np.tanh", "sign": "np.sign", "step": "1.0*(0<"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def computed(text):
    """What a reader gets who types a line into a calculator."""
    out, power = "", False
    for sign in text.replace("−", "-").replace("·10", "*10").replace("·", "*"):
        raised = sign in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
        out += ("**" if raised and not power else "") + (sign.translate(RAISED) if raised else sign)
        power = raised
    names = {name: getattr(np, name) for name in ("exp", "tanh", "sign", "abs")}
    names |= {"ln": np.log, "max": max, "step": lambda x: float(x > 0)}
    return float(eval(out, {"__builtins__": {}}, names))


@pytest.fixture(scope="module", params=[(a, c) for a in ACTIVATIONS for c in COSTS if a == "tanh" or c == "quadratic"])
def found(request, small_setup):
    activation, cost = request.param
    outputs = 1 if COSTS[cost].most_outputs == 1 else 2
    chosen = {"sizes": (784, 3, 3, outputs), "activation": activation, "cost": cost, "biases": "normal", "scale": 0.3}
    *_, last = exploring(small_setup.changed(network=chosen, descent={"l2": 0.01, "batch_size": 6, "epochs": 0.05}))
    yield dissect(last.run, 0, 2)
    last.run.close()


def test_every_line_gives_its_value_when_it_is_typed_into_a_calculator(found):
    last = len(found.passes.sums) - 1
    lines = [loss_line(found), cost_line(found, 1)]
    for layer in range(1, last + 1):
        lines += [line(found, 1, layer, 0) for line in (sum_line, activation_line, delta_line)]
        lines += [gradient_line(found, layer, row, 0) for row in (0, found.net.layer_shapes[layer][0])]
    lines += [activation_line(found, 1, 0, 2), delta_line(found, 1, 0, 2)]
    for line in lines:
        assert computed(line.numbers) == pytest.approx(line.value, rel=3e-4, abs=3e-6), line


def test_a_long_sum_is_said_in_words(found):
    line = sum_line(found, 0, 0, 1)
    pixels = np.count_nonzero(found.passes.inputs[0][0])
    assert line.numbers.startswith(f"(sum of {pixels} inputs times their weights) + ")
    assert computed(sum_line(found, 0, 0, 1, most=784).numbers) == pytest.approx(line.value, rel=1e-3, abs=1e-4)
