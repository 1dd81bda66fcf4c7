"""How fast a surface is: ratios to the plain loop over cells, share of the arithmetic peak, growth, first picture, cancelling.

    python tests/benchmarks/surface.py [--quick]

One table; medians of interleaved runs, since other programs disturb a machine in spells. Real digits from the folder that LANDSCAPE_DATA
names, otherwise random images with as many dark pixels.
"""

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable
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
    rounds = [[seconds(work) for work in works] for _ in range(runs)]
    return [statistics.median(times) for times in zip(*rounds)]


def sgemm_peak(runs: int) -> float:
    """Operations a second of a large float32 matrix product on all cores."""
    A, B = (np.random.default_rng(k).random((1536, 1536), np.float32) for k in (0, 1))
    return 2 * 1536**3 / min(seconds(lambda: A @ B) for _ in range(4 * runs))


def operations(sizes: tuple[int, ...]) -> int:
    """Additions and multiplications that one example needs at one cell (first layer moved, later layers multiplied)."""
    return 4 * sizes[1] + sum(2 * n_in * n_out for n_in, n_out in zip(sizes[1:], sizes[2:]))


def first_picture(work: Callable) -> float:
    """Seconds until the first picture whose coarse cells rest on all examples."""
    start = time.perf_counter()
    for picture in work():
        if picture.exact.any():
            return time.perf_counter() - start
    return float("nan")


def row(case: tuple, runs: int, peak: float) -> None:
    sizes, activation, cost, wanted = case
    X, y = digits(10_000)
    net = Network(sizes, activation, cost)
    plane = Plane.random(net, net.init(0))
    a = np.linspace(-1, 1, 51)
    theta = plane.point(0.3, 0.2)
    small, wide = a[::2], np.linspace(-1, 1, 102)
    evaluate(net, plane, X, y, a[:2], a[:2])
    fast, cell, first, quarter, fewer = interleaved(
        [
            lambda: evaluate(net, plane, X, y, a, a),
            lambda: [net.loss(theta, X, y) for _ in range(3)],
            lambda: first_picture(lambda: evaluate_progressively(net, plane, X, y, a, a)),
            lambda: evaluate(net, plane, X, y, wide[::2], wide[:: 2 if not wide.size % 2 else 1]),
            lambda: evaluate(net, plane, X[:2500], y[:2500], a, a),
        ],
        runs,
    )
    del small, quarter
    rate = operations(sizes) * len(X) * a.size**2 / fast
    print(
        f"{'-'.join(map(str, sizes)):16} {activation:8} {cost:22} {fast:7.3f} s {fast / a.size**2 * 1e3:8.3f} {cell / 3 * 1e3:8.2f} "
        f"{cell / 3 * a.size**2 / fast:6.0f}x {f'{wanted}x' if wanted else '':>5} {rate / 1e9:7.0f} {rate / peak:6.0%} "
        f"{first / fast:6.1%} {fast / fewer:7.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three runs of each instead of seven")
    runs = 3 if parser.parse_args().quick else 7
    peak = sgemm_peak(runs)
    print(f"51x51 cells, 10,000 examples; sgemm peak {peak / 1e9:.0f} GFLOP/s; medians of {runs} interleaved runs")
    print(f"{'sizes':16} {'hidden':8} {'cost':22} {'surface':>9} {'ms/cell':>8} {'loop ms':>8} {'ratio':>7} {'goal':>5} "
          f"{'GFLOP/s':>7} {'peak':>6} {'first':>6} {'4x n':>7}")
    for case in CASES:
        row(case, runs, peak)


if __name__ == "__main__":
    main()
