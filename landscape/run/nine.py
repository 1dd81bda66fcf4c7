"""Several random planes of one kind at once, small: how alike they look, and how little each of them holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from landscape.run.choice import Details, choose_plane, spread_frames
from landscape.run.portrait import Portrait, evaluating
from landscape.run.run import Run
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS, Measure

COUNT, CELLS, DIGITS = 9, 21, 1000
FRAMES = 12  # so many of a run's frames tell how far to look, and what a plane holds


@dataclass(frozen=True, eq=False)
class Tile:
    """The plane of one seed: its surface, perhaps still coarse, and the share of the descents' movement that it holds."""

    seed: int
    coverage: float
    surface: Surface
    done: float


def nine_planes(run: Run, choice: str, seed: int, measure: Measure = THE_LOSS, count: int = COUNT) -> Iterator[Tile]:
    """The planes that a choice of DRAWN gives for `count` seeds in a row, each ever finer, over the first DIGITS digits."""
    if measure.label is None and measure.example is None and measure.first is None and measure.over != "batch":
        measure = replace(measure, first=DIGITS)
    for number in range(count):
        portrait = _sketched(run, choice, seed + number)
        for surface in evaluating(run, portrait, measure, CELLS):
            yield Tile(seed + number, portrait.coverage_all, surface, (number + surface.done) / count)


def _sketched(run: Run, choice: str, seed: int) -> Portrait:
    """The portrait by a few frames: enough to know how far to look."""
    frames = run.frames
    plane = choose_plane(run, choice, Details(seed=seed), frames)
    thetas = np.asarray(run.thetas[spread_frames(frames, FRAMES)])  # (f, K, P)
    coordinates, off_plane = plane.project(thetas.reshape(-1, run.net.P))
    shape = thetas.shape[:2]
    coverage = plane.coverage(thetas)
    each = np.full(run.K, np.nan)
    return Portrait(plane, choice, coordinates.reshape(*shape, 2), off_plane.reshape(shape), each, coverage, seed=seed)
