"""Curves over time, tied to the cursor: loss and accuracy of every start."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from landscape.export.style import start_colour
from landscape.gui.loss_axis import LossAxis
from landscape.gui.session import Session
from landscape.gui.theme import Theme

# A run of many steps has more mini-batch losses than pixels: they are averaged to about so many points.
BATCH_POINTS = 400


class CurvesView(QWidget):
    """Loss above (log scale), accuracy below; dragging the cursor moves through time."""

    step_requested = pyqtSignal(int)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._curves: list[dict[str, pg.PlotCurveItem]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.area = pg.GraphicsLayoutWidget()
        layout.addWidget(self.area)
        self.loss = self.area.addPlot(row=0, col=0, axisItems={"left": LossAxis("left")})
        self.accuracy = self.area.addPlot(row=1, col=0)
        self.accuracy.setXLink(self.loss)
        self.cursors = []
        for plot in (self.loss, self.accuracy):
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.setMouseEnabled(x=False, y=False)
            for side in ("left", "bottom"):
                plot.getAxis(side).setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
            cursor = pg.InfiniteLine(movable=True, pen=pg.mkPen(width=1.5, style=Qt.PenStyle.DashLine))
            cursor.setZValue(50)
            cursor.sigDragged.connect(lambda line: self.step_requested.emit(round(line.value())))
            plot.addItem(cursor)
            self.cursors.append(cursor)
        self.accuracy.setLabel("bottom", "gradient step")
        self.batch = pg.PlotCurveItem(connect="finite")
        self.batch.setZValue(-5)
        self.batch.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
        self.loss.addItem(self.batch)
        self.set_theme(theme)
        session.run_started.connect(self.show_run)
        session.run_extended.connect(self.show_curves)
        session.selection_changed.connect(lambda _: self.show_curves())
        session.playback.frame_changed.connect(self.show_cursor)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes and background."""
        self.area.setBackground(theme.canvas)
        self._theme = theme
        for plot, title in (
            (self.loss, "training loss (dashed: validation)"),
            (self.accuracy, "validation accuracy (dashed: training)"),
        ):
            plot.setTitle(title, color=theme.text, size="9pt")
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.faint)
                plot.getAxis(side).setTextPen(theme.text)
            plot.getAxis("left").setWidth(44)
            plot.showGrid(x=False, y=True, alpha=0.15)
        for cursor in self.cursors:
            cursor.setPen(pg.mkPen(theme.text, width=1.3, style=Qt.PenStyle.DashLine))
            cursor.setHoverPen(pg.mkPen(theme.accent, width=3))
        self.show_run()

    def show_run(self) -> None:
        """New starts: new curves."""
        for curves in self._curves:
            for name, curve in curves.items():
                (self.loss if "loss" in name else self.accuracy).removeItem(curve)
        self._curves = []
        run = self._session.run
        if run is None:
            return
        dashed = Qt.PenStyle.DashLine
        light = self._theme.name == "light"
        for start in range(run.K):
            colour = pg.mkColor(start_colour(start))
            colour = colour.darker(150) if light else colour
            curves = {}
            for name, style, width in (
                ("loss", Qt.PenStyle.SolidLine, 2),
                ("validation_loss", dashed, 1),
                ("validation_accuracy", Qt.PenStyle.SolidLine, 2),
                ("accuracy", dashed, 1),
            ):
                curve = pg.PlotCurveItem(
                    pen=pg.mkPen(colour, width=width, style=style), antialias=True, connect="finite"
                )
                # Drawn once, then copied while the cursor moves over it.
                curve.setCacheMode(pg.GraphicsObject.CacheMode.DeviceCoordinateCache)
                (self.loss if "loss" in name else self.accuracy).addItem(curve)
                curves[name] = curve
            self._curves.append(curves)
        self.show_curves()

    def show_curves(self) -> None:
        """The figures recorded so far."""
        run = self._session.run
        if run is None or len(self._curves) != run.K:
            return
        frames = run.frames  # taken once: the run may grow while it is read
        steps = run.figure("step")[:frames]
        for name in ("loss", "validation_loss", "accuracy", "validation_accuracy"):
            values = run.figure(name)[:frames]
            values = _log(values) if "loss" in name else values
            for start, curves in enumerate(self._curves):
                curves[name].setData(steps, values[:, start])
        self._show_batch_losses(run.batch_losses)
        end = run.last_step if not self._session.training else max(run.last_step, 1)
        self.loss.setXRange(0, max(end, 1), padding=0.01)

    def _show_batch_losses(self, losses: NDArray) -> None:
        group = max(1, len(losses) // BATCH_POINTS)
        chosen = np.asarray(losses[:, self._session.selected][: len(losses) // group * group])
        if not len(chosen):
            self.batch.setData([], [])
            return
        means = chosen.reshape(-1, group).mean(axis=1)
        colour = pg.mkColor(start_colour(self._session.selected))
        colour.setAlpha(90)
        self.batch.setData((np.arange(len(means)) + 0.5) * group, _log(means), pen=pg.mkPen(colour, width=1))

    def show_cursor(self, step: int) -> None:
        """Move the cursors without asking for a step."""
        for cursor in self.cursors:
            cursor.setValue(step)


def _log(losses: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
