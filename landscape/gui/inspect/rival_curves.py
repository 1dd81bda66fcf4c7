"""An earlier run's curves behind those of the shown one: grey, so that colours go on meaning starts."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from landscape.gui.drawing.lines import Line, Lines
from landscape.gui.inspect.curves import CurvePlot
from landscape.gui.session import Session
from landscape.gui.theme import Theme

STRENGTH = 0.5


class RivalCurves:
    """Draws the session's rival on plots of curves; each shows its own quantity."""

    def __init__(self, session: Session, plots: Sequence[CurvePlot], theme: Theme) -> None:
        self._session = session
        self.lines = [(plot, Lines()) for plot in plots]
        for plot, item in self.lines:
            item.setZValue(-1)
            plot.getPlotItem().addItem(item, ignoreBounds=True)
        self.set_theme(theme)
        session.rival.changed.connect(session.turns.soon(self.show))

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of writing, fainter."""
        colour = pg.mkColor(theme.text)
        colour.setAlphaF(STRENGTH)
        self._pen = pg.mkPen(colour, width=1.5)
        self.show()

    def show(self) -> None:
        """Draw its figures over its own steps, or nothing."""
        run = self._session.rival.run
        for plot, item in self.lines:
            if run is None:
                item.show_lines([])
                continue
            figures = run.figure(plot.quantity.solid)
            values = _log(figures) if plot.quantity.logarithmic else figures
            item.show_lines([Line(self._pen, np.column_stack([run.steps, column])) for column in values.T])


def _log(losses: NDArray) -> NDArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
