"""The model that the pages are about: the selected start, a point of the plane, or a file; and what the mouse does."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication, QMenu

from landscape.descent.starts import KINDS
from landscape.gui.pointing import _height_words, surface_words
from landscape.model import save_model
from landscape.network import Network
from landscape.run.run import Run
from tests.gui.conftest import LONG, settled


def pixel_of(view, a, b):
    """The pixel of the map's viewport under which a point of the plane lies."""
    return view.plot.mapFromScene(view.box.mapViewToScene(QPointF(a, b)))


def free_point(view):
    """A point of the plane away from all balls, and its pixel."""
    (low, high), (under, over) = view.box.viewRange()
    for share in (0.5, 0.3, 0.7, 0.15, 0.85):
        a, b = low + share * (high - low), under + 0.8 * (over - under)
        if view.points.nearest(a, b, 40) is None:
            return a, b, pixel_of(view, a, b)
    raise AssertionError("balls everywhere")


def test_the_subject_is_the_selected_start_at_the_shown_step(qtbot, window):
    session = window.session
    session.playback.seek(0)
    session.select(2)
    subject = session.subject
    np.testing.assert_array_equal(subject.theta, session.run.thetas[0, 2])
    assert (subject.kind, subject.start, subject.where) == ("start", 2, None)
    assert subject.words == f"{session.run.starts[2].name}, step 0"
    assert session.subject is subject  # made once a moment
    between = int(session.run.steps[1]) + 1
    assert between not in session.run.steps or session.run.stride == 1
    with qtbot.waitSignal(session.subject_changed):
        session.playback.seek(session.playback.last)
    np.testing.assert_array_equal(session.subject.theta, session.run.thetas[-1, 2])


def test_a_click_fixes_the_point_until_escape(qtbot, window):
    session, view = window.session, window.map
    a, b, pixel = free_point(view)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    subject = session.subject
    assert subject.kind == "point"
    assert subject.where == pytest.approx((a, b), abs=0.02 * np.ptp(view.box.viewRange()[0]))
    np.testing.assert_allclose(subject.theta, session.portrait.plane.point(*subject.where), rtol=1e-6)
    assert subject.words.startswith("the plane at a = ")
    qtbot.waitUntil(lambda: session.subjects.figures is not None, timeout=LONG)
    X, y = session.run.measured()
    assert session.subjects.figures.loss == pytest.approx(float(session.run.net.loss(subject.theta, X, y)), rel=1e-5)
    qtbot.waitUntil(lambda: "training loss" in view.pointing.card.text(), timeout=LONG)
    assert view.pointing.card.isVisible() and len(view.cross.points) == 1
    session.playback.seek(0)
    assert session.subject is subject  # time moves, the point stays
    session.escape()
    assert session.subject.kind == "start"
    settled(qtbot, window)
    assert not view.pointing.card.isVisible() and not len(view.cross.points)


def test_the_card_of_a_point_follows_the_surface(qtbot, window):
    session, card = window.session, window.map.pointing.card
    session.subjects.choose_point(0.3, -0.2)
    settled(qtbot, window)
    spot, told = session.subjects.spot(), []
    for factor in (1.0, 1.5):
        session.picture.surface = replace(session.surface, loss=session.surface.loss * factor)
        session.surface_extended.emit()  # as when a finer one has come
        qtbot.waitUntil(lambda: not session.turns.due)
        told.append(surface_words(session, spot.a, spot.b)[0])
        assert card.isVisible() and f"surface: {told[-1]}" in card.text()
    assert told[0] != told[1]


def test_on_another_plane_the_point_is_its_shadow(qtbot, window):
    session = window.session
    session.subjects.choose_point(0.3, -0.2)
    spot, theta = session.subjects.spot(), session.subject.theta
    assert (spot.a, spot.b) == pytest.approx((0.3, -0.2), abs=1e-4) and spot.off == 0
    size = np.linalg.norm(session.portrait.plane.origin)
    away = np.linalg.norm(theta - session.portrait.plane.origin)
    assert (spot.away, spot.away_share) == pytest.approx((away, away / size), rel=1e-4)
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    assert session.subject.theta is theta
    (shadow,), (off,) = session.portrait.plane.project(theta[None])
    spot = session.subjects.spot()
    assert (spot.a, spot.b, spot.off) == pytest.approx((*shadow, off))
    assert spot.off > 0 and "its shadow" in window.map.pointing.card.text()
    session.descend_from_point()
    assert not session.training  # the point itself is not on the plane that is seen


def test_a_ball_is_followed_again_after_a_point(qtbot, window):
    session, view = window.session, window.map
    session.subjects.choose_point(0.0, 0.0)
    start = int(np.argmax(np.ptp(view.points.points, axis=1)))
    ball = pixel_of(view, *view.points.points[start])
    nearest = view.points.nearest(*view._place_at(QPointF(ball)), 12)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=ball)
    assert (session.subject.kind, session.selected) == ("start", nearest)


def test_a_button_held_down_starts_one_descent_there_on_the_same_plane(qtbot, window):
    session, view = window.session, window.map
    before, plane, extent = session.run, session.portrait.plane, session.picture.extent_shown()
    _, _, pixel = free_point(view)
    a, b = view._place_at(QPointF(pixel))
    qtbot.mousePress(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)
    qtbot.mouseRelease(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    settled(qtbot, window)
    run = session.run
    assert run.K == 1 and session.subject.kind == "start"  # the release was no click
    np.testing.assert_allclose(run.thetas[0, 0], plane.point(a, b), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(session.portrait.plane.u, plane.u)
    np.testing.assert_allclose(session.portrait.coordinates[0, 0], (a, b), atol=1e-3)
    assert session.picture.extent_shown().a == pytest.approx(extent.a)
    same = {"learning_rate", "batch_size", "epochs", "optimiser"}
    assert run.setup.descent.model_dump(include=same) == before.setup.descent.model_dump(include=same)
    assert "where it was begun" in window.bar.plane.placeholderText()


def test_a_drag_is_no_click_and_starts_nothing(qtbot, window):
    session, view = window.session, window.map
    _, _, pixel = free_point(view)
    port, run = view.plot.viewport(), session.run
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=pixel)
    qtbot.mouseMove(port, pixel + QPoint(30, 10))
    assert not view.pointing._holding.isActive()
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=pixel + QPoint(30, 10))
    assert session.subject.kind == "start" and session.run is run


def test_enter_starts_a_descent_at_the_chosen_point(qtbot, window):
    session, before = window.session, window.session.run
    session.descend_from_point()
    assert not session.training and "Click a point" in window.status.currentMessage()
    session.subjects.choose_point(0.1, 0.2)
    window.activateWindow()
    window.map.plot.setFocus()
    qtbot.waitUntil(window.map.plot.hasFocus, timeout=LONG)
    qtbot.keyClick(window.map.plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_allclose(session.portrait.coordinates[0, 0], (0.1, 0.2), atol=1e-3)
    assert session.run.starts[0].name == "the chosen point"  # and not the middle of some plane


def test_a_chosen_point_keeps_its_name_in_the_saved_run(qtbot, window, tmp_path):
    session, before = window.session, window.session.run
    session.descend_from(0.1, 0.2)
    qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)
    settled(qtbot, window)
    assert session.best.start_name == "the chosen point"
    session.save_run(tmp_path / "point.landscape")
    settled(qtbot, window)
    again = Run.load(tmp_path / "point.landscape")
    assert [start.name for start in again.starts] == ["the chosen point"]
    assert KINDS[again.setup.starts.kind].label == "the chosen point"


def test_the_menu_says_what_can_be_done(window):
    pointing, session = window.map.pointing, window.session
    assert pointing.menu(None) is None
    assert [action.text() for action in pointing.menu((0.1, 0.1)).actions()] == [
        "Look at the model here",
        "Start a descent here",
    ]
    pointing.menu((0.1, 0.1)).actions()[0].trigger()
    assert session.subject.where == (0.1, 0.1)
    pointing.menu(None).actions()[0].trigger()
    assert session.subject.kind == "start"


def test_a_right_click_offers_that_menu_at_the_point_under_the_mouse(qtbot, window):
    view, session = window.map, window.session
    _, _, pixel = free_point(view)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.RightButton, pos=pixel)
    menu = QApplication.activePopupWidget()
    qtbot.waitUntil(lambda: isinstance(menu, QMenu) and menu.isVisible(), timeout=LONG)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert session.subject.where == pytest.approx(view._place_at(QPointF(pixel)))
    assert QApplication.activePopupWidget() is None


def test_a_models_file_becomes_the_subject(qtbot, window, tmp_path):
    session = window.session
    net = Network((784, 5, 1), cost="mnist_loss")
    theta = net.init(3)
    about = {"classes": "[3, 7]", "preprocessing": '["scale", "centre"]'}
    session.subjects.open(save_model(tmp_path / "team-a.safetensors", net, theta, about))
    qtbot.waitUntil(lambda: session.subject.kind == "file", timeout=LONG)
    subject = session.subject
    np.testing.assert_array_equal(subject.theta, theta)
    assert (subject.words, subject.classes, subject.preprocess) == (
        "team-a.safetensors",
        (3, 7),
        ("scale", "centre"),
    )
    assert session.subjects.spot() is None  # it has no place on this run's plane
    (tmp_path / "bad.npz").write_bytes(b"no model")
    session.subjects.open(tmp_path / "bad.npz")
    qtbot.waitUntil(window.banner.isVisible, timeout=LONG)
    assert "bad.npz" in window.banner.text.text() and session.subject is subject
    session.subjects.release()
    assert session.subject.kind == "start"


def test_the_hover_card_reads_the_surface(qtbot, window):
    session, view = window.session, window.map
    a, b, pixel = free_point(view)
    qtbot.mouseMove(view.plot.viewport(), pixel)
    a, b = view._place_at(QPointF(pixel))
    text = view.pointing.hover.text()
    assert view.pointing.hover.isVisible()
    assert f"a {a:.2f}".replace("-", "−") in text and f"loss {session.surface.height_at(a, b):#.3g}" in text
    assert "accuracy" in text and "of ‖θ‖" in text


def test_cards_fit_the_large_letters_of_presenting(qtbot, window):
    view, session = window.map, window.session
    a, b, pixel = free_point(view)
    session.subjects.choose_point(a, b)
    qtbot.waitUntil(view.pointing.card.isVisible)
    for away in (QPoint(5, 5), QPoint(0, 0)):  # wherever the mouse was before, it moves
        qtbot.mouseMove(view.plot.viewport(), pixel + away)
    assert view.pointing.hover.isVisible()
    cards = (view.pointing.hover, view.pointing.card)

    def whole():
        return all(not card.isVisible() or card.size() == card.sizeHint() for card in cards)

    window.presenter.toggle()
    qtbot.waitUntil(whole)
    qtbot.waitUntil(lambda: view.pointing.card.x() > view.plot.getAxis("left").width())
    window.presenter.toggle()
    qtbot.waitUntil(whole)


def test_the_bar_names_the_subject_and_leads_back(qtbot, window):
    from landscape.gui.inspect.subject_bar import SubjectBar

    session = window.session
    bar = SubjectBar(session)
    qtbot.addWidget(bar)
    bar.show()
    assert session.subject.words in bar.words.text() and not bar.back.isVisible()
    session.subjects.choose_point(1.2, -0.4)
    qtbot.waitUntil(lambda: "a = 1.20, b = −0.40" in bar.words.text(), timeout=LONG)
    assert bar.back.isVisible()
    bar.back.click()
    qtbot.waitUntil(lambda: not bar.back.isVisible(), timeout=LONG)
    assert session.subject.kind == "start"


@pytest.mark.parametrize(
    ("height", "error", "words"),
    [
        (0.15, 0.0082, "loss 0.150 ± 0.008"),
        (2.4, 0.0456, "loss 2.40 ± 0.05"),
        (0.2, 0.00004, "loss 0.200 ± 4e-05"),
        (91.0, 0.4, "loss 91.0 ± 0.4"),
    ],
)
def test_a_height_and_its_error_have_the_same_decimals(height, error, words):
    from types import SimpleNamespace

    grid = np.full((1, 1), error)
    surface = SimpleNamespace(measure=None, error=grid, accuracy=None, loss=grid)
    assert _height_words(surface, height, 0, 0) == words
