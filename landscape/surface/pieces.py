"""The work of a surface, cut into pieces of a few milliseconds: a tile of cells over a range of blocks of examples.

The pieces run in the pool of `landscape.cores`; between them whoever iterates may show a picture, or stop. How the work is
cut depends on sizes only, never on time or on the number of cores, so that the same call gives the same digits.
"""

from collections.abc import Callable, Generator, Iterator
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.surface.refinement import Level
from landscape.surface.sketch import Sketch
from landscape.surface.sums import CellSums

PIECES_AT_ONCE = 8  # for each core: more would keep other pictures' pieces waiting
FIRST_PICTURES = 3  # pieces' worth of work between the first pictures, each of which rests on more examples

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Range = tuple[int, int]


def drawing(
    sums: CellSums, sketch: Sketch, levels: list[Level], parts: list[Range]
) -> Iterator[tuple[float, bool | None]]:
    """Draw every level over the blocks of the first part, then add those of the next; no cell twice over any block.

    Yields after each piece what it cost and whether to show the picture (None: if the last one is old).
    """
    totals = np.zeros((len(sketch.b), len(sketch.a), sums.examples.shape[1], 3))
    fits = sums.held == sums.blocks
    show: bool | None = False  # nothing to see until some examples are through
    for begin, end in parts:
        for level in levels:
            coarsest = level is levels[0]
            rows, columns = level.cells.T
            block_cost = sums.prepare_cost + len(level.cells) * sums.cell_cost
            longest = FIRST_PICTURES * sums.budget / block_cost if coarsest else end - begin
            for start, stop in ranges(begin, end, min(longest, sums.held)):
                if not fits:
                    sums.hold(start)
                if coarsest or not fits:
                    for worth in preparing(sums, start, stop):
                        yield worth, show
                for tile, total, worth in summing(sums, sketch, level.cells, start, stop):
                    if total is not None:
                        totals[rows[tile], columns[tile]] += total
                        if stop == end:
                            sketch.put(level.cells[tile], totals[rows[tile], columns[tile]], sums.examples[end])
                    yield worth, show
                if coarsest and stop < end:
                    sketch.put(level.cells, totals[rows, columns], sums.examples[stop])
                    sketch.smooth(level)
                    show = None
                    yield 0.0, None
            sketch.smooth(level)
            show = None
            yield 0.0, True


def preparing(sums: CellSums, start: int, stop: int) -> Iterator[float]:
    """Prepare blocks start to stop on all cores; after each piece, what it cost."""
    longest = min(sums.budget / sums.prepare_cost, (stop - start) / cores.count())
    for (first, last), _ in _spread(lambda piece: sums.prepare(*piece), ranges(start, stop, longest)):
        yield (last - first) * sums.prepare_cost


def summing(
    sums: CellSums, sketch: Sketch, cells: NDArray[np.intp], start: int, stop: int
) -> Iterator[tuple[slice, NDArray[np.float64] | None, float]]:
    """Sum blocks start to stop at cells (n, 2), in tiles; after each piece its tile, the sums if complete, the cost."""
    a, b = sketch.a[cells[:, 1]], sketch.b[cells[:, 0]]
    at = cells[:, 0] * len(sketch.a) + cells[:, 1]
    pieces = [
        (slice(*tile), blocks)
        for tile in ranges(0, len(cells), sums.largest_tile)
        for blocks in ranges(start, stop, sums.budget / (sums.cell_cost * (tile[1] - tile[0])))
    ]

    def work(piece: tuple[slice, Range]) -> NDArray[np.float64]:
        tile, blocks = piece
        return sums.sums(a[tile], b[tile], *blocks, sketch.each, at[tile])

    total: NDArray | float = 0.0
    for (tile, (first, last)), part in _spread(work, pieces):
        total = total + part
        worth = (tile.stop - tile.start) * (last - first) * sums.cell_cost
        if last < stop:
            yield tile, None, worth
        else:
            yield tile, total, worth
            total = 0.0


def ranges(start: int, stop: int, longest: float) -> list[Range]:
    """Cut start to stop into even ranges, none much longer than `longest`; there is always one."""
    count = max(1, min(stop - start, round((stop - start) / longest + 0.4)))
    return list(pairwise(start + (stop - start) * k // count for k in range(count + 1)))


def _spread(work: Callable[[Piece], Result], pieces: list[Piece]) -> Iterator[tuple[Piece, Result]]:
    """Each piece with its result, in order, worked on all cores; closing it drops the pieces that have not begun."""
    results = cores.spread(work, pieces, PIECES_AT_ONCE)
    try:
        yield from zip(pieces, results)
    finally:
        if isinstance(results, Generator):
            results.close()
