"""Why directions are normalised, to be seen: one slider rescales the network, and only the raw surface takes notice."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from landscape.errors import SetupError
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.loss_axis import short
from landscape.gui.gallery.small_map import SmallMap
from landscape.gui.session import Session
from landscape.lab.rescaling import Rescaled, rescale, rescaling
from landscape.run.run import Run

DIGITS = 500
STEPS = 40  # of the slider to either side of 1
LARGEST = 10.0
WORDS = (
    "A ReLU passes positive factors on. So layer 1 times <b>α</b> and layer 2 over <b>α</b> give other weights and the <b>same "
    "network</b>: every output stays. Move the slider."
)


class RescalingPage(QDialog):
    """The surface around the best point, rescaled by α: along raw directions and along filter-normalised ones."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._first: Rescaled | None = None  # at α = 1: its colours are those of all others
        self._wanted = False
        self.setWindowTitle("Why directions are normalised")
        self.resize(680, 520)
        column = QVBoxLayout(self)
        words = QLabel(WORDS)
        words.setWordWrap(True)
        column.addWidget(words)
        row = QHBoxLayout()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-STEPS, STEPS)
        self.slider.setAccessibleName("Factor α")
        self.slider.setToolTip("The factor α that layer 1 is multiplied by, from 1/10 to 10")
        self.slider.valueChanged.connect(self.draw)
        self.number, one = QLabel(), QPushButton("α = 1")
        one.setToolTip("Back to the network as it was trained")
        one.clicked.connect(lambda: self.slider.setValue(0))
        self.number.setMinimumWidth(70)
        for widget in (self.number, self.slider, one):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        column.addLayout(row)
        maps = QHBoxLayout()
        self.raw, self.normalised = SmallMap(None, self), SmallMap(None, self)
        maps.addWidget(self.raw)
        maps.addWidget(self.normalised)
        column.addLayout(maps, 1)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        column.addWidget(self.verdict)
        session.run_started.connect(self.close)

    @property
    def factor(self) -> float:
        """α, from 1/LARGEST to LARGEST: equal steps of the slider are equal factors."""
        return float(LARGEST ** (self.slider.value() / STEPS))

    def open(self) -> None:
        """Show the page; where the run's network can't be rescaled, say why instead."""
        run = self._session.run
        if run is None or run.best is None:
            self._session.told.emit("Train some steps first: the page shows what surrounds the best point.")
            return
        try:
            rescale(run.net, run.best.theta, 1.0)
        except SetupError as error:
            self._session.failed.emit(str(error))
            return
        self._first = None
        self.slider.blockSignals(True)
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        self.show()
        self.draw()

    def use_colours(self, name: str) -> None:
        """The chosen map of losses to colours."""
        for small in (self.raw, self.normalised):
            small.use_colours(name)

    def draw(self, *_: object) -> None:
        """Have both surfaces evaluated at the slider's factor: now, or when the pair before has come."""
        self.number.setText(f"<b>α = {self.factor:.2f}</b>")
        run = self._session.run
        if run is None:
            return
        if self._session.lanes.running("rescaling"):
            self._wanted = True
            return
        work = partial(_around_best, run, self.factor)
        self._session.lanes.start("rescaling", "", work, self._take, self._next)

    def _next(self) -> None:
        if self._wanted:
            self._wanted = False
            self.draw()

    def _take(self, batch: list[Rescaled]) -> None:
        found = batch[-1]
        if found.done < 1:
            return
        if self._first is None:
            self._first = found
        titles = "raw random directions", "filter-normalised directions"
        pairs = zip(
            (self.raw, self.normalised),
            (found.raw, found.normalised),
            (self._first.raw, self._first.normalised),
            titles,
        )
        for small, surface, first, title in pairs:
            heights, reference = Heights.of_surface(surface, True), Heights.of_surface(first, True)
            if heights is not None and reference is not None:
                heights = replace(heights, limits=reference.limits)
                title = f"{title}: loss {' to '.join(map(short, reference.ends))}"
            small.show_heights(heights, title)
        self.verdict.setText(self._words(found, self._first))

    def _words(self, found: Rescaled, first: Rescaled) -> str:
        raw, normalised = (
            float(abs(now.loss / before.loss - 1).max())
            for now, before in ((found.raw, first.raw), (found.normalised, first.normalised))
        )
        same = (
            f"Largest change in an output: {short(found.changed)} (rounding)."
            if found.changed
            else "No output changes."
        )
        if math.isclose(found.factor, 1.0):
            return f"{same} At α = 1 both maps show the network as it was trained, with directions of one length."
        return (
            f"{same} The raw surface has changed by up to {_share(raw)}, the filter-normalised one by "
            f"{_share(normalised)}. The network is the same: what changed is the ruler. So how flat or sharp raw "
            "directions make it look says nothing by itself."
        )

    def closeEvent(self, event: object) -> None:
        """Nothing is drawn for a page that is not seen."""
        self._session.lanes.cancel("rescaling")
        self._wanted = False
        super().closeEvent(event)  # type: ignore[arg-type]


def _share(change: float) -> str:
    return f"{change:.0%}" if change >= 0.005 else "less than 1 %" if change >= 1e-4 else "nothing but rounding"


def _around_best(run: Run, factor: float) -> Iterator[Rescaled]:
    best = run.best
    assert best is not None
    X, y = run.measured()
    yield from rescaling(run.net, best.theta, X[:DIGITS], y[:DIGITS], factor)
