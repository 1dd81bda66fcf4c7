"""Where descents begin: points of a plane, restarts in the space of all weights, or neighbours of a good network.

In a space of thousands of dimensions a corner is no corner of the space: it is a corner of the drawn window, the middle
plus or minus a stretch of each of the plane's two directions. A descent inside the plane begins in the plane whatever the
kind: restarts are then drawn over the window.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.descent.sample import latin_hypercube, sobol
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.initialisation import spreads
from landscape.plane import Plane, filter_normalise

MOST_STARTS = 64
CORNERS = {"corner − −": (-1, -1), "corner + −": (1, -1), "corner − +": (-1, 1), "corner + +": (1, 1)}


@dataclass(frozen=True, eq=False)
class Start:
    """One starting point: its name on screen, its kind, the seed it came from, and θ (P,)."""

    name: str
    kind: str
    seed: int
    theta: NDArray


@dataclass(frozen=True, eq=False)
class Ground:
    """What starts are placed on: the network, its plane, how far to go, how many, and how first weights are drawn.

    `reach` is in lengths of u and v, and for neighbours of the middle in lengths of each neuron's own weights.
    """

    net: Network
    plane: Plane
    reach: float = 1.0
    count: int = 5
    seed: int = 0
    scheme: str = "he"
    biases: str = "zero"
    scale: float | None = None
    nearness: float = 0.16
    in_plane: bool = False

    def at(self, name: str, kind: str, a: float, b: float) -> Start:
        """A start at plane coordinates, counted in reaches."""
        return Start(name, kind, self.seed, self.plane.point(float(a) * self.reach, float(b) * self.reach))

    def window(self, kind: str, points: NDArray) -> list[Start]:
        """Starts all over the window, from points (K, 2) of the unit square."""
        pairs = enumerate(2 * points - 1, start=1)
        return [self.at(f"{KINDS[kind].short} {i}", kind, a, b) for i, (a, b) in pairs]

    def space(self, kind: str, quantiles: NDArray) -> list[Start]:
        """Starts all over the space of weights: each weight's quantiles (K, P) through the scheme's Gaussian."""
        from scipy.special import ndtri

        thetas = spreads(self.net.layer_shapes, self.scheme, self.biases, self.scale) * ndtri(quantiles)
        named = enumerate(thetas.astype(np.float32), start=1)
        return [Start(f"{KINDS[kind].short} {i}", kind, self.seed, theta) for i, theta in named]


@dataclass(frozen=True)
class Kind:
    """A way to choose starts: its label, what it is in a sentence, what it heeds, and how they are placed.

    Of `count`, `reach` and `seed` of the starts, and `plane`: whether another plane gives other starts than its middle.
    """

    label: str
    short: str
    sentence: str
    heeds: tuple[str, ...]
    place: Callable[[Ground], list[Start]]


def _corners(ground: Ground) -> list[Start]:
    return [ground.at(name, "corner", *signs) for name, signs in CORNERS.items()]


def _middle(ground: Ground) -> list[Start]:
    return [Start("middle", "middle", ground.seed, np.array(ground.plane.origin))]


def _point(ground: Ground) -> list[Start]:
    return [replace(_middle(ground)[0], name="the chosen point", kind="point")]


def _corners_and_middle(ground: Ground) -> list[Start]:
    return _corners(ground) + _middle(ground)


def _ring(ground: Ground) -> list[Start]:
    degrees = 360 * np.arange(ground.count) / ground.count
    turns = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)
    return [ground.at(f"ring {angle:.3g}°", "ring", a, b) for angle, (a, b) in zip(degrees, turns)]


def _grid(ground: Ground) -> list[Start]:
    """Rows of equal length from bottom to top; if the number is no rectangle, the last rows are one shorter."""
    rows = round(np.sqrt(ground.count))
    starts = []
    for row, members in enumerate(np.array_split(np.arange(ground.count), rows), start=1):
        b = 0.0 if rows == 1 else 2 * (row - 1) / (rows - 1) - 1
        columns = np.linspace(-1, 1, len(members)) if len(members) > 1 else [0.0]
        starts += [ground.at(f"grid {row}·{column}", "grid", a, b) for column, a in enumerate(columns, start=1)]
    return starts


def _random(ground: Ground) -> list[Start]:
    if ground.in_plane:
        points = seeds.stream(ground.seed, "restarts").standard_normal((ground.count, 2))
        return [ground.at(f"restart {i}", "random", a, b) for i, (a, b) in enumerate(points, start=1)]
    own = [int(seeds.stream(ground.seed, "restarts", i).integers(2**31)) for i in range(ground.count)]
    drawn = [ground.net.init(s, ground.scheme, ground.biases, ground.scale) for s in own]
    return [Start(f"restart {i}", "random", s, theta) for i, (s, theta) in enumerate(zip(own, drawn), start=1)]


def _latin_hypercube(ground: Ground) -> list[Start]:
    random = seeds.stream(ground.seed, "latin hypercube")
    if ground.in_plane:
        return ground.window("latin_hypercube", latin_hypercube(ground.count, 2, random))
    return ground.space("latin_hypercube", latin_hypercube(ground.count, ground.net.P, random))


def _sobol(ground: Ground) -> list[Start]:
    if ground.in_plane:
        return ground.window("sobol", sobol(ground.count, 2, ground.seed))
    return ground.space("sobol", sobol(ground.count, ground.net.P, ground.seed))


def _best_perturbed(ground: Ground) -> list[Start]:
    starts = [replace(_middle(ground)[0], name="best", kind="best")]
    for i in range(1, ground.count):
        random = seeds.stream(ground.seed, "neighbours", i)
        if ground.in_plane:
            turn = random.uniform(0, 2 * np.pi)
            starts.append(ground.at(f"near {i}", "best_perturbed", np.cos(turn), np.sin(turn)))
            continue
        middle = np.array(ground.plane.origin)
        change = filter_normalise(ground.net, random.standard_normal(ground.net.P).astype(middle.dtype), middle)
        starts.append(
            Start(f"near {i}", "best_perturbed", ground.seed, middle + middle.dtype.type(ground.nearness) * change)
        )
    return starts


_CORNER = (
    "A corner is the middle ± a stretch of u ± a stretch of v: in a space of thousands of dimensions a corner of this "
    "window, not of the space"
)
KINDS: dict[str, Kind] = {
    "corners_and_middle": Kind(
        "corners + middle",
        "corner",
        f"{_CORNER}; the fifth start is the middle itself.",
        ("reach", "plane"),
        _corners_and_middle,
    ),
    "corners": Kind("4 corners", "corner", f"{_CORNER}.", ("reach", "plane"), _corners),
    "middle": Kind("the middle alone", "middle", "One descent, from the middle of the plane.", (), _middle),
    "point": Kind(
        "the chosen point",
        "point",
        "One descent, from the point that was chosen on the landscape (hold the mouse there, or click and press Enter); it is "
        "kept as the model file to begin from.",
        (),
        _point,
    ),
    "ring": Kind(
        "a ring",
        "ring",
        "Starts at equal angles on a circle around the middle, all in the plane and equally far out: which way they roll "
        "shows where the valleys are.",
        ("count", "reach", "plane"),
        _ring,
    ),
    "grid": Kind(
        "a grid",
        "grid",
        "Starts in rows over the window, all in the plane: together they show which part of it drains where.",
        ("count", "reach", "plane"),
        _grid,
    ),
    "random": Kind(
        "random restarts",
        "restart",
        "Each start draws new first weights from the Gaussian of the start weights: independent networks, far from the "
        "plane and from each other.",
        ("count", "seed"),
        _random,
    ),
    "latin_hypercube": Kind(
        "Latin hypercube",
        "stratum",
        "Restarts that share out the Gaussian of every single weight: of K starts, each weight has exactly one value in "
        "each K-th of its distribution, where random restarts would leave gaps.",
        ("count", "seed"),
        _latin_hypercube,
    ),
    "sobol": Kind(
        "Sobol restarts",
        "Sobol point",
        "Restarts from a Sobol sequence: each weight's values are spread evenly over its Gaussian, and evenly together with "
        "those of other weights, best with 4, 8, 16, 32 or 64 starts.",
        ("count", "seed"),
        _sobol,
    ),
    "best_perturbed": Kind(
        "the best, perturbed",
        "near",
        "The network to begin from (a model, or the best of a run) and neighbours of it: each neuron's weights are moved in "
        "a random direction by the corner distance times their own length. Save the best and keep exploring.",
        ("count", "reach", "seed"),
        _best_perturbed,
    ),
}


def starting_points(
    kind: str,
    net: Network,
    plane: Plane,
    reach: float = 1.0,
    count: int = 5,
    seed: int = 0,
    scheme: str = "he",
    biases: str = "zero",
    scale: float | None = None,
    *,
    nearness: float | None = None,
    in_plane: bool = False,
) -> list[Start]:
    """The starts of a kind (one of KINDS, whose sentences say what they are).

    `reach` is how far starts in the plane lie along u and v, `nearness` (unless told, the same number) how far neighbours of
    the middle lie, in lengths of each neuron's own weights; `scheme`, `biases` and `scale` are those of fresh weights.
    """
    if kind not in KINDS:
        raise SetupError(f"starts {kind!r} are unknown; choose one of {', '.join(KINDS)}", "starts.kind")
    heeds = KINDS[kind].heeds
    if "count" in heeds and not 1 <= count <= MOST_STARTS:
        raise SetupError(f"choose from 1 to {MOST_STARTS} starts, not {count}", "starts.count")
    if ("reach" in heeds or in_plane) and not (reach > 0 and np.isfinite(reach)):
        raise SetupError(f"the starts must lie further out than 0, not {reach}", "starts.reach")
    near = reach if nearness is None else nearness
    return KINDS[kind].place(Ground(net, plane, reach, count, seed, scheme, biases, scale, near, in_plane))
