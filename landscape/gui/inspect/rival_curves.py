"""An earlier run's curves behind those of the shown one: grey, so that colours go on meaning starts."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from landscape.gui.drawing.lines import Line, Lines
from landscape.gui.inspect.curves import CurvesView
from landscape.gui.session import Session
from landscape.gui.theme import Theme

STRENGTH = 0.5


class RivalCurves:
    """Draws the session's rival on the plots of curves, each its own quantity; plots may join when they are first shown."""

    def __init__(self, session: Session, curves: CurvesView, theme: Theme) -> None:
        self._session, self._curves = session, curves
        self.lines: dict[str, Lines] = {}
        self.set_theme(theme)
        session.rival.changed.connect(session.turns.soon(self.show))
        for button in curves.buttons.values():
            button.toggled.connect(session.turns.soon(self.show))

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of writing, fainter."""
        colour = pg.mkColor(theme.text)
        colour.setAlphaF(STRENGTH)
        self._pen = pg.mkPen(colour, width=1.5)
        self.show()

    def show(self) -> None:
        """Draw its figures over its own steps, or nothing."""
        run = self._session.rival.run
        for name, plot in self._curves.plots.items():
            if name not in self.lines:
                self.lines[name] = Lines()
                self.lines[name].setZValue(-1)
                plot.getPlotItem().addItem(self.lines[name], ignoreBounds=True)
            if run is None:
                self.lines[name].show_lines([])
                plot.make_room(None)
                continue
            figures = run.figure(plot.quantity.solid).reshape(run.frames, -1)
            values = _log(figures) if plot.quantity.logarithmic else figures
            self.lines[name].show_lines([Line(self._pen, np.column_stack([run.steps, column])) for column in values.T])
            plot.make_room(values)


def _log(losses: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
