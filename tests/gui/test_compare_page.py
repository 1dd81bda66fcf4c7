"""The page that compares models, in the real window: what it shows is what the engine says."""

import json

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from landscape._version import __version__
from landscape.comparison import comparing, match_neurons, outcomes
from landscape.gui.contest import Contestant
from landscape.model import Model, save_model
from landscape.network import Network
from landscape.run.landmark import landmarks
from tests.gui.conftest import LONG, settled, soon
from tests.gui.test_files import drop
from tests.run.test_own_digits import write_digits


@pytest.fixture
def page(window):
    return window.inspect.show_page("Compare")


@pytest.fixture
def teams(window, tmp_path):
    """Three teams' files: two ends of the window's run, and one of their own seed."""
    run = window.session.run
    thetas = [np.array(run.thetas[-1, 0]), np.array(run.thetas[-1, 2]), run.net.init(7)]
    return [save_model(tmp_path / f"team{i}.npz", run.net, theta) for i, theta in enumerate(thetas)], thetas


def compared(qtbot, window, count=2):
    contest = window.session.contest
    qtbot.waitUntil(lambda: len(contest.contestants) == count and contest.whole is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not window.session.turns.due, timeout=LONG)


def test_two_files_are_compared_as_the_engine_does(qtbot, window, page, teams):
    session, run = window.session, window.session.run
    paths, thetas = teams
    session.contest.add_files(paths[:2])
    compared(qtbot, window)
    models = [(path.name, Model(run.net, theta)) for path, theta in zip(paths, thetas)]
    *_, whole = comparing(models[:2], [run.digits] * 2)
    for place, entry in enumerate(whole.entries):
        assert page.models.cells["test", place].text() == f"{entry.verdicts['test'].accuracy:.2%}"
        assert page.models.cells["parameters", place].text() == f"{run.net.P:,}"
    pair = whole.pairs[0]
    for plot, quantity in zip(page.way.plots, ("loss", "accuracy"), strict=True):
        for (when, which), curve in plot.curves.items():
            np.testing.assert_allclose(curve.getData()[1], getattr(getattr(pair, when)[which], quantity))
        assert set(plot.curves) == {(when, which) for when in ("before", "after") for which in ("train", "test")}
    assert f"{pair.before['train'].barrier:.3g}" in page.way.sentence.text()
    assert any("disagree" in finding for finding in run.about["findings"])
    assert not page.models.seen.isVisible()


def test_models_are_compared_by_the_digits_of_the_run_that_is_shown(qtbot, window, page, teams, tmp_path):
    session = window.session
    session.contest.add_files(teams[0][:2])
    compared(qtbot, window)
    first = session.contest.whole
    assert page.models.hint.text() == "Judged by the 5,000 built-in digits."
    folder = write_digits(tmp_path / "own")
    session.train(session.setup.changed(data={"source": str(folder), "examples": 40}, descent={"batch_size": 10}))
    settled(qtbot, window)
    compared(qtbot, window)
    assert session.contest.whole is not first
    assert session.contest.compared.digits.source == session.run.digits.source
    assert str(folder) in page.models.hint.text()
    again = session.contest.whole
    session.train(session.setup)  # the same digits
    settled(qtbot, window)
    assert session.contest.whole is again


def test_a_model_that_has_seen_these_digits_is_named(qtbot, window, page, teams, tmp_path):
    run, away = window.session.run, window.session.setup.changed(data={"source": "full"}).to_toml()
    other = save_model(tmp_path / "of-all.npz", run.net, teams[1][1], {"setup": away})
    window.session.contest.add_files([teams[0][0], other])
    compared(qtbot, window)
    assert page.models.seen.isVisible() and page.models.seen.text().startswith(
        "B has learnt from MNIST's training file"
    )


def test_digits_are_filtered_by_who_is_right(qtbot, window, page, teams):
    session = window.session
    session.contest.add_files([teams[0][0], teams[0][2]])
    compared(qtbot, window)
    disagreements = page.disagreements
    pair, compared_ = page.pair, session.contest.compared
    found = outcomes(compared_.comparison, pair)
    for place, (name, expected) in enumerate(found.items()):
        disagreements.choice.setCurrentIndex(place)
        disagreements.choice.activated.emit(place)
        assert f"({len(expected):,})" in disagreements.choice.currentText()
        shown = disagreements.sheet.digits
        assert len(shown) == min(24, len(expected))
        if name == "a_right":
            assert all(digit.guesses[0] == digit.truth != digit.guesses[1] for digit in shown)
        if shown:
            np.testing.assert_array_equal(shown[0].picture, compared_.digits.test.pictures[expected[0]])
    disagreements.choice.setCurrentIndex(0)
    disagreements.choice.activated.emit(0)
    qtbot.mouseClick(disagreements.more, Qt.MouseButton.LeftButton)
    assert len(disagreements.sheet.digits) == min(48, len(found["all"]))
    disagreements.sheet.grab()


def test_the_barrier_falls_with_play_and_slider(qtbot, window, page, teams):
    session = window.session
    session.contest.add_files(teams[0][::2])
    compared(qtbot, window)
    way = page.way
    assert not way.slider.isEnabled()
    qtbot.mouseClick(way.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(way.falls) and way.falls[-1].done == 1, timeout=LONG)
    qtbot.waitUntil(lambda: way.slider.value() == len(way.falls) - 1 and not way._timer.isActive(), timeout=LONG)
    last = way.falls[-1]
    assert f"{last.all_moves} of {last.all_moves}" in way.moment.text()
    np.testing.assert_array_equal(last.theta, match_neurons(session.run.net, *teams[1][::2]))
    way.slider.setValue(0)
    np.testing.assert_allclose(way.plots[0].curves["after", "train"].getData()[1], page.pair.before["train"].loss)


def test_a_fall_that_was_stopped_is_begun_again(qtbot, window, page, teams):
    session, contest = window.session, window.session.contest
    contest.add_files(teams[0][::2])
    compared(qtbot, window)
    contest.let_fall(0, 1)
    session.cancel()
    assert contest.falling is None
    contest.let_fall(0, 1)
    assert contest.falling == (0, 1)
    qtbot.waitUntil(lambda: bool(page.way.falls) and page.way.falls[-1].done == 1, timeout=LONG)


def test_three_models_and_the_plane_through_them(qtbot, window, page, teams, tmp_path):
    session, run = window.session, window.session.run
    session.contest.add_files(teams[0])
    compared(qtbot, window, 3)
    assert [page.pairs.itemText(i) for i in range(3)] == ["A and B", "A and C", "B and C"]
    page.pairs.setCurrentIndex(2)
    page.pairs.activated.emit(2)
    assert (page.pair.a, page.pair.b) == (1, 2)
    qtbot.mouseClick(page.plane, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.portrait.choice.startswith("kept:"), timeout=LONG)
    settled(qtbot, window)
    assert session.run is run
    marks = landmarks(run, session.portrait.choice)
    assert window.map.landmarks.marks == marks
    assert [mark.name for mark in marks] == ["team0.npz", "team1.npz", "team2.npz"]
    for mark, theta in zip(marks, teams[1]):
        np.testing.assert_allclose(session.portrait.plane.point(mark.a, mark.b), theta, atol=1e-6)
        assert session.surface.height_at(mark.a, mark.b) == pytest.approx(mark.loss, rel=0.2)
    window.map.grab()
    session.save_run(tmp_path / "marked.landscape")
    qtbot.waitUntil(lambda: (tmp_path / "marked.landscape").exists(), timeout=LONG)
    session.picture.choose_plane("pca_all")
    settled(qtbot, window)
    assert window.map.landmarks.marks == ()
    session.open_run(tmp_path / "marked.landscape")
    qtbot.waitUntil(lambda: session.run is not run, timeout=LONG)
    settled(qtbot, window)
    assert window.map.landmarks.marks == marks


def test_models_of_another_network_become_a_run_to_look_at(qtbot, window, page, tmp_path):
    session, run, net = window.session, window.session.run, Network((784, 5, 10), "tanh")
    paths = [save_model(tmp_path / f"wide{seed}.npz", net, net.init(seed)) for seed in range(3)]
    session.contest.add_files(paths[:2])
    compared(qtbot, window)
    assert not page.plane.isEnabled()
    assert "third model" in page.why.text()
    session.contest.add_files(paths[2:])
    compared(qtbot, window, 3)
    qtbot.mouseClick(page.plane, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.run is not run, timeout=LONG)
    qtbot.waitUntil(lambda: session.portrait is not None and session.portrait.choice.startswith("kept:"), timeout=LONG)
    settled(qtbot, window)
    assert [start.name for start in session.run.starts] == ["wide0.npz", "wide1.npz", "wide2.npz"]
    np.testing.assert_array_equal(session.run.thetas[0, 1], net.init(1))
    assert len(window.map.landmarks.marks) == 3
    assert not window.bar.pause.isEnabled()
    assert not window.bar.more.isEnabled()


def test_unlike_models_are_compared_as_far_as_that_makes_sense(qtbot, window, page, teams, tmp_path):
    session, net = window.session, Network((784, 5, 10), "tanh")
    wide = save_model(tmp_path / "wide.npz", net, net.init())
    session.contest.add_files([teams[0][0], wide])
    compared(qtbot, window)
    assert "their networks differ in size or activation" in page.way.sentence.text()
    assert not page.way.plots[0].isVisible()
    assert page.disagreements.sheet.digits
    assert "one network" in page.why.text()
    pair = Network((784, 2))
    two = save_model(tmp_path / "two.npz", pair, pair.init())
    session.contest.take_out(1)
    session.contest.add_files([two])
    qtbot.waitUntil(lambda: "different digits" in page.problem.text(), timeout=LONG)
    assert page.problem.isVisible()
    assert not page.disagreements.isVisible()


def test_models_of_the_present_run(qtbot, window, page):
    run, contest = window.session.run, window.session.contest
    page.models._offer()
    names = [action.text() for action in page.models.menu.actions()]
    assert names[0].startswith("what is selected: ") and names[1] == "the best so far"
    assert names[2:] == [f"{start.name}, its end" for start in run.starts]
    page.models.menu.actions()[1].trigger()
    page.models.menu.actions()[2].trigger()
    assert [one.name for one in contest.contestants] == ["the best so far", f"{run.starts[0].name}, its end"]
    np.testing.assert_array_equal(contest.contestants[0].model.theta, run.best.theta)
    compared(qtbot, window)
    contest.take_out(0)
    assert len(contest.contestants) == 1
    assert not page.way.isVisibleTo(page) or page.way.pair is None


def test_a_bad_file_adds_nothing_and_a_fourth_is_refused(qtbot, window, page, teams, tmp_path):
    contest = window.session.contest
    (tmp_path / "bad.npz").write_bytes(b"PK\3\4")
    contest.add_files([teams[0][0], tmp_path / "bad.npz"])
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert "bad.npz" in window.banner.text.text()
    assert contest.contestants == ()
    one = Contestant("x", Model(window.session.run.net, teams[1][0]), tuple(range(10)), ("scale",))
    contest.add([one] * 3)
    contest.add([one])
    assert len(contest.contestants) == 3
    assert "3 models at most" in window.banner.text.text()
    assert not page.models.open.isEnabled()


@pytest.mark.parametrize("words", ["Picture…", "Figures…", "Film of the falling barrier…"])
def test_a_comparison_is_exported(qtbot, window, page, teams, tmp_path, monkeypatch, words):
    session = window.session
    session.contest.add_files(teams[0][::2])
    compared(qtbot, window)
    action = next(action for action in page.outlet.menu().actions() if action.text() == words)
    ending = {"Picture…": ".png", "Figures…": ".json"}.get(words, ".gif")
    target = tmp_path / f"out{ending}"
    place = "landscape.gui.commands.place.QFileDialog.getSaveFileName"
    monkeypatch.setattr(place, lambda *args: (str(target), ""))
    action.trigger()
    qtbot.waitUntil(lambda: target.exists() and "export" not in session.activity, timeout=LONG)
    assert target.stat().st_size > 1000
    if ending == ".json":
        figures = json.loads(target.read_text(encoding="utf-8"))
        assert figures["models"][1]["name"] == "team2.npz"
        assert figures["sentences"] and figures["version"] == __version__


def test_several_dropped_models_offer_to_be_compared(qtbot, window, teams):
    from PyQt6.QtWidgets import QMessageBox

    def press(text):
        box = window.findChild(QMessageBox)
        next(button for button in box.buttons() if button.text() == text).click()

    drop(window, *teams[0][:2])
    soon(lambda: press("Compare"))
    compared(qtbot, window)
    assert window.inspect.tabText(window.inspect.currentIndex()) == "Compare"
    assert [one.name for one in window.session.contest.contestants] == ["team0.npz", "team1.npz"]
    run = window.session.run
    drop(window, *teams[0][:2])
    soon(lambda: press("Play as a run"))
    qtbot.waitUntil(lambda: window.session.run is not run, timeout=LONG)
    settled_run = window.session.run
    assert settled_run.about["checkpoints"] == ["team0.npz", "team1.npz"]
    window.session.playback.pause()
    settled(qtbot, window)


def test_light_and_dark_and_narrow(qtbot, window, page, teams):
    window.session.contest.add_files(teams[0][:2])
    compared(qtbot, window)
    for theme in ("light", "dark"):
        window.use_theme(theme)
        page.grab()
    page.widget().resize(372, 1200)
    assert page.widget().minimumSizeHint().width() <= 380


def test_no_loss_is_the_best_where_costs_differ(qtbot, window, page, teams, tmp_path):
    run, (paths, thetas) = window.session.run, teams

    def bold(row):
        return [page.models.cells[row, place].font().bold() for place in range(2)]

    window.session.contest.add_files(paths[:2])
    compared(qtbot, window)
    assert sum(bold("test loss")) == 1
    window.session.contest.take_out(1)
    other = Network(run.net.sizes, "sigmoid", "quadratic")
    window.session.contest.add_files([save_model(tmp_path / "squares.npz", other, thetas[2])])
    compared(qtbot, window)
    assert bold("test loss") == [False, False] and sum(bold("test")) >= 1
