import numpy as np
import pytest

from landscape.data import load_digits
from landscape.data.preprocessing import preprocess
from landscape.errors import SetupError

RANDOM = np.random.default_rng(0)
TRAINING = RANDOM.integers(0, 256, (5_000, 784), dtype=np.uint8)  # more than is summed at once
OTHER = RANDOM.integers(0, 256, (6, 784), dtype=np.uint8)
TRAINING[:, 5] = 0
TRAINING[:, 6] = 77
SCALED = TRAINING.astype(np.float64) / 255
OTHER_SCALED = OTHER.astype(np.float64) / 255


def test_no_step_leaves_the_pixels() -> None:
    (images,) = preprocess((), TRAINING)
    np.testing.assert_array_equal(images, TRAINING)
    assert images.dtype == np.float32


def test_scale() -> None:
    images, other = preprocess(("scale",), TRAINING, OTHER)
    np.testing.assert_allclose(images, SCALED, atol=1e-7)
    np.testing.assert_allclose(other, OTHER_SCALED, atol=1e-7)


def test_centre_takes_the_training_mean_from_every_set() -> None:
    images, other = preprocess(("scale", "centre"), TRAINING, OTHER)
    np.testing.assert_allclose(images.mean(axis=0, dtype=np.float64), 0, atol=1e-7)
    np.testing.assert_allclose(other, OTHER_SCALED - SCALED.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("steps", [("standardise",), ("scale", "standardise"), ("scale", "centre", "standardise")])
def test_standardise_takes_mean_and_deviation_of_the_training_set(steps: tuple[str, ...]) -> None:
    images, other = preprocess(steps, TRAINING, OTHER)
    changing = np.delete(np.arange(784), [5, 6])
    np.testing.assert_allclose(images.std(axis=0, dtype=np.float64)[changing], 1, atol=1e-5)
    wanted = (OTHER_SCALED - SCALED.mean(axis=0))[:, changing] / SCALED.std(axis=0)[changing]
    np.testing.assert_allclose(other[:, changing], wanted, atol=1e-5)
    for prepared in (images, other):
        assert not prepared[:, 5:7].any()


def test_the_pictures_stay_as_they_are() -> None:
    plain, standardised = load_digits(), load_digits(preprocess=["scale", "standardise"])
    np.testing.assert_array_equal(plain.test.pictures, standardised.test.pictures)
    assert standardised.preprocess == ("scale", "standardise")
    assert np.isfinite(standardised.test.images).all()


def test_one_step_may_be_given_as_a_word() -> None:
    assert load_digits(preprocess="scale").preprocess == ("scale",)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (("scale", "sharpen"), "'sharpen' is unknown; choose out of scale, centre, standardise"),
        ("center", "'center' is unknown"),
        ((["scale"],), "is unknown"),
        (("scale", "scale"), "twice"),
        (None, "a list of steps out of scale, centre, standardise"),
    ],
)
def test_steps_that_make_no_sense(steps, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence) as caught:
        load_digits(preprocess=steps)
    assert caught.value.field == "data.preprocess"
