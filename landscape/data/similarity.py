"""The bar a learnt model must beat: which mean picture is a digit closest to?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.data.digits import Digits, a_digit
from landscape.data.idx import PIXELS, SIDE
from landscape.errors import DataError

ROWS_AT_ONCE = 500


@dataclass(frozen=True, eq=False)
class Similarity:
    """The mean picture of each class, means (C, 28, 28) from 0 to 255, and each test digit's distances (n, C) from them.

    A distance is the mean absolute difference of the pixels; labels (n,) are positions among the classes.
    """

    classes: tuple[int, ...]
    means: NDArray[np.float32]
    distances: NDArray[np.float32]
    labels: NDArray[np.int64]

    @property
    def guesses(self) -> NDArray[np.int64]:
        """The class whose mean picture is nearest to each test digit, (n,)."""
        return self.distances.argmin(axis=1)

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """The share of each class's test digits that is called rightly, (C,)."""
        right = self.guesses == self.labels
        return np.array([right[self.labels == label].mean() for label in range(len(self.classes))])

    @property
    def apart(self) -> NDArray[np.float64]:
        """How far the mean pictures are from each other, (C, C)."""
        flat = self.means.reshape(len(self.means), -1).astype(np.float64)
        return np.abs(flat[:, None] - flat[None]).mean(axis=-1)


def similarity(digits: Digits) -> Similarity:
    """The mean pictures of the training and validation digits, and the distance of each test digit from each of them.

    It looks at the raw pictures, so preprocessing makes no difference. Raises DataError where a class has no test digit.
    """
    for label, digit in enumerate(digits.classes):
        if not (digits.test.labels == label).any():
            raise DataError(f"no test digit is {a_digit(digit)} ({digits.source}); leave it out of the classes")
    pictures = np.concatenate([digits.train.pictures, digits.validation.pictures]).reshape(-1, PIXELS)
    labels = np.concatenate([digits.train.labels, digits.validation.labels])
    means = np.stack([
        pictures[labels == label].mean(axis=0, dtype=np.float64).astype(np.float32)
        for label in range(len(digits.classes))
    ])  # fmt: skip
    test = digits.test.pictures.reshape(-1, PIXELS)
    blocks = [test[start : start + ROWS_AT_ONCE].astype(np.float32) for start in range(0, len(test), ROWS_AT_ONCE)]
    distances = np.concatenate([
        np.stack([np.abs(block - mean).mean(axis=1) for mean in means], axis=1) for block in blocks
    ])  # fmt: skip
    return Similarity(digits.classes, means.reshape(-1, SIDE, SIDE), distances, digits.test.labels)


def pixel_similarity(digits: Digits) -> dict[str, float]:
    """Accuracy on the test set of calling each digit by the mean picture nearest to it in mean absolute difference.

    Returns `accuracy_<digit>`, the share of that digit's test pictures called rightly, for each of `digits.classes`,
    and `mean`, the mean of these. It looks at the raw pictures, so preprocessing makes no difference.

    As in fastai's book (Howard and Gugger, Deep Learning for Coders, chapter 4: 0.9168, 0.9854 and 0.9511 for 3
    against 7), whose training set is all that is not test: the mean pictures are of the training and validation digits
    together. (MNIST's first 50,000 alone would give 0.9168, 0.9874 and 0.9521.)
    """
    found = similarity(digits)
    accuracies = dict(zip((f"accuracy_{digit}" for digit in found.classes), found.accuracies.tolist(), strict=True))
    return {**accuracies, "mean": float(np.mean(list(accuracies.values())))}
