"""Pickles in, from classmates and strangers; nothing of them is ever run."""

import os
import pickle
import subprocess
import sys
import types
from collections import OrderedDict

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.model import load_model, read_model, save_model
from landscape.network import Network

NET = Network((6, 5, 4), "sigmoid", "quadratic")
THETA = NET.init(seed=2, biases="normal").astype(np.float64)
WEIGHTS, BIASES = NET.unpack(THETA)


class Team:
    """A classmate's network; as its pickle is read, its class is nowhere to be found."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class OldLayer:
    def __init__(self, W, b):
        self.W, self.b = W, b


class QuadraticCost:
    """Nielsen's networks hold their cost as a class."""


LISTS = {"weights": [np.array(W) for W in WEIGHTS], "biases": [np.array(b) for b in BIASES]}
HIS = {"weights": [np.array(W.T) for W in WEIGHTS], "biases": [b[:, None].copy() for b in BIASES], "sizes": [6, 5, 4]}
TELLING = {"activation": "sigmoid", "cost": "quadratic"}
CONTENTS = {
    "lists of arrays": LISTS,
    "lists of lists": {name: [array.tolist() for array in arrays] for name, arrays in LISTS.items()},
    "a pair of lists": [LISTS["weights"], LISTS["biases"]],
    "one after the other": [LISTS["weights"][0], LISTS["biases"][0], LISTS["weights"][1], LISTS["biases"][1]],
    "pairs": list(zip(LISTS["weights"], LISTS["biases"])),
    "dict of arrays": {f"{name[0]}{i + 1}": arrays[i] for name, arrays in (("W", LISTS["weights"]), ("b", LISTS["biases"]))
                       for i in (0, 1)},
    "state dict": OrderedDict((f"{2 * i}.{part}", array) for i in (0, 1)
                              for part, array in (("weight", HIS["weights"][i]), ("bias", LISTS["biases"][i]))),
    "object": Team(**LISTS, **TELLING, epochs=3, name="we"),
    "Nielsen's object": Team(**HIS, cost=QuadraticCost, num_layers=3),
    "object in a dict": {"model": Team(**LISTS), **TELLING, "accuracy": np.float64(0.9)},
    "object of layers": Team(layers=[OldLayer(W, b) for W, b in zip(*LISTS.values())]),
    "Fortran order": {name: [np.asfortranarray(array) for array in arrays] for name, arrays in LISTS.items()},
}  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", CONTENTS)
def test_a_network_is_recognised(tmp_path, name, protocol, monkeypatch):
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(CONTENTS[name], protocol))
    for known in ("Team", "OldLayer", "QuadraticCost"):  # the reader must not need them
        monkeypatch.delattr(sys.modules[__name__], known)
    model = read_model(tmp_path / "m.pkl")
    np.testing.assert_array_equal(model.theta, THETA)
    assert model.net.sizes == NET.sizes
    said = {"activation", "cost"} - set(model.assumed)
    if said:
        assert model.net == NET


def test_classmates_read_what_we_write_with_numpy_alone(tmp_path):
    path = save_model(tmp_path / "m.pkl", NET, THETA)
    code = f"import pickle; d = pickle.load(open({str(path)!r}, 'rb')); print(d['sizes'], d['weights'][0].shape, sorted(d))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[6, 5, 4] (6, 5) ['about', 'activation', 'biases', 'cost', 'sizes', 'weights']"


class Hostile:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


MARKER = "executed-by-a-pickle"
ATTACKS = {
    "os.system": Hostile(os.system, f"touch {MARKER}"),
    "builtins.open": Hostile(open, MARKER, "w"),
    "builtins.eval": Hostile(eval, f"open('{MARKER}', 'w')"),
    "subprocess.Popen": Hostile(subprocess.Popen, ["touch", MARKER]),
    "hidden in a list": {**LISTS, "extra": [1, (Hostile(os.system, f"touch {MARKER}"),)]},
    "numpy's own": Hostile(np.load, MARKER),
    "a class to call": Hostile(Team),
    "builtins.getattr": Hostile(getattr, Team, "__init__"),
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_whatever_else_it_names_is_refused_by_name(tmp_path, monkeypatch, name, protocol):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(ATTACKS[name], protocol))
    with pytest.raises(RecordError, match=r"asks for [\w.]+, which is neither a plain array nor a number"):
        load_model("m.pkl")
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.pkl"]


def test_the_name_is_in_the_sentence(tmp_path):
    (tmp_path / "m.pkl").write_bytes(b"cposix\nsystem\n(S'touch x'\ntR.")
    with pytest.raises(RecordError, match=r"m\.pkl asks for posix\.system, which"):
        load_model(tmp_path / "m.pkl")


def test_nothing_is_imported(tmp_path, monkeypatch):
    module = types.ModuleType("bystander")
    module.Network = type("Network", (), {"__module__": "bystander"})
    network = module.Network()
    vars(network).update(LISTS)
    monkeypatch.setitem(sys.modules, "bystander", module)
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(network))
    monkeypatch.delitem(sys.modules, "bystander")
    (tmp_path / "bystander.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_model(tmp_path / "m.pkl")[0].sizes == NET.sizes
    assert "bystander" not in sys.modules


ARRAY = b"cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
FLOATS = b"cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b".",
        b"N.",
        b"I5\n.",
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.",  # a frame larger than the world
        b"\x80\x05\x96\x00\x00\x00\x00\x00\x00\x00\x01.",  # a byte array of 2^56 bytes
        b"\x80\x04\x8e\x00\x00\x00\x00\x00\x01\x00\x00.",  # bytes of 2^40
        b"Nr\xff\xff\xff\xff.",  # remembered in place 2^32 - 1
        b"Np4294967295\n.",
        b"(" * 100_000 + b".",
        b"]" * 100_000 + b"a" * 99_999 + b".",
        b"Pperson\n.",
        b"\x82\x01.",
        ARRAY + b"(I1\n(I1000000000000\nt" + FLOATS + b"I00\nS''\ntb.",  # an array of 8 TB
        ARRAY + b"(I1\n(I-1\nt" + FLOATS + b"I00\nS''\ntb.",
        ARRAY + b"(I1\n(I1\ntcnumpy\ndtype\n(S'O'\nI0\nI1\ntRI00\n(lp1\nNatb.",
        ARRAY + b".",
        b"c_codecs\nencode\n(S'a'\nS'hex'\ntR.",
        b"c__main__\nNetwork\n(tR.",
        b"cnumpy\ndtype\n(S'V1000000000'\ntR.",
    ],
)
def test_damage_and_giant_sizes_are_refused(tmp_path, content):
    (tmp_path / "m.pkl").write_bytes(content)
    with pytest.raises(RecordError) as caught:
        load_model(tmp_path / "m.pkl")
    assert len(str(caught.value)) < 500


def test_a_row_that_stands_in_a_list_a_million_times_is_counted_before_it_is_laid_out(tmp_path):
    row = [0.0] * 10_000
    content = {"weights": [[row] * 100_000], "biases": [row]}
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(content))
    assert (tmp_path / "m.pkl").stat().st_size < 500_000
    with pytest.raises(RecordError, match="would grow"):
        load_model(tmp_path / "m.pkl")
    square = np.zeros((1500, 1500))
    content = {"weights": [square] * 64, "biases": [square[0]] * 64}
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(content))
    with pytest.raises(RecordError, match="would grow"):
        load_model(tmp_path / "m.pkl")


def test_one_pickle_can_not_poison_the_next(tmp_path):
    """BUILD sets attributes on whatever a name leads to: never on the reader's own functions and classes."""
    good = save_model(tmp_path / "good.pkl", NET, THETA)
    for name in (
        b"cnumpy\ndtype\n",
        b"cnumpy\nndarray\n",
        b"cnumpy._core.multiarray\n_reconstruct\n",
        b"c_codecs\nencode\n",
    ):
        for attribute in (b"__setstate__", b"_function", b"__defaults__", b"dtype", b"__call__"):
            (tmp_path / "bad.pkl").write_bytes(name + b"(N(S'" + attribute + b"'\nNdtb.")
            with pytest.raises(RecordError):
                load_model(tmp_path / "bad.pkl")
            np.testing.assert_array_equal(load_model(good)[1], THETA)
