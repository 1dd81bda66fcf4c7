"""The words under a picture: what is drawn, over how many digits, and how much of the truth a plane can hold."""

import numpy as np

from landscape.export.loss_scale import loss_text
from landscape.export.scene import Scene
from landscape.network.cost import COSTS
from landscape.plane import Plane
from landscape.run.descending import OPTIMISERS, SCHEDULES
from landscape.run.run import CHECKPOINTS
from landscape.surface.measure import Measure
from landscape.surface.noise import noise_sentence

ACTIVATIONS = {"relu": "ReLU"}


def headline(scene: Scene) -> str:
    """What the picture shows, such as "Cost surface · PCA of all paths"."""
    portrait = scene.portrait
    words = portrait.words
    if portrait.choice == "pca_one":
        words = f"PCA of one path ({scene.run.starts[portrait.start].name})"
    return f"{_surface_words(scene.measure)} · {words}"


def _surface_words(measure: Measure) -> str:
    """What is drawn, for a headline: "Cost surface" is the loss over the training digits."""
    if measure == Measure():
        return "Cost surface"
    name = "Accuracy" if measure.quantity == "accuracy" else "Cost surface"
    return f"{name}, {measure.short}"


def hangs(scene: Scene) -> bool:
    """Whether these are models side by side, of which none has descended here."""
    return scene.run.engine == CHECKPOINTS and scene.run.frames == 1


def subject(scene: Scene) -> str:
    """Which network learns, and how."""
    setup = scene.run.setup
    layers = "-".join(map(str, setup.network.sizes))
    hidden = (
        f" {ACTIVATIONS.get(setup.network.activation, setup.network.activation)}"
        if len(setup.network.sizes) > 2
        else ""
    )
    if scene.run.engine == CHECKPOINTS:
        return f"{layers}{hidden} · put together from model files: how they were trained is not known"
    where = "inside this plane" if setup.descent.in_plane else f"all {scene.run.net.P:,} parameters move"
    if setup.descent.in_plane and scene.portrait.choice != "starts":
        where = "inside the plane of the starts"
    optimiser = OPTIMISERS[setup.descent.optimiser]
    if setup.descent.schedule != "constant":
        optimiser += f", {SCHEDULES[setup.descent.schedule]}"
    return (
        f"{layers}{hidden} · {optimiser} η {setup.descent.learning_rate:g}"
        f" · mini-batch {setup.descent.batch_size:,} · {where}"
    )


def time_text(scene: Scene, frame: int) -> str:
    """Step and epoch of a frame."""
    if hangs(scene):
        return "models side by side"
    epoch = float(scene.epochs[frame])
    digits = 1 if epoch >= 1 or epoch == 0 else 2
    return f"step {int(scene.steps[frame]):,} of {int(scene.steps[-1]):,} · epoch {epoch:.{digits}f}"


def moment(scene: Scene, frame: int) -> str:
    """Step, epoch and best so far at a frame."""
    found, start = scene.best_at(frame)
    where = f"{scene.run.starts[start].name}, step {int(scene.steps[found]):,}"
    return f"{time_text(scene, frame)} · ★ best so far: {scene.best_words(frame)} ({where})"


def share_text(share: float) -> str:
    """A share as a percentage that never rounds to a lie: 0.03 %, 4.2 %, 76 %, 99.97 %."""
    percent = 100 * share
    if percent >= 99.995:
        return "all (100 %)"
    if percent < 0.005:
        return "less than 0.01 %"
    digits = 2 if percent < 1 or percent > 99 else 1 if percent < 10 else 0
    return f"{percent:.{digits}f} %"


def coverage_sentence(scene: Scene) -> str:
    """How much of the movement the plane holds, and the random walk's yardstick for planes by PCA."""
    portrait = scene.portrait
    alone = portrait.choice == "pca_one"
    share = float(portrait.coverage[portrait.start]) if alone else portrait.coverage_all
    if not np.isfinite(share):
        return "" if hangs(scene) else "Nothing has moved yet: the points stand at their starts."
    whose = f"the movement from “{scene.run.starts[portrait.start].name}”" if alone else "the descents' movement"
    sentence = f"This plane holds {share_text(share)} of {whose}"
    if alone and scene.K > 1:
        sentence += f" ({share_text(portrait.coverage_all)} of all starts')"
    if portrait.yardstick is not None:
        sentence += f"; a random walk of that length would get {share_text(portrait.yardstick)}"
    if share < 0.5:
        sentence += ". The points drawn are shadows: the networks themselves lie off the plane, at their true loss"
    return sentence + "."


def loss_sentence(scene: Scene) -> str:
    """What the loss is a mean of, and its convention."""
    surface, cost = scene.surface, COSTS[scene.run.setup.network.cost]
    penalty = f" + {surface.l2 / 2:g} · sum of squared weights" if surface.l2 else ""
    measure = surface.measure
    words = measure.set_words if measure is not None else "digits"
    convention = cost.convention.removesuffix("; mean over examples")
    if measure is not None and measure.example is not None:
        return f"Loss of one example: {words}; {convention}{penalty}."
    if measure is not None and measure.quantity == "accuracy":
        return f"Accuracy: share of the {surface.examples:,} {words} that are classified rightly{_sides(measure)}."
    over = f"{surface.examples:,} {words}" if measure is None or measure.first is None else f"the {words}"
    return f"Loss: {convention}, mean over {over}{penalty}{_sides(measure)}."


def _sides(measure: Measure | None) -> str:
    return "" if measure is None or not measure.differs else ": above zero it is larger over the validation digits"


def lowest_sentence(scene: Scene) -> str:
    """The lowest cell of the grid, and whether all cells are computed."""
    rows, columns = scene.surface.heights.shape
    a, b, lowest = scene.surface.lowest()
    unit = scene.measure.unit
    found = (
        f"Lowest on this grid of {columns} × {rows}: {loss_text(lowest)}{unit} at a = {_number(a)}, b = {_number(b)}."
    )
    unfinished = "" if scene.surface.complete else " The surface is not finished: some cells are interpolated."
    return (found if np.isfinite(lowest) else "") + unfinished


def noise_words(scene: Scene) -> str:
    """What the hatching means, where there is one."""
    return noise_sentence(scene.surface) if scene.surface.noise is not None else ""


def _number(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")


def angle_sentence(plane: Plane) -> str:
    """A warning where the two directions are not at right angles, else nothing."""
    gram = plane.gram
    cosine = float(gram[0, 1] / np.sqrt(gram[0, 0] * gram[1, 1]))
    if abs(cosine) < 0.02:
        return ""
    return f"The two directions meet at {np.degrees(np.arccos(np.clip(cosine, -1, 1))):.0f}°, drawn at a right angle."


def axis_labels(plane: Plane) -> tuple[str, str]:
    """What a and b are, and the length of their unit in % of the length of θ in the middle of the plane."""
    length = float(np.linalg.norm(plane.origin))
    labels = []
    for name, words, unit in zip("ab", plane.labels, np.sqrt(np.diag(plane.gram)), strict=True):
        percent = 100 * unit / length if length > 0 else 0.0
        share = f" · 1 unit = {percent:{',.0f' if percent >= 1000 else '.3g'}} % of ‖θ‖" if percent else ""
        labels.append(f"{name} · {words}{share}")
    return labels[0], labels[1]
