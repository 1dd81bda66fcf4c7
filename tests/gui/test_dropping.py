"""What is dragged in from another program: files are copied, and nothing else is taken."""

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent

from landscape.gui.dropping import dropped_paths, welcome

BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
BUTTON, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier  # which proposes to move


def dragged(*urls, text=""):
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    return data


def test_a_file_that_could_be_moved_is_copied(qapp, tmp_path):
    data = dragged(QUrl.fromLocalFile(str(tmp_path / "best.npz")).toString())
    enter = QDragEnterEvent(QPoint(1, 1), BOTH, data, BUTTON, KEYS)
    welcome(enter)
    assert enter.isAccepted() and enter.dropAction() == Qt.DropAction.CopyAction
    drop = QDropEvent(QPointF(1, 1), BOTH, data, BUTTON, KEYS)
    assert drop.proposedAction() == Qt.DropAction.MoveAction, "what a file manager offers"
    assert dropped_paths(drop) == [tmp_path / "best.npz"]
    assert drop.isAccepted() and drop.dropAction() == Qt.DropAction.CopyAction


@pytest.mark.parametrize("data", [dragged("https://example.org/run.landscape"), dragged(text="hello"), dragged()])
def test_what_is_no_file_is_refused_while_it_is_dragged(qapp, data):
    enter = QDragEnterEvent(QPoint(1, 1), BOTH, data, BUTTON, KEYS)
    enter.accept()
    welcome(enter)
    assert not enter.isAccepted()
    assert dropped_paths(QDropEvent(QPointF(1, 1), BOTH, data, BUTTON, KEYS)) == []


def test_the_window_and_the_page_compare_tell_a_file_manager_that_they_copied(qtbot, window, tmp_path):
    file = tmp_path / "setup.toml"
    file.write_text("[descent]\nepochs = 2\n")
    window.inspect.show_page("Compare")
    for target in (window, window.inspect.page("Compare")):
        data = dragged(QUrl.fromLocalFile(str(file)).toString())
        drop = QDropEvent(QPointF(1, 1), BOTH, data, BUTTON, KEYS)
        target.dropEvent(drop)
        assert drop.isAccepted() and drop.dropAction() == Qt.DropAction.CopyAction
