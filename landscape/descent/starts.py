"""Where descents begin: the corners and the middle of a plane, or random restarts.

In a space of thousands of dimensions a corner is no corner of the space: it is a corner of the drawn window, the middle
plus or minus a stretch of each of the plane's two directions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane

KINDS = {
    "corners_and_middle": "corners + middle",
    "corners": "4 corners",
    "middle": "the middle alone",
    "random": "random restarts",
}
CORNERS = {"corner − −": (-1, -1), "corner + −": (1, -1), "corner − +": (-1, 1), "corner + +": (1, 1)}
MOST_STARTS = 64


@dataclass(frozen=True, eq=False)
class Start:
    """One starting point: its name on screen, its kind, the seed it came from, and θ (P,)."""

    name: str
    kind: str
    seed: int
    theta: NDArray


def starting_points(
    kind: str, net: Network, plane: Plane, reach: float = 1.0, count: int = 5, seed: int = 0, scheme: str = "he"
) -> list[Start]:
    """The starts of a kind; `reach` is how far the corners lie along u and v; `count` and `scheme` serve random restarts."""
    if kind not in KINDS:
        raise SetupError(f"starts {kind!r} are unknown; choose one of {', '.join(KINDS)}", "starts.kind")
    if kind == "random":
        if not 1 <= count <= MOST_STARTS:
            raise SetupError(f"choose from 1 to {MOST_STARTS} restarts, not {count}", "starts.count")
        own = [int(seeds.stream(seed, "restarts", i).integers(2**31)) for i in range(count)]
        return [Start(f"restart {i}", "random", s, net.init(s, scheme)) for i, s in enumerate(own, start=1)]
    starts = []
    if kind != "middle":
        if not (reach > 0 and np.isfinite(reach)):
            raise SetupError(f"the corners must lie further out than 0, not {reach}", "starts.reach")
        starts = [Start(name, "corner", seed, plane.point(a * reach, b * reach)) for name, (a, b) in CORNERS.items()]
    if kind != "corners":
        starts.append(Start("middle", "middle", seed, np.array(plane.origin)))
    return starts
