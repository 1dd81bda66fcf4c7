"""A surface, evaluated coarse to fine: the whole picture early, then every cell once, on all cores.

The work is cut into pieces of a few milliseconds (a tile of cells over a range of examples) which run in the pool of
`landscape.cores`; between them a generator hands out pictures and can be closed. How it is cut depends on
sizes only, never on time, so that the same call gives the same digits.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import nullcontext
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import compilation, cores
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface.compiled import CompiledSums
from landscape.surface.refinement import levels
from landscape.surface.sketch import Sketch
from landscape.surface.sums import ACCURACY, SQUARES, CellSums, PlainSums
from landscape.surface.surface import Surface

METRICS = ("loss", "accuracy", "sampling_error")
SECONDS_BETWEEN_PICTURES = 0.008
PIECES_AT_ONCE = 8  # for each core: the cores wait for one another once in so many pieces
FIRST_PICTURES = 6  # pieces' worth of work between the first pictures, each of which rests on more examples

Piece = TypeVar("Piece")
Result = TypeVar("Result")


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

    X: (n, n_in); y: (n,) labels; a: (na,) and b: (nb,), rising. metrics: any of METRICS; the loss is always there.
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
) -> Iterator[Surface]:
    """`evaluate` as a generator of ever finer complete pictures, one every few hundredths of a second.

    The first ones rest on a part of the examples on a coarse grid; the last equals `evaluate(...)`. No cell is
    computed twice. Closing the generator cancels the rest.
    """
    X, y, a, b = _checked(net, plane, X, y, a, b, metrics)
    wanted = ACCURACY * ("accuracy" in metrics) | SQUARES * ("sampling_error" in metrics)
    sketch = Sketch(net, plane, a, b, len(X), l2, wanted)
    return _evaluate(net, plane, X, y, sketch)


def _evaluate(net: Network, plane: Plane, X: NDArray, y: NDArray, sketch: Sketch) -> Iterator[Surface]:
    plain = plane.origin.dtype != np.float32 or compilation.plain_path_serves()
    sums: CellSums = (PlainSums if plain else CompiledSums)(net, plane, X, y, sketch.metrics)
    cost = sums.blocks * (sums.prepare_cost + sums.cell_cost * len(sketch.a) * len(sketch.b))
    spent, shown = 0.0, time.perf_counter()
    with cores.single_threaded_blas() if plain else nullcontext():
        for worth, show in _work(sums, sketch):
            spent += worth
            if show or (show is None and time.perf_counter() - shown > SECONDS_BETWEEN_PICTURES):
                yield sketch.surface(1.0 if sketch.complete else min(spent / cost, 0.999))
                shown = time.perf_counter()


def _work(sums: CellSums, sketch: Sketch) -> Iterator[tuple[float, bool | None]]:
    """Do all of it; after each piece, what it cost and whether to show the picture (None: if the last is old)."""
    coarsest, *finer = levels(len(sketch.b), len(sketch.a))
    totals = np.zeros((len(coarsest.cells), 3))
    show: bool | None = False  # nothing to see until some examples are through
    block_cost = sums.prepare_cost + len(coarsest.cells) * sums.cell_cost
    for start, stop in _ranges(0, sums.blocks, FIRST_PICTURES * sums.budget / block_cost):
        longest = min(sums.budget / sums.prepare_cost, (stop - start) / cores.count())
        for (first, last), _ in _spread(lambda piece: sums.prepare(*piece), _ranges(start, stop, longest)):
            yield (last - first) * sums.prepare_cost, show
        for tile, total, worth in _tiles(sums, sketch, coarsest.cells, start, stop):
            if total is not None:
                totals[tile] += total
            yield worth, show
        sketch.put(coarsest.cells, totals, int(sums.examples[stop]))
        sketch.smooth(coarsest)
        show = None
        yield 0.0, True if stop == sums.blocks else None
    for level in finer:
        for tile, total, worth in _tiles(sums, sketch, level.cells, 0, sums.blocks):
            if total is not None:
                sketch.put(level.cells[tile], total, int(sums.examples[-1]))
            yield worth, None
        sketch.smooth(level)
        yield 0.0, True


def _tiles(
    sums: CellSums, sketch: Sketch, cells: NDArray[np.intp], start: int, stop: int
) -> Iterator[tuple[slice, NDArray[np.float64] | None, float]]:
    """Sum blocks start to stop at cells (n, 2), in tiles; after each piece its tile, the sums if complete, the cost."""
    a, b = sketch.a[cells[:, 1]], sketch.b[cells[:, 0]]
    pieces = [
        (slice(*tile), blocks)
        for tile in _ranges(0, len(cells), sums.largest_tile)
        for blocks in _ranges(start, stop, sums.budget / (sums.cell_cost * (tile[1] - tile[0])))
    ]

    def work(piece: tuple[slice, tuple[int, int]]) -> NDArray[np.float64]:
        tile, blocks = piece
        return sums.sums(a[tile], b[tile], *blocks)

    total: NDArray | float = 0.0
    for (tile, (first, last)), part in _spread(work, pieces):
        total = total + part
        worth = (tile.stop - tile.start) * (last - first) * sums.cell_cost
        if last < stop:
            yield tile, None, worth
        else:
            yield tile, total, worth
            total = 0.0


def _ranges(start: int, stop: int, longest: float) -> list[tuple[int, int]]:
    """Cut start to stop into even ranges, none much longer than `longest`."""
    count = max(1, min(stop - start, round((stop - start) / longest + 0.4)))
    return list(pairwise(start + (stop - start) * k // count for k in range(count + 1)))


def _spread(work: Callable[[Piece], Result], pieces: list[Piece]) -> Iterator[tuple[Piece, Result]]:
    """Each piece with its result, in order, worked on all cores; closing it drops the pieces that have not begun."""
    size = PIECES_AT_ONCE * cores.count()
    for first in range(0, len(pieces), size):
        batch = pieces[first : first + size]
        results = cores.spread(work, batch)
        try:
            yield from zip(batch, results)
        finally:
            if isinstance(results, Generator):
                results.close()


def _checked(
    net: Network, plane: Plane, X: NDArray, y: NDArray, a: ArrayLike, b: ArrayLike, metrics: Sequence[str]
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    if plane.P != net.P:
        raise SetupError(f"the network has {net.P:,} parameters, but the plane lies in a space of {plane.P:,}")
    X = net.checked_images(X, np.asarray(X).dtype)
    y = net.checked_labels(y, X)
    for metric in metrics:
        if metric not in METRICS:
            raise SetupError(f"metric {metric!r} is unknown; choose from {', '.join(METRICS)}", "surface.metrics")
    return X, y, _checked_axis(a, "a"), _checked_axis(b, "b")


def _checked_axis(values: ArrayLike, name: str) -> NDArray[np.float64]:
    axis = np.array(values, np.float64)
    if axis.ndim != 1 or len(axis) == 0:
        raise SetupError(f"the grid's {name} must be a list of at least one coordinate, but its shape is {axis.shape}")
    if not (np.isfinite(axis).all() and (np.diff(axis) > 0).all()):
        raise SetupError(f"the grid's {name} must be finite and rising, each value larger than the one before")
    return axis
