"""What stands at one step on a plane, and how good a model is: computed beside the window, by generators.

The heights under the points come twice: at once, read between the cells of the surface, and exactly, once time rests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.run.exploration import measure
from landscape.run.portrait import Portrait
from landscape.run.run import Run


@dataclass(frozen=True, eq=False)
class Moment:
    """Where all starts stand at one step: thetas (K, P), figures (K,), shadows (K, 2).

    `height` is the surface under the shadow; `exact_height` says whether it was computed there or read between grid cells.
    """

    step: int
    epoch: float
    thetas: NDArray
    shadows: NDArray
    off_plane: NDArray
    loss: NDArray
    accuracy: NDArray
    validation_loss: NDArray
    validation_accuracy: NDArray
    height: NDArray
    exact_height: bool
    recorded: bool


def recorded_moment(run: Run, portrait: Portrait, frame: int, surface: Any) -> Moment:
    """A recorded frame; heights are read between the cells of the surface, if there is one."""
    shadows = portrait.coordinates[frame]
    known = surface is not None and surface.plane is portrait.plane
    height = np.array([surface.height_at(a, b) if known else np.nan for a, b in shadows])
    return Moment(
        step=int(run.figure("step")[frame]),
        epoch=float(run.figure("epoch")[frame]),
        thetas=run.thetas[frame],
        shadows=shadows,
        off_plane=portrait.off_plane[frame],
        **{name: run.figure(name)[frame] for name in ("loss", "accuracy", "validation_loss", "validation_accuracy")},
        height=height,
        exact_height=False,
        recorded=True,
    )


def examined_moment(run: Run, portrait: Portrait, step: int, which: str) -> Iterator[Moment]:
    """Any step, replayed if it was not recorded; heights computed at the shadows themselves."""
    frame = run.frame_at(step)
    thetas = np.asarray(run.state_at(step).thetas)
    shadows, off_plane = portrait.plane.project(thetas)
    if int(run.steps[frame]) == step:
        names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
        figures = {name: run.figure(name)[frame] for name in names}
    else:
        figures = measure(run, thetas)
    under = measure(run, portrait.plane.point(shadows[:, 0], shadows[:, 1]).astype(np.float32))
    yield Moment(
        step=step,
        epoch=step / run.steps_per_epoch,
        thetas=thetas,
        shadows=shadows,
        off_plane=off_plane,
        **figures,
        height=under["loss" if which == "training" else "validation_loss"],
        exact_height=True,
        recorded=int(run.steps[frame]) == step,
    )


@dataclass(frozen=True)
class Figures:
    """How good one model is, on the measured training digits and on the validation digits."""

    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float

    @property
    def words(self) -> str:
        """The figures on two lines."""
        return (
            f"training loss {self.loss:.3g}, {self.accuracy:.1%} right\n"
            f"validation loss {self.validation_loss:.3g}, {self.validation_accuracy:.1%} right"
        )


def measured_model(run: Run, theta: NDArray) -> Iterator[Figures]:
    """A model θ (P,) of the run's network, measured: exactly, not read from the grid."""
    yield Figures(**{name: float(values[0]) for name, values in measure(run, theta[None]).items()})
