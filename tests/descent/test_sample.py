import numpy as np
import pytest

from landscape.descent import sample
from landscape.descent.sample import latin_hypercube, sobol


def parts_of(points):
    """In which of as many equal parts as there are points each coordinate lies, sorted along each axis."""
    return np.sort(np.floor(points * len(points)), axis=0)


@pytest.mark.parametrize("count", [1, 5, 64])
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_axis(count):
    points = latin_hypercube(count, 30, np.random.default_rng(1))
    np.testing.assert_array_equal(parts_of(points), np.broadcast_to(np.arange(count)[:, None], (count, 30)))


@pytest.mark.parametrize("count", [1, 2, 8, 64])
def test_so_has_a_sobol_sequence_of_a_power_of_two(count):
    points = sobol(count, 30, seed=1)
    np.testing.assert_array_equal(parts_of(points), np.broadcast_to(np.arange(count)[:, None], (count, 30)))


def test_first_axes_of_a_sobol_sequence_are_even_together():
    points = sobol(16, 2, seed=5)
    cells = np.floor(points * 4).astype(int)
    assert len({tuple(cell) for cell in cells}) == 16  # one in each of 4 x 4 squares


def test_more_points_of_a_sobol_sequence_move_none():
    np.testing.assert_array_equal(sobol(5, 7, seed=2), sobol(30, 7, seed=2)[:5])


def test_more_dimensions_than_scipy_knows_are_laid_together_from_blocks(monkeypatch):
    monkeypatch.setattr(sample, "SOBOL_DIMENSIONS", 10)
    points = sobol(64, 25, seed=1)
    assert points.shape == (64, 25)
    np.testing.assert_array_equal(parts_of(points), np.broadcast_to(np.arange(64)[:, None], (64, 25)))
    # Without the random order the same axis of two blocks would share its leading digit, up to its sign.
    halves = points > 0.5
    agreement = (halves[:, :10] == halves[:, 10:20]).mean(axis=0)
    assert ((agreement > 0.2) & (agreement < 0.8)).all()
    np.testing.assert_array_equal(points, sobol(64, 25, seed=1))
    assert not np.array_equal(points, sobol(64, 25, seed=2))


def test_the_whole_of_a_usual_network_can_be_filled():
    points = sobol(3, 23_860, seed=0)
    assert points.shape == (3, 23_860)
    assert ((points > 0) & (points < 1)).all()
