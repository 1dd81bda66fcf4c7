"""The keyboard: every key of the window and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut

from landscape.gui.commands.motion_bar import SHIFT, TURN, ZOOM
from landscape.gui.microscope import Microscope

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


# Shares of the map's width and height.
MOVES = (
    ("Left", "to the left", -0.1, 0),
    ("Right", "to the right", 0.1, 0),
    ("Up", "up", 0, 0.1),
    ("Down", "down", 0, -0.1),
)


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
        Key("N", "next start", lambda: session.select((session.selected + 1) % session.run.K if session.run else 0)),
        Key("P", "next plane", picture.next_plane),
        Key("9", "nine random planes at once", lambda: window.gallery.open_nine()),
        Key("L", "along a straight line: loss and accuracy", lambda: window.gallery.open_line()),
        Key("Shift+P", "the plane in detail; keep it", window.bar.open_plane),
        Key("Shift+S", "what the heights are", window.bar.open_surface),
        Key("A", "turn u back", lambda: live.turn("u", -TURN)),
        Key("D", "turn u on", lambda: live.turn("u", TURN)),
        Key("S", "turn v back", lambda: live.turn("v", -TURN)),
        Key("W", "turn v on", lambda: live.turn("v", TURN)),
        Key("Q", "shift the plane back", lambda: live.shift(-SHIFT)),
        Key("E", "shift the plane on", lambda: live.shift(SHIFT)),
        Key("+", "nearer", lambda: picture.zoom(1 / ZOOM)),
        Key("-", "farther", lambda: picture.zoom(ZOOM)),
        Key("0", "all paths in the window", picture.look_at_all),
        *(
            # Not Ctrl+Alt, with which desktops change from one workspace to the next: the key would never come here.
            Key(f"Ctrl+Shift+{way}", f"move the map {words}", partial(picture.move, across, up))
            for way, words, across, up in MOVES
        ),
        Key("X", "choose the point in the middle of the map", lambda: session.subjects.choose_point(*picture.middle)),
        Key("M", "the mini-batch's surface: off, beside, over, minus", session.minibatch.next_mode),
        Key("G", "gradient arrows at the selected start, or no longer", session.arrows.toggle),
        Key(",", "one stage of the step back (← while the page Step has the focus)", lambda: _step(window).go_back()),
        Key(".", "one stage of the step on (→ while the page Step has the focus)", lambda: _step(window).go_on()),
        Key("R", "train", window.setup_panel.request_training),
        Key("Return", "in the landscape: start a descent at the chosen point", session.descend_from_point, near=True),
        Key("F1", "explain what the mouse is over, or what has the keyboard", window.guide.explain),
        Key(
            "Esc",
            "close a card; leave the full screen; back from a chosen point or model; else stop what runs",
            partial(_escape, window),
        ),
    ]
    for key in keys:
        parent = window.centralWidget() if key.near else window
        shortcut = QShortcut(QKeySequence(key.name), parent)
        if key.near:
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(key.act)
    return keys


def _escape(window: "MainWindow") -> None:
    """Undo one thing at a time, the topmost first."""
    if not window.guide.dismiss() and not window.presenter.leave():
        window.session.escape()


def _step(window: "MainWindow") -> Microscope:
    """The microscope, with its page in front."""
    window.inspect_dock.show()
    window.inspect_dock.raise_()
    window.inspect.show_page("Step")
    return window.session.microscope
