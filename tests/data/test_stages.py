import numpy as np
import pytest

from landscape.data import load_digits
from landscape.data.stages import Stages
from landscape.errors import SetupError


@pytest.fixture(scope="module")
def digits():
    return load_digits(classes=(3, 7), preprocess=("scale", "centre", "pca:25", "whiten"))


@pytest.fixture(scope="module")
def stages(digits):
    return Stages.fit(digits.preprocess, digits.train.pictures)


def test_there_is_a_row_for_every_stage_and_the_way_back(digits, stages):
    pictures = digits.validation.pictures[:6]
    looks = stages.looks(pictures)
    labels = [
        "as written",
        "scale to 0 … 1",
        "zero-centre",
        "principal components",
        "PCA to 25",
        "back to pixels",
        "whiten",
    ]
    assert [look.label for look in looks] == labels
    np.testing.assert_array_equal(looks[0].pictures, pictures)
    np.testing.assert_allclose(looks[1].pictures, pictures / 255.0, atol=1e-6)
    assert looks[2].signed and not looks[1].signed
    assert looks[4].numbers.shape == (6, 25)
    np.testing.assert_allclose(looks[6].numbers, digits.validation.images[:6], atol=2e-3)


def test_back_to_pixels_is_what_the_pipeline_itself_undoes(digits, stages):
    rebuilt = next(look for look in stages.looks(digits.test.pictures[:4]) if look.label == "back to pixels")
    wanted = np.clip(digits.pipeline.undo(digits.test.images[:4]), 0, 255).reshape(-1, 28, 28)
    np.testing.assert_allclose(rebuilt.pictures, wanted, atol=0.5)
    assert f"{digits.pipeline.kept:.1%} of the variance" in rebuilt.words


def test_any_number_of_components_can_be_looked_at(digits, stages):
    pictures = digits.test.pictures[:20]
    errors = []
    for k in (1, 25, 400):
        rebuilt = next(look for look in stages.looks(pictures, k) if look.label == "back to pixels")
        errors.append(float(np.square(rebuilt.pictures - pictures).mean()))
        assert stages.kept(k) == pytest.approx(1 - stages.projection.shares[k:].sum(), abs=1e-9)
    assert errors == sorted(errors, reverse=True)
    assert stages.kept(25) == pytest.approx(digits.pipeline.kept, abs=1e-9)


def test_without_pca_every_row_is_pictures(digits):
    plain = Stages.fit(("scale", "standardise"), digits.train.pictures)
    assert plain.k is None and plain.projection is None
    assert all(look.pictures is not None for look in plain.looks(digits.test.pictures[:3]))


def test_too_few_digits_are_named(digits):
    with pytest.raises(SetupError, match="no 50 principal components"):
        Stages.fit(("pca:50",), digits.train.pictures[:20])
