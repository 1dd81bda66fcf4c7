"""How fast training is: an epoch of 60,000 digits beside PyTorch's, eight starts beside one, inside a plane; and memory.

    python tests/benchmarks/training.py [--quick]

Each line is the median of interleaved runs, so that what else the machine does falls on all alike. Digits come from the folder
that LANDSCAPE_DATA names, else they are made up as sparse as real ones. PyTorch is optional: without it its column is left out.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

import landscape as ls

SIZES = (784, 30, 10)
RATE = 0.1
MEMORY = """
import resource, sys, tempfile
import numpy as np
import landscape as ls
from landscape.data import Digits

setup = ls.Setup().changed(starts={"kind": "random", "count": 8}, descent={"batch_size": 10, "epochs": 10})
with tempfile.TemporaryDirectory() as folder:
    run = ls.explore(setup, folder)
    run.best
    own = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("RssAnon", "VmHWM"))]
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, run.frames, run.last_step, *own)
    run.close()
"""


def digits() -> tuple[NDArray, NDArray, str]:
    """60,000 digits: images (60000, 784) float32, labels, and where they come from."""
    folder = os.environ.get("LANDSCAPE_DATA")
    if folder:
        loaded = ls.load_digits(folder)
        splits = (loaded.train, loaded.validation)
        return (
            np.concatenate([split.images for split in splits]),
            np.concatenate([split.labels for split in splits]),
            loaded.source,
        )
    random = np.random.default_rng(0)
    images = random.random((60_000, 784), np.float32) * (random.random((60_000, 784), np.float32) < 0.19)
    return images.astype(np.float32), random.integers(0, 10, 60_000), "made-up digits, 19 % of the pixels inked"


def our_epoch(X: NDArray, y: NDArray, batch_size: int, starts: int = 1, inside: bool = False) -> Callable[[], float]:
    """An epoch from so many starts; returns the loss it ends with."""
    net = ls.Network(SIZES)
    thetas = np.stack([net.init(seed) for seed in range(starts)])
    plane = ls.Plane.random(net, thetas[0]) if inside else None
    frames = ls.FrameSchedule(max(1, 60_000 // batch_size // 60))

    def epoch() -> float:
        rate = ls.SGD(RATE / 10 if inside else RATE)
        *_, last = ls.descend(net, thetas, X, y, rate, batch_size=batch_size, plane=plane, frames=frames)
        return float(np.mean(last.smoothed_losses))

    return epoch


def torch_epoch(X: NDArray, y: NDArray, batch_size: int) -> Callable[[], float]:
    """The same epoch as PyTorch users write it, without its data loader (which would double the time)."""
    import torch

    images, labels = torch.from_numpy(X), torch.from_numpy(y)
    model = torch.nn.Sequential(torch.nn.Linear(784, 30), torch.nn.ReLU(), torch.nn.Linear(30, 10))

    def epoch() -> float:
        optimiser = torch.optim.SGD(model.parameters(), RATE)
        order = torch.randperm(len(labels))
        for batch in order.split(batch_size):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimiser.step()
        return loss.item()

    return epoch


def measured(works: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """Median seconds of each work, run in turns after one warm-up."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(runs + 1):
        for name, work in works.items():
            begun = time.perf_counter()
            loss = work()
            if not np.isfinite(loss):
                raise SystemExit(f"{name}: the loss is not finite")
            if turn:
                times[name].append(time.perf_counter() - begun)
    return {name: median(each) for name, each in times.items()}


def main() -> None:
    """Measure and print the tables."""
    runs = 1 if "--quick" in sys.argv else 5
    X, y, source = digits()
    try:
        import torch

        print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
        has_torch = True
    except ImportError:
        print("PyTorch is not installed: only our own times are measured.")
        has_torch = False
    print(f"{source}; {'-'.join(map(str, SIZES))}, one epoch of {len(y):,}, medians of {runs} interleaved runs")
    print(
        f"{'batch':>6} {'one start':>10} {'PyTorch':>9} {'ratio':>6} {'8 starts':>9} {'to one':>7} {'in plane':>9} {'to full':>8}"
    )
    for batch_size in (10, 128):
        works = {
            "one": our_epoch(X, y, batch_size),
            "eight": our_epoch(X, y, batch_size, starts=8),
            "plane": our_epoch(X, y, batch_size, inside=True),
        }
        if has_torch:
            works["torch"] = torch_epoch(X, y, batch_size)
        found = measured(works, runs)
        theirs = f"{found['torch']:7.2f} s {found['torch'] / found['one']:5.1f}x" if has_torch else f"{'-':>9} {'-':>6}"
        print(
            f"{batch_size:6} {found['one']:8.2f} s {theirs} {found['eight']:7.2f} s {found['eight'] / found['one']:6.1f}x "
            f"{found['plane']:7.2f} s {found['plane'] / found['one']:7.2f}x"
        )
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    peak, frames, steps, *own = done.stdout.split()
    print(
        f"a run of 8 starts x 10 epochs ({int(steps):,} steps, {frames} frames): {float(peak):.0f} MB at most", end=""
    )
    print(f", of which {int(own[-1]) / 1024:.0f} MB are not the mapped record" if own else "")


if __name__ == "__main__":
    main()
