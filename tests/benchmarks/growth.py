"""Does the window's memory stay flat? 10,000 moves of the cursor and 500 changes of the plane, on the demo's network.

    python tests/benchmarks/growth.py [--moves 10000] [--planes 500]

Prints the memory that is the process's own, in MB, at the beginning and at the end, and how much a thousand moves and a
hundred planes have added after the first tenth of each, in which caches fill. Not counted are files that are mapped, such as
the record of a run, and what is free but not given back yet: the C library keeps some of it for each thread.
"""

import argparse
import ctypes
import gc
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtWidgets import QApplication

from landscape.gui.app import build_window
from landscape.gui.settings import Settings

PLANES = ("starts", "filter", "random", "layer", "pca_all")


def own_memory() -> float:
    """The memory in use that belongs to this process alone, in MB; Linux only."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) / 1024


def until(app: QApplication, condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)


def added(counts: list[int], sizes: list[float], unit: int) -> float:
    """MB a so many: the slope of a line through what was measured after the first tenth."""
    later = slice(max(1, len(counts) // 10), None)
    return float(np.polyfit(counts[later], sizes[later], 1)[0] * unit)


def measure(app, name, times, every, act) -> None:
    counts, sizes = [], []
    for number in range(times):
        act(number)
        app.processEvents()
        if number % every == 0:
            counts.append(number)
            sizes.append(own_memory())
    unit = 1000 if times >= 1000 else 100
    print(f"{times:,} {name}: {sizes[0]:.1f} MB at first, {sizes[len(sizes) // 10]:.1f} MB after a tenth, {sizes[-1]:.1f} MB "
          f"at the end; {added(counts, sizes, unit):+.2f} MB a {unit:,}", flush=True)  # fmt: skip


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--moves", type=int, default=10_000)
    words.add_argument("--planes", type=int, default=500)
    asked = words.parse_args()
    app = QApplication(["landscape"])
    window = build_window(Settings(), Path(tempfile.mkdtemp()))
    session = window.session
    window.resize(1280, 800)
    window.show()
    until(app, lambda: session.run is not None and not session.activity and session.surface is not None)
    session.playback.pause()
    last = session.playback.last
    measure(app, "cursor moves", asked.moves, 100, lambda number: session.playback.jump(number * 37 % (last + 1)))

    def change(number: int) -> None:
        session.picture.choose_plane(PLANES[number % len(PLANES)])
        until(app, lambda: not session.lanes.running("picture"))

    measure(app, "planes", asked.planes, 10, change)
    window.close()


if __name__ == "__main__":
    main()
