"""Who takes part in a race: a box to tick for every optimiser."""

from collections.abc import Sequence
from typing import cast

from pydantic.fields import FieldInfo
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QWidget

from landscape.gui.setup.form import Field

ACROSS = 2


class RacerChoice(QWidget):
    """The optimisers that are ticked, in their usual order."""

    changed = pyqtSignal()

    def __init__(self, labels: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        # "SGD with momentum" would not fit beside another in a narrow page.
        self.boxes = {
            name: QCheckBox(label.rpartition(" ")[2].title() if " " in label else label)
            for name, label in labels.items()
        }
        for place, box in enumerate(self.boxes.values()):
            box.setToolTip(f"{box.text()} takes part")
            box.toggled.connect(lambda _: self.changed.emit())
            grid.addWidget(box, place // ACROSS, place % ACROSS)

    def read(self) -> list[str]:
        """The names of those that are ticked."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def write(self, names: Sequence[str]) -> None:
        """Tick these."""
        for name, box in self.boxes.items():
            box.setChecked(name in names)


def racers_field(info: FieldInfo) -> Field:
    """The control of a race's optimisers."""
    extra = cast(dict, info.json_schema_extra)
    choice = RacerChoice(cast(dict[str, str], extra["labels"]))
    return Field(choice, choice.read, choice.write, choice.changed)
