import numpy as np
import pytest
from safetensors.numpy import save_file

from landscape.errors import RecordError
from landscape.model import read_model
from landscape.network import Network

NET = Network((6, 5, 3, 4))


@pytest.fixture
def theta():
    return NET.init(seed=2, biases="normal")


def state_dict(theta, names):
    """The arrays as PyTorch's Linear layers hold them."""
    arrays = {}
    for name, W, b in zip(names, *NET.unpack(theta)):
        arrays |= {f"{name}.weight": np.ascontiguousarray(W.T), f"{name}.bias": b}
    return arrays


@pytest.mark.parametrize("names", [("0", "2", "4"), ("net.9", "net.10", "net.11"), ("input", "hidden", "output")])
@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_a_pytorch_state_dict_is_recognised(tmp_path, theta, ending, names):
    path = tmp_path / f"m{ending}"
    arrays = state_dict(theta, names)
    save_file(arrays, path) if ending == ".safetensors" else np.savez(path, **arrays)
    model = read_model(path)
    assert model.net.sizes == NET.sizes
    assert model.assumed == ("activation", "cost")
    np.testing.assert_array_equal(model.theta, theta)
    assert read_model(path, activation="tanh", cost="mse").net == Network(NET.sizes, "tanh", "mse")


def test_torch_itself_computes_the_same(tmp_path, theta):
    torch = pytest.importorskip("torch")
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in NET.layer_shapes]
    module = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    save_file({name: tensor.numpy() for name, tensor in module.state_dict().items()}, tmp_path / "m.safetensors")
    model = read_model(tmp_path / "m.safetensors")
    X = np.random.default_rng(0).random((7, 6), np.float32)
    expected = torch.softmax(module(torch.from_numpy(X)), -1).detach().numpy()
    np.testing.assert_allclose(model.net.outputs(model.theta, X), expected, rtol=1e-5, atol=1e-7)


def test_layers_without_biases_have_zero_biases(tmp_path, theta):
    arrays = {name: array for name, array in state_dict(theta, "024").items() if name.endswith("weight")}
    np.savez(tmp_path / "m.npz", **arrays)
    model = read_model(tmp_path / "m.npz")
    assert all(not b.any() for b in model.net.unpack(model.theta)[1])


def test_arrays_counted_from_nought_and_matrices_the_other_way_round(tmp_path, theta):
    weights, biases = NET.unpack(theta)
    arrays = {f"weight_{i}": W.T for i, W in enumerate(weights)} | {
        f"bias_{i}": b[:, None] for i, b in enumerate(biases)
    }
    np.savez(tmp_path / "m.npz", **arrays)
    np.testing.assert_array_equal(read_model(tmp_path / "m.npz").theta, theta)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"conv.weight": np.zeros((8, 1, 3, 3))}, "no plain network"),
        ({"0.weight": np.zeros((4, 6)), "1.running_mean": np.zeros(4)}, "no plain network"),
        ({"image": np.zeros((28, 28))}, "it has image"),
        ({}, "it has nothing"),
        ({"W1": np.zeros((6, 4)), "b1": np.full(4, np.inf)}, "not finite"),
    ],
)
def test_what_is_no_plain_network_is_refused(tmp_path, arrays, words):
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises(RecordError, match=words):
        read_model(tmp_path / "m.npz")
