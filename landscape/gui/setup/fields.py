"""Fields of the setup whose control does more than its type asks for."""

from collections.abc import Sequence
from typing import Any

from pydantic.fields import FieldInfo
from PyQt6.QtWidgets import QFileDialog, QLineEdit, QStyle

from landscape.data import inputs_of
from landscape.gui.setup.class_choice import ClassChoice
from landscape.gui.setup.form import Field, Maker, make_field
from landscape.gui.setup.pipeline_choice import PipelineChoice
from landscape.network.cost import COSTS

MODELS = "Models and runs (*.safetensors *.npz *.json *.pkl *.landscape);;All files (*)"


def _classes(_: FieldInfo) -> Field:
    choice = ClassChoice()
    return Field(choice, choice.read, choice.write, choice.changed)


def _file(info: FieldInfo) -> Field:
    """A path, with a button that looks for one."""
    field = make_field(info)
    line = field.widget
    assert isinstance(line, QLineEdit)
    line.setPlaceholderText("fresh weights")
    style = line.style()
    assert style is not None

    def look() -> None:
        name, _ = QFileDialog.getOpenFileName(line, info.title or "", line.text(), MODELS)
        if name:
            line.setText(name)
            line.textEdited.emit(name)

    icon = style.standardIcon(QStyle.StandardPixmap.SP_DirOpenIcon)
    action = line.addAction(icon, QLineEdit.ActionPosition.TrailingPosition)
    assert action is not None
    action.setToolTip("Look for a file")
    action.triggered.connect(look)
    return field


def _spread(info: FieldInfo) -> Field:
    field = make_field(info)
    assert isinstance(field.widget, QLineEdit)
    field.widget.setPlaceholderText("as chosen")
    return field


def _pipeline(_: FieldInfo) -> Field:
    choice = PipelineChoice()
    return Field(choice, choice.read, choice.write, choice.changed)


MAKERS: dict[str, Maker] = {
    "data.classes": _classes,
    "data.preprocess": _pipeline,
    "network.weights": _file,
    "network.scale": _spread,
}


def fitting_sizes(sizes: Sequence[Any], classes: Sequence[Any], cost: str, steps: Sequence[str] = ()) -> list[Any]:
    """Layers whose first takes what preprocessing leaves of a digit, and whose last has the outputs that classes and a cost need.

    Those are one a class, or for two classes one in all.
    """
    if len(sizes) < 2 or len(classes) < 2:
        return list(sizes)  # half-typed: their own complaints speak
    sizes = [inputs_of(steps), *sizes[1:]]
    least, most = COSTS[cost].fewest_outputs, COSTS[cost].most_outputs
    one = len(classes) == 2 and (most == 1 or (least == 1 and sizes[-1] == 1))
    return [*sizes[:-1], 1 if one else len(classes)]
