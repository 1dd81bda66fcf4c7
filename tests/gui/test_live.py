"""Planes that follow the hand in the real window, tours, and the mini-batch's surface."""

import math

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from landscape.plane.tour import Tour
from landscape.run.choice import opening_plane
from landscape.run.portrait import Extent
from landscape.run.run import Run
from tests.gui.conftest import LONG, settled


def at_rest(qtbot, window, choice):
    """Wait until a moved plane has its whole picture."""
    settled(qtbot, window)
    session = window.session
    qtbot.waitUntil(
        lambda: (
            not session.live.moving
            and session.picture.choice == choice
            and session.surface.examples == 300
            and session.surface.plane is session.portrait.plane
            and session.surface.complete
            and min(session.surface.loss.shape) >= 51
        ),
        timeout=LONG,
    )


def test_turning_moves_the_picture_coarsely_and_then_draws_it_whole(qtbot, window):
    session = window.session
    before = session.portrait
    sizes = []
    session.surface_extended.connect(lambda: sizes.append((session.live.moving, min(session.surface.loss.shape))))
    session.live.turn("u", math.radians(20))
    qtbot.waitUntil(lambda: session.live.moving and session.picture.choice == "turned", timeout=LONG)
    at_rest(qtbot, window, "turned")
    assert (True, 31) in sizes
    plane = session.portrait.plane
    tour = Tour.between(before.plane, plane)
    assert tour.distance == pytest.approx(math.radians(20), abs=2e-3)
    shadows, off = plane.project(session.run.thetas[-1])
    np.testing.assert_allclose(session.portrait.coordinates[-1], shadows, atol=1e-4)
    np.testing.assert_allclose(session.portrait.off_plane[-1], off, atol=1e-3)
    assert window.bar.plane.placeholderText() == "turned by hand"


def test_a_zoom_while_the_plane_turns_stays_at_rest(qtbot, window):
    session = window.session
    session.live.turn("u", 0.2)
    qtbot.waitUntil(lambda: session.live.moving and session.picture.choice == "turned", timeout=LONG)
    plane, wide = session.portrait.plane, session.picture.extent_shown()
    session.picture.zoom(0.5)
    assert session.live.moving
    session.live.turn("u", 1e-9)
    at_rest(qtbot, window, "turned")
    narrow = session.picture.extent_shown()
    assert (narrow.a[1] - narrow.a[0]) == pytest.approx((wide.a[1] - wide.a[0]) / 2)
    assert session.surface.a[0] == pytest.approx(narrow.a[0])
    assert Tour.between(plane, session.portrait.plane).distance < 1e-3  # what was turned stays where it was
    session.live.turn("u", 0.1)
    qtbot.waitUntil(lambda: session.live.moving, timeout=LONG)
    session.picture.look_at_all()
    at_rest(qtbot, window, "turned")
    everything, shown = session.portrait.extent(session.picture.aspect), session.picture.extent_shown()
    assert shown.a[1] - shown.a[0] > narrow.a[1] - narrow.a[0]
    assert shown.a[0] == pytest.approx(everything.a[0], abs=0.1 * (everything.a[1] - everything.a[0]))


def test_the_hand_on_the_map_is_not_undone_by_the_next_moving_picture(qtbot, window):
    session, box = window.session, window.map.box
    session.live.turn("u", 0.2)
    qtbot.waitUntil(lambda: session.live.moving and session.picture.choice == "turned", timeout=LONG)
    before = box.viewRange()[0]
    box.scaleBy((0.5, 0.5))
    box.sigRangeChangedManually.emit([True, True])
    window.map.show_plane()  # as the next picture does
    after = box.viewRange()[0]
    assert (after[1] - after[0]) == pytest.approx((before[1] - before[0]) / 2, rel=1e-3)
    at_rest(qtbot, window, "turned")
    shown = session.picture.extent_shown()
    assert (shown.a[1] - shown.a[0]) == pytest.approx(after[1] - after[0], rel=0.05)


def test_a_tour_waits_while_the_hand_looks_around(qtbot, window):
    session = window.session
    sign, width = window.motion.play.text(), window.motion.play.width()
    session.live.tour("filter")
    qtbot.waitUntil(lambda: session.live.touring and session.live.moving, timeout=LONG)
    qtbot.waitUntil(lambda: window.motion.play.text() != sign)
    for letter in sign + window.motion.play.text():
        assert "\u25a0" <= letter <= "\u25ff", "a sign that every font has"
    assert abs(window.motion.play.width() - width) <= 1, "what follows stays where it is"
    session.live.seek_tour(0.5)
    session.live.toggle_tour()
    qtbot.waitUntil(lambda: session.picture.choice == "tour", timeout=LONG)
    session.picture.zoom(0.5)
    assert not session.live.touring and 0.4 < session.live.tour_at < 1
    wanted = session.live._extent
    qtbot.waitUntil(lambda: session.picture.extent == wanted and session.surface.complete, timeout=LONG)


def cosine(one, other):
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def test_the_gradient_is_that_of_the_middle_of_what_is_shown_now(qtbot, window):
    session = window.session
    session.live.choose_heading("gradient")
    ways = []
    for _ in range(2):
        extent, plane = session.picture.extent_shown(), session.portrait.plane
        session.live.turn("u", 0.4)
        qtbot.waitUntil(lambda plane=plane: session.portrait.plane is not plane, timeout=LONG)
        at_rest(qtbot, window, "turned")
        table = session.live._table
        ways.append(table.towards @ table.prepared[0].vectors[1:])
        here = plane.point(sum(extent.a) / 2, sum(extent.b) / 2)
        gradient = session.run.net.gradient(here, *session.run.measured(), session.run.setup.descent.l2)
        assert cosine(ways[-1], -gradient) > 0.999
        shown = session.picture.extent_shown()
        width = shown.a[1] - shown.a[0]
        session.picture.look(Extent((shown.a[0] + width, shown.a[1] + width), shown.b))
        settled(qtbot, window)
    assert cosine(*ways) < 0.99


def test_turning_back_leads_back(qtbot, window):
    session = window.session
    before = session.portrait.plane
    for angle in (0.3, 0.4, -0.5, -0.2):
        session.live.turn("v", angle)
    session.live.turn("u", 1e-9)
    at_rest(qtbot, window, "turned")
    assert Tour.between(before, session.portrait.plane).distance < 1e-3


def test_keys_and_mouse_turn_shift_and_zoom(qtbot, window):
    session = window.session
    before = session.portrait.plane
    QTest.keyClick(window, Qt.Key.Key_D)
    at_rest(qtbot, window, "turned")
    once = Tour.between(before, session.portrait.plane).distance
    assert once == pytest.approx(math.radians(3), abs=2e-3)
    origin = session.portrait.plane.origin
    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: not np.array_equal(session.portrait.plane.origin, origin), timeout=LONG)
    at_rest(qtbot, window, "turned")
    width = session.picture.extent_shown().a
    QTest.keyClick(window, Qt.Key.Key_Plus)
    settled(qtbot, window)
    now = session.picture.extent_shown().a
    assert (now[1] - now[0]) == pytest.approx((width[1] - width[0]) / 1.25)
    assert session.surface.a[0] == pytest.approx(now[0]) and session.surface.a[-1] == pytest.approx(now[1])
    turned = session.portrait.plane
    drag(window, Qt.KeyboardModifier.ShiftModifier, QPoint(40, 0))
    qtbot.waitUntil(lambda: session.portrait.plane is not turned, timeout=LONG)
    at_rest(qtbot, window, "turned")
    still = session.portrait.plane
    drag(window, Qt.KeyboardModifier.ControlModifier, QPoint(0, -40))
    qtbot.waitUntil(lambda: not np.array_equal(session.portrait.plane.origin, still.origin), timeout=LONG)
    at_rest(qtbot, window, "turned")
    np.testing.assert_allclose(session.portrait.plane.u, still.u, rtol=1e-5, atol=1e-7)  # shifted, and not turned
    QTest.keyClick(window, Qt.Key.Key_0)
    settled(qtbot, window)
    assert session.picture.extent is None


def drag(window, held, way):
    """Drag over the map with a key held."""
    port = window.map.plot.viewport()
    middle = port.rect().center()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, held, middle)
    for part in range(1, 9):
        move(port, held, middle + way * part / 8)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, held, middle + way)


def move(port, held, place):
    """A move with the left button down: QTest's own moves hold none."""
    from PyQt6.QtCore import QEvent, QPointF
    from PyQt6.QtGui import QMouseEvent
    from PyQt6.QtWidgets import QApplication

    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        QPointF(port.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        held,
    )
    QApplication.sendEvent(port, event)


def test_dragging_the_map_draws_what_came_into_view(qtbot, window):
    session = window.session
    before = session.picture.extent_shown()
    drag(window, Qt.KeyboardModifier.NoModifier, QPoint(60, 0))
    qtbot.waitUntil(lambda: session.picture.extent is not None, timeout=LONG)
    settled(qtbot, window)
    moved = before.a[0] - session.picture.extent.a[0]
    assert moved > 0
    assert session.surface.a[0] == pytest.approx(session.picture.extent.a[0])
    assert session.portrait.choice == "pca_all"


def test_a_tour_plays_holds_and_arrives(qtbot, window):
    session = window.session
    session.live.tour("filter")
    qtbot.waitUntil(lambda: session.live.touring, timeout=LONG)
    qtbot.waitUntil(lambda: session.picture.choice == "tour", timeout=LONG)
    session.live.seek_tour(0.5)
    assert not session.live.touring
    qtbot.waitUntil(lambda: 0.49 < window.motion.slider.value() / 1000 < 0.51, timeout=LONG)
    session.live.seek_tour(0.995)
    session.live.toggle_tour()
    at_rest(qtbot, window, "filter")
    assert session.live.tour_at == 1.0
    assert window.bar.plane.currentData() == "filter"


def test_a_plane_turned_by_hand_is_saved_with_the_run(qtbot, window, tmp_path):
    session = window.session
    session.live.turn("u", 0.5)
    at_rest(qtbot, window, "turned")
    extent, plane = session.picture.extent_shown(), session.portrait.plane
    session.save_run(tmp_path / "turned.landscape")
    qtbot.waitUntil(lambda: not session.lanes.running("save"), timeout=LONG)
    session.open_run(tmp_path / "turned.landscape")
    qtbot.waitUntil(lambda: session.picture.choice.startswith("kept:"), timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_allclose(session.portrait.plane.u, plane.u, atol=1e-6)
    assert extent.a[0] < extent.a[1]
    with_plane = Run.load(tmp_path / "turned.landscape")
    assert with_plane.about["view"]["plane"] == "kept:as last shown"
    with_plane.close()


def test_a_new_run_forgets_the_turned_plane(qtbot, window):
    session = window.session
    session.live.turn("u", 0.5)
    at_rest(qtbot, window, "turned")
    session.train()
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    settled(qtbot, window)
    assert session.portrait.choice == opening_plane(session.run) and session.picture.extent is None


@pytest.mark.parametrize("mode", ["beside", "over", "minus"])
def test_the_mini_batch_has_a_surface_of_its_own(qtbot, window, mode):
    session, minibatch = window.session, window.session.minibatch
    session.playback.jump(7)
    minibatch.choose(mode)
    qtbot.waitUntil(
        lambda: minibatch.surface is not None and minibatch.surface.update == session.moment.step + 1, timeout=LONG
    )
    qtbot.waitUntil(lambda: not session.turns.due)
    run, batch = session.run, minibatch.surface
    chosen = run.batches.of_step(batch.update, session.selected)
    train = run.digits.train
    theta = session.portrait.plane.point(batch.whole.a[11], batch.whole.b[4])
    wanted = float(run.net.loss(theta, train.images[chosen], train.labels[chosen]))
    assert batch.heights[4, 11] == pytest.approx(wanted, rel=1e-4)
    assert batch.digits == len(chosen) == 100
    assert window.inspect.page("Curves").batch.isVisible() == (mode == "beside")
    assert window.map.note.isVisible() == (mode != "beside")
    shown = window.map.surface.image.image
    if mode == "minus":
        np.testing.assert_allclose(shown.T, batch.heights - batch.whole.loss, atol=1e-6)
    session.playback.jump(3)
    qtbot.waitUntil(lambda: minibatch.surface.update == 4, timeout=LONG)
    minibatch.choose("off")
    qtbot.waitUntil(lambda: not session.turns.due)
    assert not window.inspect.page("Curves").batch.isVisible() and not window.map.note.isVisible()
    np.testing.assert_allclose(window.map.surface.image.image.T, np.log10(session.surface.loss), atol=1e-6)


def test_every_gradient_step_has_its_mini_batch_while_time_plays(qtbot, window):
    session, minibatch = window.session, window.session.minibatch
    session.train(session.setup.changed(descent={"epochs": 20, "batch_size": 20}))
    qtbot.waitUntil(lambda: not session.training and session.run.stride > 1, timeout=LONG)
    settled(qtbot, window)
    minibatch.choose("minus")
    qtbot.waitUntil(lambda: minibatch.surface is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not session.turns.due)
    drawn, updates = [], set()
    session.plane_changed.connect(lambda: drawn.append("plane"))
    session.surface_extended.connect(lambda: drawn.append("surface"))
    minibatch.changed.connect(lambda: updates.add(minibatch.surface.update))
    session.playback.play()
    recorded = {int(step) + 1 for step in session.run.steps}
    qtbot.waitUntil(lambda: len(updates - recorded) > 3, timeout=LONG)
    assert not drawn  # the whole surface stays as it is
    session.playback.pause()
    qtbot.waitUntil(lambda: minibatch.surface.update == session.playback.step + 1, timeout=LONG)


def test_the_worker_of_mini_batches_leaves_when_time_stands_still(qtbot, window):
    session, minibatch = window.session, window.session.minibatch
    minibatch.choose("over")
    qtbot.waitUntil(lambda: minibatch.surface is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not session.lanes.running("batch"), timeout=LONG)
    for step in (2, 1):
        session.playback.jump(step)
        qtbot.waitUntil(lambda step=step: minibatch.surface.update == step + 1, timeout=LONG)


def test_the_bar_says_how_things_stand(qtbot, window):
    session, bar = window.session, window.motion
    session.live.choose_heading("best")
    session.minibatch.choose("over")
    qtbot.waitUntil(lambda: bar.heading.currentData() == "best" and bar.minibatch.currentData() == "over", timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: bar.minibatch.currentData() == "minus", timeout=LONG)
    assert not bar.slider.isEnabled()


def test_windows_of_a_plane_keep_their_shape():
    extent = Extent((-1.0, 3.0), (0.0, 1.0))
    half = extent.scaled(0.5)
    assert (half.a, half.b) == ((0.0, 2.0), (0.25, 0.75))
