"""Planes that turn: a small space of few dimensions, and the pose of a plane in it.

All planes that one gesture of the hand can reach lie in origin + span of a few directions: the plane's own two, and those that
it turns towards or moves along. With an orthonormal basis of that span, a plane is three short vectors of coefficients (a
pose), lengths and angles of coefficients are those of R^P, and turning costs nothing, whatever P is.
"""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import SetupError
from landscape.plane.plane import Plane

# A direction whose part outside the span is shorter than this share of it is rounding: it brings no dimension of its own.
LEAST_SHARE = 1e-5


@dataclass(frozen=True, eq=False)
class Pose:
    """Where a plane stands in a subspace of m dimensions: coefficients of its origin, u and v, each (m,) float64.

    The origin's coefficients are counted from the subspace's origin. Every change is a new pose.
    """

    origin: NDArray
    u: NDArray
    v: NDArray

    def __post_init__(self) -> None:
        for name in ("origin", "u", "v"):
            fixed = np.array(getattr(self, name), np.float64)
            if fixed.ndim != 1 or fixed.shape != np.shape(self.origin):
                raise SetupError(f"a pose's origin, u and v must be vectors of one length; {name} is {fixed.shape}")
            if not np.isfinite(fixed).all():
                raise SetupError(f"the pose's {name} holds values that are not finite")
            fixed.flags.writeable = False
            object.__setattr__(self, name, fixed)

    def point(self, a: float, b: float) -> NDArray:
        """Coefficients (m,) of the plane's point at (a, b)."""
        return self.origin + a * self.u + b * self.v

    def turned(
        self,
        towards: ArrayLike,
        angle: float,
        which: Literal["u", "v", "plane"] = "u",
        pivot: tuple[float, float] = (0.0, 0.0),
    ) -> Self:
        """The plane turned by an angle (radians) towards a direction, given by its coefficients (m,).

        "u" turns u about v, which stays; "v" turns v about u; "plane" turns by the shortest way that would bring the
        direction into the plane. The plane turns as a rigid whole: lengths and the angle between u and v stay, and so does
        the point at `pivot` = (a, b). A direction that lies in the plane already turns nothing.
        """
        rising, fixed = self._rising(towards), {"u": self.v, "v": self.u, "plane": None}
        if which not in fixed:
            raise SetupError(f"what turns must be u, v or plane, not {which!r}")
        if rising is None:
            return self
        leading = self._leading(towards, fixed[which], self.v if which == "v" else self.u)
        bend = (np.cos(angle) - 1) * leading + np.sin(angle) * rising
        u, v = (side + (side @ leading) * bend for side in (self.u, self.v))
        a, b = pivot
        return replace(self, origin=self.point(a, b) - a * u - b * v, u=u, v=v)

    def shifted(self, along: ArrayLike, distance: float) -> Self:
        """The plane moved by a distance (in the units of θ) along a direction, given by its coefficients (m,)."""
        along = self._checked(along)
        return replace(self, origin=self.origin + distance / np.linalg.norm(along) * along)

    def _rising(self, towards: ArrayLike) -> NDArray | None:
        """The unit vector of the direction's part perpendicular to the plane; None if there is none."""
        towards = self._checked(towards)
        rest = towards - self._shadow(towards)
        rest = rest - self._shadow(
            rest
        )  # once more: the rounding errors of the first time are no longer small beside it
        length = np.linalg.norm(rest)
        return None if length <= LEAST_SHARE * np.linalg.norm(towards) else rest / length

    def _leading(self, towards: ArrayLike, fixed: NDArray | None, side: NDArray) -> NDArray:
        """The unit vector in the plane that goes ahead: perpendicular to the side that stays, or under the direction."""
        if fixed is None:
            ahead = self._shadow(self._checked(towards))
            if np.linalg.norm(ahead) <= LEAST_SHARE * np.linalg.norm(towards):
                ahead = side  # straight up from the plane: every way is the shortest
        else:
            ahead = side - (side @ fixed) / (fixed @ fixed) * fixed
        return ahead / np.linalg.norm(ahead)

    def _shadow(self, vector: NDArray) -> NDArray:
        sides = np.stack([self.u, self.v])
        return np.linalg.solve(sides @ sides.T, sides @ vector) @ sides

    def _checked(self, direction: ArrayLike) -> NDArray:
        direction = np.asarray(direction, np.float64)
        if direction.shape != self.origin.shape or not np.isfinite(direction).all() or not direction.any():
            raise SetupError(f"a direction in this subspace is {len(self.origin)} finite coefficients, not all zero")
        return direction


@dataclass(frozen=True, eq=False)
class Subspace:
    """origin + span of the basis: origin (P,), basis (m, P) with rows of length 1, perpendicular to each other."""

    origin: NDArray
    basis: NDArray

    def __post_init__(self) -> None:
        for name in ("origin", "basis"):
            fixed = np.array(getattr(self, name))
            fixed.flags.writeable = False
            object.__setattr__(self, name, fixed)
        if self.basis.ndim != 2 or self.basis.shape[1:] != self.origin.shape:
            raise SetupError(f"a basis of this space must be (m, {len(self.origin):,}), not {self.basis.shape}")
        gram = np.asarray(self.basis, np.float64) @ self.basis.T
        if not np.abs(gram - np.eye(self.m)).max(initial=0) < 1e-5:
            raise SetupError("the basis of a subspace must have rows of length 1, perpendicular to each other")

    @classmethod
    def around(cls, plane: Plane, *directions: ArrayLike) -> Self:
        """The subspace of a plane and further directions (P,): of 2 + as many dimensions, fewer where they depend.

        Its origin is the plane's. Raises SetupError for a direction of another space, of length 0 or not finite.
        """
        vectors = [plane.u, plane.v]
        for direction in directions:
            vector = np.asarray(direction)
            if vector.shape != plane.origin.shape:
                raise SetupError(f"the plane lies in a space of {plane.P:,} parameters; a direction is {vector.shape}")
            if not np.isfinite(vector).all() or not vector.any():
                raise SetupError("a direction to turn towards must be finite and not zero: choose another one")
            vectors.append(vector)
        return cls(plane.origin, orthonormal(np.stack(vectors)).astype(plane.origin.dtype))

    @property
    def m(self) -> int:
        """Number of dimensions."""
        return len(self.basis)

    def coefficients(self, directions: ArrayLike) -> NDArray:
        """Coefficients (..., m) float64 of directions (..., P): of their shadow, where they do not lie in the subspace."""
        return np.asarray(directions, np.float64) @ self.basis.T.astype(np.float64)

    def pose(self, plane: Plane) -> Pose:
        """The pose of a plane that lies in this subspace; raises SetupError for another one."""
        vectors = np.stack([plane.origin.astype(np.float64) - self.origin, plane.u, plane.v])
        found = self.coefficients(vectors)
        away = np.linalg.norm(vectors - found @ self.basis, axis=1)
        if (away > 1e-4 * np.maximum(np.linalg.norm(vectors, axis=1), np.linalg.norm(plane.u))).any():
            raise SetupError("the plane does not lie in this subspace: make one around the plane")
        return Pose(*found)

    def plane(self, pose: Pose, kind: str = "turned", labels: tuple[str, str] = ("u", "v")) -> Plane:
        """The plane of a pose, with all its P coordinates."""
        origin, u, v = np.stack([pose.origin, pose.u, pose.v]) @ self.basis.astype(np.float64)
        return Plane((self.origin + origin).astype(self.origin.dtype), u, v, kind=kind, labels=labels)


def orthonormal(vectors: NDArray, least: float = LEAST_SHARE) -> NDArray:
    """An orthonormal basis (m, P) float64 of the span of vectors (n, P), in their order; dependent ones are left out.

    A vector depends on those before it if the share of it that lies outside their span is at most `least`.
    """
    rows: list[NDArray] = []
    for vector in np.asarray(vectors, np.float64):
        length = np.linalg.norm(vector)
        rest = vector / length if length else vector
        for _ in range(2):  # Gram-Schmidt, twice is enough (Parlett, The Symmetric Eigenvalue Problem, section 6.9)
            for row in rows:
                rest = rest - (rest @ row) * row
        rest_length = np.linalg.norm(rest)
        if rest_length > least:
            rows.append(rest / rest_length)
    return np.array(rows).reshape(len(rows), vectors.shape[1])
