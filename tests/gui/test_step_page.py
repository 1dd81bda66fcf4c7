"""The microscope: four stages of the update that begins at the shown step, forwards and backwards."""

from types import SimpleNamespace

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog

from landscape.gui.inspect.step.words import _whose
from landscape.network.notation import number
from landscape.run import dissect
from tests.gui.conftest import LONG


@pytest.fixture
def step_page(qtbot, window):
    """The page in front, its first update taken apart."""
    window.session.playback.jump(3)
    page = window.inspect.show_page("Step")
    arrived(qtbot, window, 4)
    return page


def arrived(qtbot, window, update):
    """Wait until an update is taken apart and drawn."""

    def there():
        found = window.session.microscope.found
        assert found is not None and (found.n, found.start) == (update, window.session.selected)
        assert not window.session.turns.due

    qtbot.waitUntil(there, timeout=LONG)


def test_stages_follow_each_other_and_time_follows_them(qtbot, window, step_page):
    scope, playback = window.session.microscope, window.session.playback
    step_page.setFocus()
    for stage in (1, 2, 3):
        qtbot.keyClick(step_page, Qt.Key.Key_Right)
        assert scope.stage == stage and playback.step == 3
    qtbot.keyClick(step_page, Qt.Key.Key_Right)
    assert scope.stage == 0 and playback.step == 4
    arrived(qtbot, window, 5)
    qtbot.mouseClick(step_page.back, Qt.MouseButton.LeftButton)
    assert scope.stage == 3 and playback.step == 3
    arrived(qtbot, window, 4)
    np.testing.assert_array_equal(scope.found.theta, window.session.run.state_at(3).thetas[0])


def test_the_first_and_the_last_update_are_ends(qtbot, window, step_page):
    scope, playback = window.session.microscope, window.session.playback
    playback.jump(0)
    arrived(qtbot, window, 1)
    assert not scope.can_go_back and not step_page.back.isEnabled()
    playback.jump(playback.last)
    arrived(qtbot, window, playback.last)
    scope.show_stage(3)
    assert not scope.can_go_on
    scope.go_on()
    assert scope.stage == 3 and playback.step == playback.last
    qtbot.waitUntil(lambda: not step_page.on.isEnabled(), timeout=LONG)


def test_another_start_is_another_update(qtbot, window, step_page):
    window.session.select(2)
    arrived(qtbot, window, 4)
    assert window.session.run.starts[2].name in step_page.title.text()


def test_the_window_keys_bring_the_page_and_move_on(qtbot, window):
    window.session.playback.jump(2)
    qtbot.keyClick(window, Qt.Key.Key_Period)
    assert window.inspect.currentWidget() is window.inspect.page("Step").parentWidget()
    arrived(qtbot, window, 3)
    assert window.session.microscope.stage == 1


def test_a_weight_is_picked_by_click_by_key_and_by_number(qtbot, window, step_page):
    scope = window.session.microscope
    scope.show_stage(3)
    qtbot.waitUntil(step_page.weights.isVisible, timeout=LONG)
    column = scope.weight[2]
    picture = step_page.weights.left
    place = picture.place_of(300, column).center()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=place)
    assert scope.weight == (0, 300, column)
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert scope.weight == (0, 301, column)
    step_page.weights.neuron.setValue(2)
    step_page.weights.row.setValue(-1)
    assert scope.weight == (0, 784, 2)
    scope.choose_weight(1, 4, 7)
    qtbot.waitUntil(lambda: "weight of input 4 in neuron 7" in step_page.detail.text(), timeout=LONG)
    found = scope.found
    at = found.place(1, 4, 7)
    for value in (found.theta[at], found.gradient[at]):
        assert f"<b>{number(float(value))}</b>" in step_page.detail.text()
    assert f"<b>{number(float(found.recorded[at]), 8)}</b>" in step_page.detail.text()
    spot = picture.place_of(4, 7).center()
    assert picture.weight_at(spot) == (4, 7)


def test_the_stage_is_marked_on_the_map_while_the_page_is_seen(qtbot, window, step_page):
    session, plane = window.session, window.session.portrait.plane
    session.microscope.show_stage(3)
    qtbot.waitUntil(lambda: window.map.step_marks._marks is not None, timeout=LONG)
    marks = session.microscope.marks
    run = session.run
    expected, _ = plane.project(np.stack([run.state_at(step).thetas[0] for step in (3, 4)]))
    np.testing.assert_allclose([marks.before, marks.after], expected, atol=1e-6 * np.abs(expected).max())
    # Plain descent: the way down the mini-batch's gradient, at this rate, is the way it went.
    np.testing.assert_allclose(marks.downhill, marks.after, atol=1e-4 * np.abs(expected).max())
    for stage in range(4):
        session.microscope.show_stage(stage)
        window.map.grab()
    window.inspect.show_page("Curves")
    assert session.microscope.marks is None
    qtbot.waitUntil(lambda: window.map.step_marks._marks is None, timeout=LONG)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_stage_is_drawn_in_both_themes(qtbot, window, step_page, theme):
    window.use_theme(theme)
    scope = window.session.microscope
    shown = dissect(window.session.run, 0, 4)
    pictures = set()
    for stage in range(4):
        scope.show_stage(stage)
        qtbot.waitUntil(lambda: not window.session.turns.due, timeout=LONG)
        picture = step_page.grab().toImage()
        pictures.add(bytes(picture.constBits().asarray(picture.sizeInBytes())))
        assert step_page.detail.text()
    assert len(pictures) == 4
    scope.show_stage(1)
    qtbot.mouseClick(step_page.rows, Qt.MouseButton.LeftButton, pos=step_page.rows.row_place(2).center())
    assert scope.example == 2
    qtbot.waitUntil(lambda: number(float(shown.costs[2])) in step_page.detail.text(), timeout=LONG)


def test_the_update_is_written_by_hand_from_the_page(qtbot, window, step_page, tmp_path, monkeypatch):
    chosen = tmp_path / "third"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    with qtbot.waitSignal(window.session.told, timeout=LONG) as told:
        qtbot.mouseClick(step_page.by_hand, Qt.MouseButton.LeftButton)
    assert told.args[0].startswith("Wrote third.html")
    assert "Update 4 of" in (tmp_path / "third.html").read_text(encoding="utf-8")
    assert (tmp_path / "third.csv").exists()


def test_the_page_leaves_the_landscape_most_of_a_small_window(step_page):
    assert step_page.minimumSizeHint().width() <= 400


def test_what_was_asked_of_one_run_is_not_answered_in_the_next(window, step_page):
    session, scope = window.session, window.session.microscope
    scope.found = None
    scope._look()
    session._look_closely()
    assert session.lanes.running("step") and session.lanes.running("moment")
    session.show_whole(session.run)
    assert not session.lanes.running("step") and not session.lanes.running("moment")
    assert scope.found is None and scope.weight is None and session.moment is None


def test_a_digit_that_is_recognised_is_not_said_to_be_taken_for_a_one():
    found = SimpleNamespace(labels=[0, 1], costs=[0.1, 2.0], passes=SimpleNamespace(guesses=[0, 0]))
    assert _whose(found, 0, ["0", "1"]) == "Digit 1 of 2 is <b>a 0</b>, and recognised."
    assert _whose(found, 1, ["0", "1"]) == "Digit 2 of 2 is <b>a 1</b>, but taken for <b>a 0</b>."
