"""What a plane can be asked besides its name: the seed, the point it goes through, the layer, the weights; and planes kept."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout
from PyQt6.QtWidgets import QWidget as Widget

from landscape.gui.axis_card import AxisPopover
from landscape.gui.popover import Popover
from landscape.gui.session import Session
from landscape.run.choice import AT_A_POINT, DRAWN, KEPT, OF_ONE_START, SENTENCES, farthest_moved, plane_words
from landscape.run.kept_plane import LONGEST_TEXT
from landscape.run.places import places
from landscape.run.portrait import HAND_MADE
from landscape.run.run import Run

WIDTH = 400
LARGEST_SEED = 2**31 - 1
MADE_BY_HAND = "A plane that was turned, toured to or opened: no name brings it back, so keep it if you want it again."
CORNERS = ("1st point", "2nd point", "3rd point")


class PlanePanel(Popover):
    """Opens beside the box of planes; what the shown plane has no use for is hidden."""

    def __init__(self, session: Session, parent: Widget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAccessibleName("The plane in detail")
        self.setMinimumWidth(WIDTH)
        self.title, self.sentence = QLabel(), QLabel()
        self.title.setStyleSheet("font-weight: 700;")
        self.sentence.setWordWrap(True)
        self.form = QFormLayout()
        self.column.addWidget(self.title)
        self.column.addWidget(self.sentence)
        self.column.addLayout(self.form)
        self._build_details()
        self._build_axes()
        self._build_kept()
        for changed in (session.plane_changed, session.picture.kept.changed, session.selection_changed):
            changed.connect(self._renew)

    # --- the rows -----------------------------------------------------------------------------------------------------

    def _build_details(self) -> None:
        picture = self._session.picture
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setKeyboardTracking(False)
        self.seed.valueChanged.connect(lambda seed: picture.choose_details(seed=seed))
        self.another = QPushButton("Another one")
        self.another.clicked.connect(lambda: picture.choose_details(seed=picture.plane_seed + 1))
        self._row(
            "Seed",
            "The number that the random directions are drawn from: the same seed, the same plane",
            self.seed,
            self.another,
        )
        self.another.setToolTip("Draw other directions: the next seed")
        self.nine = QPushButton("Nine at once…")
        self._row("", "Nine random planes beside each other (9)", self.nine)
        self.along_line = QPushButton("Along a line…")
        self._row("", "Loss and accuracy along one straight line, such as this map's a or b (L)", self.along_line)
        self.start = self._box("Start", "The descent that this plane is about", self._session.select)
        self.at = self._box(
            "Goes through", "The model in the middle of the plane: at (0, 0)", partial(self._choose, "at")
        )
        self.layer = self._box("Layer", "The layer whose weights move; all others stay", partial(self._choose, "layer"))
        self.corners = [
            self._box(name, f"A model that the plane goes through: its {name}", partial(self._choose_corner, corner))
            for corner, name in enumerate(CORNERS)
        ]
        self.weights = [QSpinBox() for _ in "ab"]
        self.weight_names = [QLabel() for _ in "ab"]
        for letter, box, words in zip("ab", self.weights, self.weight_names, strict=True):
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._choose_weights)
            words.setObjectName("faint")
            self._row(
                f"Weight {letter}", f"The number of the parameter that {letter} moves, from 0 to P − 1", box, words
            )
        self.farthest = QPushButton("The two that moved farthest")
        self.farthest.clicked.connect(lambda: self._choose("weights", None))
        self._row("", "The two parameters that the chosen descent has changed most", self.farthest)

    def _build_axes(self) -> None:
        self.axes = [QPushButton(f"What is {letter}?") for letter in "ab"]
        self._row("Axes", "The direction's origin, length and share per layer", *self.axes)
        for axis, button in enumerate(self.axes):
            button.clicked.connect(partial(self._show_axis, axis))

    def _show_axis(self, axis: int, _: bool = False) -> None:
        if self._session.portrait is not None:
            AxisPopover(self._session, axis, self).open_under(self.axes[axis])

    def _build_kept(self) -> None:
        heading = QLabel("KEPT WITH THIS RUN")
        heading.setObjectName("heading")
        self.column.addWidget(heading)
        row = QHBoxLayout()
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_TEXT)
        self.name.setPlaceholderText("a name for this plane")
        self.name.setAccessibleName("Name of the plane to keep")
        self.name.returnPressed.connect(self._keep)
        self.keep = QPushButton("Keep this plane")
        self.keep.setToolTip("Keep its directions and its seed with the run, and list it among the planes by this name")
        self.keep.setAutoDefault(False)
        self.keep.clicked.connect(self._keep)
        self.name.textChanged.connect(lambda _: self._allow_keeping())
        row.addWidget(self.name, 1)
        row.addWidget(self.keep)
        self.column.addLayout(row)
        self.kept = QVBoxLayout()
        self.column.addLayout(self.kept)

    def _row(self, name: str, tip: str, *widgets: Widget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            widget.setToolTip(tip)
            if not widget.accessibleName():
                widget.setAccessibleName(name or tip)
            row.addWidget(widget, 1)
        line = Widget()
        line.setLayout(row)
        self.form.addRow(name, line)

    def _box(self, name: str, tip: str, act: Callable) -> QComboBox:
        box = QComboBox()
        box.activated.connect(lambda _: act(box.currentData()))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._row(name, tip, box)
        return box

    # --- how things stand ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the rows that the shown plane has a use for, and the planes kept with the run."""
        session, picture, run = self._session, self._session.picture, self._session.run
        choice, details = picture.choice, picture.details
        words = session.portrait.words if session.portrait is not None else choice
        self.title.setText(words[:1].upper() + words[1:])
        kept = choice.removeprefix(KEPT) if choice.startswith(KEPT) else ""
        self.sentence.setText(self._kept_sentence(kept) if kept else SENTENCES.get(choice, MADE_BY_HAND))
        rows: dict[Widget, bool] = {
            self.seed: choice in DRAWN, self.at: choice in AT_A_POINT, self.layer: choice == "one_layer",
            self.nine: choice in DRAWN, self.farthest: choice == "weights",
        }  # fmt: skip
        rows |= dict.fromkeys(self.corners, choice == "through") | dict.fromkeys(self.weights, choice == "weights")
        named = set(details.points) if choice == "through" else {details.at} if choice in AT_A_POINT else set()
        rows[self.start] = choice in OF_ONE_START or not {"start", "end", "shown"}.isdisjoint(named)
        for widget, wanted in rows.items():
            self.form.setRowVisible(widget.parentWidget(), wanted)
        if run is not None:
            self._fill(run)
        self._list_kept()
        self._allow_keeping()

    def _fill(self, run: Run) -> None:
        picture, details = self._session.picture, self._session.picture.details
        self.seed.blockSignals(True)
        self.seed.setValue(picture.plane_seed)
        self.seed.blockSignals(False)
        _offer(self.start, {start: info.name for start, info in enumerate(run.starts)}, self._session.selected)
        _offer(self.at, places(run), details.at)
        for box, place in zip(self.corners, details.points, strict=True):
            _offer(box, places(run), place)
        shapes = enumerate(run.net.layer_shapes, start=1)
        _offer(self.layer, {n: f"{n}: {n_in} → {n_out} neurons" for n, (n_in, n_out) in shapes}, details.layer)
        if picture.choice == "weights":
            self._fill_weights(run)

    def _fill_weights(self, run: Run) -> None:
        chosen = self._session.picture.details.weights
        chosen = chosen or farthest_moved(run, self._session.selected, run.frames)
        for box, words, index in zip(self.weights, self.weight_names, chosen, strict=True):
            box.blockSignals(True)
            box.setRange(0, run.net.P - 1)
            box.setValue(index)
            box.blockSignals(False)
            name = run.net.parameter_name(index)
            words.setText(name.replace("weight of ", ""))
            words.setWordWrap(True)
            box.setToolTip(f"Parameter {index:,} of {run.net.P:,}: {name}")

    def _kept_sentence(self, name: str) -> str:
        kept = self._session.picture.kept.named(KEPT + name)
        if kept is None or kept.choice in HAND_MADE:
            return "A plane kept with this run by its directions."
        drawn = f", seed {kept.seed}" if kept.choice in DRAWN else ""
        return f"A plane kept with this run by its directions; it came from “{plane_words(kept.choice)}”{drawn}."

    def _list_kept(self) -> None:
        while self.kept.count():
            item = self.kept.takeAt(0)
            if item is not None and (line := item.widget()) is not None:
                line.hide()
                line.deleteLater()
        for kept in self._session.picture.kept.planes:
            line = Widget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            show, remove = QPushButton(kept.name), QPushButton("Remove")
            show.setToolTip(f"Show “{kept.name}”")
            show.clicked.connect(partial(self._show_kept, kept.name))
            remove.setToolTip(f"Keep “{kept.name}” no longer")
            remove.clicked.connect(partial(self._remove_kept, kept.name))
            for button in (show, remove):
                button.setAutoDefault(False)
            row.addWidget(show, 1)
            row.addWidget(remove)
            self.kept.addWidget(line)

    def _renew(self, *_: object) -> None:
        if self.isVisible():
            self.refresh()
            self.fit()

    def _allow_keeping(self) -> None:
        name = self.name.text().strip()
        self.keep.setEnabled(bool(name) and name.isprintable() and self._session.portrait is not None)

    # --- wishes -------------------------------------------------------------------------------------------------------

    def _choose(self, name: str, value: Any) -> None:
        self._session.picture.choose_details(**{name: value})

    def _choose_corner(self, corner: int, place: str) -> None:
        points = list(self._session.picture.details.points)
        points[corner] = place
        self._session.picture.choose_details(points=tuple(points))

    def _choose_weights(self) -> None:
        i, j = (box.value() for box in self.weights)
        self._session.picture.choose_details(weights=(i, j))

    def _keep(self) -> None:
        if self.keep.isEnabled():
            self._session.picture.keep(self.name.text().strip())
            self.name.clear()

    def _show_kept(self, name: str, _: bool = False) -> None:
        self._session.picture.choose_plane(KEPT + name)

    def _remove_kept(self, name: str, _: bool = False) -> None:
        self._session.picture.forget_kept(name)


def _offer(box: QComboBox, choices: Mapping, chosen: object) -> None:
    """Fill a box and show what is chosen, without a word to anybody."""
    box.blockSignals(True)
    box.clear()
    for key, text in choices.items():
        box.addItem(text, key)
        box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(box.findData(chosen))
    box.blockSignals(False)
