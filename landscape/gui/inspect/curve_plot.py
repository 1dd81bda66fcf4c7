"""One plot of figures over the steps of a run, tied to the cursor."""

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt, pyqtSignal

from landscape.gui.drawing.lines import Line, Lines
from landscape.gui.drawing.loss_axis import LossAxis
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.theme import Theme

# More points than pixels are averaged to about so many.
BATCH_POINTS = 400
UNNAMED_HEIGHT = 6  # pixels of an axis without numbers
DESCENT = 4  # pixels under an axis' name, which pyqtgraph lets stand out of the plot


@dataclass(frozen=True)
class Quantity:
    """What a plot shows of a run: recorded figures as a solid and, perhaps, a dashed line; `name` it has on a button.

    Its axis is rounded outwards to whole multiples of `grid` (on a logarithmic axis in powers of ten); without a grid it
    begins at zero and is rounded by the size of the values.
    """

    name: str
    title: str
    tip: str
    solid: str
    dashed: str | None = None
    logarithmic: bool = True
    grid: float | None = 0.2


LOSS = Quantity(
    "loss",
    "training loss (dashed: validation)",
    "The loss L of every start, over the measured training digits and (dashed) the validation digits",
    "loss",
    "validation_loss",
)
ACCURACY = Quantity(
    "accuracy",
    "validation accuracy (dashed: training)",
    "The share of digits that every start tells rightly; with two classes also the bar of pixel similarity",
    "validation_accuracy",
    "accuracy",
    logarithmic=False,
    grid=0.1,
)
RATE = Quantity(
    "rate η",
    "learning rate η",
    "The learning rate η of each step, as the schedule says",
    "learning_rate",
    logarithmic=False,
    grid=None,
)
GRADIENT = Quantity(
    "gradient",
    "length of the mini-batch’s gradient, ‖g‖",
    "The length ‖g‖ of every start's mini-batch gradient at the recorded steps",
    "gradient_norm",
)
UPDATE = Quantity(
    "update",
    "update ratio ‖change‖ / ‖θ‖",
    "How long every start's step is beside its parameters, ‖change‖ / ‖θ‖; about 0.001 is a good guide (CS231n)",
    "update_ratio",
)
QUANTITIES = (LOSS, ACCURACY, RATE, GRADIENT, UPDATE)


class CurvePlot(pg.PlotWidget):
    """One quantity of every start over the steps; its cursor can be dragged."""

    step_requested = pyqtSignal(int)

    def __init__(self, quantity: Quantity) -> None:
        self._axis = LossAxis("left", quantity.logarithmic)
        super().__init__(axisItems={"left": self._axis})
        self.quantity = quantity
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.disableAutoRange()
        plot.getAxis("left").setWidth(44)
        plot.getAxis("bottom").enableAutoSIPrefix(False)
        plot.layout.setContentsMargins(1, 1, 1, DESCENT)
        plot.showGrid(x=False, y=True, alpha=0.15)
        self.cursor_line = pg.InfiniteLine(movable=True)
        self.cursor_line.setZValue(50)
        self.cursor_line.sigDragged.connect(lambda line: self.step_requested.emit(round(line.value())))
        plot.addItem(self.cursor_line)
        self.guide = pg.InfiniteLine(angle=0, label="", labelOpts={"position": 0.98, "anchors": [(1, 0), (1, 0)]})
        self.guide.hide()
        self._guide: float | None = None
        self._values: NDArray = np.empty(0)  # what the lines show, as placed on the axis
        self._beside: tuple[float, float] | None = None  # the least and the greatest value of what is drawn behind them
        plot.addItem(self.guide, ignoreBounds=True)
        self.setToolTip(quantity.tip)
        self.setAccessibleName(quantity.title)
        self.setWhatsThis(
            f"{quantity.title.capitalize()} of every start over the gradient steps; drag the dashed cursor through time"
        )
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
        self.cursor_line.setPen(pg.mkPen(theme.text, width=pen_width(1.3, self), style=Qt.PenStyle.DashLine))
        self.cursor_line.setHoverPen(pg.mkPen(theme.accent, width=pen_width(3, self)))
        self.guide.setPen(pg.mkPen(theme.text, width=pen_width(1.2, self), style=Qt.PenStyle.DotLine))
        self.guide.label.setColor(theme.text)

    def name_steps(self, named: bool) -> None:
        """Whether the axis of steps has numbers and its name: of plots under each other only the last."""
        self.getPlotItem().setLabel("bottom", "gradient step")
        axis = self.getPlotItem().getAxis("bottom")
        axis.showLabel(named)
        axis.setStyle(showValues=named)
        axis.setHeight(None if named else UNNAMED_HEIGHT)

    def show_guide(self, value: float | None, words: str) -> None:
        """A line across at a value, with its name, to compare the figures with; None takes it away."""
        self.guide.setVisible(value is not None)
        self._guide = None
        if value is not None:
            self._guide = math.log10(value) if self.quantity.logarithmic else value
            self.guide.setValue(self._guide)
            self.guide.label.setFormat(words)

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
        self._values = np.concatenate([solid, dashed])
        self._fit()

    def make_room(self, values: NDArray | None) -> None:
        """The axis holds these, too, which somebody else draws, as they are placed on it; None: no longer."""
        known = values[np.isfinite(values)] if values is not None else np.empty(0)
        self._beside = (float(known.min()), float(known.max())) if len(known) else None
        self._fit()

    def show_batch_losses(self, losses: NDArray, colour: str) -> None:
        """The mini-batch losses (steps,) of one start, faint behind the lines."""
        group = max(1, len(losses) // BATCH_POINTS)
        means = np.asarray(losses[: len(losses) // group * group]).reshape(-1, group).mean(axis=1)
        faint = pg.mkColor(colour)
        faint.setAlpha(90)
        steps = (np.arange(len(means)) + 0.5) * group
        self.batch.show_lines([Line(pg.mkPen(faint, width=1), np.column_stack([steps, _log(means)]))])

    def _fit(self) -> None:
        """The range that holds the values, rounded outwards: an axis that moves a little every time is drawn every time."""
        values = self._values[np.isfinite(self._values)]
        if not len(values):
            return
        low, high = float(values.min()), float(values.max())
        if self._beside is not None:
            low, high = min(low, self._beside[0]), max(high, self._beside[1])
        if self._guide is not None:
            low, high = min(low, self._guide), max(high, self._guide)
        grid = self.quantity.grid
        if grid is None:
            grid = 10 ** math.floor(math.log10(high or 1.0)) / 2
            low = 0.2 * grid
        self.setYRange(math.floor(low / grid - 0.2) * grid, math.ceil(high / grid + 0.2) * grid, padding=0)


def _log(losses: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
