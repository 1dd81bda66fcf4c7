import numpy as np
import pytest

from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS, targets
from landscape.network.notation import Formula, computed, in_numbers, in_symbols, number


def test_a_formula_is_shown_in_symbols_and_in_numbers():
    expression = "-η*m_hat / (sqrt(s_hat) + ε)"
    assert in_symbols(expression) == "−η·m̂ / (√(ŝ) + ε)"
    values = {"η": 0.003, "m_hat": -0.25, "s_hat": 0.04, "ε": 1e-8}
    assert in_numbers(expression, values) == "−0.003·(−0.25) / (√(0.04) + (1·10⁻⁸))"
    assert Formula("Δ", "the change", expression).value(values) == pytest.approx(0.003 * 0.25 / 0.2, rel=1e-6)
    assert in_symbols("m_new / (1 - β1**t)") == "m′ / (1 − β₁ᵗ)"
    assert in_numbers("m_new / (1 - β1**t)", {"m_new": 0.5, "β1": 0.9, "t": 12}) == "0.5 / (1 − 0.9¹²)"
    assert in_numbers("g**2", {"g": -2.0}) == "(−2)²"


@pytest.mark.parametrize(
    "value, text",
    [(0.0, "0"), (-1.5, "−1.5"), (1234567.0, "1.23457·10⁶"), (1.5e-7, "1.5·10⁻⁷"), (float("nan"), "not a number")],
)
def test_numbers_are_written_for_people(value, text):
    assert number(value) == text


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_written_activation_is_the_computed_one(name):
    activation, z = ACTIVATIONS[name], np.linspace(-4, 4, 41) + 0.01
    a = activation.value(z)
    np.testing.assert_allclose(computed(activation.expression, {"z": z}), a, atol=1e-12)
    np.testing.assert_allclose(computed(activation.slope_expression, {"a": a}) + 0 * a, activation.slope(a), atol=1e-12)


@pytest.mark.parametrize("name", COSTS)
def test_the_written_cost_is_the_computed_one(name):
    cost = COSTS[name]
    C = 1 if cost.most_outputs == 1 else 4
    random = np.random.default_rng(0)
    z, labels = random.standard_normal((30, C)) * 2, random.integers(0, max(2, C), 30)
    t = targets(labels, C, z.dtype)
    z_y = (z * t).sum(axis=1, keepdims=True)
    known = {"z": z, "t": t, "C": C, "S": np.exp(z).sum(axis=1, keepdims=True), "z_y": z_y}
    known["M"] = ((z - z_y + 1 > 0) & (t == 0)).sum(axis=1, keepdims=True)
    known["a"] = computed(cost.output_expression, known)
    np.testing.assert_allclose(known["a"], cost.outputs(z), atol=1e-12)
    np.testing.assert_allclose(
        computed(cost.cost_expression, known).sum(axis=1), cost.example_losses(z, labels), rtol=1e-9
    )
    np.testing.assert_allclose(computed(cost.delta_expression, known), cost.deltas(z, labels), atol=1e-12)
