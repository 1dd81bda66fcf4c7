"""Threads that wait for work, so that the window's thread need not wait until one has begun.

`threading.Thread.start` returns only when the new thread has had its turn: on a machine whose cores are all at work that
took 3 ms on average and sometimes 20, each time a picture was asked for.
"""

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from landscape import cores

NAME = "landscape-job"
READY = 3  # threads begun beforehand: a descent, its picture and the paths' shadows

Work = Callable[[], None]


class Workers:
    """As many threads as there was ever work at a time; the latest that came free is the next to work."""

    def __init__(self) -> None:
        self._free: deque[SimpleQueue[Work | None]] = deque()
        self._all: list[tuple[SimpleQueue[Work | None], threading.Thread]] = []
        for _ in range(READY):
            self._free.append(self._another())

    def begin(self, work: Work) -> None:
        """Have work done on a thread of its own, at once. It may not raise."""
        try:
            worker = self._free.pop()
        except IndexError:
            worker = self._another()
        worker.put(work)

    def end(self) -> None:
        """Let the threads go, each when its work is done, and wait for that."""
        for worker, _ in self._all:
            worker.put(None)
        for _, thread in self._all:
            thread.join()
        self._all.clear()
        self._free.clear()

    def _another(self) -> "SimpleQueue[Work | None]":
        worker: SimpleQueue[Work | None] = SimpleQueue()
        thread = threading.Thread(target=self._serve, args=(worker,), name=NAME, daemon=True)
        self._all.append((worker, thread))
        thread.start()
        return worker

    def _serve(self, worker: "SimpleQueue[Work | None]") -> None:
        cores.step_back()
        while (work := worker.get()) is not None:
            work()
            del work  # what it holds may be large, and the next work may be long in coming
            self._free.append(worker)
