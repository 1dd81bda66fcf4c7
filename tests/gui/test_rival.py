"""Same start, change one thing: asked for in a dialog, drawn beside the shown run, and taken away with a click."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from landscape.model import save_model
from tests.gui.conftest import LONG, settled


def vary(qtbot, window, name, text):
    """Through the dialog, as a user would."""
    window.menus.run_menu.ask()
    dialog = window.menus.run_menu.dialog
    dialog.choice.setCurrentIndex(dialog.choice.findData(name))
    dialog.field.widget.clear()
    qtbot.keyClicks(dialog.field.widget, text)
    return dialog


@pytest.fixture
def beside(qtbot, window):
    """The window after the rate was changed: both runs are there."""
    before = window.session.run
    vary(qtbot, window, "descent.learning_rate", "0.05").accept()
    rival = window.session.rival
    qtbot.waitUntil(lambda: window.session.run is not before and not window.session.training, timeout=LONG)
    settled(qtbot, window)
    assert len(rival.shadows) == before.frames
    return before


def test_both_runs_lie_on_the_same_plane(window, beside):
    session, rival = window.session, window.session.rival
    assert rival.run is beside
    np.testing.assert_array_equal(session.run.thetas[0], beside.thetas[0])
    shadows, _ = session.portrait.plane.project(beside.thetas[-1])
    np.testing.assert_allclose(rival.shadows[-1], shadows, atol=1e-4)
    lines = window.map.rival.lines.lines
    assert len(lines) == 2 * beside.K and all(line.dashed for line in lines)
    np.testing.assert_array_equal(window.map.rival.ends.points, rival.shadows[-1])
    assert window.map.rival.label.text() == "dashed: Rate η 0.3"


def test_its_curves_and_a_plain_sentence_stand_beside(window, beside):
    window.inspect.show_page("Curves")
    item = window.inspect.page("Curves").rival.lines["loss"]
    np.testing.assert_allclose(item.lines[2].points[:, 1], np.log10(beside.figure("loss")[:, 2]))
    for name, plot in window.inspect.page("Curves").curves.plots.items():
        low, high = plot.getViewBox().viewRange()[1]
        drawn = [line.points[:, 1] for line in window.inspect.page("Curves").rival.lines[name].lines]
        assert low <= np.nanmin(drawn) and np.nanmax(drawn) <= high, name  # none is cut off
    assert window.rival_strip.isVisible()
    text = window.rival_strip.text.text()
    assert "Rate η 0.05 instead of 0.3, all else the same" in text
    assert f"{beside.figure('loss')[-1].mean():#.3g}" in text


def test_one_click_takes_it_away(qtbot, window, beside):
    qtbot.mouseClick(window.rival_strip.drop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.session.turns.due)
    assert window.session.rival.run is None and not window.rival_strip.isVisible()
    assert not window.map.rival.lines.lines and not window.map.rival.label.isVisible()


def test_its_shadows_follow_another_plane(qtbot, window, beside):
    session = window.session
    session.picture.choose_plane("starts")
    settled(qtbot, window)
    shadows, _ = session.portrait.plane.project(beside.thetas[-1])
    np.testing.assert_allclose(session.rival.shadows[-1], shadows, atol=1e-4)


def test_a_kept_run_can_be_laid_beside_and_a_new_run_drops_it(qtbot, window, beside):
    session = window.session
    session.rival.drop()
    window.menus.run_menu._list()
    entry = next(
        action for action in window.menus.run_menu.overlay.actions() if action.text() and "…" not in action.text()
    )
    entry.trigger()
    qtbot.waitUntil(lambda: session.rival.run is not None and len(session.rival.shadows) > 0, timeout=LONG)
    assert session.rival.run.folder == beside.folder
    run = session.run
    session.train()
    qtbot.waitUntil(lambda: session.run is not run and not session.training, timeout=LONG)
    assert session.rival.run is None
    settled(qtbot, window)


def test_the_same_starts_are_those_of_the_run_and_not_of_a_file_that_has_changed(qtbot, window):
    session = window.session
    session.go_on_from_best()
    qtbot.waitUntil(lambda: not session.training and bool(session.run.setup.network.weights), timeout=LONG)
    settled(qtbot, window)
    before = session.run
    save_model(
        Path(before.setup.network.weights), before.net, np.array(before.thetas[-1, 0])
    )  # another one of that name
    vary(qtbot, window, "descent.learning_rate", "0.05").accept()
    qtbot.waitUntil(lambda: session.run is not before and not session.training, timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_array_equal(session.run.thetas[0], before.thetas[0])
    assert session.rival.run is before


def test_a_run_of_another_network_is_refused_in_words(qtbot, window):
    session = window.session
    first = session.run.folder
    session.train(session.setup.changed(network={"sizes": (784, 5, 10)}))
    qtbot.waitUntil(lambda: session.run.folder != first and not session.training, timeout=LONG)
    settled(qtbot, window)
    session.rival.overlay(first)
    qtbot.waitUntil(lambda: "layers 784-6-10" in window.banner.text.text(), timeout=LONG)


def test_the_dialog_refuses_what_is_impossible(qtbot, window):
    dialog = vary(qtbot, window, "descent.learning_rate", "-3")
    assert not dialog.train.isEnabled() and "greater than 0" in dialog.problem.text()
    dialog.field.widget.clear()
    qtbot.keyClicks(dialog.field.widget, "0.3")
    assert not dialog.train.isEnabled() and "already" in dialog.problem.text()
    dialog.choice.setCurrentIndex(dialog.choice.findData("descent.optimiser"))
    box = dialog.field.widget
    box.setCurrentIndex(box.findData("adam"))
    assert dialog.train.isEnabled() and "Rate η becomes 0.003" in dialog.problem.text()
    dialog.reject()


def test_the_dialog_opens_ready_for_a_value_and_scolds_nobody(qtbot, window):
    window.menus.run_menu.ask()
    dialog = window.menus.run_menu.dialog
    for name in ("descent.learning_rate", "descent.optimiser"):
        dialog.choice.setCurrentIndex(dialog.choice.findData(name))
        assert dialog.problem.text() == "" and not dialog.train.isEnabled()
        assert "another value" in dialog.train.toolTip() and "already" in dialog.train.toolTip()
    dialog.choice.setCurrentIndex(dialog.choice.findData("descent.learning_rate"))
    qtbot.keyClicks(dialog.field.widget, "0.05")  # what stood there is replaced
    assert dialog.field.widget.text() == "0.05" and dialog.problem.text() == ""
    assert dialog.train.isEnabled() and "another value" not in dialog.train.toolTip()
    dialog.reject()


def test_what_stands_so_far_is_said_as_the_control_says_it(qtbot, window):
    window.menus.run_menu.ask()
    dialog = window.menus.run_menu.dialog
    for name, words in (("descent.optimiser", "SGD"), ("descent.learning_rate", "0.3")):
        dialog.choice.setCurrentIndex(dialog.choice.findData(name))
        assert dialog.now.text() == words
    dialog.reject()
