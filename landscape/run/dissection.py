"""One update taken apart: what the mini-batch does in every layer, what it costs, its gradient, and how θ moves.

The update is not read from anywhere: it is made once more, from θ and the optimiser's state as they stood before it, and
compared with the θ that the run recorded (or replays) after it. With the plain engine, in the full space, the two are equal to
the last bit; the compiled engine adds up in another order, which changes the last digits of a float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent import Frame, FrameSchedule
from landscape.descent.optimiser import Optimiser
from landscape.descent.steps import FreePlane
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.notation import Formula, in_numbers, in_symbols, symbol
from landscape.network.passes import Passes
from landscape.run.run import Run

# So many examples of a mini-batch are kept in full detail; costs and gradient are always those of all.
DETAILED = 256
STAGES = ("forward", "loss", "backward", "update")


@dataclass(frozen=True)
class Line:
    """One line of a parameter's update: its symbol, in words, in symbols, with the numbers put in, and its value."""

    symbol: str
    words: str
    formula: str
    numbers: str
    value: float


@dataclass(frozen=True, eq=False)
class Dissection:
    """Update number `n` (from 1) of one start. B examples, P parameters, D numbers that move: all P, or inside a plane 2.

    `batch` (B,) are the examples' places among the training digits, `costs` (B,) theirs; `images`, `labels` and `passes` are
    those of the first DETAILED of them. `theta`, `gradient` and `recorded` are (P,): before, of the mini-batch (with L2),
    and after as the run knows it; `theta_after` as the update made here has it. What the optimiser works on: `free`,
    `free_gradient`, `free_after` (D,), `state` and `state_after` (slots, D). `directions` (2, P) span the plane of a descent
    inside one.
    """

    net: Network
    optimiser: Optimiser
    start: int
    start_name: str
    n: int
    last: int
    epoch: float
    rate: float
    l2: float
    batch: NDArray
    images: NDArray
    labels: NDArray
    passes: Passes
    costs: NDArray
    loss: float
    theta: NDArray
    gradient: NDArray
    theta_after: NDArray
    recorded: NDArray
    free: NDArray
    free_gradient: NDArray
    free_after: NDArray
    state: NDArray
    state_after: NDArray
    directions: NDArray | None

    @property
    def penalty(self) -> float:
        """The share of L2 regularisation in the loss."""
        return float(self.net.penalty(self.theta, self.l2)) if self.l2 else 0.0

    @property
    def difference(self) -> float:
        """The largest difference between a parameter after the update made here and after the recorded one."""
        return float(np.abs(self.theta_after.astype(np.float64) - self.recorded).max())

    def place(self, layer: int, row: int, column: int) -> int:
        """Where in θ the weight of input `row` in neuron `column` of a layer stands (all from 0); row n_in is the bias."""
        if not 0 <= layer < len(self.net.layer_shapes):
            raise SetupError(f"layer {layer + 1} does not exist: the network has {len(self.net.layer_shapes)}")
        n_in, n_out = self.net.layer_shapes[layer]
        if not (0 <= row <= n_in and 0 <= column < n_out):
            raise SetupError(
                f"layer {layer + 1} has inputs 0 to {n_in - 1} (row {n_in} is the bias) and neurons 0 to {n_out - 1}, "
                f"not row {row} in neuron {column}"
            )
        return self.net.layout[layer][0].start + row * n_out + column

    def update_lines(self, place: int) -> tuple[Line, ...]:
        """The optimiser's update of one of the D free numbers, from its change to its new value."""
        values = self.values(slice(place, place + 1))
        known = {name: float(np.ravel(value)[0]) for name, value in values.items()}
        return tuple(
            Line(
                symbol(formula.symbol),
                formula.words,
                in_symbols(formula.expression),
                in_numbers(formula.expression, known),
                known[formula.symbol],
            )
            for formula in self.update_formulas
        )

    @property
    def update_formulas(self) -> tuple[Formula, ...]:
        """The update written out, down to the new value."""
        after = Formula("θ_new", "the new value", "θ + Δ")
        return (*self.optimiser.formulas, after) if self.optimiser.formulas else ()

    def values(self, places: slice = slice(None)) -> dict[str, NDArray]:
        """Every symbol of `update_formulas` and its value, at some of the D free numbers, computed in float64."""
        names = ("θ", "g", *self.optimiser.slot_symbols)
        rows = (self.free, self.free_gradient, *self.state)
        known: dict[str, NDArray] = {
            name: row[places].astype(np.float64) for name, row in zip(names, rows, strict=True)
        }
        known |= {
            name: np.asarray(value, np.float64) for name, value in self.optimiser.numbers(self.n, self.rate).items()
        }
        for formula in self.update_formulas:
            known[formula.symbol] = formula.value(known)
        return known


def dissect(run: Run, start: int, n: int) -> Dissection:
    """Take update number `n` (from 1) of a start apart. SetupError where there is none, or the start had ended."""
    if not 0 <= start < run.K:
        raise SetupError(f"start {start} does not exist: the run has starts 0 to {run.K - 1}")
    if not 1 <= n <= run.last_step:
        raise SetupError(f"update {n:,} does not exist: the run has updates 1 to {run.last_step:,}")
    stop = run.stops[start]
    if stop is not None and n > stop.step:
        raise SetupError(
            f"{run.starts[start].name} {stop.sentence}: it made no update {n:,}; look at an earlier step, or another start"
        )
    with np.errstate(over="ignore", invalid="ignore"):  # the last steps of an exploding start are worth a look too
        return _taken_apart(run, start, n)


def _taken_apart(run: Run, start: int, n: int) -> Dissection:
    before, after = _around(run, n)
    theta, state = before.thetas[start], before.state[start]
    train, batch, l2 = run.digits.train, run.batches.of_step(n, start), run.setup.descent.l2
    X, y = train.images[batch].astype(theta.dtype, copy=False), train.labels[batch]
    loss, gradient = run.net.loss_and_gradient(theta, X, y, l2)
    inside = _inside(run, theta.dtype)
    free = theta if inside is None else inside.coordinates(theta[None])[0]
    free_gradient = gradient if inside is None else gradient @ inside.Q.T
    moved, moved_state = run.optimiser.step(free[None], free_gradient[None], state[None], n, after.learning_rate)
    detailed = X[:DETAILED]
    found = Dissection(
        net=run.net,
        optimiser=run.optimiser,
        start=start,
        start_name=run.starts[start].name,
        n=n,
        last=run.last_step,
        epoch=(n - 1) / run.steps_per_epoch,
        rate=after.learning_rate,
        l2=l2,
        batch=batch,
        images=detailed,
        labels=y[:DETAILED],
        passes=Passes.of(run.net, theta, detailed, y[:DETAILED]),
        costs=run.net.example_losses(theta, X, y),
        loss=float(loss),
        theta=theta,
        gradient=gradient,
        theta_after=(moved if inside is None else inside.points(moved))[0],
        recorded=after.thetas[start],
        free=free,
        free_gradient=free_gradient,
        free_after=moved[0],
        state=state,
        state_after=moved_state[0],
        directions=None if inside is None else inside.Q,
    )
    for values in vars(found).values():
        if isinstance(values, np.ndarray):
            values.flags.writeable = False
    return found


@dataclass(frozen=True)
class _Around(FrameSchedule):
    """Two frames: before update number n and after it."""

    n: int = 1

    def after(self, step: int, last: int) -> int:
        """The next frame after a step."""
        return self.n - 1 if step < self.n - 1 else self.n


def _around(run: Run, n: int) -> tuple[Frame, Frame]:
    """Where all starts stand before and after an update: recorded, or replayed from the frame before."""
    begin = run.checkpoint(run.frame_at(n - 1))
    replayed = run.descent(begin, _Around(n=n))
    before = begin if begin.step == n - 1 else next(replayed)
    recorded = run.frame_at(n)
    if int(run.steps[recorded]) == n:
        return before, run.checkpoint(recorded)
    return before, next(replayed)


def _inside(run: Run, dtype: np.dtype) -> FreePlane | None:
    if not run.setup.descent.in_plane:
        return None
    vectors: Sequence[NDArray] = (run.plane.origin, run.plane.u, run.plane.v)
    return FreePlane.of(*(np.asarray(vector, dtype) for vector in vectors))
