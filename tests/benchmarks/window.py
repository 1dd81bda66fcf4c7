"""How soon the window shows, and how long the GUI thread is ever blocked: a 5 ms heartbeat while it trains, draws and plays.

Run it under a virtual screen or with QT_QPA_PLATFORM=offscreen: python tests/benchmarks/window.py
The time to show is taken in fresh processes with warm caches; what other processes do to the machine is in these figures too.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS_OF_PROCESS = 5
SECONDS_PER_STAGE = 6


def time_to_show() -> list[float]:
    """Seconds from starting a process to its window being painted, several times."""
    program = (
        "import sys, time, tempfile\n"
        "from pathlib import Path\n"
        "from PyQt6.QtCore import QTimer\n"
        "from PyQt6.QtWidgets import QApplication\n"
        "app = QApplication(['landscape'])\n"
        "from landscape.gui.app import build_window\n"
        "from landscape.gui.settings import Settings\n"
        "window = build_window(Settings(), Path(tempfile.mkdtemp()))\n"
        "window.show()\n"
        "app.processEvents()\n"
        "print(time.time() - float(sys.argv[1]), flush=True)\n"
        "import os; os._exit(0)\n"
    )
    times = []
    for _ in range(STARTS_OF_PROCESS):
        done = subprocess.run(
            [sys.executable, "-c", program, str(time.time())], capture_output=True, text=True, check=True
        )
        times.append(float(done.stdout.split()[-1]))
    return times


def blocking() -> dict[str, list[float]]:
    """Milliseconds by which heartbeats came late, stage by stage."""
    from PyQt6.QtCore import Qt, QTimer
    from PyQt6.QtWidgets import QApplication

    from landscape.gui.app import build_window
    from landscape.gui.settings import Settings

    app = QApplication(["landscape"])
    window = build_window(Settings(), Path(tempfile.mkdtemp()))
    window.show()
    session = window.session
    late: dict[str, list[float]] = {}
    stage = "building the views"
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.setdefault(stage, []).append(max(0.0, (now - last) * 1000 - 5))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(5)

    def spend(name: str, seconds: float, until=lambda: False) -> None:  # type: ignore[no-untyped-def]
        nonlocal stage
        stage = name
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and not until():
            app.processEvents()
            time.sleep(0.0005)

    spend("building the views", 60, lambda: bool(window.views))
    spend("the first descent", 60, lambda: session.run is not None and not session.training and not session.activity)
    session.train(session.setup.changed(descent={"epochs": 60}))
    spend("training and surfaces", SECONDS_PER_STAGE)
    session.playback.seek(0)
    session.playback.play()
    spend("training, surfaces and playback", SECONDS_PER_STAGE)
    session.pause_training()
    session.playback.play()
    spend("playback", SECONDS_PER_STAGE)
    session.playback.pause()
    spend("at rest", 2)
    window.close()
    return late


def main() -> None:
    """Print both tables."""
    times = time_to_show()
    print(f"window shown after (s): median {statistics.median(times):.2f}, worst {max(times):.2f}")
    print(f"{'GUI thread late by (ms)':34}{'beats':>8}{'median':>9}{'p99':>9}{'worst':>9}")
    for stage, values in blocking().items():
        values.sort()
        p99 = values[int(0.99 * (len(values) - 1))]
        print(f"{stage:34}{len(values):>8}{statistics.median(values):>9.1f}{p99:>9.1f}{values[-1]:>9.1f}")


if __name__ == "__main__":
    main()
