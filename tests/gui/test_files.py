"""Files dropped on the window: whatever opens is opened, whatever does not changes nothing and is told."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication

from landscape.gui.settings import Settings
from landscape.model import save_model
from landscape.run.best_model import save_best
from tests.gui.conftest import LONG, settled

NO_KEYS = Qt.KeyboardModifier.NoModifier


def drop(window, *paths, on=None):
    """Drag files over a part of the window, the map unless told, and let go, as the system tells of it; whether it was taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    part, how = on or window.map, (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO_KEYS)
    at = part.mapTo(window, part.rect().center())
    enter = QDragEnterEvent(at, *how)
    QApplication.sendEvent(window.windowHandle(), enter)
    if not enter.isAccepted():
        return False
    let_go = QDropEvent(QPointF(at), *how)
    QApplication.sendEvent(window.windowHandle(), let_go)
    return let_go.isAccepted()


@pytest.fixture
def folder(window, tmp_path):
    """Four models on the way of the window's run."""
    run, folder = window.session.run, tmp_path / "models"
    for step in (1, 9, 10, 30):
        save_model(folder / f"step{step}.npz", run.net, np.array(run.thetas[step, -1]))
    return folder


def test_a_model_of_any_format_is_begun_from(qtbot, window, tmp_path, small_run):
    session, panel = window.session, window.setup_panel
    for ending in (".safetensors", ".npz", ".json", ".pkl"):
        path = save_best(small_run, tmp_path / f"best{ending}")
        drop(window, path)
        assert panel.setup.network.weights == str(path)
    assert panel.setup.network.sizes == (784, 4, 2)
    assert panel.setup.data.classes == (3, 7)
    assert window.settings.recent[0] == str(path)
    panel.request_training()
    qtbot.waitUntil(lambda: not session.training and session.run.setup.network.weights == str(path), timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_array_equal(session.run.thetas[0, -1], small_run.best.theta)


def test_files_are_taken_wherever_in_the_window_they_are_dropped(window, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(window.files, "open_paths", opened.append)
    rate = window.setup_panel.field("descent.learning_rate").widget
    parts = (window.map, window.setup_panel, rate, window.verdict, window.transport, window.inspect, window.bar)
    for part in (*parts, window.status, window.inspect.page("Curves").points):
        assert drop(window, tmp_path / "a.npz", tmp_path / "b.npz", on=part)
        assert opened.pop() == [tmp_path / "a.npz", tmp_path / "b.npz"] and not opened
    assert rate.text() == "0.3"
    words = QMimeData()
    words.setText("no file")
    enter = QDragEnterEvent(QPoint(640, 400), Qt.DropAction.CopyAction, words, Qt.MouseButton.LeftButton, NO_KEYS)
    QApplication.sendEvent(window.windowHandle(), enter)
    assert not enter.isAccepted()


def test_a_setup_that_is_dropped_fills_the_form(window, tmp_path):
    session, path = window.session, tmp_path / "mine.toml"
    wanted = session.setup.changed(descent={"learning_rate": 0.77}, network={"seed": 4})
    path.write_text(wanted.to_toml())
    run = session.run
    assert drop(window, path)
    assert session.setup == wanted and window.setup_panel.field("descent.learning_rate").read() == 0.77
    assert session.run is run and "mine.toml" in window.status.currentMessage()


def test_a_run_that_is_dropped_is_shown_as_it_was_left(qtbot, window, tmp_path):
    session, path = window.session, tmp_path / "kept.landscape"
    session.playback.jump(9)
    session.save_run(path)
    qtbot.waitUntil(lambda: path.exists() and not session.lanes.running("save"), timeout=LONG)
    kept = session.run
    session.playback.jump(0)
    assert drop(window, path)
    qtbot.waitUntil(lambda: session.run is not kept, timeout=LONG)
    settled(qtbot, window)
    np.testing.assert_array_equal(session.run.thetas, kept.thetas)
    assert session.playback.step == 9 and window.settings.recent[0] == str(path)


def test_the_last_folder_is_where_the_next_dialog_begins_also_in_the_next_window(window, tmp_path, monkeypatch):
    asked = []

    def answer(*arguments):
        asked.append(arguments)
        return "", ""

    for place in ("files.QFileDialog.getOpenFileNames", "place.QFileDialog.getSaveFileName"):
        monkeypatch.setattr(f"landscape.gui.commands.{place}", answer)
    (tmp_path / "opened").mkdir()
    (tmp_path / "opened" / "one.toml").write_text(window.session.setup.to_toml())
    drop(window, tmp_path / "opened" / "one.toml")
    window.files.open()
    window.files.save()
    assert [Path(arguments[2]) for arguments in asked] == [
        tmp_path / "opened",
        tmp_path / "opened" / "run.landscape",
    ]
    (tmp_path / "saved").mkdir()
    to = str(tmp_path / "saved" / "best.npz"), "numpy (*.npz)"
    monkeypatch.setattr("landscape.gui.commands.place.QFileDialog.getSaveFileName", lambda *_: to)
    window.files.save_best_model()
    assert Path(window.settings.folder) == tmp_path / "saved"
    window.close()
    assert Path(Settings.load().folder) == tmp_path / "saved"


@pytest.mark.parametrize("name", ["Picture from above", "Curves", "Film from above", "Diary"])
def test_what_was_exported_gives_its_setup_back(qtbot, window, tmp_path, monkeypatch, name):
    from landscape.gui.commands import exports

    session = window.session
    _, ending, kinds = exports.EXPORTS[name]
    endings = (".png", ".svg", ".pdf") if kinds == exports.PICTURES else (ending,)
    for each in endings:
        target = tmp_path / f"out{each}"
        monkeypatch.setattr("landscape.gui.commands.files.QFileDialog.getSaveFileName", lambda *args: (str(target), ""))  # noqa: B023
        window.files.export(name)
        qtbot.waitUntil(lambda: target.exists() and "export" not in session.activity, timeout=LONG)  # noqa: B023
        session.change_setup(session.setup.changed(descent={"learning_rate": 0.77}))
        drop(window, target)
        assert session.setup == session.run.setup
        assert window.setup_panel.setup == session.run.setup


def test_models_dropped_together_or_as_a_folder_become_a_run_to_play(qtbot, window, folder):
    session = window.session
    wanted = session.run.thetas[[1, 9, 10, 30], -1]
    for dropped in ([folder], sorted(folder.iterdir())):
        before = session.run
        drop(window, *dropped)
        qtbot.waitUntil(lambda: session.run is not before, timeout=LONG)  # noqa: B023
        assert session.playback.playing
        session.playback.pause()
        settled(qtbot, window)
        assert session.run.about["checkpoints"] == [f"step{step}.npz" for step in (1, 9, 10, 30)]
        np.testing.assert_array_equal(session.run.thetas[:, 0], wanted)
        assert not window.bar.more.isEnabled()
        assert not window.bar.pause.isEnabled()
        session.minibatch.choose("over")
        assert session.minibatch.mode == "off"


@pytest.mark.parametrize("kind", ["absent", "cut", "text", "mixed", "empty folder", "damaged checkpoint", "no setup"])
def test_a_bad_file_is_told_and_changes_nothing(qtbot, window, folder, tmp_path, kind):
    session = window.session
    run, setup, good = session.run, session.setup, folder / "step1.npz"
    (tmp_path / "nothing").mkdir()
    (tmp_path / "cut.safetensors").write_bytes(good.read_bytes()[:50])
    (tmp_path / "notes.txt").write_text("ours")
    (tmp_path / "plain.svg").write_text("<svg></svg>")
    bad = {
        "absent": [tmp_path / "absent.npz"],
        "cut": [tmp_path / "cut.safetensors"],
        "text": [tmp_path / "notes.txt"],
        "mixed": [good, tmp_path / "notes.txt"],
        "empty folder": [tmp_path / "nothing"],
        "damaged checkpoint": [folder],
        "no setup": [tmp_path / "plain.svg"],
    }[kind]
    (folder / "step20.npz").write_bytes(good.read_bytes()[:-99])
    kept = set(session.runs_folder.iterdir())
    drop(window, *bad)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: not session.lanes.running("open"), timeout=LONG)
    sentence = window.banner.text.text()
    assert sentence and "\n" not in sentence
    assert (session.run, session.setup) == (run, setup)
    assert set(session.runs_folder.iterdir()) == kept
    assert window.settings.recent == ([str(folder)] if kind == "damaged checkpoint" else [])


def test_earlier_runs_stand_in_the_menu_in_words_and_files_below_them(qtbot, window, folder):
    session = window.session
    earlier = session.run
    session.train(session.setup.changed(network={"seed": 9}))
    qtbot.waitUntil(lambda: not session.training and session.run is not earlier, timeout=LONG)
    settled(qtbot, window)
    drop(window, folder / "step9.npz")
    qtbot.waitUntil(lambda: not session.lanes.running("cards"), timeout=LONG)
    window.menus._list_recent()
    run, line, file = window.menus.recent_menu.actions()
    assert f"784-6-10 · 1 epochs · best loss {earlier.best.loss:.3g}" in run.text()
    assert line.isSeparator()
    assert file.text() == "step9.npz" and str(folder) in file.toolTip()


def test_the_kind_chosen_in_the_dialog_says_ending_size_and_paper(qtbot, window, tmp_path, monkeypatch, small_run):
    from PIL import Image

    from landscape.gui.commands import exports

    dialog = "landscape.gui.commands.place.QFileDialog.getSaveFileName"
    for number, (kind, wanted) in enumerate(exports.PRINTS.items()):
        monkeypatch.setattr(dialog, lambda *_, name=f"p{number}", kind=kind: (str(tmp_path / name), kind))
        window.files.export("Curves")
        path = tmp_path / f"p{number}.png"
        qtbot.waitUntil(lambda path=path: path.exists() and "export" not in window.session.activity, timeout=LONG)
        with Image.open(path) as picture:
            assert picture.width == wanted.width
            assert picture.convert("RGBA").getpixel((2, 2))[3] == (0 if wanted.transparent else 255)
    monkeypatch.setattr(dialog, lambda *_: (str(tmp_path / "best"), "Nielsen's JSON (*.json)"))
    window.files.save_best_model()
    assert (tmp_path / "best.json").exists()
    window.files.save_best_model()
    assert window.banner.text.text().startswith("best.json is there already"), "a file keeps its own name"


def test_what_was_wrong_with_one_file_is_gone_with_the_next(qtbot, window, tmp_path):
    (tmp_path / "notes.txt").write_text("no run")
    (tmp_path / "setup.toml").write_text("[descent]\nepochs = 2\n")
    drop(window, tmp_path / "notes.txt")
    assert window.banner.isVisible() and "it opens runs" in window.banner.text.text()
    drop(window, tmp_path / "setup.toml")
    assert not window.banner.isVisible() and window.setup_panel.setup.descent.epochs == 2
    drop(window, tmp_path / "notes.txt")
    window.banner.offer("A run was cut short.", "Bring it back", "", lambda: None)
    drop(window, tmp_path / "setup.toml")
    assert window.banner.isVisible(), "an offer stands until it is taken or declined"
