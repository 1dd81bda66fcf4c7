"""The keyboard alone: Tab comes to every control of the window and leaves it again, and what has the focus is seen."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from landscape.gui.commands.key_list import KeyList
from landscape.gui.commands.motion_bar import SHIFT, TURN, ZOOM
from landscape.gui.commands.screen_film import FilmDialog
from landscape.gui.commands.variation_dialog import VariationDialog
from landscape.gui.setup.fold import Fold
from landscape.run.choice import PLANES
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
    listed = KeyList(window)
    dialogs = [film, variation, listed, window.bar.plane_panel, window.bar.surface_panel, window.notes.dialog]
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


def what_keys_do(window, run, turned, shifted):
    """By key: whether it has done what Help says, from the middle of a run with its paths and the first start in view."""
    session, picture, scope = window.session, window.session.picture, window.session.microscope
    frame, planes, extent = run.frames // 2, list(PLANES), picture.extent_shown()
    bests = [step for step in run.new_best_steps.tolist() if step > run.steps[frame]] + [int(run.new_best_steps[0])]

    def at(step):
        return lambda: window.session.playback.step == np.clip(step, 0, run.last_step)

    def moved(across, up):
        a, b = np.array(extent.a), np.array(extent.b)
        wanted = [*(a + across * np.ptp(a)), *(b + up * np.ptp(b))]
        return lambda: [*picture.extent_shown().a, *picture.extent_shown().b] == pytest.approx(wanted)

    def wide(share):
        return lambda: np.ptp(picture.extent_shown().a) == pytest.approx(share * np.ptp(extent.a))

    def opened(pages, name):
        return lambda: (page := pages.get(name)) is not None and page.isVisible()

    return {
        "Space": lambda: session.playback.playing,
        "Left": at(run.steps[frame - 1]),
        "Right": at(run.steps[frame + 1]),
        "Ctrl+Left": at(run.steps[frame] - 1),
        "Ctrl+Right": at(run.steps[frame] + 1),
        "Shift+Left": at(run.steps[frame] - run.steps_per_epoch),
        "Shift+Right": at(run.steps[frame] + run.steps_per_epoch),
        "Home": at(0),
        "End": at(run.last_step),
        "B": at(bests[0]),
        "Shift+B": lambda: at(session.best.step)() and session.selected == session.best.start,
        "N": lambda: session.selected == 1,
        "P": lambda: picture.choice == planes[planes.index("pca_all") + 1],
        "9": opened(window.gallery.pages, "nine"),
        "L": opened(window.gallery.pages, "line"),
        "Shift+P": opened(vars(window.bar), "plane_panel"),
        "Shift+S": opened(vars(window.bar), "surface_panel"),
        "A": lambda: turned == [("u", -TURN)],
        "D": lambda: turned == [("u", TURN)],
        "S": lambda: turned == [("v", -TURN)],
        "W": lambda: turned == [("v", TURN)],
        "Q": lambda: shifted == [-SHIFT],
        "E": lambda: shifted == [SHIFT],
        "+": wide(1 / ZOOM),
        "-": wide(ZOOM),
        "0": lambda: picture.extent is None,
        "Ctrl+Shift+Left": moved(-0.1, 0),
        "Ctrl+Shift+Right": moved(0.1, 0),
        "Ctrl+Shift+Up": moved(0, 0.1),
        "Ctrl+Shift+Down": moved(0, -0.1),
        "X": lambda: session.subjects.point is not None and session.subjects.point.where == picture.middle,
        "M": lambda: session.minibatch.mode == "beside",
        "G": lambda: session.arrows.shown,
        ".": lambda: scope.stage == 1 and window.inspect.page("Step").isVisible(),
        ",": lambda: scope.stage == 0,
        "F1": window.guide.card.isVisible,
        "Esc": lambda: not window.guide.card.isVisible(),
        "R": lambda: session.run is not run and session.run.K == 5,
        "Return": lambda: session.run is not run and session.run.K == 1,
    }


def test_every_key_does_what_help_says_of_it(qtbot, window, monkeypatch):
    """All of them in turn: a key that is not listed above fails too."""
    session, run, turned, shifted = window.session, window.session.run, [], []
    window.setup_panel.show_setup(run.setup)
    monkeypatch.setattr(session.live, "turn", lambda *turn: turned.append(turn))
    monkeypatch.setattr(session.live, "shift", shifted.append)
    extent, does = session.picture.extent_shown(), what_keys_do(window, run, turned, shifted)
    assert set(does) == {key.name for key in window.keys}
    for name, done in does.items():
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
        session.picture.extent, session.picture.choice = extent, "pca_all"
        session.playback.jump(int(run.steps[run.frames // 2]))
        session.select(0)
        turned.clear()
        shifted.clear()
        if name == "Return":
            qtbot.waitUntil(lambda: session.portrait is not None and not session.training, timeout=LONG)
            session.subjects.choose_point(0.1, 0.2)
        keys = window.map.plot if name == "Return" else window.transport.speed if name == "F1" else window
        keys.setFocus()
        assert name == "Esc" or not done(), name
        QTest.keySequence(keys, QKeySequence(name))
        qtbot.waitUntil(done, timeout=LONG)
        for page in (*window.gallery.pages.values(), window.bar.plane_panel, window.bar.surface_panel):
            if page is not None:
                page.close()
