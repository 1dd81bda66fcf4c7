import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.surface import Surface, evaluate
from landscape.surface.measure import QUANTITIES, SETS, THE_LOSS, Measure, as_measure
from landscape.surface.noise import below_noise, noise_sentence


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("over", SETS)
def test_every_measure_has_its_words(quantity, over):
    measure = Measure(quantity, over)
    assert quantity in measure.title() and "digits" in measure.set_words
    assert measure.differs == (over == "difference")
    assert measure.is_loss == (quantity == "loss" and over != "difference")
    assert measure.unit == (" %" if quantity == "accuracy" else "")


def test_parts_of_a_set_in_words():
    assert Measure(label=3).set_words == "training digits of class 3"
    assert Measure(over="test", example=17).set_words == "test digit number 17"
    assert Measure(first=1000).set_words == "first 1,000 of the training digits"
    assert Measure(penalised=True).title() == "loss + L2 penalty"
    assert as_measure("validation") == Measure(over="validation") and as_measure(THE_LOSS) is THE_LOSS


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": "speed"}, {"over": "moon"}, {"label": 3, "first": 100}, {"over": "difference", "example": 0},
        {"first": 1}, {"label": -1}, {"step": 0}, {"example": True},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(SetupError):
        Measure(**wrong)


def surface_of(heights, error, measure=THE_LOSS, each=None):
    """A surface with these heights, for its noise alone."""
    rows, columns = np.shape(heights)
    plane = Plane(np.zeros(4), *np.eye(4)[:2])
    return Surface(
        plane, np.arange(columns) * 1.0, np.arange(rows) * 1.0, np.asarray(heights, float), np.ones((rows, columns), bool),
        1.0, 100, accuracy=np.asarray(heights, float), sampling_error=np.full((rows, columns), error), measure=measure,
        example_losses=each,
    )  # fmt: skip


def test_cells_too_near_the_lowest_are_noise():
    mask = below_noise(surface_of([[1.0, 1.2, 1.3]], 0.1))  # two cells differ by 0.141 · 2
    np.testing.assert_array_equal(mask, [[True, True, False]])
    high = below_noise(surface_of([[0.5, 0.8, 0.9]], 0.1, Measure("accuracy")))
    np.testing.assert_array_equal(high, [[False, True, True]])
    none = below_noise(surface_of([[-0.3, 0.1, 0.25]], 0.1, Measure(over="difference")))
    np.testing.assert_array_equal(none, [[False, True, False]])
    assert "nearer to the lowest cell than 2 standard errors over 100 digits" in noise_sentence(
        surface_of([[1.0]], 0.1)
    )
    assert "zero" in noise_sentence(surface_of([[1.0]], 0.1, Measure(over="difference")))


def test_the_same_digits_tell_more_than_two_samples(problem):
    """Digit by digit a difference has a far smaller error; against scipy's paired t-test over the examples."""
    from scipy.stats import ttest_rel

    net, plane, X, y = problem((6, 5, 4), n=60)
    grid = np.linspace(-1, 1, 7)
    s = evaluate(net, plane, X, y, grid, grid, ("sampling_error", "example_losses"))
    mask = below_noise(s)
    best = np.unravel_index(s.loss.argmin(), s.loss.shape)
    for j in range(7):
        for i in range(7):
            if (j, i) != best:
                t = ttest_rel(s.example_losses[:, j, i], s.example_losses[:, best[0], best[1]]).statistic
                assert mask[j, i] == (abs(t) < 2)
    from dataclasses import replace

    blind = below_noise(replace(s, example_losses=None))
    assert mask.sum() < blind.sum()


def test_a_difference_is_over_both_sets():
    assert Measure(over="difference").set_words == "validation and training digits"
