"""How soon the window shows, how long the GUI thread is ever blocked, and how fast pictures follow the hand and time.

A 5 ms heartbeat runs while the window trains, draws and plays, with 5 starts and with 64; while a plane is turned; and while
the mini-batch's surface follows time that plays or is dragged, in each of the ways to show it. Pictures are counted when they
are painted, each once.

Run it under a virtual screen or with QT_QPA_PLATFORM=offscreen: python tests/benchmarks/window.py
The time to show is taken in fresh processes with warm caches; what other processes do to the machine is in these figures too.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

from stillness import Control

STARTS_OF_PROCESS = 5
SECONDS_PER_STAGE = 6
DRAG_MS = 8  # how often the hand on the time bar is heard of, as with a mouse of 125 Hz
BATCH = {"batch_size": 64, "epochs": 16}  # the demo has 4,000 digits: a thousand steps


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


def blocking(control: Control) -> tuple[dict[str, list[tuple[float, bool]]], dict[str, float]]:
    """Milliseconds by which heartbeats came late, stage by stage, and whether the machine itself faltered meanwhile.

    And the cores that other processes used in each stage.
    """
    from PyQt6.QtCore import Qt, QTimer
    from PyQt6.QtWidgets import QApplication

    from landscape.gui.app import build_window
    from landscape.gui.garbage import Garbage
    from landscape.gui.minibatch import MODES
    from landscape.gui.settings import Settings

    app = QApplication(["landscape"])
    garbage = Garbage(app)
    window = build_window(Settings(), Path(tempfile.mkdtemp()), garbage=garbage)
    window.show()
    session = window.session
    beats: dict[str, list[tuple[float, float]]] = {}  # when, and by how many ms late
    others: dict[str, float] = {}
    stage = "building the views"
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        beats.setdefault(stage, []).append((now, max(0.0, (now - last) * 1000 - 5)))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(5)

    def spend(name: str, seconds: float, until=lambda: False) -> None:  # type: ignore[no-untyped-def]
        nonlocal stage
        stage = name
        end, used = time.perf_counter() + seconds, control.others()
        while time.perf_counter() < end and not until():
            app.processEvents()
            time.sleep(0.0005)
        others[name] = used()

    spend("building the views", 60, lambda: session.lanes.running("descent"))
    spend("the first descent", 60, lambda: session.run is not None and not session.training and not session.activity)
    session.playback.pause()
    name = "turning a plane, 31 cells, 1,000 digits"
    print(f"{name + ', pictures a second':60}{turning(session, window, partial(spend, name)):>8.1f}")
    demo = session.setup
    session.train(demo.changed(descent=BATCH))
    spend("", 60, lambda: not session.training and not session.activity)
    cells = " x ".join(map(str, session.surface.loss.T.shape))
    print(f"a mini-batch of {BATCH['batch_size']} over {cells} cells, pictures painted a second:")
    for mode in MODES:
        for how in ("playing", "dragging"):
            name = f"mini-batch {mode}, {how}"
            print(f"{name:60}{batches(session, window, partial(spend, name), mode, how):>8.1f}", flush=True)
            spend("", 2)
    for starts in (5, 64):
        kind = {} if starts == 5 else {"starts": {"kind": "random", "count": starts}}
        session.train(demo.changed(descent={"epochs": 60}, **kind))
        spend(f"{starts} starts: training and surfaces", SECONDS_PER_STAGE)
        session.playback.seek(0)
        session.playback.play()
        spend(f"{starts} starts: the same and playback", SECONDS_PER_STAGE)
        session.pause_training()
        spend("", 30, lambda: not session.activity)
        session.playback.play()
        spend(f"{starts} starts: playback", SECONDS_PER_STAGE)
        session.playback.pause()
    spend("at rest", 2)
    beats.pop("", None)
    window.close()
    time.sleep(0.1)  # the control's last words
    found = {
        name: [(late, late > 16 and control.faltered(at - late / 1000 - 0.01, at)) for at, late in each]
        for name, each in beats.items()
    }
    return found, others


def turning(session, window, spend):  # type: ignore[no-untyped-def]
    """Turn the plane as fast as its pictures come; the number of those painted in a second."""
    session.live.turn("u", 0.01)
    spend(30, lambda: session.live.moving)
    with painted(window.map.plot, lambda: session.surface) as seen:

        def turn() -> None:
            session.live.turn("u", 0.01)

        session.surface_extended.connect(turn)
        turn()
        begin = time.perf_counter()
        spend(SECONDS_PER_STAGE, lambda: False)
        rate = changes(seen) / (time.perf_counter() - begin)
        session.surface_extended.disconnect(turn)
    spend(30, lambda: not session.live.moving and not session.activity)
    return rate


def batches(session, window, spend, mode, how):  # type: ignore[no-untyped-def]
    """Let time play (at twice its speed) or drag it; the number of pictures painted in a second.

    Those of the mini-batch's surface; with the mode "off", those of the starts on their paths.
    """
    from PyQt6.QtCore import Qt, QTimer

    session.minibatch.choose(mode)
    spend(1, lambda: False)
    plot = window.inspect.page("Curves").batch.plot if mode == "beside" else window.map.plot
    hand = QTimer(window)
    hand.setTimerType(Qt.TimerType.PreciseTimer)
    hand.timeout.connect(lambda: window.transport.bar.setValue((session.playback.step + 1) % session.run.last_step))
    with painted(plot, lambda: session.moment if mode == "off" else session.minibatch.surface) as seen:
        session.playback.speed = 2.0
        session.playback.seek(0)
        session.playback.play() if how == "playing" else hand.start(DRAG_MS)
        begin = time.perf_counter()
        spend(SECONDS_PER_STAGE, lambda: False)
        rate = changes(seen) / (time.perf_counter() - begin)
    hand.stop()
    session.playback.pause()
    session.playback.speed = 1.0
    session.minibatch.choose("off")
    return rate


@contextmanager
def painted(plot, shown) -> Iterator[list[object]]:  # type: ignore[no-untyped-def]
    """What is `shown` whenever a plot is painted, as it comes."""
    from PyQt6.QtCore import QEvent, QObject

    seen: list[object] = []

    class Watch(QObject):
        def eventFilter(self, _, event):  # type: ignore[no-untyped-def]
            if event.type() == QEvent.Type.Paint:
                seen.append(shown())
            return False

    watch = Watch(plot)
    plot.viewport().installEventFilter(watch)
    yield seen
    plot.viewport().removeEventFilter(watch)


def changes(seen: list[object]) -> int:
    """How often what was seen was another thing than before."""
    return sum(after is not before for before, after in pairwise(seen))


def main() -> None:
    """Print both tables."""
    times = time_to_show()
    print(f"window shown after (s): median {statistics.median(times):.2f}, worst {max(times):.2f}")
    print(
        "'left out' was late while the machine itself faltered: a control process on each core says when; the worst of the\n"
        "others follows. The last column: cores that other processes used; with more than 0.1 the row says nothing of us."
    )
    print(
        f"{'GUI thread late by (ms)':42}{'beats':>8}{'median':>9}{'p99':>9}{'worst':>9}{'left out':>10}{'worst':>9}{'others':>8}"
    )
    with Control() as control:
        stages, others = blocking(control)
    for stage, values in stages.items():
        late, ours = sorted(value for value, _ in values), [value for value, faltered in values if not faltered]
        p99 = late[int(0.99 * (len(late) - 1))]
        figures = (
            f"{statistics.median(late):>9.1f}{p99:>9.1f}{late[-1]:>9.1f}{len(late) - len(ours):>10}{max(ours):>9.1f}"
            f"{others[stage]:>8.2f}"
        )
        print(f"{stage:42}{len(late):>8}{figures}")


if __name__ == "__main__":
    main()
