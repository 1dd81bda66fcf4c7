"""Times that can be believed on a machine that others use as well: what they took of it stands beside each."""

import contextlib
import math
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOO_BUSY = 0.1  # cores that others use: such a run is repeated,
MOST_RUNS = 3  # up to so many times as many runs as are wanted
SPINNING = 0.5  # seconds: OpenMP's threads (those of PyTorch and BLAS) wait busily for 0.2 s after their last work
LEAST_SECONDS = (
    0.5  # of a run: a processor that has rested needs some time to be quick, and the kernel counts in 0.01 s
)
_STAT = Path("/proc/stat")

# A process of its own on each core that does the same small work every 5 ms and tells when it took the processor far longer
# than usual, or when Linux has counted time that the machine's host took away: then the machine stood still or crawled, and
# not the program that is measured.
_CONTROL = """
import os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(sys.argv[1])})
def stolen():
    try:
        with open("/proc/stat") as counts:
            return int(counts.readline().split()[8])
    except OSError:
        return 0
def work():
    before = time.thread_time()
    total = 0
    for number in range(6000):
        total += number * number
    return time.thread_time() - before
usual, before = sorted(work() for _ in range(300))[150], stolen()
while True:
    time.sleep(0.005)
    spent, after = work(), stolen()
    if spent > 2.5 * usual or after > before:
        print(time.perf_counter(), flush=True)
    before = after
"""


class Control:
    """Watches the machine while the `with` block lasts; `faltered` says whether it crawled between two times."""

    def __enter__(self) -> "Control":
        self._times: list[float] = []
        on = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
        self._processes = [
            subprocess.Popen([sys.executable, "-c", _CONTROL, str(core)], stdout=subprocess.PIPE, text=True)
            for core in on
        ]
        self._readers = [
            threading.Thread(target=self._read, args=(process,), daemon=True) for process in self._processes
        ]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.wait()
        for reader in self._readers:
            reader.join()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._times.extend(float(line) for line in process.stdout)

    def others(self) -> Callable[[], float]:
        """A function that says how many cores processes other than this one and the control's used since it was made."""
        begun, before = time.perf_counter(), self._others_seconds()
        return lambda: max(0.0, self._others_seconds() - before) / (time.perf_counter() - begun)

    def _others_seconds(self) -> float:
        spent = 0.0
        for process in self._processes:
            with contextlib.suppress(OSError, ValueError):
                fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
                spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return _all_seconds() - _own_seconds() - spent

    def faltered(self, begin: float, end: float) -> bool:
        """Whether the control's work was slow between two values of `time.perf_counter` (Linux: the same in all processes)."""
        return any(begin <= at <= end + 0.01 for at in list(self._times))


@dataclass(frozen=True)
class Timing:
    """The median time of a work, and the median of the cores that other processes used meanwhile (NaN if unknown)."""

    seconds: float
    others: float
    runs: int


def interleaved(works: dict[str, Callable[[], object]], runs: int) -> dict[str, Timing]:
    """Each work's median over its quietest runs, measured in turn after warming up; short works are repeated within a run."""
    repeats = {}
    for name, work in works.items():
        work()
        begun = time.perf_counter()
        work()
        repeats[name] = math.ceil(LEAST_SECONDS / (time.perf_counter() - begun))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}  # (others, seconds)
    for turn in range(runs * MOST_RUNS):
        waiting = [name for name in works if sum(not others > TOO_BUSY for others, _ in found[name]) < runs]
        if not waiting:
            break
        for name in works if turn < runs else waiting:
            time.sleep(SPINNING)
            found[name].append(_timed(works[name], repeats[name]))
    timings = {}
    for name, each in found.items():
        quietest = sorted(each, key=lambda pair: pair[0])[:runs]
        others, seconds = (statistics.median(values) for values in zip(*quietest))
        timings[name] = Timing(seconds, others, len(each))
    return timings


def _timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The cores that others used, and the seconds of one work."""
    all_before, own_before, start = _all_seconds(), _own_seconds(), time.perf_counter()
    for _ in range(repeats):
        work()
    seconds = time.perf_counter() - start
    all_after, own_after = _all_seconds(), _own_seconds()
    others = max(0.0, (all_after - all_before) - (own_after - own_before)) / seconds
    return others, seconds / repeats


def _all_seconds() -> float:
    """Processor seconds that all processes have used, with what a host took from this machine; NaN if unknown."""
    with contextlib.suppress(OSError, ValueError):
        user, nice, system, _idle, _wait, interrupts, soft, stolen = map(int, _STAT.read_text().split()[1:9])
        return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")
    return float("nan")


def _own_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
