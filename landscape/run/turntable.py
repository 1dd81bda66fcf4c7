"""A plane ready to move: the subspace that it can turn in, the digits' products there, and the paths' shadows.

Preparing takes a moment, once; each picture of the moving plane is then a matter of milliseconds.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.plane.subspace import Pose, Subspace
from landscape.plane.tour import Tour
from landscape.run.heading import heading
from landscape.run.measured import combined, digits_of, l2_of
from landscape.run.portrait import Extent, Portrait, portray
from landscape.run.run import Run
from landscape.run.shadows import Shadows
from landscape.surface import Surface
from landscape.surface.measure import Measure, as_measure
from landscape.surface.prepared import Prepared

CELLS_MOVING = 31
DIGITS_MOVING = 1000


@dataclass(frozen=True, eq=False)
class Turntable:
    """All that is prepared once for a stretch of moving: the subspace, what turning heads for, the digits, the shadows.

    `prepared` are the digits of the measure, for a difference both sets; `l2` the penalty that belongs to it. `towards` and
    `third` are coefficients in the subspace (m,), or None where the run suggests no such direction.
    """

    plane: Plane
    shadows: Shadows
    prepared: tuple[Prepared, ...]
    measure: Measure
    l2: float
    pose: Pose
    towards: NDArray | None = None
    third: NDArray | None = None
    tour: Tour | None = None
    destination: Portrait | None = None

    @property
    def kind(self) -> str:
        """How a plane that moves here came about (see HAND_MADE)."""
        return "turned" if self.tour is None else "tour"

    def picture(self, pose: Pose, extent: Extent, cells: int = CELLS_MOVING) -> tuple[Portrait, Surface]:
        """The run and the surface on the plane of a pose, quickly: over fewer cells and digits."""
        words = "turned by hand" if self.tour is None else "on tour"
        portrait = self.shadows.portrait(pose, self.kind, (f"u, {words}", f"v, {words}"))
        a, b = extent.grid(cells, portrait.plane)
        sides = [each.evaluate(pose.origin, pose.u, pose.v, a, b, self.l2) for each in self.prepared]
        return portrait, combined(sides, self.measure)


def turning(
    run: Run, plane: Plane, choice: str, seed: int, at: tuple[float, float], which: Measure | str
) -> Iterator[Turntable | None]:
    """Prepare to turn a plane: towards a heading, and along the third direction of the paths; None while at work."""
    towards, third = (_heading(run, plane, name, seed, at) for name in (choice, "third"))
    space = Subspace.around(plane, *(way for way in (towards, third) if way is not None))
    ways = [None if way is None else space.coefficients(way) for way in (towards, third)]
    shadows = yield from _cast(run, space)
    measure = as_measure(which)
    prepared = _prepared(run, space, measure, DIGITS_MOVING)
    yield Turntable(plane, shadows, prepared, measure, l2_of(run, measure), space.pose(plane), ways[0], ways[1])


def touring(
    run: Run, before: Plane, choice: str, start: int, seed: int, which: Measure | str, digits: int = DIGITS_MOVING
) -> Iterator[Turntable | None]:
    """Prepare a tour from a plane to the plane of a choice, with surfaces over so many digits; None while at work."""
    destination = portray(run, choice, start, seed)
    tour = Tour.between(before, destination.plane)
    yield None
    shadows = yield from _cast(run, tour.subspace)
    measure = as_measure(which)
    prepared = _prepared(run, tour.subspace, measure, digits)
    l2, pose = l2_of(run, measure), tour.pose(0.0)
    yield Turntable(before, shadows, prepared, measure, l2, pose, tour=tour, destination=destination)


def _heading(run: Run, plane: Plane, choice: str, seed: int, at: tuple[float, float]) -> NDArray | None:
    try:
        return heading(run, plane, choice, seed, at)
    except SetupError:
        return None


def _cast(run: Run, space: Subspace) -> Generator[None, None, Shadows]:
    for shadows in Shadows.cast(run, space):
        if shadows is not None:
            return shadows
        yield None
    raise AssertionError("casting ends with the shadows")


def _prepared(run: Run, space: Subspace, measure: Measure, digits: int) -> tuple[Prepared, ...]:
    metrics = ("loss", "accuracy") if measure.quantity == "accuracy" else ("loss", "sampling_error")
    vectors = space.origin, space.basis
    pairs = digits_of(run, measure)
    return tuple(Prepared(run.net, *vectors, X[:digits], y[:digits], metrics) for X, y in pairs)
