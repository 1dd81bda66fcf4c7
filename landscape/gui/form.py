"""Forms made from a section's fields: titles, choices, ranges and sentences come from the setup's own declaration."""

import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QSpinBox, QWidget

from landscape.run.setup import Section


class Field(QObject):
    """One control and the line beneath it that says what is wrong with its value."""

    edited = pyqtSignal()

    def __init__(self, widget: QWidget, read: Callable[[], Any], write: Callable[[Any], None], changed: Any) -> None:
        super().__init__(widget)
        self.widget = widget
        self.read = read
        self._write = write
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        changed.connect(lambda *_: self.edited.emit())

    def write(self, value: Any) -> None:
        """Show a value without reporting it as an edit."""
        self.widget.blockSignals(True)
        self._write(value)
        self.widget.blockSignals(False)

    def complain(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


def make_field(info: FieldInfo) -> Field:
    """The control that fits a field's type."""
    kind = _plain_type(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    labels = cast(dict[str, str], extra.get("labels", {}))
    if get_origin(kind) is Literal:
        return _choice(get_args(kind), labels)
    if extra.get("open"):
        return _open_choice(labels)
    if kind is bool:
        box = QCheckBox()
        return Field(box, box.isChecked, box.setChecked, box.toggled)
    if kind is int:
        return _whole_number(info)
    if get_origin(kind) is tuple:
        return _text(_words, lambda value: " ".join(map(str, value)))
    if kind is float:
        return _text(_number, lambda value: "" if value is None else f"{value:g}")
    return _text(str.strip, str)


def _plain_type(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _plain_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain_type(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation


def _choice(values: tuple[Any, ...], labels: dict[str, str]) -> Field:
    box = QComboBox()
    for value in values:
        box.addItem(labels.get(value, str(value)), value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return Field(box, box.currentData, lambda value: box.setCurrentIndex(box.findData(value)), box.currentIndexChanged)


def _open_choice(labels: dict[str, str]) -> Field:
    """A choice that also takes a value which is not in its list, such as a folder."""
    field = _choice(tuple(labels), labels)
    box = field.widget
    assert isinstance(box, QComboBox)

    def write(value: str) -> None:
        if box.findData(value) < 0:
            box.addItem(Path(value).name or value, value)
        box.setCurrentIndex(box.findData(value))

    return Field(box, box.currentData, write, box.currentIndexChanged)


def _whole_number(info: FieldInfo) -> Field:
    box = QSpinBox()
    metadata = [*info.metadata, *(m for arg in get_args(info.annotation) for m in getattr(arg, "metadata", ()))]
    low = next((m.ge for m in metadata if hasattr(m, "ge")), 0)
    high = next((m.le for m in metadata if hasattr(m, "le")), 2**31 - 1)
    box.setRange(int(low), int(high))
    box.setGroupSeparatorShown(True)
    return Field(box, box.value, lambda value: box.setValue(int(value)), box.valueChanged)


def _text(read: Callable[[str], Any], write: Callable[[Any], str]) -> Field:
    line = QLineEdit()
    return Field(line, lambda: read(line.text()), lambda value: line.setText(write(value)), line.textEdited)


def _words(text: str) -> list[Any]:
    parts = text.replace(",", " ").replace("-", " ").split()
    return [int(part) if part.isdigit() else part for part in parts]


def _number(text: str) -> Any:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text


class SectionForm(QWidget):
    """The fields of one section, one under the other; `edited` tells of every change by the user."""

    edited = pyqtSignal()

    def __init__(self, section: type[Section], names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setVerticalSpacing(5)
        self.fields: dict[str, Field] = {}
        for name in names:
            info = section.model_fields[name]
            field = make_field(info)
            label = QLabel(info.title or name)
            for widget in (label, field.widget):
                widget.setToolTip(info.description or "")
                widget.setWhatsThis(info.description or "")
            field.widget.setAccessibleName(info.title or name)
            field.widget.setObjectName(name)
            label.setBuddy(field.widget)
            label.setFixedWidth(100)
            field.widget.setMinimumWidth(60)
            layout.addRow(label, field.widget)
            layout.addRow(field.error)
            field.edited.connect(self.edited)
            self.fields[name] = field

    def read(self) -> dict[str, Any]:
        """What the fields hold; a field left empty is left out, and so keeps its default."""
        values = {name: field.read() for name, field in self.fields.items()}
        return {name: value for name, value in values.items() if value is not None}

    def write(self, section: Section) -> None:
        """Show a section's values."""
        for name, field in self.fields.items():
            field.write(getattr(section, name))
            field.complain("")
