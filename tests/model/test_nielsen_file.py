import itertools
import json

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.model import load_model, read_model, save_model
from landscape.network import Network


def feedforward(content, a):
    """The outputs as Nielsen's program computes them from its file: a is (n_in, 1)."""
    for b, w in zip(content["biases"], content["weights"]):
        a = 1 / (1 + np.exp(-(np.dot(np.array(w), a) + np.array(b))))
    return a


def test_his_file_is_read_and_computes_what_his_program_does(tmp_path):
    random = np.random.default_rng(0)
    sizes = [6, 5, 4]
    content = {
        "sizes": sizes,
        "weights": [random.normal(size=(y, x)).tolist() for x, y in itertools.pairwise(sizes)],
        "biases": [random.normal(size=(y, 1)).tolist() for y in sizes[1:]],
        "cost": "CrossEntropyCost",
    }
    path = tmp_path / "his.json"
    path.write_text(json.dumps(content))
    net, theta = load_model(path)
    assert net == Network((6, 5, 4), "sigmoid", "binary_cross_entropy")
    assert theta.dtype == np.float64
    X = random.random((3, 6))
    for x, output in zip(X, net.outputs(theta, X)):
        np.testing.assert_allclose(feedforward(content, x[:, None])[:, 0], output, rtol=1e-12)


@pytest.mark.parametrize(
    ("cost", "his"), [("quadratic", "QuadraticCost"), ("binary_cross_entropy", "CrossEntropyCost")]
)
def test_his_program_reads_what_we_write(tmp_path, cost, his):
    net = Network((6, 5, 4), "sigmoid", cost)
    theta = net.init(seed=3, biases="normal")
    content = json.loads(save_model(tmp_path / "m.json", net, theta).read_text())
    assert (content["sizes"], content["cost"]) == ([6, 5, 4], his)
    x = np.random.default_rng(0).random((1, 6)).astype(np.float32)
    np.testing.assert_allclose(feedforward(content, x.T)[:, 0], net.outputs(theta, x)[0], rtol=1e-5)


@pytest.mark.parametrize("net", [Network((6, 5, 4), "relu", "quadratic"), Network((6, 5, 4), "sigmoid", "mse")])
def test_his_program_stops_at_what_it_would_misread(tmp_path, net):
    content = json.loads(save_model(tmp_path / "m.json", net, net.init()).read_text())
    assert content["cost"] not in ("QuadraticCost", "CrossEntropyCost")
    assert read_model(tmp_path / "m.json").net == net


@pytest.mark.parametrize(
    "text",
    ["", "5", "{}", "[" * 100_000, '{"weights": 1, "biases": 2}', '{"weights": [], "biases": []}', '{"weights": [[[1]]]}',
     '{"weights": [[[NaN]]], "biases": [[[1]]]}', '{"weights": [[[1, 2], [3]]], "biases": [[[1], [2]]]}',
     '{"weights": [[["a"]]], "biases": [[[1]]]}', '{"weights": [[[1]]], "biases": [[[1]]], "cost": 5}',
     '{"weights": [[[1]]], "biases": [[[1]]], "cost": "os.system"}',
     '{"weights": [[[1]]], "biases": [[[1]]], "sizes": [2, 1]}', '{"weights": [[[1e999]]], "biases": [[[1]]]}'],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(RecordError) as caught:
        load_model(tmp_path / "m.json")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
