"""How the loss bends at a point: its sharpest directions, the trace of its Hessian, and what they mean for the learning rate."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.hessian import DENSE, Hessian, Which

# A downward curvature below this share of the sharpness may be rounding.
LEAST_SHARE = 1e-4
MOST_VECTORS = 240  # (P,) each, that the iteration holds before it begins again from what they told
MOST_NUMBERS = 20_000_000  # in all of these vectors together
MOST_PRODUCTS = 3000  # of the iteration
USUAL_PRODUCTS = 240  # about so many are enough nearly always
LOOK_EVERY = 5  # products from one look at the eigenvalues to the next
ACCURACY = 1e-4


@dataclass(frozen=True, eq=False)
class Curvature:
    """Eigenvalues (k,) of the loss's Hessian from the largest down, its lowest one and its trace, at one model.

    `trace_error` is the standard error of `trace`, estimated with random probes, whose single `heights` are z·Hz; what is not
    known yet is NaN. Read out with `print`.
    """

    examples: int
    parameters: int
    loss: float
    gradient_norm: float
    eigenvalues: NDArray
    lowest: float = float("nan")
    trace: float = float("nan")
    trace_error: float = float("nan")
    probes: int = 0
    done: float = 1.0
    heights: tuple[float, ...] = field(default=(), repr=False)

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue: how fast the slope grows along the most curved direction."""
        return float(self.eigenvalues[0])

    @property
    def stable_rate(self) -> float:
        """Above this learning rate, 2 / sharpness, full gradient descent swings ever wider along the sharpest direction.

        Infinite where nothing curves upwards. Cohen et al. 2021, "Gradient descent on neural networks typically occurs at
        the edge of stability".
        """
        return 2 / self.sharpness if self.sharpness > 0 else float("inf")

    def __str__(self) -> str:
        others = ", ".join(f"{value:.3g}" for value in self.eigenvalues[1:])
        if not np.isfinite(self.loss):
            return f"Passing {self.examples:,} digits forward and back."
        lines = [
            f"Over these {self.examples:,} digits the loss is {self.loss:.4g} and its gradient {self.gradient_norm:.3g} long.",
        ]
        if np.isfinite(self.sharpness):
            then = f", then by {others}." if others else "."
            lines.append(f"Sharpness: the loss curves by {self.sharpness:.4g} along its most curved direction{then}")
        if self.sharpness > 0:
            lines.append(
                f"Full gradient descent is stable here at learning rates below 2 / sharpness = {self.stable_rate:.3g}."
            )
        if self.lowest < -LEAST_SHARE * abs(self.sharpness):
            lines.append(f"It curves downwards too, by {-self.lowest:.3g} at most: this is not the bottom of a valley.")
        elif np.isfinite(self.lowest):
            lines.append(f"It curves downwards nowhere (lowest curvature {self.lowest:.2g}).")
        if np.isfinite(self.trace):
            lines.append(
                f"All {self.parameters:,} curvatures add up to {self.trace:.4g} ± {self.trace_error:.2g} "
                f"(the trace, from {self.probes} random probes)."
            )
        return "\n".join(lines)


def measuring_curvature(
    net: Network,
    theta: NDArray,
    X: NDArray,
    y: NDArray,
    k: int = 5,
    probes: int = 50,
    l2: float = 0.0,
    seed: int = 0,
    before: Curvature | None = None,
) -> Iterator[Curvature]:
    """The curvature at θ (P,), more of it with each item: k largest eigenvalues, the lowest one, then probe after probe.

    The trace is Hutchinson's estimate (1990), the mean of z·Hz over vectors z of random signs: its expectation is exact,
    and the spread over the probes gives its standard error. `before` goes on with one of these very arguments that was
    closed: after its last probe, or, since the iteration's vectors are too many to keep, with its eigenvalues anew.
    """
    if probes < 2:
        raise SetupError(f"the trace needs at least 2 random probes for its error, not {probes}")
    hessian = Hessian(net, theta, X, y, l2)
    found = Curvature(len(X), net.P, float("nan"), float("nan"), np.full(k, np.nan), done=0.0)
    loss, gradient = yield from _meanwhile(found, hessian.sloping())
    found = replace(found, loss=loss, gradient_norm=float(np.linalg.norm(gradient)))
    if before is not None and before.done >= 0.5:
        found = _checked(before, found, probes)
    else:
        for values, lowest, done in _outermost(hessian, k, seed):
            found = replace(found, eigenvalues=values, lowest=lowest, done=0.5 * done)
            yield found
    random = seeds.stream(seed, "probes")
    for count in range(1, probes + 1):
        z = random.choice([-1.0, 1.0], net.P)  # those that are known are drawn again: the next ones follow
        if count > len(found.heights):
            product = yield from _meanwhile(found, hessian.producing(z))
            heights = (*found.heights, float(z @ product.astype(np.float64)))
            found = replace(found, heights=heights, probes=count, done=0.5 + 0.5 * count / probes)
            if count > 1:
                error = float(np.std(heights, ddof=1) / np.sqrt(count))
                found = replace(found, trace=float(np.mean(heights)), trace_error=error)
            yield found


def _meanwhile(known: Any, work: Generator[None, None, Any]) -> Generator[Any, None, Any]:
    """A work in pieces, of which everyone else sees what is known already; returns what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
        yield known


def _checked(before: Curvature, now: Curvature, probes: int) -> Curvature:
    """What is known of the curvature, if it is that of this point."""
    same = (before.examples, before.parameters, before.loss) == (now.examples, now.parameters, now.loss)
    fits = before.eigenvalues.shape == now.eigenvalues.shape and len(before.heights) <= probes
    if not same or not fits:
        raise SetupError("what was kept of the curvature is of another point or other settings: begin it anew")
    return before


def _outermost(hessian: Hessian, k: int, seed: int) -> Iterator[tuple[NDArray, float, float]]:
    """The k largest eigenvalues (k,), the lowest (NaN until it stands) and the share done, piece after piece of the products."""
    P = hessian.net.P
    if not 1 <= k <= P:
        raise SetupError(f"a Hessian of {P:,} parameters has 1 to {P:,} eigenvalues, not {k}")
    rows = max(2 * k + 40, min(MOST_VECTORS, MOST_NUMBERS // P))
    return _dense(hessian, k) if max(DENSE, rows) >= P else _iterating(hessian, k, rows, seed)


def _dense(hessian: Hessian, k: int) -> Iterator[tuple[NDArray, float, float]]:
    """Of few parameters: the whole matrix, row by row."""
    P, unknown = hessian.net.P, np.full(k, np.nan)
    matrix = np.empty((P, P), np.float64)
    for row, unit in enumerate(np.eye(P)):
        known = unknown, float("nan"), 0.9 * row / P
        matrix[row] = yield from _meanwhile(known, hessian.producing(unit))
    values = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    yield values[::-1][:k].copy(), float(values[0]), 1.0


def _iterating(hessian: Hessian, k: int, rows: int, seed: int) -> Iterator[tuple[NDArray, float, float]]:
    """Lanczos iteration with every new vector made perpendicular to all before it, so that both ends come from one space.

    A value stands when its residual is below ACCURACY of the largest. Where `rows` vectors do not tell all, the iteration goes
    on from the outermost directions that they hold ("thick restart", Wu and Simon 2000).
    """
    random = seeds.stream(seed, "lanczos")
    basis, matrix = np.empty((rows, hessian.net.P)), np.zeros((rows + 1, rows + 1))
    count, largest, lowest = 0, np.full(k, np.nan), float("nan")
    vector = random.standard_normal(hessian.net.P)
    for products in range(MOST_PRODUCTS):
        basis[count] = vector / np.linalg.norm(vector)
        done = 0.9 * min(1.0, products / USUAL_PRODUCTS)
        product = yield from _meanwhile((largest, lowest, done), hessian.producing(basis[count]))
        vector = product.astype(np.float64)
        matrix[count, count] = basis[count] @ vector
        count += 1
        for _ in range(2):  # once leaves rounding of the order of what is looked for
            vector -= basis[:count].T @ (basis[:count] @ vector)
            yield largest, lowest, done
        coupling = float(np.linalg.norm(vector))
        if coupling == 0:  # nothing curves beyond what has been seen: look elsewhere
            vector = random.standard_normal(hessian.net.P)
            vector -= basis[:count].T @ (basis[:count] @ vector)
        matrix[count - 1, count] = matrix[count, count - 1] = coupling
        if count <= k or (count % LOOK_EVERY and count < rows):
            continue
        values, vectors = np.linalg.eigh(matrix[:count, :count])
        residuals = coupling * np.abs(vectors[-1])
        stands = residuals <= ACCURACY * max(np.abs(values).max(), 1e-30)
        lowest = float(values[0]) if stands[0] else float("nan")
        largest = values[::-1][:k].copy()
        if stands[-k:].all() and stands[0]:
            yield largest, lowest, 1.0
            return
        if count == rows:
            kept = [*range(rows // 12), *range(rows - k - rows // 6, rows)]
            count = len(kept)
            basis[:count] = vectors[:, kept].T @ basis
            matrix[:] = 0
            matrix[range(count), range(count)] = values[kept]
            matrix[count, :count] = matrix[:count, count] = coupling * vectors[-1, kept]
    raise SetupError(
        f"the {k} outermost eigenvalues of the Hessian are too close to each other to be told apart here: "
        "ask for fewer, or at another point"
    )


def measure_curvature(
    net: Network,
    theta: NDArray,
    X: NDArray,
    y: NDArray,
    k: int = 5,
    probes: int = 50,
    l2: float = 0.0,
    seed: int = 0,
) -> Curvature:
    """The curvature at θ (P,): see `measuring_curvature`, of which it is the last word."""
    *_, last = measuring_curvature(net, theta, X, y, k, probes, l2, seed)
    return last


def hessian_eigenvalues(
    net: Network, theta: NDArray, X: NDArray, y: NDArray, k: int = 5, which: Which = "largest", l2: float = 0.0
) -> NDArray:
    """k eigenvalues (k,) of the loss's Hessian at θ (P,), from the largest down; "largest", "smallest" or both ends."""
    return Hessian(net, theta, X, y, l2).eigenpairs(k, which)[0]
