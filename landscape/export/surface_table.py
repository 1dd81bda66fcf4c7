"""A surface as arrays (NPZ) or as a table with a row for every cell (CSV)."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.export.csv_table import write_csv
from landscape.export.destination import check_destination
from landscape.export.provenance import Provenance
from landscape.surface import Surface
from landscape.writing import written_whole

ENDINGS = (".npz", ".csv")


def write_surface(surface: Surface, path: str | Path, provenance: Provenance) -> Path:
    """Write a surface; the ending chooses the format. Raises RecordError where the file can't be written.

    NPZ: a, b, loss (and accuracy, sampling_error, below_noise), the measure in words, the plane with its labels, and the
    setup. CSV: the same of every cell, row by row of b, without the plane's vectors.
    """
    path = check_destination(path, ENDINGS, "a surface")
    if path.suffix.lower() == ".csv":
        written_whole(path, partial(write_csv, columns=_columns(surface, provenance), provenance=provenance))
    else:
        written_whole(path, partial(_save, arrays=_arrays(surface, provenance)))
    return path


def _cells(surface: Surface) -> dict[str, NDArray]:
    """What is known of every cell, each (nb, na)."""
    known = {
        "loss": surface.loss,
        "exact": surface.exact,
        "accuracy": surface.accuracy,
        "sampling_error": surface.sampling_error,
        "below_noise": surface.noise,
    }
    return {name: values for name, values in known.items() if values is not None}


def _columns(surface: Surface, provenance: Provenance) -> dict[str, NDArray]:
    A, B = np.meshgrid(surface.a, surface.b)
    cells = {"a": A, "b": B, **_cells(surface)}
    about = {"run": provenance.run_name, "measure": _measure_words(surface), "examples": surface.examples}
    return {
        **{name: values.ravel() for name, values in cells.items()},
        **{name: np.full(A.size, value) for name, value in about.items()},
    }


def _arrays(surface: Surface, provenance: Provenance) -> dict[str, NDArray]:
    plane = surface.plane
    arrays: dict[str, NDArray] = {"a": surface.a, "b": surface.b, **_cells(surface)}
    arrays |= {"origin": plane.origin, "u": plane.u, "v": plane.v, "labels": np.array(plane.labels)}
    if surface.measure is not None:
        arrays["measure"] = np.array(_measure_words(surface))
    arrays |= {"examples": np.array(surface.examples), "l2": np.array(surface.l2)}
    return arrays | provenance.arrays


def _measure_words(surface: Surface) -> str:
    return "" if surface.measure is None else f"{surface.measure.title()} over {surface.measure.set_words}"


def _save(path: Path, arrays: dict[str, NDArray]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
