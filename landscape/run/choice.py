"""Which plane a run is looked at on: the choices of the window and the command line, in words, and how each is made."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.run.kept_plane import kept_planes
from landscape.run.places import model_at, place_words
from landscape.run.run import Run

PLANES = {
    "starts": "plane of the starts",
    "filter": "random, filter-normalised",
    "random": "random, plain",
    "layer": "random, layer-normalised",
    "biases": "random, biases too",
    "one_layer": "random, one layer only",
    "pca_all": "PCA of all paths",
    "pca_movement": "PCA of movement",
    "pca_one": "PCA of one path",
    "through": "through start, end and best",
    "line": "line from start to best",
    "hessian": "most curved (Hessian)",
    "hessian_ends": "most and least curved (Hessian)",
    "gradient": "gradient and random",
    "weights": "two weights",
}
SENTENCES = {
    "starts": "The plane whose corners and middle the descents begin at, drawn when the run was made.",
    "filter": "Two random directions through the best point, each neuron's weights scaled to the length they have there.",
    "random": "Two random directions through the best point, all weights alike: a network's scale shows in the picture.",
    "layer": "Two random directions through the best point, each layer's weights scaled to the length they have there.",
    "biases": "Two random directions through the best point, scaled neuron by neuron, in which the biases move too.",
    "one_layer": "Two random directions through the best point in which one layer's weights move and the others stay.",
    "pca_all": "The two directions in which the paths of all starts spread most.",
    "pca_movement": "The two directions that hold most of the movement of all starts, counted from where each began.",
    "pca_one": "The two directions in which the chosen start's path spreads most.",
    "through": "The plane through three models: where the chosen start began, where it ended, and the best so far.",
    "line": "From where the chosen start began straight to the best so far, and a random direction across.",
    "hessian": "The two directions in which the loss curves upwards most at the best point.",
    "hessian_ends": "The directions in which the loss curves upwards most and downwards most (or least) at the best point.",
    "gradient": "Straight down the gradient at a point, at first the best so far, and a random direction across.",
    "weights": "Two single weights move and all others stay: at first the two that moved farthest from the chosen start.",
}
# What a run is looked at on before anything else is chosen, where the starts are seen apart; and what shows most of the way
# down, where they may all begin at one spot of the picture.
USUAL, FULLEST = "pca_all", "pca_movement"
A_SHADOW = 0.1  # of the movement: a plane that holds less shows paths that hardly move
SEEN_FRAMES = 60  # so many of a run's frames tell what a plane holds
# Choosing one of these again, with another seed, draws other directions.
DRAWN = ("filter", "random", "layer", "biases", "one_layer", "line", "gradient")
# These look at where the paths have led: they need a run that has taken some steps.
OF_PATHS = ("pca_all", "pca_movement", "pca_one", "through", "line", "weights")
# These measure the loss around a point: they need the digits.
OF_DIGITS = ("hessian", "hessian_ends", "gradient")
# Which of the details each choice looks at, besides the seed of those that are drawn.
AT_A_POINT = ("filter", "random", "layer", "biases", "one_layer", "hessian", "hessian_ends", "gradient", "weights")
OF_ONE_START = ("pca_one", "through", "line", "weights")
# A plane kept with the run is chosen by its name after these letters.
KEPT = "kept:"
# PCA and its yardstick look at so many models at most: more would not change the plane visibly.
MOST_MODELS = 400
# A triangle of models lower than this share of its base is no picture of three places.
LEAST_WIDTH = 0.05


@dataclass(frozen=True, eq=False)
class Details:
    """What a choice may need besides its name; each plane takes what it knows.

    `at` is one of `places`: the model that the planes of AT_A_POINT are laid through, unless `point` is that model itself,
    θ (P,). `points` are the three places of "through"; `step` is the one that "shown" means. `layer` counts from 1;
    `weights` are two indices of θ (None: the two that moved farthest).
    """

    start: int = 0
    seed: int = 0
    point: NDArray | None = None
    layer: int = 1
    weights: tuple[int, int] | None = None
    at: str = "best"
    points: tuple[str, str, str] = ("start", "end", "best")
    step: int | None = None

    @property
    def usual(self) -> bool:
        """Whether nothing but start, seed and step was chosen."""
        return self.point is None and (self.layer, self.weights, self.at, self.points) == (
            Details.layer, Details.weights, Details.at, Details.points,
        )  # fmt: skip


def known_plane(run: Run, choice: str) -> bool:
    """Whether a run can be looked at on this choice: one of PLANES, or the name of a kept plane after "kept:"."""
    return choice in PLANES or choice.removeprefix(KEPT) in {kept.name for kept in kept_planes(run)}


def plane_words(choice: str) -> str:
    """What a choice is called on screen and under pictures."""
    return PLANES.get(choice) or f"kept plane “{choice.removeprefix(KEPT)}”"


def opening_plane(run: Run) -> str:
    """The choice that a run which has ended opens with: USUAL, or FULLEST where USUAL holds next to nothing of the movement."""
    frames = run.frames
    thetas = np.asarray(run.thetas[spread_frames(frames, SEEN_FRAMES)])
    held = {choice: choose_plane(run, choice, Details(), frames).coverage(thetas) for choice in (USUAL, FULLEST)}
    return FULLEST if held[USUAL] < A_SHADOW and held[FULLEST] > 2 * held[USUAL] else USUAL


def choose_plane(run: Run, choice: str, details: Details, frames: int) -> Plane:
    """The plane of a choice, as the run stands after its first `frames` frames."""
    if choice.startswith(KEPT):
        return _kept(run, choice.removeprefix(KEPT))
    if choice not in PLANES:
        raise SetupError(f"the plane {choice!r} is unknown; choose one of {', '.join(PLANES)}", "plane")
    if not 0 <= details.start < run.K:
        raise SetupError(f"start {details.start} does not exist: the run has starts 0 to {run.K - 1}", "plane.start")
    if choice == "starts":
        return run.plane
    if choice.startswith("pca"):
        each = max(3, MOST_MODELS // (1 if choice == "pca_one" else run.K))
        thetas = run.thetas[spread_frames(frames, each)]
        if choice == "pca_movement":
            return Plane.movement(thetas)
        return Plane.pca(thetas if choice == "pca_all" else thetas[:, details.start])
    if choice == "through" and details.points != Details.points:
        models = [model_at(run, place, details.start, frames, details.step) for place in details.points]
        first, second, third = (place_words(run, place) for place in details.points)
        return replace(Plane.through(*models), labels=(f"from {first} to {second}", f"from {first} to {third}"))
    if choice in ("through", "line"):
        return _between_models(run, choice, details, frames)
    here = details.point
    if here is None:
        here = model_at(run, details.at, details.start, frames, details.step)
    if choice == "weights":
        i, j = details.weights or farthest_moved(run, details.start, frames)
        return Plane.weights(here, i, j, run.net)
    # A stream of its own: with the plane's seed as it is, seed 0 would draw the plane of the starts over again.
    seed = int(seeds.stream(details.seed, "portrait", choice).integers(2**31))
    if choice in ("hessian", "hessian_ends"):
        which = "largest" if choice == "hessian" else "largest_and_smallest"
        return Plane.hessian(run.net, here, *run.measured(), which, run.setup.descent.l2)  # type: ignore[arg-type]
    if choice == "gradient":
        return Plane.gradient(run.net, here, *run.measured(), seed, l2=run.setup.descent.l2)
    manner = {"random": None, "layer": "layer"}.get(choice, "filter")
    layer = details.layer if choice == "one_layer" else None
    return Plane.random(run.net, here, seed, manner, choice == "biases", orthogonal=True, layer=layer)


def spread_frames(frames: int, most: int) -> NDArray:
    """At most so many of the first `frames` frames, evenly spread, the first and last among them."""
    return np.unique(np.linspace(0, frames - 1, min(frames, most)).round().astype(int))


def _kept(run: Run, name: str) -> Plane:
    for kept in kept_planes(run):
        if kept.name == name:
            return kept.plane
    raise SetupError(f"no plane named {name!r} is kept with this run: choose another one", "plane")


def _between_models(run: Run, choice: str, details: Details, frames: int) -> Plane:
    best, path = model_at(run, "best", details.start, frames), run.thetas[:frames, details.start]
    first, last = np.array(path[0]), np.array(path[-1])
    if choice == "line":
        plane = Plane.line(first, best, int(seeds.stream(details.seed, "portrait", choice).integers(2**31)))
        return replace(plane, labels=("from the start to the best", plane.labels[1]))
    rows = spread_frames(frames, 100)
    off = _off_line(np.stack([*path[rows], best]), first, last)
    # The best is often the end itself, or close to it: three such points are nearly a line. The path's bend is the third then.
    third, words = best, "towards the best"
    if off[-1] < LEAST_WIDTH * np.linalg.norm(last - first):
        third, words = np.array(path[rows[np.argmax(off[:-1])]]), "towards the path's widest bend"
    plane = Plane.through(first, last, third)
    return replace(plane, labels=("from the start to its end", words))


def _off_line(thetas: NDArray, first: NDArray, last: NDArray) -> NDArray:
    """How far models (n, P) lie off the line through two others, (n,) float64."""
    way, offsets = (last - first).astype(np.float64), (thetas - first).astype(np.float64)
    length = float(way @ way)
    along = offsets @ way / length if length else np.zeros(len(thetas))
    return np.linalg.norm(offsets - np.outer(along, way), axis=1)


def farthest_moved(run: Run, start: int, frames: int) -> tuple[int, int]:
    """The two parameters that lie farthest from where the start began: indices of θ."""
    moved = np.abs(run.thetas[frames - 1, start] - run.thetas[0, start])
    i, j = np.argsort(-moved, kind="stable")[:2]
    return int(i), int(j)
