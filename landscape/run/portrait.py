"""A run seen on a plane: which plane, the shadows of its frames, what the plane covers, and how far to draw.

One rule for all: the window, the pictures and the tables take shadows, coverage and extent from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.plane.coverage import random_walk_coverage
from landscape.run.run import Run
from landscape.surface import Surface, evaluate_progressively

PLANES = {
    "starts": "plane of the starts",
    "filter": "random, filter-normalised",
    "random": "random, plain",
    "pca_all": "PCA of all paths",
    "pca_one": "PCA of one path",
}
# Cells along the shorter side of a surface.
CELLS = 51
# PCA and its yardstick look at so many models at most: more would not change the plane visibly.
MOST_MODELS = 400


@dataclass(frozen=True, eq=False)
class Extent:
    """The window of the plane that is drawn: ranges of a and b."""

    a: tuple[float, float]
    b: tuple[float, float]

    def grid(self, cells: int, plane: Plane) -> tuple[NDArray, NDArray]:
        """Grid coordinates (na,), (nb,): `cells` along the shorter side, spaced alike in both directions."""
        lengths = np.sqrt(np.diag(plane.gram))
        width, height = (self.a[1] - self.a[0]) * lengths[0], (self.b[1] - self.b[0]) * lengths[1]
        spacing = min(width, height) / (cells - 1)
        counts = [min(4 * cells, round(side / spacing) + 1) for side in (width, height)]
        return np.linspace(*self.a, counts[0]), np.linspace(*self.b, counts[1])


@dataclass(frozen=True, eq=False)
class Portrait:
    """Shadows (F, K, 2) and distances off the plane (F, K) of a run's frames; coverage of each start's movement (K,).

    `coverage_all` is that of all starts' movements together; `yardstick` what random walks of that length would get on
    a plane by PCA (None for other planes). `choice`, `start` and `seed` say how the plane was chosen.
    """

    plane: Plane
    choice: str
    coordinates: NDArray
    off_plane: NDArray
    coverage: NDArray
    coverage_all: float
    yardstick: float | None = None
    start: int = 0
    seed: int = 0
    _sums: NDArray = field(default_factory=lambda: np.zeros((2, 0)), repr=False)

    @property
    def frames(self) -> int:
        """Number of frames that were projected."""
        return len(self.coordinates)

    def extended(self, run: Run, frames: int) -> "Portrait":
        """The same plane with the frames that the run has gained since."""
        if frames <= self.frames:
            return self
        return _projected(run, self.plane, self.choice, frames, self)

    def extent(self, aspect: float = 1.0, upto: int | None = None) -> Extent:
        """A window that holds all shadows with a margin, of the given width over height (in distances, not coordinates)."""
        shadows = self.coordinates[:upto].reshape(-1, 2)
        low, high = shadows.min(axis=0), shadows.max(axis=0)
        lengths = np.sqrt(np.diag(self.plane.gram))
        if self.choice in ("starts", "filter", "random"):
            # Around random directions the paths may hardly move: show the surface as far as θ itself reaches.
            reach = np.linalg.norm(self.plane.origin) / lengths
            low, high = np.minimum(low, -reach), np.maximum(high, reach)
        middle, half = (low + high) / 2, (high - low) / 2 * 1.2
        half = np.maximum(half * lengths, 1e-3 * max(float((half * lengths).max()), 1e-6))
        if half[0] < aspect * half[1]:
            half[0] = aspect * half[1]
        else:
            half[1] = half[0] / aspect
        half = half / lengths
        low, high = middle - half, middle + half
        return Extent((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))


def portray(run: Run, choice: str = "starts", start: int = 0, seed: int = 0, frames: int | None = None) -> Portrait:
    """The run's first `frames` frames on the chosen plane (see PLANES); `start` serves "pca_one", `seed` random planes."""
    frames = run.frames if frames is None else frames
    plane = choose_plane(run, choice, start, seed, frames)
    portrait = _projected(run, plane, choice, frames, None)
    yardstick = None
    if choice.startswith("pca"):
        rows = np.unique(np.linspace(0, frames - 1, min(frames, 60)).round().astype(int))
        thetas = run.thetas[rows] if choice == "pca_all" else run.thetas[rows][:, [start]]
        moved = np.diff(thetas, axis=0)
        yardstick = random_walk_coverage(thetas[0], float(np.sqrt(np.square(moved).sum(-1).mean())), len(rows) - 1)
    return Portrait(
        plane, choice, portrait.coordinates, portrait.off_plane, portrait.coverage, portrait.coverage_all,
        yardstick, start, seed, portrait._sums,
    )  # fmt: skip


def evaluating(
    run: Run, portrait: Portrait, which: str = "training", cells: int = CELLS, aspect: float = 1.0
) -> Iterator[Surface]:
    """The surface under a portrait, coarse to fine, over the "training" or "validation" digits that losses are measured on."""
    a, b = portrait.extent(aspect).grid(cells, portrait.plane)
    for surface in evaluate_progressively(run.net, portrait.plane, *run.measured(which), a, b, ("loss", "accuracy")):
        yield replace(surface, digits=which)


def choose_plane(run: Run, choice: str, start: int, seed: int, frames: int) -> Plane:
    """The plane of a choice; random planes go through the best point so far."""
    if choice == "starts":
        return run.plane
    if choice in ("filter", "random"):
        best = run.best
        origin = best.theta if best else run.thetas[0, -1]
        # A stream of its own: with the plane's seed as it is, seed 0 would draw the plane of the starts over again.
        own = int(seeds.stream(seed, "portrait", choice).integers(2**31))
        return Plane.random(run.net, origin, own, "filter" if choice == "filter" else None, orthogonal=True)
    if choice in ("pca_all", "pca_one"):
        each = max(3, MOST_MODELS // (run.K if choice == "pca_all" else 1))
        rows = np.unique(np.linspace(0, frames - 1, min(frames, each)).round().astype(int))
        thetas = run.thetas[rows]
        return Plane.pca(thetas if choice == "pca_all" else thetas[:, start])
    raise SetupError(f"the plane {choice!r} is unknown; choose one of {', '.join(PLANES)}", "plane")


def _projected(run: Run, plane: Plane, choice: str, frames: int, before: Portrait | None) -> Portrait:
    known = before.frames if before else 0
    K = run.K
    start = run.thetas[0]
    coordinates, off_plane = np.empty((frames - known, K, 2)), np.empty((frames - known, K))
    sums = before._sums.copy() if before else np.zeros((2, K))  # squared movement off the plane, and in all
    for row, frame in enumerate(range(known, frames)):
        thetas = run.thetas[frame]
        coordinates[row], off_plane[row] = plane.project(thetas)
        if frame:
            moved = thetas - start
            sums[0] += np.square(plane.off_direction(moved))
            sums[1] += np.einsum("kp,kp->k", moved, moved, dtype=np.float64)
    if before:
        coordinates = np.concatenate([before.coordinates, coordinates])
        off_plane = np.concatenate([before.off_plane, off_plane])
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage = np.clip(1 - sums[0] / sums[1], 0, 1)
        coverage_all = float(np.clip(1 - sums[0].sum() / sums[1].sum(), 0, 1))
    return Portrait(
        plane, choice, coordinates, off_plane, coverage, coverage_all,
        before.yardstick if before else None, before.start if before else 0, before.seed if before else 0, sums,
    )  # fmt: skip
