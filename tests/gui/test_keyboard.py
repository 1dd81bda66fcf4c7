"""The keyboard alone: Tab comes to every control of the window and leaves it again, and what has the focus is seen."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from landscape.gui.commands.screen_film import FilmDialog
from landscape.gui.commands.variation_dialog import VariationDialog
from landscape.gui.setup.fold import Fold
from tests.gui.by_keys import controls, described, does_without_the_mouse, dull, nameless, untold
from tests.gui.conftest import LONG

PAGES = ("Curves", "Step", "Weights", "Digits", "Lab", "Compare")


def test_the_keyboards_choice_is_seen_under_the_mouse_too(qtbot, window):
    window.gallery.open_nine()
    page = window.gallery.pages["nine"]
    qtbot.waitUntil(lambda: len(page.tiles) == 9 and window.session.lanes.idle, timeout=LONG)
    page.maps[7].setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert page.maps[7].underMouse() and not dull(qtbot, page)
    page.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_control_of_the_window_shows_that_it_has_the_keyboard(qtbot, window, theme):
    window.use_theme(theme)
    for fold in window.setup_panel.findChildren(Fold):
        fold.open()
    parts = [window.setup_dock, window.bar, window.motion, window.stage, window.verdict, window.transport]
    for part in parts:
        assert controls(part), part
        assert not dull(qtbot, part), part
        assert not nameless(part), part
    session = window.session

    def at_rest():
        return not session.turns.due and session.lanes.idle

    for name in PAGES:
        page = window.inspect.show_page(name)
        qtbot.waitUntil(lambda page=page: page.isVisible() and at_rest(), timeout=LONG)
        if name == "Step":
            qtbot.waitUntil(lambda: session.microscope.found is not None and at_rest(), timeout=LONG)
        if name == "Lab":
            for card in page.cards.values():
                card.title.setChecked(True)
        for look in range(page.looks.count()) if name == "Digits" else (0,):
            if name == "Digits":
                page.looks.setCurrentIndex(look)
                qtbot.waitUntil(lambda page=page: page.examination.examined is not None, timeout=LONG)
            qtbot.waitUntil(at_rest, timeout=LONG)
            assert controls(page), name
            assert not dull(qtbot, window.inspect), name
            assert not nameless(window.inspect), name
    assert len(controls(window)) > 60


def test_every_control_of_the_dialogs_shows_that_it_has_the_keyboard(qtbot, window):
    session = window.session
    film, variation = FilmDialog(3, window), VariationDialog(session.run.setup, lambda setup: None, window)
    window.bar.open_plane()
    window.bar.open_surface()
    window.notes.open()
    window.guide.open_glossary()
    for open_page in (window.gallery.open_nine, window.gallery.open_line, window.gallery.open_rescaling):
        open_page()
    qtbot.waitUntil(lambda: len(window.gallery.pages["nine"].tiles) == 9 and session.lanes.idle, timeout=LONG)
    for dialog in (film, variation):
        dialog.show()
    dialogs = [film, variation, window.bar.plane_panel, window.bar.surface_panel, window.notes.dialog]
    for dialog in (*dialogs, window.guide._glossary, *window.gallery.pages.values()):
        dialog.show()
        # What is shown may be drawn anew, and what asks for another drawing waits meanwhile.
        qtbot.waitUntil(
            lambda dialog=dialog: session.lanes.idle and not session.turns.due and bool(controls(dialog)), timeout=LONG
        )
        assert not (unseen := dull(qtbot, dialog)), (dialog, unseen)
        assert not nameless(dialog), dialog
        dialog.close()


def test_tab_goes_round_the_whole_window(qtbot, window):
    window.activateWindow()
    first = window.transport.buttons["first"]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    wanted, seen = set(controls(window)), []
    for _ in range(3 * len(wanted)):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(seen[-1], Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            break
    assert QApplication.focusWidget() is first, described(seen[-1])  # nothing keeps it
    assert not [described(widget) for widget in wanted - set(seen)]


def test_help_lists_every_key(window):
    assert not untold(window, window)


def test_what_the_mouse_does_on_the_map_is_done_by_keys(qtbot, window):
    does_without_the_mouse(qtbot, window, window.map, window.map.plot)
