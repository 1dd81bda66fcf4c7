"""Arrows on the map: three ways down from the selected start."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from landscape.gui.drawing.arrow_legend import LOOKS, ArrowLegend, Look
from landscape.gui.drawing.lines import Overlay
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.step_arrows import NAMES, DrawnArrows

LONGEST = 150.0  # pixels of the longest arrow
CORNER = 16  # pixels between the corner of a map and a card
HEAD, HALF_HEAD = 11.0, 5.0
RIM = QColor(10, 12, 16, 200)
LOW = 320  # pixels: on a lower map the whole legend would hide the landscape


class ArrowItem(Overlay):
    """Draws arrows from one point of the plane: `ways` (n, 2) in its coordinates, in order, each as its look says."""

    def __init__(self) -> None:
        super().__init__()
        self.base: NDArray = np.zeros(2)
        self.ways: NDArray = np.empty((0, 2))
        self._looks: Sequence[Look] = ()

    def show_arrows(self, base: NDArray, ways: NDArray, looks: Sequence[Look]) -> None:
        """Draw these in place of those before; the later ones lie on top."""
        self.base, self.ways, self._looks = np.asarray(base), np.asarray(ways).reshape(-1, 2), looks
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Each on a dark rim, in pixels."""
        transform = painter.worldTransform()
        tail = transform.map(QPointF(*self.base.tolist()))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for way, look in zip(self.ways.tolist(), self._looks, strict=True):
            tip = transform.map(QPointF(self.base[0] + way[0], self.base[1] + way[1]))
            _paint_arrow(painter, tail, tip, look)
        painter.restore()


def _paint_arrow(painter: QPainter, tail: QPointF, tip: QPointF, look: Look) -> None:
    along = np.array([tip.x() - tail.x(), tip.y() - tail.y()])
    length = float(np.hypot(*along))
    if not 2.0 < length < 1e5:
        return
    along /= length
    size = min(1.0, length / (2 * HEAD)) * (1.0 + 0.1 * look.width)
    neck = tip - QPointF(*(along * HEAD * size))
    side = QPointF(-along[1], along[0]) * (HALF_HEAD * size)
    head = QPolygonF([tip, neck + side, neck - side])
    for colour, wider in ((RIM, 2.5), (QColor(look.colour), 0.0)):
        pen = QPen(colour, look.width + wider, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if look.dashed:
            pen.setDashPattern([8 / pen.widthF(), 5 / pen.widthF()])
        painter.setPen(pen)
        painter.drawLine(tail, neck)
        painter.setPen(QPen(colour, wider, join=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(colour)
        painter.drawPolygon(head)


def card_corner(plot: pg.PlotWidget) -> QPoint:
    """Where cards hang on a map: in its corner, clear of the numbers of its axis however large they are."""
    return QPoint(round(plot.getAxis("left").width()) + CORNER, CORNER)


class MapArrows(QObject):
    """Keeps arrows and legend of a map true to the session; the legend hangs in the corner, under `card` if that is there."""

    def __init__(self, session: Session, view: QWidget, plot: pg.PlotWidget, card: QWidget) -> None:
        super().__init__(view)
        self._session = session
        self._view, self._card_shown = view, False
        self._box = plot.getViewBox()
        self.item = ArrowItem()
        self.item.setZValue(55)  # over the paths, under the points
        plot.addItem(self.item, ignoreBounds=True)

        def place() -> QPoint:
            corner = card_corner(plot)
            return QPoint(corner.x(), card.geometry().bottom() + 6 if self._card_shown else corner.y())

        self.legend = ArrowLegend(session, view, place)
        card.installEventFilter(self)
        session.arrows.changed.connect(self.show_arrows)
        self._box.sigRangeChanged.connect(lambda *_: self.show_arrows())

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The card has come, grown or gone: the legend hangs under it, or in its corner again."""
        kind = event.type() if event is not None else None
        if kind in (QEvent.Type.Show, QEvent.Type.Hide):
            self._card_shown = kind == QEvent.Type.Show
            self.show_arrows()
        elif kind in (QEvent.Type.Move, QEvent.Type.Resize):
            self.legend.hang()
        return False

    def set_theme(self, theme: Theme) -> None:
        """Colour the legend."""
        self.legend.set_theme(theme)

    def show_arrows(self) -> None:
        """Draw the arrows of the shown moment; while they are worked out there are none, and the legend is faint."""
        drawn, moment = self._session.arrows.current, self._session.moment
        self.legend.crowded = self._card_shown or self._view.height() < LOW
        if drawn is None or moment is None:
            self.item.show_arrows(np.zeros(2), np.empty((0, 2)), ())
            self.legend.tell(None)
            return
        enlarged = self._enlargement(drawn)
        names = [name for name in LOOKS if name != "step" or drawn.made]
        ways = np.stack([drawn.shadows[NAMES.index(name)] for name in names]) * enlarged
        self.item.show_arrows(moment.shadows[drawn.start], ways, [LOOKS[name] for name in names])
        self.legend.tell(enlarged)

    def _enlargement(self, drawn: DrawnArrows) -> float:
        """By how much the arrows are longer on the map than the vectors are."""
        pixels = drawn.shadows / np.array(self._box.viewPixelSize())
        longest = float(np.linalg.norm(pixels, axis=1).max())
        return LONGEST / longest if np.isfinite(longest) and longest > 0 else 0.0
