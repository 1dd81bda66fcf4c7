"""Where a file is to go: the dialog that asks for its place."""

import re
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from landscape.gui.session import Session


def ask_for_place(session: Session, parent: QWidget, title: str, first: Path, kinds: str) -> tuple[Path, str] | None:
    """The path somebody chose, `first` proposed, and which of the kinds (Qt's filters, "words (*.a *.b);;…").

    A name without an ending of these kinds gets that of the chosen kind. None where nobody chose, or where the completed
    name is that of a file, about which the dialog did not ask: that is told.
    """
    chosen, kind = QFileDialog.getSaveFileName(parent, title, str(first), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() not in _endings(kinds):
        path = path.with_name(path.name + (_endings(kind) or [first.suffix])[0])
        if path.exists():
            session.failed.emit(f"{path.name} is there already: choose it by its whole name to replace it")
            return None
    return path, kind


def _endings(kinds: str) -> list[str]:
    return re.findall(r"\*(\.\w+)", kinds)
