"""Surfaces fast enough to follow the hand: planes that move inside a known subspace, and single mini-batches.

The products of the examples with the first layer are what a new plane costs: 784 multiplications for each hidden neuron and
example. Where planes turn and shift inside origin + span(basis) those products are kept for the origin and each basis vector,
and a plane's own are mixtures of them: a few multiplications each. Exact, like the surface itself.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import cores
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.evaluation import check_room, checked, checked_axis, metric_bits
from landscape.surface.pieces import preparing, ranges, summing
from landscape.surface.refinement import whole
from landscape.surface.sketch import Sketch
from landscape.surface.sums import CellSums, cell_sums
from landscape.surface.surface import Surface


class Prepared:
    """A network and examples, ready for every plane inside origin + span(basis).

    net; origin (P,); basis (m, P), which need be neither orthogonal nor independent; X (n, n_in), y (n,) labels; metrics as
    in `evaluate`. Follows the dtype of the origin, as `evaluate` does. Nothing changes after construction: threads may share it.
    Raises SetupError where shapes do not fit, or the products would not fit in memory.
    """

    def __init__(
        self,
        net: Network,
        origin: ArrayLike,
        basis: ArrayLike,
        X: NDArray,
        y: NDArray,
        metrics: Sequence[str] = ("loss",),
    ) -> None:
        self.net, self._metrics = net, metric_bits(metrics)
        self.vectors = _checked_vectors(net, origin, basis)  # (1 + m, P)
        X = net.checked_images(X, np.asarray(X).dtype)
        y = net.checked_labels(y, X)
        self.examples = len(X)
        self._sums = cell_sums(net, self.vectors, X, y, self._metrics)
        if self._sums.held < self._sums.blocks:
            raise SetupError(
                f"{len(self.vectors)} vectors' products with {len(X):,} examples do not fit in memory at once; "
                "prepare fewer examples"
            )
        with cores.single_threaded_blas():
            deque(preparing(self._sums, 0, self._sums.blocks), maxlen=0)

    @property
    def m(self) -> int:
        """Number of directions in the basis."""
        return len(self.vectors) - 1

    def plane(self, coefficients_origin: ArrayLike, coefficients_u: ArrayLike, coefficients_v: ArrayLike) -> Plane:
        """The plane through origin + coefficients_origin · basis, along coefficients_u · basis and coefficients_v · basis.

        Each (m,). SetupError where they are not finite or do not fit, or u and v are parallel.
        """
        with cores.single_threaded_blas():
            return Plane(*(self._shares(coefficients_origin, coefficients_u, coefficients_v) @ self.vectors))

    def evaluate(
        self,
        coefficients_origin: ArrayLike,
        coefficients_u: ArrayLike,
        coefficients_v: ArrayLike,
        a: ArrayLike,
        b: ArrayLike,
        l2: float = 0.0,
    ) -> Surface:
        """The complete surface over `plane(...)` at once: what `evaluate` gives for that plane and these examples.

        Coefficients (m,) each; a (na,) and b (nb,), rising; l2 as in `Network.loss`.
        """
        a, b = checked_axis(a, "a"), checked_axis(b, "b")
        check_room(self._metrics, self.examples, len(a) * len(b))
        shares = self._shares(coefficients_origin, coefficients_u, coefficients_v)
        with cores.single_threaded_blas():  # its threads would go on spinning where the pool's have work to do
            plane = Plane(*(shares @ self.vectors))
            sketch = Sketch(self.net, plane, a, b, self.examples, l2, self._metrics)
            return _drawn(self._sums.moved(shares), sketch)

    def _shares(self, *coefficients: ArrayLike) -> NDArray:
        """How much of each of the vectors is in a plane's origin, u and v: (3, 1 + m)."""
        shares = np.zeros((3, 1 + self.m), self.vectors.dtype)
        shares[0, 0] = 1
        for name, of_vector, given in zip(("origin", "u", "v"), shares, coefficients):
            values = np.asarray(given, self.vectors.dtype)
            if values.shape != (self.m,) or not np.isfinite(values).all():
                raise SetupError(
                    f"the coefficients of {name} must be {self.m} finite numbers, one for each direction of the basis, "
                    f"not {given!r}"
                )
            of_vector[1:] = values
        return shares


def evaluate_batch(
    net: Network,
    plane: Plane,
    X: NDArray,
    y: NDArray,
    examples: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    metrics: Sequence[str] = ("loss",),
    l2: float = 0.0,
) -> Surface:
    """`evaluate` over the examples (k,) of X and y alone, such as a step's mini-batch, at once and with no step between.

    examples: their numbers, from 0 to len(X) − 1; one that stands there twice counts twice. Their costs are added up in
    another order than `evaluate` has: float32 losses differ by a few units of their last place.
    """
    rows = np.asarray(examples)
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise SetupError(f"examples must be a list of whole numbers, not an array {rows.shape} of {rows.dtype}")
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(X)):
        raise SetupError(
            f"examples are numbered from 0 to {len(X) - 1:,}, but {rows.min():,} to {rows.max():,} is asked for"
        )
    X, y, a, b = checked(net, plane, np.asarray(X)[rows], np.asarray(y)[rows], a, b, metrics)
    sketch = Sketch(net, plane, a, b, len(X), l2, metric_bits(metrics))
    vectors = np.stack([plane.origin, plane.u, plane.v])
    with cores.single_threaded_blas():
        return _drawn(cell_sums(net, vectors, X, y, sketch.metrics, together=True), sketch)


def _drawn(sums: CellSums, sketch: Sketch) -> Surface:
    """The whole surface in one go."""
    level = whole(len(sketch.b), len(sketch.a))
    totals = np.zeros((len(level.cells), sums.examples.shape[1], 3))
    for start, stop in ranges(0, sums.blocks, sums.held):
        sums.hold(start)
        deque(preparing(sums, start, stop), maxlen=0)
        for tile, total, _ in summing(sums, sketch, level.cells, start, stop):
            if total is not None:
                totals[tile] += total
    sketch.put(level.cells, totals, sums.examples[-1])
    return sketch.surface(1.0)


def _checked_vectors(net: Network, origin: ArrayLike, basis: ArrayLike) -> NDArray:
    """origin and basis as one array (1 + m, P), float32 or float64 as the origin is."""
    origin = np.asarray(origin)
    dtype = origin.dtype if origin.dtype in (np.float32, np.float64) else np.dtype(np.float64)
    basis = np.asarray(basis, dtype)
    if origin.shape != (net.P,) or basis.ndim != 2 or basis.shape[1] != net.P or len(basis) == 0:
        raise SetupError(
            f"origin must be ({net.P},) and basis (m, {net.P}) for this network, not {origin.shape} and {basis.shape}"
        )
    vectors = np.concatenate([origin[None].astype(dtype), basis])
    if not np.isfinite(vectors).all():
        raise SetupError("the origin or the basis holds values that are not finite")
    return vectors
