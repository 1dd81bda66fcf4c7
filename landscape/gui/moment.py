"""What stands at one step on a plane, and at a point of it: computed beside the window, by generators.

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
    """Where all starts stand at one step: figures are (K,), shadows (K, 2).

    `height` is the surface under the shadow; `exact_height` says whether it was computed there or read between grid cells.
    """

    step: int
    epoch: float
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
        shadows=shadows,
        off_plane=off_plane,
        **figures,
        height=under["loss" if which == "training" else "validation_loss"],
        exact_height=True,
        recorded=int(run.steps[frame]) == step,
    )


@dataclass(frozen=True, eq=False)
class Place:
    """A point of the plane that was clicked, and the network that stands there."""

    a: float
    b: float
    away: float
    share: float
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


def examined_place(run: Run, portrait: Portrait, a: float, b: float) -> Iterator[Place]:
    """The network at (a, b), measured: exactly, not read from the grid."""
    theta = portrait.plane.point(a, b).astype(np.float32)
    figures = {name: float(values[0]) for name, values in measure(run, theta[None]).items()}
    away, size = (float(np.linalg.norm(vector)) for vector in (theta - portrait.plane.origin, portrait.plane.origin))
    yield Place(a, b, away, away / size if size else float("nan"), **figures)
