"""The time bar's marks, its buttons, and starts kept in step by their loss."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QStyle, QStyleOptionSlider

from landscape.gui.playback import SPEEDS
from landscape.gui.theme import DARK
from landscape.gui.time_bar import HELP, MOST_EPOCHS, time_marks
from landscape.run import explore
from tests.gui.conftest import LONG, settled


def test_every_new_best_epoch_and_end_has_its_mark(small_setup):
    run = explore(small_setup.changed(descent={"epochs": 100, "learning_rate": 0.3}))
    marks = time_marks(run, DARK)
    epochs = [mark.step for mark in marks if mark.above]
    assert 8 <= len(epochs) <= MOST_EPOCHS and np.unique(np.diff(epochs)).tolist() == [5 * run.steps_per_epoch]
    bests = {mark.step for mark in marks if "a new best" in mark.words}
    assert bests == set(run.new_best_steps.tolist())
    best = next(mark for mark in marks if "the best so far" in mark.words)
    assert best.step == run.best.step and run.best.start_name in best.words
    run.close()


def test_an_explosion_is_marked_where_it_happened(small_setup):
    run = explore(small_setup.changed(descent={"learning_rate": 1e6}))
    ends = [mark for mark in time_marks(run, DARK) if mark.colour == "#ff4d4d"]
    assert [mark.step for mark in ends] == [stop.step for stop in run.stops]
    assert run.starts[0].name in ends[0].words and run.stops[0].sentence in ends[0].words
    run.close()


def test_a_mark_says_what_it_is(window):
    bar, run = window.transport.bar, window.session.run
    assert bar.marks
    assert "the best so far" in bar.words_at(bar.place(run.best.step))
    empty = next(x for x in range(bar.width()) if all(abs(bar.place(mark.step) - x) > 4 for mark in bar.marks))
    assert bar.words_at(empty) == HELP


def test_a_press_anywhere_on_the_bar_takes_time_there_and_can_be_dragged_on(qtbot, window):
    bar, playback = window.transport.bar, window.session.playback
    last = playback.last
    playback.jump(last)
    near = last * 8 / bar.width() + 1  # steps in some pixels
    left, middle = QPoint(bar.place(last // 5), bar.height() // 2), QPoint(bar.place(last // 2), bar.height() // 2)
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=left)
    assert abs(playback.step - last // 5) <= near
    qtbot.mouseMove(bar, middle + QPoint(1, 0))
    qtbot.mouseMove(bar, middle)
    assert abs(playback.step - last // 2) <= near
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=middle)
    assert abs(playback.step - last // 2) <= near


def test_marks_are_painted_at_the_place_where_the_handle_stands_at_their_step(window):
    bar, run = window.transport.bar, window.session.run
    option = QStyleOptionSlider()
    for step in (0, run.best.step, run.last_step):
        window.session.playback.jump(step)
        bar.initStyleOption(option)
        handle = bar.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, bar
        )
        assert abs(bar.place(step) - handle.center().x()) <= 3
    with_marks = bar.grab().toImage()
    marks = bar.marks
    assert {mark.above for mark in marks} == {True, False}
    bar.show_marks([])
    without = bar.grab().toImage()
    for mark in (next(mark for mark in marks if mark.above), marks[-1]):  # an epoch's end; the best
        spot = bar.place(mark.step), mark.height // 2 if mark.above else bar.height() - mark.height // 2
        assert with_marks.pixelColor(*spot) == QColor(mark.colour) != without.pixelColor(*spot)
    bar.show_marks(marks)


def test_the_bar_plays_pauses_begins_again_and_changes_speed(qtbot, window):
    playback, transport = window.session.playback, window.transport
    buttons = transport.buttons
    for playing in (True, False):
        qtbot.mouseClick(buttons["play"], Qt.MouseButton.LeftButton)
        assert playback.playing is playing
    for looping in (not playback.loop, playback.loop):
        qtbot.mouseClick(buttons["loop"], Qt.MouseButton.LeftButton)
        assert playback.loop is looping is buttons["loop"].isChecked()
    place = SPEEDS.index(playback.speed)
    qtbot.keyClick(transport.speed, Qt.Key.Key_Down)
    assert playback.speed == SPEEDS[place + 1] and transport.speed.currentText() == f"{playback.speed:g}×"
    for _ in SPEEDS:
        qtbot.keyClick(transport.speed, Qt.Key.Key_Up)
    assert playback.speed == SPEEDS[0]


def test_dragging_the_handle_shows_the_step_under_it(qtbot, window):
    bar, playback = window.transport.bar, window.session.playback
    playback.jump(0)
    middle = bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.place(0), middle))
    for step in (playback.last // 2, playback.last):
        qtbot.mouseMove(bar, QPoint(bar.place(step), middle))
        assert abs(playback.step - step) <= 1
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.place(playback.last), middle))


def test_epochs_have_buttons(qtbot, window):
    playback, buttons = window.session.playback, window.transport.buttons
    playback.jump(2)
    qtbot.mouseClick(buttons["epoch forward"], Qt.MouseButton.LeftButton)
    assert playback.step == min(2 + window.session.run.steps_per_epoch, playback.last)
    step = playback.step
    qtbot.mouseClick(buttons["epoch back"], Qt.MouseButton.LeftButton)
    assert playback.step == max(0, step - window.session.run.steps_per_epoch)


@pytest.fixture
def by_loss(qtbot, window):
    """In step by loss, led by start 1 at step 12."""
    session = window.session
    session.select(1)
    session.playback.jump(12)
    box = window.transport.in_step
    box.setCurrentIndex(1)
    box.activated.emit(1)
    qtbot.waitUntil(lambda: session.moment.in_step is not None and session.moment.exact_height, timeout=LONG)
    return session


def test_starts_in_step_by_loss_stand_where_theirs_was_as_low(qtbot, window, by_loss):
    run, moment = by_loss.run, by_loss.moment
    losses, frame = run.figure("loss"), run.frame_at(12)
    assert moment.in_step.leader == 1 and moment.frames[1] == frame
    np.testing.assert_array_equal(moment.thetas[1], run.thetas[frame, 1])
    for start in (0, 2, 3, 4):
        at = moment.frames[start]
        low = np.flatnonzero(losses[:, start] <= losses[frame, 1])
        assert at == (low[0] if len(low) else losses[:, start].argmin())
        np.testing.assert_array_equal(moment.thetas[start], run.thetas[at, start])
        assert moment.loss[start] == losses[at, start]
        np.testing.assert_allclose(moment.shadows[start], by_loss.portrait.coordinates[at, start], atol=1e-4)
        name = window.inspect.page("Curves").points.item(start, 0)
        qtbot.waitUntil(lambda name=name, at=at: name.text().endswith(f" · {run.steps[at]:,}"), timeout=LONG)
        assert name.toolTip() == f"stands at step {run.steps[at]:,}"
    np.testing.assert_allclose(window.map.points.points, moment.shadows)
    qtbot.waitUntil(window.pace.isVisible, timeout=LONG)
    assert run.starts[1].name in window.pace.text() and "at step 12" in window.pace.text()


def test_another_leader_and_the_way_back_to_steps(qtbot, window, by_loss):
    by_loss.select(3)
    qtbot.waitUntil(lambda: by_loss.moment.in_step.leader == 3 and by_loss.moment.exact_height, timeout=LONG)
    by_loss.playback.play()
    qtbot.waitUntil(lambda: by_loss.playback.step != 12, timeout=LONG)
    by_loss.playback.pause()
    by_loss.playback.keep_in_step("step")
    assert by_loss.moment.in_step is None and (by_loss.moment.frames == by_loss.moment.frames[0]).all()
    qtbot.waitUntil(lambda: not window.pace.isVisible(), timeout=LONG)
    assert window.transport.in_step.currentData() == "step"
    settled(qtbot, window)
