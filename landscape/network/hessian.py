"""Curvature at a point: exact products of the loss's Hessian with a vector, and its outermost eigenvectors.

Pearlmutter 1994, "Fast exact multiplication by the Hessian": every quantity of backpropagation is differentiated along the
vector, so that a product costs about as much as a gradient and the Hessian (P, P) is never formed. Differences of
gradients would be wrong here: a step of any length flips some ReLU, and the jump of its slope is divided by the step.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import cores
from landscape.errors import SetupError
from landscape.network.activation import ACTIVATIONS

if TYPE_CHECKING:
    from landscape.network.network import Network

# Examples worked on at once by a core: what one block holds stays in its caches. Of larger networks they are fewer,
# so that a block takes some hundredths of a second at most.
BLOCK, SMALLEST_BLOCK = 1024, 64
BLOCK_WORK = 2**27  # examples times parameters
PIECE = 3  # blocks for each core from one chance to stop to the next
# Up to so many parameters the whole matrix is formed: Lanczos needs many more dimensions than eigenvectors.
DENSE = 300

Which = Literal["largest", "smallest", "largest_and_smallest"]
_ARPACK = {"largest": "LA", "smallest": "SA", "largest_and_smallest": "BE"}


@dataclass(frozen=True, eq=False)
class _Block:
    """What passing some examples forward and back at θ leaves behind; a list entry per layer."""

    labels: NDArray
    states: list[NDArray]  # X, hidden activations, last z
    slopes: list[NDArray]  # da/dz of each hidden layer, (n, n_hidden)
    bends: list[NDArray | None]  # d²a/dz² times what came back to the activation; None where it is zero
    deltas: list[NDArray]  # derivative of the loss in each layer's z, (n, n_out)


class Hessian:
    """The Hessian of `net.loss` at θ (P,) over the examples X, y; its products follow the dtype of θ.

    The passes forward and back are made once, before the first product, so that later ones cost half as much. With many
    examples a product takes a while: `producing` and `sloping` are the same work piece by piece, for generators to
    `yield from`: they yield some hundred times a second and return what the plain methods return.
    """

    def __init__(self, net: "Network", theta: NDArray, X: NDArray, y: NDArray, l2: float = 0.0) -> None:
        theta = np.asarray(theta)
        if theta.shape != (net.P,):
            raise SetupError(f"a Hessian belongs to one model of {net.P:,} parameters, but θ is {theta.shape}")
        if theta.dtype not in (np.float32, np.float64):
            theta = theta.astype(np.float64)
        if not np.isfinite(theta).all():
            raise SetupError("there is no curvature at parameters that are not finite")
        self.net, self.l2, self.theta = net, l2, theta
        self._X, self._y = net.checked_images(X, theta.dtype), net.checked_labels(y, X)
        self._weights, _ = net.unpack(theta)
        block = max(SMALLEST_BLOCK, min(BLOCK, BLOCK_WORK // net.P))
        self._places = [slice(at, at + block) for at in range(0, len(self._X), block)]
        self._blocks: list[_Block] = []

    def product(self, v: ArrayLike) -> NDArray:
        """H·v for one vector (P,) or each of several (k, P)."""
        v = np.asarray(v, self.theta.dtype)
        if v.ndim > 1:
            rows = [self.product(row) for row in v.reshape(-1, v.shape[-1])]
            return np.array(rows, v.dtype).reshape(v.shape)
        return _drained(self.producing(v))

    def producing(self, v: ArrayLike) -> Generator[None, None, NDArray]:
        """H·v for one vector (P,), piece by piece."""
        v = np.asarray(v, self.theta.dtype)
        if v.shape != (self.net.P,):
            raise SetupError(f"the Hessian takes vectors of {self.net.P:,} numbers, but got {v.shape}")
        yield from self._passing()
        weights, biases = self.net.unpack(v)
        result = np.zeros_like(v)
        for shares in _pieces(lambda block: self._share(block, weights, biases), self._blocks):
            for share in shares:
                result += share
            yield
        if self.l2:
            result += v.dtype.type(self.l2) * v * self.net.is_weight
        return result

    def sloping(self) -> Generator[None, None, tuple[float, NDArray]]:
        """The loss and its gradient (P,) at θ, piece by piece."""
        yield from self._passing()
        loss, gradient = 0.0, np.zeros_like(self.theta)
        for shares in _pieces(self._slope_share, self._blocks):
            for costs, share in shares:
                loss += costs / len(self._X)
                gradient += share
            yield
        if self.l2:
            loss += float(self.net.penalty(self.theta, self.l2))
            gradient += self.theta.dtype.type(self.l2) * self.theta * self.net.is_weight
        return loss, gradient

    def _passing(self) -> Generator[None, None, None]:
        """Make the passes forward and back that are still to be made."""
        for found in _pieces(
            lambda place: self._passed(self._X[place], self._y[place]), self._places[len(self._blocks) :]
        ):
            self._blocks += found
            yield

    def eigenpairs(self, k: int, which: Which = "largest", seed: int = 0) -> tuple[NDArray, NDArray]:
        """k eigenvalues (k,) from the largest down and their eigenvectors (k, P) of length 1, float64.

        "largest" and "smallest" count with the sign; "largest_and_smallest" takes half of k from either end. By
        Lanczos iteration (scipy's eigsh); `seed` draws the vector that it begins with, which also fixes the signs.
        """
        P = self.net.P
        if which not in _ARPACK:
            raise SetupError(f"which eigenvalues {which!r} is unknown; choose one of {', '.join(_ARPACK)}")
        if not 1 <= k <= P:
            raise SetupError(f"a Hessian of {P:,} parameters has 1 to {P:,} eigenvalues, not {k}")
        start = np.random.default_rng(seed).standard_normal(P)
        if k >= P - 1 or P <= DENSE:
            values, vectors = np.linalg.eigh(self._dense())
            chosen = {
                "largest": range(P - k, P),
                "smallest": range(k),
                "largest_and_smallest": [*range(k // 2), *range(P - k + k // 2, P)],
            }[which]
            values, vectors = values[list(chosen)], vectors[:, list(chosen)]
        else:
            values, vectors = self._lanczos(k, _ARPACK[which], start)
        order = np.argsort(-values)
        values, vectors = values[order], vectors[:, order].T
        signs = np.where(vectors @ start < 0, -1.0, 1.0)
        return values, vectors * signs[:, None]

    def _lanczos(self, k: int, which: Any, start: NDArray) -> tuple[NDArray, NDArray]:
        from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

        def product(v: NDArray) -> NDArray:
            return self.product(v.ravel()).astype(np.float64)

        # In single precision a product carries about seven digits: to ask for more would only iterate on rounding.
        accuracy = 1e-5 if self.theta.dtype == np.float32 else 1e-10
        operator = LinearOperator((self.net.P, self.net.P), matvec=product, dtype=np.float64)
        try:
            return eigsh(operator, k, which=which, v0=start, tol=accuracy, ncv=min(self.net.P, max(2 * k + 1, 24)))
        except ArpackNoConvergence:
            raise SetupError(
                f"the {k} outermost eigenvalues of the Hessian are too close to each other to be told apart here: "
                "ask for fewer, or at another point"
            ) from None

    def _dense(self) -> NDArray:
        matrix = self.product(np.eye(self.net.P)).astype(np.float64)
        return (matrix + matrix.T) / 2

    def _passed(self, X: NDArray, labels: NDArray) -> _Block:
        activation = ACTIVATIONS[self.net.activation]
        states = self.net.layers(self.theta, X)
        delta = self.net.cost_function.deltas(states[-1], labels) / self.theta.dtype.type(len(self._X))
        slopes, bends, deltas = [], [], [delta]
        for layer in reversed(range(1, len(self._weights))):
            back = delta @ self._weights[layer].T
            slope = activation.slope(states[layer])
            delta = back * slope
            slopes.append(slope)
            bends.append(back * activation.bend(states[layer]) if activation.bend else None)
            deltas.append(delta)
        return _Block(labels, states, slopes[::-1], bends[::-1], deltas[::-1])

    def _slope_share(self, block: _Block) -> tuple[float, NDArray]:
        """The sum of one block's costs, and its share (P,) of the gradient."""
        gradient = np.empty_like(self.theta)
        for (at_weights, at_biases), state, delta in zip(self.net.layout, block.states, block.deltas, strict=False):
            gradient[at_weights], gradient[at_biases] = (state.T @ delta).ravel(), delta.sum(axis=0)
        return float(
            self.net.cost_function.example_losses(block.states[-1], block.labels).sum(dtype=np.float64)
        ), gradient

    def _share(self, block: _Block, weights: list[NDArray], biases: list[NDArray]) -> NDArray:
        """One block's share (P,) of H·v; v's weights and biases are those of each layer."""
        result = np.empty_like(self.theta)
        last = len(weights) - 1
        moved: list[NDArray | None] = [None]  # how each state moves with θ along v; the digits stay
        dz: list[NDArray] = []
        for layer in range(last + 1):
            change = block.states[layer] @ weights[layer] + biases[layer]
            before = moved[layer]
            if before is not None:
                change += before @ self._weights[layer]
            dz.append(change)
            moved.append(change * block.slopes[layer] if layer < last else None)
        d_delta = self.net.cost_function.curvature(block.states[-1], block.labels, dz[-1])
        d_delta /= self.theta.dtype.type(len(self._X))
        for layer in reversed(range(last + 1)):
            at_weights, at_biases = self.net.layout[layer]
            step = block.states[layer].T @ d_delta
            before = moved[layer]
            if before is not None:
                step += before.T @ block.deltas[layer]
            result[at_weights] = step.ravel()
            result[at_biases] = d_delta.sum(axis=0)
            if layer:
                back = d_delta @ self._weights[layer].T + block.deltas[layer] @ weights[layer].T
                d_delta = back * block.slopes[layer - 1]
                bend = block.bends[layer - 1]
                if bend is not None:
                    d_delta += bend * dz[layer - 1]
        return result


def _pieces(work: Callable[[Any], Any], items: list[Any]) -> Generator[list[Any], None, None]:
    """`work` of every item, on all cores, some at a time.

    BLAS is held to one thread while they work and not in between, where others do as they please.
    """
    step = PIECE * cores.count()
    for at in range(0, len(items), step):
        with cores.single_threaded_blas():
            found = list(cores.spread(work, items[at : at + step]))
        yield found


def _drained(work: Generator[None, None, Any]) -> Any:
    """What a work in pieces returns at its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
