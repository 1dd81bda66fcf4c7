"""Training in the real window: held and gone on with, ended early and why, from what the form says."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from tests.gui.conftest import LONG, settled


def test_pause_and_resume_lose_nothing(qtbot, window):
    session = window.session
    whole = session.setup.changed(descent={"epochs": 20})
    session.train(whole)
    qtbot.waitUntil(lambda: session.training and session.run.setup == whole and session.run.frames > 5, timeout=LONG)
    session.pause_training()
    settled(qtbot, window)
    frames = session.run.frames
    assert session.unfinished and 5 < frames < 160
    assert window.bar.pause.text() == "Resume"
    run = session.run
    session.resume_training()
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    settled(qtbot, window)
    assert session.run is run
    assert run.last_step == 20 * run.steps_per_epoch
    assert not session.unfinished


def test_the_frame_at_which_a_descent_is_held_is_shown_too(qtbot, window):
    """The worker comes to the end of its breath after it was told to stop, and that is one more frame."""
    session = window.session
    longer = session.setup.changed(descent={"epochs": 1000})
    session.train(longer)
    qtbot.waitUntil(lambda: session.training and session.run.setup == longer and session.run.frames > 3, timeout=LONG)
    session.pause_training()
    settled(qtbot, window)
    assert session.playback.last == session.run.last_step
    assert window.transport.bar.maximum() == session.run.last_step


def test_more_epochs_go_on_where_the_run_ended(qtbot, window):
    session = window.session
    before = np.array(session.run.thetas[-1])
    frames = session.run.frames
    qtbot.mouseClick(window.bar.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.run.frames > frames, timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_array_equal(session.run.thetas[frames - 1], before)
    assert session.run.figure("epoch")[-1] == pytest.approx(2.0)


def test_r_trains_with_what_the_form_says(qtbot, window):
    session = window.session
    window.setup_panel.show_setup(session.setup.changed(network={"seed": 11}))
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 11, timeout=LONG)
    settled(qtbot, window)


def test_descent_inside_the_plane_covers_everything(qtbot, window):
    window.bar._switch_descent(True)
    qtbot.waitUntil(lambda: not window.session.training and window.session.setup.descent.in_plane, timeout=LONG)
    settled(qtbot, window)
    assert window.session.portrait.choice == "starts"
    assert window.session.portrait.coverage_all > 0.9999
    assert "stay inside this plane" in window.verdict.text()


def test_an_impossible_field_is_explained_beside_it(qtbot, window):
    field = window.setup_panel.field("descent.learning_rate")
    field.widget.setText("-1")
    field.widget.textEdited.emit("-1")
    assert field.error.isVisibleTo(window.setup_panel)
    assert "greater than 0" in field.error.text()
    assert not window.setup_panel.train_button.isEnabled()
    field.widget.setText("0.2")
    field.widget.textEdited.emit("0.2")
    assert not field.error.isVisibleTo(window.setup_panel)
    assert window.setup_panel.train_button.isEnabled()


def test_an_exploding_rate_is_named_and_nothing_is_lost(qtbot, window):
    session = window.session
    session.train(session.setup.changed(descent={"learning_rate": 1e6}))
    qtbot.waitUntil(lambda: not session.training and session.setup.descent.learning_rate == 1e6, timeout=LONG)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert "smaller learning rate" in window.banner.text.text()
    assert all(stop.reason in ("exploded", "not_finite") for stop in session.run.stops)


def test_sixty_four_starts_are_told_apart_played_and_chosen(qtbot, window):
    session = window.session
    session.train(
        session.setup.changed(
            data={"classes": (3, 7), "examples": 100},
            network={"sizes": (784, 4, 2)},
            descent={"epochs": 1, "batch_size": 100},
            starts={"kind": "sobol", "count": 64},
        )
    )
    qtbot.waitUntil(lambda: not session.training and session.run.K == 64, timeout=LONG)
    settled(qtbot, window)
    table = window.inspect.show_page("Curves").points
    assert table.rowCount() == 64 and table.item(63, 0).text() == "Sobol point 64"
    icons = [table.item(start, 0).icon().pixmap(28).toImage() for start in range(64)]
    assert len({bytes(icon.constBits().asarray(icon.sizeInBytes())) for icon in icons}) == 64
    pictures = []
    for step in (0, session.playback.last):
        session.playback.jump(step)
        qtbot.waitUntil(lambda step=step: session.moment.step == step and not session.turns.due, timeout=LONG)
        qtbot.waitUntil(lambda: "…" not in table.item(63, 1).text(), timeout=LONG)
        assert session.moment.loss.shape == (64,)
        pictures.append(window.map.grab().toImage())
    assert pictures[0] != pictures[1]
    table.selectRow(63)
    assert session.selected == 63


def test_both_forms_of_an_explosion_are_named_with_their_cures(qtbot, window):
    """Too large a rate: the loss of some starts rises above 3 times the first, others lose all their ReLU units."""
    session = window.session
    setup = session.setup.changed(
        data={"classes": (3, 7), "examples": 100},
        network={"sizes": (784, 4, 2)},
        descent={"learning_rate": 4.0, "epochs": 2, "batch_size": 20},
        starts={"kind": "random", "count": 6},
    )
    session.train(setup)
    qtbot.waitUntil(lambda: not session.training and session.setup.descent.learning_rate == 4, timeout=LONG)
    settled(qtbot, window)
    reasons = [stop and stop.reason for stop in session.run.stops]
    assert {"exploded", "dead"} <= set(reasons)
    said = window.banner.text.text()
    assert "its loss rose above 3 times the first; try a smaller learning rate" in said
    assert "ReLU units of hidden layer 1 are silent" in said and "or tanh, which can't die" in said
    table = window.inspect.show_page("Curves").points
    session.playback.jump(session.playback.last)
    dead = reasons.index("dead")
    qtbot.waitUntil(lambda: table.item(dead, 0).text().startswith("dead · "), timeout=LONG)
    assert session.run.stops[dead].sentence in table.item(dead, 0).toolTip()
    assert table.item(reasons.index("exploded"), 0).text().startswith("exploded · ")


def test_a_target_reached_is_told_calmly(qtbot, window):
    session, told = window.session, []
    session.told.connect(told.append)
    session.train(session.setup.changed(descent={"target_loss": 2.0}))
    qtbot.waitUntil(lambda: not session.training and session.run.setup.descent.target_loss == 2.0, timeout=LONG)
    settled(qtbot, window)
    assert {stop.reason for stop in session.run.stops} == {"target"}
    assert not window.banner.isVisible()
    assert any("reached its target" in text and text.endswith("(5 starts in all).") for text in told)


def test_three_against_seven_with_one_output_is_trained_from_the_panel(qtbot, window):
    session, panel = window.session, window.setup_panel
    panel.show_setup(session.setup)
    classes = panel.field("data.classes").widget.box
    classes.setCurrentIndex(1)
    classes.activated.emit(1)
    cost = panel.field("network.cost").widget
    cost.setCurrentIndex(cost.findData("mnist_loss"))
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.cost == "mnist_loss", timeout=LONG)
    settled(qtbot, window)
    assert session.run.setup.network.sizes == (784, 6, 1)
    assert session.best.accuracy > 0.8


def test_go_on_from_the_best(qtbot, window):
    session = window.session
    best = session.best
    session.go_on_from_best()
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.weights != "", timeout=LONG)
    settled(qtbot, window)
    middle = session.run.starts[-1]
    assert middle.kind == "middle"
    np.testing.assert_array_equal(session.run.thetas[0, -1], best.theta)


def test_a_batch_larger_than_the_set_is_explained_beside_its_field(qtbot, window):
    session = window.session
    run = session.run
    session.train(session.setup.changed(descent={"batch_size": 5000}))
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    error = window.setup_panel.field("descent.batch_size").error
    assert "larger than the training set" in error.text() and error.isVisibleTo(window.setup_panel)
    assert session.run is run
    settled(qtbot, window)


def test_two_runs_begun_in_one_breath_do_not_mix(qtbot, window):
    session = window.session
    session.train(session.setup.changed(descent={"learning_rate": 0.2}))
    last = session.setup.changed(descent={"learning_rate": 0.05})
    session.train(last)
    qtbot.waitUntil(lambda: not session.training and session.run.setup == last, timeout=LONG)
    settled(qtbot, window)
    assert (np.diff(session.run.steps) > 0).all()
    assert session.run.last_step == session.run.steps_per_epoch


def test_escape_while_training_leaves_a_whole_picture(qtbot, window):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 40})
    session.train(longer)
    qtbot.waitUntil(lambda: session.run.setup == longer and session.run.frames > 10, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    settled(qtbot, window)
    assert session.portrait.choice == "pca_all"
    assert session.unfinished


def test_a_run_that_can_not_begin_leaves_time_where_it_is(qtbot, window):
    session, panel = window.session, window.setup_panel
    session.playback.seek(7)
    panel.field("descent.batch_size").write(9_999)
    panel.request_training()
    qtbot.waitUntil(lambda: window.banner.isVisible() and not session.training, timeout=LONG)
    assert "larger than the training set" in window.banner.text.text()
    assert session.playback.step == 7 and session.moment.step == 7
    panel.field("descent.batch_size").write(100)
    before = session.run
    panel.request_training()
    qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)
    assert session.playback.following
    settled(qtbot, window)
