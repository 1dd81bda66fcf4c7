"""Times that can be believed on a machine that others use as well: what they took of it stands beside each."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOO_BUSY = 0.1  # cores that others use: such a run is repeated,
MOST_RUNS = 3  # up to so many times as many runs as are wanted
_STAT = Path("/proc/stat")


@dataclass(frozen=True)
class Timing:
    """The median time of a work, and the median of the cores that other processes used meanwhile (NaN if unknown)."""

    seconds: float
    others: float
    runs: int


def interleaved(works: dict[str, Callable[[], object]], runs: int) -> dict[str, Timing]:
    """Each work's median over its quietest runs, measured in turn after one run to warm up."""
    for work in works.values():
        work()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}  # (others, seconds)
    for turn in range(runs * MOST_RUNS):
        waiting = [name for name in works if sum(not others > TOO_BUSY for others, _ in found[name]) < runs]
        if not waiting:
            break
        for name in works if turn < runs else waiting:
            time.sleep(0.15)  # the threads of BLAS and PyTorch spin for a while after a product
            found[name].append(_timed(works[name]))
    timings = {}
    for name, each in found.items():
        quietest = sorted(each, key=lambda pair: pair[0])[:runs]
        others, seconds = (statistics.median(values) for values in zip(*quietest))
        timings[name] = Timing(seconds, others, len(each))
    return timings


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    all_before, own_before, start = _all_seconds(), _own_seconds(), time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    all_after, own_after = _all_seconds(), _own_seconds()
    # The kernel counts in hundredths of a second for each core: a short work's share is known so coarsely only.
    others = max(0.0, (all_after - all_before) - (own_after - own_before)) / max(seconds, 0.02)
    return others, seconds


def _all_seconds() -> float:
    """Processor seconds that all processes have used, with what a host took from this machine; NaN if unknown."""
    with contextlib.suppress(OSError, ValueError):
        user, nice, system, _idle, _wait, interrupts, soft, stolen = map(int, _STAT.read_text().split()[1:9])
        return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")
    return float("nan")


def _own_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
