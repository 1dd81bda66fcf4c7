"""The page of figures: the mini-batch's surface, the curves, and where each start stands."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QSplitter, QWidget

from landscape.gui.inspect.batch import BatchView
from landscape.gui.inspect.curves import CurvesView
from landscape.gui.inspect.points import PointsTable
from landscape.gui.inspect.rival_curves import RivalCurves
from landscape.gui.session import Session
from landscape.gui.theme import Theme


class Figures(QSplitter):
    """One above the other; the borders between them can be dragged."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.batch = BatchView(session, theme)
        self.curves = CurvesView(session, theme)
        self.rival = RivalCurves(session, self.curves, theme)
        self.points = PointsTable(session)
        for part in (self.batch, self.curves, self.points):
            self.addWidget(part)
        self.setSizes([240, 480, 200])
        self.curves.step_requested.connect(session.playback.seek)
        self.points.start_requested.connect(session.select)

    def set_theme(self, theme: Theme) -> None:
        """Colour the plots."""
        self.batch.set_theme(theme)
        self.curves.set_theme(theme)
        self.rival.set_theme(theme)
