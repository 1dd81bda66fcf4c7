"""Files dropped on the window: whatever opens is opened, whatever does not changes nothing and is told."""

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent

from landscape.model import save_model
from landscape.run.best_model import save_best
from tests.gui.conftest import LONG, settled


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(100, 100), action, data, buttons, keys))


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
