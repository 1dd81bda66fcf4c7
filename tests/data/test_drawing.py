import numpy as np
import pytest

from landscape.data import centre_digit, load_digits, preparation
from landscape.errors import SetupError


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def drawn(picture, scale, top, left, side):
    """A digit as it might be drawn: larger, somewhere on a sheet, in another range of grey."""
    sheet = np.zeros((side, side))
    large = np.kron(picture, np.ones((scale, scale))) / 7.0
    sheet[top : top + len(large), left : left + len(large)] = large
    return sheet


@pytest.mark.parametrize("place", [(10, 10, 0, 0, 280), (10, 10, 170, 31, 450), (3, 3, 60, 2, 150)])
def test_mnist_digits_drawn_anywhere_at_any_size_come_back_as_they_were(digits, place):
    scale, _, top, left, side = place
    for picture in digits.test.pictures[:20]:
        found = centre_digit(drawn(picture, scale, top, left, side))
        assert found.shape == (28, 28)
        assert found.dtype == np.uint8
        # a digit whose ink is 20 pixels long comes back to the digit; the brightest pixel to 255
        size = max(np.ptp(np.flatnonzero(picture.any(axis=axis))) + 1 for axis in (0, 1))
        if size == 20:
            expected = np.round(picture * (255.0 / picture.max()))
            np.testing.assert_allclose(found, expected, atol=1.0)


def test_the_centre_of_mass_comes_to_the_middle_and_nothing_is_lost(digits):
    random = np.random.default_rng(0)
    for _ in range(50):
        height, width = random.integers(1, 300, 2)
        ink = random.random((height, width)) * (random.random((height, width)) > 0.5)
        if not ink.any():
            continue
        found = centre_digit(np.pad(ink, random.integers(0, 90, (2, 2)).tolist())).astype(float)
        rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        assert found.max() == 255
        for axis in (0, 1):
            mass = found.sum(axis=1 - axis)
            assert abs(mass @ np.arange(28) / mass.sum() - 14) <= 0.51


def test_proportions_are_kept_and_edges_are_grey():
    bar = np.zeros((100, 100))
    bar[10:90, 40:50] = 1
    found = centre_digit(bar)
    assert np.ptp(np.flatnonzero(found.any(axis=1))) + 1 == 20
    assert np.ptp(np.flatnonzero(found.any(axis=0))) + 1 in (2, 3)  # an eighth of 20
    slope = centre_digit(np.tri(90))
    assert len(np.unique(slope)) > 2


def test_ink_at_one_end_stays_on_the_sheet():
    heavy = np.zeros((200, 200))
    heavy[:10, :] = 10
    heavy[180:, :] = 50
    found = centre_digit(heavy)  # its centre of mass can't come to the middle: 20 rows, and no room above
    assert found[0].any()
    assert found[18:20].any()


@pytest.mark.parametrize("empty", [np.zeros((28, 28)), np.zeros((1, 1)), np.zeros((0, 5))])
def test_a_sheet_without_ink_is_an_empty_picture(empty):
    assert not centre_digit(empty).any()


@pytest.mark.parametrize(
    "wrong", [np.zeros(5), np.full((3, 3), np.nan), -np.ones((3, 3)), [["a"]], np.zeros((2, 2, 2))]
)
def test_what_is_no_drawing_is_refused(wrong):
    with pytest.raises(SetupError, match="two-dimensional"):
        centre_digit(wrong)


@pytest.mark.parametrize(
    "steps", [("scale",), (), ("scale", "centre"), ("standardise",), ("scale", "standardise", "centre")]
)
def test_a_drawn_picture_is_prepared_as_the_digits_were(steps):
    digits = load_digits(preprocess=steps)
    images = preparation(digits)(digits.test.pictures[:50])
    np.testing.assert_allclose(images, digits.test.images[:50], rtol=1e-6, atol=1e-6)
    assert preparation(digits)(digits.test.pictures[0]).shape == (1, 784)
