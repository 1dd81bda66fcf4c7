"""The page of digits in the real window: answers, costs, and the pad, for whatever model is the subject."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt

from landscape.data import a_digit, centre_digit, pixel_similarity
from landscape.model import save_model
from landscape.network import Network
from tests.gui.conftest import LONG


@pytest.fixture
def page(qtbot, window):
    page = window.inspect.show_page("Digits")
    examined(qtbot, window, page)
    return page


def examined(qtbot, window, page):
    """Wait until the page shows the newest subject."""

    def shown():
        session, found = window.session, page.examination.examined
        assert found is not None and found.subject is session.subject and found.which == page.examination.which
        assert not page.examination.busy and not session.turns.due

    qtbot.waitUntil(shown, timeout=LONG)
    return page.examination.examined


def test_answers_are_those_of_the_network(qtbot, window, page):
    run, found = window.session.run, page.examination.examined
    X, y = run.digits.validation.images, run.digits.validation.labels
    theta = window.session.subject.theta
    assert found.verdict.accuracy == pytest.approx(float(run.net.accuracy(theta, X, y)))
    assert f"{found.verdict.accuracy:.1%} right" in page.summary.text()
    rows = page.answers.gallery._shelf.rows
    wrong = run.net.predict(theta, X[rows]) != y[rows]
    assert wrong[: wrong.sum()].all() and len(rows) == len(y)
    losses = run.net.example_losses(theta, X, y)[rows]
    assert (np.diff(losses[: wrong.sum()]) <= 1e-6).all()


@pytest.mark.parametrize("which", ["test", "training"])
def test_other_sets_can_be_classified(qtbot, window, page, which):
    page.sets.setCurrentIndex(page.sets.findData(which))
    page.sets.activated.emit(page.sets.currentIndex())
    found = examined(qtbot, window, page)
    split = {"test": window.session.run.digits.test, "training": window.session.run.digits.train}[which]
    assert found.split is split and len(found.verdict.labels) == len(split)
    assert f"of {len(split):,} wrong" in page.summary.text()


def test_a_cell_of_the_matrix_chooses_among_the_pictures(qtbot, window, page):
    confusion, gallery = page.answers.confusion, page.answers.gallery
    counts = page.examination.examined.verdict.confusion
    off = counts - np.diag(np.diag(counts))
    cell = tuple(int(part) for part in np.unravel_index(off.argmax(), off.shape))
    qtbot.mouseClick(confusion, Qt.MouseButton.LeftButton, pos=confusion._box(cell).center().toPoint())
    verdict, rows = page.examination.examined.verdict, gallery._shelf.rows
    assert len(rows) == off.max() > 0
    assert "recognised" in confusion.sentence((8, 8)) and "taken for an 8 (" in confusion.sentence((3, 8))
    assert set(zip(verdict.labels[rows].tolist(), verdict.guesses[rows].tolist(), strict=True)) == {cell}
    assert f"taken for {a_digit(cell[1])}" in page.answers.caption.text() and page.answers.all.isVisible()
    qtbot.keyClick(confusion, Qt.Key.Key_Right if cell[1] < 9 else Qt.Key.Key_Left)
    assert confusion.cell[0] == cell[0] and confusion.cell != cell
    page.answers.all.click()
    assert len(gallery._shelf.rows) == len(verdict.labels) and confusion.cell is None


def test_a_chosen_digit_shows_how_sure_the_model_is(qtbot, window, page):
    gallery, bars = page.answers.gallery, page.answers.bars
    assert not bars.isVisible()
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(90, 30))
    verdict, row = page.examination.examined.verdict, page.examination.examined.verdict.wrong_first[1]
    assert gallery.row == row and bars.isVisible()
    np.testing.assert_allclose(bars._shares, verdict.probabilities[row])
    assert page.answers.reading.text().startswith(f"A {verdict.labels[row]}, guessed {verdict.guesses[row]}")
    step = window.session.playback.step
    qtbot.keyClick(gallery, Qt.Key.Key_Right)
    assert gallery.place == 2 and window.session.playback.step == step  # the arrow was the gallery's
    first, second, wrong = gallery._shelf.lines(0)
    assert "→" in first and "·" in second and wrong


def test_while_time_plays_words_agree_with_the_table_and_the_pictures_follow(qtbot, window, page):
    session, answers = window.session, page.answers
    session.playback.seek(session.playback.last)
    examined(qtbot, window, page)
    session.playback.seek(0)
    begin = examined(qtbot, window, page)
    session.playback.seek(session.playback.last)
    end = examined(qtbot, window, page)
    answers._pictures_due.setInterval(60)

    def come(found):
        """One of many answers; whether the pictures are its own by now."""
        answers.show_examined(found, in_pieces=True)
        assert answers.caption.text().startswith(f"The {len(found.verdict.wrong):,} wrong")
        assert answers.confusion._counts is found.verdict.confusion
        return answers.gallery._shelf.examined is found

    assert not come(begin)
    qtbot.waitUntil(lambda: come(begin), timeout=LONG)  # asked every 10 ms: more answers do not put the pictures off
    qtbot.waitUntil(lambda: come(end), timeout=LONG)


def test_only_the_pictures_that_are_seen_are_painted(qtbot, window, page, monkeypatch):
    gallery, painted = page.answers.gallery, []
    paint = gallery._paint_digit
    monkeypatch.setattr(
        gallery, "_paint_digit", lambda painter, place, corner: painted.append(place) or paint(painter, place, corner)
    )
    gallery.grab()
    assert 0 < len(painted) < 60
    painted.clear()
    gallery.choose(gallery.count - 1)
    gallery.grab()
    assert max(painted) == gallery.count - 1 and min(painted) > gallery.count - 60


def test_the_page_follows_time_and_the_landscape(qtbot, window, page):
    session = window.session
    session.playback.seek(session.playback.last)
    end = examined(qtbot, window, page).verdict.accuracy
    session.playback.seek(0)
    begin = examined(qtbot, window, page).verdict.accuracy
    assert begin < end
    session.subjects.choose_point(0.0, 0.0)
    found = examined(qtbot, window, page)
    assert found.subject.kind == "point" and "a = 0.00" in page.subject.words.text()
    window.inspect.show_page("Curves")
    session.subjects.release()
    assert not page.examination.busy  # nobody looks
    window.inspect.show_page("Digits")
    assert examined(qtbot, window, page).subject.kind == "start"


def test_a_model_of_other_digits_is_opened_from_the_page(qtbot, window, page, tmp_path, monkeypatch):
    net = Network((784, 4, 2))
    path = save_model(
        tmp_path / "team-a.npz", net, net.init(1), {"classes": "[3, 7]", "preprocessing": '["scale", "centre"]'}
    )
    monkeypatch.setattr("landscape.gui.inspect.subject_bar.QFileDialog.getOpenFileName", lambda *_: (str(path), ""))
    page.subject.another.click()
    qtbot.waitUntil(lambda: window.session.subject.kind == "file", timeout=LONG)
    found = examined(qtbot, window, page)
    assert found.held.digits.classes == (3, 7) and found.held.digits.preprocess == ("scale", "centre")
    assert len(found.verdict.labels) == 100 and found.verdict.confusion.shape == (2, 2)
    assert set(found.costs.labels.tolist()) == {3, 7}
    page.subject.back.click()
    assert examined(qtbot, window, page).held.digits.classes == tuple(range(10))


def test_costs_say_what_the_average_hides(qtbot, window, page):
    page.looks.setCurrentWidget(page.costs)
    found, costs = examined(qtbot, window, page), page.costs
    qtbot.waitUntil(lambda: costs.histogram._costs is found.costs, timeout=LONG)
    assert costs.sentence.text() == found.costs.sentence
    assert costs.histogram._counts.sum() == len(found.verdict.labels)
    assert costs.gallery._shelf.rows[0] == found.verdict.losses.argmax()
    for which in (0, len(costs.histogram._counts) - 1):
        costs.histogram.choose(which)
        rows = costs.gallery._shelf.rows
        assert abs(len(rows) - costs.histogram._counts[which]) <= 1  # an edge's own digit, by rounding
        assert costs.caption.text() == costs.histogram.sentence(which)
    assert costs.grab().width() > 100


def test_a_drawing_is_answered_at_every_stroke(qtbot, window, page):
    page.looks.setCurrentWidget(page.drawing)
    drawing, pad = page.drawing, page.drawing.pad
    qtbot.waitUntil(lambda: drawing._examined is not None, timeout=LONG)
    assert pad.empty and "at every stroke" in drawing.verdict.text()
    middle = pad.rect().center()
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 60))
    answers = []
    for down in range(-60, 61, 12):
        qtbot.mouseMove(pad, middle + QPoint(down // 6, down))
        answers.append(tuple(drawing.bars._shares))
    assert len(set(answers)) > 5  # while the button is down
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=middle + QPoint(10, 60))
    picture = pad.picture
    np.testing.assert_array_equal(picture, centre_digit(pad.ink))
    subject, digits = window.session.subject, window.session.run.digits
    outputs = subject.net.outputs(subject.theta, (picture.reshape(1, -1) / np.float32(255)).astype(np.float32))[0]
    np.testing.assert_allclose(drawing.bars._shares, outputs, atol=1e-6)
    assert f"says: <b>{digits.classes[int(outputs.argmax())]}</b>" in drawing.verdict.text()
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.empty and not len(drawing.bars._shares)


def test_a_digit_is_laid_on_the_pad_and_the_subject_answers(qtbot, window, page):
    gallery = page.answers.gallery
    gallery.choose(0)
    row = gallery.row
    qtbot.keyClick(gallery, Qt.Key.Key_Return)
    assert page.looks.currentWidget() is page.drawing
    found = examined(qtbot, window, page)
    qtbot.waitUntil(lambda: len(page.drawing.bars._shares) == 10, timeout=LONG)
    np.testing.assert_array_equal(page.drawing.pad.picture, found.split.pictures[row])
    np.testing.assert_allclose(page.drawing.bars._shares, found.verdict.probabilities[row], atol=1e-6)
    window.session.subjects.choose_point(0.5, 0.5)
    other = examined(qtbot, window, page)
    np.testing.assert_allclose(page.drawing.bars._shares, other.verdict.probabilities[row], atol=1e-5)
    assert "the plane at a = 0.50" in page.drawing.verdict.text()


def test_the_model_under_the_mouse_answers_too(qtbot, window, page):
    session, view = window.session, window.map
    (low, high), (under, over) = view.box.viewRange()
    places = [(low + x * (high - low), under + y * (over - under)) for x in (0.1, 0.9) for y in (0.1, 0.9)]

    def said(a, b):
        qtbot.mouseMove(view.plot.viewport(), view.plot.mapFromScene(view.box.mapViewToScene(QPointF(a, b))))
        assert view.pointing.hover.isVisible()
        return view.pointing.hover.text()

    assert "drawing" not in said(*places[3])
    page.answers.gallery.choose(0)
    qtbot.keyClick(page.answers.gallery, Qt.Key.Key_Return)  # a digit is laid on the pad
    picture, digits = page.drawing.pad.picture, session.run.digits
    image = (picture.reshape(1, -1) / np.float32(255)).astype(np.float32)
    told = set()
    for place in places:
        line = said(*place).splitlines()[-1]
        a, b = view._place_at(QPointF(view.plot.mapFromScene(view.box.mapViewToScene(QPointF(*place)))))
        outputs = session.run.net.outputs(session.portrait.plane.point(a, b), image)[0]
        guess = int(outputs.argmax())
        assert line == f"takes your drawing for {a_digit(digits.classes[guess])}, p = {outputs[guess]:.0%}"
        told.add(line)
    assert len(told) > 1
    page.drawing.pad.clear()
    assert "drawing" not in said(*places[0])


def test_both_themes_and_a_narrow_page(window, page):
    for theme in ("light", "dark"):
        window.use_theme(theme)
        assert not page.grab().isNull()
    assert page.minimumSizeHint().width() <= 380


def test_the_baseline_stands_beside_the_model(qtbot, window, page):
    page.looks.setCurrentWidget(page.baseline)
    subject, digits = window.session.subject, window.session.run.digits
    qtbot.waitUntil(lambda: page.baseline.compared is not None, timeout=LONG)
    qtbot.waitUntil(lambda: page.baseline.compared.subject is window.session.subject, timeout=LONG)
    compared, scores = page.baseline.compared, pixel_similarity(digits)
    np.testing.assert_allclose(compared.baseline.accuracies, [scores[f"accuracy_{digit}"] for digit in range(10)])
    fours = digits.test.labels == 4
    own = subject.net.accuracy(subject.theta, digits.test.images[fours], digits.test.labels[fours])
    assert compared.accuracies[4] == pytest.approx(float(own))
    assert f"{scores['mean']:.2%}" in page.baseline.sentence.text()
    assert not page.baseline.grab().isNull() and page.baseline.means.height() > 100
