"""What the heights over the shown plane are: losses, accuracies or differences, over which digits, and how coloured."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.run.measured import path_heights, recorded_heights
from landscape.surface.measure import THE_LOSS, Measure, as_measure

if TYPE_CHECKING:
    from landscape.gui.session import Session


class HeightChoice(QObject):
    """Owns the chosen measure and the frames' own heights in it; a part of the session.

    `measure` is what the heights are, `scale` how losses are coloured ("log" or "linear"), `noise` whether what is below
    the sampling error is hatched; `values` (F, K) are the frames' own heights where the record does not hold them.
    """

    changed = pyqtSignal()
    found = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.measure = Measure()
        self.noise = False
        self.values: NDArray | None = None
        self.scale = "log"

    @property
    def logarithmic(self) -> bool:
        """Whether colours and heights are logarithms: of losses only."""
        return self.scale == "log" and self.measure.is_loss

    def choose(self, measure: Measure | str, scale: str | None = None, noise: bool | None = None) -> None:
        """What the heights are, how losses are coloured, and whether what is below the noise is hatched."""
        measure, before = self._with_batch(as_measure(measure)), (self.measure, self.noise)
        self.scale = scale or self.scale
        self.noise = self.noise if noise is None else noise
        if (measure, self.noise) != before:
            self._take(measure)
            self._session.live.forget()
            self._session.picture.redraw()
        else:
            self._session.surface_extended.emit()
        self.changed.emit()
        self._session.show_step()

    def forget(self) -> None:
        """Another run: its frames have other heights."""
        self._take(self.measure)

    def follow_batch(self) -> None:
        """Time has moved: where the shown step's mini-batch is what is drawn, draw the one that stands there now."""
        measure = self._with_batch(self.measure)
        if measure != self.measure and not self._session.picture.drawing:
            self._take(measure)
            self._session.picture.redraw()

    def _with_batch(self, measure: Measure) -> Measure:
        session = self._session
        if measure.over != "batch" or session.run is None:
            return measure
        step = min(session.playback.step + 1, max(1, session.run.last_step))
        return replace(measure, step=step, start=session.selected)

    def _take(self, measure: Measure) -> None:
        self.measure, self.values = measure, None
        self._session.lanes.cancel("values")

    def of_frames(self, frames: int) -> NDArray:
        """The frames' own heights (F, K) in the measure of the shown surface; NaN where they are still to come."""
        run, surface = self._session.run, self._session.surface
        assert run is not None
        measure = self.measure if surface is None else surface.measure
        if measure is None or measure.recorded:
            return recorded_heights(run, measure or THE_LOSS, frames)
        heights = np.full((frames, run.K), np.nan)
        if self.values is not None and measure == self.measure:
            heights[: len(self.values)] = self.values[:frames]
        return heights

    def find_values(self) -> None:
        """Measure the frames' own heights, where the record does not hold them."""
        run, lanes = self._session.run, self._session.lanes
        if run is None or self.measure.recorded or lanes.running("values"):
            return
        known = self.values
        if known is not None and len(known) >= run.frames and np.isfinite(known[-1]).any():
            return
        work = partial(path_heights, run, self.measure, run.frames, known)
        lanes.start("values", "", work, self._take_values)

    def _take_values(self, batch: list[NDArray]) -> None:
        self.values = batch[-1]
        self.found.emit()
