"""How fast training is: an epoch of 60,000 digits beside PyTorch's, eight starts beside one, a full-batch step; and memory.

    python tests/benchmarks/training.py [--quick]

One table, every line a ratio of two medians of runs taken in turns within this process. A run is as many epochs as fill half a
second. The processor time that others used meanwhile is read from /proc/stat (where there is one): a run during which they had
more than a tenth of a core is taken again, some times; if they go on, its line is marked. Digits come from the folder that
LANDSCAPE_DATA names, else they are made up as sparse as real ones. PyTorch is optional: without it its lines are left out.
"""

import importlib.util
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

import landscape as ls

SIZES = (784, 30, 10)
RATE = 0.1
BATCHES = {10: "at least 6x", 128: "at least 2x"}
FULL_BATCH_STEPS = 20
LEAST_SECONDS = 0.5  # a tick of /proc/stat is 0.01 s
OTHERS_ALLOWED = 0.1  # cores
TRIES = 4
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
    """An epoch from so many starts, all that is prepared for it included; returns the loss it ends with."""
    net = ls.Network(SIZES)
    thetas = np.stack([net.init(seed) for seed in range(starts)])
    plane = ls.Plane.random(net, thetas[0]) if inside else None
    frames = ls.FrameSchedule(max(1, len(y) // batch_size // 60))

    def epoch() -> float:
        rate = ls.SGD(RATE / 10 if inside else RATE)
        *_, last = ls.descend(net, thetas, X, y, rate, batch_size=batch_size, plane=plane, frames=frames)
        return float(np.mean(last.smoothed_losses))

    return epoch


def torch_epoch(X: NDArray, y: NDArray, batch_size: int) -> Callable[[], float]:
    """The same epoch as an expert writes it in PyTorch: no data loader, no modules, parameters moved in place.

    Of four such loops this was the fastest; `torch.optim.SGD` and `nn.Sequential` take a third longer, the data loader twice. On
    one thread or on all, whichever is quicker (small batches: one).
    """
    import torch
    from torch.nn.functional import cross_entropy, linear

    images, labels = torch.from_numpy(X), torch.from_numpy(y.astype(np.int64))
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in pairwise(SIZES)]
    parameters = [parameter for layer in layers for parameter in layer.parameters()]
    W1, b1, W2, b2 = parameters

    def epoch() -> float:
        torch.set_num_threads(threads)
        order = torch.randperm(len(labels))
        for batch in order.split(batch_size):
            hidden = linear(images.index_select(0, batch), W1, b1).relu_()
            loss = cross_entropy(linear(hidden, W2, b2), labels.index_select(0, batch))
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    parameter.add_(gradient, alpha=-RATE)
        return loss.item()

    all_threads, seconds = torch.get_num_threads(), {}
    for threads in (1, all_threads):
        each = []
        for _ in range(4):  # the first warms up
            begun = time.perf_counter()
            epoch()
            each.append(time.perf_counter() - begun)
        seconds[threads] = min(each)
    threads = min(seconds, key=seconds.__getitem__)
    return epoch


def busy_seconds() -> float | None:
    """Processor seconds that all processes have used since the machine was started, ours and our children's taken off."""
    try:
        times = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]]
    except OSError:
        return None
    idle = times[3] + times[4]
    return (sum(times) - idle) / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])


@dataclass
class Work:
    """Something to time, and what was found: seconds a turn, and the cores that others used meanwhile."""

    act: Callable[[], float]
    repeats: int = 1
    seconds: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def warm_up(self) -> None:
        """One turn that does not count; finds how many fill a run."""
        self.act()
        begun = time.perf_counter()
        self.act()
        self.repeats = math.ceil(LEAST_SECONDS / (time.perf_counter() - begun))

    def run(self) -> None:
        """A timed run, taken again while others use the machine."""
        for _ in range(TRIES):
            busy, begun = busy_seconds(), time.perf_counter()
            losses = [self.act() for _ in range(self.repeats)]
            lasted, busy_after = time.perf_counter() - begun, busy_seconds()
            if not np.isfinite(losses).all():
                raise SystemExit("the loss is not finite")
            others = (busy_after - busy) / lasted if busy is not None and busy_after is not None else math.nan
            if not others > OTHERS_ALLOWED:
                break
        self.seconds.append(lasted / self.repeats)
        self.others.append(others)

    @property
    def median(self) -> float:
        """Seconds a turn."""
        return median(self.seconds)


def line(name: str, work: Work, reference: Work, how: str, wanted: str) -> str:
    """A row of the table: `how` is "faster" or "longer" than the reference."""
    ratio = reference.median / work.median if how == "faster" else work.median / reference.median
    others = max(work.others + reference.others)
    load = "not known" if math.isnan(others) else f"{max(0.0, others):9.2f}" + (" loaded" * (others > OTHERS_ALLOWED))
    return f"{name:58} {1e3 * work.median:8.1f} {1e3 * reference.median:10.1f} {ratio:6.2f}x {wanted:>12} {load}"


def full_batch_step(X: NDArray, y: NDArray) -> Callable[[], float]:
    """Twenty steps over 50,000 digits at once, each yielded; their time is reported by the step."""
    net = ls.Network(SIZES)
    theta, X, y = net.init(0), X[:50_000], y[:50_000]

    def steps() -> float:
        *_, last = ls.descend(net, theta, X, y, ls.SGD(RATE), batch_size=len(y), epochs=FULL_BATCH_STEPS)
        return float(last.losses[0])

    return steps


def torch_full_batch_step(X: NDArray, y: NDArray) -> Callable[[], float]:
    """As many steps by PyTorch, without gathering the batch."""
    import torch
    from torch.nn.functional import cross_entropy

    images, labels = torch.from_numpy(X[:50_000]), torch.from_numpy(y[:50_000].astype(np.int64))
    model = torch.nn.Sequential(torch.nn.Linear(784, 30), torch.nn.ReLU(), torch.nn.Linear(30, 10))
    parameters, threads = list(model.parameters()), torch.get_num_threads()

    def steps() -> float:
        torch.set_num_threads(threads)
        for _ in range(FULL_BATCH_STEPS):
            loss = cross_entropy(model(images), labels)
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    parameter.add_(gradient, alpha=-RATE)
        return loss.item()

    return steps


def works(X: NDArray, y: NDArray, with_torch: bool) -> dict[tuple, Work]:
    """Everything that is timed, in the order of the turns."""
    found = {}
    found["all", "one"] = Work(full_batch_step(X, y))
    if with_torch:
        found["all", "torch"] = Work(torch_full_batch_step(X, y))
    for batch in BATCHES:
        found[batch, "one"] = Work(our_epoch(X, y, batch))
        if with_torch:
            found[batch, "torch"] = Work(torch_epoch(X, y, batch))
        found[batch, "eight"] = Work(our_epoch(X, y, batch, starts=8))
        found[batch, "one inside"] = Work(our_epoch(X, y, batch, inside=True))
        found[batch, "eight inside"] = Work(our_epoch(X, y, batch, starts=8, inside=True))
    return found


def table(found: dict[tuple, Work]) -> Iterator[str]:
    """The rows."""
    for batch, wanted in BATCHES.items():
        one = found[batch, "one"]
        if (batch, "torch") in found:
            yield line(f"one epoch, batch {batch}, beside PyTorch", one, found[batch, "torch"], "faster", wanted)
        yield line(f"8 starts, batch {batch}, beside one", found[batch, "eight"], one, "longer", "at most 4x")
        inside = found[batch, "one inside"]
        eight = found[batch, "eight inside"]
        yield line(f"8 starts in a plane, batch {batch}, beside one", eight, inside, "longer", "at most 4x")
        yield line(f"one start in a plane, batch {batch}, beside one in full", inside, one, "longer", "")
    one = found["all", "one"]
    if ("all", "torch") in found:
        name = f"{FULL_BATCH_STEPS} full-batch steps over 50,000, beside PyTorch"
        yield line(name, one, found["all", "torch"], "faster", "")
    yield f"a full-batch step over 50,000 digits: {1e3 * one.median / FULL_BATCH_STEPS:.1f} ms, each yielded"


def memory() -> str:
    """What a long run of eight starts holds at most, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    peak, frames, steps, *own = done.stdout.split()
    told = f"a run of 8 starts x 10 epochs ({int(steps):,} steps, {frames} frames): {float(peak):.0f} MB at most"
    return told + (f", of which {int(own[-1]) / 1024:.0f} MB are not the mapped record" if own else "")


def main() -> None:
    """Measure and print the table."""
    rounds = 1 if "--quick" in sys.argv else 5
    X, y, source = digits()
    with_torch = importlib.util.find_spec("torch") is not None
    if with_torch:
        import torch

        print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    else:
        print("PyTorch is not installed: only our own times are measured.")
    print(f"{source}; {'-'.join(map(str, SIZES))}, an epoch is {len(y):,} digits, medians of {rounds} interleaved runs")
    found = works(X, y, with_torch)
    for work in found.values():
        work.warm_up()
    for _ in range(rounds):
        for work in found.values():
            work.run()
    print(f"{'':58} {'ms':>8} {'beside ms':>10} {'ratio':>7} {'wanted':>12} {'others, cores':>13}")
    print(*table(found), sep="\n")
    print(memory())


if __name__ == "__main__":
    main()
