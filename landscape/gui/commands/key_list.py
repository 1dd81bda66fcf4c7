"""The page of Help that lists the keys: what the mouse does on the landscape and what does the same without one, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from landscape.gui.setup.form import REDO_KEYS, UNDO_KEYS

if TYPE_CHECKING:
    from landscape.gui.commands.keys import Key
    from landscape.gui.window import MainWindow

# What is done to the landscape, with the mouse, and without one.
ACTS = (
    ("Read a point: the surface, the network there", "rest on it; click", "X: the one in the middle of the map"),
    ("Another point", "move", "Ctrl+Shift+arrows, then X"),
    ("Start a descent there", "hold the button still", "X, then Enter in the landscape"),
    ("Back to the descents", "right click", "Esc"),
    ("Choose a start", "click its ball", "N: the next"),
    ("Move the map", "drag", "Ctrl+Shift+arrows"),
    ("Nearer, farther", "wheel", "+, −"),
    ("Turn the plane", "Shift and drag", "A, D: direction u; S, W: direction v"),
    ("Shift the plane", "Ctrl and drag", "Q, E"),
    ("In 3D: turn the view", "drag", "Alt+arrows"),
    ("In 3D: move the view", "right drag, or Shift and drag", "Alt+Shift+arrows"),
    ("In 3D: nearer, farther", "wheel", "Alt++ or Alt+=, Alt+−"),
    ("In 3D: everything in view", "double click", "I: corner; T: top; F: front"),
    ("In 3D: turn slowly", "the button Orbit", "O"),
)
# The key with which a group of the others begins.
GROUPS = {"Space": "Time", "N": "Starts and planes", "A": "The plane and the map", "M": "A step", "R": "At any time"}
SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "-": "−"}
WIDTH, HEIGHT, LEFT_WIDTH = 620, 640, 130


class KeyList(QDialog):
    """Lists all keys; may stay open while one works."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle("Keys")
        self.resize(WIDTH, HEIGHT)
        self.page = QTextBrowser()
        self.page.setAccessibleName("Keys and what they do")
        self.page.setToolTip("All keys; the arrows scroll")
        self.page.setHtml(_page(window))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        column.addWidget(buttons)


def _page(window: MainWindow) -> str:
    parts = [_table("On the landscape", ACTS, ("", "with the mouse", "with keys"))]
    for title, keys in _grouped(window.keys):
        parts.append(_table(title, [(sign(key.name), key.words) for key in keys]))
    parts.append(_table("In menus and on the bar", _of_actions(window)))
    undo = ", ".join(UNDO_KEYS), ", ".join(REDO_KEYS)
    parts.append(_table("In the settings on the left", [(undo[0], "undo"), (undo[1], "do again what was undone")]))
    return "".join(parts)


def _grouped(keys: Iterable[Key]) -> Iterable[tuple[str, list[Key]]]:
    groups: list[tuple[str, list[Key]]] = []
    for key in keys:
        if key.name in GROUPS:
            groups.append((GROUPS[key.name], []))
        groups[-1][1].append(key)
    return groups


def _of_actions(window: QWidget) -> list[tuple[str, str]]:
    """The keys of menus and buttons, and what is written on them."""
    actions = [action for action in window.findChildren(QAction) if not action.shortcut().isEmpty()]
    rows = {sign(action.shortcut().toString()): _words(action) for action in actions}
    return sorted(rows.items())


def _words(action: QAction) -> str:
    return action.text().replace("&", "").rstrip("…")


def sign(name: str) -> str:
    """A key as it is written for people: "Ctrl+←"."""
    *held, last = name.split("+") if len(name) > 1 else [name]
    return "+".join([*held, SIGNS.get(last, last)])


def _table(title: str, rows: Iterable[tuple[str, ...]], head: tuple[str, ...] = ()) -> str:
    cells = "".join(f"<th align='left'>{escape(name)}</th>" for name in head)
    lines = [f"<tr>{cells}</tr>"] if head else []
    for first, *rest in rows:
        cells = "".join(f"<td style='padding-right: 14px'>{escape(cell)}</td>" for cell in rest)
        lines.append(f"<tr><td width='{LEFT_WIDTH if len(rest) == 1 else ''}'>{escape(first)}</td>{cells}</tr>")
    return f"<h3>{escape(title)}</h3><table cellspacing='0' cellpadding='1'>{''.join(lines)}</table>"
