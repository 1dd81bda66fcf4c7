"""Forms made from a setup's fields: titles, choices, ranges and sentences come from the setup's own declaration."""

import re
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from PyQt6.QtCore import QEvent, QObject, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QSpinBox, QWidget

from landscape.gui.wheel import WheelGuard
from landscape.run.setup import Setup

LABEL_WIDTH = 96
# Written out: what a platform calls redo is not the same on all of them.
UNDO_KEYS, REDO_KEYS = ["Ctrl+Z"], ["Ctrl+Shift+Z", "Ctrl+Y"]
Maker = Callable[[FieldInfo], "Field"]


def declared(name: str) -> FieldInfo:
    """The declaration of a setting, "section.field"."""
    section, _, field = name.partition(".")
    kind = cast(Any, Setup.model_fields[section].annotation)
    return cast(FieldInfo, kind.model_fields[field])


class Field(QObject):
    """One control, a line beneath it that explains its value, and one that says what is wrong with it."""

    edited = pyqtSignal()

    def __init__(self, widget: QWidget, read: Callable[[], Any], write: Callable[[Any], None], changed: Any) -> None:
        super().__init__(widget)
        self.widget = widget
        self.read = read
        self._write = write
        self.note = faint_label()
        self.note.hide()
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        changed.connect(lambda *_: self.edited.emit())

    @property
    def typed(self) -> bool:
        """Whether its value comes about key by key."""
        return not isinstance(self.widget, QComboBox | QCheckBox)

    def write(self, value: Any) -> None:
        """Show a value without reporting it as an edit."""
        self.widget.blockSignals(True)
        self._write(value)
        self.widget.blockSignals(False)

    def explain(self, sentence: str) -> None:
        """Show a sentence about the value, or none."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def complain(self, sentence: str) -> None:
        """Show what is wrong, in place of what would be said of a right value; or nothing."""
        self.note.setVisible(bool(self.note.text()) and not sentence and not self.widget.isHidden())
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


def faint_label() -> QLabel:
    """A label for a quiet sentence of any length."""
    label = QLabel()
    label.setObjectName("faint")
    label.setWordWrap(True)
    return label


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
        box = QCheckBox(info.title)
        return Field(box, box.isChecked, box.setChecked, box.toggled)
    if kind is int:
        return _whole_number(info)
    if get_origin(kind) is tuple:
        numbers = _plain_type(get_args(kind)[0]) is float
        return _text(_numbers if numbers else _words, lambda value: " ".join(map(_written, value)), info)
    if kind is float:
        return _text(_number, _written, info)
    return _text(str.strip, str, info)


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


def _text(read: Callable[[str], Any], write: Callable[[Any], str], info: FieldInfo) -> Field:
    line = QLineEdit()
    # "Empty: no target." in a description is what stands greyed in an empty line.
    if_empty = re.search(r"Empty: ([^(]+)", info.description or "")
    if if_empty:
        line.setPlaceholderText(if_empty[1].strip().removesuffix("."))

    def show(value: Any) -> None:
        line.setText(write(value))
        line.setCursorPosition(0)

    return Field(line, lambda: read(line.text()), show, line.textEdited)


def _written(value: Any) -> str:
    """A value as one would type it: short if that says all of it, else in full."""
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _words(text: str) -> list[Any]:
    parts = text.replace(",", " ").replace("-", " ").split()
    return [int(part) if part.isdecimal() else part for part in parts]


def _numbers(text: str) -> list[Any]:
    # A comma parts two numbers where a space or a number with a point follows; else it is a decimal comma.
    parts = re.split(r"[;\s]+|,(?=\s|\d*\.)", text.strip())
    return [_number(part) for part in parts if part]


def _number(text: str) -> Any:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text


class _Guard(WheelGuard):
    """Keeps a turn of the wheel over a form from changing its values, and leaves undo to the form as a whole."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.ShortcutOverride:
            keys = QKeySequence(cast(QKeyEvent, event).keyCombination())
            if keys.toString() in (*UNDO_KEYS, *REDO_KEYS):
                event.ignore()  # a line of text would keep it for its own letters
                return True
        return super().eventFilter(watched, event)


class Form(QWidget):
    """Settings ("section.field"), one under the other; `edited` tells which one the user has changed."""

    edited = pyqtSignal(str)

    def __init__(
        self,
        names: Sequence[str],
        makers: dict[str, Maker],
        parent: QWidget | None = None,
        declared: Callable[[str], FieldInfo] = declared,
    ) -> None:
        super().__init__(parent)
        self._declared = declared
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setVerticalSpacing(5)
        self._guard = _Guard(self)
        self.fields: dict[str, Field] = {}
        for name in names:
            self._add(name, makers.get(name, make_field)(declared(name)))

    def _add(self, name: str, field: Field) -> None:
        info = self._declared(name)
        label = QLabel(info.title or name)
        label.setFixedWidth(LABEL_WIDTH)
        label.setBuddy(field.widget)
        for widget in (label, field.widget):
            widget.setToolTip(info.description or "")
            widget.setWhatsThis(info.description or "")
        field.widget.setAccessibleName(info.title or name)
        field.widget.setAccessibleDescription(info.description or "")
        field.widget.setObjectName(name)
        field.widget.setMinimumWidth(60)
        inner = [part for kind in (QComboBox, QSpinBox, QLineEdit) for part in field.widget.findChildren(kind)]
        for widget in (field.widget, *inner):
            self._guard.keep(widget)
        if isinstance(field.widget, QCheckBox):  # says its name itself
            self._layout.addRow(field.widget)
        else:
            self._layout.addRow(label, field.widget)
        self._layout.addRow(field.note)
        self._layout.addRow(field.error)
        field.edited.connect(lambda: self.edited.emit(name))
        self.fields[name] = field

    def lay_out(self) -> None:
        """Give every line its room anew: Qt's layout remembers heights of wrapped lines longer than they hold."""
        self._layout.invalidate()

    def put_below(self, name: str, widget: QWidget) -> None:
        """Put something of one's own under a field, over its note."""
        row, _ = self._layout.getWidgetPosition(self.fields[name].widget)
        self._layout.insertRow(row + 1, widget)

    def shown(self, name: str) -> bool:
        """Whether a field is among those on show."""
        return self._layout.isRowVisible(self.fields[name].widget)

    def show_field(self, name: str, shown: bool) -> None:
        """Show a field, or hide it with all that is said about it."""
        field = self.fields[name]
        self._layout.setRowVisible(field.widget, shown)
        field.note.setVisible(shown and bool(field.note.text()) and not field.error.text())
        field.error.setVisible(shown and bool(field.error.text()))

    def read(self) -> dict[str, dict[str, Any]]:
        """What the fields hold, by section; a field left empty is left out, and so keeps its default."""
        values: dict[str, dict[str, Any]] = {}
        for name, field in self.fields.items():
            section, _, key = name.partition(".")
            value = field.read()
            values.setdefault(section, {})
            if value is not None:
                values[section][key] = value
        return values

    def write(self, setup: Any) -> None:
        """Show the values of a setup, or of anything else that has these sections."""
        for name, field in self.fields.items():
            section, _, key = name.partition(".")
            field.write(getattr(getattr(setup, section), key))
            field.complain("")
