import numpy as np
import pytest

from landscape.network.cost import COSTS, targets

Z = np.array([[0.3, -1.2, 2.0], [0.0, 0.5, -0.5]])
LABELS = np.array([2, 0])
A = 1 / (1 + np.exp(-Z))
T = np.eye(3)[LABELS]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("cross_entropy", -np.log(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))[[0, 1], LABELS]),
        ("quadratic", 0.5 * ((A - T) ** 2).sum(axis=1)),
        ("mse", ((A - T) ** 2).sum(axis=1)),
        ("binary_cross_entropy", -(T * np.log(A) + (1 - T) * np.log(1 - A)).sum(axis=1)),
        ("mae", np.abs(A - T).mean(axis=1)),
        ("hinge", [0 + 0, max(0, 1.5) + max(0, 0.5)]),
    ],
)
def test_costs_by_their_formulas(name, wanted):
    np.testing.assert_allclose(COSTS[name].example_losses(Z, LABELS), wanted, rtol=1e-12)


def test_mnist_loss_by_its_formula():
    z, labels = np.array([[0.4], [-0.7]]), np.array([1, 0])
    a = 1 / (1 + np.exp(-z[:, 0]))
    np.testing.assert_allclose(COSTS["mnist_loss"].example_losses(z, labels), [1 - a[0], a[1]])


@pytest.mark.parametrize("name", [name for name in COSTS if name != "hinge"])
def test_no_cost_overflows(name):
    cost = COSTS[name]
    z = np.array([[1e4], [-1e4]]) if name == "mnist_loss" else np.array([[1e4, -1e4], [-1e4, 1e4]])
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(cost.example_losses(z, np.array([0, 1]))).all()
        assert np.isfinite(cost.deltas(z, np.array([0, 1]))).all()


def test_targets_of_one_output_are_the_labels():
    np.testing.assert_array_equal(targets(np.array([0, 1, 1]), 1, np.dtype(float)), [[0], [1], [1]])
    np.testing.assert_array_equal(targets(np.array([2, 0]), 3, np.dtype(float)), T)


def torch_loss(torch, name, z, labels):
    """What torch means by the name, as a mean over examples (and over whatever else it takes a mean over)."""
    z, wanted = torch.tensor(z), torch.tensor(targets(labels, z.shape[1], z.dtype))
    functional = torch.nn.functional
    return {
        "cross_entropy": lambda: functional.cross_entropy(z, torch.tensor(labels)),
        "mse": lambda: functional.mse_loss(torch.sigmoid(z), wanted),
        "quadratic": lambda: functional.mse_loss(torch.sigmoid(z), wanted),
        "binary_cross_entropy": lambda: functional.binary_cross_entropy(torch.sigmoid(z), wanted),
        "mae": lambda: functional.l1_loss(torch.sigmoid(z), wanted),
        "hinge": lambda: functional.multi_margin_loss(z, torch.tensor(labels)),
    }[name]().item()


@pytest.mark.parametrize(
    ("name", "factor"),
    [("cross_entropy", 1), ("mse", 10), ("quadratic", 5), ("binary_cross_entropy", 10), ("mae", 1), ("hinge", 10)],
)
def test_costs_compare_with_those_of_torch_as_they_say(name, factor):
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(0)
    z, labels = random.normal(0, 2, (7, 10)), random.integers(0, 10, 7)
    ours = COSTS[name].example_losses(z, labels).mean()
    assert ours == pytest.approx(factor * torch_loss(torch, name, z, labels), rel=1e-12)
    assert "10 times" in COSTS[name].comparison or factor < 10


def test_guessing_costs_what_is_said():
    assert COSTS["cross_entropy"].example_losses(np.zeros((1, 10)), np.array([3]))[0] == pytest.approx(2.303, abs=1e-3)
    assert COSTS["mnist_loss"].example_losses(np.zeros((2, 1)), np.array([0, 1])).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("name", COSTS)
def test_every_cost_says_its_convention_and_how_others_differ(name):
    cost = COSTS[name]
    assert cost.convention.endswith("; mean over examples")
    assert cost.comparison[0].isupper() or cost.comparison.startswith("torch")
    assert cost.comparison.endswith((".", "½."))
