"""Presenting, closing, notes, the look and the layout: what makes the window pleasant to live with."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication, QDockWidget

from landscape.gui.commands.look_menu import reset_layout
from landscape.gui.inspect.weights.clouds import CloudPlot
from landscape.gui.settings import Settings
from landscape.gui.theme import COLOUR_MAPS
from landscape.gui.transport import Transport
from landscape.run.notes import notes_of
from landscape.run.run import Run
from tests.gui.conftest import LONG


def test_presenting_shows_the_landscape_large_and_escape_brings_all_back(qtbot, window):
    size, seen = QApplication.font().pointSizeF(), (window.setup_dock, window.inspect_dock, window.bar, window.motion)
    usual = window.transport.where.width()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.presenter.presenting and window.isFullScreen()
    assert not any(part.isVisible() for part in seen) and not window.status.isVisible()
    assert window.verdict.isVisible() and window.transport.isVisible() and window.map.isVisible()
    assert QApplication.font().pointSizeF() > 1.5 * size
    for side, room in (("left", window.map.box.height()), ("bottom", window.map.box.width())):
        name = window.map.plot.getAxis(side)
        assert name.labelText and name.label.boundingRect().width() < room  # not cut
    where = window.transport.where
    assert usual < where.sizeHint().width() <= where.width()
    choices = (window.transport.speed, window.transport.in_step)
    assert not any(choice.isVisible() for choice in choices)  # so narrow a bar has room for time only
    bar = window.map.surface.bar_axis
    assert "16pt" in bar.labelStyle["font-size"] and bar.labelStyle["color"] == window.theme.text
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.playback.playing  # the keys go on working
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.presenter.presenting and not window.isFullScreen()
    assert all(part.isVisible() for part in seen) and window.status.isVisible()
    assert QApplication.font().pointSizeF() == size
    assert where.width() == usual  # the slider has its room again
    assert all(choice.isVisible() for choice in choices)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.presenter.presenting
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not window.presenter.presenting


def test_a_wide_bar_has_room_for_large_letters_and_choices(qtbot, window):
    transport = Transport(window.session.playback)
    qtbot.addWidget(transport)
    transport.write_large(True)
    transport.show()
    for width, shown in ((1200, False), (1800, True), (1200, False)):
        transport.resize(width, 60)
        qtbot.waitUntil(lambda shown=shown: transport.speed.isVisible() == transport.in_step.isVisible() == shown)


def test_the_map_of_colours_is_chosen_remembered_and_used_everywhere(qtbot, window):
    import pyqtgraph as pg

    def action(text):
        return next(a for menu in window.menuBar().findChildren(type(window.menus.recent_menu)) for a in menu.actions()
                    if a.text() == text)  # fmt: skip

    assert action(COLOUR_MAPS["viridis"]).isChecked()
    action(COLOUR_MAPS["cividis"]).trigger()
    wanted = pg.colormap.get("cividis").getLookupTable(nPts=512)
    np.testing.assert_array_equal(window.map.surface.image.lut, wanted)
    assert window.files._view().look["colours"] == "cividis"
    cividis = [tuple(row[:3]) for row in pg.colormap.get("cividis").getLookupTable(nPts=256).tolist()]
    clouds = window.inspect.page("Weights").clouds.findChildren(CloudPlot)
    assert clouds and all(tuple(plot.image.lut[100, :3]) == cividis[100] for plot in clouds)
    window.gallery.open_nine()
    page = window.gallery.pages["nine"]
    qtbot.waitUntil(lambda: len(page.tiles) == 9 and not window.session.lanes.running("nine planes"), timeout=LONG)
    assert all(QColor(tile._image.pixel(20, 20)).getRgb()[:3] in cividis for tile in page.maps)
    action(COLOUR_MAPS["magma"]).trigger()
    assert all(QColor(tile._image.pixel(20, 20)).getRgb()[:3] not in cividis for tile in page.maps)
    action(COLOUR_MAPS["cividis"]).trigger()
    page.close()
    window.session.heights.choose("training", "linear")
    qtbot.waitUntil(lambda: not window.session.turns.due)
    np.testing.assert_array_equal(window.map.surface.image.lut, wanted)
    window.close()
    assert Settings.load().colours == "cividis"


def test_the_theme_is_a_choice_with_a_mark(window):
    actions = {a.text(): a for a in window.findChildren(type(window.menus.save_action))}
    assert actions["&Dark"].isChecked() and actions["&Light"].isCheckable()
    actions["&Light"].trigger()
    assert window.settings.theme == "light" and not actions["&Dark"].isChecked()
    actions["&Dark"].trigger()


def test_docks_float_and_the_layout_can_be_reset(window):
    assert window.inspect_dock.features() & QDockWidget.DockWidgetFeature.DockWidgetFloatable
    window.setup_dock.close()
    window.inspect_dock.setFloating(True)
    reset_layout(window)
    assert window.setup_dock.isVisible() and not window.inspect_dock.isFloating()


def test_closing_while_something_runs_is_asked_once(qtbot, window):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 400})
    session.train(longer)
    qtbot.waitUntil(lambda: session.training and session.run.setup == longer and session.run.frames > 3, timeout=LONG)
    assert not window.close() and window.isVisible()
    question = window.closing.question
    assert "Training" in question.informativeText() and "kept" in question.informativeText()
    question.button(question.StandardButton.NoButton)
    question.escapeButton().click()
    assert window.isVisible() and session.training
    assert not window.close()
    frames = session.run.frames
    close = next(b for b in window.closing.question.buttons() if b.text() == "Close")
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.isVisible() and not session.training
    kept = Run.load(session.run.folder)
    assert kept.frames >= frames and kept.unfinished
    kept.close()


def test_closing_at_rest_asks_nothing(window):
    assert window.close() and window.closing.question is None


def test_what_an_export_would_lose_is_said(window):
    from landscape.gui.jobs import Activity

    window.session.lanes.activity["export"] = Activity("exporting map.png", 0.25, 0.0)
    assert window.closing.losses() == ["Exporting map.png, 25% done: it would have to begin again."]
    del window.session.lanes.activity["export"]


def test_notes_are_written_with_the_run_and_come_back(qtbot, window, tmp_path):
    session = window.session
    window.notes.open()
    qtbot.keyClicks(window.notes.editor, "It overshoots.")
    assert notes_of(session.run) == "It overshoots."
    window.notes.keep()
    again = Run.load(session.run.folder)
    assert notes_of(again) == "It overshoots."
    again.close()
    path = tmp_path / "noted.landscape"
    session.save_run(path)
    qtbot.waitUntil(lambda: not session.lanes.running("save"), timeout=LONG)
    session.train()
    qtbot.waitUntil(lambda: window.notes.editor.toPlainText() == "", timeout=LONG)
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    session.open_run(path)
    qtbot.waitUntil(lambda: window.notes.editor.toPlainText() == "It overshoots.", timeout=LONG)
    window.notes.dialog.close()


@pytest.mark.parametrize("name", ["pink", ""])
def test_an_unknown_map_of_colours_gives_way_to_the_usual(window, name):
    window.settings.colours = name
    assert window.theme.colours == "viridis" == window.files._view().look["colours"]


def test_what_has_the_keyboard_is_seen(qtbot, window):
    window.activateWindow()
    window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as Qt does when Tab is pressed
    field = window.setup_panel.field("descent.learning_rate").widget
    for widget in (window.transport.buttons["first"], window.bar.more, window.transport.speed, field):
        window.setFocus()
        widget.clearFocus()
        qtbot.waitUntil(lambda widget=widget: not widget.hasFocus(), timeout=LONG)
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda widget=widget: widget.hasFocus(), timeout=LONG)
        assert widget.grab().toImage() != before, widget.accessibleName()


def test_pausing_moves_no_button_and_all_fit_a_window_of_1280_pixels(window):
    bar = window.bar
    window.resize(1280, 800)
    places = []
    for word in ("Pause", "Resume"):
        bar.pause.setText(word)
        QApplication.processEvents()
        buttons = [bar.widgetForAction(action) for action in bar.actions()]
        assert all(button.isVisible() and button.width() >= min(button.sizeHint().width(), 28) for button in buttons)
        assert buttons[-1].accessibleName() == "Export" and buttons[-1].geometry().right() <= bar.width()
        places.append([button.geometry().getRect() for button in buttons])
    assert places[0] == places[1]
