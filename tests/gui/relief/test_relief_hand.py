"""The 3D view under the hand: clicks, drags, the wheel, keys, and where it looks from by itself."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication

from landscape.gui.pointing import surface_words
from landscape.gui.relief.camera import Camera
from tests.gui.conftest import activate
from tests.gui.relief.seeing import on_screen


def test_a_click_on_a_ball_chooses_its_start(qtbot, view, session):
    place = on_screen(view, view.scene.balls)[3]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, place.round())))
    near = np.hypot(*(on_screen(view, view.scene.balls) - place).T)
    assert near[session.selected] < 3
    assert session.subject.kind == "start"


def test_the_surface_is_struck_where_it_is_drawn(view, session):
    surface, scene = session.surface, view.scene
    view.camera = Camera(elevation=60)
    cells = [(j, i) for j in range(3, len(surface.b) - 3, 6) for i in range(3, len(surface.a) - 3, 6)]
    spots = np.array([(surface.a[i], surface.b[j], scene.heights[j, i]) for j, i in cells])
    spots = spots[spots[:, 2] < scene.box.heights[1]]
    struck = [view._place_at(QPointF(*pixel)) for pixel in on_screen(view, spots)]
    lengths = np.array([np.ptp(surface.a), np.ptp(surface.b)])
    right = [hit is not None and np.abs((np.array(hit) - spot[:2]) / lengths).max() < 0.01
             for hit, spot in zip(struck, spots, strict=True)]  # fmt: skip
    assert np.mean(right) > 0.8  # a hill may hide the others
    nearer = [np.array(hit) for hit, spot_is_seen in zip(struck, right, strict=True) if not spot_is_seen and hit]
    to_eye = view.camera.axes[2][:2]
    hidden = spots[[not each and hit is not None for each, hit in zip(right, struck, strict=True)]]
    for hit, spot in zip(nearer, hidden, strict=True):
        assert (hit - spot[:2]) / lengths @ to_eye > 0  # what hides it stands before it
    assert view._place_at(QPointF(2.0, 2.0)) is None


def test_a_click_on_the_surface_chooses_that_point(qtbot, view, session):
    surface, scene = session.surface, view.scene
    balls = on_screen(view, scene.balls)
    cells = [(j, i) for j in range(2, 38, 3) for i in range(2, 38, 3)]
    pixels_of = on_screen(view, [(surface.a[i], surface.b[j], scene.heights[j, i]) for j, i in cells])
    pixel = next(p for p in pixels_of if np.hypot(*(balls - p).T).min() > 60 and view._place_at(QPointF(*p)))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, pixel.round())))
    assert session.subject.where == pytest.approx(view._place_at(QPointF(*pixel.round())), abs=1e-6)
    view.pointing.show_point()
    assert view.pointing.card.isVisible()
    session.subjects.release()


def test_mouse_wheel_and_keys_move_the_camera(qtbot, view):
    camera = view.camera
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 500))
    qtbot.mouseMove(view, QPoint(60, 520))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(60, 520))
    assert (view.camera.azimuth, view.camera.elevation) != (camera.azimuth, camera.elevation)
    activate(qtbot, view)
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(wheel)
    assert view.camera.zoom > camera.zoom
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert view.camera.elevation == 90
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.camera.elevation < 90
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    assert view.camera.centre != (0, 0, 0)
    qtbot.keyClick(view, Qt.Key.Key_I)
    assert view.camera.zoom == 1 and view.camera.centre == (0, 0, 0)


def test_a_right_drag_moves_the_view_and_a_double_click_brings_all_back(qtbot, view):
    camera, right = view.camera, Qt.MouseButton.RightButton
    qtbot.mousePress(view, right, pos=QPoint(300, 300))
    qtbot.mouseMove(view, QPoint(360, 330))
    qtbot.mouseRelease(view, right, pos=QPoint(360, 330))
    assert view.camera.centre != camera.centre
    assert (view.camera.azimuth, view.camera.elevation, view.camera.zoom) == (camera.azimuth, camera.elevation, 1.0)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 500))
    assert view.camera.centre == (0, 0, 0) and view.camera.zoom == 1


def test_the_mouse_reads_the_surface_and_a_button_held_down_descends_from_there(qtbot, view, session, monkeypatch):
    asked = []
    monkeypatch.setattr(session, "descend_from", lambda *place: asked.append(place))
    heights = session.surface.heights
    for a, b in ((0.2, 0.3), (0.6, 0.6), (0.4, 0.2), (0.7, 0.3)):  # where no ball stands
        i, j = round(a * (len(session.surface.a) - 1)), round(b * (len(session.surface.b) - 1))
        (spot,) = on_screen(view, [[session.surface.a[i], session.surface.b[j], view.scene.heights[j, i]]])
        spot = QPoint(*spot.round().astype(int).tolist())
        if view.ball_at(spot.x(), spot.y()) is None and view._place_at(QPointF(spot)) is not None:
            break
    place = view._place_at(QPointF(spot))
    card = view.pointing.hover
    words = surface_words(session, *place)[0]
    over = QPointF(spot), QPointF(view.mapToGlobal(spot)), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton
    QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, *over, Qt.KeyboardModifier.NoModifier))
    assert card.isVisible() and words in card.text()
    assert heights.min() <= session.surface.height_at(*place) <= heights.max()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: "Keep holding" in card.text())
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=spot)
    assert asked == [pytest.approx(place)] and session.subjects.point is None  # the release was no click


def test_the_corner_looked_from_is_chosen_once_a_plane_and_never_against_the_hand(view, session):
    view.camera = replace(view.camera, azimuth=77.0)
    view.show_surface()
    view.grab()
    assert view.camera.azimuth == 77.0
    session.picture.portrait = replace(session.portrait, choice="custom")
    view.show_everything()
    view.grab()
    assert view.camera.azimuth != 77.0
    view.look_from("top")
    session.picture.portrait = replace(session.portrait, choice="random")
    view.show_everything()
    view.grab()
    assert view.camera.azimuth == -90


def test_it_orbits_by_itself(qtbot, view):
    azimuth = view.camera.azimuth
    activate(qtbot, view)
    qtbot.keyClick(view, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: view.camera.azimuth != azimuth)
    view.controls.buttons["orbit"].click()
    assert not view._orbit.isActive()
