"""Everything that a run has to give, in one folder: pictures, film, tables, the run itself and its best model."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.errors import RecordError
from landscape.export import caption
from landscape.export.destination import check_folder
from landscape.export.film import filming
from landscape.export.provenance import Provenance
from landscape.export.scene import Scene
from landscape.export.table import tabulating, write_surface
from landscape.run import Run
from landscape.run.best_model import save_best
from landscape.run.portrait import Portrait
from landscape.surface import Surface


@dataclass(frozen=True)
class Exported:
    """What is being written or, where `whole`, has just got its name; `done` is the fraction of the whole bundle."""

    path: Path
    whole: bool
    done: float


# Each file with the share of the work it takes. The two tables are computed together, with the first.
FILES = {
    "surface.npz": 0.02,
    "run.landscape": 0.03,
    "best.safetensors": 0.01,
    "best.npz": 0.01,
    "map.png": 0.08,
    "relief.png": 0.12,
    "curves.png": 0.08,
    "trajectories.csv": 0.30,
    "trajectories.npz": 0.0,
    "descent.gif": 0.35,
}


def exporting(
    run: Run,
    portrait: Portrait,
    surface: Surface,
    folder: str | Path,
    *,
    style: str = "light",
    scale: str = "log",
    film: bool = True,
) -> Iterator[Exported]:
    """Write all of FILES into a folder, each whole or not at all; files of the same names are replaced.

    Closing the generator leaves the files finished so far and nothing half done. Raises RecordError for a folder that
    can't be written to or a run that has not taken a step, SetupError where run, portrait and surface do not fit.
    """
    Scene.of(run, portrait, surface)
    if run.frames < 2 or portrait.frames < 2:
        raise RecordError("the run has only its starts: there is nothing to export before the first step")
    folder = check_folder(folder)
    return _exporting(run, portrait, surface, folder, style, scale, film)


def _exporting(
    run: Run, portrait: Portrait, surface: Surface, folder: Path, style: str, scale: str, film: bool
) -> Iterator[Exported]:
    names = [name for name in FILES if film or name != "descent.gif"]
    total = sum(FILES[name] for name in names)
    writers = _writers(run, portrait, surface, style, scale)
    finished = 0.0
    for name in names:
        path = folder / name
        yield Exported(path, False, finished / total)
        outcome = writers[name](path)
        if isinstance(outcome, Iterator):
            with closing(outcome) as events:  # type: ignore[type-var]
                for event in events:
                    yield Exported(path, False, (finished + FILES[name] * event.done) / total)
        finished += FILES[name]
        yield Exported(path, True, 1.0 if name == names[-1] else finished / total)


def _writers(
    run: Run, portrait: Portrait, surface: Surface, style: str, scale: str
) -> dict[str, Callable[[Path], Any]]:
    from landscape.export.curves_figure import curves_figure
    from landscape.export.map_figure import map_figure
    from landscape.export.picture import write_picture
    from landscape.export.relief_figure import relief_figure

    provenance = Provenance.of(run, caption.headline(Scene.of(run, portrait, surface)))
    landscape = (run, portrait, surface)
    look: dict[str, Any] = {"style": style, "scale": scale}
    return {
        "map.png": lambda path: write_picture(map_figure(*landscape, **look), path, provenance),
        "relief.png": lambda path: write_picture(relief_figure(*landscape, **look), path, provenance),
        "curves.png": lambda path: write_picture(curves_figure(run, style=style), path, provenance),
        "trajectories.csv": lambda path: tabulating(run, portrait, path, path.with_suffix(".npz")),
        "trajectories.npz": lambda path: None,
        "surface.npz": lambda path: write_surface(surface, path, provenance),
        "run.landscape": lambda path: run.save(path),
        "best.safetensors": lambda path: save_best(run, path),
        "best.npz": lambda path: save_best(run, path),
        "descent.gif": lambda path: filming(*landscape, path, **look),
    }
