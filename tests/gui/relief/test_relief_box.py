"""Heights, limits and ticks of the relief's box."""

import numpy as np
import pytest

from landscape.gui.drawing.heights import DECADES, colour_limits, heights_of
from landscape.gui.relief.box import ABOVE, BELOW, ReliefBox, even_ticks, loss_ticks

RANGES = ((-2.0, 6.0), (-1.0, 1.0))


def box(surface, paths=((),), logarithmic=False, lengths=(1.0, 1.0)):
    return ReliefBox.around(RANGES, np.array(lengths), np.array(surface), np.array(paths, float), logarithmic)


def test_heights_are_logarithms_or_losses_and_nothing_where_the_loss_is_not_finite():
    losses = np.array([0.01, 10.0, np.inf, np.nan])
    np.testing.assert_array_equal(heights_of(losses, False), [0.01, 10.0, np.nan, np.nan])
    np.testing.assert_allclose(heights_of(losses, True), [-2, 1, np.nan, np.nan])


def test_a_loss_of_zero_has_a_depth():
    np.testing.assert_allclose(heights_of(np.array([0.0, 10.0]), True), [1 - DECADES, 1])
    np.testing.assert_allclose(heights_of(np.array([0.0]), True, highest=100.0), [2 - DECADES])


def test_the_corners_of_the_ranges_stand_in_the_corners_of_the_box():
    found = box([0.0, 1.0], lengths=(1.0, 2.0))  # 8 by 4 in the length of θ
    assert found.sides[:2] == (1.0, 0.5)
    low, high = found.heights
    np.testing.assert_allclose(found.place(np.array([-2.0, -1.0, low])), [-0.5, -0.25, -found.sides[2] / 2])
    np.testing.assert_allclose(found.place(np.array([6.0, 1.0, high])), [0.5, 0.25, found.sides[2] / 2])


def test_the_box_holds_surface_and_true_losses():
    found = box([1.0, 2.0], [[0.2, 2.5]])
    assert found.heights[0] == pytest.approx(0.2 - BELOW * 2.3)
    assert found.heights[1] == pytest.approx(2.5 + ABOVE * 2.3)
    assert found.cut_sentence() == ""


def test_an_explosion_does_not_press_the_rest_flat_and_the_cut_is_told():
    paths = np.full((100, 2), 1.0)
    paths[-1, -1] = 1e6
    found = box([0.5, 2.0], paths)
    assert found.heights[1] < 3
    assert "not drawn" in found.cut_sentence() and "2.02" in found.cut_sentence()


def test_the_starts_are_never_cut_off():
    paths = np.full((1000, 2), 0.1)
    paths[0] = 9.0
    assert box([0.5, 1.0], paths).heights[1] > 9


def test_without_any_height_there_is_still_a_box():
    assert box([np.nan]).heights == (0.0, 1.0)


def test_colours_end_below_a_single_steep_corner():
    heights = np.linspace(1, 2, 1000)
    heights[-1] = 1e9
    low, high = colour_limits(heights)
    assert low == 1 and 1.9 < high < 2.1
    assert colour_limits(np.full(4, 3.0))[1] > 3.0


@pytest.mark.parametrize(("low", "high", "most"), [(-5.5, 5.2, 8), (0.0, 1.0, 2), (1e-7, 3e-7, 5), (-1000.0, 20.0, 6)])
def test_even_ticks_are_round_few_and_inside(low, high, most):
    ticks = even_ticks(low, high, most)
    assert 1 <= len(ticks) <= most
    assert (ticks >= low - 1e-12).all() and (ticks <= high * (1 + 1e-12)).all()
    steps = np.diff(ticks)
    np.testing.assert_allclose(steps, steps[0] if len(steps) else 0, rtol=1e-9)


def test_even_ticks_of_nothing():
    assert len(even_ticks(1.0, 1.0, 5)) == 0


def test_ticks_on_a_logarithmic_scale_stand_at_the_logarithm_of_their_number():
    ticks = loss_ticks(-1.2, 0.5, True, 6)
    assert [text for _, text in ticks] == ["0.1", "0.2", "0.5", "1", "2"] or len(ticks) >= 3
    for height, text in ticks:
        assert 10**height == pytest.approx(float(text), rel=1e-6)


def test_no_tick_of_a_linear_loss_lies_below_zero():
    assert all(height >= 0 for height, _ in loss_ticks(-0.3, 4.0, False, 6))
