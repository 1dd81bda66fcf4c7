"""The 3D view's pictures: colours, places of balls, holes, and what is sent to the card when. Needs OpenGL.

Where the tests run without a screen, `test_relief_on_a_screen.py` runs this file once more on a virtual one.
"""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication

from landscape.export.style import start_colour
from landscape.gui.drawing.arrow_legend import LOOKS
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.levels import CONTOURS, contour_levels
from landscape.gui.moment import recorded_moment
from landscape.gui.pointing import surface_words
from landscape.gui.relief.camera import Camera
from landscape.gui.relief.glyphs import start_glyph
from landscape.gui.relief.mesh import marker_vertices
from landscape.gui.relief.opengl import why_no_opengl
from landscape.gui.session import Session
from landscape.gui.theme import DARK, LIGHT
from landscape.run.portrait import evaluating, portray
from landscape.run.step_arrows import step_arrows

SIZE = (900, 700)


@pytest.fixture
def session(qapp, small_run, tmp_path):
    """A session that shows the small run on the plane of its starts; nothing runs in it."""
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    session = Session(tmp_path)
    session.run = small_run
    session.picture.portrait = portray(small_run, "starts")
    session.picture.framed = small_run.frames
    *_, session.picture.surface = evaluating(small_run, session.portrait, cells=41)
    session.best = small_run.best
    show_frame(session, small_run.frames - 1)
    yield session
    session.close()


def show_frame(session, frame):
    session.moment = recorded_moment(session.run, session.portrait, frame, session.surface)
    session.moment_changed.emit()


@pytest.fixture
def view(qtbot, session):
    from landscape.gui.relief.view import ReliefView

    view = ReliefView(session, DARK)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    view.grab()
    view.scene.refresh({"contours"})
    return view


def activate(qtbot, widget):
    """Give a window the keys, as a window manager would."""
    with qtbot.waitActive(widget):
        widget.activateWindow()


def pixels(image):
    """A picture as numbers, (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    rows = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(float)


def likeness(one, other):
    """The cosine between two colours: 1 where only their brightness differs."""
    return float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))


def on_screen(view, points):
    places, sides = view.scene.box.place(np.array(points)), view.scene.box.sides
    return np.stack(view.camera.project(places, sides, view.picture_size), -1)


@pytest.mark.parametrize(("theme", "canvas"), [(DARK, DARK.canvas), (LIGHT, LIGHT.canvas)])
def test_the_picture_is_a_surface_on_the_canvas_of_the_theme(view, theme, canvas):
    view.set_theme(theme)
    picture = pixels(view.picture())
    background = np.array(QColor(canvas).getRgb()[:3])
    np.testing.assert_allclose(picture[0, 0], background, atol=1)
    filled = (np.abs(picture - background).max(axis=-1) > 8).mean()
    assert 0.1 < filled < 0.8
    assert len(np.unique((picture // 16).reshape(-1, 3), axis=0)) > 60


def test_seen_from_the_top_the_colours_are_those_of_the_map(view, session):
    session.moment = session.best = None
    view.scene.paths = np.zeros((0, 0, 3))
    for name in ("balls", "starts"):
        view._canvas.set_markers(name, marker_vertices([]))
    view._canvas.upto[:] = 0
    view._canvas._counts["paths ahead"] = view._canvas._counts["shadows corners"] = 0
    view._canvas._counts["contours"] = view._canvas._counts["stems corners"] = 0
    view.camera = Camera().preset("top")
    picture, surface, scene = pixels(view.picture()), session.surface, view.scene
    low, high = scene.limits
    for j in range(4, len(surface.b) - 4, 8):
        for i in range(4, len(surface.a) - 4, 8):
            x, y = on_screen(view, [surface.a[i], surface.b[j], scene.heights[j, i]])
            wanted = scene.colours((scene.heights[j, i] - low) / (high - low))
            assert likeness(picture[round(float(y)), round(float(x))], wanted) > 0.985


@pytest.mark.parametrize("camera", [Camera(), Camera(40.0, 12.0), Camera(-120.0, -35.0, zoom=1.4)])
def test_balls_stand_where_their_true_loss_projects_to(view, session, camera):
    view.camera = camera
    canvas, scene = view._canvas, view.scene
    canvas.set_markers("balls", marker_vertices([]))
    without = pixels(view.picture())
    balls = [marker for marker in scene._spots(np.full_like(scene.balls, np.nan)) if marker.ball]
    assert len(balls) == session.run.K
    losses = session.run.figure("loss")[-1]
    expected = on_screen(view, np.column_stack([session.portrait.coordinates[-1], np.log10(losses)]))
    misses = []
    for ball, place in zip(balls, expected, strict=True):
        canvas.set_markers("balls", marker_vertices([ball]))
        changed = np.abs(pixels(view.picture()) - without).max(axis=-1) > 6
        rows, columns = np.nonzero(changed)
        middle = (columns.min() + columns.max() + 1) / 2, (rows.min() + rows.max() + 1) / 2
        misses.append(np.abs(np.array(middle) - place))
        assert ball.size - 6 < columns.max() - columns.min() < ball.size + 3
    assert np.max(misses) < 2.5  # pixels: a rim over a path of its own colour does not show
    assert np.median(misses) < 0.8


def test_balls_have_the_colours_of_their_starts(view, session):
    session.picture.surface = None  # nothing in front of them
    view.show_surface()
    view.grab()
    picture, scene = pixels(view.picture()), view.scene
    for start, place in enumerate(on_screen(view, scene.balls)):
        if start == scene._session.best.start:
            continue  # the star lies around it
        right = picture[round(float(place[1])), round(float(place[0]) + 6)]
        assert likeness(right, QColor(start_colour(start)).getRgb()[:3]) > 0.97
    signs = [marker.glyph for marker in scene._spots(scene.balls) if marker.ball]
    assert signs == [start_glyph(start) for start in range(scene._session.run.K)]


def test_with_large_letters_come_bold_paths_and_balls(view, session):
    session.picture.surface = None
    view.show_surface()
    inked = []
    for magnify in (1.0, 1.8, 1.0):
        view.set_theme(replace(DARK, magnify=magnify))
        view.grab()
        inked.append((np.ptp(pixels(view.picture()), axis=2) > 60).sum())  # grid, rims and canvas are nearly grey
    assert inked[1] > 1.3 * inked[0] and inked[2] == inked[0]


def test_what_is_below_the_noise_is_pale_and_striped_and_nothing_else_is(view, session):
    view.camera = Camera().preset("top")
    surface = session.picture.surface = replace(session.surface)  # its contour lines are still to come
    view.show_surface()
    view.grab()
    before = pixels(view.picture())
    noise = np.zeros(surface.loss.shape, bool)
    noise[:, : len(surface.a) // 2] = True
    session.picture.surface = replace(surface, noise=noise)
    view.show_surface()
    view.grab()
    assert any("striped" in sentence for sentence in view._names().sentences)
    session.picture.surface = replace(session.surface, noise=None)  # the same words again: pictures of one size
    striped = pixels(view.picture())
    changed = np.abs(striped - before).max(axis=-1) > 12
    left, right = (on_screen(view, [surface.a[i], surface.b[20], view.scene.heights[20, i]]) for i in (8, 32))
    rows = slice(int(left[1]) - 12, int(left[1]) + 12)
    there, elsewhere = (changed[rows, int(x) - 12 : int(x) + 12].mean() for x in (left[0], right[0]))
    assert there > 0.5 and elsewhere < 0.05
    bright = striped[rows, int(left[0]) - 12 : int(left[0]) + 12].mean(axis=-1)
    assert bright.max() - bright.min() > 60


def test_the_gradient_arrows_are_drawn_on_the_surface_and_explained(view, session):
    def orange():
        picture = pixels(view.picture())
        return int(
            (np.abs(picture - np.array(QColor(LOOKS["mini-batch"].colour).getRgb()[:3])).max(axis=-1) < 40).sum()
        )

    show_frame(session, 0)
    view.camera = Camera().preset("top")
    view.grab()
    before = orange()
    session.arrows.shown = True
    session.arrows.current = step_arrows(session.run, session.selected, 0).on(session.portrait.plane)
    view.show_arrows()
    view.grab()
    assert orange() > before + 60
    assert view.legend.isVisible() and "enlarged" in view.legend.text()
    assert view.legend.geometry().top() > view.picture_size[1]  # over the relief it would hide it
    arrows = view.scene.arrows
    assert all(np.isfinite(line.points).any() for line in arrows.lines) and arrows.sentence in view._names().sentences
    session.arrows.shown = False
    session.arrows.current = None
    view.show_arrows()
    view.grab()
    assert orange() <= before + 5 and not view.legend.isVisible()


def test_cells_off_the_map_are_holes(view, session):
    loss = np.array(session.surface.loss)
    loss[4:12, 6:14] = np.nan
    session.picture.surface = replace(session.surface, loss=loss)
    view.show_surface()
    view.look_from("top")
    view.grab()
    assert np.isfinite(view.scene.box.heights).all()
    surface, picture = session.surface, pixels(view.picture())
    background = np.array(QColor(DARK.canvas).getRgb()[:3])
    inside = on_screen(view, [surface.a[9] * 0.5 + surface.a[10] * 0.5, surface.b[7], view.scene.box.heights[0]])
    outside = on_screen(view, [surface.a[25], surface.b[30], view.scene.heights[30, 25]])
    x, y = np.round(inside).astype(int)
    found = np.abs(picture[y - 2 : y + 3, x - 2 : x + 3] - background).max(-1)
    assert np.median(found) < 3
    x, y = np.round(outside).astype(int)
    assert np.abs(picture[y, x] - background).max() > 20


def test_moving_time_sends_only_what_moved(view, session):
    before = view._canvas.uploads.copy()
    first = pixels(view.picture())
    show_frame(session, 0)
    view.grab()
    sent = {name for name, count in (view._canvas.uploads - before).items() if count}
    assert sent == {"balls", "tips", "tips corners", "stems", "stems corners"}
    assert view._canvas.frame == 0
    assert np.abs(pixels(view.picture()) - first).max() > 50


def test_a_growing_path_leaves_the_surface_where_it_is(view, session):
    before = view._canvas.uploads.copy()
    session.run_extended.emit()
    view.grab()
    sent = view._canvas.uploads - before
    assert sent["paths"] == 1 and not sent["surface"] and not sent["contours"]


def test_a_step_between_frames_has_its_tip(view, session):
    moment = session.moment
    session.moment = replace(moment, shadows=moment.shadows + 0.01, value=moment.loss * 1.1)
    session.moment_changed.emit()
    view.grab()
    np.testing.assert_allclose(view.scene.balls[:, 2], np.log10(moment.loss * 1.1))
    assert view._canvas._counts["tips corners"] == 6 * session.run.K


def test_one_tick_one_picture(qtbot, view, session, monkeypatch):
    drawn = []
    render = view._canvas.render
    monkeypatch.setattr(view._canvas, "render", lambda *args: drawn.append(1) or render(*args))
    for frame in range(session.run.frames):
        show_frame(session, frame)
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) == 1


def test_a_hidden_view_does_nothing_until_it_is_shown(qtbot, view, session):
    view.hide()
    before = view._canvas.uploads.copy()
    show_frame(session, 0)
    session.surface_extended.emit()
    qtbot.wait(1)
    assert view._canvas.uploads == before
    view.show()
    view.grab()
    assert view._canvas.frame == 0


def test_log_and_linear_heights(view, session):
    losses = session.run.figure("loss")
    np.testing.assert_allclose(view.scene.paths[..., 2], np.log10(losses))
    session.picture.scale = "linear"
    session.surface_extended.emit()
    view.grab()
    np.testing.assert_allclose(view.scene.paths[..., 2], losses)
    assert view._names().height == "loss"


def test_validation_surface_and_validation_balls_belong_together(view, session):
    *_, session.picture.surface = evaluating(session.run, session.portrait, "validation", cells=11)
    session.surface_extended.emit()
    show_frame(session, session.run.frames - 1)
    view.grab()
    np.testing.assert_allclose(view.scene.balls[:, 2], np.log10(session.moment.validation_loss))


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


@pytest.mark.parametrize("size", [(900, 700), (587, 320), (300, 600), (1600, 900)])
@pytest.mark.parametrize("elevation", [3.0, 30.0, 90.0])
def test_no_word_is_cut_off(view, monkeypatch, size, elevation):
    written = []
    monkeypatch.setattr(view._axes, "_text", lambda rect, text, *rest: written.append((QRectF(rect), text)))
    view.resize(*size)
    for azimuth in range(-170, 190, 40):
        view.camera = Camera(float(azimuth), elevation)
        view.redraw()
        view.grab()
    assert len(written) > 30
    inside = QRectF(-1, 0, size[0] + 2, size[1])
    cut = [(text, rect) for rect, text in written if text and not inside.contains(rect)]
    assert not cut


def test_the_driver_going_away_is_told_once(qtbot, view, monkeypatch):
    from landscape.gui.relief.opengl import OpenGLError

    def broken(*args):
        raise OpenGLError("the driver is gone")

    monkeypatch.setattr(view._canvas, "render", broken)
    view.redraw()
    view.grab()
    assert "driver is gone" in view._trouble
    view.grab()


def test_a_sharper_screen_gets_more_pixels(view):
    canvas, scene = view._canvas, view.scene
    twice = tuple(2 * int(side) for side in view.picture_size)
    image = canvas.render(view.camera, scene.box, scene.look, twice, 2.0, 0)
    assert (image.width(), image.height(), image.devicePixelRatio()) == (*twice, 2.0)
    small = pixels(view.picture())
    large = pixels(image)[::2, ::2]
    assert np.abs(small - large).mean() < 6  # the same picture


@pytest.mark.parametrize("size", [(570, 566), (380, 380), SIZE])
def test_the_words_stand_below_everything_else(view, size, monkeypatch):
    drawn, words = [], []
    axes = view._axes
    monkeypatch.setattr(axes, "_text", lambda rect, *rest: drawn.append(rect))
    monkeypatch.setattr(axes, "_words", lambda names: words.append(axes._lines_of_words(names, axes._view)))
    view.resize(*size)
    for azimuth in range(-180, 180, 30):
        view.camera = Camera(float(azimuth), 30.0)
        view.redraw()
        view.grab()
    lowest, height = max(rect.bottom() for rect in drawn), view.picture_size[1]
    assert len(drawn) > 100
    assert lowest <= height < size[1]
    corners = np.array([(a, b, h) for a in view.scene.box.a for b in view.scene.box.b for h in view.scene.box.heights])
    assert on_screen(view, corners)[:, 1].max() < height
    assert height + sum(tall + 1 for _, tall in words[-1]) <= size[1]


def test_an_earlier_run_lies_beside_paler_at_its_own_heights(view, session, small_run):
    alone = pixels(view.picture())
    rival = session.rival
    rival.run = small_run
    rival.shadows = np.array(session.portrait.coordinates) + 0.3 * np.ptp(session.surface.a)
    rival.changed.emit()
    view.grab()
    np.testing.assert_allclose(view.scene.rival[..., :2], rival.shadows)
    np.testing.assert_allclose(view.scene.rival[..., 2], np.log10(small_run.figure("loss")))
    counts = view._canvas._counts
    assert counts["rival corners"] == counts["paths corners"] > 0
    beside = pixels(view.picture())
    assert (np.abs(beside - alone).max(axis=-1) > 20).sum() > 50
    rival.run, rival.shadows = None, np.empty((0, 0, 2))
    rival.changed.emit()
    view.grab()
    np.testing.assert_array_equal(pixels(view.picture()), alone)


@pytest.mark.parametrize("width", [900, 560, 420])
def test_the_card_of_a_point_hides_neither_the_colours_nor_the_buttons(qtbot, view, session, width):
    from landscape.gui.relief.axes import BAR

    session.subjects.choose_point(0.0, 0.0)
    qtbot.waitUntil(view.pointing.card.isVisible)
    view.resize(width, 500)
    qtbot.waitUntil(lambda: view.controls.width() == width)
    card = QRectF(view.pointing.card.geometry())
    assert not card.intersects(BAR.adjusted(0, -20, 0, 18))
    assert not card.intersects(QRectF(view.controls.geometry()))
    assert card.left() >= 0 and card.right() <= width


def test_its_contour_lines_are_those_of_the_map(view, session, monkeypatch):
    drawn = {}
    monkeypatch.setattr(view.scene._canvas, "set_lines", lambda name, points: drawn.setdefault(name, points))
    view.scene._lines = ()
    view.scene.refresh({"contours"})
    levels = contour_levels(Heights.of_surface(session.surface, True), CONTOURS)
    near = np.abs(drawn["contours"][:, 2, None] - levels)
    assert near.min(axis=1).max() < 1e-5  # no line lies between them
    assert (near.min(axis=0) < 1e-5).mean() > 0.8
