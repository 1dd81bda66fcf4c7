"""Long work beside the window: a generator drained on a thread, its items fetched by the window's own tick.

No signal crosses threads and there is no lock: the worker only puts items into a queue, and the GUI thread empties it
every 33 ms and hands on the whole batch. A new job in a lane replaces the old one, of which nothing can arrive any more.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape.errors import LandscapeError
from landscape.gui.workers import Workers

TICK_MS = 33


class Job(QObject):
    """Drains one generator on a worker thread. Signals are emitted from `poll`, on the GUI thread."""

    items = pyqtSignal(list)
    finished = pyqtSignal()
    failed = pyqtSignal(Exception)
    left = pyqtSignal()

    def __init__(
        self,
        work: Callable[[], Iterator[Any]],
        workers: Workers,
        parent: QObject | None = None,
        after: "Job | None" = None,
        tick_ms: int = TICK_MS,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._workers = workers
        self._after = after
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._over = False
        self.lane = ""
        self.cancelled: Callable[[], None] | None = None
        self._begun = False
        self._left = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self.poll)

    def start(self) -> None:
        """Begin."""
        self._begun = True
        self._workers.begin(self._run)
        self._timer.start()

    def _run(self) -> None:
        try:
            self._drain()
        finally:
            self._left.set()

    def _drain(self) -> None:
        # The job that this one replaces may still be at its last item, and both may write to the same run.
        if self._after is not None:
            self._after.wait()
            self._after = None
        if self._stop.is_set():
            return
        try:
            with closing(self._work()) as work:  # type: ignore[type-var]
                for item in work:
                    self._queue.put(item)
                    if self._stop.is_set():
                        break
        except Exception as error:
            self._error = error

    def poll(self) -> None:
        """Hand on what has come since the last tick, and the end when it has come; of a cancelled job only that it has left."""
        done = not self.alive  # asked before draining, so that nothing can slip in afterwards
        batch = [self._queue.get() for _ in range(self._queue.qsize())]
        if batch and not self._over:
            self.items.emit(batch)
        if done and self._over:
            self._timer.stop()
            self.left.emit()
        elif done:
            self._timer.stop()
            self.cancel()
            if self._error is not None:
                self.failed.emit(self._error)
            else:
                self.finished.emit()

    @property
    def running(self) -> bool:
        """Whether anything can still arrive."""
        return not self._over

    @property
    def alive(self) -> bool:
        """Whether the worker is still there."""
        return self._begun and not self._left.is_set()

    def cancel(self) -> None:
        """From this line on nothing of the job arrives; the thread leaves at its next item, and `left` tells when it has."""
        self._over = True
        self._stop.set()

    def wait(self) -> None:
        """Wait until the worker has left."""
        if self._begun:
            self._left.wait()


@dataclass(frozen=True)
class Activity:
    """What a lane is doing, in words, how far it is (0 to 1), and since when."""

    text: str
    done: float
    since: float


class Lanes(QObject):
    """The running jobs, one a lane ("descent", "picture", …): a new job replaces the old one of its lane.

    `activity` says what runs; `changed` tells whenever that changes, `left` that the worker of a cancelled job is gone: until
    then it may still have written to what it works on. A job whose user can mend what went wrong ends in
    `failed`, with its lane; any other error is a bug and is raised.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(str, Exception)
    left = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.activity: dict[str, Activity] = {}
        self._workers = Workers()
        self._jobs: dict[str, Job] = {}
        self._leaving: list[Job] = []
        self._closed = False

    def start(
        self,
        lane: str,
        text: str,
        work: Callable[[], Iterator[Any]],
        items: Callable[[list], None],
        finished: Callable[[], None] | None = None,
        tick_ms: int = TICK_MS,
        cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Run `work` in a lane; the callbacks are called on the GUI thread. Items may carry `done`, from 0 to 1.

        `cancelled` is called when the job was cancelled and its worker has left: nothing of it comes to the disk any more.
        A job without a `text` is over in a moment and is not shown. `tick_ms` is how often its items are fetched.
        """
        if self._closed:  # a timer of the window may still ask while it goes
            return
        before = self._jobs.get(lane)
        self.cancel(lane)
        before = before or next((old for old in self._leaving if old.lane == lane), None)
        job = Job(work, self._workers, self, before, tick_ms)
        job.lane, job.cancelled = lane, cancelled

        def receive(batch: list) -> None:
            if text:
                self._show(lane, replace(self.activity[lane], done=float(getattr(batch[-1], "done", 0.0))))
            items(batch)

        def end() -> None:
            self._drop(job)
            self._show(lane, None)
            if finished:
                finished()

        def fail(error: Exception) -> None:
            self._drop(job)
            self._show(lane, None)
            if not isinstance(error, LandscapeError):
                raise error
            self.failed.emit(lane, error)

        job.items.connect(receive)
        job.finished.connect(end)
        job.failed.connect(fail)
        self._jobs[lane] = job
        if text:
            self._show(lane, Activity(text, 0.0, time.monotonic()))
        job.start()

    def running(self, lane: str) -> bool:
        """Whether a lane is at work."""
        return lane in self._jobs and self._jobs[lane].running

    @property
    def idle(self) -> bool:
        """Whether nothing is at work, not even what is over in a moment and is not shown, or what was told to stop."""
        return not self._leaving and not any(job.running for job in self._jobs.values())

    def cancel(self, lane: str) -> None:
        """Stop a lane's job; nothing of it arrives any more."""
        job = self._jobs.pop(lane, None)
        if job is not None:
            self._leaving.append(job)
            job.left.connect(partial(self._see_off, job))
            job.cancel()
            self._show(lane, None)

    def close(self) -> None:
        """Stop everything and wait for the threads; nothing is started any more."""
        self._closed = True
        for lane in list(self._jobs):
            self.cancel(lane)
        for job in self._leaving:
            job.wait()
            job.blockSignals(True)
            job.deleteLater()
        self._leaving.clear()
        self._workers.end()

    def _see_off(self, job: Job) -> None:
        self._leaving.remove(job)
        job.deleteLater()
        self.left.emit(job.lane)
        if job.cancelled is not None:
            job.cancelled()

    def _drop(self, job: Job) -> None:
        """A job is over: sixty a second, as pictures that move may start, would fill the memory if they stayed."""
        del self._jobs[job.lane]
        job.deleteLater()

    def _show(self, lane: str, activity: Activity | None) -> None:
        if activity is not None:
            self.activity[lane] = activity
        elif self.activity.pop(lane, None) is None:
            return
        self.changed.emit()
