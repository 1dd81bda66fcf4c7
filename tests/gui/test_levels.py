"""Contour lines at round numbers, and numbers that stand on lines that are drawn."""

import numpy as np
import pytest

from landscape.gui.drawing.heights import DIVERGING, Heights
from landscape.gui.drawing.levels import contour_levels, named_levels

A = np.linspace(-1, 1, 5)


def spanning(low, high, logarithmic):
    low, high = (np.log10(low), np.log10(high)) if logarithmic else (low, high)
    return Heights(A, A, np.zeros((5, 5)), (float(low), float(high)), logarithmic, "loss")


@pytest.mark.parametrize(
    ("low", "high", "logarithmic"),
    [
        (0.09, 1.4, True),
        (0.13, 0.9, True),
        (0.132, 0.182, True),
        (2.43, 4.1, True),
        (1.6e-5, 0.2, True),
        (1e-3, 40.0, True),
        (0.09, 1.6, False),
        (41.9, 97.5, False),
        (-0.3, 0.3, False),
        (3000.0, 91000.0, False),
    ],
)
def test_levels_are_round_and_those_that_are_named_are_drawn(low, high, logarithmic):
    heights = spanning(low, high, logarithmic)
    levels = contour_levels(heights, 22)
    values = 10.0**levels if logarithmic else levels
    assert 10 <= len(levels) <= 34 and np.all(np.diff(levels) > 0)
    assert values[0] >= low - 1e-9 * abs(low) and values[-1] <= high + 1e-9 * abs(high)
    assert [float(f"{value:.4g}") for value in values] == pytest.approx(values, rel=1e-9, abs=1e-12), (
        "four digits say all"
    )
    named = named_levels(heights, levels, 7)
    assert 2 <= len(named) <= 8
    for level, value in named:
        assert level in levels.tolist()
        assert value == pytest.approx(10.0**level if logarithmic else level)
        assert float(f"{value:.2g}") == pytest.approx(value, rel=1e-9, abs=1e-12), "two digits say all"


def test_differences_name_zero():
    heights = Heights(A, A, np.zeros((5, 5)), (-0.15, 0.15), False, "difference", DIVERGING)
    assert 0.0 in [round(value, 9) for _, value in named_levels(heights, contour_levels(heights, 22), 7)]


def test_the_first_picture_names_what_its_colour_bar_names():
    heights = spanning(0.0909, 1.42, True)
    named = [round(value, 9) for _, value in named_levels(heights, contour_levels(heights, 22), 7)]
    assert named == [0.1, 0.2, 0.3, 0.5, 0.7, 1.0]
