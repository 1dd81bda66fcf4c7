"""What stands at one step on a plane, and how good a model is: computed beside the window, by generators.

The heights under the points come twice: at once, read between the cells of the surface, and exactly, once time rests.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.export.loss_scale import loss_text
from landscape.plane import Plane
from landscape.run.exploration import measure as measured_figures
from landscape.run.in_step import InStep, in_step_by_loss
from landscape.run.measured import heights_at, heights_in, recorded_heights
from landscape.run.portrait import Portrait
from landscape.run.run import Run
from landscape.surface.measure import THE_LOSS, Measure

FIGURES = ("loss", "accuracy", "validation_loss", "validation_accuracy")


@dataclass(frozen=True, eq=False)
class Moment:
    """Where all starts stand at one step: thetas (K, P), figures (K,), shadows (K, 2) on `plane`.

    `frames` (K,) is the last recorded frame at or before where each stands. With the starts in step by their loss, `in_step`
    says where, and `step` is that of the leader.
    `value` are the models' own heights in the surface's measure; `height` is the surface under the shadow, and `exact_height`
    says whether it was computed there or read between grid cells.
    """

    step: int
    epoch: float
    plane: Plane
    thetas: NDArray
    shadows: NDArray
    off_plane: NDArray
    loss: NDArray
    accuracy: NDArray
    validation_loss: NDArray
    validation_accuracy: NDArray
    value: NDArray
    height: NDArray
    exact_height: bool
    recorded: bool
    frames: NDArray
    in_step: InStep | None = None


def recorded_moment(
    run: Run,
    portrait: Portrait,
    frame: int,
    surface: Any,
    in_step: InStep | None = None,
    values: NDArray | None = None,
) -> Moment:
    """A recorded frame; heights are read between the cells of the surface, if there is one.

    `values` (F, K) are the heights of all frames, where the record does not hold them.
    """
    frames, starts = _frames(run, portrait, frame, in_step), np.arange(run.K)
    measure = THE_LOSS if surface is None or surface.measure is None else surface.measure
    last = int(np.max(frames))
    if measure.recorded:
        value = recorded_heights(run, measure, last + 1)[frames, starts]
    else:
        value = np.full(run.K, np.nan) if values is None or last >= len(values) else values[frames, starts]
    shadows = portrait.coordinates[frames, starts]
    return Moment(
        step=int(run.figure("step")[frame]),
        epoch=float(run.figure("epoch")[frame]),
        plane=portrait.plane,
        thetas=run.thetas[frame] if in_step is None else run.thetas[frames, starts],
        shadows=shadows,
        off_plane=portrait.off_plane[frames, starts],
        **{name: run.figure(name)[frames, starts] for name in FIGURES},
        value=value,
        height=_read_heights(portrait, surface, shadows),
        exact_height=False,
        recorded=True,
        frames=frames,
        in_step=in_step,
    )


def superseded(moment: Moment | None, portrait: Portrait, step: int, recorded: int, leader: int | None) -> bool:
    """Whether a recorded step stands for a step better than the shown moment does, until that step has been replayed.

    It does when it is nearer, or when the moment is one on another plane or with the starts in step in another way. The
    step itself is always read anew: the surface under it may have changed.
    """
    if recorded == step or moment is None or moment.plane is not portrait.plane:
        return True
    led_by = None if moment.in_step is None else moment.in_step.leader
    return led_by != leader or abs(moment.step - step) > abs(recorded - step)


def examined_moment(
    run: Run, portrait: Portrait, step: int, measure: Measure, surface: Any = None, leader: int | None = None
) -> Iterator[Moment]:
    """Any step, replayed if it was not recorded: at once with heights read from the surface, then with exact ones.

    With a `leader` it alone stands at the step, and the others where their loss first got as low.
    """
    frame = run.frame_at(step)
    recorded = int(run.steps[frame]) == step
    thetas, in_step = np.array(run.state_at(step).thetas), None
    frames, starts = _frames(run, portrait, frame, None), np.arange(run.K)
    figures = {name: run.figure(name)[frame] for name in FIGURES} if recorded else measured_figures(run, thetas)
    if leader is not None:
        in_step = in_step_by_loss(run.figure("loss"), leader, frame, float(figures["loss"][leader]))
        frames = _frames(run, portrait, frame, in_step)
        others = starts != leader
        thetas[others] = run.thetas[frames[others], starts[others]]
        figures = {name: np.where(others, run.figure(name)[frames, starts], values) for name, values in figures.items()}
    shadows, off_plane = portrait.plane.project(thetas)
    moment = Moment(
        step=step,
        epoch=step / run.steps_per_epoch,
        plane=portrait.plane,
        thetas=thetas,
        shadows=shadows,
        off_plane=off_plane,
        **figures,
        value=heights_in(figures, measure) if measure.recorded else heights_at(run, measure, thetas),
        height=_read_heights(portrait, surface, shadows),
        exact_height=False,
        recorded=recorded,
        frames=frames,
        in_step=in_step,
    )
    yield moment
    under = portrait.plane.point(shadows[:, 0], shadows[:, 1]).astype(np.float32)
    yield replace(moment, height=heights_at(run, measure, under), exact_height=True)


def _read_heights(portrait: Portrait, surface: Any, shadows: NDArray) -> NDArray:
    """The surface under the shadows (K, 2), read between its cells; NaN where it is not known yet."""
    known = surface is not None and surface.plane is portrait.plane
    return np.array([surface.height_at(a, b) if known else np.nan for a, b in shadows])


def _frames(run: Run, portrait: Portrait, frame: int, in_step: InStep | None) -> NDArray:
    """The frame of each start (K,), of those whose shadows are cast."""
    frames = np.full(run.K, frame) if in_step is None else in_step.frames
    return np.minimum(frames, portrait.frames - 1)


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
            f"training loss {loss_text(self.loss)}, {self.accuracy:.1%} right\n"
            f"validation loss {loss_text(self.validation_loss)}, {self.validation_accuracy:.1%} right"
        )


def measured_model(run: Run, theta: NDArray) -> Iterator[Figures]:
    """A model θ (P,) of the run's network, measured: exactly, not read from the grid."""
    yield Figures(**{name: float(values[0]) for name, values in measured_figures(run, theta[None]).items()})
