"""The plane that a run is shown on when nobody has chosen one: at its end not one that holds next to nothing."""

import pytest

from landscape.run.choice import FULLEST, USUAL
from tests.gui.conftest import LONG, settled


@pytest.fixture
def told(window):
    told = []
    window.session.told.connect(told.append)
    window.session.picture.chosen = False
    return told


def train(qtbot, window):
    window.session.train()
    qtbot.waitUntil(lambda: not window.session.training, timeout=LONG)
    settled(qtbot, window)


def test_at_the_end_of_a_run_that_is_a_mere_shadow_the_other_plane_comes(qtbot, window, told):
    session, before = window.session, window.session.portrait.coverage_all
    train(qtbot, window)
    assert session.picture.choice == session.portrait.choice == FULLEST
    assert session.portrait.coverage_all > 2 * before and before < 0.1
    assert session.portrait.fitted == session.run.frames
    assert window.bar.plane.currentData() == FULLEST
    assert told[-1] == "Shown on PCA of movement: PCA of all paths would hold next to nothing of the movement."
    shown = []
    session.plane_changed.connect(lambda: shown.append(session.picture.choice))
    train(qtbot, window)  # each run is judged anew
    assert shown[0] == USUAL and session.picture.choice == FULLEST


def test_a_plane_that_somebody_chose_stays(qtbot, window, told):
    session = window.session
    session.picture.choose_plane(USUAL)
    settled(qtbot, window)
    train(qtbot, window)
    assert session.portrait.choice == USUAL and not told


def test_a_run_that_goes_on_stays_on_its_plane(qtbot, window, told):
    session = window.session
    train(qtbot, window)
    session.resume_training(1.0)
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    settled(qtbot, window)
    assert session.portrait.choice == FULLEST and session.portrait.fitted == session.run.frames
    assert len([words for words in told if "Shown on" in words]) == 1


def test_a_view_reshaped_meanwhile_changes_nothing_of_it(qtbot, window, told):
    session, picture = window.session, window.session.picture
    picture.catch_up()
    assert picture.drawing
    picture.choose_aspect(1.6 * picture.aspect)
    settled(qtbot, window)
    assert session.portrait.choice == FULLEST


def test_a_saved_run_opens_as_it_was_left_and_one_without_a_view_is_judged(qtbot, window, told, tmp_path):
    session = window.session
    session.picture.chosen = True
    session.save_run(tmp_path / "left.landscape")
    settled(qtbot, window)
    del session.run.about["view"]
    session.run.save(tmp_path / "bare.landscape")
    session.picture.chosen = False
    for name, plane in (("left", USUAL), ("bare", FULLEST)):
        session.open_run(tmp_path / f"{name}.landscape")
        qtbot.waitUntil(lambda before=session.run: session.run is not before, timeout=LONG)
        settled(qtbot, window)
        assert session.portrait.choice == plane, name


def test_a_run_that_ends_at_once_is_shown_on_the_plane_of_its_starts_and_says_why(qtbot, window, told):
    session = window.session
    session.train(session.setup.changed(descent={"learning_rate": 1e6}))
    qtbot.waitUntil(lambda: not session.training and session.setup.descent.learning_rate == 1e6, timeout=LONG)
    settled(qtbot, window)
    assert session.run.frames < 4 and session.portrait.choice == "starts"
    said = f"PCA of all paths needs 4 frames, and this run has {session.run.frames}: you see the plane of the starts."
    assert window.verdict.text().startswith(said)
    train_well = session.setup.changed(descent={"learning_rate": 0.1})
    session.train(train_well)
    qtbot.waitUntil(lambda: not session.training and session.setup.descent.learning_rate == 0.1, timeout=LONG)
    settled(qtbot, window)
    assert "needs 4 frames" not in window.verdict.text()
