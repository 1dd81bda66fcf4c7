"""Curves over time, tied to the cursor: the figures of every start, as many kinds as are chosen."""

from collections.abc import Callable, Iterator
from functools import partial

import pyqtgraph as pg
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from landscape.data import pixel_similarity
from landscape.errors import DataError
from landscape.export.style import start_colour
from landscape.gui.inspect.curve_plot import ACCURACY, LOSS, QUANTITIES, UPDATE, CurvePlot, Quantity
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.layer_figures import GUIDE
from landscape.run.run import Run


class CurvesView(QWidget):
    """A plot for every chosen quantity, one under the other; dragging a cursor moves through time."""

    step_requested = pyqtSignal(int)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._baselines: dict[tuple[str, tuple[int, ...]], float] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        # Widgets of their own, brought up to date one at a time: each is painted in an event of its own.
        self.plots: dict[str, CurvePlot] = {}
        self._turns: dict[str, Callable[..., None]] = {}  # by the names of the plots,
        self._stale: set[CurvePlot] = set()  # of which these have not yet shown what came last
        self.buttons = {quantity.name: self._button(quantity) for quantity in QUANTITIES}
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 0)
        row.setSpacing(4)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        layout.addLayout(self._column, 1)
        for name in (LOSS.name, ACCURACY.name):
            self.buttons[name].setChecked(True)
        for changed in (session.run_started, session.run_extended, session.selection_changed):
            changed.connect(self._all_stale)
        session.run_started.connect(self._find_baseline)
        session.playback.frame_changed.connect(self._ask)
        self._find_baseline()

    def _button(self, quantity: Quantity) -> QToolButton:
        button = QToolButton()
        button.setObjectName("quantity")
        button.setText(quantity.name)
        button.setToolTip(quantity.tip)
        button.setAccessibleName(f"Show {quantity.title}")
        button.setCheckable(True)
        button.toggled.connect(lambda on: self._choose(quantity, on))
        return button

    def _choose(self, quantity: Quantity, on: bool) -> None:
        """Show a quantity, or no longer; one stays."""
        if not on and not any(button.isChecked() for button in self.buttons.values()):
            self.buttons[quantity.name].setChecked(True)
            return
        if quantity.name not in self.plots:
            plot = self.plots[quantity.name] = CurvePlot(quantity)
            plot.set_theme(self._theme)
            plot.step_requested.connect(self.step_requested)
            self._turns[quantity.name] = self._session.turns.soon(partial(self._bring_up, plot), view=plot)
            if quantity is UPDATE:
                plot.show_guide(GUIDE, f"guide {GUIDE:g}")
            names = [name.name for name in QUANTITIES if name.name in self.plots]
            self._column.insertWidget(names.index(quantity.name), plot, 1)
        self.plots[quantity.name].setVisible(on)
        shown = [name for name in QUANTITIES if self.buttons[name.name].isChecked()]
        for name, plot in self.plots.items():
            plot.name_steps(name == shown[-1].name)
        self.show_curves()

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self._theme = theme
        for plot in self.plots.values():
            plot.set_theme(theme)
        self.show_curves()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw what has come meanwhile."""
        super().showEvent(event)
        self.show_curves()

    def show_curves(self) -> None:
        """The figures recorded so far, at once."""
        self._stale.update(self.plots.values())
        for plot in self._shown():
            self._bring_up(plot)

    def _all_stale(self, *_: object) -> None:
        self._stale.update(self.plots.values())
        self._ask()

    def _ask(self, *_: object) -> None:
        """Have the shown plots brought up to date one after the other."""
        for plot in self._shown():
            self._turns[plot.quantity.name]()

    def _bring_up(self, plot: CurvePlot) -> None:
        """The cursor, without asking for a step, and the figures if they have grown."""
        plot.cursor_line.setValue(self._session.playback.step)
        if plot in self._stale:
            self._stale.discard(plot)
            self._show_figures(plot)

    def _show_figures(self, plot: CurvePlot) -> None:
        run = self._session.run
        if run is None:
            return
        frames = run.frames  # taken once: the run may grow while it is read
        steps = run.figure("step")[:frames]
        colours = [self._colour(start) for start in range(run.K)]
        planned = round(run.setup.descent.epochs * run.steps_per_epoch)
        end = max(run.last_step, planned if self._session.training or self._session.unfinished else 0)
        solid = run.figure(plot.quantity.solid)[:frames]
        own = colours if solid.ndim == 2 else [self._theme.text]  # the rate is the same for all starts
        solid = solid.reshape(frames, -1)
        dashed = run.figure(plot.quantity.dashed)[:frames] if plot.quantity.dashed else solid[:0]
        plot.show_figures(steps, solid, dashed, own, end)
        if plot.quantity is LOSS:
            selected = self._session.selected
            plot.show_batch_losses(run.batch_losses[:, selected], colours[selected])

    def _shown(self) -> list[CurvePlot]:
        return [plot for name, plot in self.plots.items() if self.buttons[name].isChecked()]

    def _colour(self, start: int) -> str:
        colour = pg.mkColor(start_colour(start))
        return (colour.darker(150) if self._theme.name == "light" else colour).name()

    # --- the bar that a learnt model must beat -------------------------------------------------------------------------

    def _find_baseline(self) -> None:
        """Between two digits, what comparing pixels achieves: worked out beside the window, once for the same digits."""
        run = self._session.run
        self.show_baseline()
        if run is not None and len(run.setup.data.classes) == 2 and _digits_of(run) not in self._baselines:
            self._session.lanes.start("baseline", "", partial(_comparing_pixels, run), self._take_baseline)

    def _take_baseline(self, batch: list[tuple[tuple[str, tuple[int, ...]], float]]) -> None:
        self._baselines.update(batch)
        self.show_baseline()
        self.show_curves()

    def show_baseline(self) -> None:
        """The line in the plot of accuracy, where there is one."""
        run, plot = self._session.run, self.plots.get(ACCURACY.name)
        value = None if run is None else self._baselines.get(_digits_of(run))
        if plot is not None:
            plot.show_guide(value, "" if value is None else f"pixel similarity {value:.1%}")


def _digits_of(run: Run) -> tuple[str, tuple[int, ...]]:
    return run.setup.data.source, tuple(run.setup.data.classes)


def _comparing_pixels(run: Run) -> Iterator[tuple[tuple[str, tuple[int, ...]], float]]:
    try:
        yield _digits_of(run), float(pixel_similarity(run.digits)["mean"])
    except DataError:  # a class without test digits has no such bar
        return
