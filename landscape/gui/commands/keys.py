"""The keyboard: every key of the window, what it does, and the page of Help that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut

from landscape.gui.commands.motion_bar import SHIFT, TURN, ZOOM

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


@dataclass(frozen=True)
class Key:
    """One key: its name as Qt writes it, what it does in words, and the doing; `near` means the landscape alone."""

    name: str
    words: str
    act: Callable[[], object]
    near: bool = False


def bind_keys(window: "MainWindow") -> list[Key]:
    """Make the keys of a window work; returns them."""
    session = window.session
    playback, live, picture = session.playback, session.live, session.picture
    keys = [
        Key("Space", "play or pause", playback.toggle),
        Key("Left", "one recorded frame back", lambda: playback.move("frame", -1)),
        Key("Right", "one recorded frame on", lambda: playback.move("frame", 1)),
        Key("Ctrl+Left", "one gradient step back", lambda: playback.move("step", -1)),
        Key("Ctrl+Right", "one gradient step on", lambda: playback.move("step", 1)),
        Key("Shift+Left", "one epoch back", lambda: playback.move("epoch", -1)),
        Key("Shift+Right", "one epoch on", lambda: playback.move("epoch", 1)),
        Key("Home", "the start", lambda: playback.jump(0)),
        Key("End", "the end", lambda: playback.jump(playback.last)),
        Key("B", "next new best", session.next_best),
        Key("Shift+B", "best so far", window.show_best),
        Key("P", "next plane", picture.next_plane),
        Key("Shift+P", "the plane in detail; keep it", window.bar.open_plane),
        Key("A", "turn u back", lambda: live.turn("u", -TURN)),
        Key("D", "turn u on", lambda: live.turn("u", TURN)),
        Key("S", "turn v back", lambda: live.turn("v", -TURN)),
        Key("W", "turn v on", lambda: live.turn("v", TURN)),
        Key("Q", "shift the plane back", lambda: live.shift(-SHIFT)),
        Key("E", "shift the plane on", lambda: live.shift(SHIFT)),
        Key("+", "nearer", lambda: picture.zoom(1 / ZOOM)),
        Key("-", "farther", lambda: picture.zoom(ZOOM)),
        Key("0", "all paths in the window", picture.look_at_all),
        Key("M", "the mini-batch's surface: off, beside, over, minus", session.minibatch.next_mode),
        Key("G", "gradient arrows at the selected start, or no longer", session.arrows.toggle),
        Key("R", "train", window.setup_panel.request_training),
        Key("Return", "in the landscape: start a descent at the chosen point", session.descend_from_point, near=True),
        Key("Esc", "back from a chosen point or model to the descent; else stop what runs", session.escape),
    ]
    for key in keys:
        parent = window.centralWidget() if key.near else window
        shortcut = QShortcut(QKeySequence(key.name), parent)
        if key.near:
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(key.act)
    return keys


def key_list(keys: list[Key]) -> str:
    """The keys and what they do, one a line."""
    return "\n".join(f"{key.name.replace('Left', '←').replace('Right', '→')}\t{key.words}" for key in keys)
