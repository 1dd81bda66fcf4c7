"""Arrows on the map: three ways down from the selected start, and a legend that says what their lengths mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QPointF, Qt, QTimer
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import QLabel, QWidget

from landscape.gui.drawing.lines import Overlay
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.step_arrows import NAMES, DrawnArrows

LONGEST = 150.0  # pixels of the longest arrow
HEAD, HALF_HEAD = 11.0, 5.0
LEGEND_MS = (
    120  # while time runs, the legend (which names its step) is written anew this often: its text takes long to lay out
)
RIM = QColor(10, 12, 16, 200)


@dataclass(frozen=True)
class Look:
    """An arrow's colour, width in pixels, and whether it is dashed."""

    colour: str
    width: float
    dashed: bool = False


# The step lies under the mini-batch's arrow, which plain gradient descent follows exactly: it is wider, to be seen beside it.
LOOKS = {"step": Look("#ffffff", 6.5), "full": Look("#6fd3ff", 2.6, True), "mini-batch": Look("#ff9a3c", 2.6)}


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


class MapArrows(QObject):
    """Keeps arrows and legend of a map true to the session; the legend hangs in the corner, under `card` if that is there."""

    def __init__(self, session: Session, view: QWidget, plot: pg.PlotWidget, card: QWidget) -> None:
        super().__init__(view)
        self._session, self._view, self._card = session, view, card
        self._box = plot.getViewBox()
        self.item = ArrowItem()
        self.item.setZValue(55)  # over the paths, under the points
        plot.addItem(self.item, ignoreBounds=True)
        self.legend = QLabel(view)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.legend.setAccessibleName("What the gradient arrows mean")
        self.legend.hide()
        self._text = ""
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(LEGEND_MS)
        self._due.timeout.connect(self._write)
        session.arrows.changed.connect(self.show_arrows)
        self._box.sigRangeChanged.connect(lambda *_: self.show_arrows())

    def set_theme(self, theme: Theme) -> None:
        """Colour the legend."""
        self.legend.setStyleSheet(
            f"QLabel {{ background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line};"
            f" border-radius: 4px; padding: 4px 7px; }} QLabel:disabled {{ color: {theme.faint}; }}"
        )

    def show_arrows(self) -> None:
        """Draw the arrows of the shown moment; while they are worked out there are none, and the legend is faint."""
        session, drawn = self._session, self._session.arrows.current
        moment, run = session.moment, session.run
        self.legend.setVisible(session.arrows.shown and not session.arrows.impossible)
        known = drawn is not None and moment is not None and run is not None
        if known or not session.playback.playing:  # while time runs it would flicker
            self.legend.setEnabled(known)
        if not known or drawn is None or moment is None or run is None:
            self.item.show_arrows(np.zeros(2), np.empty((0, 2)), ())
            if not self.legend.text():
                self._say("Gradient arrows: being worked out …")
            return
        enlarged = self._enlargement(drawn)
        names = [name for name in LOOKS if name != "step" or drawn.made]
        ways = np.stack([drawn.shadows[NAMES.index(name)] for name in names]) * enlarged
        self.item.show_arrows(moment.shadows[drawn.start], ways, [LOOKS[name] for name in names])
        self._say(legend_text(drawn, run.starts[drawn.start].name, enlarged))

    def _enlargement(self, drawn: DrawnArrows) -> float:
        """By how much the arrows are longer on the map than the vectors are."""
        pixels = drawn.shadows / np.array(self._box.viewPixelSize())
        longest = float(np.linalg.norm(pixels, axis=1).max())
        return LONGEST / longest if np.isfinite(longest) and longest > 0 else 0.0

    def _say(self, text: str) -> None:
        self._text = text
        if not self._session.playback.playing or not self.legend.text():
            self._due.stop()
            self._write()
        elif not self._due.isActive():
            self._due.start()

    def _write(self) -> None:
        if self._text != self.legend.text():
            self.legend.setText(self._text)
            self.legend.adjustSize()
        top = self._card.geometry().bottom() + 6 if self._card.isVisible() else 16
        self.legend.move(68, top)


def legend_text(drawn: DrawnArrows, start: str, enlarged: float) -> str:
    """What the arrows are, how near the estimate is, and what their lengths mean (rich text)."""
    batch, full, step = (f"{_percent(share)} of it in this plane" for share in drawn.shares)
    rows = (
        ("mini-batch", f"mini-batch, {_digits(drawn.batch_digits)}: {batch}"),
        ("full", f"full gradient, {_digits(drawn.full_digits)}: {full}"),
        ("step", f"step taken: {step}" if drawn.made else "no step is taken: this descent ends here"),
    )
    lines = [f"<b>Downhill from {start}, step {drawn.step:,}</b>"]
    lines += [
        f'<span style="color:{_ink(LOOKS[name])}">{"╍" if LOOKS[name].dashed else "━"}▶</span> {words}'
        for name, words in rows
    ]
    lines.append(
        f"cosine mini-batch · full: <b>{_two(drawn.cosine)}</b> in all dimensions, {_two(drawn.cosine_seen)} here"
    )
    lengths = (
        "lengths: the step, and both gradients times one factor,<br>by which the mini-batch's is as long as the step"
        if drawn.adaptive
        else "lengths: η · gradient, and the step"
    )
    lines.append(f"{lengths}, {_times(enlarged)}")
    return "<br>".join(lines)


def _ink(look: Look) -> str:
    """A colour that is read on light and dark alike: white stands as grey."""
    return "#9aa3b0" if look.colour == "#ffffff" else look.colour


def _digits(count: int) -> str:
    return f"{count:,} digit{'s' if count != 1 else ''}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if np.isfinite(share) else "–"


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if np.isfinite(value) else "–"


def _times(enlarged: float) -> str:
    if not enlarged > 0:
        return "all zero"
    return f"enlarged {enlarged:,.3g}×" if enlarged >= 1 else f"at 1/{1 / enlarged:,.3g} of their size"
