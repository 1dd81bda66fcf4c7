"""A run seen on a plane: which plane, the shadows of its frames, what the plane covers, and how far to draw.

One rule for all: the window, the pictures and the tables take shadows, coverage and extent from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landscape.plane import Plane
from landscape.plane.coverage import random_walk_coverage
from landscape.run.choice import PLANES as PLANES  # what portray can be asked for
from landscape.run.choice import Details, choose_plane, plane_words, spread_frames
from landscape.run.measured import measuring
from landscape.run.run import Run
from landscape.surface import Surface
from landscape.surface.measure import Measure, as_measure

# Cells along the shorter side of a surface.
CELLS = 51
# Around directions in which the paths may hardly move, the surface is shown so far: in lengths of the part of θ that moves.
REACH = {"random": 1.0, "custom": 1.0, "turned": 1.0, "tour": 1.0, "gradient": 0.2, "hessian": 0.1}
# Planes that were not chosen by a name, by their kind.
HAND_MADE = {"turned": "turned by hand", "tour": "on the way between two planes", "custom": "a plane of one's own"}


RIM = 0.08  # of a window's width and height, left free around points that it was widened for


@dataclass(frozen=True, eq=False)
class Extent:
    """The window of the plane that is drawn: ranges of a and b; `core` is the one that was asked for, if this was shaped."""

    a: tuple[float, float]
    b: tuple[float, float]
    core: "Extent | None" = None

    def grid(self, cells: int, plane: Plane) -> tuple[NDArray, NDArray]:
        """Grid coordinates (na,), (nb,): `cells` along the shorter side, spaced alike in both directions."""
        lengths = np.sqrt(np.diag(plane.gram))
        width, height = (self.a[1] - self.a[0]) * lengths[0], (self.b[1] - self.b[0]) * lengths[1]
        spacing = min(width, height) / (cells - 1)
        counts = [min(4 * cells, round(side / spacing) + 1) for side in (width, height)]
        return np.linspace(*self.a, counts[0]), np.linspace(*self.b, counts[1])

    def shaped(self, aspect: float, plane: Plane) -> "Extent":
        """The smallest window around the one asked for whose width over height, in distances, is `aspect`.

        Around this one it would grow with every change of shape, wide and high again, and never shrink.
        """
        core = self.core or self
        lengths = np.sqrt(np.diag(plane.gram))
        middle = np.array([sum(core.a) / 2, sum(core.b) / 2])
        half = np.array([core.a[1] - core.a[0], core.b[1] - core.b[0]]) / 2 * lengths
        half = np.maximum(half, [aspect * half[1], half[0] / aspect]) / lengths
        low, high = middle - half, middle + half
        return Extent((float(low[0]), float(high[0])), (float(low[1]), float(high[1])), core)

    def scaled(self, factor: float) -> "Extent":
        """A window around the same middle, so many times as wide and high."""
        ranges = [((low + high) / 2, (high - low) / 2 * factor) for low, high in (self.a, self.b)]
        (a, width), (b, height) = ranges
        return Extent((a - width, a + width), (b - height, b + height))

    def around(self, points: NDArray) -> "Extent":
        """The smallest window that holds this one and points (n, 2), those with a rim; this one where it holds them."""
        (left, right), (low, high) = self.a, self.b
        rim = RIM * np.array([right - left, high - low])
        least, most = points.min(axis=0) - rim, points.max(axis=0) + rim
        if np.all(points.min(axis=0) > (left, low)) and np.all(points.max(axis=0) < (right, high)):
            return self
        return Extent(
            (min(left, float(least[0])), max(right, float(most[0]))),
            (min(low, float(least[1])), max(high, float(most[1]))),
        )

    def moved(self, across: float, up: float) -> "Extent":
        """A window as large, moved by shares of its width and height."""
        (left, right), (low, high) = self.a, self.b
        da, db = across * (right - left), up * (high - low)
        return Extent((left + da, right + da), (low + db, high + db))

    def towards(self, other: "Extent", t: float) -> "Extent":
        """The window after the share t of the way to another one, for a tour."""
        a, b = ((1 - t) * np.array(mine) + t * np.array(its) for mine, its in ((self.a, other.a), (self.b, other.b)))
        return Extent((float(a[0]), float(a[1])), (float(b[0]), float(b[1])))


@dataclass(frozen=True, eq=False)
class Portrait:
    """Shadows (F, K, 2) and distances off the plane (F, K) of a run's frames; coverage of each start's movement (K,).

    `coverage_all` is that of all starts' movements together; `yardstick` what random walks of that length would get on
    a plane by PCA (None for other planes). `choice`, `start` and `seed` say how the plane was chosen; `fitted` is the number
    of frames that it was chosen by, which does not grow with the shadows.
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
    fitted: int = 0
    _sums: NDArray = field(default_factory=lambda: np.zeros((2, 0)), repr=False)

    @property
    def words(self) -> str:
        """What the plane is called on screen and under pictures."""
        return HAND_MADE[self.choice] if self.choice in HAND_MADE else plane_words(self.choice)

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
        reach = _reach(self.plane) / lengths
        low, high = np.minimum(low, -reach), np.maximum(high, reach)
        middle, half = (low + high) / 2, (high - low) / 2 * 1.2
        half = np.maximum(half * lengths, 1e-3 * max(float((half * lengths).max()), 1e-6)) / lengths
        low, high = middle - half, middle + half
        window = Extent((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))
        return window.shaped(aspect, self.plane)


def portray(
    run: Run,
    choice: str | Plane = "starts",
    start: int = 0,
    seed: int = 0,
    frames: int | None = None,
    *,
    point: NDArray | None = None,
    layer: int = 1,
    weights: tuple[int, int] | None = None,
    at: str = "best",
    points: tuple[str, str, str] = Details.points,
    step: int | None = None,
) -> Portrait:
    """The run's first `frames` frames on the chosen plane: a name of PLANES, "kept:" and a name, or a plane itself.

    `start` serves "pca_one", "through", "line" and "weights"; `seed` whatever is drawn; `point` is the model (P,) that
    the planes of AT_A_POINT are laid through, or `at` its place (see `places`); `layer` (from 1) is that of "one_layer",
    `weights` the two indices of θ for "weights", `points` the three places of "through"; `step` is what "shown" means.
    """
    return portrayed(run, choice, Details(start, seed, point, layer, weights, at, points, step), frames)


def portrayed(run: Run, choice: str | Plane, details: Details, frames: int | None = None) -> Portrait:
    """`portray` with the details of the choice in one."""
    frames, start = run.frames if frames is None else frames, details.start
    if isinstance(choice, Plane):
        plane, name = choice, choice.kind if choice.kind in HAND_MADE else "custom"
    else:
        plane, name = choose_plane(run, choice, details, frames), choice
    portrait = _projected(run, plane, name, frames, None)
    yardstick = None
    if name.startswith("pca"):
        rows = spread_frames(frames, 60)
        thetas = run.thetas[rows][:, [start]] if name == "pca_one" else run.thetas[rows]
        length = float(np.sqrt(np.square(np.diff(thetas, axis=0)).sum(-1).mean()))
        yardstick = random_walk_coverage(thetas[0], length, len(rows) - 1, name == "pca_movement")
    return replace(portrait, yardstick=yardstick, start=start, seed=details.seed, fitted=frames)


def evaluating(
    run: Run,
    portrait: Portrait,
    which: Measure | str = "training",
    cells: int = CELLS,
    aspect: float = 1.0,
    extent: Extent | None = None,
    noise: bool = False,
) -> Iterator[Surface]:
    """The surface under a portrait, coarse to fine: of a measure, or of the loss over the digits of one of its SETS.

    With `noise` the last one says what is below the sampling error. It reaches as far as `extent`, or else as the portrait's
    own extent of that `aspect`.
    """
    a, b = (extent or portrait.extent(aspect)).grid(cells, portrait.plane)
    yield from measuring(run, portrait.plane, a, b, as_measure(which), noise)


def percent(share: float) -> str:
    """A share between 0 and 1, such as a coverage, with as many digits as it needs."""
    if not np.isfinite(share):
        return "–"
    if 0 < share < 0.5e-4:
        return "less than 0.01%"
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if share >= 0.01 else f"{share:.2%}"


def _reach(plane: Plane) -> NDArray:
    """How far a picture reaches at least along u and v, as lengths (2,)."""
    if plane.kind == "weights":  # ten times the usual size of a weight
        return np.full(2, 10 * np.sqrt(np.square(plane.origin).mean()))
    moving = [np.linalg.norm(plane.origin[side != 0]) for side in (plane.u, plane.v)]
    return REACH.get(plane.kind, 0.0) * np.array(moving)


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
    grown = Portrait(plane, choice, coordinates, off_plane, coverage, coverage_all, _sums=sums)
    if before is None:
        return grown
    return replace(grown, yardstick=before.yardstick, start=before.start, seed=before.seed, fitted=before.fitted)
