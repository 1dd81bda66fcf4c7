"""A plane through parameter space: an origin and two directions; and what a plane can and cannot show.

A point of the plane is origin + a·u + b·v. A network off the plane is drawn at its shadow, the nearest point of
the plane: least squares in u and v with their Gram matrix, so that skew directions of uneven length are
handled rightly. Paths and surfaces share this one rule.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane.direction import principal_directions, random_direction


@dataclass(frozen=True, eq=False)
class Plane:
    """origin + a·u + b·v in R^P; origin, u, v are (P,). The labels say in words what each direction is."""

    origin: NDArray
    u: NDArray
    v: NDArray
    kind: str = "custom"
    labels: tuple[str, str] = ("u", "v")
    facts: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        origin = np.array(self.origin)
        if origin.dtype not in (np.float32, np.float64):
            origin = origin.astype(np.float64)
        for name, vector in (("origin", origin), ("u", self.u), ("v", self.v)):
            fixed = np.array(vector, origin.dtype)
            if fixed.ndim != 1 or fixed.shape != origin.shape:
                raise SetupError(f"a plane's origin, u and v must be vectors of one length; {name} is {fixed.shape}")
            if not np.isfinite(fixed).all():
                raise SetupError(f"the plane's {name} holds values that are not finite")
            fixed.flags.writeable = False
            object.__setattr__(self, name, fixed)
        if self._condition > 1e10:
            raise SetupError("the plane's two directions are parallel or zero: they span no plane")

    @classmethod
    def random(
        cls,
        net: Network,
        origin: NDArray,
        seed: int = 0,
        normalise: str | None = "filter",
        biases: bool = False,
        orthogonal: bool = False,
    ) -> Self:
        """Two random directions at `origin`; `normalise`: "filter" (Li et al. 2018, section 4), "layer" or None.

        Without `biases` the bias entries of the directions are zero. `orthogonal` takes u's share out of v.
        """
        origin = np.asarray(origin)
        u, v = (random_direction(net, origin, seed, name, normalise, biases) for name in ("u", "v"))
        if orthogonal:
            v = v - u * (np.dot(u, v) / np.dot(u, u))
        manner = {"filter": "filter-normalised ", "layer": "layer-normalised "}.get(normalise or "", "")
        return cls(origin, u, v, kind="random", labels=(f"{manner}random direction 1", f"{manner}random direction 2"))

    @classmethod
    def pca(cls, thetas: NDArray, origin: NDArray | None = None) -> Self:
        """The plane that holds most of the spread of the models (n, P) around their mean (Li et al. 2018, section 7.2).

        u and v have length 1; `facts` holds the share of the variance of each. `origin` only moves the
        middle of the drawing (default: the mean).
        """
        thetas = np.asarray(thetas)
        mean, directions, shares = principal_directions(thetas.reshape(-1, thetas.shape[-1]), 2)
        first, second = (f"principal direction ({share:.0%} of the variance)" for share in shares)
        labels = f"1st {first}", f"2nd {second}"
        facts = {"variance_1": float(shares[0]), "variance_2": float(shares[1])}
        u, v = directions
        return cls(mean if origin is None else origin, u, v, kind="pca", labels=labels, facts=facts)

    @classmethod
    def through(cls, t0: NDArray, t1: NDArray, t2: NDArray) -> Self:
        """The plane through three models: t0 at (0, 0), t1 at (1, 0), t2 at (0, 1)."""
        t0, t1, t2 = (np.asarray(t) for t in (t0, t1, t2))
        return cls(t0, t1 - t0, t2 - t0, kind="through", labels=("towards model 2", "towards model 3"))

    @property
    def P(self) -> int:
        """Number of parameters of the space the plane lies in."""
        return len(self.origin)

    @cached_property
    def _basis(self) -> NDArray:
        return np.stack([self.u, self.v]).astype(np.float64)  # (2, P)

    @cached_property
    def gram(self) -> NDArray:
        """Inner products of u and v, (2, 2) float64."""
        return self._basis @ self._basis.T

    @cached_property
    def _condition(self) -> float:
        lengths = np.sqrt(np.diag(self.gram))
        if not lengths.all():
            return np.inf
        return float(np.linalg.cond(self.gram / np.outer(lengths, lengths)))

    def point(self, a: ArrayLike, b: ArrayLike) -> NDArray:
        """The parameters at (a, b), (..., P) for a and b of shape (...), in the plane's dtype."""
        a, b = np.broadcast_arrays(np.asarray(a, self.origin.dtype), np.asarray(b, self.origin.dtype))
        return self.origin + a[..., None] * self.u + b[..., None] * self.v

    def project(self, thetas: NDArray) -> tuple[NDArray, NDArray]:
        """The shadow of models (n, P) on the plane: coordinates (n, 2), and the distance off the plane (n,)."""
        offsets = self._checked(thetas) - self.origin  # (n, P)
        coordinates = self._coordinates(offsets)
        return coordinates, self._off_plane(offsets, coordinates)

    def coverage(self, thetas: NDArray) -> float:
        """How much of a path's movement lies in the plane, from 0 to 1.

        1 − Σ‖off-plane part of the displacement‖² / Σ‖displacement‖², displacements counted from the
        path's first point; thetas (n, P), or (n, K, P) for the movement of K paths together. NaN if nothing moved.
        """
        thetas = self._checked(thetas)
        displacements = (thetas[1:] - thetas[0]).reshape(-1, thetas.shape[-1])
        squares = np.einsum("np,np->n", displacements, displacements, dtype=np.float64)
        if not squares.sum() > 0:
            return float("nan")
        return float(np.clip(1 - np.square(self.off_direction(displacements)).sum() / squares.sum(), 0, 1))

    def off_direction(self, displacements: NDArray) -> NDArray:
        """How much of each displacement (n, P) does not lie along the plane, as a length (n,)."""
        return self._off_plane(displacements, self._coordinates(displacements))

    def _checked(self, thetas: NDArray) -> NDArray:
        thetas = np.asarray(thetas)
        if thetas.shape[-1:] != (self.P,):
            raise SetupError(
                f"the plane lies in a space of {self.P:,} parameters, but the models have {thetas.shape[-1:]}"
            )
        return thetas

    def _coordinates(self, offsets: NDArray) -> NDArray:
        inner = np.asarray(offsets @ self._basis.T.astype(offsets.dtype), np.float64)  # (n, 2)
        return np.linalg.solve(self.gram, inner[..., None])[..., 0]

    def _off_plane(self, offsets: NDArray, coordinates: NDArray) -> NDArray:
        # The rest is formed as a vector: the difference of two large squares would lose small distances.
        rest = offsets - coordinates.astype(offsets.dtype) @ self._basis.astype(offsets.dtype)
        return np.linalg.norm(rest, axis=-1).astype(np.float64)
