"""The straight way between two models: loss and accuracy, and the barrier falling while neurons are matched one by one."""

from collections.abc import Sequence

import pyqtgraph as pg
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QHideEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from landscape.comparison import Fall, Pair, barrier_sentence
from landscape.comparison.line import Line
from landscape.export.comparison_figure import AS_THEY_ARE, MATCHED, line_range
from landscape.gui.contest import LETTERS
from landscape.gui.drawing.strokes import pen_width
from landscape.gui.icons import icon
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.gui.wheel import leave_wheel_to_page

MOMENT_MS = 110
PLOT_HEIGHT = 150
SETS = ("train", "test")  # solid and dashed


class WayPlot(pg.PlotWidget):
    """One quantity along the line: as the models are, and with neurons matched; training solid, test dashed."""

    def __init__(self, quantity: str) -> None:
        super().__init__()
        self.quantity = quantity
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        leave_wheel_to_page(self)
        self.setFixedHeight(PLOT_HEIGHT)
        self.setXRange(0, 1, padding=0.02)
        self.getAxis("left").setWidth(44)
        for side in ("left", "bottom"):
            self.getAxis(side).enableAutoSIPrefix(False)
        self.setAccessibleName(f"{quantity} on the straight line between two models")
        self.setToolTip(
            f"The {quantity} of networks on the straight line θ = (1 − t) θ_A + t θ_B from one model to the other"
        )
        self.curves = {}
        for state, colour, width in (("before", AS_THEY_ARE, 1.6), ("after", MATCHED, 2.2)):
            for which, style in zip(SETS, (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)):
                pen = pg.mkPen(colour, width=pen_width(width, self), style=style)
                self.curves[state, which] = self.plot([], [], pen=pen)

    def set_theme(self, theme: Theme) -> None:
        """Colour axes, title and background."""
        self.setBackground(theme.canvas)
        self.getPlotItem().setTitle(f"{self.quantity} from one to the other", color=theme.text, size="9pt")
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(theme.faint)
            self.getAxis(side).setTextPen(theme.text)

    def name_ends(self, a: str, b: str) -> None:
        """Which model stands at either end."""
        self.getAxis("bottom").setTicks([[(0, a), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1, b)]])

    def show_lines(self, state: str, lines: dict[str, Line]) -> None:
        """Draw the lines of a state ("before" or "after" matching)."""
        for which in SETS:
            line = lines.get(which)
            self.curves[state, which].setData(*(([], []) if line is None else (line.t, getattr(line, self.quantity))))

    def fit(self, lines: Sequence[Line]) -> None:
        """A range that holds all these lines, at any moment of the fall."""
        if lines:
            self.setYRange(*line_range(lines, self.quantity), padding=0)


class Way(QWidget):
    """Sentence, plots, and the slider over the moments of the falling barrier."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._contest = session, session.contest
        self.pair: Pair | None = None
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("The barrier between the two models")
        self.key = QLabel(
            f"<span style='color:{AS_THEY_ARE}'>━</span> as they are &nbsp; <span style='color:{MATCHED}'>━</span> "
            "neurons matched &nbsp; ┅ test digits"
        )
        self.key.setObjectName("faint")
        self.plots = WayPlot("loss"), WayPlot("accuracy")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.sentence, *self.plots, self.key):
            column.addWidget(part)
        column.addLayout(self._build_player())
        self._contest.fallen.connect(session.turns.soon(self._show_falls))
        self._timer = QTimer(self)
        self._timer.setInterval(MOMENT_MS)
        self._timer.timeout.connect(self._next)
        self.set_theme(theme)

    def _build_player(self) -> QHBoxLayout:
        self.play = QToolButton()
        self.play.setAccessibleName("Watch the barrier fall")
        self.play.setToolTip(
            "Watch the barrier fall: B's hidden neurons change places one after another until they match A's; "
            "what B computes stays the same all the while"
        )
        self.play.clicked.connect(self._toggle)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Neurons matched so far")
        self.slider.setToolTip("How many of B's hidden neurons stand in the places where they match A's")
        self.slider.setEnabled(False)
        self.slider.valueChanged.connect(self._show_moment)
        self.moment = QLabel()
        self.moment.setToolTip("Exchanges of neurons so far, and the barrier in loss over the training digits")
        row = QHBoxLayout()
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self.moment)
        return row

    def set_theme(self, theme: Theme) -> None:
        """Colour plots and icons."""
        self._theme = theme
        for plot in self.plots:
            plot.set_theme(theme)
        self._draw_icon()

    @property
    def theme_name(self) -> str:
        """Dark or light, for what is exported."""
        return self._theme.name

    def show_pair(self, pair: Pair | None) -> None:
        """Show the lines of a pair as far as they are evaluated."""
        other = pair is None or self.pair is None or (pair.a, pair.b) != (self.pair.a, self.pair.b)
        self.pair = pair
        if other:
            self._stop()
            self.slider.setRange(0, 0)
            self.slider.setEnabled(False)
            self.moment.setText("")
        drawn = pair is not None and not pair.no_line and bool(pair.before)
        for part in (*self.plots, self.key, self.play, self.slider, self.moment):
            part.setVisible(drawn)
        self.sentence.setVisible(pair is not None)
        if pair is None:
            return
        said = [barrier_sentence(pair, LETTERS, which) for which in SETS][: 1 if pair.no_line else 2]
        self.sentence.setText("<br>".join(filter(None, said)))
        for plot in self.plots:
            plot.name_ends(LETTERS[pair.a], LETTERS[pair.b])
            plot.show_lines("before", pair.before)
            plot.show_lines("after", pair.after)
            plot.fit([*pair.before.values(), *pair.after.values()])
        self._show_falls()

    @property
    def falls(self) -> tuple[Fall, ...]:
        """The known moments of this pair's falling barrier."""
        return self._contest.falls.get((self.pair.a, self.pair.b), ()) if self.pair is not None else ()

    def _show_falls(self) -> None:
        falls = self.falls
        if not falls:
            return
        self.slider.setEnabled(True)
        last = falls[-1]
        if self.slider.maximum() != len(falls) - 1:
            self.slider.setMaximum(len(falls) - 1)
            for plot in self.plots:
                plot.fit([line for fall in falls for line in fall.lines.values()])
        if last.done == 1 and len(falls) == 1:
            self.moment.setText("all match already")
            self._stop()

    def _toggle(self) -> None:
        if self._timer.isActive():
            self._stop()
            return
        if self.pair is None:
            return
        self._contest.let_fall(self.pair.a, self.pair.b)
        if self.slider.value() >= self.slider.maximum():
            self.slider.setValue(0)
            self._show_moment(0)
        self._timer.start()
        self._draw_icon()

    def _stop(self) -> None:
        self._timer.stop()
        self._draw_icon()

    def _next(self) -> None:
        falls = self.falls
        if self.slider.value() + 1 < len(falls):
            self.slider.setValue(self.slider.value() + 1)
        elif self._contest.falling is None:  # all moments are known, or somebody stopped it
            self._stop()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Nothing plays unseen."""
        self._stop()
        super().hideEvent(event)

    def _show_moment(self, place: int) -> None:
        falls = self.falls
        if place >= len(falls):
            return
        fall = falls[place]
        for plot in self.plots:
            plot.show_lines("after", dict(fall.lines))
        self.moment.setText(f"{fall.moves} of {fall.all_moves} · barrier {fall.lines['train'].barrier:.3g}")

    def _draw_icon(self) -> None:
        self.play.setIcon(icon("pause" if self._timer.isActive() else "play", self._theme.text))
