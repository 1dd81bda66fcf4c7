"""The planes that are kept with the shown run: read, added to and taken from beside the window."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from landscape.run.choice import KEPT
from landscape.run.kept_plane import KeptPlane, forget_plane, keep_plane, kept_planes
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session


class KeptPlanes(QObject):
    """Owns the list of `planes` that is on show; what it says is read from the run's own folder each time."""

    changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.planes: tuple[KeptPlane, ...] = ()

    def named(self, choice: str) -> KeptPlane | None:
        """The plane of a choice: a name after "kept:". None if no plane is kept under it."""
        return next((kept for kept in self.planes if KEPT + kept.name == choice), None)

    def read(self) -> None:
        """Read anew which planes are kept with the run."""
        self._take([()])
        if self._session.run is not None:
            self._session.lanes.start("kept planes", "", partial(_reading, self._session.run), self._take)

    def keep(self, kept: KeptPlane) -> None:
        """Keep a plane with the run."""
        self._change(_keeping, kept, f"Kept as “{kept.name}”: it is in the list of planes from now on.")

    def forget(self, name: str) -> None:
        """Keep a plane no longer."""
        self._change(_forgetting, name, f"“{name}” is not kept any more.")

    def _change(self, change: Any, what: KeptPlane | str, told: str) -> None:
        if self._session.run is not None:
            work, tell = partial(change, self._session.run, what), partial(self._session.told.emit, told)
            self._session.lanes.start("kept planes", "", work, self._take, tell)

    def _take(self, batch: list[tuple[KeptPlane, ...]]) -> None:
        self.planes = batch[-1]
        self.changed.emit()


def _reading(run: Run) -> Iterator[tuple[KeptPlane, ...]]:
    yield kept_planes(run)


def _keeping(run: Run, kept: KeptPlane) -> Iterator[tuple[KeptPlane, ...]]:
    keep_plane(run, kept)
    yield kept_planes(run)


def _forgetting(run: Run, name: str) -> Iterator[tuple[KeptPlane, ...]]:
    forget_plane(run, name)
    yield kept_planes(run)
