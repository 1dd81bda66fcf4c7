"""How fast surfaces are: one table, each line a ratio within the same run, beside its goal.

    python tests/benchmarks/surface.py [--runs 5] [--only WORD ...]

51x51 cells and 10,000 digits unless the line says otherwise. Works that are compared run in turns, a run during which
others used more than a tenth of a core is repeated, and "others" is what they used in the runs that count. Opponents are timed on
some of the cells. Digits come from the folder that LANDSCAPE_DATA names, else they are made up as sparse as real ones. PyTorch
is optional: without it, or without g++ for its compiler, its lines say so.
"""

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
from opponents import Opponent, UnavailableError, numpy_loop, torch_factored, torch_in_place
from stillness import Timing, interleaved

from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import Prepared, evaluate, evaluate_batch, evaluate_line, evaluate_progressively

GRID = np.linspace(-1, 1, 51)
CELLS = [(float(a), float(b)) for b in GRID for a in GRID]
PEAK_SIZE = 1536
MEMORY = """
from pathlib import Path
import numpy as np
from surface import GRID, digits, problem
from landscape.surface import evaluate
def peak():  # of this program alone: getrusage also counts what the program that started it had
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
net, plane, *_ = problem((784, 30, 10), n=100)
evaluate(net, plane, *digits(100), GRID, GRID)
before = peak()
X, y = digits(60_000)
with_digits = peak()
grid = np.linspace(-1, 1, 201)
evaluate(net, plane, X, y, grid, grid)
print(before, with_digits, peak())
"""


def digits(n: int) -> tuple[np.ndarray, np.ndarray]:
    folder = os.environ.get("LANDSCAPE_DATA", "")
    images, labels = (Path(folder) / f"train-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1"))
    if folder and images.exists() and labels.exists():
        with gzip.open(images) as file:
            X = np.frombuffer(file.read(16 + n * 784), np.uint8, offset=16).reshape(-1, 784).astype(np.float32)
        y = np.frombuffer(gzip.decompress(labels.read_bytes()), np.uint8, offset=8)[:n]
        X /= np.float32(255)
        return X, y.astype(np.int64)
    random = np.random.default_rng(0)
    X = random.random((n, 784), np.float32) * (random.random((n, 784), np.float32) > 0.81)
    return X, random.integers(0, 10, n)


def problem(sizes: tuple[int, ...], activation: str = "relu", cost: str = "cross_entropy", n: int = 10_000) -> tuple:
    net = Network(sizes, activation, cost)
    return net, Plane.random(net, net.init(0)), *digits(n)


def line(name: str, found: str, goal: str = "", met: bool | None = None, timings: tuple[Timing, ...] = ()) -> None:
    others = max((timing.others for timing in timings), default=float("nan"))
    verdict = "" if met is None else "met" if met else "MISSED"
    print(
        f"{name:66} {found:>26} {goal:>10} {verdict:>6} {'' if others != others else f'{others:6.2f}':>6}", flush=True
    )


def ratio(name: str, ours: Timing, theirs: Timing, cells: int, goal: float) -> None:
    """How much longer an opponent, timed on so many cells, takes for a cell than we do."""
    each, own = theirs.seconds / cells * 1e3, ours.seconds / len(CELLS) * 1e3
    line(name, f"{own:.3f} ms, {each:.2f}: {each / own:.0f}x", f">= {goal:g}x", each >= goal * own, (ours, theirs))


def opponents(runs: int) -> None:
    """784-30-10 against everybody; growth; lines."""
    net, plane, X, y = problem((784, 30, 10), n=40_000)
    some, dense = (X[:10_000], y[:10_000]), np.linspace(-1, 1, 102)
    makers: dict[str, tuple[Callable[[], Opponent], int, float, str]] = {
        "loop": (lambda: numpy_loop(net, plane, *some), 40, 100, "784-30-10 ReLU against a plain numpy loop"),
        "torch": (lambda: torch_in_place(net, plane, *some), 80, 50, "the same against an expert's PyTorch, in place"),
        "one": (lambda: torch_factored(net, plane, *some), 400, 6, "the same against the factored form, torch.compile"),
        "four": (lambda: torch_factored(net, plane, *some, 4), 400, 6, "the same, four cells at once in one graph"),
    }
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: evaluate(net, plane, *some, GRID, GRID),
        "cells": lambda: evaluate(net, plane, *some, dense, dense),
        "examples": lambda: evaluate(net, plane, X, y, GRID, GRID),
        "line": lambda: evaluate_line(net, plane.origin, plane.u, *some, np.linspace(-1, 1, len(CELLS))),
        "all metrics": lambda: evaluate(net, plane, *some, GRID, GRID, ("accuracy", "class_losses", "sampling_error")),
    }
    truth = evaluate(net, plane, *some, GRID, GRID).loss.ravel()
    for key, (make, cells, _, name) in makers.items():
        try:
            opponent = make()
            np.testing.assert_allclose(opponent(CELLS[:8]), truth[:8], rtol=1e-4)
        except UnavailableError as reason:
            line(name, f"left out: {reason}")
        else:
            works[key] = lambda opponent=opponent, cells=cells: opponent(CELLS[:cells])
    found = interleaved(works, runs)
    ours = found["ours"]
    for key, (_, cells, goal, name) in makers.items():
        if key in found:
            ratio(name, ours, found[key], cells, goal)
    for key, name in (("cells", "four times the cells"), ("examples", "four times the examples")):
        growth = found[key].seconds / ours.seconds
        line(f"784-30-10, {name}", f"{growth:.2f}x the time", "<= 4.2x", growth <= 4.2, (ours, found[key]))
    share = found["line"].seconds / ours.seconds
    line(
        "784-30-10, 2,601 points of one line beside 51x51 cells",
        f"{share:.2f}x",
        "<= 1.1x",
        share <= 1.1,
        (found["line"],),
    )
    share = found["all metrics"].seconds / ours.seconds
    line("784-30-10, with accuracy, class losses and sampling errors", f"{share:.2f}x", timings=(found["all metrics"],))


def networks(runs: int) -> None:
    """Other networks against the plain loop, the arithmetic rate, and the first picture."""
    squares = [np.random.default_rng(k).random((PEAK_SIZE, PEAK_SIZE), np.float32) for k in (0, 1)]
    for sizes, activation, cost, goal in (
        ((784, 128, 10), "relu", "cross_entropy", 40),
        ((784, 16, 16, 10), "sigmoid", "mse", 40),
        ((784, 128, 64, 10), "relu", "cross_entropy", 10),
        ((784, 10), "relu", "cross_entropy", 40),
    ):
        net, plane, X, y = problem(sizes, activation, cost)
        loop, firsts = numpy_loop(net, plane, X, y), []  # type: ignore[var-annotated]
        found = interleaved(
            {
                "ours": lambda: evaluate(net, plane, X, y, GRID, GRID),  # noqa: B023  (used within the turn)
                "loop": lambda: loop(CELLS[:25]),  # noqa: B023
                "peak": lambda: [squares[0] @ squares[1] for _ in range(10)],
                "first": lambda: firsts.append(_first_picture(net, plane, X, y)),  # noqa: B023
            },
            runs,
        )
        ours, name = found["ours"], "-".join(map(str, sizes))
        ratio(f"{name} {activation} {cost} against the numpy loop", ours, found["loop"], 25, goal)
        rate = _operations(sizes) * len(X) * len(CELLS) / ours.seconds
        share = rate / (20 * PEAK_SIZE**3 / found["peak"].seconds)
        judged = sizes == (784, 128, 10)
        line(
            f"{name}, arithmetic rate over sgemm's peak",
            f"{rate / 1e9:.0f} GFLOP/s: {share:.0%}",
            ">= 45 %" if judged else "",
            share >= 0.45 if judged else None,
            (ours, found["peak"]),
        )
        first = statistics.median(firsts)
        share, judged = (
            first / ours.seconds,
            len(sizes) > 2,
        )  # without hidden layers the whole is there in less than 0.1 s
        line(
            f"{name}, first coarse picture over all examples",
            f"{first * 1e3:.0f} ms: {share:.0%} of the time",
            "<= 15 %" if judged else "",
            share <= 0.15 if judged else None,
        )
    net, plane, X, y = problem((784, 30, 10))
    wide = Plane(*(vector.astype(np.float64) for vector in (plane.origin, plane.u, plane.v)))
    images, few = X.astype(np.float64), GRID[::5]
    loop = numpy_loop(net, wide, images, y)
    found = interleaved({"ours": lambda: evaluate(net, wide, X, y, few, few), "loop": lambda: loop(CELLS[:25])}, 3)
    own, theirs = found["ours"].seconds / few.size**2 * 1e3, found["loop"].seconds / 25 * 1e3
    line("784-30-10 in float64 (plain numpy) against its loop", f"{own:.2f} ms, {theirs:.2f}: {theirs / own:.1f}x")


def _operations(sizes: tuple[int, ...]) -> int:
    """Additions and multiplications that one example needs at one cell (first layer moved, later layers multiplied)."""
    return 4 * sizes[1] + sum(2 * n_in * n_out for n_in, n_out in pairwise(sizes[1:]))


def _first_picture(net: Network, plane: Plane, X: np.ndarray, y: np.ndarray) -> float:
    """Seconds until the first picture whose coarse cells rest on all examples."""
    start = time.perf_counter()
    for picture in evaluate_progressively(net, plane, X, y, GRID, GRID):
        if picture.exact.any():
            break
    return time.perf_counter() - start


def live(runs: int) -> None:
    """Frames while a plane turns and while mini-batches go by, with the picture's colours but not the screen."""
    random = np.random.default_rng(0)
    colours = random.integers(0, 255, (256, 4), np.uint8)
    for sizes in ((784, 30, 10), (784, 128, 10)):
        net, plane, X, y = problem(sizes)
        basis = np.stack([plane.u, plane.v, *(Plane.random(net, plane.origin, seed).u for seed in (1, 2))])
        prepared = Prepared(net, plane.origin, basis, X[:1000], y[:1000])
        small, batch = np.linspace(-1, 1, 31), np.linspace(-1, 1, 41)

        def turn(prepared: Prepared = prepared, small: np.ndarray = small) -> None:
            for angle in np.linspace(0, 1, 20):
                c, s = np.cos(angle), np.sin(angle)
                _colour(prepared.evaluate([0, 0, s, 0], [c, 0, s, 0], [0, c, 0, s], small, small).loss, colours)

        def batches(arguments: tuple = (net, plane, X, y), batch: np.ndarray = batch) -> None:
            for _ in range(20):
                rows = random.integers(0, len(arguments[2]), 64)
                _colour(evaluate_batch(*arguments, rows, batch, batch).loss, colours)

        found = interleaved({"turn": turn, "batches": batches}, runs)
        name = "-".join(map(str, sizes))
        for key, what, goal in (
            ("turn", "31x31 live frame on 1,000 digits, plane moving", 30),
            ("batches", "41x41 mini-batch of 64", 60),
        ):
            rate = 20 / found[key].seconds
            judged = sizes[1] == 30
            line(
                f"{name}, {what}, to RGBA",
                f"{1e3 / rate:.1f} ms: {rate:.0f}/s",
                f">= {goal}/s" if judged else "",
                rate >= goal if judged else None,
                (found[key],),
            )


def _colour(loss: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Heights as an RGBA image, in log scale."""
    height = np.log(np.maximum(loss, 1e-12))
    low, high = np.nanmin(height), np.nanmax(height)
    return colours[((height - low) * (255 / max(high - low, 1e-12))).astype(np.uint8)]


def cancelling(runs: int) -> None:
    """From the wish to stop until the worker has left, 201x201 cells on 60,000 digits."""
    X, y = digits(60_000)
    random, grid = np.random.default_rng(0), np.linspace(-1, 1, 201)
    for sizes in ((784, 10), (784, 30, 10), (784, 128, 64, 10), (784, 500, 300, 10)):
        net = Network(sizes)
        plane = Plane.random(net, net.init(0))
        next(evaluate_progressively(net, plane, X, y, grid, grid))  # the process's first evaluation loads the kernels
        waits = [_wait_for_stop(net, plane, X, y, grid, random.uniform(0, 0.4)) for _ in range(4 * runs)]
        found = f"{statistics.median(waits):.1f} ms, worst {max(waits):.1f}"
        line(f"{'-'.join(map(str, sizes))}, 201x201 on 60,000: worker gone after", found, "<= 20 ms", max(waits) <= 20)


def _wait_for_stop(net: Network, plane: Plane, X: np.ndarray, y: np.ndarray, grid: np.ndarray, after: float) -> float:
    stop = threading.Event()

    def drain() -> None:
        with closing(evaluate_progressively(net, plane, X, y, grid, grid, ("loss", "accuracy"))) as pictures:
            for _ in pictures:
                if stop.is_set():
                    break

    worker = threading.Thread(target=drain)
    worker.start()
    time.sleep(after)
    wish = time.perf_counter()
    stop.set()
    worker.join()
    return (time.perf_counter() - wish) * 1e3


def memory(runs: int) -> None:
    """The most memory that a process has while it evaluates 201x201 cells on 60,000 digits."""
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = [sys.executable, "-c", MEMORY]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=True)
    before, with_digits, peak = map(float, done.stdout.split())
    found = f"{peak - before:.0f} MB + {before:.0f} program"
    line("784-30-10, 201x201 on 60,000 digits, heap and arrays", found, "<= 1500", peak - before <= 1500)
    line("    of which reading the digits", f"{with_digits - before:.0f} MB")


GROUPS = (opponents, networks, live, cancelling, memory)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of each work (5)")
    parser.add_argument("--only", nargs="*", default=[], help=f"of {', '.join(group.__name__ for group in GROUPS)}")
    options = parser.parse_args()
    print(f"{'':66} {'measured':>26} {'goal':>10} {'':6} {'others':>6}")
    for group in GROUPS:
        if not options.only or group.__name__ in options.only:
            group(options.runs)


if __name__ == "__main__":
    main()
