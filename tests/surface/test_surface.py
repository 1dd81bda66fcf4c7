"""Reading a surface: its lowest cell and heights between cells."""

import numpy as np
import pytest

from landscape.plane import Plane
from landscape.surface import Surface


@pytest.fixture
def surface():
    a, b = np.array([0.0, 1.0, 3.0]), np.array([-1.0, 1.0])
    loss = np.array([[1.0, 2.0, 0.5], [3.0, np.nan, 7.0]])
    exact = np.array([[True, True, False], [True, True, True]])
    return Surface(Plane([0, 0, 0], [1, 0, 0], [0, 1, 0]), a, b, loss, exact, 0.8, 10)


def test_the_lowest_cell_is_a_computed_and_finite_one(surface):
    assert surface.lowest() == (0.0, -1.0, 1.0)
    assert not surface.complete


def test_heights_are_bilinear_and_nan_outside(surface):
    assert surface.height_at(0.5, -1) == pytest.approx(1.5)
    assert surface.height_at(0, 0) == pytest.approx(2)
    assert surface.height_at(2, -1) == pytest.approx(1.25)
    assert surface.height_at(3, 1) == pytest.approx(7)
    assert np.isnan(surface.height_at(0.5, 0.5))
    for outside in ((-0.1, 0), (3.1, 0), (1, 1.1), (np.nan, 0)):
        assert np.isnan(surface.height_at(*outside))


def test_its_arrays_are_read_only(surface):
    with pytest.raises(ValueError, match="read-only"):
        surface.loss[0, 0] = 0


def test_a_single_cell_has_a_height():
    one = Surface(
        Plane([0, 0, 0], [1, 0, 0], [0, 1, 0]), *np.zeros((2, 1)), np.ones((1, 1)), np.ones((1, 1), bool), 1, 1
    )
    assert one.height_at(0, 0) == 1
