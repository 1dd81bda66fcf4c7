"""A tour: the smooth way from one plane to another, along which a picture turns into the next.

The plane turns along a geodesic between the two subspaces, by their principal angles (Edelman, Arias and Smith 1998, "The
geometry of algorithms with orthogonality constraints", section 2.5.1); its origin moves on a straight line; the lengths of u
and v, the angle between them and their rotation within the plane change evenly on the way. A mirror image of a plane can't be
reached by turning within it: then the plane turns over, the second principal angle being taken the other way round.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.plane.plane import Plane
from landscape.plane.subspace import Pose, Subspace, orthonormal


@dataclass(frozen=True, eq=False)
class Tour:
    """From one plane to another: `pose(t)` in a subspace of at most 5 dimensions, t from 0 to 1.

    `angles` (2,) are the principal angles that it turns by, in radians; `leading` (2, m) the directions in the first plane that
    turn, `rising` (2, m) those that they turn towards. `sides` (2, 4) says how u and v stand at either end, as logarithms of
    their lengths, u's angle to the first leading direction, and the angle from u to v.
    """

    before: Plane
    after: Plane
    subspace: Subspace
    angles: NDArray
    leading: NDArray
    rising: NDArray
    sides: NDArray
    step: NDArray

    @classmethod
    def between(cls, before: Plane, after: Plane) -> Self:
        """The tour from one plane to another of the same space; raises SetupError if they lie in different ones."""
        if before.P != after.P:
            raise SetupError(f"no tour leads from a plane of {before.P:,} parameters to one of {after.P:,}")
        step = after.origin.astype(np.float64) - before.origin
        vectors = np.stack([before.u, before.v, after.u, after.v, step]).astype(np.float64)
        basis = orthonormal(vectors, least=1e-12)
        found = vectors @ basis.T
        if len(basis) < 4 and _mirrored(found):  # one dimension more, to turn over in
            basis = orthonormal(np.stack([*basis, _away_from(basis)]), least=1e-12)
            found = vectors @ basis.T
        leading, arriving = _principal(found[:2], found[2:4])
        first, last = _stance(found[:2], leading), _stance(found[2:4], arriving)
        if first[3] * last[3] < 0:
            arriving = arriving * [[1.0], [-1.0]]
            last = _stance(found[2:4], arriving)
        angles, rising = _angles(leading, arriving)
        last[2] = first[2] + (last[2] - first[2] + np.pi) % (2 * np.pi) - np.pi  # the shorter way round
        subspace = Subspace(before.origin, basis.astype(before.origin.dtype))
        return cls(before, after, subspace, angles, leading, rising, np.stack([first, last]), found[4])

    @property
    def distance(self) -> float:
        """How far the plane turns: the length of the way, the root of the sum of the squared angles, in radians."""
        return float(np.linalg.norm(self.angles))

    def pose(self, t: float) -> Pose:
        """The plane's pose after the share t of the way; t is held between 0 and 1."""
        t = float(np.clip(t, 0, 1))
        turned = np.cos(t * self.angles)[:, None] * self.leading + np.sin(t * self.angles)[:, None] * self.rising
        log_u, log_v, rotation, opening = self.sides[0] + t * (self.sides[1] - self.sides[0])
        u = np.exp(log_u) * np.array([np.cos(rotation), np.sin(rotation)]) @ turned
        v = np.exp(log_v) * np.array([np.cos(rotation + opening), np.sin(rotation + opening)]) @ turned
        return Pose(t * self.step, u, v)

    def plane(self, t: float) -> Plane:
        """The plane after the share t of the way; at the ends, the two planes themselves."""
        if t <= 0 or t >= 1:
            return self.before if t <= 0 else self.after
        words = (f"on the way from {a} to {b}" for a, b in zip(self.before.labels, self.after.labels, strict=True))
        return self.subspace.plane(self.pose(t), "tour", (next(words), next(words)))


def _principal(first: NDArray, second: NDArray) -> tuple[NDArray, NDArray]:
    """Principal vectors (2, m) of the planes that two pairs of sides (2, m) span, nearest to each other first."""
    frames = [orthonormal(sides, least=0) for sides in (first, second)]
    left, cosines, right = np.linalg.svd(frames[0] @ frames[1].T)
    if cosines[0] < 1e-9:  # perpendicular in every direction: all pairs are alike, so u goes with u and v with v
        return frames[0], frames[1]
    return left.T @ frames[0], right @ frames[1]


def _angles(leading: NDArray, arriving: NDArray) -> tuple[NDArray, NDArray]:
    """The angle between each pair of principal vectors, and the unit vectors (2, m) that the first turn towards."""
    along = np.einsum("im,im->i", leading, arriving)
    rest = arriving - along[:, None] * leading
    rest = rest - (rest @ leading.T) @ leading
    across = np.linalg.norm(rest, axis=1)
    rising = np.divide(rest, across[:, None], out=np.zeros_like(rest), where=across[:, None] > 1e-13)
    angles = np.arctan2(across, along)  # exact near 0, where the arc cosine is not
    for row in range(2):
        if (
            along[row] < 0 and across[row] <= 1e-13
        ):  # turned right over: by way of any direction perpendicular to the rest
            rising[row] = _away_from(orthonormal(np.stack([*leading, rising[1 - row]])))
    return angles, rising


def _stance(sides: NDArray, frame: NDArray) -> NDArray:
    """How u and v stand in an orthonormal frame (2, m): log lengths, the angle of u, and the angle from u to v, (4,)."""
    (ux, uy), (vx, vy) = sides @ frame.T
    opening = np.arctan2(ux * vy - uy * vx, ux * vx + uy * vy)
    return np.array([np.log(np.hypot(ux, uy)), np.log(np.hypot(vx, vy)), np.arctan2(uy, ux), opening])


def _mirrored(found: NDArray) -> bool:
    leading, arriving = _principal(found[:2], found[2:4])
    return _stance(found[:2], leading)[3] * _stance(found[2:4], arriving)[3] < 0


def _away_from(basis: NDArray) -> NDArray:
    """A unit vector perpendicular to an orthonormal basis (m, P): from the axis that lies least in its span."""
    axis = int(np.argmin(np.square(basis).sum(axis=0)))
    rest = -basis[:, axis] @ basis
    rest[axis] += 1
    length = np.linalg.norm(rest)
    if length < 1e-6:
        raise SetupError("one plane is the mirror image of the other, and their space leaves no room to turn it over")
    return rest / length
