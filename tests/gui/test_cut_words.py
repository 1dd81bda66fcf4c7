"""No words are cut: every page, dialog and bar of a window of 1280 × 800 gives its words the room they need."""

from itertools import pairwise

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableWidget,
    QToolButton,
    QWidget,
)

from landscape.gui.commands.key_list import KeyList
from landscape.gui.commands.screen_film import FilmDialog
from landscape.gui.commands.toolbar import CommandBar
from landscape.gui.commands.variation_dialog import VariationDialog
from landscape.gui.drawing.landmarks import draw_landmark
from landscape.gui.drawing.loss_axis import CLOSEST, LossAxis
from landscape.gui.inspect.compare.models import Elided
from landscape.gui.setup.fold import Fold
from landscape.run.landmark import Landmark
from tests.gui.conftest import LONG

CELL_MARGIN = 6  # pixels that a cell leaves free of its text


def cut(root: QWidget) -> list[str]:
    """The words under a widget that have less room than they need, and by how much."""
    found = [f"{text!r}: {why}" for widget in root.findChildren(QWidget) if widget.isVisible()
             for text, why in _cut_in(widget)]  # fmt: skip
    for area in root.findChildren(QScrollArea):
        inside = area.widget()
        never = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if area.isVisible() and inside is not None and never and inside.width() > area.viewport().width():
            found.append(f"{area.accessibleName()}: {inside.width()} in {area.viewport().width()}")
    return found


def _cut_in(widget):
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, Elided):
        if widget.wordWrap() and widget.heightForWidth(widget.width()) > widget.height():
            yield widget.text(), f"{widget.height()} high"
        if not widget.wordWrap() and widget.sizeHint().width() > widget.width():
            yield widget.text(), f"{widget.width()} wide"
    elif isinstance(widget, QPushButton | QToolButton | QCheckBox | QRadioButton) and widget.text().strip("…i»"):
        wanted = metrics.horizontalAdvance(widget.text().replace("&", ""))
        if widget.width() < wanted + 2:
            yield widget.text(), f"{widget.width()} wide"
    elif isinstance(widget, QComboBox) and not isinstance(widget.parent(), CommandBar):  # there dots say that it is cut
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part, kind = QStyle.SubControl.SC_ComboBoxEditField, QStyle.ComplexControl.CC_ComboBox
        room = widget.style().subControlRect(kind, option, part, widget).width()
        if metrics.horizontalAdvance(widget.currentText()) > room:
            yield widget.currentText(), f"{room} wide"
    elif isinstance(widget, QLineEdit) and not isinstance(widget.parent(), QComboBox):
        words = widget.text() or widget.placeholderText()
        if metrics.horizontalAdvance(words) > widget.width() - 6:
            yield words, f"{widget.width()} wide"
    elif isinstance(widget, QTableWidget):
        for row in range(widget.rowCount()):
            for column in range(widget.columnCount()):
                item = widget.item(row, column)
                lines = item.text().split("\n") if item is not None and not widget.isColumnHidden(column) else []
                for line in lines:
                    if metrics.horizontalAdvance(line) > widget.columnWidth(column) - CELL_MARGIN:
                        yield line, f"in column {column}, {widget.columnWidth(column)} wide"


def none_is_cut(qtbot, window, root):
    session = window.session
    qtbot.waitUntil(lambda: session.lanes.idle and not session.turns.due, timeout=LONG)
    qtbot.waitUntil(lambda: not cut(root), timeout=3000) if cut(root) else None


@pytest.mark.parametrize("name", ["Curves", "Step", "Weights", "Digits", "Lab", "Compare"])
def test_a_page_cuts_no_words(qtbot, window, name):
    page, session = window.inspect.show_page(name), window.session
    session.playback.jump(session.run.last_step // 2)
    if name == "Lab":
        for card in page.cards.values():
            card.open()
            card.fold.open()
    if name == "Compare":
        session.contest.add(list(session.contest.from_run().values())[1:4])
    qtbot.waitUntil(lambda: session.lanes.idle and not session.turns.due, timeout=LONG)
    for look in range(page.looks.count()) if name == "Digits" else range(4) if name == "Step" else (0,):
        if name == "Digits":
            page.looks.setCurrentIndex(look)
        if name == "Step":
            page.stages.button(look).click()
        none_is_cut(qtbot, window, window.inspect)


def test_bars_and_setup_cut_no_words(qtbot, window):
    for part in (window.bar, window.motion, window.transport, window.verdict, window.setup_panel):
        none_is_cut(qtbot, window, part)
    for fold in window.setup_panel.findChildren(Fold):
        fold.open()
        none_is_cut(qtbot, window, window.setup_panel)
    window.session.failed.emit("a sentence that is too long for one line of the banner " * 3)
    none_is_cut(qtbot, window, window.banner)


def test_the_dialogs_cut_no_words(qtbot, window):
    session, opened = window.session, window.gallery
    film, variation = FilmDialog(3, window), VariationDialog(session.run.setup, lambda setup: None, window)
    for open_page in (window.bar.open_plane, window.bar.open_surface, window.notes.open, window.guide.open_glossary):
        open_page()
    for open_page in (opened.open_nine, opened.open_line, opened.open_rescaling):
        open_page()
    dialogs = [film, variation, KeyList(window), window.bar.plane_panel, window.bar.surface_panel, window.notes.dialog]
    for dialog in (*dialogs, window.guide._glossary, *opened.pages.values()):
        dialog.show()
        none_is_cut(qtbot, window, dialog)
        dialog.close()


def test_cut_words_are_found(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    label, button = QLabel("some words that take more room", room), QPushButton("a long name", room)
    for widget in (label, button):
        widget.setGeometry(0, 0, 30, 30)
    room.show()
    assert len(cut(room)) == 2
    for widget in (label, button):
        widget.setGeometry(0, 0, 300, 30)
    assert isinstance(button, QAbstractButton) and not cut(room)


@pytest.mark.parametrize("apart", [6, 26, 60])
@pytest.mark.parametrize("height", [40, 200])
def test_names_of_models_do_not_lie_on_each_other(qtbot, apart, height):
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    painter, room, taken = QPainter(image), QRectF(0, 0, 600, 300), []
    for number in range(3):
        mark = Landmark("ABC"[number], f"corner {number}, its end", 0.0, 0.0, 0.1234, 0.1)
        taken.append(draw_landmark(painter, QPointF(300 + apart * number, height), mark, room, taken))
    painter.end()
    assert all(room.contains(words) for words in taken)
    assert not any(a.intersects(b) for a in taken for b in taken if a is not b)


@pytest.mark.parametrize("size", [20, 40, 90, 400])
def test_numbers_of_an_upright_axis_have_room(qtbot, size):
    axis = LossAxis("left", logarithmic=False)
    for low, high in ((0, 1), (0.05, 0.97), (-3, 250)):
        (step, values), *_ = axis.tickValues(low, high, size)
        pixels = [(value - low) / (high - low) * size for value in values]
        assert values and all(b - a >= min(CLOSEST, size / 3) * 0.99 for a, b in pairwise(pixels))
        assert len(axis.tickStrings(values, 1, step)) == len(set(axis.tickStrings(values, 1, step)))


def test_the_legend_of_the_arrows_hangs_under_the_card_and_is_short_then(qtbot, window):
    session, arrows = window.session, window.map.arrows
    session.playback.jump(3)
    session.arrows.toggle()
    qtbot.waitUntil(lambda: session.arrows.current is not None and "cosine" in arrows.legend.text(), timeout=LONG)
    alone = arrows.legend.geometry()
    session.subjects.choose_point(*session.picture.middle)
    card = window.map.pointing.card
    for measured in (False, True):
        if measured:
            qtbot.waitUntil(lambda: session.subjects.figures is not None, timeout=LONG)
        qtbot.waitUntil(lambda: card.isVisible() and not session.turns.due, timeout=LONG)
        assert not arrows.legend.geometry().intersects(card.geometry())
        assert arrows.legend.height() < alone.height() / 2
    session.subjects.release()
    qtbot.waitUntil(lambda: not card.isVisible() and not session.turns.due, timeout=LONG)
    assert arrows.legend.geometry() == alone and "cosine" in arrows.legend.text()


def test_the_keyboard_stays_with_the_landscape_when_its_view_changes(qtbot, window):
    window.activateWindow()
    window.map.plot.setFocus()
    qtbot.waitUntil(lambda: window.map.plot.hasFocus(), timeout=LONG)
    relief = QLabel("in place of the view that needs OpenGL", window.stage)
    relief.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert window.stage.mapTo(window, QPoint(0, 0)).x() > 0
    for name in ("pointing", "show_arrows"):
        setattr(relief, name, _Anything())
    window.stage.relief = relief
    window.stage.show_view("3d")
    assert relief.hasFocus() and not window.map.isVisible()
    window.stage.show_view("2d")
    assert window.map.plot.hasFocus()
    window.stage.relief = None


class _Anything:
    """Takes whatever is asked of it."""

    def __getattr__(self, name):
        return lambda *args, **options: None

    def __call__(self, *args, **options):
        return None
