"""The page of weights: what one update sees and does inside the selected start's network; or a point's or a file's model."""

from functools import partial

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent, QStandardItemModel
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from landscape.gui.inspect.subject_bar import SubjectBar
from landscape.gui.inspect.weights.clouds import Clouds
from landscape.gui.inspect.weights.content import (
    Content,
    StandingContent,
    UpdateContent,
    Wish,
    wish_at,
    wish_of,
    working_out,
)
from landscape.gui.inspect.weights.sheet import WeightSheet
from landscape.gui.inspect.weights.table import LayersTable
from landscape.gui.inspect.weights.words import guide, heading, lesson
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.run import CHECKPOINTS
from landscape.run.standing import Standing

SHOWN = {"weights": "weights", "gradient": "gradient", "change": "change in this step"}
# While time runs, the page is drawn this often at most: the landscape comes first.
LEAST_MS = 80


class WeightsPage(QScrollArea):
    """Follows the time cursor and the selected start, or shows the fixed subject; draws when it is visible only."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.content: Content | None = None
        self._wanted = False
        self._chosen = "weights"
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LEAST_MS)
        self._pause.timeout.connect(self._go_on)
        self._build()
        self.set_theme(theme)
        for changed in (session.run_started, session.subject_changed):
            changed.connect(self.follow)

    def _build(self) -> None:
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.subject = SubjectBar(self._session)
        whole.addWidget(self.subject)
        column = QVBoxLayout()
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        whole.addLayout(column, 1)
        row = QHBoxLayout()
        self.layer = self._choice("Layer", "Which layer's weights are shown as pictures and compared below")
        self.layer.activated.connect(lambda _: self.follow())
        self.shown = self._choice("Pictures show", "Weights, their gradient, or their change in a step")
        for name, words in SHOWN.items():
            self.shown.addItem(words, name)
        self.shown.activated.connect(lambda _: self._choose())
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
        if run is None or session.moment is None or session.subject is None or not self.isVisible():
            return
        if run.missing:
            self._show_parts(False)
            self.heading.setText(run.missing[:1].upper() + run.missing[1:])
            return
        layer = self.layer.currentData() or 1
        if session.subjects.fixed or run.engine == CHECKPOINTS:
            wish = wish_of(session.subject, layer)
        else:
            wish = wish_at(run, session.selected, session.moment.step, layer)
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
        session.lanes.start("weights", "", partial(working_out, run, wish, self.content), self._show, self._go_on)

    def _go_on(self) -> None:
        if self._wanted and not self._pause.isActive() and not self._session.lanes.running("weights"):
            self._wanted = False
            self.follow()

    def _show(self, batch: list[Content | Standing]) -> None:
        content = batch[-1]
        if not isinstance(content, Content):  # a gradient over the first of many digits
            return
        if content.run is not self._session.run:
            self._wanted = True
            return
        if self.content is None or self.content.net is not content.net:
            self._offer_layers(content)
        self.content = content
        self._show_parts(True)
        self.heading.setText(heading(content))
        self._offer_quantities(content)
        self._draw_pictures()
        if isinstance(content, UpdateContent):
            self.clouds.show_clouds(content.against_gradient, content.against_weight, content.update.rate)
        elif isinstance(content, StandingContent):
            self.clouds.show_standing(content.gradient_against_weight)
        self.lesson.setText(lesson(content))
        self.table.show_figures(content.figures)
        self.guide.setText(guide(content))

    def _offer_quantities(self, content: Content) -> None:
        """What there is none of is off, with the reason; once it is there again, the choice is as before."""
        model = self.shown.model()
        assert isinstance(model, QStandardItemModel)
        for place, name in enumerate(SHOWN):
            item = model.item(place)
            assert item is not None
            there = name in content.pictures
            item.setEnabled(there)
            item.setToolTip("" if there else guide(content))
        wanted = self._chosen if self._chosen in content.pictures else "weights"
        self.shown.setCurrentIndex(self.shown.findData(wanted))

    def _choose(self) -> None:
        self._chosen = self.shown.currentData()
        self._draw_pictures()

    def _offer_layers(self, content: Content) -> None:
        self.layer.clear()
        shapes = content.net.layer_shapes
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
