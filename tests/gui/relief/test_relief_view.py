"""The 3D view: what is sent to the card and drawn when, and where its words and cards stand."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from landscape.gui.relief.axes import BAR
from landscape.gui.relief.camera import Camera
from landscape.gui.theme import DARK
from landscape.run.landmark import Landmark
from tests.gui.conftest import LONG
from tests.gui.relief.seeing import SIZE, on_screen, seen, show_frame


def test_moving_time_sends_only_what_moved(view, session):
    before = view._canvas.uploads.copy()
    first = seen(view)
    show_frame(session, 0)
    view.grab()
    sent = {name for name, count in (view._canvas.uploads - before).items() if count}
    assert sent == {"balls", "tips", "tips corners", "stems", "stems corners"}
    assert view._canvas.frame == 0
    assert np.abs(seen(view) - first).max() > 50


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


def test_the_driver_going_away_is_told_once(qtbot, view, monkeypatch):
    from landscape.gui.relief.opengl import OpenGLError

    def broken(*args):
        raise OpenGLError("the driver is gone")

    monkeypatch.setattr(view._canvas, "render", broken)
    view.redraw()
    view.grab()
    assert "driver is gone" in view._trouble
    view.grab()


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


def test_turning_takes_the_same_memory_again(view, monkeypatch):
    offscreen, taken = view._canvas._offscreen, []
    buffer = offscreen.buffer
    monkeypatch.setattr(offscreen, "buffer", lambda *wanted: taken.append(wanted) or buffer(*wanted))
    for round_trip in range(2):
        for azimuth in range(0, 360, 5):
            view.camera = Camera(float(azimuth), 30.0)
            view.picture()
        if round_trip == 0:
            assert len(taken) <= 8
            taken.clear()
    assert not taken


def test_the_first_time_it_is_only_laid_out(qtbot, session):
    from landscape.gui.relief.view import ReliefView

    view = ReliefView(session, DARK)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.grab()
    assert not view._canvas.uploads
    view.show()
    qtbot.waitUntil(lambda: view._image is not None, timeout=LONG)
    assert view._canvas.uploads["surface"] == 1


def test_names_of_models_keep_clear_of_each_other(view, session, monkeypatch):
    from landscape.gui.relief import view as module

    a, b = session.portrait.coordinates[-1, 0]
    marks = tuple(Landmark(letter, f"model {letter}", a + 0.01 * n, b, 1.0, 1.0) for n, letter in enumerate("ABC"))
    words, draw = [], module.draw_landmark
    monkeypatch.setattr(module, "landmarks", lambda *_: marks)
    monkeypatch.setattr(module, "draw_landmark", lambda *given: words.append(draw(*given)) or words[-1])
    view.grab()
    assert len(words) == 3 and not any(one.intersects(other) for one, other in combinations(words, 2))


@pytest.mark.parametrize("points", [9, 14])
def test_the_title_of_the_colours_keeps_clear_of_their_bar(view, monkeypatch, points):
    font = view.font()
    font.setPointSize(points)
    view.setFont(font)
    view.set_theme(DARK)
    drawn = {}
    monkeypatch.setattr(view._axes, "_text", lambda rect, text, *_: drawn.update({text: rect}))
    view.grab()
    [title] = [rect for text, rect in drawn.items() if text.startswith("colours:")]
    assert title.bottom() < BAR.top() and title.top() >= 0
    assert title.height() >= QFontMetricsF(view._axes._small).height()
