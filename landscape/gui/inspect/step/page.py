"""The page of the microscope: the update that begins at the shown step, in four stages, forwards and backwards."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landscape.gui.commands.place import ask_for_place
from landscape.gui.focus import paint_focus
from landscape.gui.inspect.step.examples import HEAD, ROW, ExampleRows
from landscape.gui.inspect.step.weights import WeightChoice
from landscape.gui.inspect.step.words import TIPS, TITLES, detail, sentence
from landscape.gui.session import Session
from landscape.gui.theme import Theme

ROWS_SEEN = (7, 7, 4)  # stage by stage
LAYER_STAGES = (2, 3)  # those that show a layer's weights
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class StepPage(QWidget):
    """Shows `session.microscope`; while it has the focus, ← and → go from stage to stage."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._scope = scope = session.microscope
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Step: the microscope")
        self.setWhatsThis(
            "One gradient step taken apart: forward, loss, backward, update. ← and → go from stage to stage."
        )
        self._build()
        self._write_soon = session.turns.soon(self._write_detail)
        for changed in (scope.changed, scope.stage_changed, scope.choice_changed):
            changed.connect(session.turns.soon(self.draw))
        self.set_theme(theme)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setWordWrap(True)
        head.addWidget(self.title, 1)
        self.by_hand = self._button(
            "By hand …", "Write this update as a page to follow with a pocket calculator, and a table"
        )
        self.by_hand.clicked.connect(self._write_by_hand)
        head.addWidget(self.by_hand)
        column.addLayout(head)
        column.addLayout(self._build_stages())
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        column.addWidget(self.sentence)
        self.rows = ExampleRows(self._theme)
        self.rows.example_requested.connect(self._scope.choose_example)
        self.seen = QScrollArea()
        self.seen.setWidgetResizable(True)
        self.seen.setWidget(self.rows)
        self.seen.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows have the keyboard
        self.seen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.weights = WeightChoice(self._theme)
        self.weights.weight_requested.connect(self._scope.choose_weight)
        self.detail = QLabel()
        self.detail.setAccessibleName("The sums of the stage")
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setWordWrap(True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.setToolTip("The sums in numbers; they can be marked and copied")
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 4, 8)
        for part in (self.seen, self.weights, self.detail):
            body.addWidget(part)
        body.addStretch(1)
        self.body = QScrollArea()
        self.body.setWidgetResizable(True)
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.setWidget(inside)
        self.body.setAccessibleName("The stage")
        self.body.setWhatsThis("What happens in this stage of the step, with the sums in numbers")
        column.addWidget(self.body, 1)

    def _build_stages(self) -> QHBoxLayout:
        scope = self._scope
        row = QHBoxLayout()
        row.setSpacing(3)
        self.back = self._button("◀", "The stage before; before the first, the last of the update before (← or ,)")
        self.back.clicked.connect(scope.go_back)
        self.on = self._button("▶", "The next stage; after the last, the first of the next update (→ or .)")
        self.on.clicked.connect(scope.go_on)
        for arrow in (self.back, self.on):
            arrow.setObjectName("stage")
        self.stages = QButtonGroup(self)
        row.addWidget(self.back)
        for stage, (title, tip) in enumerate(zip(TITLES, TIPS, strict=True)):
            button = self._button(title, tip)
            button.setObjectName("stage")
            button.setCheckable(True)
            button.clicked.connect(partial(scope.show_stage, stage))
            self.stages.addButton(button, stage)
            row.addWidget(button, 1)
        row.addWidget(self.on)
        return row

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(":")[0].split(";")[0])
        button.installEventFilter(self)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Colour it."""
        self._theme = theme
        self.rows.set_theme(theme)
        self.weights.set_theme(theme)
        self.draw()

    def showEvent(self, event: Any) -> None:
        """Begin to watch."""
        super().showEvent(event)
        self._scope.watch(True)

    def hideEvent(self, event: Any) -> None:
        """Nobody watches any more."""
        super().hideEvent(event)
        self._scope.watch(False)

    def draw(self) -> None:
        """The latest update in the shown stage."""
        if not self.isVisible():
            return
        scope, run, found = self._scope, self._session.run, self._scope.found
        button = self.stages.button(scope.stage)
        if button is not None:
            button.setChecked(True)
        self.back.setEnabled(scope.can_go_back)
        self.on.setEnabled(scope.can_go_on)
        self.by_hand.setEnabled(found is not None)
        if found is None or run is None or scope.weight is None:
            for part in (self.seen, self.weights, self.detail):
                part.setVisible(False)
            self.title.setText("")
            self.sentence.setText(scope.problem or "As soon as there is a step, it is taken apart here.")
            return
        n = len(found.costs)
        last = "the last one so far" if run.unfinished else "the last one: the run ends here"
        ends = f" <i>({last})</i>" if found.n == found.last else ""
        self.title.setText(
            f"<b>{found.start_name}</b>, update <b>{found.n:,}</b> of {found.last:,}{ends}: from step {found.n - 1:,} to "
            f"{found.n:,}, epoch {found.epoch:.2f}, {n:,} digits"
        )
        self.sentence.setText(sentence(found, scope.stage))
        names = [str(name) for name in run.digits.classes]
        # Nothing is hidden to be shown again: each time the whole page would be laid out.
        rows, layers = scope.stage < len(TITLES) - 1, scope.stage in LAYER_STAGES
        self.seen.setVisible(rows)
        self.weights.setVisible(layers)
        if rows:
            count = len(found.labels)
            pictures = run.digits.train.pictures[found.batch[:count]]
            self.rows.show_examples(found, pictures, names, scope.stage, scope.example)
            self.seen.setFixedHeight(HEAD + ROW * min(ROWS_SEEN[scope.stage], count) + 4)
            place = self.rows.row_place(scope.example)
            self.seen.ensureVisible(0, place.center().y(), 0, ROW)
        if layers:
            self.weights.show_weight(found, scope.weight, scope.stage)
        self._write_soon()

    def _write_detail(self) -> None:
        """The sums of the stage, after the pictures: long text takes as long as they do."""
        scope, run, found = self._scope, self._session.run, self._scope.found
        if found is None or run is None or scope.weight is None or not self.isVisible():
            return
        names = [str(name) for name in run.digits.classes]
        self.detail.setText(detail(found, scope.stage, scope.example, scope.weight, names, self._theme))
        self.detail.setVisible(True)

    def _write_by_hand(self) -> None:
        """Ask for a place, and write the page and its table."""
        run, found, scope = self._session.run, self._scope.found, self._scope
        if run is None or found is None:
            return
        first = Path(f"update-{found.n}.html")
        asked = ask_for_place(self._session, self, "This update by hand", first, "Pages (*.html)")
        if asked is None:
            return
        path, _ = asked

        def work() -> Iterator[Any]:
            from landscape.export.by_hand import write_by_hand

            yield write_by_hand(run, found.start, found.n, path, example=scope.example, weight=scope.weight)

        told = f"Wrote {path.name}, and its numbers beside it ({path.stem}.csv)"
        self._session.outbox.write("by hand", f"writing {path.name}", work, path, told)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """A rim while the page itself has the keyboard."""
        paint_focus(QPainter(self), self)

    def event(self, event: QEvent | None) -> bool:
        """Keep ← and → from the window's time, wherever the focus is on this page."""
        wanted = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if wanted and event.key() in ARROWS and event.modifiers() in PLAIN:  # type: ignore[union-attr]
            event.accept()  # type: ignore[union-attr]
            return True
        return super().event(event)

    def eventFilter(self, watched: Any, event: QEvent | None) -> bool:
        """On a button, too, ← and → go from stage to stage, and not from button to button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in ARROWS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """← and → go from stage to stage."""
        if event is not None and event.key() in ARROWS:
            self._scope.go_on() if event.key() == Qt.Key.Key_Right else self._scope.go_back()
        else:
            super().keyPressEvent(event)
