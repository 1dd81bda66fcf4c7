"""The bar a learnt model must beat: which mean picture is a digit closest to?"""

import numpy as np

from landscape.data.digits import Digits
from landscape.data.idx import PIXELS
from landscape.errors import DataError


def pixel_similarity(digits: Digits) -> dict[str, float]:
    """Accuracy on the test set of calling each digit by the mean picture nearest to it in mean absolute difference.

    Returns `accuracy_<digit>`, the share of that digit's test pictures called rightly, for each of `digits.classes`,
    and `mean`, the mean of these. It looks at the raw pictures, so preprocessing makes no difference.

    As in fastai's book (Howard and Gugger, Deep Learning for Coders, chapter 4: 0.9168, 0.9854 and 0.9511 for 3
    against 7), whose training set is all that is not test: the mean pictures are of the training and validation digits
    together. (MNIST's first 50,000 alone would give 0.9168, 0.9874 and 0.9521.)
    """
    for label, digit in enumerate(digits.classes):
        if not (digits.test.labels == label).any():
            raise DataError(f"no test digit is a {digit} ({digits.source}); leave it out of the classes")
    pictures = np.concatenate([digits.train.pictures, digits.validation.pictures]).reshape(-1, PIXELS)
    labels = np.concatenate([digits.train.labels, digits.validation.labels])
    test = digits.test.pictures.reshape(-1, PIXELS).astype(np.float32)
    distances = np.stack(  # (C, n)
        [
            np.abs(test - pictures[labels == label].mean(axis=0, dtype=np.float64).astype(np.float32)).mean(axis=1)
            for label in range(len(digits.classes))
        ]
    )
    right = distances.argmin(axis=0) == digits.test.labels
    accuracies = {
        f"accuracy_{digit}": float(right[digits.test.labels == label].mean())
        for label, digit in enumerate(digits.classes)
    }
    return {**accuracies, "mean": float(np.mean(list(accuracies.values())))}
