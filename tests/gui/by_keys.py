"""What tests of the keyboard ask of any part of the window: what Tab comes to, whether that is seen, which keys it has."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QShortcut
from PyQt6.QtWidgets import QAbstractButton, QApplication, QWidget

from landscape.gui.commands.key_list import KeyList, sign
from landscape.gui.pointing import surface_words
from tests.gui.conftest import LONG, settled


def described(widget):
    said = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return f"{type(widget).__name__} {said!r} in {type(widget.parent()).__name__}"


def controls(root):
    """What the Tab key can come to in a window or a part of one."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.window() is root.window()
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]


def dull(qtbot, root):
    """The controls that look with the keyboard as they look without."""
    window = root.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as Qt does when Tab is pressed
    unseen = []
    for widget in controls(root):
        if (before := window.focusWidget()) is not None:
            before.clearFocus()
        qtbot.waitUntil(lambda widget=widget: not widget.hasFocus(), timeout=LONG)
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda widget=widget: widget.hasFocus(), timeout=LONG)
        try:  # a style may need an event or two
            qtbot.waitUntil(lambda widget=widget, without=without: widget.grab().toImage() != without, timeout=2000)
        except qtbot.TimeoutError:
            unseen.append(described(widget))
    return unseen


def nameless(root):
    """The controls of which a screen reader could say nothing."""
    return [
        described(widget)
        for widget in controls(root)
        if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text())
    ]


def untold(window, root):
    """The keys of a part of the window that Help does not list."""
    next(action for action in window.findChildren(QAction) if action.text() == "&Keys").trigger()
    listed = window.findChild(KeyList)
    text = listed.page.toPlainText()
    words = text.replace(",", " ").replace(":", " ").split()
    actions = [action.shortcut() for action in root.findChildren(QAction)]
    keys = [key for shortcut in root.findChildren(QShortcut) for key in QShortcut.keys(shortcut)]
    names = {sign(key.toString()) for key in (*actions, *keys) if not key.isEmpty()}
    listed.close()
    any_arrow = {name: name[:-1] + "arrows" if name[-1] in "←→↑↓" else name for name in names}
    told = {name for name, arrow in any_arrow.items() if name in words or arrow in words or f"\n{name}\n" in text}
    assert len(told) > 5
    return names - told


def walked_to(qtbot, window, widget):
    """Press Tab until a widget has the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    for _ in range(200):
        if widget.hasFocus():
            return
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {described(widget)}")


def does_without_the_mouse(qtbot, window, view, takes_keys):
    """Read a point of the landscape, go to another, and begin a descent there, by keys alone."""
    session, card = window.session, view.pointing.card
    settled(qtbot, window)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    places = []
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_X)
        point = session.subjects.point
        assert point.where == pytest.approx(session.picture.middle)
        places.append(point.where)
        # The card of the chosen point says all that the card under the mouse would say there.
        spot = session.subjects.spot()
        told = surface_words(session, spot.a, spot.b)
        qtbot.waitUntil(lambda: session.subjects.figures is not None and not session.turns.due, timeout=LONG)
        assert session.subjects.figures.words in card.text()
        assert told and card.isVisible() and all(f"surface: {line}" in card.text() for line in told)
        qtbot.keyClick(window, Qt.Key.Key_Right, held)
        settled(qtbot, window)
    assert places[0] != places[1]
    walked_to(qtbot, window, takes_keys)
    before = session.run
    qtbot.keyClick(takes_keys, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)
    settled(qtbot, window)
    assert session.run.K == 1
    assert session.portrait.coordinates[0, 0] == pytest.approx(places[1], abs=1e-3)
