"""A surface, evaluated coarse to fine: the whole picture early, then every cell once, on all cores.

Between the pieces of the work (`landscape.surface.pieces`) a generator hands out pictures and can be closed.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import cores
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.pieces import drawing
from landscape.surface.refinement import levels
from landscape.surface.sketch import Sketch
from landscape.surface.sums import ACCURACY, CLASSES, EXAMPLES, SQUARES, PlainSums, cell_sums
from landscape.surface.surface import Surface

# What a surface can hold, and the bit that asks the sums for it; the loss is always there.
METRICS = {
    "loss": 0,
    "accuracy": ACCURACY,
    "sampling_error": SQUARES,
    "class_losses": CLASSES,
    "example_losses": EXAMPLES,
}
MOST_EXAMPLE_LOSSES = 50_000_000  # examples times cells: 200 MB in float32
SECONDS_BETWEEN_PICTURES = 0.008


def evaluate(
    net: Network,
    plane: Plane,
    X: NDArray,
    y: NDArray,
    a: ArrayLike,
    b: ArrayLike,
    metrics: Sequence[str] = ("loss",),
    l2: float = 0.0,
) -> Surface:
    """The loss at every point of a grid: entry [j, i] belongs to plane.point(a[i], b[j]).

    X: (n, n_in); y: (n,) labels; a: (na,) and b: (nb,), rising. A line is one row: b=(0,).
    metrics: any of METRICS; the loss is always there. "example_losses" only for up to MOST_EXAMPLE_LOSSES examples x cells.
    l2 as in `Network.loss`. Follows the dtype of the plane: float32 by compiled kernels (within 1e-5 of float64; the
    first evaluation on a machine compiles them), float64 by plain numpy throughout, about 15 times slower.
    Raises SetupError where shapes or names do not fit.
    """
    last = deque(evaluate_progressively(net, plane, X, y, a, b, metrics, l2), maxlen=1)
    return last.pop()


def evaluate_progressively(
    net: Network,
    plane: Plane,
    X: NDArray,
    y: NDArray,
    a: ArrayLike,
    b: ArrayLike,
    metrics: Sequence[str] = ("loss",),
    l2: float = 0.0,
    subset: int | None = None,
) -> Iterator[Surface]:
    """`evaluate` as a generator of ever finer complete pictures, one every few hundredths of a second.

    The first ones rest on a part of the examples on a coarse grid; the last equals `evaluate(...)`. No cell is
    computed twice over any example. Closing the generator cancels the rest.

    subset: draw every cell over (at least) so many examples first, a fixed sample with the classes in their shares, and only
    then over all; each picture then says how many `examples` its cells rest on, and holds their `sampling_error`:
    the standard error of the mean as if the sample were drawn blindly, so rather too large than too small.
    """
    X, y, a, b = checked(net, plane, X, y, a, b, metrics)
    if subset is not None:
        if isinstance(subset, bool) or not isinstance(subset, int | np.integer) or subset < 2:
            raise SetupError(f"subset must be a whole number of examples from 2 up, not {subset!r}", "surface.subset")
        metrics = (*metrics, "sampling_error")
    sketch = Sketch(net, plane, a, b, len(X), l2, metric_bits(metrics))
    return _evaluate(net, plane, X, y, sketch, subset)


def _evaluate(
    net: Network, plane: Plane, X: NDArray, y: NDArray, sketch: Sketch, subset: int | None
) -> Iterator[Surface]:
    sums = cell_sums(net, np.stack([plane.origin, plane.u, plane.v]), X, y, sketch.metrics)
    plain = isinstance(sums, PlainSums)
    parts = [(0, sums.blocks)]
    if subset is not None and subset < len(X):
        enough = int(np.searchsorted(sums.examples.sum(axis=1), subset))
        parts = [part for part in ((0, enough), (enough, sums.blocks)) if part[0] < part[1]]
    cost = sums.blocks * (sums.prepare_cost + sums.cell_cost * len(sketch.a) * len(sketch.b))
    spent, shown = 0.0, time.perf_counter()
    with cores.single_threaded_blas() if plain else nullcontext():
        for worth, show in drawing(sums, sketch, levels(len(sketch.b), len(sketch.a)), parts):
            spent += worth
            if show or (show is None and time.perf_counter() - shown > SECONDS_BETWEEN_PICTURES):
                yield sketch.surface(1.0 if sketch.complete else min(spent / cost, 0.999))
                shown = time.perf_counter()


def metric_bits(metrics: Sequence[str]) -> int:
    """The names of metrics as bits for `CellSums`; SetupError for an unknown one."""
    bits = 0
    for metric in metrics:
        if metric not in METRICS:
            raise SetupError(f"metric {metric!r} is unknown; choose from {', '.join(METRICS)}", "surface.metrics")
        bits |= METRICS[metric]
    return bits


def checked_axis(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """A grid's coordinates (n,) in float64, if they are finite and rising."""
    axis = np.array(values, np.float64)
    if axis.ndim != 1 or len(axis) == 0:
        raise SetupError(f"the grid's {name} must be a list of at least one coordinate, but its shape is {axis.shape}")
    if not (np.isfinite(axis).all() and (np.diff(axis) > 0).all()):
        raise SetupError(f"the grid's {name} must be finite and rising, each value larger than the one before")
    return axis


def checked(
    net: Network, plane: Plane, X: NDArray, y: NDArray, a: ArrayLike, b: ArrayLike, metrics: Sequence[str]
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """X, y, a and b as arrays, if all of a request fits together; else SetupError."""
    if plane.P != net.P:
        raise SetupError(f"the network has {net.P:,} parameters, but the plane lies in a space of {plane.P:,}")
    X = net.checked_images(X, np.asarray(X).dtype)
    y = net.checked_labels(y, X)
    a, b = checked_axis(a, "a"), checked_axis(b, "b")
    check_room(metric_bits(metrics), len(X), len(a) * len(b))
    return X, y, a, b


def check_room(metrics: int, examples: int, cells: int) -> None:
    """SetupError where every example's loss at every cell is asked for, and there are too many."""
    if metrics & EXAMPLES and examples * cells > MOST_EXAMPLE_LOSSES:
        raise SetupError(
            f"example_losses over {examples:,} examples at {cells:,} cells are {examples * cells:,} numbers, more than the "
            f"{MOST_EXAMPLE_LOSSES:,} that are kept at once; ask for fewer cells (a line, say) or fewer examples",
            "surface.metrics",
        )
