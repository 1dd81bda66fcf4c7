"""The laboratory beside the window: one experiment at a time, on what is shown and without changing it.

A result belongs to the run that it was made on: it is kept in that run's record, whole or as far as it came, also when the window
is closed in the middle, and is shown again when the run is.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.errors import LandscapeError, RecordError
from landscape.export.lab_chart import drawing
from landscape.lab.experiment import Experiment, Specimen
from landscape.lab.experiments import RaceExperiment
from landscape.lab.pace import Pace, measure_pace
from landscape.lab.race import Race, Ways, retracing
from landscape.lab.record import Found, kept_found, record_of, tell, tell_found, working
from landscape.plane import Plane
from landscape.run.portrait import Portrait, portray
from landscape.run.run import Run
from landscape.run.setup import Setup

if TYPE_CHECKING:
    from landscape.gui.session import Session

LANE, PACE_LANE, PLANE_LANE, GUEST_LANE, RECORD_LANE = "lab", "pace", "lab plane", "guests", "lab records"
FRESH = 60.0  # seconds for which a measured pace is believed
LEAST_MADE = 0.02  # a smaller share of the work says nothing about the rest


@dataclass(frozen=True, eq=False)
class Guests:
    """Racers on the shown plane: their shadows (F, R, 2), and how much of each one's way (R,) lies in the plane."""

    plane: Plane
    names: tuple[str, ...]
    coordinates: NDArray
    coverage: NDArray

    @property
    def words(self) -> str:
        """What the plane shows of them, in a sentence."""
        shares = ", ".join(f"{share:.0%} of {name}’s" for name, share in zip(self.names, self.coverage))
        return f"On this plane, dotted: {shares} way (first seed)."


class Laboratory(QObject):
    """Owns what runs in the lab, the results of the shown run, and the guests on its landscape; a part of the session.

    `changed` names the experiment whose state or result is another one now.
    """

    changed = pyqtSignal(str)
    results_read = pyqtSignal()
    paced = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.found: dict[str, Found] = {}
        self.errors: dict[str, str] = {}
        self.running: Experiment | None = None
        self.pace: Pace | None = None
        self.guests: Guests | None = None
        self._arrived = False
        self._ways: Ways | None = None
        self._last = ""
        self._run: Run | None = None
        self._where = self._of = ""
        self._result: Any = None
        self._begun = self._spent = self._done_before = 0.0
        self._paced_at = float("-inf")
        self.paced_beside = self._pacing_beside = False  # whether a run trained while the pace was taken
        session.run_started.connect(self._read)
        session.lanes.changed.connect(self._look)
        session.lanes.failed.connect(self._fail)
        session.plane_changed.connect(self._place_guests)
        if session.run is not None:
            self._read()

    @property
    def specimen(self) -> Specimen | None:
        """What an experiment would look at now: the run, the selected start, the shown step, or the chosen point."""
        session, subject = self._session, self._session.subject
        if session.run is None or session.run.frames == 0 or session.run.missing:
            return None
        step = min(session.playback.step, session.run.last_step)
        specimen = Specimen.of_run(session.run, session.selected, step)
        if subject is not None and subject.start is None:
            return Specimen(
                specimen.setup, specimen.digits, session.run, session.selected, step, subject.theta, subject.words
            )
        return specimen

    def begin(self, experiment: Experiment, resume: bool = False) -> None:
        """Begin an experiment, or go on with a result of it that was cut short."""
        specimen = self.specimen
        if specimen is None or specimen.run is None:
            missing = "" if self._session.run is None else self._session.run.missing
            self.errors[experiment.name] = (
                missing[:1].upper() + missing[1:] or "There is no run to look at yet: press Train first."
            )
            self.changed.emit(experiment.name)
            return
        before = self.found[experiment.name] if resume and self.can_resume(experiment) else None
        self.cancel()
        self.errors.pop(experiment.name, None)
        self.running, self._run, self._last = experiment, specimen.run, experiment.name
        self._result = before.result if before is not None else None
        self._where = specimen.where if experiment.of_run else ""
        self._of = specimen.identity(experiment.of_run)
        self._done_before = before.result.done if before is not None else 0.0
        self._spent = before.seconds if before is not None and before.seconds == before.seconds else 0.0
        self._begun = time.monotonic()
        path = record_of(specimen.run, experiment.name)
        work = partial(working, experiment, specimen, path, before)
        self._session.lanes.start(LANE, experiment.doing, work, self._take)
        self.changed.emit(experiment.name)

    def cancel(self) -> None:
        """Stop; what was found so far stays."""
        self._session.lanes.cancel(LANE)

    def can_resume(self, experiment: Experiment) -> bool:
        """Whether a result of these very settings, on what is shown now, was cut short and can be gone on with."""
        found, specimen = self.found.get(experiment.name), self.specimen
        return found is not None and specimen is not None and found.goes_on(experiment, specimen)

    @property
    def remaining(self) -> float | None:
        """Seconds that what runs will still take, by what it has taken since it began; None as long as that says nothing."""
        made = getattr(self._result, "done", 0.0) - self._done_before
        if self.running is None or made < LEAST_MADE:
            return None
        return (time.monotonic() - self._begun) * (1 - self._done_before - made) / made

    def result_of(self, name: str) -> Any:
        """The newest result of an experiment, perhaps still growing; None if there is none."""
        if self.running is not None and self.running.name == name and self._run is self._session.run:
            return self._result
        return self.found[name].result if name in self.found else None

    def ask_pace(self) -> None:
        """Measure how fast this machine is with the shown network now, unless that was known a moment ago.

        While a run trains, it is what an experiment beside it would find; it is measured again afterwards.
        """
        specimen, session = self.specimen, self._session
        known = (
            self.pace is not None
            and self.paced_beside == session.training
            and time.monotonic() - self._paced_at < FRESH
        )
        busy = self.running is not None or session.lanes.running(PACE_LANE)
        if not known and specimen is not None and not busy:
            self._pacing_beside = session.training
            session.lanes.start(PACE_LANE, "", partial(_pacing, specimen), self._take_pace)

    def offer(self, setup: Setup, words: str) -> None:
        """Put what differs from the run's settings into the form, and say so."""
        run = self._session.run
        if run is None:
            return
        self._session.settings_offered.emit(run.setup.differences(setup))
        self._session.told.emit(f"{words}: it stands in the setup; press Train to run it.")
        self._write(run, f"Taken over: {words}")

    def try_out(self, setup: Setup, words: str) -> None:
        """Train a new run with a changed setup; the record of the shown one says so."""
        if self._session.run is not None:
            self._write(self._session.run, f"Tried next: {words}")
        self._session.train(setup)

    def show_guests(self, race: Race) -> None:
        """Trace the first seed of a race again and show where each racer went, on the shown plane."""
        specimen, found = self.specimen, self.found.get(RaceExperiment.name)
        if specimen is not None and found is not None:
            seed = getattr(found.experiment, "seed", 0)
            work = partial(retracing, race, specimen.setup, specimen.digits, seed)
            self._session.lanes.start(GUEST_LANE, "tracing the race", work, self._take_ways)

    def forget_guests(self) -> None:
        """Take the racers off the landscape."""
        self._ways = self.guests = None
        self._session.lanes.cancel(GUEST_LANE)
        self._session.guests_changed.emit()

    def show_curved_plane(self) -> None:
        """Draw the plane of the two most curved directions at the point the curvature was measured at."""
        specimen = self.specimen
        if specimen is not None:
            work = partial(_curved_plane, specimen)
            self._session.lanes.start(PLANE_LANE, "finding the most curved plane", work, self._rest_on)

    # --- what comes from the worker -------------------------------------------------------------------------------

    def _take(self, batch: list) -> None:
        self._result = batch[-1]
        if self.running is not None:
            self.changed.emit(self.running.name)

    def _look(self) -> None:
        """The lane has stopped, at its end, by a wish or by an error: keep what there is."""
        if self.running is not None and not self._session.lanes.running(LANE):
            experiment, run, result = self.running, self._run, self._result
            self.running = self._run = self._result = None
            if result is not None and run is not None:
                seconds = self._spent + time.monotonic() - self._begun
                found = Found(experiment, result, self._where, seconds, self._of)
                tell_found(run, found)  # its record was written by the worker
                self._write(run)
                if run is self._session.run:
                    self.found[experiment.name] = found
            self.changed.emit(experiment.name)

    def _fail(self, lane: str, error: LandscapeError) -> None:
        if lane == LANE:
            self.errors[self._last] = str(error)[:1].upper() + str(error)[1:] + "."
            self.changed.emit(self._last)

    def _write(self, run: Run, sentence: str = "") -> None:
        """Bring the record up to date; while the run grows, its writer does that with its next frame."""
        if sentence:
            tell(run, sentence)
        if not self._session.training:
            try:
                run.write_manifest()
            except RecordError as error:
                self._session.told.emit(str(error))

    def _read(self) -> None:
        """Another run is shown: its own results are."""
        run = self._session.run
        assert run is not None
        self.found = {}
        self.errors.clear()
        self.pace = None
        if self._ways is not None:
            self.forget_guests()
        self.results_read.emit()
        work = partial(_reading, run)
        self._session.lanes.start(RECORD_LANE, "", work, self._take_kept)

    def _take_kept(self, batch: list[tuple[Run, dict[str, Found]]]) -> None:
        run, kept = batch[-1]
        if run is self._session.run:
            self.found = kept | self.found
            self.results_read.emit()

    def _take_pace(self, batch: list[Pace]) -> None:
        self.pace, self._paced_at = batch[-1], time.monotonic()
        self.paced_beside = self._pacing_beside
        self.paced.emit()

    def _take_ways(self, batch: list[Ways]) -> None:
        if batch[-1].done == 1:
            self._ways, self._arrived = batch[-1], True
            self._place_guests()

    def _place_guests(self) -> None:
        """Cast the racers' shadows on the plane that is shown now."""
        portrait, ways = self._session.portrait, self._ways
        if portrait is not None and ways is not None and ways.thetas.shape[-1] == portrait.plane.P:
            work = partial(_placing, ways, portrait.plane)
            self._session.lanes.start(GUEST_LANE, "", work, self._take_guests)

    def _take_guests(self, batch: list[Guests]) -> None:
        self.guests, picture = batch[-1], self._session.picture
        self._session.guests_changed.emit()
        if self._arrived and picture.portrait is not None and picture.portrait.plane is self.guests.plane:
            self._arrived = False  # once: from then on the hand chooses the window
            shown = picture.extent_shown()
            wide = shown.around(self.guests.coordinates.reshape(-1, 2))
            if wide is not shown:
                picture.look(wide)

    def _rest_on(self, batch: list[Portrait]) -> None:
        self._session.live.forget()
        self._session.picture.rest_on(batch[-1], None)


def _can_be_drawn(result: Any) -> bool:
    """Whether the parts of a result that came from a file fit together."""
    try:
        drawing(result)
    except (LandscapeError, ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return True


def _reading(run: Run) -> Iterator[tuple[Run, dict[str, Found]]]:
    yield run, {name: found for name, found in kept_found(run).items() if _can_be_drawn(found.result)}


def _pacing(specimen: Specimen) -> Iterator[Pace]:
    train = specimen.digits.train
    yield measure_pace(specimen.net, specimen.first, train.images, train.labels)


def _curved_plane(specimen: Specimen) -> Iterator[Portrait]:
    run = specimen.descended
    plane = Plane.hessian(run.net, specimen.theta(), *run.measured(), l2=run.setup.descent.l2)
    yield portray(run, plane)


def _placing(ways: Ways, plane: Plane) -> Iterator[Guests]:
    shape = ways.thetas.shape[:2]
    coordinates, _ = plane.project(ways.thetas.reshape(-1, plane.P))
    coverage = np.array([plane.coverage(ways.thetas[:, racer]) for racer in range(shape[1])])
    yield Guests(plane, ways.names, coordinates.reshape(*shape, 2), coverage)
