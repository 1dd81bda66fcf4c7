"""The main job in the real window: train, watch, pause, step, change planes, export, save and reopen."""

from functools import partial

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QColor, QDropEvent
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from landscape.export.style import start_colour
from landscape.gui.theme import start_symbol
from landscape.run.portrait import PLANES
from tests.gui.conftest import LONG, SMALL, settled


def test_the_first_minute_needs_no_click(window):
    session = window.session
    assert session.run.frames > 10
    assert session.surface.complete
    assert session.best is not None
    assert window.transport.best.text().strip() == f"best {session.best.loss:.3f}"
    assert "movement" in window.verdict.text()
    assert window.inspect.page("Curves").points.rowCount() == 5


def test_it_plays_by_itself_when_the_demo_is_done(qtbot, window):
    window.session.train(then=window.session.playback.play)
    qtbot.waitUntil(lambda: window.session.playback.playing, timeout=LONG)
    first = window.session.playback.step
    qtbot.waitUntil(lambda: window.session.playback.step != first, timeout=LONG)


def test_the_table_shows_what_the_record_holds(qtbot, window):
    session = window.session
    session.playback.jump(session.run.last_step)
    qtbot.waitUntil(lambda: session.moment.exact_height and session.moment.step == session.run.last_step, timeout=LONG)
    qtbot.waitUntil(lambda: not session.turns.due)
    run, portrait = session.run, session.portrait
    for start in range(run.K):
        assert window.inspect.page("Curves").points.item(start, 1).text() == f"{run.figure('loss')[-1, start]:.3f}"
        shadow = portrait.plane.point(*portrait.coordinates[-1, start])
        X, y = run.measured()
        assert float(window.inspect.page("Curves").points.item(start, 2).text()) == pytest.approx(
            float(run.net.loss(shadow, X, y)), abs=6e-4
        )


def test_points_on_the_map_stand_at_the_shadows(qtbot, window):
    session = window.session
    session.playback.jump(0)
    qtbot.waitUntil(lambda: not session.turns.due)
    drawn = window.map.points.points
    shadows, _ = session.portrait.plane.project(session.run.thetas[0])
    np.testing.assert_allclose(drawn, shadows, atol=1e-4)


RIM = 2.5  # pixels of a ball across that its rim takes


def test_every_ball_has_the_colour_and_the_marker_of_its_start(qtbot, window):
    session, view = window.session, window.map
    session.playback.jump(0)  # the corners and the middle, well apart
    qtbot.waitUntil(lambda: session.moment.step == 0 and not session.turns.due)
    port = view.plot.viewport()
    image = port.grab().toImage()
    density = image.devicePixelRatio()
    around = [QPoint(x, y) for x in range(-8, 9) for y in range(-8, 9)]
    for start, place in enumerate(session.moment.shadows):
        ball = view.plot.mapFromScene(view.box.mapViewToScene(QPointF(*map(float, place))))
        mine = QColor(start_colour(start))
        filled = {(p.x(), p.y()) for p in around if image.pixelColor((ball + p) * density) == mine}
        size, likeness = 17 if start == session.selected else 13, {}
        for other in range(session.run.K):
            shape = Symbols[start_symbol(other)]
            wanted = {(p.x(), p.y()) for p in around if shape.contains(QPointF(p) / (size - RIM))}
            likeness[other] = len(filled & wanted) / len(filled | wanted)
        assert max(likeness, key=likeness.get) == start and likeness[start] > 0.3, (
            likeness
        )  # paths and the star cover some


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


def test_a_single_gradient_step_is_replayed(qtbot, window):
    session = window.session
    session.train(session.setup.changed(descent={"epochs": 10}))
    qtbot.waitUntil(lambda: not session.training and session.run.stride > 1, timeout=LONG)
    settled(qtbot, window)
    frame = session.run.frames // 2
    session.playback.jump(int(session.run.steps[frame]))
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    step = int(session.run.steps[frame]) + 1
    assert session.playback.step == step
    qtbot.waitUntil(lambda: session.moment.step == step, timeout=LONG)
    assert not session.moment.recorded
    thetas = session.run.state_at(step).thetas
    X, y = session.run.measured()
    np.testing.assert_allclose(session.moment.loss, session.run.net.loss(thetas, X, y), rtol=1e-5)


def test_steps_frames_and_epochs_both_ways(qtbot, window):
    session, playback = window.session, window.session.playback
    session.train(session.setup.changed(descent={"epochs": 12, "batch_size": 50}))
    qtbot.waitUntil(lambda: not session.training and session.run.stride > 1, timeout=LONG)
    settled(qtbot, window)
    steps, epoch, keys, held = session.run.steps, session.run.steps_per_epoch, Qt.Key, Qt.KeyboardModifier
    frame = session.run.frames // 2
    assert min(epoch, steps[frame + 1] - steps[frame]) > 1 and epoch != steps[frame + 1] - steps[frame]  # told apart

    def pressed(key, modifier=held.NoModifier):
        qtbot.keyClick(window, key, modifier)
        return playback.step

    playback.jump(int(steps[frame]))
    assert pressed(keys.Key_Right) == steps[frame + 1]
    assert pressed(keys.Key_Left) == steps[frame]
    assert pressed(keys.Key_Right, held.ControlModifier) == steps[frame] + 1
    assert pressed(keys.Key_Right) == steps[frame + 1]  # from between two frames to the next
    assert pressed(keys.Key_Left, held.ControlModifier) == steps[frame + 1] - 1
    assert pressed(keys.Key_Left) == steps[frame]
    assert pressed(keys.Key_Right, held.ShiftModifier) == steps[frame] + epoch
    assert pressed(keys.Key_Left, held.ShiftModifier) == steps[frame]
    assert pressed(keys.Key_Home) == 0
    assert pressed(keys.Key_Left) == pressed(keys.Key_Left, held.ControlModifier) == 0  # there is nothing before
    assert pressed(keys.Key_End) == playback.last == pressed(keys.Key_Right, held.ShiftModifier)
    settled(qtbot, window)


def test_r_trains_with_what_the_form_says(qtbot, window):
    session = window.session
    window.setup_panel.show_setup(session.setup.changed(network={"seed": 11}))
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 11, timeout=LONG)
    settled(qtbot, window)


def test_shift_b_jumps_to_the_best(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    best = window.session.best
    assert window.session.playback.step == best.step
    assert window.session.selected == best.start


@pytest.mark.parametrize("choice", PLANES)
def test_every_plane_can_be_shown(qtbot, window, choice):
    session = window.session
    session.picture.choose_plane(choice)
    settled(qtbot, window)
    assert session.portrait.choice == choice
    shadows, _ = session.portrait.plane.project(session.run.thetas[-1])
    np.testing.assert_allclose(session.portrait.coordinates[-1], shadows, atol=1e-4)
    assert window.map.surface.image.image is not None


def test_choosing_a_random_plane_again_draws_new_directions(qtbot, window):
    session = window.session
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    first = session.portrait.plane.u
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    assert not np.array_equal(first, session.portrait.plane.u)


def test_the_surface_of_the_validation_digits(qtbot, window):
    session = window.session
    session.picture.choose_surface("validation", "linear")
    settled(qtbot, window)
    assert session.surface.examples == min(300, len(session.run.digits.validation.labels))
    assert "validation" in window.verdict.text()


def test_planes_can_change_while_it_trains(qtbot, window):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 1000})
    session.train(longer)
    qtbot.waitUntil(lambda: session.run.setup == longer and session.run.frames > 5, timeout=LONG)
    session.picture.choose_plane("filter")
    qtbot.waitUntil(lambda: session.portrait.choice == "filter" and session.surface is not None, timeout=LONG)
    frames = session.run.frames
    qtbot.waitUntil(lambda: session.run.frames > frames, timeout=LONG)  # and the descent goes on
    assert session.training
    for choice in ("pca_one", "starts", "pca_all"):
        session.picture.choose_plane(choice)
        qtbot.wait(1)
    session.cancel()
    assert not session.training
    session.picture.draw()
    settled(qtbot, window)
    assert session.portrait.choice == "pca_all"


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


def test_save_close_and_reopen_at_the_same_frame(qtbot, window, tmp_path):
    session = window.session
    session.picture.choose_plane("pca_one")
    settled(qtbot, window)
    session.playback.jump(17)
    path = tmp_path / "kept.landscape"
    session.save_run(path)
    qtbot.waitUntil(lambda: path.exists() and "save" not in session.activity, timeout=LONG)
    thetas, best = np.array(session.run.thetas), session.best
    session.train(session.setup.changed(network={"seed": 5}))
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 5, timeout=LONG)
    settled(qtbot, window)
    window.files.open_path(path)
    qtbot.waitUntil(lambda: session.run.setup.network.seed == 0, timeout=LONG)
    settled(qtbot, window)
    assert session.playback.step == 17
    assert session.picture.choice == "pca_one"
    assert session.best.loss == best.loss
    np.testing.assert_array_equal(session.run.thetas, thetas)


def test_a_bad_file_dropped_on_the_window_changes_nothing(qtbot, window, tmp_path):
    run = window.session.run
    path = tmp_path / "bad.landscape"
    path.write_bytes(b"this is no run")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert "bad.landscape" in window.banner.text.text()
    assert window.session.run is run


def test_go_on_from_the_best(qtbot, window):
    session = window.session
    best = session.best
    session.go_on_from_best()
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.weights != "", timeout=LONG)
    settled(qtbot, window)
    middle = session.run.starts[-1]
    assert middle.kind == "middle"
    np.testing.assert_array_equal(session.run.thetas[0, -1], best.theta)


@pytest.mark.parametrize("name", ["Picture from above", "Curves", "Trajectories", "Surface", "Tour film", "Diary"])
def test_exports_from_the_menu(qtbot, window, tmp_path, monkeypatch, name):
    from landscape.export import tour_film
    from landscape.gui.commands import exports

    ending = exports.EXPORTS[name][1]
    target = tmp_path / f"out{ending}"
    monkeypatch.setattr("landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(target), ""))
    # Ninety frames of 51 x 51 cells, as the menu asks for, take half a minute: the film's own tests say what is in them.
    short = partial(tour_film.filming_tour, frames=4, cells=9, digits=40, width=300)
    monkeypatch.setattr(tour_film, "filming_tour", short)
    window.files.export(name)
    qtbot.waitUntil(lambda: target.exists() and "export" not in window.session.activity, timeout=LONG)
    assert target.stat().st_size > 1000


def test_a_failed_export_says_why(qtbot, window, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file, where a folder would have to be")
    target = tmp_path / "taken" / "surface.npz"
    monkeypatch.setattr("landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(target), ""))
    window.files.export("Surface")
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert not target.exists()


def test_a_file_of_another_name_is_not_replaced_unasked(qtbot, window, tmp_path, monkeypatch):
    there = tmp_path / "lr0.1.landscape"
    there.write_text("precious")
    monkeypatch.setattr(
        "landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(tmp_path / "lr0.1"), "")
    )
    window.files.save()
    assert "lr0.1.landscape is there already" in window.banner.text.text()
    assert there.read_text() == "precious"


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


def test_opening_a_bad_file_leaves_the_training_alone(qtbot, window, tmp_path):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 20})
    session.train(longer)
    qtbot.waitUntil(lambda: session.run.setup == longer and session.run.frames > 3, timeout=LONG)
    bad = tmp_path / "cut.landscape"
    bad.write_bytes(b"PK")
    session.open_run(bad)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    assert not session.run.unfinished
    settled(qtbot, window)


def test_escape_while_training_leaves_a_whole_picture(qtbot, window):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 40})
    session.train(longer)
    qtbot.waitUntil(lambda: session.run.setup == longer and session.run.frames > 10, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    settled(qtbot, window)
    assert session.portrait.choice == "pca_all"
    assert session.unfinished


def test_escape_while_drawing_goes_back_to_what_is_shown(qtbot, window):
    session = window.session
    session.picture.choose_plane("random")
    session.cancel()
    assert session.picture.choice == session.portrait.choice == "pca_all"
    assert window.bar.plane.currentData() == "pca_all"
    session.picture.draw()
    settled(qtbot, window)


def test_a_run_with_a_senseless_view_opens(qtbot, window, tmp_path):
    session = window.session
    session.run.about["view"] = {"step": -3, "plane": ["x"], "start": -9, "seed": -1, "digits": 7, "scale": None}
    path = session.run.save(tmp_path / "odd.landscape")
    session.open_run(path)
    qtbot.waitUntil(lambda: session.run.folder.name.startswith("landscape-"), timeout=LONG)
    settled(qtbot, window)
    assert (session.picture.choice, session.selected) == ("pca_all", 0)


def test_without_a_place_to_write_the_window_still_plays(qtbot, window, tmp_path):
    session = window.session
    session.runs_folder = tmp_path / "file" / "runs"
    (tmp_path / "file").write_text("in the way")
    session.train(session.setup.changed(network={"seed": 3}))
    assert "can't be written" in window.status.currentMessage()
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 3, timeout=LONG)
    settled(qtbot, window)


def test_presets_fill_the_form(window):
    panel = window.setup_panel
    index = panel.preset.box.findText("Nielsen 784-30-10")
    panel.preset.box.activated.emit(index)
    assert panel.field("descent.learning_rate").read() == 3.0
    assert "23,860 parameters" in panel.field("network.sizes").note.text()


def test_light_and_dark(window):
    window.use_theme("light")
    assert window.settings.theme == "light"
    window.use_theme("dark")


def test_the_small_setup_is_what_the_tests_say(window):
    assert window.session.run.setup.network.sizes == SMALL["network"]["sizes"]


def test_b_goes_to_the_next_new_best(qtbot, window):
    session = window.session
    session.playback.jump(0)
    seen = [0]
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_B)
        seen.append(session.playback.step)
    assert seen == sorted(set(seen))
    lowest = np.minimum.accumulate(session.run.figure("loss").min(axis=1))
    frame = session.run.frame_at(seen[-1])
    assert lowest[frame] < lowest[frame - 1]


def test_earlier_runs_can_be_opened_again(qtbot, window):
    session = window.session
    first = session.run.folder
    session.train(session.setup.changed(network={"seed": 9}))
    qtbot.waitUntil(lambda: not session.training and session.run.folder != first, timeout=LONG)
    settled(qtbot, window)
    assert session.kept_runs() == [first]
    window.menus._list_recent()
    window.menus.recent_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: session.run.folder == first, timeout=LONG)
    settled(qtbot, window)


def test_a_picture_of_the_validation_surface_says_so(qtbot, window):
    from landscape.export import caption
    from landscape.export.scene import Scene

    session = window.session
    session.picture.choose_surface("validation", "log")
    settled(qtbot, window)
    scene = Scene.of(session.run, session.portrait, session.surface)
    assert "validation digits" in caption.loss_sentence(scene)
    np.testing.assert_array_equal(scene.losses, session.run.figure("validation_loss"))


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
