"""Long work beside the window: a generator drained on a thread, its items fetched by the window's own tick.

No signal crosses threads and there is no lock: the worker only puts items into a queue, and the GUI thread empties it
every 33 ms and hands on the whole batch. A new job in a lane replaces the old one, of which nothing can arrive any more.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from queue import SimpleQueue
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape import cores

TICK_MS = 33


class Job(QObject):
    """Drains one generator on a worker thread. Signals are emitted from `poll`, on the GUI thread."""

    items = pyqtSignal(list)
    finished = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(
        self, work: Callable[[], Iterator[Any]], parent: QObject | None = None, after: "Job | None" = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._after = after
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._over = False
        self.lane = ""
        self._thread = threading.Thread(target=self._run, name="landscape-job", daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.poll)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def _run(self) -> None:
        cores.step_back()
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
        """Hand on what has come since the last tick, and the end when it has come."""
        done = not self._thread.is_alive()  # asked before draining, so that nothing can slip in afterwards
        batch = [self._queue.get() for _ in range(self._queue.qsize())]
        if batch and not self._over:
            self.items.emit(batch)
        if done and not self._over:
            self._end()
            if self._error is not None:
                self.failed.emit(self._error)
            else:
                self.finished.emit()

    @property
    def running(self) -> bool:
        """Whether anything can still arrive."""
        return not self._over

    def cancel(self) -> None:
        """From this line on nothing of the job arrives; the thread leaves at its next item."""
        self._end()

    def wait(self) -> None:
        """Wait until the worker has left."""
        if self._thread.ident is not None:
            self._thread.join()

    def _end(self) -> None:
        self._over = True
        self._stop.set()
        self._timer.stop()


class Lanes(QObject):
    """The running jobs, one a lane ("descent", "picture", …): a new job replaces the old one of its lane."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, Job] = {}
        self._leaving: list[Job] = []

    def start(
        self,
        lane: str,
        work: Callable[[], Iterator[Any]],
        items: Callable[[list], None],
        finished: Callable[[], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Run `work` in a lane; the callbacks are called on the GUI thread."""
        before = self._jobs.get(lane)
        self.cancel(lane)
        before = before or next((old for old in self._leaving if old.lane == lane), None)
        job = Job(work, self, before)
        job.lane = lane
        job.items.connect(items)
        if finished:
            job.finished.connect(finished)
        if failed:
            job.failed.connect(failed)
        self._jobs[lane] = job
        job.start()
        return job

    def running(self, lane: str) -> bool:
        """Whether a lane is at work."""
        return lane in self._jobs and self._jobs[lane].running

    def cancel(self, lane: str) -> None:
        """Stop a lane's job; nothing of it arrives any more."""
        job = self._jobs.pop(lane, None)
        self._leaving = [old for old in self._leaving if old._thread.is_alive()]
        if job is not None:
            job.cancel()
            self._leaving.append(job)

    def close(self) -> None:
        """Stop everything and wait for the threads."""
        for lane in list(self._jobs):
            self.cancel(lane)
        for job in self._leaving:
            job.wait()
        self._leaving.clear()
