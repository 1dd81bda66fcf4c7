"""The dialog behind “Same start, change one thing”: which setting, and its new value, checked as it is typed."""

from collections.abc import Callable

from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from landscape.errors import SetupError
from landscape.gui.setup.fields import MAKERS
from landscape.gui.setup.form import Field, declared, faint_label, make_field
from landscape.run.setup import Setup
from landscape.run.variation import VARIABLE, changes, vary

FIRST = "descent.learning_rate"
TRAIN_TIP = "Begins the new run; the shown one stays beside it, dashed"


class VariationDialog(QDialog):
    """Asks for one setting of a run and another value for it; `accept` hands the changed setup on."""

    def __init__(self, setup: Setup, begin: Callable[[Setup], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup, self._begin = setup, begin
        self.setWindowTitle("Same start, change one thing")
        self.setMinimumWidth(420)
        form = QFormLayout(self)
        intro = faint_label()
        intro.setText(
            "Repeats the shown run from the same weights, the same starts and with the same mini-batches, and lays the "
            "shown run beside it. Settings that would move the starts themselves are not offered."
        )
        form.addRow(intro)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Change")
        self.choice.setToolTip("The one setting in which the new run differs")
        for name in VARIABLE:
            if setup.heeds(name):
                self.choice.addItem(declared(name).title or name, name)
        form.addRow("Change", self.choice)
        self.now = QLabel()
        form.addRow("So far", self.now)
        self._label = QLabel("To")
        self._field: Field | None = None
        self._row = form.rowCount()
        self.problem = faint_label()
        self.problem.setObjectName("error")
        form.addRow(self.problem)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.train = QPushButton("Train")
        buttons.addButton(self.train, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._form = form
        self.choice.currentIndexChanged.connect(lambda _: self._offer())
        self.choice.setCurrentIndex(self.choice.findData(FIRST))
        self._offer()

    @property
    def name(self) -> str:
        """The chosen setting, "section.field"."""
        return str(self.choice.currentData())

    @property
    def field(self) -> Field:
        """The control for its new value."""
        assert self._field is not None
        return self._field

    def _offer(self) -> None:
        if self._field is not None:
            self._form.removeRow(self._row)
        info = declared(self.name)
        section, _, key = self.name.partition(".")
        field = self._field = MAKERS.get(self.name, make_field)(info)
        field.write(getattr(getattr(self._setup, section), key))
        field.widget.setAccessibleName(f"New value of {info.title}")
        field.widget.setToolTip(info.description or "")
        field.widget.setObjectName(self.name)
        field.edited.connect(lambda *_: self._check())
        self._form.insertRow(self._row, "To", field.widget)
        self.now.setText(_written(field.widget))
        self._check(touched=False)
        field.widget.setFocus()
        if isinstance(field.widget, QLineEdit):
            field.widget.selectAll()  # typing replaces what stands there

    def _check(self, touched: bool = True) -> Setup | None:
        """The changed setup, if there can be one; what is wrong is told as soon as the value was touched."""
        try:
            setup = vary(self._setup, self.name, self.field.read())
        except SetupError as error:
            sentence = str(error).split(": ", 1)[-1]
            self.problem.setText(sentence if touched else "")
            self.train.setEnabled(False)
            self.train.setToolTip(f"Give another value first: {sentence}")
            return None
        also = [f"{change.title} becomes {change.after}" for change in changes(self._setup, setup)]
        self.problem.setText("; ".join(also[1:]) and f"With it: {'; '.join(also[1:])}.")
        self.train.setEnabled(True)
        self.train.setToolTip(TRAIN_TIP)
        return setup

    def accept(self) -> None:
        """Begin the run, if the value can be."""
        setup = self._check()
        if setup is not None:
            super().accept()
            self._begin(setup)


def _written(control: QWidget) -> str:
    """The value that a control shows, in its own words."""
    if isinstance(control, QComboBox):
        return control.currentText()
    if isinstance(control, QCheckBox):
        return "yes" if control.isChecked() else "no"
    if isinstance(control, QAbstractSpinBox):
        return control.text()
    return (control.text() or control.placeholderText()) if isinstance(control, QLineEdit) else ""
