"""Models of a run that a plane can be laid through, by name: the best so far, where a start began, where it stands."""

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.run.run import Run

PLACES = {
    "best": "the best so far",
    "start": "where the chosen start began",
    "end": "where the chosen start stands last",
    "shown": "the chosen start at the step shown",
}


def places(run: Run) -> dict[str, str]:
    """Every model that has a name, and its words: PLACES, and the end of each start by its number ("end:2")."""
    return PLACES | {f"end:{start}": f"the end of {info.name}" for start, info in enumerate(run.starts)}


def place_words(run: Run, place: str) -> str:
    """What a place is called; SetupError if there is none of that name."""
    named = places(run)
    if place not in named:
        raise SetupError(f"the place {place!r} is unknown; choose one of {', '.join(named)}", "plane.at")
    return named[place]


def model_at(run: Run, place: str, start: int, frames: int, step: int | None = None) -> NDArray:
    """θ (P,) at a place, as the run stands after its first `frames` frames; "shown" is the start at `step` (None: the last).

    A step that was not recorded is replayed. Raises SetupError for a place or a start that does not exist.
    """
    place_words(run, place)
    if place == "best":
        best = run.best
        return best.theta if best else np.array(run.thetas[0, -1])
    if place == "shown" and step is not None:
        return np.array(run.state_at(min(step, run.last_step)).thetas[start])
    if place.startswith("end:"):
        start = int(place.removeprefix("end:"))
    return np.array(run.thetas[0 if place == "start" else frames - 1, start])
