"""The page of weights follows time and the selected start, and shows what the run's own steps say."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt

from landscape.run.update import update_from
from tests.gui.conftest import LONG


@pytest.fixture
def page(qtbot, window):
    page = window.inspect.show_page("Weights")
    qtbot.waitUntil(lambda: page.content is not None, timeout=LONG)
    return page


def shows(qtbot, page, start, n):
    qtbot.waitUntil(lambda: (page.content.update.start, page.content.update.n) == (start, n), timeout=LONG)


def test_it_shows_the_update_that_leads_on_from_the_cursor(qtbot, window, page):
    session = window.session
    session.playback.jump(7)
    shows(qtbot, page, session.selected, 8)
    expected = update_from(session.run, session.selected, 7)
    np.testing.assert_array_equal(page.content.update.change, expected.change)
    W = session.run.net.unpack(expected.theta)[0][0]
    np.testing.assert_array_equal(page.sheet.pictures.values[3], W[:, 3].reshape(28, 28))
    assert "Update 8" in page.heading.text() and "100 digits" in page.heading.text()
    assert "follows the gradient" in page.lesson.text()
    ratio = np.linalg.norm(session.run.net.unpack(expected.change)[0][0]) / np.linalg.norm(W)
    assert page.table.item(0, 6).text().startswith(f"{ratio:.2g}")
    assert page.table.rowCount() == 6


def test_it_follows_the_selected_start_and_a_jump_while_it_works(qtbot, window, page):
    session = window.session
    session.select(2)
    for step in (3, 11, 5):
        session.playback.jump(step)
    shows(qtbot, page, 2, 6)
    assert session.run.starts[2].name in page.heading.text()


def test_at_the_end_it_shows_the_last_update(qtbot, window, page):
    session = window.session
    session.playback.jump(session.run.last_step)
    shows(qtbot, page, session.selected, session.run.last_step)
    assert page.content.update.made


def test_layers_and_quantities_are_chosen(qtbot, window, page):
    page.shown.setCurrentIndex(2)
    page.shown.activated.emit(2)
    np.testing.assert_array_equal(page.sheet.pictures.values, page.content.pictures["change"].values)
    page.layer.setCurrentIndex(1)
    page.layer.activated.emit(1)
    qtbot.waitUntil(lambda: page.content.wish.layer == 2, timeout=LONG)
    assert page.sheet.pictures.values.shape == (1, 10, 6)
    assert page.sheet.words_at(1, 1).startswith("layer 2, input 0 to neuron 0: change ")


def test_a_hovered_weight_is_read(page):
    place = page.sheet.picture_places()[1]
    value = page.sheet.pictures.values[1, 0, 27]
    words = page.sheet.words_at(place.right() - 0.1, place.top() + 0.1)
    assert words == f"neuron 1, pixel in row 0, column 27: weight {value:+.3g}"
    assert page.sheet.words_at(-5, -5) == ""


def test_it_sleeps_behind_another_page_and_wakes_up_to_date(qtbot, window, page):
    session = window.session
    session.playback.jump(2)
    shows(qtbot, page, session.selected, 3)
    window.inspect.show_page("Curves")
    session.playback.jump(9)
    qtbot.waitUntil(lambda: session.moment.step == 9 and not session.lanes.running("moment"), timeout=LONG)
    assert page.content.update.n == 3 and not session.lanes.running("weights")
    window.inspect.show_page("Weights")
    shows(qtbot, page, session.selected, 10)


def test_every_control_says_what_it_is_and_nothing_is_cut_when_narrow(qtbot, window, page):
    for control in (page.layer, page.shown):
        assert control.toolTip() and control.accessibleName()
    window.resizeDocks([window.inspect_dock], [380], Qt.Orientation.Horizontal)
    inside = page.widget()
    assert inside.minimumSizeHint().width() <= 380
    assert page.sheet.mapTo(inside, QPoint(page.sheet.width(), 0)).x() <= inside.width()
    assert all(place.right() <= page.sheet.width() for place in page.sheet.picture_places())
