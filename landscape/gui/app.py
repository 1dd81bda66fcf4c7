"""Starts the window: first the frame on screen, then everything that takes time."""

import contextlib
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QMessageBox

from landscape import compilation, cores
from landscape.data import default_source
from landscape.errors import LandscapeError
from landscape.gui.garbage import Garbage
from landscape.gui.holding import is_free, remove_free
from landscape.gui.session import Session
from landscape.gui.settings import Settings, kept_runs, runs_folder
from landscape.gui.window import MainWindow
from landscape.run.run import Run

# Runs are kept in the user's data folder as they grow; older ones than these are removed at the next start.
RUNS_KEPT = 5
SWITCH_SECONDS = 0.0001

# The application object stays until the interpreter ends. PyQt takes its end for the program's, and from then on no
# longer tells Python when Qt destroys an object: in a window that is opened after, from a notebook or a script, wrappers
# of what has gone would be taken for new objects at the same place.
_applications: list[QApplication] = []


def main(arguments: list[str], paths: Sequence[str] = ()) -> int:
    """Open the window, on what is named by the paths if there are any, and return the exit code."""
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    _applications[:] = [app]
    app.setApplicationName("landscape")
    app.setApplicationDisplayName("Landscape")
    sys.excepthook = _show_bug
    garbage = Garbage(app)
    places = [Path(path) for path in paths]
    window = build_window(Settings.load(), runs_folder(), places, default_source(), garbage)
    window.guide.tour_once()
    window.show()
    return app.exec()


def build_window(
    settings: Settings,
    runs: Path,
    paths: Sequence[Path] = (),
    source: str | None = None,
    garbage: Garbage | None = None,
) -> MainWindow:
    """The window, wired, that will open these paths or play the demo as soon as its views stand.

    `garbage` is the program's, where the window is the whole program.
    """
    # A worker that computes may hold the interpreter for this long before the window gets it back.
    sys.setswitchinterval(SWITCH_SECONDS)
    session = Session(runs)
    window = MainWindow(session, settings)
    if source is not None:
        # The whole path, so that a saved run finds its digits from anywhere.
        session.change_setup(session.setup.changed(data={"source": str(Path(source).resolve())}))

    def prepare() -> None:
        window.stage.warm()
        cores.keep_blas_single_threaded()
        compilation.compile_in_background()
        QTimer.singleShot(0, load)

    def load() -> None:
        compilation.load_library()
        session.lanes.start("kernels", "loading compiled code", kernels, lambda batch: None, begin)

    def kernels() -> Iterator[None]:
        compilation.load_kernels()
        yield

    def begin() -> None:
        if garbage is not None:
            garbage.spare_libraries()
        remove_old_runs(runs)
        offer_unfinished(session, runs)
        if not paths or window.files.open_paths(paths):
            session.train(then=session.playback.play)

    window.views_built.connect(prepare)
    return window


def remove_old_runs(folder: Path) -> None:
    """Keep the latest runs only, and those that another window is at."""
    for run in kept_runs(folder)[:-RUNS_KEPT]:
        remove_free(run)


def offer_unfinished(session: Session, folder: Path) -> None:
    """If the latest run was cut short, even by a crash, offer it; asked before the next run begins in the same folder."""
    latest = [place for place in kept_runs(folder) if is_free(place)][-1:]

    def work() -> Iterator[tuple[str, Path]]:
        for place in latest:
            with contextlib.suppress(LandscapeError):  # a record too damaged to be read is not offered
                run = Run.load(place)
                if run.unfinished:
                    done = float(run.figure("epoch")[-1])
                    epochs = f"{done:,.{1 if done >= 1 else 2}f} of {run.setup.descent.epochs:g} epochs"
                    yield (
                        f"The last run was cut short after {epochs}; its {run.frames} frames up to there are kept.",
                        place,
                    )
                run.close()

    session.lanes.start("offer", "", work, lambda batch: session.run_offered.emit(*batch[-1]))


def _show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    text = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(text)
    if QApplication.activeModalWidget() is not None:  # one at a time: the rest is on stderr
        return
    box = QMessageBox(
        QMessageBox.Icon.Critical, "Landscape", "Something went wrong inside the program. Your run is kept."
    )
    box.setDetailedText(text)
    box.exec()
