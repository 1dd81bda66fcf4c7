"""The 3D view's pictures: colours, places of balls, holes, lines, and what is drawn of them."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QColor

from landscape.export.style import start_colour
from landscape.gui.drawing.arrow_legend import LOOKS
from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.levels import CONTOURS, contour_levels
from landscape.gui.relief.camera import Camera
from landscape.gui.relief.glyphs import start_glyph
from landscape.gui.relief.mesh import marker_vertices
from landscape.gui.theme import DARK, LIGHT
from landscape.run.portrait import Extent, evaluating
from landscape.run.step_arrows import step_arrows
from tests.gui.relief.seeing import SIZE, likeness, on_screen, pixels, placed, seen, show_frame

CAMERAS = [
    Camera(),
    Camera(40.0, -25.0, zoom=0.6),
    Camera(100.0, 20.0, zoom=3.0, centre=(0.2, 0.1, 0.0)),
    Camera(zoom=12.0),
]


@pytest.mark.parametrize(("theme", "canvas"), [(DARK, DARK.canvas), (LIGHT, LIGHT.canvas)])
def test_the_picture_is_a_surface_on_the_canvas_of_the_theme(view, theme, canvas):
    view.set_theme(theme)
    picture = seen(view)
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
    picture, surface, scene = seen(view), session.surface, view.scene
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
    without = seen(view)
    balls = [marker for marker in scene._spots(np.full_like(scene.balls, np.nan)) if marker.ball]
    assert len(balls) == session.run.K
    losses = session.run.figure("loss")[-1]
    expected = on_screen(view, np.column_stack([session.portrait.coordinates[-1], np.log10(losses)]))
    misses = []
    for ball, place in zip(balls, expected, strict=True):
        canvas.set_markers("balls", marker_vertices([ball]))
        changed = np.abs(seen(view) - without).max(axis=-1) > 6
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
    picture, scene = seen(view), view.scene
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
        inked.append((np.ptp(seen(view), axis=2) > 60).sum())  # grid, rims and canvas are nearly grey
    assert inked[1] > 1.3 * inked[0] and inked[2] == inked[0]


def test_what_is_below_the_noise_is_pale_and_striped_and_nothing_else_is(view, session):
    view.camera = Camera().preset("top")
    surface = session.picture.surface = replace(session.surface)  # its contour lines are still to come
    view.show_surface()
    view.grab()
    before = seen(view)
    noise = np.zeros(surface.loss.shape, bool)
    noise[:, : len(surface.a) // 2] = True
    session.picture.surface = replace(surface, noise=noise)
    view.show_surface()
    view.grab()
    assert any("striped" in sentence for sentence in view._names().sentences)
    session.picture.surface = replace(session.surface, noise=None)  # the same words again: pictures of one size
    striped = seen(view)
    changed = np.abs(striped - before).max(axis=-1) > 12
    left, right = (on_screen(view, [surface.a[i], surface.b[20], view.scene.heights[20, i]]) for i in (8, 32))
    rows = slice(int(left[1]) - 12, int(left[1]) + 12)
    there, elsewhere = (changed[rows, int(x) - 12 : int(x) + 12].mean() for x in (left[0], right[0]))
    assert there > 0.5 and elsewhere < 0.05
    bright = striped[rows, int(left[0]) - 12 : int(left[0]) + 12].mean(axis=-1)
    assert bright.max() - bright.min() > 60


def test_the_gradient_arrows_are_drawn_on_the_surface_and_explained(view, session):
    def orange():
        picture = seen(view)
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
    surface, picture = session.surface, seen(view)
    background = np.array(QColor(DARK.canvas).getRgb()[:3])
    inside = on_screen(view, [surface.a[9] * 0.5 + surface.a[10] * 0.5, surface.b[7], view.scene.box.heights[0]])
    outside = on_screen(view, [surface.a[25], surface.b[30], view.scene.heights[30, 25]])
    x, y = np.round(inside).astype(int)
    found = np.abs(picture[y - 2 : y + 3, x - 2 : x + 3] - background).max(-1)
    assert np.median(found) < 3
    x, y = np.round(outside).astype(int)
    assert np.abs(picture[y, x] - background).max() > 20


def test_log_and_linear_heights(view, session):
    losses = session.run.figure("loss")
    np.testing.assert_allclose(view.scene.paths[..., 2], np.log10(losses))
    session.heights.scale = "linear"
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


def test_a_sharper_screen_gets_more_pixels(view):
    canvas, scene = view._canvas, view.scene
    twice = tuple(2 * int(side) for side in view.picture_size)
    image = canvas.render(view.camera, scene.box, scene.look, twice, 2.0, 0)
    assert image.devicePixelRatio() == 2.0
    small = seen(view)
    large = placed(image, scene.look.canvas, *twice)[::2, ::2]
    assert np.abs(small - large).mean() < 6  # the same picture


def test_an_earlier_run_lies_beside_paler_at_its_own_heights(view, session, small_run):
    alone = seen(view)
    rival = session.rival
    rival.run = small_run
    rival.shadows = np.array(session.portrait.coordinates) + 0.3 * np.ptp(session.surface.a)
    rival.changed.emit()
    view.grab()
    np.testing.assert_allclose(view.scene.rival[..., :2], rival.shadows)
    np.testing.assert_allclose(view.scene.rival[..., 2], np.log10(small_run.figure("loss")))
    counts = view._canvas._counts
    assert counts["rival corners"] == counts["paths corners"] > 0
    beside = seen(view)
    assert (np.abs(beside - alone).max(axis=-1) > 20).sum() > 50
    rival.run, rival.shadows = None, np.empty((0, 0, 2))
    rival.changed.emit()
    view.grab()
    np.testing.assert_array_equal(seen(view), alone)


def test_its_contour_lines_are_those_of_the_map(view, session, monkeypatch):
    drawn = {}
    monkeypatch.setattr(view.scene._canvas, "set_lines", lambda name, points: drawn.setdefault(name, points))
    view.scene._lines = ()
    view.scene.refresh({"contours"})
    levels = contour_levels(Heights.of_surface(session.surface, True), CONTOURS)
    near = np.abs(drawn["contours"][:, 2, None] - levels)
    assert near.min(axis=1).max() < 1e-5  # no line lies between them
    assert (near.min(axis=0) < 1e-5).mean() > 0.8


@pytest.mark.parametrize("camera", [*CAMERAS, Camera().preset("top"), Camera().preset("front")])
@pytest.mark.parametrize("samples", [0, 4])
def test_a_picture_of_the_part_that_is_drawn_is_the_picture_of_the_whole_view(
    view, session, camera, samples, monkeypatch
):
    extent = Extent((-0.08, 0.30), (-0.08, 0.22))  # the paths of three starts lie outside
    *_, surface = evaluating(session.run, session.portrait, cells=21, extent=extent, noise=True)
    session.picture.surface = replace(surface, noise=np.ones_like(surface.loss, bool))  # striped all over
    view.show_everything()
    view.grab()
    canvas, scene, size = view._canvas, view.scene, (500, 380)
    for bold, density in ((1.0, 1.0), (1.4, 2.0)):
        look = replace(scene.look, bold=bold)
        part = canvas.render(camera, scene.box, look, size, density, samples)
        with monkeypatch.context() as patch:
            patch.setattr(canvas, "_place", lambda *_: QRect(0, 0, *size))
            whole = canvas.render(camera, scene.box, look, size, density, samples)
        assert (whole.width(), whole.height()) == size
        difference = np.abs(placed(part, look.canvas, *size) - pixels(whole)).max(axis=-1)
        assert (difference > 8).mean() < 2e-4  # rounding at an edge


def test_a_picture_is_no_larger_than_what_is_drawn(view):
    for azimuth in range(-180, 180, 45):
        view.camera = Camera(float(azimuth), 30.0)
        picture = view.picture()
        assert picture.width() * picture.height() < 0.75 * SIZE[0] * SIZE[1]
        drawn = np.abs(pixels(picture) - view.scene.look.canvas.getRgb()[:3]).max(axis=-1) > 8
        assert not drawn[[0, -1]].any() and not drawn[:, [0, -1]].any()  # nothing ends at its edge
