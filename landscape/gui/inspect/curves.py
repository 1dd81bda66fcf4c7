"""Curves over time, tied to the cursor: the figures of every start."""

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.drawing.lines import Line, Lines
from landscape.gui.drawing.loss_axis import LossAxis
from landscape.gui.session import Session
from landscape.gui.theme import Theme

# More points than pixels are averaged to about so many.
BATCH_POINTS = 400


@dataclass(frozen=True)
class Quantity:
    """What a plot shows of a run: recorded figures as a solid and, perhaps, a dashed line."""

    title: str
    solid: str
    dashed: str | None
    logarithmic: bool


LOSS = Quantity("training loss (dashed: validation)", "loss", "validation_loss", True)
ACCURACY = Quantity("validation accuracy (dashed: training)", "validation_accuracy", "accuracy", False)


class CurvePlot(pg.PlotWidget):
    """One quantity of every start over the steps; its cursor can be dragged."""

    step_requested = pyqtSignal(int)

    def __init__(self, quantity: Quantity) -> None:
        self._axis = LossAxis("left", quantity.logarithmic)
        super().__init__(axisItems={"left": self._axis})
        self.quantity = quantity
        self.setAccessibleName(quantity.title)
        self.setWhatsThis(
            f"{quantity.title.capitalize()} of every start over the gradient steps; drag the dashed cursor through time"
        )
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.disableAutoRange()
        plot.getAxis("left").setWidth(44)
        plot.showGrid(x=False, y=True, alpha=0.15)
        self.cursor_line = pg.InfiniteLine(movable=True)
        self.cursor_line.setZValue(50)
        self.cursor_line.sigDragged.connect(lambda line: self.step_requested.emit(round(line.value())))
        plot.addItem(self.cursor_line)
        self.batch, self.lines = Lines(), Lines()
        for depth, item in enumerate((self.batch, self.lines)):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        # Drawn once, then copied while the cursor moves over them.
        for item in (self.batch, self.lines, self._axis, plot.getAxis("bottom")):
            item.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes, title and background."""
        self.setBackground(theme.canvas)
        self.getPlotItem().setTitle(self.quantity.title, color=theme.text, size="9pt")
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).setPen(theme.faint)
            self.getPlotItem().getAxis(side).setTextPen(theme.text)
        self.cursor_line.setPen(pg.mkPen(theme.text, width=1.3, style=Qt.PenStyle.DashLine))
        self.cursor_line.setHoverPen(pg.mkPen(theme.accent, width=3))

    def show_figures(self, steps: NDArray, solid: NDArray, dashed: NDArray, colours: list, end: int) -> None:
        """Lines of all starts: figures (F, K) over steps (F,); the axis reaches to step `end`."""
        if self.quantity.logarithmic:
            solid, dashed = _log(solid), _log(dashed)
        lines = []
        for values, dashes, width in ((dashed, True, 1), (solid, False, 2)):
            lines += [
                Line(pg.mkPen(colour, width=width), np.column_stack([steps[: len(values)], column]), dashes)
                for colour, column in zip(colours, values.T, strict=True)
            ]
        self.lines.show_lines(lines)
        self.setXRange(0, max(end, 1), padding=0.01)
        self._fit(np.concatenate([solid, dashed]))

    def show_batch_losses(self, losses: NDArray, colour: str) -> None:
        """The mini-batch losses (steps,) of one start, faint behind the lines."""
        group = max(1, len(losses) // BATCH_POINTS)
        means = np.asarray(losses[: len(losses) // group * group]).reshape(-1, group).mean(axis=1)
        faint = pg.mkColor(colour)
        faint.setAlpha(90)
        steps = (np.arange(len(means)) + 0.5) * group
        self.batch.show_lines([Line(pg.mkPen(faint, width=1), np.column_stack([steps, _log(means)]))])

    def _fit(self, values: NDArray) -> None:
        """The range that holds the values, rounded outwards: an axis that moves a little every time is drawn every time."""
        values = values[np.isfinite(values)]
        if not len(values):
            return
        low, high = float(values.min()), float(values.max())
        grid = 0.2 if self.quantity.logarithmic else 0.1
        self.setYRange(math.floor(low / grid - 0.2) * grid, math.ceil(high / grid + 0.2) * grid, padding=0)


class CurvesView(QWidget):
    """Loss above (log scale), accuracy below; dragging a cursor moves through time."""

    step_requested = pyqtSignal(int)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        # Two widgets, so that their painting is two events and the window can breathe between them.
        self.loss, self.accuracy = CurvePlot(LOSS), CurvePlot(ACCURACY)
        self.plots = (self.loss, self.accuracy)
        for plot in self.plots:
            plot.step_requested.connect(self.step_requested)
            layout.addWidget(plot, 1)
        self.accuracy.getPlotItem().setLabel("bottom", "gradient step")
        self.set_theme(theme)
        for changed in (session.run_started, session.run_extended, session.selection_changed):
            changed.connect(session.turns.soon(self.show_curves))
        session.playback.frame_changed.connect(self.show_cursor)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self._theme = theme
        for plot in self.plots:
            plot.set_theme(theme)
        self.show_curves()

    def show_curves(self) -> None:
        """The figures recorded so far."""
        run = self._session.run
        if run is None:
            return
        frames = run.frames  # taken once: the run may grow while it is read
        steps = run.figure("step")[:frames]
        colours = [self._colour(start) for start in range(run.K)]
        planned = round(run.setup.descent.epochs * run.steps_per_epoch)
        end = max(run.last_step, planned if self._session.training or self._session.unfinished else 0)
        for plot in self.plots:
            solid = run.figure(plot.quantity.solid)[:frames]
            dashed = run.figure(plot.quantity.dashed)[:frames] if plot.quantity.dashed else solid[:0]
            plot.show_figures(steps, solid, dashed, colours, end)
        selected = self._session.selected
        self.loss.show_batch_losses(run.batch_losses[:, selected], colours[selected])

    def _colour(self, start: int) -> str:
        colour = pg.mkColor(start_colour(start))
        return (colour.darker(150) if self._theme.name == "light" else colour).name()

    def show_cursor(self, step: int) -> None:
        """Move the cursors without asking for a step."""
        for plot in self.plots:
            plot.cursor_line.setValue(step)


def _log(losses: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
