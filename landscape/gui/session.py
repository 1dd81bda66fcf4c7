"""The one owner of what the window shows: setup, run, plane, surface and the shown moment.

Views read from here and hear of changes by signals; they ask for changes by calling the methods below. Long work goes to
lanes of `Jobs`: "descent" writes the run, "picture" fits the plane and evaluates the surface, "shadows" projects new frames,
"moment" replays a step.
"""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape.errors import LandscapeError, SetupError
from landscape.gui.arrows import Arrows
from landscape.gui.contest import Contest
from landscape.gui.descents import Descents
from landscape.gui.height_choice import HeightChoice
from landscape.gui.holding import Holding
from landscape.gui.jobs import Activity, Lanes
from landscape.gui.live import Live
from landscape.gui.microscope import Microscope
from landscape.gui.minibatch import Minibatch
from landscape.gui.moment import Moment, examined_moment, recorded_moment, superseded
from landscape.gui.outbox import Outbox
from landscape.gui.picture import Picture
from landscape.gui.playback import Playback
from landscape.gui.rival import Rival
from landscape.gui.shelf import Shelf
from landscape.gui.subject import Subject, SubjectChoice
from landscape.gui.turns import Turns
from landscape.run.finding import Best
from landscape.run.in_step import in_step_by_loss
from landscape.run.kept_plane import KeptPlane
from landscape.run.portrait import Portrait
from landscape.run.run import Run
from landscape.run.setup import Setup

if TYPE_CHECKING:
    from landscape.gui.laboratory import Laboratory


class Session(QObject):
    """Shared state and the only place that changes it."""

    setup_changed = pyqtSignal()
    run_started = pyqtSignal()
    run_extended = pyqtSignal()
    run_ended = pyqtSignal()
    moment_changed = pyqtSignal()
    best_improved = pyqtSignal()
    selection_changed = pyqtSignal(int)
    job_changed = pyqtSignal()
    failed = pyqtSignal(str)
    setup_refused = pyqtSignal(Exception)
    settings_offered = pyqtSignal(dict)
    guests_changed = pyqtSignal()
    told = pyqtSignal(str)
    run_offered = pyqtSignal(str, Path)

    def __init__(self, runs_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs_folder = runs_folder
        self.lanes = Lanes(self)
        self.lanes.changed.connect(self.job_changed)
        self.lanes.failed.connect(self._job_failed)
        self.outbox = Outbox(self)
        self.turns = Turns(self)
        self.playback = Playback(self)
        self.playback.frame_changed.connect(self.show_step)
        self.playback.playing_changed.connect(self._playing_changed)
        self.playback.in_step_changed.connect(self.show_step)
        self.setup = Setup()
        self.run: Run | None = None
        self.heights = HeightChoice(self)
        self.picture = Picture(self)
        self.plane_changed = self.picture.plane_changed
        self.surface_extended = self.picture.surface_extended
        self.heights.found.connect(self.picture.shadows_cast)
        self.live = Live(self)
        self.minibatch = Minibatch(self)
        self.holding = Holding()
        self.moment_changed.connect(self.heights.follow_batch)
        descents = self.descents = Descents(self)
        self.train, self.pause_training, self.resume_training = descents.train, descents.pause, descents.resume
        self.go_on_from_best, self.descend_from = descents.go_on_from_best, descents.descend_from
        self.descend_from_point = descents.descend_from_point
        self.shelf = Shelf(self)
        self.contest = Contest(self)
        self.open_run, self.save_run, self.kept_runs = self.shelf.open_run, self.shelf.save_run, self.shelf.kept_runs
        self.microscope = Microscope(self)
        self.subjects = SubjectChoice(self)
        self.subject_changed = self.subjects.changed
        self.rival = Rival(self)
        self.moment: Moment | None = None
        self.best: Best | None = None
        self.selected = 0
        self.arrows = Arrows(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(60)
        self._rest.timeout.connect(self._look_closely)

    def change_setup(self, setup: Setup) -> None:
        """Take a new setup for the next run."""
        if setup != self.setup:
            self.setup = setup
            self.setup_changed.emit()

    @property
    def training(self) -> bool:
        """Whether a run is growing."""
        return self.descents.training

    @property
    def unfinished(self) -> bool:
        """Whether the run could go on to the epochs of its setup."""
        return self.descents.unfinished

    def show_run(self, run: Run, stay: KeptPlane | None = None) -> None:
        """Show a run that may grow, on the plane `stay` if one is given."""
        self.run = run
        self.holding.take(run.folder)  # while it is looked at, no window removes it
        self.live.forget()
        self.picture.forget()
        self.lanes.cancel("moment")
        if stay is not None:
            self.picture.stay_on(stay)
        self.moment = self.best = None
        self.selected = min(self.selected, run.K - 1)
        self.subjects.forget_run()
        self.playback.steps_per_epoch = run.steps_per_epoch
        self.playback.set_steps(run.steps)
        self.run_started.emit()
        self.picture.draw()

    def show_whole(self, run: Run) -> None:
        """Show a run that does not grow."""
        self.show_run(run)
        self.best = run.best
        self.best_improved.emit()
        self.run_extended.emit()
        self.run_ended.emit()

    @cached_property
    def lab(self) -> "Laboratory":
        """The experiments; made when they are first looked at."""
        from landscape.gui.laboratory import Laboratory

        return Laboratory(self)

    @property
    def lab_is_open(self) -> bool:
        """Whether the experiments have been looked at: else there are no results and no guests."""
        return "lab" in vars(self)

    def _job_failed(self, lane: str, error: LandscapeError) -> None:
        if lane == "lab" or self.shelf.excuses(lane, error):  # its card, or the banner, says what is wrong
            return
        self.failed.emit(str(error))
        if isinstance(error, SetupError) and error.field:
            self.setup_refused.emit(error)
        if lane == "descent":
            self.descents.end()

    def select(self, start: int) -> None:
        """The start that PCA of one path, stems and the microscope are about."""
        if self.run is not None and 0 <= start < self.run.K and start != self.selected:
            self.selected = start
            self.selection_changed.emit(start)
            if self.playback.by_loss:  # another one leads
                self.show_step()
            self.picture.select_start()

    @property
    def portrait(self) -> Portrait | None:
        """The run on the shown plane."""
        return self.picture.portrait

    @property
    def surface(self) -> Any:
        """The surface over the shown plane, perhaps still coarse; None before the first."""
        return self.picture.surface

    def _playing_changed(self, playing: bool) -> None:
        if not playing:
            self.show_step()

    def show_step(self, _: int = 0) -> None:
        """Show all starts where they stand at the shown step."""
        run, portrait, step = self.run, self.portrait, self.playback.step
        if run is None or portrait is None or run.frames == 0:
            return
        self.lanes.cancel("moment")  # of a step that is shown no more
        wanted = run.frame_at(step)
        frame = min(wanted, portrait.frames - 1)
        leader = self.selected if self.playback.by_loss else None
        if frame < wanted or superseded(self.moment, portrait, step, int(run.steps[frame]), leader):
            by_loss = in_step_by_loss(run.figure("loss"), self.selected, frame) if self.playback.by_loss else None
            self._set_moment(recorded_moment(run, portrait, frame, self.surface, by_loss, self.heights.values))
        if not self.playback.playing and not self.training:
            self._rest.start()

    def _look_closely(self) -> None:
        """At rest: replay a step that was not recorded, and compute the heights under the points exactly."""
        run, portrait = self.run, self.portrait
        if run is None or portrait is None or self.playback.playing:
            return
        step = self.playback.step
        leader = self.selected if self.playback.by_loss else None
        work = partial(examined_moment, run, portrait, step, self.heights.measure, self.surface, leader)
        self.lanes.start("moment", "", work, lambda batch: self._set_moment(batch[-1]))

    @property
    def subject(self) -> Subject | None:
        """The one model that the pages beside the landscape are about; None before the first step."""
        return self.subjects.current

    def next_best(self) -> None:
        """Move time to the next step at which a new best was found, from the last one to the first."""
        if self.run is None:
            return
        steps = self.run.new_best_steps
        later = steps[steps > self.playback.step]
        if len(steps):
            self.playback.jump(int(later[0] if len(later) else steps[0]))

    def _set_moment(self, moment: Moment) -> None:
        self.moment = moment
        self.moment_changed.emit()

    def escape(self) -> None:
        """From a chosen point or model back to the descent; else stop whatever runs."""
        if self.subjects.fixed:
            self.subjects.release()
        else:
            self.cancel()

    def cancel(self) -> None:
        """Stop whatever runs; what it has done so far stays."""
        self.picture.cancel()
        for lane in list(self.activity):
            if lane != "descent":
                self.lanes.cancel(lane)
        self.pause_training()

    def close(self) -> None:
        """Stop everything and let go of the files."""
        self.playback.pause()
        self._rest.stop()
        self.descents.stop()
        self.turns.stop()
        self.live.stop()
        self.lanes.close()
        self.holding.release()

    @property
    def activity(self) -> dict[str, Activity]:
        """What runs, by lane."""
        return self.lanes.activity
