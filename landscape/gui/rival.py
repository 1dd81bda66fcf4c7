"""An earlier run beside the shown one: its paths on the same plane, its curves, and what differs in the end."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.run.run import Run
from landscape.run.setup import Setup
from landscape.run.variation import Contrast, shadows_of

if TYPE_CHECKING:
    from landscape.gui.session import Session


class Rival(QObject):
    """Owns the earlier run, its shadows (F, K, 2) on the shown plane and the contrast; a part of the session."""

    changed = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.run: Run | None = None
        self.shadows: NDArray = np.empty((0, 0, 2))
        self.contrast: Contrast | None = None
        self._coming: Run | None = None
        self._plane: Plane | None = None
        session.run_started.connect(self._run_started)
        session.plane_changed.connect(self._follow)
        session.run_extended.connect(session.turns.soon(self._measure))
        session.run_ended.connect(session.turns.soon(self._measure))

    def begin(self, setup: Setup) -> None:
        """Run this setup from the very starts of the shown run, and lay that one beside it."""
        self._coming = self._session.run
        self._session.train(setup, like=self._coming)

    def overlay(self, folder: Path) -> None:
        """Lay a kept run or a saved one beside the shown one, if their networks have the same layers."""
        shown = self._session.run

        def work() -> Iterator[Run]:
            run = Run.load(folder)
            if shown is None or run.net.sizes != shown.net.sizes:
                layers = "-".join(map(str, run.net.sizes))
                run.close()
                raise SetupError(f"the run {folder.name} has layers {layers}: it has no place on this plane")
            yield run

        self._session.lanes.start("open", "opening the earlier run", work, lambda batch: self._take(batch[-1]))

    def drop(self) -> None:
        """Take it away."""
        self._coming = None
        self._take(None)

    def _run_started(self) -> None:
        coming, self._coming = self._coming, None
        run = self._session.run
        # The run that was asked for may have been refused, and this be another one.
        if coming is not None and (run is None or not np.array_equal(run.thetas[0], coming.thetas[0])):
            coming = None
        if coming is not None or self.run is not None:
            self._take(coming)

    def _take(self, run: Run | None) -> None:
        self._session.lanes.cancel("rival")
        self.run, self.contrast, self._plane = run, None, None
        self.shadows = np.empty((0, 0, 2))
        self._measure()
        self.changed.emit()
        self._follow()

    def _measure(self) -> None:
        shown = self._session.run
        if self.run is not None and shown is not None and shown.frames:
            contrast = Contrast.of(self.run, shown)
            if contrast != self.contrast:
                self.contrast = contrast
                self.changed.emit()

    def _follow(self) -> None:
        """The plane has moved: cast the shadows anew, the newest plane next."""
        session, run = self._session, self.run
        portrait = session.portrait
        if run is None or portrait is None or portrait.plane is self._plane or session.lanes.running("rival"):
            return
        plane = self._plane = portrait.plane
        session.lanes.start("rival", "", partial(shadows_of, run, plane), self._show, self._follow, tick_ms=8)

    def _show(self, batch: list[NDArray]) -> None:
        if self.run is not None and len(batch[-1]) == self.run.frames:
            self.shadows = batch[-1]
            self.changed.emit()
