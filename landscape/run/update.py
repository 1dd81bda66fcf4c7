"""One update taken for its arithmetic: where a start stands, the gradient it sees there, and the change it makes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent.steps import FreePlane
from landscape.errors import SetupError
from landscape.run.run import Run


@dataclass(frozen=True, eq=False)
class Update:
    """Update number n (from 1) of a start: θ before it, its mini-batch's gradient there and the change it makes, (P,) each.

    `made` says whether the run took this step; after its last step, or once the start has ended, it is the step that
    would follow. `rate` is the learning rate η of the step, `batch` the indices of its training digits, `loss` their loss.
    """

    n: int
    start: int
    theta: NDArray
    gradient: NDArray
    change: NDArray
    loss: float
    rate: float
    batch: NDArray
    made: bool

    def __post_init__(self) -> None:
        for value in (self.theta, self.gradient, self.change, self.batch):
            value.flags.writeable = False


def update_from(run: Run, start: int, step: int) -> Update:
    """The update that leads a start on from where it stands after `step` updates.

    The change is computed by the optimiser's own definition from its recorded state (replayed where the step was not
    recorded). Raises SetupError for a run that was put together from model files: its steps are not known.
    """
    run.check_descent()
    if not 0 <= start < run.K:
        raise SetupError(f"start {start} does not exist: the run has starts 0 to {run.K - 1}")
    here = run.state_at(step)
    chosen, train, n = run.setup.descent, run.digits.train, step + 1
    batch = np.array(run.batches.of_step(n, start))
    theta = np.array(here.thetas[start])
    with np.errstate(over="ignore", invalid="ignore"):  # a start that explodes is shown as it is
        loss, gradient = run.net.loss_and_gradient(theta, train.images[batch], train.labels[batch], chosen.l2)
        rate = rate_of(run, n)
        change = _change(run, theta, gradient, here.state[start], n, rate)
    made = step < run.last_step and here.stops[start] is None
    return Update(n, start, theta, gradient, change, float(loss), rate, batch, made)


def rate_of(run: Run, n: int) -> float:
    """The learning rate η of update number n; after the last one, that of the last."""
    steps = max(1, round(run.setup.descent.epochs * run.steps_per_epoch))
    return run.optimiser.lr * run.schedule(min(n, steps), steps)


def last_update(run: Run, start: int) -> int:
    """The number of the last update that a start made; 0 if it made none."""
    stop = run.stops[start]
    return run.last_step if stop is None else min(stop.step, run.last_step)


def _change(run: Run, theta: NDArray, gradient: NDArray, state: NDArray, n: int, rate: float) -> NDArray:
    """What the optimiser adds to θ (P,): in all of the space or, for a descent inside the plane, in its two coordinates."""
    if not run.setup.descent.in_plane:
        return run.optimiser.step(theta[None], gradient[None], state[None], n, rate)[0][0] - theta
    plane = FreePlane.of(*(vector.astype(theta.dtype) for vector in (run.plane.origin, run.plane.u, run.plane.v)))
    free = plane.coordinates(theta[None])
    moved, _ = run.optimiser.step(free, (gradient @ plane.Q.T)[None], state[None], n, rate)
    return ((moved - free) @ plane.Q)[0]
