import json
import struct

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.model import load_model, save_model
from landscape.network import Network

NET = Network((6, 5, 4), "tanh", "mse")
ENDINGS = (".safetensors", ".npz")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_model_survives_saving(tmp_path, ending, dtype):
    theta = np.random.default_rng(0).normal(size=NET.P).astype(dtype)
    path = save_model(tmp_path / f"model{ending}", NET, theta, {"accuracy": "0.93"})
    net, again = load_model(path)
    assert net == NET
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, theta)
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


def test_models_that_make_no_sense_are_refused(tmp_path):
    path = tmp_path / "m.npz"
    weights, biases = NET.unpack(NET.init(seed=1))
    arrays = {"W1": weights[0], "b1": biases[0], "W2": weights[1], "b2": biases[1]}
    about = {"sizes": "[6, 5, 4]", "activation": "tanh", "cost": "mse"}
    for changes, words in (
        ({"about": {**about, "sizes": "[6, 5, 3]"}}, "layer 2 needs"),
        ({"about": {**about, "sizes": "5"}}, "not a model"),
        ({"about": {**about, "cost": "bogus"}}, "bogus"),
        ({"about": {}}, "'sizes' is missing"),
        ({"W1": None}, "'W1' is missing"),
        ({"b2": np.full(4, np.nan)}, "not finite"),
        ({"b2": np.array(["a"] * 4)}, "not finite|not a model"),
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
    ):
        with pytest.raises(RecordError, match=words):
            call()
