"""Saving, opening, dropping and exporting in the real window: what is wrong with a file or a place is said, nothing is lost."""

from functools import partial

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent

from tests.gui.conftest import LONG, settled


def test_save_close_and_reopen_at_the_same_frame(qtbot, window, tmp_path):
    session = window.session
    session.picture.choose_plane("pca_one")
    settled(qtbot, window)
    session.playback.jump(17)
    path = tmp_path / "kept.landscape"
    session.save_run(path)
    qtbot.waitUntil(lambda: path.exists() and "save" not in session.activity, timeout=LONG)
    thetas, best = np.array(session.run.thetas), session.best
    session.train(session.setup.changed(network={"seed": 5}))
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 5, timeout=LONG)
    settled(qtbot, window)
    window.files.open_path(path)
    qtbot.waitUntil(lambda: session.run.setup.network.seed == 0, timeout=LONG)
    settled(qtbot, window)
    assert session.playback.step == 17
    assert session.picture.choice == "pca_one"
    assert session.best.loss == best.loss
    np.testing.assert_array_equal(session.run.thetas, thetas)


def test_a_bad_file_dropped_on_the_window_changes_nothing(qtbot, window, tmp_path):
    run = window.session.run
    path = tmp_path / "bad.landscape"
    path.write_bytes(b"this is no run")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert "bad.landscape" in window.banner.text.text()
    assert window.session.run is run


@pytest.mark.parametrize("name", ["Picture from above", "Curves", "Trajectories", "Surface", "Tour film", "Diary"])
def test_exports_from_the_menu(qtbot, window, tmp_path, monkeypatch, name):
    from landscape.export import tour_film
    from landscape.gui.commands import exports

    ending = exports.EXPORTS[name][1]
    target = tmp_path / f"out{ending}"
    monkeypatch.setattr("landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(target), ""))
    # Ninety frames of 51 x 51 cells, as the menu asks for, take half a minute: the film's own tests say what is in them.
    short = partial(tour_film.filming_tour, frames=4, cells=9, digits=40, width=300)
    monkeypatch.setattr(tour_film, "filming_tour", short)
    window.files.export(name)
    qtbot.waitUntil(lambda: target.exists() and "export" not in window.session.activity, timeout=LONG)
    assert target.stat().st_size > 1000


def test_a_failed_export_says_why(qtbot, window, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file, where a folder would have to be")
    target = tmp_path / "taken" / "surface.npz"
    monkeypatch.setattr("landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(target), ""))
    window.files.export("Surface")
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    assert not target.exists()


def test_a_file_of_another_name_is_not_replaced_unasked(qtbot, window, tmp_path, monkeypatch):
    there = tmp_path / "lr0.1.landscape"
    there.write_text("precious")
    monkeypatch.setattr(
        "landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(tmp_path / "lr0.1"), "")
    )
    window.files.save()
    assert "lr0.1.landscape is there already" in window.banner.text.text()
    assert there.read_text() == "precious"


def test_opening_a_bad_file_leaves_the_training_alone(qtbot, window, tmp_path):
    session = window.session
    longer = session.setup.changed(descent={"epochs": 20})
    session.train(longer)
    qtbot.waitUntil(lambda: session.run.setup == longer and session.run.frames > 3, timeout=LONG)
    bad = tmp_path / "cut.landscape"
    bad.write_bytes(b"PK")
    session.open_run(bad)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: not session.training, timeout=LONG)
    assert not session.run.unfinished
    settled(qtbot, window)


def test_a_run_with_a_senseless_view_opens(qtbot, window, tmp_path):
    session = window.session
    session.run.about["view"] = {"step": -3, "plane": ["x"], "start": -9, "seed": -1, "digits": 7, "scale": None}
    path = session.run.save(tmp_path / "odd.landscape")
    session.open_run(path)
    qtbot.waitUntil(lambda: session.run.folder.name.startswith("landscape-"), timeout=LONG)
    settled(qtbot, window)
    assert (session.picture.choice, session.selected) == ("pca_all", 0)


def test_without_a_place_to_write_the_window_still_plays(qtbot, window, tmp_path):
    session = window.session
    session.runs_folder = tmp_path / "file" / "runs"
    (tmp_path / "file").write_text("in the way")
    session.train(session.setup.changed(network={"seed": 3}))
    assert "can't be written" in window.status.currentMessage()
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.seed == 3, timeout=LONG)
    settled(qtbot, window)


def test_earlier_runs_can_be_opened_again(qtbot, window):
    session = window.session
    first = session.run.folder
    session.train(session.setup.changed(network={"seed": 9}))
    qtbot.waitUntil(lambda: not session.training and session.run.folder != first, timeout=LONG)
    settled(qtbot, window)
    assert session.kept_runs() == [first]
    window.menus._list_recent()
    window.menus.recent_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: session.run.folder == first, timeout=LONG)
    settled(qtbot, window)


def test_a_picture_of_the_validation_surface_says_so(qtbot, window):
    from landscape.export import caption
    from landscape.export.scene import Scene

    session = window.session
    session.heights.choose("validation", "log")
    settled(qtbot, window)
    scene = Scene.of(session.run, session.portrait, session.surface)
    assert "validation digits" in caption.loss_sentence(scene)
    np.testing.assert_array_equal(scene.losses, session.run.figure("validation_loss"))
