"""Trajectories as tables: CSV for spreadsheets and pandas, NPZ for numpy, JSON and Parquet for the rest."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.errors import RecordError, SetupError
from landscape.export.csv_table import write_csv
from landscape.export.destination import check_destination
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.run import Run
from landscape.run.portrait import Portrait
from landscape.writing import written_whole

COLUMNS = (
    "run",
    "start",
    "start_kind",
    "seed",
    "step",
    "epoch",
    "a",
    "b",
    "loss_true",
    "loss_on_plane",
    "off_plane",
    "coverage",
    "loss_validation",
    "accuracy_train",
    "accuracy_validation",
    "learning_rate",
    "gradient_norm",
    "update_ratio",
    "is_best",
)
ENDINGS = (".csv", ".npz", ".json", ".parquet")
# Shadows evaluated before progress is told: a few hundredths of a second of work on all cores.
AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class Tabulated:
    """How much of the table is computed; `columns` (each (F·K,)) and the files are there when `done` is 1."""

    paths: tuple[Path, ...]
    done: float
    columns: dict[str, NDArray] | None = None


def tabulating(run: Run, portrait: Portrait, *paths: str | Path) -> Iterator[Tabulated]:
    """Write the trajectories of a run on a plane to each path; its ending (see ENDINGS) chooses the format.

    One row for each start and frame: frame by frame, in it start by start. loss_on_plane is computed exactly at each
    shadow, over the digits of loss_true; coverage is that of the start's whole movement. The NPZ also holds the setup,
    the plane and θ of the best. Closing the generator leaves no file. Raises RecordError where one can't be written.
    """
    places = tuple(check_destination(path, ENDINGS, "a table") for path in paths)
    if any(place.suffix.lower() == ".parquet" for place in places) and find_spec("pyarrow") is None:
        raise RecordError("Parquet needs the package pyarrow: install landscape[tables], or choose .csv, .npz or .json")
    if portrait.coordinates.shape[1] != run.K or portrait.frames > run.frames:
        raise SetupError("the portrait belongs to another run; make it again with portray(run)")
    return _tabulating(run, portrait, places)


def _tabulating(run: Run, portrait: Portrait, paths: tuple[Path, ...]) -> Iterator[Tabulated]:
    on_plane = np.empty((portrait.frames, run.K))
    for rows, losses in losses_on_plane(run, portrait):
        on_plane.reshape(-1)[rows] = losses
        yield Tabulated(paths, 0.95 * rows.stop / on_plane.size)
    columns = trajectory_columns(run, portrait, on_plane)
    for path in paths:
        write = _WRITERS[path.suffix.lower()]
        written_whole(path, partial(write, columns=columns, run=run, portrait=portrait))
    yield Tabulated(paths, 1.0, columns)


def losses_on_plane(run: Run, portrait: Portrait) -> Iterator[tuple[slice, NDArray]]:
    """The loss at the shadow of every frame and start, exactly, some rows of the flattened (F, K) at a time."""
    X, y = run.measured()
    shadows = portrait.coordinates.reshape(-1, 2)

    def loss(shadow: NDArray) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(run.net.loss(portrait.plane.point(*shadow), X, y))

    for begin in range(0, len(shadows), AT_ONCE):
        rows = slice(begin, min(begin + AT_ONCE, len(shadows)))
        with cores.single_threaded_blas():
            losses = np.array(list(cores.spread(loss, shadows[rows])))
        yield rows, losses


def trajectory_columns(run: Run, portrait: Portrait, on_plane: NDArray) -> dict[str, NDArray]:
    """The table as columns (F·K,), in the order of COLUMNS; `on_plane` (F, K) are the losses at the shadows."""
    F, K = on_plane.shape
    starts = run.starts
    figure = {name: run.figure(name)[:F] for name in _FIGURES.values()}
    over_starts = {
        "start": [start.name for start in starts],
        "start_kind": [start.kind for start in starts],
        "seed": [start.seed for start in starts],
        "coverage": portrait.coverage,
    }
    over_frames = {
        "step": run.steps[:F],
        "epoch": run.figure("epoch")[:F],
        "learning_rate": run.figure("learning_rate")[:F],
    }
    columns: dict[str, NDArray] = {"run": np.full(F * K, Provenance.of(run).run_name)}
    columns |= {name: np.tile(np.asarray(values), F) for name, values in over_starts.items()}
    columns |= {name: np.repeat(values, K) for name, values in over_frames.items()}
    columns |= {name: figure[source].ravel() for name, source in _FIGURES.items()}
    columns |= {"a": portrait.coordinates[..., 0].ravel(), "b": portrait.coordinates[..., 1].ravel()}
    columns |= {"loss_on_plane": on_plane.ravel(), "off_plane": portrait.off_plane.ravel()}
    columns["is_best"] = _is_best(columns["loss_true"])
    return {name: columns[name] for name in COLUMNS}


_FIGURES = {
    "loss_true": "loss",
    "loss_validation": "validation_loss",
    "accuracy_train": "accuracy",
    "accuracy_validation": "validation_accuracy",
    "gradient_norm": "gradient_norm",
    "update_ratio": "update_ratio",
}


def _is_best(losses: NDArray) -> NDArray:
    """True in the one row with the lowest true loss, the first of equals."""
    best = np.zeros(len(losses), bool)
    if np.isfinite(losses).any():
        best[np.nanargmin(np.where(np.isfinite(losses), losses, np.nan))] = True
    return best


def _write_csv(path: Path, columns: dict[str, NDArray], run: Run, portrait: Portrait) -> None:
    write_csv(path, columns, Provenance.of(run))


def _write_npz(path: Path, columns: dict[str, NDArray], run: Run, portrait: Portrait) -> None:
    plane = portrait.plane
    arrays: dict[str, NDArray] = dict(columns)
    arrays |= {"origin": plane.origin, "u": plane.u, "v": plane.v, "labels": np.array(plane.labels)}
    best = run.best
    if best is not None:
        arrays["best_theta"] = best.theta
    with path.open("wb") as file:
        np.savez_compressed(file, **(arrays | Provenance.of(run).arrays))  # type: ignore[arg-type]


def _write_json(path: Path, columns: dict[str, NDArray], run: Run, portrait: Portrait) -> None:
    """{"version", "setup" (TOML), "columns": {name: [...]}}; what is no finite number is null, as JSON has no word for it."""
    provenance = Provenance.of(run)
    plain = {name: _finite(values) for name, values in columns.items()}
    document = {"version": provenance.version, "setup": provenance.setup, "columns": plain}
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _finite(values: NDArray) -> list:
    if values.dtype.kind != "f":
        return values.tolist()
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _write_parquet(path: Path, columns: dict[str, NDArray], run: Run, portrait: Portrait) -> None:
    import pyarrow
    import pyarrow.parquet

    provenance = Provenance.of(run)
    about = {SETUP_KEY: provenance.setup, VERSION_KEY: provenance.version}
    table = pyarrow.table({name: pyarrow.array(values.tolist()) for name, values in columns.items()})
    pyarrow.parquet.write_table(table.replace_schema_metadata(about), path)


_WRITERS = {".csv": _write_csv, ".npz": _write_npz, ".json": _write_json, ".parquet": _write_parquet}
