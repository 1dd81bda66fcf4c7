"""The page of weights: what one update sees and does, inside the network of the selected start."""

from functools import partial

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from landscape.gui.inspect.weights.clouds import Clouds
from landscape.gui.inspect.weights.content import Content, Wish, wish_at, working_out
from landscape.gui.inspect.weights.sheet import WeightSheet
from landscape.gui.inspect.weights.table import LayersTable
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.layer_figures import GUIDE
from landscape.run.run import CHECKPOINTS

SHOWN = {"weights": "weights", "gradient": "gradient", "change": "change in this step"}
THROUGH = "The inputs are no pixels: the pictures show what each pixel weighs through the preprocessing."
# While time runs, the page is drawn this often at most: the landscape comes first.
LEAST_MS = 80


class WeightsPage(QScrollArea):
    """Follows the time cursor and the selected start; draws when it is visible only."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.content: Content | None = None
        self._wanted = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LEAST_MS)
        self._pause.timeout.connect(self._go_on)
        self._build()
        self.set_theme(theme)
        for changed in (session.run_started, session.moment_changed, session.selection_changed):
            changed.connect(self.follow)

    def _build(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        row = QHBoxLayout()
        self.layer = self._choice("Layer", "Which layer's weights are shown as pictures and compared below")
        self.layer.activated.connect(lambda _: self.follow())
        self.shown = self._choice("Pictures show", "Weights, their gradient on the mini-batch, or their change")
        for name, words in SHOWN.items():
            self.shown.addItem(words, name)
        self.shown.activated.connect(lambda _: self._draw_pictures())
        row.addWidget(self.layer)
        row.addWidget(self.shown)
        row.addStretch(1)
        column.addLayout(row)
        self.heading, self.lesson, self.guide = (QLabel() for _ in range(3))
        self.sheet, self.clouds, self.table = WeightSheet(), Clouds(), LayersTable()
        for part in (self.heading, self.sheet, self.lesson, self.clouds, self.table, self.guide):
            column.addWidget(part)
        for label in (self.heading, self.lesson, self.guide):
            label.setWordWrap(True)
        self.guide.setObjectName("faint")
        self.parts = (self.sheet, self.clouds, self.table)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self._show_parts(False)

    def _choice(self, name: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setToolTip(tip)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def set_theme(self, theme: Theme) -> None:
        """Colour pictures and plots."""
        self.sheet.set_theme(theme)
        self.clouds.set_theme(theme)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw the moment that is shown now."""
        super().showEvent(event)
        self.follow()

    def follow(self, *_: object) -> None:
        """Time, the start or the layer has changed: work out what stands there now, one thing at a time."""
        session, run = self._session, self._session.run
        if run is None or session.moment is None or not self.isVisible():
            return
        if run.engine == CHECKPOINTS:
            self._show_parts(False)
            self.heading.setText("This run was put together from model files: the steps between them are not known.")
            return
        if run.missing:
            self._show_parts(False)
            self.heading.setText(run.missing[:1].upper() + run.missing[1:])
            return
        wish = wish_at(run, session.selected, session.moment.step, self.layer.currentData() or 1)
        shown = self.content
        if shown is not None and shown.run is run and shown.wish == wish:
            return
        if self._pause.isActive() or session.lanes.running("weights"):
            self._wanted = True
            return
        self._start(wish)

    def _start(self, wish: Wish) -> None:
        session, run = self._session, self._session.run
        assert run is not None
        self._pause.start()
        session.lanes.start("weights", "", partial(working_out, run, wish), self._show, self._go_on)

    def _go_on(self) -> None:
        if self._wanted and not self._pause.isActive() and not self._session.lanes.running("weights"):
            self._wanted = False
            self.follow()

    def _show(self, batch: list[Content]) -> None:
        content = batch[-1]
        if content.run is not self._session.run:
            self._wanted = True
            return
        if self.content is None or self.content.run is not content.run:
            self._offer_layers(content)
        self.content = content
        self._show_parts(True)
        run, update = content.run, content.update
        name = run.starts[update.start].name
        made = "" if update.made else " (not made: the descent had ended)"
        digits = f"{len(update.batch):,} digit{'s' if len(update.batch) > 1 else ''}"
        self.heading.setText(
            f"<b>Update {update.n:,}</b> of {name}{made}: mini-batch of {digits}, loss {update.loss:.3g}, "
            f"rate η {update.rate:.3g}" + (f". {THROUGH}" if content.pictures["weights"].through else "")
        )
        self._draw_pictures()
        self.clouds.show_clouds(content.against_gradient, content.against_weight, update.rate)
        self.lesson.setText(_lesson(content))
        self.table.show_figures(content.figures)
        self.guide.setText(
            f"ratio: ‖change‖ / ‖weights‖ of one step. A guide is {GUIDE:g}: far below it the rate may be too low, "
            "far above it too high."
        )

    def _offer_layers(self, content: Content) -> None:
        self.layer.clear()
        shapes = content.run.net.layer_shapes
        for layer, (n_in, n_out) in enumerate(shapes, start=1):
            self.layer.addItem(f"layer {layer}: {n_in} → {n_out}", layer)
        self.layer.setCurrentIndex(content.wish.layer - 1)

    def _draw_pictures(self) -> None:
        if self.content is not None:
            name = self.shown.currentData()
            self.sheet.show_pictures(self.content.pictures[name], name.removesuffix("s"))

    def _show_parts(self, visible: bool) -> None:
        for part in (*self.parts, self.lesson, self.guide):
            part.setVisible(visible)


def _lesson(content: Content) -> str:
    found = content.following
    still = ""
    if found.still:
        still = (
            f" {found.still:,} of {found.still + found.compared:,} weights have a gradient of exactly 0 here: their "
            "input is blank in all digits of the mini-batch, or their neuron is silent."
        )
    return f"<b>{found.lesson}</b>{still}"
