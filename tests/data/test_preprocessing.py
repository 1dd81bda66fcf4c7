import numpy as np
import pytest

from landscape.data import inputs_of, load_digits
from landscape.data.preprocessing import fit_pipeline, preprocess
from landscape.errors import SetupError

RANDOM = np.random.default_rng(0)
TRAINING = RANDOM.integers(0, 256, (5_000, 784), dtype=np.uint8)  # more than is summed at once
OTHER = RANDOM.integers(0, 256, (6, 784), dtype=np.uint8)
TRAINING[:, 5] = 0
TRAINING[:, 6] = 77
SCALED = TRAINING.astype(np.float64) / 255
OTHER_SCALED = OTHER.astype(np.float64) / 255


def test_no_step_leaves_the_pixels() -> None:
    _, (images,) = preprocess((), TRAINING)
    np.testing.assert_array_equal(images, TRAINING)
    assert images.dtype == np.float32


def test_scale() -> None:
    _, (images, other) = preprocess(("scale",), TRAINING, OTHER)
    np.testing.assert_allclose(images, SCALED, atol=1e-7)
    np.testing.assert_allclose(other, OTHER_SCALED, atol=1e-7)


def test_centre_takes_the_training_mean_from_every_set() -> None:
    _, (images, other) = preprocess(("scale", "centre"), TRAINING, OTHER)
    np.testing.assert_allclose(images.mean(axis=0, dtype=np.float64), 0, atol=1e-7)
    np.testing.assert_allclose(other, OTHER_SCALED - SCALED.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("steps", [("standardise",), ("scale", "standardise"), ("scale", "centre", "standardise")])
def test_standardise_takes_mean_and_deviation_of_the_training_set(steps: tuple[str, ...]) -> None:
    _, (images, other) = preprocess(steps, TRAINING, OTHER)
    changing = np.delete(np.arange(784), [5, 6])
    np.testing.assert_allclose(images.std(axis=0, dtype=np.float64)[changing], 1, atol=1e-5)
    wanted = (OTHER_SCALED - SCALED.mean(axis=0))[:, changing] / SCALED.std(axis=0)[changing]
    np.testing.assert_allclose(other[:, changing], wanted, atol=1e-5)
    for prepared in (images, other):
        assert not prepared[:, 5:7].any()


def test_pca_is_the_svd_of_the_centred_training_images() -> None:
    training = TRAINING[:900, :].copy()
    training[:, 10:40] //= 2  # so that some directions stand out
    pipeline, images = fit_pipeline(("scale", "pca:20"), training)
    scaled = training / 255.0
    mean = scaled.mean(axis=0)
    _, spread, directions = np.linalg.svd(scaled - mean, full_matrices=False)
    stage = pipeline.stages[1]
    alike = np.abs((stage.components * directions[:20]).sum(axis=1))
    np.testing.assert_allclose(alike, 1, atol=1e-3)
    assert stage.kept == pytest.approx((spread[:20] ** 2).sum() / (spread**2).sum(), rel=1e-4)
    assert (np.take_along_axis(stage.components, np.abs(stage.components).argmax(axis=1)[:, None], 1) > 0).all()
    np.testing.assert_allclose(images, (scaled - mean) @ stage.components.T, atol=1e-4)
    other = OTHER / 255.0
    back = pipeline.undo(pipeline.apply(OTHER))
    projected = (other - mean) @ directions[:20].T @ directions[:20] + mean
    np.testing.assert_allclose(back / 255, projected, atol=1e-2)


def test_whitened_components_have_deviation_one() -> None:
    digits = load_digits(preprocess=("scale", "centre", "pca:40", "whiten"))
    assert digits.n_in == 40 == inputs_of(digits.preprocess)
    images = digits.train.images.astype(np.float64)
    np.testing.assert_allclose(np.cov(images.T, bias=True), np.eye(40), atol=2e-2)
    assert 0.7 < digits.pipeline.kept < 0.85
    assert [stage.name for stage in digits.pipeline.stages] == ["scale", "centre", "pca:40", "whiten"]


@pytest.mark.parametrize(
    "steps", [(), ("scale",), ("scale", "centre"), ("standardise",), ("centre", "pca:784", "whiten")]
)
def test_every_step_knows_its_way_back(steps: tuple[str, ...]) -> None:
    digits = load_digits(preprocess=steps)
    pixels = digits.pipeline.undo(np.array(digits.train.images[:50]))
    np.testing.assert_allclose(pixels, digits.train.pictures[:50].reshape(50, -1), atol=0.3)
    np.testing.assert_array_equal(digits.pipeline.apply(digits.test.pictures), digits.test.images)


def test_more_components_keep_more() -> None:
    errors, kept = [], []
    for k in (5, 50, 300):
        digits = load_digits(preprocess=("scale", f"pca:{k}"))
        back = digits.pipeline.undo(digits.test.images)
        errors.append(float(np.square(back - digits.test.pictures.reshape(len(back), -1)).mean()))
        kept.append(digits.pipeline.kept)
    assert errors == sorted(errors, reverse=True) and kept == sorted(kept) and kept[-1] < 1


def test_too_few_digits_for_so_many_components() -> None:
    with pytest.raises(SetupError, match="30 training images of 784 numbers have no 50 principal components"):
        fit_pipeline(("pca:50",), TRAINING[:30])


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
        (("scale", "sharpen"), "'sharpen' is unknown; choose out of scale, centre, standardise, pca:k, whiten"),
        ("center", "'center' is unknown"),
        ((["scale"],), "is unknown"),
        (("scale", "pca"), "from 1 to 784 components, written such as pca:50; not 'pca'"),
        (("pca:0",), "from 1 to 784"),
        (("pca:785",), "from 1 to 784"),
        (("pca:٣",), "from 1 to 784"),
        (("scale:2",), "is unknown"),
        (("pca:5", "pca:6"), "twice"),
        (("scale", "whiten"), "put it right after pca:k"),
        (("pca:5", "centre", "whiten"), "put it right after pca:k"),
        (("pca:5", "standardise"), "no pixels any more"),
        (("scale", "scale"), "twice"),
        (None, "a list of steps out of scale, centre, standardise"),
    ],
)
def test_steps_that_make_no_sense(steps, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence) as caught:
        load_digits(preprocess=steps)
    assert caught.value.field == "data.preprocess"
