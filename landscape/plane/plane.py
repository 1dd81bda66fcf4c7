"""A plane through parameter space: an origin and two directions; and what a plane can and cannot show.

A point of the plane is origin + a·u + b·v. A network off the plane is drawn at its shadow, the nearest point of
the plane: least squares in u and v with their Gram matrix, so that skew directions of uneven length are
handled rightly. Paths and surfaces share this one rule.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.hessian import Hessian
from landscape.plane.direction import principal_directions, random_direction

_MANNERS = {None: "", "filter": "filter-normalised ", "layer": "layer-normalised "}


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
        layer: int | None = None,
    ) -> Self:
        """Two random directions at `origin`; `normalise`: "filter" (Li et al. 2018, section 4), "layer" or None.

        Without `biases` the bias entries of the directions are zero. `orthogonal` takes u's share out of v. With
        `layer` (from 1) they move that layer alone.
        """
        origin = np.asarray(origin)
        u, v = (random_direction(net, origin, seed, name, normalise, biases, layer) for name in ("u", "v"))
        if orthogonal:
            v = _perpendicular(v, u)
        where = "" if layer is None else f" in layer {layer}"
        first, second = (f"{_MANNERS[normalise]}random direction {i}{where}" for i in (1, 2))
        facts = {} if layer is None else {"layer": float(layer)}
        return cls(origin, u, v, kind="random", labels=(first, second), facts=facts)

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
    def movement(cls, paths: NDArray) -> Self:
        """The plane that holds most of the movement of K paths of F models each (F, K, P), from where each began.

        No other plane covers more of these models (see `coverage`): PCA around the mean would also count how far the starts
        lie apart, and not count what all paths have in common. u and v have length 1; `facts` holds the share of the
        movement along each. The middle of the drawing is the mean of the models.
        """
        paths = np.asarray(paths)
        P = paths.shape[-1]
        moved = (paths - paths[0]).reshape(-1, P)
        _, (u, v), shares = principal_directions(moved, 2, np.zeros(P, paths.dtype))
        first, second = (f"direction of movement ({share:.0%} of it)" for share in shares)
        facts = {"movement_1": float(shares[0]), "movement_2": float(shares[1])}
        origin = paths.reshape(-1, P).mean(axis=0, dtype=np.float64).astype(paths.dtype)
        return cls(origin, u, v, kind="pca", labels=(f"1st {first}", f"2nd {second}"), facts=facts)

    @classmethod
    def through(cls, t0: NDArray, t1: NDArray, t2: NDArray) -> Self:
        """The plane through three models: t0 at (0, 0), t1 at (1, 0), t2 at (0, 1)."""
        t0, t1, t2 = _same_space(t0, t1, t2)
        sides = np.stack([t1 - t0, t2 - t0, t2 - t1]).astype(np.float64)
        longest = np.linalg.norm(sides, axis=1).max()
        # Sides rounded to the models' own precision: what is left across the line then is rounding too.
        if longest == 0 or _height(sides) < 1e2 * np.finfo(t0.dtype).eps * max(longest, np.linalg.norm(t0)):
            raise SetupError(
                "the three models lie on one line (or on one point), which spans no plane: choose another one"
            )
        return cls(t0, t1 - t0, t2 - t0, kind="through", labels=("towards model 2", "towards model 3"))

    @classmethod
    def line(cls, t0: NDArray, t1: NDArray, seed: int = 0) -> Self:
        """The straight line from model t0 at a = 0 to t1 at a = 1; for the line alone, evaluate at b = 0.

        v is a random direction across it, of the same length, for a look at both sides.
        """
        t0, t1 = _same_space(t0, t1)
        u = t1 - t0
        if not u.any():
            raise SetupError("the two models are the same, and a line needs two: choose another one")
        across = _perpendicular(seeds.stream(seed, "direction", "across").standard_normal(len(u)), u)
        v = across * (np.linalg.norm(u) / np.linalg.norm(across))
        return cls(t0, u, v, kind="line", labels=("from model 1 to model 2", "random direction across"))

    @classmethod
    def hessian(
        cls,
        net: Network,
        theta: NDArray,
        X: NDArray,
        y: NDArray,
        which: Literal["largest", "largest_and_smallest"] = "largest",
        l2: float = 0.0,
        seed: int = 0,
    ) -> Self:
        """The plane of outermost curvature at θ: two eigenvectors of the loss's Hessian, of length 1.

        "largest" takes those of the two largest eigenvalues, "largest_and_smallest" one from either end; `facts` holds the
        eigenvalues. `seed` draws the vector that the iteration begins with.
        """
        if which not in ("largest", "largest_and_smallest"):
            raise SetupError(f"which {which!r} is unknown; choose one of largest, largest_and_smallest", "plane.which")
        values, (u, v) = Hessian(net, theta, X, y, l2).eigenpairs(2, which, seed)
        ends = ("1st", "2nd") if which == "largest" else ("largest", "smallest")
        first, second = (f"{end} Hessian eigenvector (curvature {c:.3g})" for end, c in zip(ends, values, strict=True))
        facts = {"eigenvalue_1": float(values[0]), "eigenvalue_2": float(values[1])}
        return cls(theta, u, v, kind="hessian", labels=(first, second), facts=facts)

    @classmethod
    def gradient(
        cls,
        net: Network,
        theta: NDArray,
        X: NDArray,
        y: NDArray,
        seed: int = 0,
        normalise: str | None = "filter",
        biases: bool = False,
        l2: float = 0.0,
    ) -> Self:
        """At θ, straight down the gradient (u), and a random direction perpendicular to it (v), of equal length.

        v is drawn as by `random`; `facts` holds the gradient's length.
        """
        theta = np.asarray(theta)
        descent = -net.gradient(theta, X, y, l2)
        length = float(np.linalg.norm(descent))
        if not 0 < length < np.inf:
            raise SetupError("there is no gradient at this point (it is zero or not finite): choose another point")
        v = _perpendicular(random_direction(net, theta, seed, "v", normalise, biases), descent)
        u = descent * (np.linalg.norm(v) / length)
        labels = ("down the gradient", f"{_MANNERS[normalise]}random direction")
        return cls(theta, u, v, kind="gradient", labels=labels, facts={"gradient_norm": length})

    @classmethod
    def weights(cls, origin: NDArray, i: int, j: int, net: Network | None = None) -> Self:
        """The plane of two single parameters, at indices i and j of θ; with `net` the labels name them."""
        origin = np.asarray(origin)
        for index in (i, j):
            if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < len(origin):
                raise SetupError(f"weight {index!r} does not exist: there are weights 0 to {len(origin) - 1:,}")
        if i == j:
            raise SetupError(f"two different weights span a plane, but both are number {i}: choose another one")
        u, v = np.zeros((2, len(origin)), origin.dtype)
        u[i] = v[j] = 1
        labels = tuple(net.parameter_name(index) if net else f"weight {index:,}" for index in (i, j))
        return cls(origin, u, v, "weights", (labels[0], labels[1]), {"i": float(i), "j": float(j)})

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

    def shadows(self, displacements: NDArray) -> NDArray:
        """The coordinates (n, 2) along u and v of displacements (n, P), such as steps: as `project`, without the origin."""
        return self._coordinates(self._checked(displacements))

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


def _perpendicular(direction: NDArray, other: NDArray) -> NDArray:
    """A direction (P,) without the part of it that lies along another one."""
    return direction - other * (np.dot(other, direction) / np.dot(other, other))


def _same_space(*thetas: NDArray) -> list[NDArray]:
    """The models as vectors of one length."""
    vectors = [np.asarray(theta) for theta in thetas]
    shapes = [vector.shape for vector in vectors]
    if any(vector.ndim != 1 or vector.shape != shapes[0] for vector in vectors):
        raise SetupError(f"a plane leads through models of one network, but their parameters are {shapes}")
    dtype = np.float32 if all(vector.dtype == np.float32 for vector in vectors) else np.float64
    return [vector.astype(dtype) for vector in vectors]


def _height(sides: NDArray) -> float:
    """How far the third corner of a triangle lies off its longest side; sides (3, P) float64."""
    along, other = sides[np.argsort(np.linalg.norm(sides, axis=1))[[2, 1]]]
    return float(np.linalg.norm(_perpendicular(other, along)))
