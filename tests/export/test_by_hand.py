"""The page by hand is followed here as its reader would: in plain Python, from the numbers in its table alone."""

import csv
import html
import json
import math
import re
from collections import defaultdict

import pytest

from landscape._version import __version__
from landscape.errors import RecordError, SetupError
from landscape.export.by_hand import write_by_hand
from landscape.export.origin import read_setup
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.run import exploring
from landscape.run.descending import OPTIMISERS

SMALL = {
    "network": {"sizes": (784, 3, 3, 2), "activation": "tanh", "biases": "normal", "scale": 0.2},
    "descent": {"batch_size": 8, "epochs": 0.1, "learning_rate": 0.03, "weight_decay": 0.02, "l2": 0.01},
}


def textbook(cost, z, a, t):
    """What an example costs, and the derivative of that with respect to every z."""
    right = sum(zk * tk for zk, tk in zip(z, t))
    errors, slopes = [ak - tk for ak, tk in zip(a, t)], [ak * (1 - ak) for ak in a]
    if cost == "cross_entropy":
        return -math.log(math.exp(right) / sum(map(math.exp, z))), errors
    if cost == "hinge":
        margins = [max(0.0, zk - right + 1) * (1 - tk) for zk, tk in zip(z, t)]
        over = sum(margin > 0 for margin in margins)
        return sum(margins), [float(m > 0) if tk == 0 else -over for m, tk in zip(margins, t)]
    if cost == "binary_cross_entropy":
        return sum(-tk * math.log(ak) - (1 - tk) * math.log(1 - ak) for ak, tk in zip(a, t)), errors
    if cost in ("mnist_loss", "mae"):
        return sum(map(abs, errors)) / len(a), [math.copysign(s, e) / len(a) for e, s in zip(errors, slopes)]
    times = {"quadratic": 0.5, "mse": 1.0}[cost]
    return times * sum(e * e for e in errors), [2 * times * e * s for e, s in zip(errors, slopes)]


class Sums:
    """The table of a page, by quantity; `follow` works everything out again and counts what it could."""

    def __init__(self, path):
        self.settings, self.rows = {}, defaultdict(dict)
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["quantity"] in ("setting", "formula"):
                    self.settings[row["name"]] = row["value"]
                else:
                    place = (row["name"], row["layer"], row["example"], row["input"], row["neuron"])
                    self.rows[row["quantity"]][place] = float(row["value"])
        self.counts = defaultdict(int)
        self.sizes = [int(size) for size in self.settings["sizes"].split("-")]
        self.last = len(self.sizes) - 1

    def get(self, quantity, layer="", example="", at="", neuron="", name="", default=None):
        place = (name, *(str(part) for part in (layer, example, at, neuron)))
        return self.rows[quantity].get(place, default)

    def agrees(self, what, mine, theirs, scale=1.0):
        assert mine == pytest.approx(theirs, rel=2e-4, abs=2e-5 * scale), what
        self.counts[what] += 1

    def places(self, quantity):
        for _, layer, example, at, neuron in list(self.rows[quantity]):
            yield tuple(int(part) if part else "" for part in (layer, example, at, neuron))

    def follow(self):
        self.forward()
        self.costs()
        self.backward()

    def forward(self):
        value = {
            "relu": lambda z: max(0.0, z),
            "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
            "tanh": math.tanh,
            "linear": lambda z: z,
        }[self.settings["activation"]]
        x, w = defaultdict(dict), defaultdict(dict)
        for layer, example, at, _ in self.places("x"):
            x[layer, example][at] = self.get("x", layer, example, at)
        for layer, _, at, neuron in self.places("w"):
            w[layer, neuron][at] = self.get("w", layer, "", at, neuron)
        self.x, self.w = x, w
        for layer, example, _, neuron in self.places("z"):
            z, b = self.get("z", layer, example, "", neuron), self.get("b", layer, "", "", neuron)
            if b is not None:
                inputs = x[layer, example]
                self.agrees("z", sum(inputs[at] * w[layer, neuron][at] for at in inputs) + b, z)
            if layer < self.last:
                self.agrees("a", value(z), self.get("a", layer, example, "", neuron))
                self.agrees("x", x[layer + 1, example].get(neuron, 0.0), self.get("a", layer, example, "", neuron))

    def costs(self):
        cost, n = self.settings["cost"], int(self.settings["examples"])
        outputs = range(self.sizes[-1])
        for _, example in {(0, example) for _, example, _, _ in self.places("t")}:
            z = [self.get("z", self.last, example, "", k) for k in outputs]
            a = [self.get("a", self.last, example, "", k) for k in outputs]
            t = [self.get("t", self.last, example, "", k) for k in outputs]
            total, (mine, deltas) = sum(map(math.exp, z)), textbook(cost, z, a, t)
            for k in outputs:
                given = {"cross_entropy": math.exp(z[k]) / total, "hinge": z[k]}
                self.agrees("output", given.get(cost, 1 / (1 + math.exp(-z[k]))), a[k])
                self.agrees("δ out", deltas[k], self.get("δ", self.last, example, "", k))
            self.agrees("C", mine, self.get("C", "", example))
        costs = list(self.rows["C"].values())
        assert len(costs) == n
        self.agrees("L", sum(costs) / n + float(self.settings["penalty"]), self.get("L"))

    def backward(self):
        slope = {"relu": lambda a: float(a > 0), "sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
        n, l2 = int(self.settings["examples"]), float(self.settings["λ"])
        for layer, example, _, neuron in self.places("δ"):
            a = self.get("a", layer, example, "", neuron)
            if layer < self.last and a is not None:
                behind = range(self.sizes[layer + 1])
                ways = [self.get("w", layer + 1, "", neuron, k) for k in behind]
                total = sum(self.get("δ", layer + 1, example, "", k) * way for k, way in zip(behind, ways))
                mine = total * slope.get(self.settings["activation"], lambda a: 1.0)(a)
                self.agrees("δ", mine, self.get("δ", layer, example, "", neuron))
        for layer, _, at, neuron in self.places("g"):
            bias = at == self.sizes[layer - 1]
            terms = (
                (1.0 if bias else self.get("x", layer, example, at, default=0.0))
                * self.get("δ", layer, example, "", neuron)
                for example in range(n)
            )
            w = 0.0 if bias else self.get("θ", layer, "", at, neuron, name="before")
            self.agrees("g", sum(terms) / n + l2 * w, self.get("g", layer, "", at, neuron), scale=0.1)

    def updated(self, optimiser, θ, g, old):
        """θ and state after one step by the textbook; `old` is the state by its symbols."""
        s = {name: float(self.settings[name]) for name in "ημαεdt" if name in self.settings}
        η, t, ε = s["η"], s.get("t", 1), s.get("ε", 0)
        if optimiser != "adamw":
            g = g + s.get("d", 0) * θ
        if optimiser in ("sgd", "momentum", "nesterov"):
            v = (s["μ"] * old["v"] if old else 0.0) + g
            return θ - η * (g + s["μ"] * v if optimiser == "nesterov" else v), {"v": v} if old else {}
        if optimiser == "adagrad":
            total = old["s"] + g * g
            return θ - η * g / (math.sqrt(total) + ε), {"s": total}
        if optimiser == "rmsprop":
            mean = s["α"] * old["s"] + (1 - s["α"]) * g * g
            return θ - η * g / (math.sqrt(mean) + ε), {"s": mean}
        first, second = float(self.settings["β1"]), float(self.settings["β2"])
        m, mean = first * old["m"] + (1 - first) * g, second * old["s"] + (1 - second) * g * g
        if optimiser == "adamw":
            θ = θ - η * s["d"] * θ
        way = m / (1 - first**t) / (math.sqrt(mean / (1 - second**t)) + ε)
        return θ - η * way, {"m": m, "s": mean}


@pytest.fixture
def page(small_setup, tmp_path):
    """page(sections) -> the table and the text of the page of the third update of the second start."""

    def write(n=3, **changes):
        *_, last = exploring(small_setup.changed(**SMALL).changed(**changes), engine="plain")
        written, table = write_by_hand(last.run, 1, n, tmp_path / "step.html", example=2)
        last.run.close()
        return Sums(table), written.read_text(encoding="utf-8")

    return write


@pytest.mark.parametrize("activation, cost", [(a, c) for a in ACTIVATIONS for c in COSTS if a == "tanh" or c == "mse"])
def test_forward_loss_and_backward_are_followed_by_hand(page, activation, cost):
    outputs = 1 if COSTS[cost].most_outputs == 1 else 2
    sums, text = page(network={"sizes": (784, 3, 3, outputs), "activation": activation, "cost": cost})
    sums.follow()
    wanted = {"z": 8 * (6 + outputs), "a": 48, "δ": 48, "C": 8, "δ out": 8 * outputs, "L": 1, "g": 2367 + 4 * outputs}
    assert {name: sums.counts[name] for name in wanted} == wanted
    assert "every number of the step" in text


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_the_update_is_followed_by_hand(page, optimiser):
    sums, text = page(descent={"optimiser": optimiser})
    moved = 0
    for layer, _, at, neuron in sums.places("g"):
        place = {"layer": layer, "at": at, "neuron": neuron}
        θ, g = sums.get("θ", name="before", **place), sums.get("g", **place)
        slots = [name for name in "vsm" if sums.get(name, name="before", **place) is not None]
        after, state = sums.updated(optimiser, θ, g, {name: sums.get(name, name="before", **place) for name in slots})
        assert after == pytest.approx(sums.get("θ_new", name="after", **place), rel=1e-5, abs=1e-7)
        for name, value in state.items():
            assert value == pytest.approx(sums.get(f"{name}_new", name="after", **place), rel=1e-4, abs=1e-9)
        moved += after != θ
    assert moved > 1000
    assert "θ′" in text


def test_page_and_table_say_what_made_them(small, tmp_path):
    written, table = write_by_hand(small.run, 0, 1, tmp_path / "step.html")
    assert read_setup(written) == small.run.setup.to_toml()
    with table.open(encoding="utf-8") as file:
        settings = {row["name"]: row["value"] for row in csv.DictReader(file) if row["quantity"] == "setting"}
    assert json.loads(settings["setup"])["descent"]["epochs"] == small.run.setup.descent.epochs
    assert settings["version"] == __version__


def test_inside_a_plane_two_coordinates_move_and_every_parameter_with_them(page):
    sums, _ = page(descent={"optimiser": "momentum", "in_plane": True}, starts={"kind": "corners"})
    ways = []
    for axis in ("coordinate 1", "coordinate 2"):
        c, g, v = (sums.get(name, name=axis) for name in ("c", "g_c", "v"))
        after, state = sums.updated("momentum", c, g, {"v": v})
        assert after == pytest.approx(sums.get("c_new", name=axis), rel=1e-5)
        assert state["v"] == pytest.approx(sums.get("v_new", name=axis), rel=1e-4)
        # The coordinate's gradient is the shadow of the whole one.
        whole = sum(sums.get("g", *place) * sums.get("q", *place, name=axis) for place in sums.places("g"))
        assert whole == pytest.approx(g, rel=1e-3, abs=1e-5)
        ways.append(after - c)
    for place in sums.places("g"):
        q = [sums.get("q", *place, name=axis) for axis in ("coordinate 1", "coordinate 2")]
        mine = sums.get("θ", *place, name="before") + sum(way * along for way, along in zip(ways, q))
        assert mine == pytest.approx(sums.get("θ_new", *place, name="after"), rel=1e-4, abs=1e-6)


def test_of_a_large_network_an_honest_part_is_worked_out(page):
    sums, text = page(
        network={"sizes": (784, 30, 12, 2)}, descent={"batch_size": 40, "epochs": 0.3, "optimiser": "adam"}
    )
    sums.follow()
    # One neuron a layer, one weight a layer, all outputs of one digit.
    assert (sums.counts["z"], sums.counts["g"], sums.counts["C"], sums.counts["δ out"]) == (3, 3, 1, 2)
    assert sums.counts["δ"] == 2
    assert "one digit, and in each layer one neuron and one weight" in text
    for layer, _, at, neuron in sums.places("g"):
        place = {"layer": layer, "at": at, "neuron": neuron}
        old = {name: sums.get(name, name="before", **place) for name in "ms"}
        after, _ = sums.updated("adam", sums.get("θ", name="before", **place), sums.get("g", **place), old)
        assert after == pytest.approx(sums.get("θ_new", name="after", **place), rel=1e-5, abs=1e-7)


SPOKEN = {"√": "sqrt", "·": "*", "−": "-", "²": "**2", "³": "**3", "′": "_new"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
CALCULATOR = {"exp": math.exp, "ln": math.log, "tanh": math.tanh, "sqrt": math.sqrt, "max": max, "abs": abs,
              "sign": lambda x: math.copysign(1.0, x) if x else 0.0, "step": lambda x: float(x > 0)}  # fmt: skip


def calculated(text):
    """What a pocket calculator makes of an expression as it is printed."""
    text = re.sub("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"10**({found[1].translate(RAISED)})", text)
    for shown, typed in SPOKEN.items():
        text = text.replace(shown, typed)
    return eval(text, {"__builtins__": {}}, CALCULATOR)


@pytest.mark.parametrize(
    "network", [{"activation": "tanh"}, {"activation": "sigmoid", "cost": "quadratic"}, {"activation": "relu"}]
)
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_every_line_of_the_page_itself_comes_out_on_a_calculator(page, network, optimiser):
    """A 2-3-2 network on two principal components: what is printed, and nothing else, typed in."""
    sums, text = page(
        data={"preprocess": ("scale", "pca:2")},
        network={"sizes": (2, 3, 2), **network},
        descent={"batch_size": 4, "optimiser": optimiser},
    )
    assert sums.settings["preprocess"] == "scale pca:2"
    assert "2 numbers x₀, x₁" in text and "scale, pca:2" in text
    lines = re.findall(r"<li><small>(.*?)</small><br>(.*?) = <b>(.*?)</b></li>", text)
    counted = 0
    for words, calculation, value in lines:
        parts = html.unescape(calculation).split(" = ")
        if len(parts) < 3:  # a number that is only named
            continue
        assert calculated(parts[-1]) == pytest.approx(calculated(value), rel=3e-5, abs=2e-6), (words, calculation)
        counted += 1
    assert counted == len(lines) - 3  # the old values of three parameters
    assert counted >= 4 * (3 * 3 + 2 * 3 + 1) + 17


def test_the_page_loads_nothing_and_errors_are_sentences(page, small_run, tmp_path):
    _, text = page()
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("<details") == 16
    with pytest.raises(SetupError, match="update 999 does not exist"):
        write_by_hand(small_run, 0, 999, tmp_path / "a.html")
    with pytest.raises(RecordError, match="a page by hand ends in"):
        write_by_hand(small_run, 0, 1, tmp_path / "a.txt")
