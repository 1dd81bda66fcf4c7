"""The page along a line: every line is drawn, its words told, and it goes out as picture and table."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog

from landscape.gui.theme import THEMES
from landscape.run.chosen_line import LINES
from tests.gui.conftest import LONG, settled


@pytest.fixture
def page(qtbot, window):
    """The page, opened with its key."""
    qtbot.keyClick(window, Qt.Key.Key_L)
    page = window.gallery.pages["line"]
    drawn(qtbot, window, page)
    yield page
    page.close()
    settled(qtbot, window)


def drawn(qtbot, window, page):
    """Wait until the line is whole and said."""
    qtbot.waitUntil(
        lambda: page.found is not None and page.found.done == 1 and not window.session.lanes.running("line"),
        timeout=LONG,
    )


def choose(page, name):
    """Choose a line as a hand does."""
    page.line.setCurrentIndex(page.line.findData(name))
    page.line.activated.emit(page.line.currentIndex())


def test_every_line_is_drawn_and_said(qtbot, window, page):
    session = window.session
    for name in LINES:
        choose(page, name)
        drawn(qtbot, window, page)
        assert page.words.text() == "\n".join(page.found.sentences)
        assert page.other.isVisible() == (name == "ends")
        for plot in page.plots:
            for which, curve in plot.curves.items():
                assert len(curve.getData()[0]) == len(page.found.t), (name, which)
    assert session.subjects.current.words in page.words.text()
    assert page.export_button.isEnabled()


def test_the_ends_lie_at_the_recorded_losses_in_the_scale_of_the_picture(qtbot, window, page):
    session, plot = window.session, page.plots[0]
    recorded = session.run.figure("loss")[0, session.selected], session.run.best.loss
    marks = [point.pos() for point in plot.ends.points()]
    np.testing.assert_allclose([mark.x() for mark in marks], (0, 1))
    np.testing.assert_allclose([mark.y() for mark in marks], np.log10(recorded), atol=1e-3)
    session.heights.choose(session.heights.measure, scale="linear")
    qtbot.waitUntil(lambda: not session.turns.due)
    np.testing.assert_allclose([point.pos().y() for point in plot.ends.points()], recorded, rtol=1e-3)


def test_it_follows_the_selected_start_and_a_chosen_point(qtbot, window, page):
    session = window.session
    choose(page, "start_end")
    drawn(qtbot, window, page)
    session.select(1)
    qtbot.waitUntil(lambda: page.found is not None and page.found.line.a.start == 1, timeout=LONG)
    choose(page, "gradient")
    drawn(qtbot, window, page)
    session.subjects.choose_point(0.1, 0.2)
    qtbot.waitUntil(lambda: page.found is not None and "a = 0.10" in page.found.line.a.name, timeout=LONG)
    drawn(qtbot, window, page)


def test_picture_and_table_go_out(qtbot, window, page, tmp_path, monkeypatch):
    for words, work, name in (("Picture…", page._picture, "line.svg"), ("Table…", page._table, "line.csv")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(tmp_path / name), ""))
        with qtbot.waitSignal(window.session.told, timeout=LONG):
            page.export(words, work)
        assert (tmp_path / name).stat().st_size > 500


def test_it_takes_the_window_s_theme(qtbot, window, page):
    for name in ("light", "dark"):
        window.use_theme(name)
        qtbot.waitUntil(lambda name=name: page._theme is THEMES[name], timeout=LONG)


def test_a_plane_s_details_lead_to_it(qtbot, window):
    window.bar.open_plane()
    qtbot.mouseClick(window.bar.plane_panel.along_line, Qt.MouseButton.LeftButton)
    page = window.gallery.pages["line"]
    assert page.isVisible() and not window.bar.plane_panel.isVisible()
    page.close()
    assert not window.session.lanes.running("line")
    settled(qtbot, window)
