import json
import struct

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.model import Model, load_model, read_model, save_model
from landscape.network import Network

NET = Network((6, 5, 4), "tanh", "mse")
ENDINGS = (".safetensors", ".npz", ".json", ".pkl")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("ending", (*ENDINGS, ".pickle", ".NPZ"))
def test_a_model_survives_saving(tmp_path, ending, dtype):
    theta = np.random.default_rng(0).normal(size=NET.P).astype(dtype)
    path = save_model(tmp_path / f"model{ending}", NET, theta, {"accuracy": "0.93"})
    net, again = load_model(path)
    assert net == NET
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, theta)
    model = read_model(path)
    assert (model.about["accuracy"], model.about["app"], model.assumed) == ("0.93", "landscape", ())
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_others_can_read_the_arrays(tmp_path):
    theta = NET.init(seed=1, biases="normal")
    weights, biases = NET.unpack(theta)
    with np.load(save_model(tmp_path / "m.npz", NET, theta)) as file:
        np.testing.assert_array_equal(file["W2"], weights[1])
        np.testing.assert_array_equal(file["b1"], biases[0])
        assert json.loads(str(file["about"]))["sizes"] == "[6, 5, 4]"


def test_parameters_that_could_not_be_read_again_are_not_written(tmp_path):
    theta = NET.init(seed=1)
    for wrong, words in (
        (theta.tolist(), "not list"),
        (theta.astype(int), "not int64"),
        (theta[:-1], "parameters, but"),
        (np.where(np.arange(NET.P) == 3, np.nan, theta), "finite"),
    ):
        with pytest.raises(RecordError, match=words):
            save_model(tmp_path / "m.npz", NET, wrong)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_damaged_models_are_refused(tmp_path, ending):
    path = save_model(tmp_path / f"model{ending}", NET, NET.init(seed=1))
    whole = path.read_bytes()
    for content in (b"", whole[:10], whole[: len(whole) // 2], whole[:-1], b"hello, world" * 9):
        path.write_bytes(content)
        with pytest.raises(RecordError, match="damaged or not a model"):
            load_model(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_number_or_fact_is_noticed(tmp_path, ending):
    """safetensors, JSON and pickle have no checksum of their own."""
    path = save_model(tmp_path / f"model{ending}", NET, NET.init(seed=1), {"accuracy": "0.93"})
    other = save_model(tmp_path / f"other{ending}", NET, NET.init(seed=1), {"accuracy": "0.94"})
    whole = path.read_bytes()
    assert load_model(other)[0] == NET
    wide = "0.93".encode("utf-32-le")  # npz holds texts so
    old, new = (wide, "0.99".encode("utf-32-le")) if wide in whole else (b"0.93", b"0.99")
    assert whole.count(old) == 1
    path.write_bytes(whole.replace(old, new))
    with pytest.raises(RecordError, match=r"checksum|damaged"):
        load_model(path)


def test_what_a_model_says_of_its_digits():
    net = Network((784, 1), cost="mnist_loss")
    theta = np.zeros(net.P, np.float32)
    assert Model(net, theta).classes == (3, 7)
    assert Model(Network((784, 10)), theta).classes == tuple(range(10))
    assert Model(net, theta).preprocess == ("scale",)
    said = Model(net, theta, {"classes": "[1, 8]", "preprocessing": '["scale", "centre"]'})
    assert (said.classes, said.preprocess) == ((1, 8), ("scale", "centre"))
    for model, words in (
        (Model(Network((784, 4)), theta), "does not say which digits"),
        (Model(net, theta, {"classes": "[1, 2, 3]"}), "has 1 outputs"),
        (Model(net, theta, {"classes": "[" * 10_000}), "a list is wanted"),
        (Model(net, theta, {"classes": "3"}), "a list is wanted"),
    ):
        with pytest.raises(RecordError, match=words):
            _ = model.classes


def test_models_that_make_no_sense_are_refused(tmp_path):
    path = tmp_path / "m.npz"
    weights, biases = NET.unpack(NET.init(seed=1))
    arrays = {"W1": weights[0], "b1": biases[0], "W2": weights[1], "b2": biases[1]}
    about = {"sizes": "[6, 5, 4]", "activation": "tanh", "cost": "mse"}
    for changes, words in (
        ({"about": {**about, "sizes": "[6, 5, 3]"}}, "sizes are said to be"),
        ({"about": {**about, "sizes": "5"}}, "said to be 5"),
        ({"about": {**about, "cost": "bogus"}}, "bogus"),
        ({"about": {"sizes": 5}}, "not texts"),
        ({"W3": weights[1]}, "no array b3"),
        ({"W1": None}, "no array W1"),
        ({"b2": np.full(4, np.nan)}, "not finite"),
        ({"b2": np.array(["a"] * 4)}, "something else than numbers"),
        ({"b2": np.full(4, 1j)}, "Python objects or the like"),
        ({"b2": np.array([{}] * 4)}, "Python objects"),
        ({"W2": weights[1][:3]}, "don't fit one another"),
        ({"W1": np.zeros((0, 5))}, "of shape"),
        ({"folder/W9": weights[0]}, "no plain array"),
    ):
        members = {**arrays, "about": about} | changes
        members = {name: value for name, value in members.items() if value is not None}
        np.savez(path, **members | {"about": np.array(json.dumps(members["about"]))})
        with pytest.raises(RecordError, match=words):
            load_model(path)


def test_a_safetensors_header_that_promises_too_much_is_refused(tmp_path):
    path = tmp_path / "m.safetensors"
    header = json.dumps({"W1": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(RecordError):
        load_model(path)


def test_endings_and_places_that_do_not_serve(tmp_path):
    theta = NET.init()
    for call, words in (
        (lambda: save_model(tmp_path / "m.docx", NET, theta), "ends in"),
        (lambda: load_model(tmp_path / "m"), "ends in"),
        (lambda: load_model(tmp_path / "absent.npz"), "No such file"),
        (lambda: save_model(tmp_path / "m.npz", NET, theta[:-1]), "parameters"),
        (lambda: save_model(tmp_path / "m.npz", NET, theta, {"accuracy": 0.9}), "is text by name"),
    ):
        with pytest.raises(RecordError, match=words):
            call()
