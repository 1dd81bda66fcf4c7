"""What an axis of a plane is, in words and figures: where the direction comes from, how long it is, which layers it moves."""

from dataclasses import dataclass

import numpy as np

from landscape.plane import layer_shares
from landscape.run.choice import (
    DRAWN,
    FULLEST,
    KEPT,
    OF_PATHS,
    SEEN_FRAMES,
    SENTENCES,
    Details,
    choose_plane,
    spread_frames,
)
from landscape.run.portrait import Portrait
from landscape.run.run import Run

LENGTHS = {
    "filter": "Filter-normalised: each neuron's incoming weights are as long in it as in the model in the middle, so that the "
    "scale of a layer drops out (Li et al. 2018).",
    "layer": "Layer-normalised: each layer's weights are as long in it as in the model in the middle.",
    "random": "Not normalised: every weight counts alike, whatever the scale of its layer, and one unit can be long.",
    "pca": "Of length 1: a distance along it is a distance between parameters.",
    "hessian": "Of length 1: a distance along it is a distance between parameters.",
    "models": "As long as the way between two models: 0 is the one, 1 the other.",
    "weights": "One unit is one unit of this one number.",
    "gradient": "Minus the gradient, as long as the other axis is, so that both have one scale.",
}


@dataclass(frozen=True)
class AxisCard:
    """A direction's name, what is to be said about it, and its share per layer's weights and biases (W1, b1, …; in all 1)."""

    title: str
    sentences: tuple[str, ...]
    shares: dict[str, float]


def axis_card(run: Run, portrait: Portrait, axis: int) -> AxisCard:
    """The card of axis 0 (a, along u) or 1 (b, along v)."""
    plane = portrait.plane
    direction, other = (plane.u, plane.v) if axis == 0 else (plane.v, plane.u)
    length, size = float(np.linalg.norm(direction)), float(np.linalg.norm(plane.origin))
    cosine = float(np.dot(direction, other) / (length * np.linalg.norm(other)))
    share = f", {length / size:.3g} times the length of θ in the middle of the plane" if size > 0 else ""
    sentences = [
        _origin(portrait, axis),
        _laid(portrait),
        f"One unit is {length:.3g} long{share}.",
        LENGTHS.get(_normalisation(portrait.choice, axis), ""),
        f"It meets the other axis at {np.degrees(np.arccos(np.clip(cosine, -1, 1))):.0f}°.",
    ]
    title = f"{'ab'[axis]}: {plane.labels[axis]}"
    return AxisCard(title, tuple(filter(None, sentences)), layer_shares(run.net, direction))


def most_coverage(run: Run) -> float:
    """How much of the descents' movement the plane that holds most of it holds, 0 to 1, by frames spread over the run."""
    frames = run.frames
    plane = choose_plane(run, FULLEST, Details(), frames)
    return plane.coverage(np.asarray(run.thetas[spread_frames(frames, SEEN_FRAMES)]))


def _origin(portrait: Portrait, axis: int) -> str:
    """Where the direction comes from."""
    choice = portrait.choice
    if choice.startswith(KEPT):
        return "Kept with this run by its numbers."
    sentence = SENTENCES.get(choice, "Turned, toured to or opened by hand.")
    random = choice in DRAWN and not (choice in ("line", "gradient") and axis == 0)
    return f"{sentence} Drawn from seed {portrait.seed}." if random else sentence


def _laid(portrait: Portrait) -> str:
    """That the paths have grown since, where the plane looks at where they have led and its window keeps it where it was."""
    if portrait.choice not in OF_PATHS or portrait.fitted in (0, portrait.frames):
        return ""
    return f"Laid when the run had {portrait.fitted:,} of its {portrait.frames:,} frames: key 0 lays it anew."


def _normalisation(choice: str, axis: int) -> str:
    """Which of LENGTHS tells how long the direction is."""
    if choice in ("line", "gradient"):
        along = {"line": "models", "gradient": "gradient"}[choice]
        return along if axis == 0 else "" if choice == "line" else "filter"
    return {
        "filter": "filter", "biases": "filter", "one_layer": "filter", "starts": "", "layer": "layer", "random": "random",
        "pca_all": "pca", "pca_movement": "pca", "pca_one": "pca", "hessian": "hessian", "hessian_ends": "hessian",
        "through": "models", "weights": "weights",
    }.get(choice, "")  # fmt: skip
