"""The descent: from starting points downhill, as a generator of frames.

Long work is a generator: closing it cancels the descent, and the last frame holds all that is needed to go on from
there (`begin`), to the same steps as if it had never stopped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from landscape import compilation, cores
from landscape.descent.adaptive import Adagrad, Adam, AdamW, RMSprop
from landscape.descent.batch import Given, Shuffled, chunk
from landscape.descent.optimiser import SGD, Optimiser
from landscape.descent.schedule import Schedule
from landscape.descent.steps import FreePlane, Steps, take_steps
from landscape.descent.stopping import Explosion, Stop
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane


@dataclass(frozen=True, eq=False)
class Frame:
    """Where all K starts stand after update number `step`, and all that is needed to go on from here.

    `losses` (K,) are those of the mini-batch before the update; `batch_losses` (S, K) those of every step since
    the frame before (NaN once a start has ended), `gradient_norms` and `update_norms` (K,) belong to the last update.
    """

    step: int
    epoch: float
    thetas: NDArray
    losses: NDArray
    batch_losses: NDArray
    gradient_norms: NDArray
    update_norms: NDArray
    learning_rate: float
    state: NDArray
    stops: tuple[Stop | None, ...]
    first_losses: NDArray
    smoothed_losses: NDArray
    done: float

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


@dataclass(frozen=True)
class FrameSchedule:
    """Which steps become frames: every `every`-th, and always the last."""

    every: int = 1

    def after(self, step: int, last: int) -> int:
        """The next step that is a frame."""
        return min(last, (step // self.every + 1) * self.every)


def descend(
    net: Network,
    thetas: NDArray,
    X: NDArray,
    y: NDArray,
    optimiser: Optimiser | None = None,
    batch_size: int = 32,
    epochs: float = 1,
    seed: int = 0,
    batches: Iterable[NDArray] | None = None,
    plane: Plane | None = None,
    schedule: Schedule | None = None,
    l2: float = 0.0,
    shared_batches: bool = True,
    *,
    frames: FrameSchedule | None = None,
    stopping: Explosion | None = None,
    begin: Frame | None = None,
    engine: str = "fast",
) -> Iterator[Frame]:
    """Descend from every start (K, P) or (P,) at once; yields a frame after every update, or as `frames` says.

    `batches` fixes the mini-batches (one index array a step) in place of `batch_size`, `epochs` and `seed`.
    `plane` keeps the descent inside that plane. `schedule(step, steps)` multiplies the learning rate.
    `begin` goes on from an earlier frame of the same descent. A start that explodes ends alone: it stays where it was
    and its `stops` entry says why. `engine` "plain" forgoes the compiled steps (same arithmetic, last digits differ).
    """
    optimiser = optimiser or SGD()
    thetas, X, y = _checked(net, thetas, X, y)
    if not (l2 >= 0 and np.isfinite(l2)):
        raise SetupError(f"the L2 strength must be 0 or more, not {l2}", "descent.l2")
    _check_begin(begin, thetas, optimiser, plane)
    order = Shuffled(len(X), batch_size, seed, shared_batches) if batches is None else Given.of(batches, len(X))
    last = len(order.batches) if isinstance(order, Given) else _whole_steps(epochs, order.steps_per_epoch)
    free = _free(plane, thetas.dtype)
    take = _engine(engine, net, X, y, optimiser, l2, free)
    frames, stopping = frames or FrameSchedule(), stopping or Explosion(floor=_knowing_nothing(net, X, y))
    frame = begin or first_frame(thetas, optimiser, plane)
    while frame.step < last:
        target = frames.after(frame.step, last)
        rates = [optimiser.lr * (schedule(s, last) if schedule else 1.0) for s in range(frame.step + 1, target + 1)]
        laid = list(chunk(order, frame.step + 1, target, len(thetas)))
        go = partial(_advance, take, frame, stopping, rates, laid)
        outcomes = list(cores.spread(go, range(len(thetas))))
        frame = _next_frame(frame, target, target / order.steps_per_epoch, rates[-1], outcomes, target / last)
        yield frame


def _knowing_nothing(net: Network, X: NDArray, y: NDArray) -> float:
    """The loss of the network without weights, which answers the same to everything: for softmax ln C."""
    return float(net.loss(np.zeros(net.P, X.dtype), X[:1], y[:1]))


def _checked(net: Network, thetas: NDArray, X: NDArray, y: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    thetas = np.array(thetas, ndmin=2)
    if thetas.dtype != np.float64:
        thetas = thetas.astype(np.float32)
    if thetas.ndim != 2 or thetas.shape[1] != net.P or len(thetas) == 0:
        raise SetupError(
            f"the starts must be at least one θ of {net.P:,} parameters, but their shape is {thetas.shape}"
        )
    if not np.isfinite(thetas).all():
        raise SetupError("the starts hold parameters that are not finite numbers; begin from finite ones")
    # Every image and label, not only the first: the compiled steps index by them unchecked.
    X = np.ascontiguousarray(net.checked_images(X, thetas.dtype))
    return thetas, X, net.checked_labels(y, X)


def _check_begin(begin: Frame | None, thetas: NDArray, optimiser: Optimiser, plane: Plane | None) -> None:
    """Refuse to go on from a frame of another descent: the compiled steps write by its sizes."""
    if begin is None:
        return
    state = len(thetas), optimiser.slots, thetas.shape[1] if plane is None else 2
    if begin.thetas.shape != thetas.shape or begin.state.shape != state:
        raise SetupError(
            f"the frame to go on from holds θ of shape {begin.thetas.shape} and a state of shape {begin.state.shape}, "
            f"but this descent has {thetas.shape} and {state}: take a frame of the same descent"
        )


def _whole_steps(epochs: float, steps_per_epoch: int) -> int:
    if not (epochs > 0 and np.isfinite(epochs)):
        raise SetupError(f"the number of epochs must be above 0, not {epochs}", "descent.epochs")
    return max(1, round(epochs * steps_per_epoch))


def _engine(
    engine: str, net: Network, X: NDArray, y: NDArray, optimiser: Optimiser, l2: float, free: FreePlane | None
) -> Callable[..., Steps]:
    # Between the parameters the compiled steps have padding, where without an eps zero would be divided by zero.
    compiled = type(optimiser) in (SGD, Adagrad, RMSprop, Adam, AdamW) and getattr(optimiser, "eps", 1) > 0
    if engine == "fast" and compiled and X.dtype == np.float32:
        with compilation.LOADING:
            from landscape.descent.compiled_steps import CompiledSteps

        return CompiledSteps(net, X, y, optimiser, l2, free)

    def take(theta: NDArray, state: NDArray, index: NDArray, offsets: NDArray, rates: list[float], first: int) -> Steps:
        return take_steps(net, theta, state, X, y, index, offsets, optimiser, rates, first, l2, free)

    return take


def _free(plane: Plane | None, dtype: np.dtype) -> FreePlane | None:
    if plane is None:
        return None
    return FreePlane.of(*(np.asarray(vector, dtype) for vector in (plane.origin, plane.u, plane.v)))


def first_frame(thetas: NDArray, optimiser: Optimiser, plane: Plane | None = None) -> Frame:
    """Frame 0: the starts (K, P) themselves, brought into the plane if there is one, before any update."""
    nothing = np.full(len(thetas), np.nan)
    free = _free(plane, thetas.dtype)
    if free is not None:
        thetas = free.points(free.coordinates(thetas))
    return Frame(
        step=0,
        epoch=0.0,
        thetas=thetas,
        losses=nothing,
        batch_losses=np.empty((0, len(thetas))),
        gradient_norms=nothing,
        update_norms=nothing,
        learning_rate=optimiser.lr,
        state=optimiser.init(thetas if free is None else free.coordinates(thetas)),
        stops=(None,) * len(thetas),
        first_losses=nothing,
        smoothed_losses=nothing,
        done=0.0,
    )


@dataclass(frozen=True)
class _Advanced:
    steps: Steps
    stop: Stop | None
    first_loss: float
    smoothed: float


def _advance(
    take: Callable[..., Steps],
    frame: Frame,
    stopping: Explosion,
    rates: list[float],
    laid: list[tuple[NDArray, NDArray]],
    start: int,
) -> _Advanced:
    """One start's way from a frame to the next; a start that has ended stays."""
    index, offsets = laid[start]
    here, state = frame.thetas[start], frame.state[start]
    figures = float(frame.first_losses[start]), float(frame.smoothed_losses[start])
    if frame.stops[start] is not None:
        silent = np.full(len(rates), np.nan)
        return _Advanced(Steps(here, state, silent, np.nan, np.nan), frame.stops[start], *figures)
    first = frame.step + 1
    with np.errstate(over="ignore", invalid="ignore"):  # an exploding start is expected, and judged below
        steps = take(here, state, index, offsets, rates, first)
        sizes = float(offsets[-1] - offsets[0]) / len(rates)
        *figures_after, at, reason = stopping.judge(steps.losses, sizes, *figures)
        if at is None:
            if np.isfinite(steps.theta).all():
                return _Advanced(steps, None, *figures_after)
            at, reason = len(rates) - 1, "not_finite"
        # The loss at `at` was taken before update first + at: that update is not made, the one before it was the last.
        kept = take(here, state, index, offsets[: at + 1], rates[:at], first) if at else None
    losses = np.where(np.arange(len(rates)) <= at, steps.losses, np.nan)
    theta, state = (kept.theta, kept.state) if kept else (here, state)
    return _Advanced(Steps(theta, state, losses, np.nan, np.nan), Stop(reason, first + at - 1), *figures_after)


def _next_frame(frame: Frame, step: int, epoch: float, rate: float, outcomes: list[_Advanced], done: float) -> Frame:
    steps = [outcome.steps for outcome in outcomes]
    batch_losses = np.stack([s.losses for s in steps], axis=1)
    return replace(
        frame,
        step=step,
        epoch=epoch,
        thetas=np.stack([s.theta for s in steps]),
        losses=batch_losses[-1].copy(),
        batch_losses=batch_losses,
        gradient_norms=np.array([s.gradient_norm for s in steps]),
        update_norms=np.array([s.update_norm for s in steps]),
        learning_rate=rate,
        state=np.stack([s.state for s in steps]),
        stops=tuple(outcome.stop for outcome in outcomes),
        first_losses=np.array([outcome.first_loss for outcome in outcomes]),
        smoothed_losses=np.array([outcome.smoothed for outcome in outcomes]),
        done=done,
    )
