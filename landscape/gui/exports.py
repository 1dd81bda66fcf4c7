"""What the Export menu offers: each a generator over the export room, run as a job beside the window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.run.portrait import Portrait
from landscape.run.run import Run


@dataclass(frozen=True, eq=False)
class View:
    """What is on screen: the run, its portrait on the plane, the surface, the step and the theme."""

    run: Run
    portrait: Portrait
    surface: Any
    step: int
    theme: str


EXPORTS: dict[str, tuple[Callable[[View, Path], Iterator[Any]], str, str]] = {}


def everything(view: View, folder: Path) -> Iterator[Any]:
    """All pictures, the film, tables, surface, run and best model into a folder."""
    from landscape.export.bundle import exporting

    yield from exporting(view.run, view.portrait, view.surface, folder)
