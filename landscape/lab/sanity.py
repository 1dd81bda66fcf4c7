"""Sanity checks before any long training: four questions whose answers are known beforehand.

After CS231n, "Babysitting the learning process" and "Gradient checks": the first loss, the share of the regularisation, a
handful of examples learnt by heart, and the gradient against differences of the loss.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.descent import Adam
from landscape.descent.optimiser import Optimiser
from landscape.errors import SetupError
from landscape.lab.gradient import LARGEST_ERROR, GradientCheck, checking_gradient
from landscape.lab.standing import descending
from landscape.network import Network

TINY = 1e-3  # standard deviation of weights with which a network can only guess
NEAR = 0.01  # how near the first loss must come to that of guessing, as a share of it
HANDFUL = 20
LOOK_EVERY = 20  # steps after which the handful is asked whether it is known
LOSS_BY_HEART = 0.01
CHECKED_EXAMPLES = 100

# What guessing costs with C outputs: with tiny weights every z is nearly 0, so sigmoids give 1/2 and softmax gives 1/C.
GUESSING: dict[str, tuple[str, Callable[[int], float]]] = {
    "cross_entropy": ("ln {C}", lambda C: math.log(C)),
    "quadratic": ("{C}/8", lambda C: C / 8),
    "mse": ("{C}/4", lambda C: C / 4),
    "binary_cross_entropy": ("{C} · ln 2", lambda C: C * math.log(2)),
    "mnist_loss": ("1/2", lambda C: 0.5),
    "mae": ("1/2", lambda C: 0.5),
    "hinge": ("{C} − 1", lambda C: C - 1.0),
}

# Costs whose slope vanishes where a sigmoid output is sure, and wrong.
SATURATING = ("quadratic", "mse", "mae", "mnist_loss")


@dataclass(frozen=True)
class Check:
    """One check: its figure, what was wanted, whether it passed, and what it means if it did not."""

    name: str
    figure: float
    wanted: str
    passed: bool
    sentence: str
    meaning: str

    def __str__(self) -> str:
        line = f"{'Passed' if self.passed else 'FAILED'}: {self.name}. {self.sentence}"
        return line if self.passed else f"{line} {self.meaning}"


@dataclass(frozen=True, eq=False)
class SanityChecks:
    """The checks that were made so far, and the loss (steps,) of the few examples while they were learnt by heart."""

    checks: tuple[Check, ...]
    learning: NDArray
    done: float = 1.0

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def __str__(self) -> str:
        return "\n".join(map(str, self.checks))


def checking_sanity(
    net: Network,
    X: NDArray,
    y: NDArray,
    theta: NDArray | None = None,
    *,
    optimiser: Optimiser | None = None,
    l2: float = 1e-3,
    steps: int = 2000,
    seed: int = 0,
) -> Iterator[SanityChecks]:
    """Check after check on the examples X (n, n_in), y (n,); each item holds those made so far.

    θ (P,) is where the handful of examples begins to be learnt and the gradient is looked at (fresh weights unless told);
    it stays as it was. `optimiser` (Adam with rate 0.003 unless told) takes at most `steps` full-batch steps over the handful.
    `l2` is the strength whose share in the loss is looked at.
    """
    if not (l2 > 0 and np.isfinite(l2)):
        raise SetupError(f"the regularisation's share can be seen at a strength above 0 only, not {l2}", "descent.l2")
    if steps < 1:
        raise SetupError(f"the examples are learnt in 1 step at least, not {steps}")
    y = net.checked_labels(y, X)
    theta = net.init(seed) if theta is None else np.array(theta)
    learning = np.empty(0)
    checks: tuple[Check, ...] = (_first_loss(net, X, y, seed),)
    yield SanityChecks(checks, learning, 0.05)
    checks = (*checks, _regularisation(net, theta, X, y, l2))
    yield SanityChecks(checks, learning, 0.1)
    few = seeds.stream(seed, "handful").permutation(len(X))[:HANDFUL]
    accuracy = 0.0
    for share, losses, right in _learning(net, theta, X[few], y[few], optimiser or Adam(0.003), steps, seed):
        learning, accuracy = losses, right
        yield SanityChecks(checks, learning, 0.1 + 0.7 * share)
    checks = (*checks, _by_heart(net, learning, accuracy, len(few), steps))
    yield SanityChecks(checks, learning, 0.8)
    few = np.arange(min(CHECKED_EXAMPLES, len(X)))
    for found in checking_gradient(net, theta, X[few], y[few], l2, seed=seed):
        if isinstance(found, GradientCheck):
            yield SanityChecks((*checks, _gradient(found)), learning)
        else:
            yield SanityChecks(checks, learning, 0.8 + 0.19 * found)


def sanity_checks(
    net: Network,
    X: NDArray,
    y: NDArray,
    theta: NDArray | None = None,
    *,
    optimiser: Optimiser | None = None,
    l2: float = 1e-3,
    steps: int = 2000,
    seed: int = 0,
) -> SanityChecks:
    """All four sanity checks: see `checking_sanity`, of which it is the last word."""
    *_, last = checking_sanity(net, X, y, theta, optimiser=optimiser, l2=l2, steps=steps, seed=seed)
    return last


def _first_loss(net: Network, X: NDArray, y: NDArray, seed: int) -> Check:
    words, cost = GUESSING[net.cost]
    outputs = net.sizes[-1]
    expected, formula = cost(outputs), words.format(C=outputs)
    loss = float(net.loss(net.init(seed, "normal", scale=TINY), X, y))
    return Check(
        "the first loss is that of guessing",
        loss,
        f"{expected:.4f}",
        abs(loss - expected) <= NEAR * expected,
        f"With tiny weights the loss is {loss:.4f}; guessing among {max(2, outputs)} classes costs {formula} = {expected:.4f}.",
        "The cost, the output layer or the scale of the pixels is not what it should be: a network that knows nothing is "
        "already sure of something.",
    )


def _regularisation(net: Network, theta: NDArray, X: NDArray, y: NDArray, l2: float) -> Check:
    exact = theta.astype(np.float64)
    few = slice(CHECKED_EXAMPLES)
    plain, more = (float(net.loss(exact, X[few], y[few], strength)) for strength in (0.0, l2))
    weights, _ = net.unpack(exact)
    share = l2 / 2 * sum(float(np.square(W).sum()) for W in weights)
    return Check(
        "regularisation raises the loss",
        more - plain,
        f"{share:.4g}",
        more > plain and abs(more - plain - share) <= 1e-9 * max(more, share),
        f"With λ = {l2:g} the loss rises from {plain:.4f} to {more:.4f}; λ/2 times the squared weights is {share:.4g}.",
        "The regularisation is not part of the loss, or all weights are zero.",
    )


def _learning(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, optimiser: Optimiser, steps: int, seed: int
) -> Iterator[tuple[float, NDArray, float]]:
    """Full-batch steps over a few examples until they are known by heart: share of all steps, losses, accuracy."""
    losses = np.empty(0)
    for frame, look in descending(net, theta, X, y, optimiser, len(X), steps, seed, LOOK_EVERY):
        losses = np.concatenate([losses, frame.batch_losses[:, 0]])
        if not look and not frame.stops[0]:
            yield frame.done, losses[np.isfinite(losses)], 0.0
            continue
        loss, accuracy = (float(figure) for figure in net.loss_and_accuracy(frame.thetas[0], X, y))
        yield frame.done, np.append(losses[np.isfinite(losses)], loss), accuracy
        if (loss < LOSS_BY_HEART and accuracy == 1) or frame.stops[0]:
            return


def _by_heart(net: Network, losses: NDArray, accuracy: float, examples: int, steps: int) -> Check:
    loss = float(losses[-1])
    stuck = "; an output that is wrong and saturated has no slope with this cost, with a cross-entropy it has"
    more = stuck if net.cost in SATURATING else ""
    return Check(
        f"{examples} digits are learnt by heart",
        loss,
        f"< {LOSS_BY_HEART:g}",
        loss < LOSS_BY_HEART and accuracy == 1,
        f"After {len(losses) - 1:,} full-batch steps without regularisation the loss is {loss:.4f}, accuracy {accuracy:.2f} "
        f"(wanted: below {LOSS_BY_HEART:g} and 1.00).",
        f"A network that can't learn {examples} digits by heart will not learn thousands: try another learning rate first "
        f"(and more than {steps:,} steps), then wider start weights, then look for labels in a wrong order{more}.",
    )


def _gradient(found: GradientCheck) -> Check:
    judged = int((~found.kinked).sum())
    return Check(
        "the gradient is right",
        found.largest_error,
        f"< {LARGEST_ERROR:g}",
        found.passed,
        f"Backpropagation and differences of the loss agree to {found.largest_error:.1e} at {judged} parameters.",
        "The steps do not follow the slope of the loss: the gradient or the loss is computed wrongly.",
    )
