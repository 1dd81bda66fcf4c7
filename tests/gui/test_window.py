"""The main job in the real window: the first minute, what is shown, steps, planes, the best."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor
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
    session.heights.choose("validation", "linear")
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


def test_escape_while_drawing_goes_back_to_what_is_shown(qtbot, window):
    session = window.session
    session.picture.choose_plane("random")
    session.cancel()
    assert session.picture.choice == session.portrait.choice == "pca_all"
    assert window.bar.plane.currentData() == "pca_all"
    session.picture.draw()
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
