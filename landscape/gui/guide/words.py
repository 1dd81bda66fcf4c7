"""What the window itself says of any of its parts, and which term of the glossary that belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QTabBar,
    QWidget,
)

from landscape.glossary import Term, called, mentioned, of_setting


@dataclass(frozen=True)
class Words:
    """What is known of a part of the window: its name, its sentence and its term, of which some may be missing."""

    widget: QWidget
    name: str
    sentence: str
    term: Term | None


def words_of(widget: QWidget, at: QPoint | None = None) -> Words | None:
    """What a widget, or else the nearest one around it, says of itself; `at` is the place in it that is meant."""
    around = list(_outwards(widget))
    for place, part in enumerate(around):
        sentence = _sentence(part, at if part is widget else None)
        if sentence:
            name = _name(part, at if part is widget else None)
            around_it = (text for other in around[place + 1 :] for text in (_name(other, None), _sentence(other, None)))
            term = _setting(part) or called(name) or mentioned((name, sentence, *around_it))
            return Words(part, name, sentence, term)
    return None


def _outwards(widget: QWidget) -> Iterator[QWidget]:
    part: QWidget | None = widget
    while part is not None:
        yield part
        part = part.parentWidget() if not part.isWindow() else None


def _name(widget: QWidget, at: QPoint | None) -> str:
    """What is written at a place of it; its accessible name, what is written on it, or its title."""
    name = _head(widget, at) or widget.accessibleName()
    if not name and isinstance(widget, QAbstractButton | QLabel):
        name = widget.text().replace("&", "")
    if not name and isinstance(widget, QGroupBox):
        name = widget.title()
    return name if "<" not in name else ""


def _sentence(widget: QWidget, at: QPoint | None) -> str:
    """The tooltip of what is at a place of it, its own, or what it says of itself where a tooltip would be in the way."""
    own = _of_part(widget, at)
    if own:
        return own
    if isinstance(widget, QComboBox) and not widget.toolTip():
        return str(widget.currentData(Qt.ItemDataRole.ToolTipRole) or "")
    return widget.toolTip() or widget.whatsThis() or widget.accessibleDescription()


def _of_part(widget: QWidget, at: QPoint | None) -> str:
    """The tooltip of a tab, a column's head or a cell."""
    if isinstance(widget, QTabBar):
        tab = widget.tabAt(at) if at is not None else widget.currentIndex()
        return widget.tabToolTip(tab if tab >= 0 else widget.currentIndex())
    view = widget if at is not None else None
    if isinstance(view, QHeaderView) and (model := view.model()) is not None and at is not None:
        section = view.logicalIndexAt(at)
        return str(model.headerData(section, view.orientation(), Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(view, QAbstractItemView) and at is not None:
        return str(view.indexAt(at).data(Qt.ItemDataRole.ToolTipRole) or "")
    return ""


def _head(widget: QWidget, at: QPoint | None) -> str:
    """What is written on a tab or over a column."""
    if isinstance(widget, QTabBar):
        tab = widget.tabAt(at) if at is not None else -1
        return widget.tabText(tab if tab >= 0 else widget.currentIndex())
    if isinstance(widget, QHeaderView) and at is not None and (model := widget.model()) is not None:
        shown = model.headerData(widget.logicalIndexAt(at), widget.orientation(), Qt.ItemDataRole.DisplayRole)
        return str(shown or "").replace("\n", " ")
    return ""


def _setting(widget: QWidget) -> Term | None:
    """The term of the form's field that a widget is, labels or lies in."""
    buddy = widget.buddy() if isinstance(widget, QLabel) else None
    for part in _outwards(buddy or widget):
        term = of_setting(part.objectName())
        if term is not None:
            return term
    return None
