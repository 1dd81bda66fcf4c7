"""The shadows of a run on every plane of a subspace, without going back to its parameters.

While a plane is turned by hand each picture needs the paths' shadows anew. Within origin + span(basis) a frame's m coefficients
say all about them; what lies outside that span is the same for every plane in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape.plane.subspace import Pose, Subspace
from landscape.run.portrait import Portrait
from landscape.run.run import Run

# Frames at a time: so that casting can be broken off, and needs little memory.
SLAB = 64


@dataclass(frozen=True, eq=False)
class Shadows:
    """Where the frames (F, K) of a run stand in a subspace: coefficients (F, K, m), and the squared distance off it (F, K).

    `moved_off` (F, K) is the squared part off the subspace of each frame's displacement from its start.
    """

    space: Subspace
    coefficients: NDArray
    squared_off: NDArray
    moved_off: NDArray

    @classmethod
    def cast(cls, run: Run, space: Subspace) -> Iterator[Self | None]:
        """The shadows of the frames that a run has now: None while at work, then the shadows."""
        frames = run.frames  # taken once: the run may grow meanwhile
        coefficients = np.empty((frames, run.K, space.m))
        squared_off, moved_off = np.empty((frames, run.K)), np.empty((frames, run.K))
        basis = space.basis.astype(np.float32)
        first = np.asarray(run.thetas[0])
        for begin in range(0, frames, SLAB):
            thetas = np.asarray(run.thetas[begin : min(begin + SLAB, frames)])  # (f, K, P)
            rows = slice(begin, begin + len(thetas))
            coefficients[rows], squared_off[rows] = _split(thetas - space.origin, basis)
            _, moved_off[rows] = _split(thetas - first, basis)
            yield None
        yield cls(space, coefficients, squared_off, moved_off)

    def portrait(self, pose: Pose, kind: str, labels: tuple[str, str]) -> Portrait:
        """The run on the plane of a pose, as `portray` gives for that plane; `kind` as in HAND_MADE."""
        sides = np.stack([pose.u, pose.v])  # (2, m)
        solve = np.linalg.solve(sides @ sides.T, sides)  # (2, m): coordinates of a displacement
        from_middle = self.coefficients - pose.origin
        coordinates = from_middle @ solve.T
        off = from_middle - coordinates @ sides
        moved = self.coefficients - self.coefficients[0]
        moved_off = moved - (moved @ solve.T) @ sides
        sums = np.stack(
            [
                (self.moved_off + np.square(moved_off).sum(-1)).sum(0),
                (self.moved_off + np.square(moved).sum(-1)).sum(0),
            ]
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            coverage = np.clip(1 - sums[0] / sums[1], 0, 1)
            coverage_all = float(np.clip(1 - sums[0].sum() / sums[1].sum(), 0, 1))
        return Portrait(
            self.space.plane(pose, kind, labels),
            kind,
            coordinates,
            np.sqrt(self.squared_off + np.square(off).sum(-1)),
            coverage,
            coverage_all,
            _sums=sums,
        )


def _split(vectors: NDArray, basis: NDArray) -> tuple[NDArray, NDArray]:
    """Coefficients (..., m) of vectors (..., P), and the squared length (...) of what the basis does not hold."""
    inside = vectors @ basis.T
    rest = vectors - inside @ basis
    return inside.astype(np.float64), np.einsum("fkp,fkp->fk", rest, rest, dtype=np.float64)
