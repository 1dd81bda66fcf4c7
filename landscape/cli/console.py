"""What the command line says and how it is stopped: progress on stderr, results on stdout, Ctrl+C between events."""

import json
import math
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from types import FrameType
from typing import Any, Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Event(Protocol):
    """One partial result of a long work; `done` is the fraction of it, 0 to 1."""

    @property
    def done(self) -> float: ...


AnyEvent = TypeVar("AnyEvent", bound=Event)


def say(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    _write(Console(stderr=True), text)


def report(lines: Iterable[str], figures: dict[str, Any], as_json: bool) -> None:
    """The result of a command on stdout: sentences, or with --json the figures for programs (sentences to stderr)."""
    if as_json:
        Console().out(json.dumps(_plain(figures), ensure_ascii=False), highlight=False)
    for line in lines:
        _write(Console(stderr=as_json), line)


def follow(events: Iterator[AnyEvent], title: str) -> Iterator[AnyEvent]:
    """Hand on the events of a long work with a progress bar on stderr.

    Ctrl+C is heeded between two events, never inside one: the work is closed, and KeyboardInterrupt raised with all
    that was handed on complete. A second Ctrl+C does not wait.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    begun = time.monotonic()
    if not console.is_terminal:
        _write(console, f"{title} …")
    with _interruption() as interrupted, closing(_closable(events)) as open_events:  # noqa: SIM117
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(title, total=1.0)
            for event in open_events:
                progress.update(task, completed=event.done)
                yield event
                if interrupted.is_set():
                    raise KeyboardInterrupt
    _write(console, f"{title}: done in {time.monotonic() - begun:.1f} s")


def _closable(events: Iterator[AnyEvent]) -> Any:
    return events if hasattr(events, "close") else (event for event in events)


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """An event that the first Ctrl+C sets; the second acts at once."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if threading.current_thread() is not threading.main_thread():  # only the main thread hears of signals
        yield asked
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _write(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _plain(value: Any) -> Any:
    """The same with what JSON has no word for (NaN, infinity) as null."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
