"""The dock on the left: what is trained and how, each field with its complaint beside it, and the button that begins."""

from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from landscape.errors import SetupError
from landscape.gui.form import SectionForm
from landscape.network.cost import COSTS
from landscape.run.preset import PRESETS
from landscape.run.setup import DataSetup, DescentSetup, NetworkSetup, PlaneSetup, Setup, StartsSetup

SECTIONS: dict[str, tuple[str, type, tuple[str, ...]]] = {
    "data": ("DIGITS", DataSetup, ("source", "classes")),
    "network": ("NETWORK", NetworkSetup, ("sizes", "activation", "cost", "scheme", "seed")),
    "descent": (
        "DESCENT",
        DescentSetup,
        ("optimiser", "learning_rate", "momentum", "batch_size", "epochs", "in_plane"),
    ),
    "starts": ("STARTS", StartsSetup, ("kind", "count", "reach")),
    "more data": ("MORE · DIGITS", DataSetup, ("preprocess", "examples")),
    "more network": ("MORE · NETWORK", NetworkSetup, ("biases", "scale", "weights")),
    "more descent": ("MORE · DESCENT", DescentSetup, ("shared_batches", "l2", "seed")),
    "more starts": ("MORE · STARTS", StartsSetup, ("seed",)),
    "plane": ("MORE · PLANE OF THE STARTS", PlaneSetup, ("normalise", "orthogonal", "seed")),
}


class SetupPanel(QWidget):
    """Edits a setup; `train_requested` carries it once it is whole and right."""

    train_requested = pyqtSignal(Setup)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup = Setup()
        self._forms: dict[str, SectionForm] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 4, 12, 8)
        column.setSpacing(4)
        self._build_presets(column)
        for key, (heading, section, names) in SECTIONS.items():
            column.addWidget(_heading(heading))
            form = SectionForm(section, names)
            form.edited.connect(self._edited)
            self._forms[key] = form
            column.addWidget(form)
            if key == "network":
                self._size = _faint()
                column.addWidget(self._size)
            if key == "starts":
                self._corner_note = _faint()
                column.addWidget(self._corner_note)
        column.addStretch(1)
        scroll.setWidget(inside)
        inside.setMinimumWidth(0)
        scroll.setMinimumWidth(280)
        outer.addWidget(scroll, 1)
        self._problem = QLabel()
        self._problem.setObjectName("error")
        self._problem.setWordWrap(True)
        self._problem.setContentsMargins(10, 0, 10, 0)
        self._problem.hide()
        outer.addWidget(self._problem)
        self.train_button = QPushButton("Train from these starts")
        self.train_button.setObjectName("primary")
        self.train_button.setToolTip("Begins a new run with the settings above (R)")
        self.train_button.clicked.connect(self.request_training)
        outer.addWidget(self.train_button, 0)
        self.show_setup(self._setup)

    def _build_presets(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading("PRESET"))
        self._presets = QComboBox()
        self._presets.setAccessibleName("Preset")
        self._presets.setToolTip("Well-known networks and settings to begin with")
        self._presets.addItem("as set below")
        self._presets.addItems(list(PRESETS))
        self._presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._presets.setMinimumContentsLength(12)
        self._presets.activated.connect(self._take_preset)
        column.addWidget(self._presets)
        self._preset_note = _faint()
        column.addWidget(self._preset_note)

    def show_setup(self, setup: Setup) -> None:
        """Show a setup in the fields."""
        self._setup = setup
        for key, form in self._forms.items():
            form.write(getattr(setup, _section(key)))
        name = next((name for name, preset in PRESETS.items() if preset.setup == setup), None)
        self._presets.setCurrentText(name or "as set below")
        self._preset_note.setText(PRESETS[name].note if name else "")
        self._preset_note.setVisible(name is not None)
        self._check()

    def request_training(self) -> None:
        """Ask for a run with what the fields say."""
        setup = self._check()
        if setup is not None:
            self.train_requested.emit(setup)

    def choose_source(self, source: str) -> None:
        """Take the digits from elsewhere."""
        self._forms["data"].fields["source"].write(source)
        self._edited()

    def _take_preset(self, index: int) -> None:
        name = self._presets.itemText(index)
        if name in PRESETS:
            source = self._forms["data"].fields["source"].read()
            setup = PRESETS[name].setup
            self.show_setup(setup if source == "embedded" else setup.changed(data={"source": source}))

    def _edited(self) -> None:
        setup = self._check()
        if setup is not None:
            self._setup = setup
            matching = next((name for name, preset in PRESETS.items() if preset.setup == setup), "as set below")
            self._presets.setCurrentText(matching)
            self._preset_note.setVisible(matching in PRESETS)

    def _check(self) -> Setup | None:
        """The setup in the fields, or None with the complaint shown beside the field it belongs to."""
        values: dict[str, dict[str, Any]] = {}
        for key, form in self._forms.items():
            values.setdefault(_section(key), {}).update(form.read())
            for field in form.fields.values():
                field.complain("")
        self._problem.hide()
        try:
            setup = Setup(**values)
            weights = setup.network.weights
            if weights and not Path(weights).is_file():
                raise SetupError(f"network.weights: there is no file {weights}", "network.weights")
        except SetupError as error:
            self.complain(error)
            self.train_button.setEnabled(False)
            return None
        self.train_button.setEnabled(True)
        self._describe(setup)
        return setup

    def complain(self, error: SetupError) -> None:
        """Show a complaint beside the field it belongs to, or above the button."""
        section, _, name = (error.field or "").partition(".")
        sentence = str(error).split(": ", 1)[-1]
        for key, form in self._forms.items():
            if _section(key) == section and name in form.fields:
                form.fields[name].complain(sentence)
                return
        self._problem.setText(str(error))
        self._problem.show()

    def _describe(self, setup: Setup) -> None:
        net = setup.build_network()
        self._size.setText(
            f"{net.P:,} parameters · {net.P * 4 / 1024:,.0f} KB as 32-bit, {net.P * 8 / 1024:,.0f} KB as 64-bit numbers. "
            f"Cost: {COSTS[net.cost].convention}."
        )
        self._forms["descent"].fields["momentum"].widget.setEnabled(setup.descent.optimiser == "momentum")
        self._forms["starts"].fields["count"].widget.setEnabled(setup.starts.kind == "random")
        self._forms["starts"].fields["reach"].widget.setEnabled(setup.starts.kind.startswith("corners"))
        corner = setup.starts.kind.startswith("corners")
        self._corner_note.setVisible(corner)
        self._corner_note.setText(
            f"A corner is the middle ± {setup.starts.reach:g}·u ± {setup.starts.reach:g}·v: in {net.P:,} dimensions "
            "a corner of this window, not of the space."
        )


def _section(key: str) -> str:
    return key.split()[-1]


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def _faint() -> QLabel:
    label = QLabel()
    label.setObjectName("faint")
    label.setWordWrap(True)
    return label
