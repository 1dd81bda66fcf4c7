"""What a run has to give, in one folder: pictures, films, tables, meshes, the run itself and its best model, each by its name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from landscape.errors import RecordError, SetupError
from landscape.export import caption
from landscape.export.destination import check_folder
from landscape.export.diary import writing_diary
from landscape.export.film import ENDINGS as FILMS
from landscape.export.film import filming
from landscape.export.mesh import ENDINGS as MESHES
from landscape.export.picture import PRINTED
from landscape.export.png_folder import check_new_folder
from landscape.export.provenance import Provenance
from landscape.export.repetition import write_repetition
from landscape.export.scene import Scene
from landscape.export.surface_table import ENDINGS as SURFACES
from landscape.export.surface_table import write_surface
from landscape.export.table import ENDINGS as TABLES
from landscape.export.table import tabulating
from landscape.run import Run
from landscape.run.best_model import save_best
from landscape.run.portrait import Portrait
from landscape.run.run import CHECKPOINTS
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
    "weights.png": 0.08,
    "trajectories.csv": 0.30,
    "trajectories.npz": 0.0,
    "descent.gif": 0.35,
}

# What is written when it is asked for by its name.
PICTURES = ("map", "relief", "curves", "weights")
FRAMES = "frames"  # the film as a folder of numbered PNG
MORE = {
    **{f"{kind}{ending}": 0.1 for kind in PICTURES for ending in (".svg", ".pdf")},
    **{f"{kind}{size}.png": 0.15 for kind in PICTURES for size in ("@2x", "-print")},
    **{f"{kind}-transparent.png": 0.1 for kind in PICTURES},
    "trajectories.json": 0.3,
    "trajectories.parquet": 0.3,
    "descent.mp4": 0.35,
    FRAMES: 0.35,
    "repeat.py": 0.02,
    "diary.html": 0.3,
    "surface.h5": 0.1,
    "surface.csv": 0.02,
    "lines.vtp": 0.02,
    **{f"surface{ending}": 0.02 for ending in (".vtu", ".ply", ".obj", ".stl")},
}


def exporting(
    run: Run,
    portrait: Portrait,
    surface: Surface,
    folder: str | Path,
    *,
    style: str = "light",
    scale: str = "log",
    colours: str = "viridis",
    film: bool = True,
    names: Sequence[str] | None = None,
) -> Iterator[Exported]:
    """Write all of FILES, or those `names` out of FILES and MORE, into a folder, each whole or not at all.

    Files of the same names are replaced; a folder of pictures is not.

    Closing the generator leaves the files finished so far and nothing half done. Raises RecordError for a folder that
    can't be written to or a run that has not taken a step, SetupError where run, portrait and surface do not fit.
    """
    Scene.of(run, portrait, surface)
    # Of a run put together from model files no step is known, so that there is no update to show.
    left_out = {*(() if film else ["descent.gif"]), *(["weights.png"] if run.engine == CHECKPOINTS else ())}
    wanted = checked_names(names) if names is not None else [name for name in FILES if name not in left_out]
    if run.frames < 2 or portrait.frames < 2:
        raise RecordError("the run has only its starts: there is nothing to export before the first step")
    folder = check_folder(folder)
    if FRAMES in wanted:
        check_new_folder(folder / FRAMES)
    look = {"style": style, "scale": scale, "colours": colours}
    return _exporting(run, portrait, surface, folder, look, wanted)


def checked_names(names: Sequence[str]) -> list[str]:
    """The names, each once and in the order of the work, if they can be exported; else SetupError, which tells those that can."""
    for name in names:
        if name not in FILES | MORE:
            raise SetupError(f"{name!r} is not known; what can be exported is: {', '.join(FILES | MORE)}", "names")
    return [name for name in FILES | MORE if name in names]


def _exporting(
    run: Run, portrait: Portrait, surface: Surface, folder: Path, look: dict[str, Any], names: list[str]
) -> Iterator[Exported]:
    shares = FILES | MORE
    total = sum(shares[name] for name in names) or 1.0
    writers = _writers(run, portrait, surface, look)
    finished = 0.0
    for name in names:
        path = folder / name
        yield Exported(path, False, finished / total)
        if name == "trajectories.npz" and "trajectories.csv" in names:
            outcome = None  # written with the first
        elif name == "trajectories.csv" and "trajectories.npz" in names:
            outcome = tabulating(run, portrait, path, path.with_suffix(".npz"))
        else:
            outcome = writers[name](path)
        if isinstance(outcome, Iterator):
            with closing(outcome) as events:  # type: ignore[type-var]
                for event in events:
                    yield Exported(path, False, (finished + shares[name] * event.done) / total)
        finished += shares[name]
        yield Exported(path, True, 1.0 if name == names[-1] else finished / total)


def _writers(run: Run, portrait: Portrait, surface: Surface, look: dict[str, Any]) -> dict[str, Callable[[Path], Any]]:
    from landscape.export.curves_figure import curves_figure
    from landscape.export.hdf5 import storing
    from landscape.export.map_figure import map_figure
    from landscape.export.mesh import write_mesh
    from landscape.export.picture import write_picture
    from landscape.export.polyline import write_polylines
    from landscape.export.relief_figure import relief_figure
    from landscape.export.weights_figure import weights_figure

    provenance = Provenance.of(run, caption.headline(Scene.of(run, portrait, surface)))
    landscape = (run, portrait, surface)
    style, painted = look["style"], {"scale": look["scale"], "colours": look["colours"]}
    figures: dict[str, Callable[[], Any]] = {
        "map": lambda: map_figure(*landscape, **look),
        "relief": lambda: relief_figure(*landscape, **look),
        "curves": lambda: curves_figure(run, style=style),
        "weights": lambda: weights_figure(run, run.best.start if run.best else 0, style=style),
    }

    def picture(kind: str, width: int, transparent: bool, path: Path) -> Path:
        return write_picture(figures[kind](), path, provenance, width=width, transparent=transparent)

    writers: dict[str, Callable[[Path], Any]] = {
        f"{kind}{size}{ending}": partial(picture, kind, width, False)
        for kind in PICTURES
        for size, width in PRINTED.items()
        for ending in (".png", ".svg", ".pdf")
    }
    writers |= {f"{kind}-transparent.png": partial(picture, kind, PRINTED["@2x"], True) for kind in PICTURES}
    writers |= {f"trajectories{ending}": partial(tabulating, run, portrait) for ending in TABLES}
    writers |= {f"surface{ending}": lambda path: write_mesh(surface, path, provenance, **painted) for ending in MESHES}
    writers |= {f"descent{ending}": lambda path: filming(*landscape, path, **look) for ending in FILMS}
    writers |= {f"surface{ending}": lambda path: write_surface(surface, path, provenance) for ending in SURFACES}
    return writers | {
        FRAMES: lambda path: filming(*landscape, path, **look),
        "lines.vtp": lambda path: write_polylines(*landscape, path, scale=look["scale"]),
        "surface.h5": lambda path: storing(run, surface, path),
        "diary.html": lambda path: writing_diary(*landscape, path, **painted),
        "repeat.py": lambda path: write_repetition(run, path),
        "run.landscape": lambda path: run.save(path),
        "best.safetensors": lambda path: save_best(run, path),
        "best.npz": lambda path: save_best(run, path),
    }
