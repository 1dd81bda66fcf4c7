"""How many processor cores we may use, and the one pool of threads that uses them.

The compiled kernels and BLAS release the interpreter, so plain threads run them side by side. BLAS's own
threads must not fight ours for the same cores: with both on two cores, training was measured ten times
slower. So whoever runs work in the pool holds BLAS to one thread each (`single_threaded_blas`).
"""

import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from functools import cache
from itertools import islice
from typing import TypeVar

from landscape.errors import SetupError

# Linux's niceness of threads that compute. At 8 the window's thread still waited for a core in its busiest moments; at
# 19 other programs would leave nothing to the descent.
GIVING_WAY = 14
MOST_THREADS = 1024  # no machine has more cores than that, but a slip of the finger would start so many threads

_here = threading.local()

Item = TypeVar("Item")
Result = TypeVar("Result")


def count() -> int:
    """Cores to use: `LANDSCAPE_THREADS` if set, else those this process may run on."""
    wish = os.environ.get("LANDSCAPE_THREADS", "").strip()
    if wish:
        if not (wish.isascii() and wish.isdecimal() and len(wish) < 9) or not 1 <= int(wish) <= MOST_THREADS:
            shown = wish if len(wish) < 40 else f"{wish[:40]}..."
            raise SetupError(
                f"LANDSCAPE_THREADS is {shown!r}; set it to a whole number from 1 to {MOST_THREADS}, or unset it"
            )
        return int(wish)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="landscape-core", initializer=_enter)


def _enter() -> None:
    _here.in_pool = True
    step_back()


def step_back() -> None:
    """Let this thread give way to the window's thread whenever both want a core (where the system can do that)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVING_WAY)


def spread(work: Callable[[Item], Result], items: Iterable[Item], at_once: int | None = None) -> Iterator[Result]:
    """Apply `work` to every item on all cores; results come in the order of the items, once all of them are there.

    at_once: they come as they are ready. So many items for each core are begun or wait for a core at a time, so that
    others' work is not kept waiting behind all of them. Closing the iterator drops the items that have not begun.

    Work that spreads work again does so within its own thread: the others have theirs, and waiting for them from inside
    the pool could wait for ever.
    """
    items = list(items)
    threads = min(count(), len(items))
    if threads <= 1 or getattr(_here, "in_pool", False):
        return map(work, items)
    pool = _pool(count())
    return _together(pool, work, items, threads) if at_once is None else _in_turn(pool, work, items, at_once * count())


def _together(
    pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: list[Item], threads: int
) -> Iterator[Result]:
    # Each thread is woken once and takes the next item when it is through with one: some works take no longer than being
    # woken does.
    turns = iter(enumerate(items))
    results: dict[int, Result] = {}

    def take() -> None:
        for at, item in turns:
            results[at] = work(item)

    for future in wait([pool.submit(take) for _ in range(threads)]).done:
        future.result()  # raises what `work` has raised
    return (results[at] for at in range(len(items)))


def _in_turn(
    pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: list[Item], at_once: int
) -> Iterator[Result]:
    rest = iter(items)
    waiting = deque(pool.submit(work, item) for item in islice(rest, at_once))
    try:
        while waiting:
            result = waiting.popleft().result()
            waiting.extend(pool.submit(work, item) for item in islice(rest, 1))
            yield result
    finally:
        for future in waiting:
            future.cancel()


@cache
def _blas():  # type: ignore[no-untyped-def]
    import numpy  # noqa: F401  (its BLAS has to be loaded to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()  # looking through the loaded libraries takes a millisecond: once is enough


def single_threaded_blas() -> AbstractContextManager:
    """Hold BLAS to one thread inside the `with` block."""
    return _blas().limit(limits=1, user_api="blas")


def keep_blas_single_threaded() -> None:
    """Hold BLAS to one thread from now on: for a program whose own threads share the cores.

    A thread of BLAS's own keeps its core busy for a while after each product, waiting for the next.
    """
    _blas().limit(limits=1, user_api="blas")
