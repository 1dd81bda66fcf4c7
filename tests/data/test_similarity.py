from pathlib import Path

import numpy as np
import pytest

from landscape.data import load_digits, pixel_similarity, similarity
from landscape.errors import DataError


def test_the_embedded_threes_and_sevens_one_by_one() -> None:
    digits = load_digits(classes=(3, 7))
    split, means = digits.test, []
    for label in range(2):
        train = digits.train.images[digits.train.labels == label]
        validation = digits.validation.images[digits.validation.labels == label]
        means.append(np.vstack([train, validation]).astype(np.float64).mean(axis=0))
    right = [
        int(sum(abs(image - means[label])) < sum(abs(image - means[1 - label])))
        for image, label in zip(split.images.astype(np.float64), split.labels, strict=True)
    ]
    scores = pixel_similarity(digits)
    assert list(scores) == ["accuracy_3", "accuracy_7", "mean"]
    for label, name in enumerate(("accuracy_3", "accuracy_7")):
        assert scores[name] == pytest.approx(np.mean([r for r, y in zip(right, split.labels) if y == label]))
    assert scores["mean"] == pytest.approx((scores["accuracy_3"] + scores["accuracy_7"]) / 2)


def test_neither_preprocessing_nor_the_order_of_classes_matters() -> None:
    assert pixel_similarity(load_digits(classes=(7, 3), preprocess=("standardise",))) == pixel_similarity(
        load_digits(classes=(3, 7))
    )


def test_means_distances_and_guesses_belong_together() -> None:
    digits = load_digits(classes=(7, 3))
    found = similarity(digits)
    assert found.means.shape == (2, 28, 28) and found.distances.shape == (len(digits.test), 2)
    wanted = np.abs(digits.test.pictures[5].astype(np.float64) - found.means[1]).mean()
    assert found.distances[5, 1] == pytest.approx(wanted, rel=1e-5)
    assert (
        found.apart[0, 1]
        == found.apart[1, 0]
        == pytest.approx(np.abs(found.means[0] - found.means[1]).mean(), rel=1e-5)
    )
    scores = pixel_similarity(digits)
    assert found.accuracies.tolist() == [scores["accuracy_7"], scores["accuracy_3"]]


def test_all_ten_classes() -> None:
    scores = pixel_similarity(load_digits())
    assert list(scores) == [f"accuracy_{digit}" for digit in range(10)] + ["mean"]
    assert 0.5 < scores["mean"] < 0.9


def test_a_class_without_test_digits(idx_folder: Path) -> None:
    (idx_folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"\0\0\x08\x01\0\0\0\x14" + b"\3" * 20)
    with pytest.raises(DataError, match="no test digit is a 7"):
        pixel_similarity(load_digits(idx_folder, classes=(3, 7)))


@pytest.mark.full_mnist
def test_the_books_figures(full_mnist: Path) -> None:
    scores = pixel_similarity(load_digits(full_mnist, classes=(3, 7)))
    rounded = {name: round(value, 4) for name, value in scores.items()}
    assert rounded == {"accuracy_3": 0.9168, "accuracy_7": 0.9854, "mean": 0.9511}
