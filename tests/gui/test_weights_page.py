"""The page of weights follows time and the selected start, and shows what the run's own steps say; or a chosen model."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt

from landscape.model import save_model
from landscape.network import Network
from landscape.run import run_of_checkpoints
from landscape.run.update import update_from
from tests.gui.conftest import LONG, settled


@pytest.fixture
def page(qtbot, window):
    page = window.inspect.show_page("Weights")
    qtbot.waitUntil(lambda: page.content is not None, timeout=LONG)
    return page


def shows(qtbot, page, start, n):
    qtbot.waitUntil(lambda: (page.content.update.start, page.content.update.n) == (start, n), timeout=LONG)


def test_it_shows_the_update_that_leads_on_from_the_cursor(qtbot, window, page):
    session = window.session
    session.playback.jump(7)
    shows(qtbot, page, session.selected, 8)
    expected = update_from(session.run, session.selected, 7)
    np.testing.assert_array_equal(page.content.update.change, expected.change)
    W = session.run.net.unpack(expected.theta)[0][0]
    np.testing.assert_array_equal(page.sheet.pictures.values[3], W[:, 3].reshape(28, 28))
    assert "Update 8" in page.heading.text() and "100 digits" in page.heading.text()
    assert "follows the gradient" in page.lesson.text()
    ratio = np.linalg.norm(session.run.net.unpack(expected.change)[0][0]) / np.linalg.norm(W)
    assert page.table.item(0, 6).text().startswith(f"{ratio:.2g}")
    assert page.table.rowCount() == 6


def test_it_follows_the_selected_start_and_a_jump_while_it_works(qtbot, window, page):
    session = window.session
    session.select(2)
    for step in (3, 11, 5):
        session.playback.jump(step)
    shows(qtbot, page, 2, 6)
    assert session.run.starts[2].name in page.heading.text()


def test_at_the_end_it_shows_the_last_update(qtbot, window, page):
    session = window.session
    session.playback.jump(session.run.last_step)
    shows(qtbot, page, session.selected, session.run.last_step)
    assert page.content.update.made


def test_layers_and_quantities_are_chosen(qtbot, window, page):
    page.shown.setCurrentIndex(2)
    page.shown.activated.emit(2)
    np.testing.assert_array_equal(page.sheet.pictures.values, page.content.pictures["change"].values)
    page.layer.setCurrentIndex(1)
    page.layer.activated.emit(1)
    qtbot.waitUntil(lambda: page.content.wish.layer == 2, timeout=LONG)
    assert page.sheet.pictures.values.shape == (1, 10, 6)
    assert page.sheet.words_at(1, 1).startswith("layer 2, input 0 to neuron 0: change ")


def test_a_hovered_weight_is_read(page):
    place = page.sheet.picture_places()[1]
    value = page.sheet.pictures.values[1, 0, 27]
    words = page.sheet.words_at(place.right() - 0.1, place.top() + 0.1)
    assert words == f"neuron 1, pixel in row 0, column 27: weight {value:+.3g}"
    assert page.sheet.words_at(-5, -5) == ""


def test_it_sleeps_behind_another_page_and_wakes_up_to_date(qtbot, window, page):
    session = window.session
    session.playback.jump(2)
    shows(qtbot, page, session.selected, 3)
    window.inspect.show_page("Curves")
    session.playback.jump(9)
    qtbot.waitUntil(lambda: session.moment.step == 9 and not session.lanes.running("moment"), timeout=LONG)
    assert page.content.update.n == 3 and not session.lanes.running("weights")
    window.inspect.show_page("Weights")
    shows(qtbot, page, session.selected, 10)


def test_every_control_says_what_it_is_and_nothing_is_cut_when_narrow(qtbot, window, page):
    for control in (page.layer, page.shown):
        assert control.toolTip() and control.accessibleName()
    window.resizeDocks([window.inspect_dock], [380], Qt.Orientation.Horizontal)
    inside = page.widget()
    assert inside.minimumSizeHint().width() <= 380
    assert page.sheet.mapTo(inside, QPoint(page.sheet.width(), 0)).x() <= inside.width()
    assert all(place.right() <= page.sheet.width() for place in page.sheet.picture_places())


def shows_model(qtbot, page, subject):
    qtbot.waitUntil(lambda: page.content.wish.subject is subject, timeout=LONG)


def choose(box, place):
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_a_chosen_point_is_shown_until_back_to_the_descent(qtbot, window, page):
    session = window.session
    session.playback.jump(7)
    shows(qtbot, page, session.selected, 8)
    choose(page.shown, 2)
    session.subjects.choose_point(0.3, -0.2)
    shows_model(qtbot, page, session.subject)
    theta, run = session.subject.theta, session.run
    np.testing.assert_allclose(theta, session.portrait.plane.point(0.3, -0.2), rtol=1e-5, atol=1e-7)
    W, images = run.net.unpack(theta)[0][0], page.content.pictures
    np.testing.assert_array_equal(page.sheet.pictures.values[3], W[:, 3].reshape(28, 28))
    loss, gradient = run.net.loss_and_gradient(theta, *run.measured())
    slope = run.net.unpack(gradient)[0][0]
    np.testing.assert_allclose(images["gradient"].values[3], slope[:, 3].reshape(28, 28), atol=1e-5 * abs(slope).max())
    words = page.heading.text()
    assert "a = 0.30, b = −0.20" in words and f"loss {loss:.3g}" in words
    assert f"{len(run.measured()[1]):,} training digits that losses are measured on" in words
    assert f"length {np.linalg.norm(gradient):.3g}" in words
    assert "correlation of |weight| with |gradient|" in page.lesson.text()

    # What there is no step of is off, and says why.
    assert page.shown.currentData() == "weights" and not page.shown.model().item(2).isEnabled()
    assert "No change is shown: no descent took a step" in page.guide.text()
    assert page.table.rowCount() == 4 and page.table.isColumnHidden(6)
    assert page.clouds.standing.isVisible() and not page.clouds.gradient.isVisible()
    assert page.clouds.standing.image.isVisible()

    # Time moves and layers are chosen; the model stays.
    session.playback.jump(2)
    choose(page.layer, 1)
    qtbot.waitUntil(lambda: page.content.wish.layer == 2, timeout=LONG)
    assert page.content.wish.subject is session.subject
    np.testing.assert_array_equal(page.sheet.pictures.values[0], run.net.unpack(theta)[0][1].T)

    page.subject.back.click()
    qtbot.waitUntil(lambda: page.content.wish.subject is None, timeout=LONG)
    shows(qtbot, page, session.selected, 3)
    assert page.shown.currentData() == "change" and page.shown.model().item(2).isEnabled()
    assert page.heading.text().startswith("<b>Update 3</b>")
    assert page.table.rowCount() == 6 and not page.table.isColumnHidden(6)
    assert page.clouds.gradient.isVisible() and not page.clouds.standing.isVisible()


def test_a_file_of_another_shape_is_shown_with_its_own_layers(qtbot, window, page, tmp_path):
    session = window.session
    net = Network((784, 5, 4, 1), cost="mnist_loss")
    about = {"classes": "[3, 7]", "preprocessing": '["scale", "centre"]'}
    session.subjects.open(save_model(tmp_path / "team-a.safetensors", net, net.init(3), about))
    qtbot.waitUntil(lambda: session.subject.kind == "file", timeout=LONG)
    shows_model(qtbot, page, session.subject)
    assert page.layer.count() == 3 and page.sheet.pictures.values.shape == (5, 28, 28)
    assert "team-a.safetensors" in page.heading.text() and "the file holds a model" in page.guide.text()
    choose(page.layer, 2)
    qtbot.waitUntil(lambda: page.content.wish.layer == 3, timeout=LONG)
    assert page.sheet.pictures.values.shape == (1, 1, 4)
    session.escape()
    qtbot.waitUntil(lambda: page.content.wish.subject is None, timeout=LONG)
    assert page.layer.count() == 2


def test_of_a_run_put_together_from_models_the_model_is_shown(qtbot, window, page, tmp_path):
    session, folder = window.session, tmp_path / "models"
    folder.mkdir()
    for step in (1, 9):
        save_model(folder / f"step{step}.npz", session.run.net, session.run.thetas[session.run.frame_at(step), 0])
    session.show_whole(run_of_checkpoints(folder))
    session.playback.pause()
    settled(qtbot, window)  # the moment has been examined, and moves no more
    qtbot.waitUntil(lambda: page.content.wish.subject is session.subject, timeout=LONG)
    assert "put together from model files" in page.guide.text()
    assert session.run.starts[0].name in page.heading.text()
    np.testing.assert_array_equal(page.content.standing.theta, session.subject.theta)
