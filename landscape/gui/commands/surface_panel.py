"""What the heights of the landscape are: the quantity, the digits it is a mean over, and whether noise is hatched."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PyQt6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from landscape.gui.popover import Popover
from landscape.gui.session import Session
from landscape.surface.measure import Measure
from landscape.surface.noise import STANDARD_ERRORS

WIDTH = 390
FIRST = 1000
KINDS = {("loss", "log"): "log loss", ("loss", "linear"): "loss", ("accuracy", "linear"): "accuracy"}
OVER = {
    "training": "training digits",
    "validation": "validation digits",
    "test": "test digits",
    "difference": "validation minus training",
    "batch": "the shown step's mini-batch",
}
PARTS = {"all": "all of them", "first": "only the first …", "label": "only one class", "example": "only one digit"}
MEANINGS = {
    "difference": "Colours part at zero: where a loss is red, networks fare worse on digits that they have not learnt from.",
    "batch": "What one step looks at: the surface breathes as time moves.",
    "test": "These digits are for the last judgement: whoever chooses a network by them has no test left.",
}


class SurfacePanel(Popover):
    """Opens under the Surface button; every choice takes effect at once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAccessibleName("What the landscape's heights are")
        self.setMinimumWidth(WIDTH)
        self._form = QFormLayout()
        self.column.addLayout(self._form)
        self.kind = self._box(
            "Heights", KINDS, "What is drawn; log shows small losses as well as large ones", self._choose_kind
        )
        self.over = self._box("Over", OVER, "The digits that each height is a mean over", self._choose_over)
        self.part = self._box("Which", PARTS, "All of these digits, or a part of them", self._choose_part)
        self.label = self._box("Class", {}, "The digit that all examples show", lambda label: self._change(label=label))
        self.number = QSpinBox()
        self.number.setKeyboardTracking(False)
        self.number.setGroupSeparatorShown(True)
        self.number.valueChanged.connect(self._choose_number)
        self._row("Number", "How many digits from the front, or which digit, counted from 0", self.number)
        self.penalised = QCheckBox("with the L2 penalty")
        self.penalised.setToolTip("Add λ/2 · Σw², the penalty that this run's descents feel as well")
        self.penalised.toggled.connect(lambda on: self._change(penalised=on))
        self.noise = QCheckBox("hatch what is below the noise")
        self.noise.setToolTip(
            f"Differences smaller than {STANDARD_ERRORS:g} standard errors: another sample of digits could turn them round"
        )
        self.noise.toggled.connect(lambda on: session.heights.choose(session.heights.measure, noise=on))
        self.meaning = QLabel()
        self.meaning.setWordWrap(True)
        self.meaning.setObjectName("faint")
        for widget in (self.penalised, self.noise, self.meaning):
            self.column.addWidget(widget)
        for changed in (session.heights.changed, session.run_started):
            changed.connect(self._renew)

    def _box(self, name: str, choices: Mapping[Any, str], tip: str, act: Callable[[Any], None]) -> QComboBox:
        box = QComboBox()
        for key, text in choices.items():
            box.addItem(text, key)
        box.activated.connect(lambda _: act(box.currentData()))
        self._row(name, tip, box)
        return box

    def _row(self, name: str, tip: str, widget: QWidget) -> None:
        widget.setToolTip(tip)
        widget.setAccessibleName(name)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(widget)
        self._form.addRow(name, line)

    # --- how things stand ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is chosen, and offer only what makes sense with it."""
        heights, run = self._session.heights, self._session.run
        measure = heights.measure
        scale = heights.scale if measure.quantity == "loss" else "linear"
        part = part_of(measure)
        for box, value in ((self.kind, (measure.quantity, scale)), (self.over, measure.over), (self.part, part)):
            box.setCurrentIndex([box.itemData(index) for index in range(box.count())].index(value))
        self._form.setRowVisible(self.label.parentWidget(), part == "label")
        self._form.setRowVisible(self.number.parentWidget(), part in ("first", "example"))
        self.penalised.setVisible(run is not None and run.setup.descent.l2 > 0 and measure.is_loss)
        for check, on in ((self.penalised, measure.penalised), (self.noise, heights.noise)):
            check.blockSignals(True)
            check.setChecked(on)
            check.blockSignals(False)
        self.noise.setEnabled(part != "example")
        if run is not None:
            self.label.blockSignals(True)
            self.label.clear()
            for digit in run.setup.data.classes:
                self.label.addItem(f"{digit}", digit)
            self.label.setCurrentIndex(self.label.findData(measure.label))
            self.label.blockSignals(False)
        self.number.blockSignals(True)
        self.number.setRange(0 if part == "example" else 2, 59_999)
        self.number.setValue(
            measure.example if part == "example" and measure.example is not None else measure.first or FIRST
        )
        self.number.blockSignals(False)
        words = f"{measure.title()[:1].upper()}{measure.title()[1:]}, over the {measure.set_words}."
        self.meaning.setText(f"{words} {MEANINGS.get(measure.over, '')}")

    def _renew(self) -> None:
        if self.isVisible():
            self.refresh()
            self.fit()

    # --- wishes -------------------------------------------------------------------------------------------------------

    def _change(self, **changed: Any) -> None:
        self._session.heights.choose(replace(self._session.heights.measure, **changed))

    def _choose_kind(self, kind: tuple[str, str]) -> None:
        heights = self._session.heights
        scale = kind[1] if kind[0] == "loss" else heights.scale  # which losses come back to, after accuracies
        heights.choose(replace(heights.measure, quantity=kind[0]), scale)

    def _choose_over(self, over: str) -> None:
        whole = over in ("difference", "batch") and self._session.heights.measure.example is not None
        self._change(over=over, **({"example": None} if whole else {}))

    def _choose_part(self, part: str) -> None:
        run = self._session.run
        chosen: dict[str, Any] = {"label": None, "example": None, "first": None}
        if part == "label":
            chosen["label"] = run.setup.data.classes[0] if run is not None else 0
        elif part == "first":
            chosen["first"] = FIRST
        elif part == "example":
            chosen["example"] = 0
            if self._session.heights.measure.over in ("difference", "batch"):
                chosen["over"] = "training"
        self._change(**chosen)

    def _choose_number(self, number: int) -> None:
        part = part_of(self._session.heights.measure)
        if part in ("first", "example"):
            self._change(**{part: number})


def part_of(measure: Measure) -> str:
    """Which of PARTS a measure looks at."""
    return next((part for part in ("label", "example", "first") if getattr(measure, part) is not None), "all")


def surface_words(measure: Measure, scale: str) -> str:
    """What the button says: "log loss, training"."""
    kind = measure.quantity if not measure.is_loss or scale != "log" else "log loss"
    return f"{kind}, {measure.short}"
