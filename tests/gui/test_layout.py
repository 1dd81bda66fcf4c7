"""The layout of the window: what was moved, resized, floated or closed stands so again in the next window."""

from functools import partial

import pytest
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QAction, QColor
from PyQt6.QtWidgets import QApplication, QToolButton

from landscape.gui.jobs import Activity
from landscape.gui.session import Session
from landscape.gui.settings import Settings
from landscape.gui.theme import COLOUR_MAPS, DARK, LIGHT
from landscape.gui.window import MainWindow
from tests.gui.conftest import LONG


@pytest.fixture
def opened(qtbot, tmp_path, monkeypatch):
    """Opens windows one after the other, each with the settings that the one before has saved; nothing is trained."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    windows = []

    def open_next():
        for before in windows:
            before.close()
        window = MainWindow(Session(tmp_path / "runs"), Settings.load())
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.views_built, timeout=LONG):
            window.show()
        windows.append(window)
        return window

    yield open_next
    for window in windows:
        window.close()


def test_docks_that_were_moved_stand_so_in_the_next_window(opened):
    first = opened()
    left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    assert first.dockWidgetArea(first.setup_dock) == left and first.dockWidgetArea(first.inspect_dock) == right
    first.addDockWidget(right, first.setup_dock)
    first.addDockWidget(left, first.inspect_dock)
    second = opened()
    assert second is not first
    assert second.dockWidgetArea(second.setup_dock) == right and second.dockWidgetArea(second.inspect_dock) == left
    assert second.inspect_dock.x() < second.centralWidget().x() < second.setup_dock.x()


def test_a_window_and_a_dock_that_were_resized_are_as_large_in_the_next_window(qtbot, opened):
    first = opened()
    first.setup_dock.close()  # the screen of a test may be no wider than 800 pixels
    first.setGeometry(QRect(20, 30, 780, 640))
    usual = first.inspect_dock.width()
    first.resizeDocks([first.inspect_dock], [usual + 30], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: first.inspect_dock.width() == usual + 30)
    second = opened()
    assert second.height() == 640  # its width and place have to suit the screen
    assert second.inspect_dock.width() == usual + 30


def test_a_dock_that_floated_and_one_that_was_closed_do_so_in_the_next_window(qtbot, opened):
    first = opened()
    first.setup_dock.close()
    first.inspect_dock.setFloating(True)
    first.inspect_dock.setGeometry(QRect(120, 90, 430, 520))
    second = opened()
    assert not second.setup_dock.isVisible()
    assert second.inspect_dock.isFloating() and second.inspect_dock.isVisible()
    assert second.inspect_dock.size() == first.inspect_dock.size()
    second.setup_dock.toggleViewAction().trigger()
    third = opened()
    assert third.setup_dock.isVisible() and third.inspect_dock.isFloating()


def test_theme_colours_and_view_are_those_of_the_window_before(opened):
    first = opened()
    assert first.theme.name == "dark" and QApplication.palette().window().color() == QColor(DARK.window)
    choices = {action.text(): action for action in first.findChildren(QAction)}
    choices["&Light"].trigger()
    choices[COLOUR_MAPS["cividis"]].trigger()
    second = opened()
    assert (second.theme.name, second.theme.colours) == ("light", "cividis")
    assert QApplication.palette().window().color() == QColor(LIGHT.window)
    assert second.map.surface.image is not None and second.map.plot.backgroundBrush().color() == QColor(LIGHT.canvas)
    chosen = {action.text() for action in second.findChildren(QAction) if action.isChecked()}
    assert {"&Light", COLOUR_MAPS["cividis"]} <= chosen and "&Dark" not in chosen


def test_what_was_saved_of_a_layout_and_is_damaged_gives_way_to_the_usual(opened):
    first = opened()
    usual = first.setup_dock.geometry(), first.inspect_dock.geometry()
    first.close()
    settings = Settings.load()
    settings.docks, settings.geometry = "QUJD", "no base64!"
    settings.save()
    second = opened()
    assert second.setup_dock.isVisible() and not second.inspect_dock.isFloating()
    assert (second.setup_dock.geometry(), second.inspect_dock.geometry()) == usual


def test_a_bar_too_long_for_its_window_says_that_there_is_more(qtbot, opened):
    window = opened()
    for bar in (window.bar, window.motion):
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        window.resize(1280, 800)
        qtbot.waitUntil(lambda more=more: not more.isVisible())
        window.resize(1024, 700)
        qtbot.waitUntil(more.isVisible)
        image = more.grab().toImage()
        inside = [image.pixelColor(x, y) for x in range(3, more.width() - 3) for y in range(4, more.height() - 4)]
        assert len({colour.name() for colour in inside}) > 2, "a sign, not a blank"
        assert more.toolTip() and more.accessibleName()


def test_a_wide_bar_cuts_no_plane_s_name(qtbot, opened):
    window = opened()
    plane = window.bar.plane
    longest = max(plane.fontMetrics().horizontalAdvance(plane.itemText(row)) for row in range(plane.count()))
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: plane.width() <= 150)
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: plane.width() > longest + 20)


def test_the_menu_runs_what_the_bar_s_buttons_run(qtbot, opened):
    window = opened()
    menu = window.menus.run_menu
    asked = []
    for button in window.bar.running:
        button.clicked.disconnect()
        button.clicked.connect(partial(asked.append, button.text()))
    window.bar.train.setEnabled(True)
    window.bar.pause.setEnabled(False)
    menu._offer_running()
    actions = list(menu._buttons)
    assert [action.text().partition("\t")[0] for action in actions] == [b.text() for b in window.bar.running]
    assert actions[0].isEnabled() and not actions[1].isEnabled()
    actions[0].trigger()
    assert asked == ["Train"]


def test_what_a_menu_calls_by_a_key_is_done_by_that_key(opened):
    window = opened()
    keys = {key.name for key in window.keys}
    bar = window.menuBar()
    shown = [action.text() for menu in bar.actions() for action in menu.menu().actions() if "\t" in action.text()]
    assert any(text.startswith("&All paths") for text in shown)
    assert {text.partition("\t")[2] for text in shown} <= keys | {"1", "2", "3"}


def together(window):
    return window.inspect_dock in window.tabifiedDockWidgets(window.setup_dock)


def test_half_a_screen_is_enough_and_leaves_the_landscape_most_of_it(qtbot, window):
    """960 pixels, half of a usual screen: nothing keeps the window wider, and the docks share one place."""
    pages = window.inspect
    for place in range(pages.count()):
        pages.setCurrentIndex(place)
    pages.setCurrentIndex(0)
    window.session.told.emit("A sentence that is far longer than what is left beside it in a narrow bar. " * 3)
    window.resize(960, 700)
    qtbot.waitUntil(lambda: together(window), timeout=LONG)
    qtbot.waitUntil(lambda: window.stage.width() > 500, timeout=LONG)
    assert (window.width(), window.height()) == (960, 700)
    assert window.inspect_dock.isVisible() and not window.inspect.visibleRegion().isEmpty()  # in front
    views = [window.bar.widgetForAction(action) for action in window.bar.views.actions.values()]
    assert all(button.isVisible() for button in views)  # and not behind the bar's "more"
    window.guide.begin_tour()
    for _ in range(4):
        window.guide.tour.on.click()
    assert not window.setup_panel.visibleRegion().isEmpty()  # the tour's last card points at it
    window.guide.dismiss()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: not together(window), timeout=LONG)
    assert window.dockWidgetArea(window.setup_dock) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert window.setup_dock.isVisible() and window.inspect_dock.isVisible()


def test_docks_put_elsewhere_stay_there_in_a_narrow_window(qtbot, window):
    window.setup_dock.setFloating(True)
    window.resize(960, 700)
    qtbot.waitUntil(lambda: window.width() == 960 and not window.docks._due.isActive(), timeout=LONG)
    assert window.setup_dock.isFloating() and not together(window)


def test_a_narrow_status_bar_drops_whole_clauses_and_keeps_stop(qtbot, window):
    status, activity = window.status, window.session.lanes.activity
    window.resize(960, 700)
    activity["descent"] = Activity("training", 0.5, 0.0)
    status.refresh()
    qtbot.waitUntil(lambda: status.left.text() in " · ".join(status.left.parts[: len(status.left.parts) - 1]) + " · x")
    assert status.left.text().split(" · ") == status.left.parts[: len(status.left.text().split(" · "))]
    status.showMessage("x" * 130)  # no room for that beside how far the work is
    assert status.stop.isVisible() and not status.activity.isVisible() and not status.bar.isVisible()
    status.clearMessage()
    assert status.activity.isVisible() and status.bar.isVisible()
    del activity["descent"]
    status.refresh()
