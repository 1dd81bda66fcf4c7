"""F1 explains everything, the glossary is at hand, the tour points at what it speaks of; all by mouse or keyboard."""

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt, QUrl
from PyQt6.QtGui import QAction, QCursor, QTextDocument
from PyQt6.QtWidgets import QAbstractItemView, QComboBox, QSpinBox, QToolBar, QWidget

from landscape.glossary import searched
from landscape.gui.guide.card import beside, place_in
from landscape.gui.guide.tour import SIGHTS
from landscape.gui.guide.words import words_of
from landscape.gui.inspect.pages import PAGES
from landscape.gui.settings import Settings
from tests.gui.conftest import LONG


def in_reach(window):
    """Everything in the window that can have the keyboard, all pages and folds opened; not the innards of Qt's own controls."""
    for page in PAGES:
        window.inspect.show_page(page.name)
    for fold in window.setup_panel._folds.values():
        fold.open()
    found = []
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), QComboBox | QSpinBox) or widget.objectName().startswith("qt_")
        popup = widget.window() is not window
        part = isinstance(widget.parentWidget(), QAbstractItemView) or widget.objectName().startswith("Scroll")
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not (inner or popup or part):
            found.append(widget)
    return found


def described(widget):
    return f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parentWidget()).__name__}"


def test_whatever_takes_the_keyboard_has_a_name_and_a_sentence_for_screen_readers_and_f1(window):
    focusable = [w for w in in_reach(window) if type(w) is not QWidget]  # a plot's viewport speaks through its plot
    assert len(focusable) > 60
    nameless = [described(w) for w in focusable if not (w.accessibleName() or getattr(w, "text", str)())]
    silent = [described(w) for w in focusable if not (w.toolTip() or w.whatsThis() or words_of(w))]
    assert not nameless, nameless
    assert not silent, silent


def test_f1_finds_a_term_for_every_field_and_every_control_of_the_tool_bars(window):
    fields = [field.widget for form in window.setup_panel._forms for field in form.fields.values()]
    bars = [w for bar in window.findChildren(QToolBar) for w in bar.findChildren(QWidget)]
    controls = [w for w in bars if w.focusPolicy() != Qt.FocusPolicy.NoFocus and w.toolTip() and w.window() is window]
    assert len(fields) > 30 and len(controls) > 25
    missing = []
    for widget in [*fields, *controls]:
        words = words_of(widget)
        if words is None or not words.sentence or words.term is None:
            missing.append(described(widget) + widget.toolTip())
    assert not missing, missing


def test_f1_tells_of_what_has_the_keyboard(qtbot, window):
    rate = window.setup_panel.field("descent.learning_rate").widget
    words = window.guide.explain_widget(rate)
    assert words.term.name == "Rate η"
    card = window.guide.card
    assert card.isVisible()
    assert "η times the gradient" in card.text.text() and "<sub>" not in words.sentence
    assert not place_in(window, card).intersects(place_in(window, rate))
    assert window.rect().contains(place_in(window, card))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_the_key_f1_explains_what_the_mouse_is_over_and_then_what_takes_the_keyboard(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    QCursor.setPos(window.mapToGlobal(QPoint(1, 1)))
    window.setup_panel.train_button.setFocus()
    QCursor.setPos(window.verdict.mapToGlobal(window.verdict.rect().center()))
    qtbot.keyClick(window, Qt.Key.Key_F1)
    told = window.guide.words.widget
    assert window.guide.card.isVisible() and (told is window.verdict or window.verdict.isAncestorOf(told))
    window.transport.speed.setFocus()  # the mouse lies where it lay: the keyboard has moved last
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.guide.words.widget is window.transport.speed
    ring = place_in(window, window.guide._ring)
    assert window.guide._ring.isVisible() and ring.contains(place_in(window, window.transport.speed))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.guide.card.isVisible() and not window.guide._ring.isVisible()


def test_help_opens_the_glossary_with_its_formulae(qtbot, window):
    def chosen(text):
        next(action for action in window.findChildren(QAction) if action.text() == text).trigger()

    chosen("&Glossary…")
    glossary = window.guide._glossary
    qtbot.waitUntil(glossary.isVisible, timeout=LONG)
    glossary.line.clear()
    qtbot.keyClicks(glossary.line, "cross-entropy")
    (term, *_) = searched("cross-entropy")
    assert glossary.list.currentItem().text() == term.name and term.formulae
    page = glossary.page.toPlainText()
    reader = QTextDocument()
    for part in (term.sentence, *term.formulae):
        reader.setHtml(part)
        assert reader.toPlainText() in page
    glossary.close()
    chosen("&Tour")
    assert window.guide.tour.place == 0
    window.guide.dismiss()


def test_f1_brings_a_field_that_was_scrolled_away_into_sight(qtbot, window):
    form = window.setup_panel
    for fold in form._folds.values():
        fold.open()
    qtbot.waitUntil(lambda: form._scroll.verticalScrollBar().maximum() > 400, timeout=LONG)
    widget = [each.widget for form in form._forms for each in form.fields.values() if each.widget.isVisible()][-1]
    form._scroll.verticalScrollBar().setValue(0)
    assert widget.visibleRegion().isEmpty()
    assert window.guide.explain_widget(widget)
    ring = place_in(window, window.guide._ring)
    assert not widget.visibleRegion().isEmpty() and ring.intersects(place_in(window, form._scroll.viewport()))


def test_f1_works_on_tabs_columns_and_the_map(window):
    table = window.inspect.page("Curves").points
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(4) + 5, 5)
    assert words_of(header, at).term.name == "Coverage"
    assert words_of(window.map.plot.viewport()).term.name == "Surface"
    tabs = window.inspect.tabBar()
    assert words_of(tabs, tabs.tabRect(0).center()).sentence == PAGES[0].tip


def test_the_glossary_searches_and_follows_links(window):
    window.guide.open_glossary("Coverage")
    glossary = window.guide._glossary
    assert glossary.isVisible() and not glossary.isModal()
    assert "movement" in glossary.page.toPlainText()
    glossary._follow(QUrl("term:PCA"))
    assert glossary.list.currentItem().text() == "PCA"
    glossary.search("adam")
    assert glossary.list.currentItem().text() == "Adam"
    glossary.search("zzzz")
    assert "Nothing here" in glossary.page.toPlainText()
    glossary.close()


def test_the_tour_points_at_five_things_and_hides_none_of_what_it_points_at(qtbot, window):
    window.guide.begin_tour()
    tour = window.guide.tour
    assert tour.on.hasFocus() or not window.isActiveWindow()
    pointed_at = [window.stage, window.stage, window.verdict, window.transport, window.setup_panel]
    for place, (sight, part) in enumerate(zip(SIGHTS, pointed_at, strict=True)):
        ring = place_in(window, tour.ring)
        assert tour.ring.isVisible() and ring.contains(place_in(window, part)), sight.title
        assert ring.width() < part.width() + 20 and ring.height() < part.height() + 20
        assert tour.place == place and sight.title in tour.card.text.text()
        card, target = place_in(window, tour.card), place_in(window, sight.target(window))
        assert window.rect().contains(card)
        assert tour.card.height() >= tour.card.heightForWidth(tour.card.width())  # no line is cut
        covered = card.intersected(target)
        assert covered.width() * covered.height() < 0.3 * target.width() * target.height()
        qtbot.mouseClick(tour.on, Qt.MouseButton.LeftButton)
    assert tour.place is None and not tour.card.isVisible() and not tour.ring.isVisible()


def test_the_tour_blocks_nothing_and_escape_ends_it_without_stopping_anything(qtbot, window):
    window.guide.begin_tour()
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert window.session.playback.step == window.session.playback.last
    window.session.resume_training(more_epochs=3)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.guide.tour.place is None
    assert window.session.training
    qtbot.waitUntil(lambda: not window.session.training, timeout=LONG)


def test_the_tour_comes_by_itself_once_only(qtbot, window):
    assert not window.settings.toured
    window.guide.tour_once()
    window.session.surface_extended.emit()
    qtbot.waitUntil(lambda: window.guide.tour.place == 0, timeout=LONG)
    assert Settings.load().toured  # known as soon as it is seen: the program may be killed, or opened a second time
    window.close()
    assert Settings.load().toured
    window.guide.dismiss()
    window.guide.tour_once()
    window.session.surface_extended.emit()
    qtbot.waitUntil(lambda: not window.session.turns.due)
    assert window.guide.tour.place is None


@pytest.mark.parametrize("target", [QRect(0, 0, 300, 780), QRect(500, 760, 700, 40), QRect(900, 300, 30, 20)])
def test_a_card_lies_beside_its_target(target):
    card, window = QRect(0, 0, 340, 200), QRect(0, 0, 1280, 800)
    place = QRect(beside(target, card, window), card.size())
    assert window.contains(place) and not place.intersects(target)


def test_the_map_is_moved_and_measured_by_keys(qtbot, window):
    picture = window.session.picture
    before = picture.extent_shown()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Right, held)
    width = before.a[1] - before.a[0]
    assert picture.extent_shown().a[0] == pytest.approx(before.a[0] + 0.1 * width)
    qtbot.keyClick(window, Qt.Key.Key_X)
    subjects = window.session.subjects
    qtbot.waitUntil(lambda: subjects.figures is not None, timeout=LONG)
    assert subjects.point.where == pytest.approx(picture.middle)
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.session.selected == 1


def test_a_second_window_does_not_show_the_tour_again(qtbot, window):
    window.guide.tour_once()
    other = Settings()  # of a window that was opened before the first one showed the tour
    other.toured = False
    window.session.surface_extended.emit()
    qtbot.waitUntil(lambda: window.guide.tour.place == 0, timeout=LONG)
    assert not other.tour_begins() and other.toured
    Settings(theme="light").save()  # of one that closes without having come to it
    assert Settings.load().toured and Settings.load().theme == "light"
