"""Files dragged here from other programs: they are copied, never moved, whatever the other program offers first."""

from pathlib import Path

from PyQt6.QtCore import QMimeData, Qt
from PyQt6.QtGui import QDropEvent


def welcome(event: QDropEvent) -> None:
    """Take files that are dragged in as a copy; a link to a page or plain text is shown to be of no use here."""
    if not _paths(event.mimeData()):
        event.ignore()
        return
    # A file manager offers to move: told that its file was moved, it may take the file away.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def dropped_paths(event: QDropEvent) -> list[Path]:
    """The files and folders that were let go here, taken as copies; none where nothing of the kind was."""
    welcome(event)
    return _paths(event.mimeData())


def _paths(data: QMimeData | None) -> list[Path]:
    urls = data.urls() if data is not None else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
