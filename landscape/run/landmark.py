"""Models from elsewhere marked on a plane that is kept with a run: the plane through them, where each stands, its loss there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.model import FORMATS
from landscape.plane import Plane
from landscape.run.choice import KEPT
from landscape.run.exploration import measure
from landscape.run.kept_plane import LONGEST_TEXT, KeptPlane, keep_plane
from landscape.run.portrait import Extent
from landscape.run.run import Run
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS, Measure

# In a run's `about`: for each kept plane's name, what is marked on it.
LANDMARKS = "landmarks"
MOST_LANDMARKS = 26
MARGIN = 1.5  # how far the window reaches, in sizes of the triangle


@dataclass(frozen=True)
class Landmark:
    """A model that lies in the plane: a letter and a name, coordinates (a, b), training and validation loss."""

    letter: str
    name: str
    a: float
    b: float
    loss: float
    validation_loss: float

    def height_on(self, surface: Surface) -> float:
        """Its height in the measure of a surface: exactly where its losses are known, else read between the grid's cells."""
        known = {THE_LOSS: self.loss, Measure(over="validation"): self.validation_loss}
        measure = surface.measure or THE_LOSS
        return known[measure] if measure in known else surface.height_at(self.a, self.b)


def keep_plane_through(run: Run, models: Sequence[tuple[str, NDArray]], start: int = 0) -> KeptPlane:
    """Keep the plane through three named models (or two and where a start began) with a run, the models marked on it.

    The window holds all three with a margin. Raises SetupError where the models are of another network, or on one line.
    """
    named = list(models)
    if len(named) == 2:
        named.append((f"the start “{run.starts[start].name}”", np.array(run.thetas[0, start])))
    if len(named) != 3 or any(theta.shape != (run.net.P,) for _, theta in named):
        raise SetupError(f"a plane goes through three models of {run.net.P:,} parameters, or two and a start")
    thetas = np.stack([theta for _, theta in named]).astype(np.float32)
    through = Plane.through(*thetas)
    letters = "ABC"
    labels = (f"from {letters[0]} towards {letters[1]}", f"from {letters[0]} towards {letters[2]}")
    plane = Plane(through.origin, through.u, through.v, through.kind, labels)
    places = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    figures = measure(run, thetas)
    marks = [
        Landmark(letter, name[:LONGEST_TEXT], a, b, float(figures["loss"][i]), float(figures["validation_loss"][i]))
        for i, (letter, (name, _), (a, b)) in enumerate(zip(letters, named, places))
    ]
    kept = keep_plane(run, KeptPlane(_name([name for name, _ in named]), plane, extent=_around(plane)))
    known = run.about.get(LANDMARKS)
    run.about[LANDMARKS] = (known if isinstance(known, dict) else {}) | {kept.name: [asdict(mark) for mark in marks]}
    run.write_manifest()
    return kept


def landmarks(run: Run, choice: str) -> tuple[Landmark, ...]:
    """What is marked on a plane chosen as "kept:" and its name; whatever makes no sense in the record is left out."""
    known = run.about.get(LANDMARKS)
    listed = known.get(choice.removeprefix(KEPT)) if isinstance(known, dict) and choice.startswith(KEPT) else None
    found = [_read(record) for record in (listed if isinstance(listed, list) else [])[:MOST_LANDMARKS]]
    return tuple(mark for mark in found if mark is not None)


def _read(record: Any) -> Landmark | None:
    try:
        letter, name = (str(record[key])[:LONGEST_TEXT] for key in ("letter", "name"))
        numbers = [float(record[key]) for key in ("a", "b", "loss", "validation_loss")]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return Landmark(letter[:1], name, *numbers) if np.isfinite(numbers[:2]).all() else None


def _name(names: Sequence[str]) -> str:
    """What the plane is kept as: the models' names, shortened where they are long."""
    plain = [name.removesuffix(Path(name).suffix) if Path(name).suffix in FORMATS else name for name in names]
    short = [name if len(name) <= 40 else f"{name[:37]}…" for name in plain]
    return "".join(sign if sign.isprintable() else "?" for sign in "through " + ", ".join(short))


def _around(plane: Plane) -> tuple[tuple[float, float], tuple[float, float]]:
    """A window around the triangle (0, 0), (1, 0), (0, 1), with room beside it."""
    side = (1 - MARGIN) / 2, (1 + MARGIN) / 2
    window = Extent(side, side).shaped(1.0, plane)
    return window.a, window.b
