"""A surface as HDF5 in the schema of Goldstein's loss-landscape, so that its plotting scripts and others' read it.

github.com/tomgoldstein/loss-landscape, plot_surface.py: `xcoordinates`, `ycoordinates`, `train_loss`, `train_acc`,
`test_loss`, `test_acc`. Accuracies are percentages, and entry [j, i] of each belongs to (xcoordinates[i], ycoordinates[j]), as
its plots draw it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.destination import check_destination
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.run import Run
from landscape.surface import Surface, evaluate_progressively
from landscape.surface.measure import Measure
from landscape.writing import written_whole

ENDINGS = (".h5",)


@dataclass(frozen=True)
class Stored:
    """How much of the surfaces is computed; the file is there when `done` is 1."""

    path: Path
    done: float


def storing(run: Run, surface: Surface, path: str | Path) -> Iterator[Stored]:
    """Write a run's surface over the training digits (those that losses are measured on) and over the test digits.

    What the given surface lacks is evaluated on its plane and grid. Closing the generator leaves no file. Raises RecordError
    where it can't be written or the package h5py is not installed.
    """
    path = check_destination(path, ENDINGS, "a surface in HDF5")
    if find_spec("h5py") is None:
        raise RecordError(f"{path.name} needs the package h5py: install landscape[meshes], or choose .npz")
    return _storing(run, surface, path)


def _storing(run: Run, surface: Surface, path: Path) -> Iterator[Stored]:
    held = run.digits.test
    examples = run.setup.data.examples
    sets = {"train": run.measured(), "test": (held.images[:examples], held.labels[:examples])}
    arrays: dict[str, NDArray] = {"xcoordinates": surface.a, "ycoordinates": surface.b}
    for number, (name, (X, y)) in enumerate(sets.items()):
        found = surface
        if name == "test" or surface.measure not in (None, Measure()) or surface.accuracy is None:
            pictures = evaluate_progressively(
                run.net, surface.plane, X, y, surface.a, surface.b, ("loss", "accuracy"), surface.l2
            )
            for picture in pictures:
                found = picture
                yield Stored(path, 0.49 * (number + picture.done))
        assert found.accuracy is not None
        arrays |= {f"{name}_loss": found.loss, f"{name}_acc": 100 * found.accuracy}
    provenance = Provenance.of(run)

    def write(partial: Path) -> None:
        import h5py

        with h5py.File(partial, "w") as file:
            for name, values in arrays.items():
                file[name] = np.asarray(values, np.float64)
            file.attrs[SETUP_KEY], file.attrs[VERSION_KEY] = provenance.setup, provenance.version
            file.attrs["plane"] = list(surface.plane.labels)
            for name in ("origin", "u", "v"):
                file[f"plane_{name}"] = np.asarray(getattr(surface.plane, name))

    written_whole(path, write)
    yield Stored(path, 1.0)
