"""What a saved run remembers of how it was looked at."""

from dataclasses import dataclass, fields
from typing import Any, Self

from landscape.errors import SetupError
from landscape.run.choice import USUAL, known_plane
from landscape.run.run import Run
from landscape.surface.measure import THE_LOSS, Measure


@dataclass(frozen=True)
class View:
    """The step, the plane and the surface that were shown; step None is the last."""

    step: int | None = None
    plane: str = USUAL
    seed: int = 0
    start: int = 0
    scale: str = "log"
    measure: Measure = THE_LOSS

    @classmethod
    def read(cls, run: Run) -> Self:
        """The view in a run's record; whatever makes no sense there is left at its default."""
        found = run.about.get("view")
        found = found if isinstance(found, dict) else {}
        sensible = {
            "step": lambda value: isinstance(value, int) and 0 <= value <= run.last_step,
            "plane": lambda value: isinstance(value, str) and known_plane(run, value),
            "seed": lambda value: isinstance(value, int) and 0 <= value < 2**31,
            "start": lambda value: isinstance(value, int) and 0 <= value < run.K,
            "scale": lambda value: value in ("log", "linear"),
        }
        names = [field.name for field in fields(cls)]
        chosen = {
            name: found[name] for name in names if name in sensible and name in found and sensible[name](found[name])
        }
        return cls(**chosen, measure=_measure(found))


def _measure(found: dict[str, Any]) -> Measure:
    """The measure in a view's record; earlier versions knew only its set, as "digits"."""
    recorded = found.get("measure", {"over": found.get("digits", "training")})
    try:
        return Measure(**recorded)
    except (TypeError, SetupError):
        return Measure()
