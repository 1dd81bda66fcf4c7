"""Files on their way out: each written beside the window, one after the other, and what became of it told in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from landscape.gui.session import Session

NAMED = 4  # files of a folder that are told by their names


@dataclass(frozen=True)
class Letter:
    """What is to be written: in which lane, the words while it runs, the work, its file or folder, and the words at its end."""

    lane: str
    text: str
    work: Callable[[], Iterator[Any]]
    path: Path
    told: str


@dataclass(frozen=True)
class Trace:
    """What stands at the place of a file or folder: by name, what changes when it is written anew (inode, time, size)."""

    path: Path
    files: dict[str, tuple[int, int, int]]

    @classmethod
    def of(cls, path: Path) -> Trace:
        """As it is now; what can't be read counts as not there."""
        try:
            found = sorted(path.iterdir()) if path.is_dir() else [path]
            return cls(path, {each.name: _mark(each) for each in found if each.is_file()})
        except OSError:
            return cls(path, {})

    def of_cancelled(self) -> str:
        """The sentence about work that was cancelled, by what has come to the disk since this trace was taken."""
        now = Trace.of(self.path).files
        new = [name for name, mark in now.items() if self.files.get(name) != mark]
        name = self.path.name
        if not new:
            return f"Cancelled: {name} {'stays as it was before' if self.files else 'was not written'}."
        if not self.path.is_dir():
            return f"{name} was whole before it could be stopped: it is there."
        named = ", ".join(new[:NAMED]) + (f" and {len(new) - NAMED} more" if len(new) > NAMED else "")
        return f"Cancelled: of the files in {name}, {named} {'is' if len(new) == 1 else 'are'} whole; nothing else was written."


def _mark(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


class Outbox(QObject):
    """Writes letters; in a lane that is at work a letter waits for its turn. Stopping a lane drops what waits in it too."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._waiting: list[Letter] = []
        session.lanes.failed.connect(lambda lane, _: self._next(lane))

    def write(self, lane: str, text: str, work: Callable[[], Iterator[Any]], path: Path, told: str) -> None:
        """Write a file or a folder; tell when it is done, or what is on the disk when it was cancelled."""
        letter = Letter(lane, text, work, path, told)
        if self._session.lanes.running(lane):
            self._waiting.append(letter)
            self._session.told.emit(f"{path.name} is written when what is being written now is done.")
        else:
            self._begin(letter)

    def _begin(self, letter: Letter) -> None:
        before = Trace.of(letter.path)

        def finish() -> None:
            self._session.told.emit(letter.told)
            self._next(letter.lane)

        def stop() -> None:
            dropped = [each.path.name for each in self._waiting if each.lane == letter.lane]
            self._waiting = [each for each in self._waiting if each.lane != letter.lane]
            nor = f" Nor was {', '.join(dropped)}, which waited for it." if dropped else ""
            self._session.told.emit(before.of_cancelled() + nor)

        self._session.lanes.start(letter.lane, letter.text, letter.work, lambda _: None, finish, cancelled=stop)

    def _next(self, lane: str) -> None:
        letter = next((each for each in self._waiting if each.lane == lane), None)
        if letter is not None:
            self._waiting.remove(letter)
            self._begin(letter)
