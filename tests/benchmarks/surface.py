"""How fast a surface is: against the plain loop over cells, the arithmetic peak, more cells, more examples.

    python tests/benchmarks/surface.py [--quick]

One table; medians of interleaved runs, since other programs disturb a machine in spells. Real digits from the folder
that LANDSCAPE_DATA names, otherwise random images with as many dark pixels.
"""

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import evaluate, evaluate_progressively

CASES = (
    ((784, 30, 10), "relu", "cross_entropy", 40),
    ((784, 128, 10), "relu", "cross_entropy", 40),
    ((784, 16, 16, 10), "sigmoid", "mse", 40),
    ((784, 128, 64, 10), "relu", "cross_entropy", 10),
    ((784, 10), "relu", "cross_entropy", None),
    ((784, 30, 10), "tanh", "binary_cross_entropy", None),
)


def digits(n: int) -> tuple[np.ndarray, np.ndarray]:
    folder = os.environ.get("LANDSCAPE_DATA", "")
    images, labels = (Path(folder) / f"train-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
    if folder and images.exists() and labels.exists():
        X = np.frombuffer(gzip.decompress(images.read_bytes()), np.uint8, offset=16).reshape(-1, 784)[:n]
        y = np.frombuffer(gzip.decompress(labels.read_bytes()), np.uint8, offset=8)[:n]
        return X.astype(np.float32) / np.float32(255), y.astype(np.int64)
    random = np.random.default_rng(0)
    X = random.random((n, 784), np.float32) * (random.random((n, 784), np.float32) > 0.81)
    return X, random.integers(0, 10, n)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(works: list[Callable[[], object]], runs: int) -> list[float]:
    """The median time of each, measured in turn."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, its_times in zip(works, times):
            time.sleep(0.1)  # BLAS's threads spin for a while after a product
            its_times.append(seconds(work))
    return [statistics.median(its_times) for its_times in times]


PEAK_SIZE = 1536
SQUARES = [np.random.default_rng(k).random((PEAK_SIZE, PEAK_SIZE), np.float32) for k in (0, 1)]


def operations(sizes: tuple[int, ...]) -> int:
    """Additions and multiplications that one example needs at one cell (first layer moved, later layers multiplied)."""
    return 4 * sizes[1] + sum(2 * n_in * n_out for n_in, n_out in pairwise(sizes[1:]))


def first_picture(net: Network, plane: Plane, X: np.ndarray, y: np.ndarray, a: np.ndarray) -> float:
    """Seconds until the first picture whose coarse cells rest on all examples."""
    start = time.perf_counter()
    for picture in evaluate_progressively(net, plane, X, y, a, a):
        if picture.exact.any():
            break
    return time.perf_counter() - start


def row(case: tuple, runs: int) -> str:
    sizes, activation, cost, goal = case
    X, y = digits(10_000)
    net = Network(sizes, activation, cost)
    plane = Plane.random(net, net.init(0))
    a, dense = np.linspace(-1, 1, 51), np.linspace(-1, 1, 102)
    theta = plane.point(0.3, 0.2)
    firsts = []
    evaluate(net, plane, X, y, a[:2], a[:2])
    surface, loop, four_times_cells, fewer_examples, product, _ = interleaved(
        [
            lambda: evaluate(net, plane, X, y, a, a),
            lambda: [net.loss(theta, X, y) for _ in range(3)],
            lambda: evaluate(net, plane, X, y, dense, dense),
            lambda: evaluate(net, plane, X[:2500], y[:2500], a, a),
            lambda: SQUARES[0] @ SQUARES[1],
            lambda: firsts.append(first_picture(net, plane, X, y, a)),
        ],
        runs,
    )
    loop *= a.size**2 / 3
    peak = 2 * PEAK_SIZE**3 / product  # of a large float32 matrix product on all cores, at the same time
    rate = operations(sizes) * len(X) * a.size**2 / surface
    return (
        f"{'-'.join(map(str, sizes)):14} {activation:8} {cost:20} {surface:7.3f} s {surface / a.size**2 * 1e3:8.3f} "
        f"{loop / surface:6.0f}x {goal or '':>4} {rate / 1e9:8.0f} {rate / peak:6.0%} "
        f"{statistics.median(firsts) / surface:6.0%} {four_times_cells / surface:8.2f} {surface / fewer_examples:8.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three runs of each instead of seven")
    runs = 3 if parser.parse_args().quick else 7
    print(f"51x51 cells, 10,000 examples; medians of {runs} interleaved runs; peak is that of sgemm")
    print(
        f"{'sizes':14} {'hidden':8} {'cost':20} {'surface':>9} {'ms/cell':>8} {'ratio':>7} {'goal':>4} "
        f"{'GFLOP/s':>8} {'peak':>6} {'first':>6} {'4x cells':>8} {'4x n':>8}"
    )
    for case in CASES:
        print(row(case, runs), flush=True)


if __name__ == "__main__":
    main()
