"""The presets, and a card that says where the chosen one comes from and what it should reach."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from landscape.gui.setup.form import faint_label
from landscape.gui.wheel import WheelGuard
from landscape.run.preset import PRESETS, Preset
from landscape.run.setup import Setup

NONE = "as set below"


def preset_of(setup: Setup) -> Preset | None:
    """The preset that a setup is, wherever its digits come from."""
    source = {"source": setup.data.source}
    return next((preset for preset in PRESETS.values() if preset.setup.changed(data=source) == setup), None)


def heading(text: str) -> QLabel:
    """The heading of a group of fields."""
    label = QLabel(text)
    label.setObjectName("heading")
    return label


class PresetCard(QWidget):
    """A choice of presets; `preset_requested` carries the chosen one's setup, for the digits in use."""

    preset_requested = pyqtSignal(Setup)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = "embedded"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading("PRESET"))
        self.box = QComboBox()
        self.box.setAccessibleName("Preset")
        self.box.setToolTip("Well-known networks and settings to begin with")
        self.box.addItem(NONE)
        for name, preset in PRESETS.items():
            self.box.addItem(name)
            self.box.setItemData(self.box.count() - 1, preset.note, Qt.ItemDataRole.ToolTipRole)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(self._choose)
        WheelGuard(self).keep(self.box)
        column.addWidget(self.box)
        self.origin = faint_label()
        self.reaches = QLabel()
        self.reaches.setWordWrap(True)
        column.addWidget(self.origin)
        column.addWidget(self.reaches)

    def show_preset(self, setup: Setup) -> None:
        """Show which preset a setup is, if any."""
        self._source = setup.data.source
        preset = preset_of(setup)
        self.box.setCurrentText(preset.name if preset else NONE)
        for label, text in ((self.origin, preset and preset.origin), (self.reaches, preset and preset.reaches)):
            label.setText(text or "")
            label.setVisible(preset is not None)

    def _choose(self, index: int) -> None:
        preset = PRESETS.get(self.box.itemText(index))
        if preset is not None:
            self.preset_requested.emit(preset.setup.changed(data={"source": self._source}))
