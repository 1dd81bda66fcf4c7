"""How long the 3D view takes: building its parts, whole repaints while it turns, and repaints while time moves.

101 × 101 cells, eight starts, a view of 1280 × 800. Run it on a screen, or under a virtual one with software OpenGL:
xvfb-run -a -s "-screen 0 1920x1080x24" python tests/benchmarks/relief.py
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

REPAINTS = 60
CELLS = 101
SECONDS = 5


def times(act: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    taken = []
    for _ in range(count):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def report(name: str, taken: list[float]) -> None:
    """One row: median and worst, and what the median means in pictures a second."""
    median = statistics.median(taken)
    print(f"{name:52}{median:8.1f} ms{taken[-1]:8.1f} worst{1000 / median:8.0f} a second")


def main() -> None:
    """Print the table."""
    from PyQt6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    from landscape.gui.moment import recorded_moment
    from landscape.gui.relief.scene import EVERYTHING
    from landscape.gui.relief.view import ReliefView
    from landscape.gui.session import Session
    from landscape.gui.theme import DARK
    from landscape.run import Setup, explore
    from landscape.run.portrait import evaluating, portray

    setup = Setup().changed(starts={"kind": "random", "count": 8})
    session = Session(Path(tempfile.mkdtemp()))
    run = session.run = explore(setup)
    portrait = session.picture.portrait = portray(run, "pca_all")
    session.picture.framed = run.frames
    *_, session.picture.surface = evaluating(run, portrait, cells=CELLS)
    session.moment = recorded_moment(run, portrait, run.frames - 1, session.surface)
    session.best = run.best
    view = ReliefView(session, DARK)
    view.resize(1280, 800)
    view.show()
    app.processEvents()
    print(f"{session.surface.loss.shape} cells, {run.K} starts x {run.frames} frames, {view._canvas.renderer}")
    scene = view.scene
    for part in sorted(EVERYTHING):

        def build(part: str = part) -> None:
            scene._mesh = scene._lines = () if part == "surface" else scene._mesh
            if part == "contours":
                scene._lines = ()
            scene.refresh({part})

        report(f"building: {part}", times(build, 20))
    for samples in (4, 0):

        def turn(samples: int = samples) -> None:
            view.camera = view.camera.orbited(3, 0)
            view._image = view._canvas.render(
                view.camera, scene.box, scene.look, (view.width(), view.height()), 1.0, samples
            )
            view.repaint()

        report(f"whole repaint while it turns, {samples} samples a pixel", times(turn, REPAINTS))
    frames = iter(np.linspace(0, run.frames - 1, REPAINTS).astype(int))

    def move() -> None:
        session.moment = recorded_moment(run, portrait, int(next(frames)), session.surface)
        session.moment_changed.emit()
        view.repaint()

    report("whole repaint while time moves, as it chooses", times(move, REPAINTS))


def playing() -> None:
    """The real window at 1280 × 800 while it plays: pictures a second, and by how much a 5 ms heartbeat came late."""
    from PyQt6.QtCore import Qt, QTimer
    from PyQt6.QtWidgets import QApplication

    from landscape.gui.app import build_window
    from landscape.gui.settings import Settings

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = build_window(Settings(), Path(tempfile.mkdtemp()))
    window.resize(1280, 800)
    window.show()
    session = window.session
    late: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, (now - last) * 1000 - 5))
        last = now

    def spend(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and not until():
            app.processEvents()
            time.sleep(0.0005)

    spend(60, lambda: session.run is not None and not session.training and not session.activity)
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(5)
    for name in ("2d", "3d", "both"):
        begun = time.perf_counter()
        window.bar.views.show_view(name)
        built = (time.perf_counter() - begun) * 1000
        spend(2)
        session.playback.play()
        spend(1)
        late.clear()
        drawn: list[int] = []
        if name != "2d":
            canvas = window.stage.relief._canvas
            render = type(canvas).render
            canvas.render = lambda *args, r=render, c=canvas, drawn=drawn: drawn.append(1) or r(c, *args)  # type: ignore[method-assign]
        spend(SECONDS)
        late.sort()
        p99 = late[int(0.99 * (len(late) - 1))]
        print(
            f"playing, {name:5} shown after {built:5.0f} ms; {len(drawn) / SECONDS:5.1f} 3D pictures a second; "
            f"late by {statistics.median(late):.1f} ms in the middle, {p99:.1f} p99, {late[-1]:.1f} worst"
        )
    window.close()


if __name__ == "__main__":
    from PyQt6.QtWidgets import QApplication

    application = QApplication(["landscape"])
    main()
    playing()
