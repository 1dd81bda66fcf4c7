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

    app = QApplication(["landscape"])
    from landscape.gui.moment import recorded_moment
    from landscape.gui.relief_scene import EVERYTHING
    from landscape.gui.relief_view import ReliefView
    from landscape.gui.session import Session
    from landscape.gui.theme import DARK
    from landscape.run import Setup, explore
    from landscape.run.portrait import evaluating, portray

    setup = Setup().changed(starts={"kind": "random", "count": 8})
    session = Session(Path(tempfile.mkdtemp()))
    run = session.run = explore(setup)
    portrait = session.portrait = portray(run, "pca_all")
    session.fitted_frames = run.frames
    *_, session.surface = evaluating(run, portrait, cells=CELLS)
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


if __name__ == "__main__":
    main()
