"""What happens to the pixels first: a list of steps to tick, with the number of principal components."""

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from landscape.data import STEPS

USUAL_K = 50
MOST_K = 784


class PipelineChoice(QWidget):
    """The steps in their usual order; whitening goes with PCA. `pictures_requested` asks to see what they do."""

    changed = pyqtSignal()
    pictures_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order: list[str] = list(STEPS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 0)
        column.setSpacing(3)
        self.boxes: dict[str, QCheckBox] = {}
        self.k = QSpinBox()
        self.k.setRange(1, MOST_K)
        self.k.setValue(USUAL_K)
        self.k.setToolTip("k: how many principal components are kept; the network then takes k numbers in place of 784")
        self.k.setAccessibleName("Number of principal components")
        for name, step in STEPS.items():
            box = QCheckBox("PCA, k =" if name == "pca" else step.label)
            box.setToolTip(step.sentence)
            box.setAccessibleName(step.label)
            box.toggled.connect(self._toggled)
            self.boxes[name] = box
            if name == "pca":
                line = QHBoxLayout()
                line.setSpacing(4)
                line.addWidget(box)
                line.addWidget(self.k, 1)
                column.addLayout(line)
            else:
                column.addWidget(box)
        self.look = QPushButton("pictures…")
        self.look.setToolTip("See digits after each of these steps, and what k principal components keep of them")
        self.look.clicked.connect(self.pictures_requested)
        column.addWidget(self.look)
        self.k.valueChanged.connect(lambda _: self.changed.emit())
        self.setFocusProxy(self.boxes["scale"])
        self._offer()

    def read(self) -> list[str]:
        """The ticked steps."""
        ticked = [name for name in self._order if self.boxes[name].isChecked()]
        return [f"pca:{self.k.value()}" if name == "pca" else name for name in ticked]

    def write(self, steps: Sequence[str]) -> None:
        """Tick these steps; their order stays."""
        names = [step.partition(":")[0] for step in steps]
        before = [name for name in STEPS if name not in names and name not in ("pca", "whiten")]
        after = [name for name in STEPS if name not in names and name in ("pca", "whiten")]
        # What is not ticked comes where it usually does, so that ticking it makes sense.
        self._order = list(STEPS) if names == [name for name in STEPS if name in names] else [*before, *names, *after]
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(name in names)
            box.blockSignals(False)
        for step in steps:
            if step.startswith("pca:"):
                self.k.blockSignals(True)
                self.k.setValue(int(step.partition(":")[2]))
                self.k.blockSignals(False)
        self._offer()

    def choose_components(self, k: int) -> None:
        """Keep so many principal components."""
        self.boxes["pca"].setChecked(True)
        self.k.setValue(k)

    def _toggled(self) -> None:
        if not self.boxes["pca"].isChecked():
            self.boxes["whiten"].blockSignals(True)
            self.boxes["whiten"].setChecked(False)
            self.boxes["whiten"].blockSignals(False)
        self._offer()
        self.changed.emit()

    def _offer(self) -> None:
        projected = self.boxes["pca"].isChecked()
        self.k.setEnabled(projected)
        self.boxes["whiten"].setEnabled(projected)
