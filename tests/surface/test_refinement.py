"""The order of cells from coarse to fine, and the picture between them."""

import numpy as np
import pytest

from landscape.surface.refinement import interpolate, levels


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (8, 8), (9, 1), (51, 51), (201, 30)])
def test_the_levels_have_every_cell_once_and_the_first_is_small(shape):
    found = levels(*shape)
    cells = np.concatenate([level.cells for level in found])
    assert len(cells) == len({tuple(cell) for cell in cells}) == shape[0] * shape[1]
    assert len(found[0].cells) <= 81
    for level in found:
        assert level.rows[0] == 0 and level.rows[-1] == shape[0] - 1
    assert list(found[-1].rows) == list(range(shape[0]))


def test_a_bilinear_function_is_drawn_exactly():
    a, b = np.linspace(-1, 2, 20), np.linspace(3, 4, 13)
    values = 1 + 2 * a - b[:, None] + 3 * a * b[:, None]
    np.testing.assert_allclose(interpolate(a, b, values, levels(13, 20)[0]), values)


def test_what_is_not_finite_spoils_only_its_surroundings():
    a = b = np.linspace(0, 1, 17)
    values = np.ones((17, 17))
    first = levels(17, 17)[0]
    values[0, 0] = np.nan
    drawn = interpolate(a, b, values, first)
    assert np.isnan(drawn[0, 0])
    np.testing.assert_allclose(drawn[1:, 1:], 1)
