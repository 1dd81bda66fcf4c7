"""The run along one straight line: choose the line, see loss and accuracy on it, read the barrier, take it along."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landscape.export.picture import ENDINGS
from landscape.gui.commands.place import ask_for_place
from landscape.gui.gallery.line_plot import LinePlot
from landscape.gui.session import Session
from landscape.gui.theme import DARK, LIGHT
from landscape.lab.profile import Profile, profiling
from landscape.run.chosen_line import LINES, ChosenLine, line_across, line_between, line_down
from landscape.run.run import Run

LANE = "line"
KINDS = {
    "Picture…": ("line.png", f"Pictures ({' '.join(f'*{ending}' for ending in ENDINGS)})"),
    "Table…": ("line.csv", "Tables (*.csv)"),
}


class AlongLine(QDialog):
    """Has the chosen line evaluated beside the window, and again when what it is about has changed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.found: Profile | None = None
        self._folder = ""
        self.setWindowTitle("Along a line")
        self.resize(640, 680)
        column = QVBoxLayout(self)
        column.addLayout(self._build_choice())
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("What stands on the line")
        column.addWidget(self.words)
        self.plots = LinePlot("loss"), LinePlot("accuracy")
        for plot, share in zip(self.plots, (3, 2), strict=True):
            column.addWidget(plot, share)
        self._take_theme()
        soon = session.turns.soon
        for changed in (session.selection_changed, session.run_ended):
            changed.connect(soon(self._draw_again))
        session.plane_changed.connect(soon(self._follow_map))
        session.subjects.changed.connect(soon(self._follow_subject))
        session.heights.changed.connect(soon(self._show))
        session.lanes.failed.connect(self._tell_failure)
        session.run_started.connect(self.close)

    def _build_choice(self) -> QHBoxLayout:
        self.line, self.other = QComboBox(), QComboBox()
        for name, words in LINES.items():
            self.line.addItem(f"{words[0].upper()}{words[1:]}", name)
        self.line.setCurrentIndex(list(LINES).index("start_best"))
        self.other.setAccessibleName("The other start")
        self.other.setToolTip("The start at whose end the line arrives")
        self.line.setAccessibleName("Line")
        self.line.setToolTip("Which straight line through parameter space: from model A (t = 0) to model B (t = 1)")
        self.line.setMinimumContentsLength(20)
        for box in (self.line, self.other):
            box.activated.connect(lambda _: self.draw())
        self.export_button = QPushButton("Export ▾")
        self.export_button.setAccessibleName("Export")
        self.export_button.setToolTip("The line as a picture or as a table")
        menu = QMenu(self)
        for words, work in (("Picture…", self._picture), ("Table…", self._table)):
            action = menu.addAction(words)
            assert action is not None
            action.triggered.connect(partial(self.export, words, work))
        self.export_button.setMenu(menu)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.other)
        row.addWidget(self.export_button)
        return row

    def open(self) -> None:
        """Show the page and draw the line as things stand now."""
        if self._session.run is None:
            return
        self.show()
        self.raise_()
        self.draw()

    def draw(self) -> None:
        """Have the chosen line evaluated."""
        run = self._session.run
        if run is None:
            return
        self._list_others(run)
        self.found = None
        self._show()
        build = self._builder(run)
        if build is None:
            self._session.lanes.cancel(LANE)
            self.words.setText("This run has one start only: begin with two or more, or choose another line.")
            return
        self.words.setText("Working the line out …")
        self._session.lanes.start(LANE, "drawing along a line", partial(_profiling, run, build), self._take, self._tell)

    def _draw_again(self) -> None:
        if self.isVisible():
            self.draw()

    def _follow_map(self) -> None:
        if self.line.currentData() in ("u", "v"):
            self._draw_again()

    def _follow_subject(self) -> None:
        """Another model is shown; while time runs, it is not chased."""
        if self.line.currentData() == "gradient" and not self._session.playback.playing:
            self._draw_again()

    def _list_others(self, run: Run) -> None:
        """Every start but the selected one, the one chosen before still chosen."""
        before, selected = self.other.currentData(), self._session.selected
        self.other.setVisible(self.line.currentData() == "ends" and run.K > 1)
        self.other.clear()
        for start, info in enumerate(run.starts):
            if start != selected:
                self.other.addItem(info.name, start)
        self.other.setCurrentIndex(max(0, self.other.findData(before)))

    def _builder(self, run: Run) -> Callable[[], ChosenLine] | None:
        """What makes the chosen line, to be called beside the window; None where there is no such line."""
        session, chosen = self._session, self.line.currentData()
        begin = f"start:{session.selected}"
        if chosen in ("start_end", "start_best"):
            return partial(line_between, run, begin, f"end:{session.selected}" if chosen == "start_end" else "best")
        if chosen == "ends":
            other = self.other.currentData()
            return None if other is None else partial(line_between, run, f"end:{session.selected}", f"end:{other}")
        subject, portrait = session.subjects.current, session.portrait
        if chosen == "gradient" and subject is not None:
            return partial(line_down, run, subject.theta, subject.words, subject.start)
        if chosen in ("u", "v") and portrait is not None:
            return partial(line_across, portrait.plane, session.picture.extent_shown(), "uv".index(chosen))
        return partial(line_between, run, begin, "best")  # nothing is drawn yet: the line that always is there

    def _take(self, batch: list[Profile]) -> None:
        self.found = batch[-1]
        self._show()

    def _tell(self) -> None:
        if self.found is not None:
            self.words.setText("\n".join(self.found.sentences))

    def _tell_failure(self, lane: str, error: Exception) -> None:
        if lane == LANE:
            self.words.setText(f"No line: {error}.")

    def _show(self) -> None:
        logarithmic = self._session.heights.scale == "log"
        for plot in self.plots:
            plot.show_profile(self.found, logarithmic)
        self.export_button.setEnabled(self.found is not None and self.found.done == 1)

    # --- the way out --------------------------------------------------------------------------------------------------

    def export(self, words: str, work: Any, _checked: bool = False) -> None:
        """Ask for a place and write what the words say."""
        found, run = self.found, self._session.run
        if found is None or run is None:
            return
        name, kinds = KINDS[words]
        asked = ask_for_place(self._session, self, words.removesuffix("…"), Path(self._folder) / name, kinds)
        if asked is None:
            return
        path, _ = asked
        self._folder = str(path.parent)
        task = partial(work, run, found, path)
        self._session.outbox.write("export", f"exporting {path.name}", task, path, f"Exported {path.name}")

    def _picture(self, run: Run, found: Profile, path: Path) -> Iterator[Path]:
        from landscape.export.line_figure import write_line

        yield write_line(run, found, path, style=self._theme.name, scale=self._session.heights.scale)

    def _table(self, run: Run, found: Profile, path: Path) -> Iterator[Path]:
        from landscape.export.line_figure import write_line_table

        yield write_line_table(run, found, path)

    # --- the window's doings ------------------------------------------------------------------------------------------

    def _take_theme(self) -> None:
        dark = QApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128
        self._theme = DARK if dark else LIGHT
        for plot in self.plots:
            plot.set_theme(self._theme)
        self._show()

    def changeEvent(self, event: QEvent | None) -> None:
        """Another theme: the plots have colours of their own."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and hasattr(self, "plots"):
            self._take_theme()

    def closeEvent(self, event: object) -> None:
        """Nothing is drawn for a page that is not seen."""
        self._session.lanes.cancel(LANE)
        super().closeEvent(event)  # type: ignore[arg-type]


def _profiling(run: Run, build: Callable[[], ChosenLine]) -> Iterator[Profile]:
    yield from profiling(run, build())
