"""What the page of weights shows of one update, worked out beside the window."""

from collections.abc import Iterator
from dataclasses import dataclass

from landscape.run.layer_figures import Following, LayerFigures, following, layer_figures
from landscape.run.run import Run
from landscape.run.update import Update, last_update, update_from
from landscape.run.weight_cloud import WeightCloud, weight_cloud
from landscape.run.weight_picture import WeightPictures, weight_pictures

QUANTITIES = ("weights", "gradient", "change")


@dataclass(frozen=True)
class Wish:
    """What is to be shown: the update after `step` of a start, in one layer (from 1)."""

    start: int
    step: int
    layer: int


@dataclass(frozen=True, eq=False)
class Content:
    """An update in figures of every layer; of one layer its pictures by QUANTITIES, and its clouds of |change|."""

    run: Run
    wish: Wish
    update: Update
    figures: tuple[LayerFigures, ...]
    pictures: dict[str, WeightPictures]
    against_gradient: WeightCloud
    against_weight: WeightCloud
    following: Following


def wish_at(run: Run, start: int, step: int, layer: int) -> Wish:
    """The update that leads on from a step; at the end of a start's way, the last one it made."""
    return Wish(start, max(0, min(step, last_update(run, start) - 1)), min(layer, len(run.net.layer_shapes)))


def working_out(run: Run, wish: Wish) -> Iterator[Content]:
    """One item: the content."""
    update = update_from(run, wish.start, wish.step)
    vectors = dict(zip(QUANTITIES, (update.theta, update.gradient, update.change), strict=True))
    pictures = {name: weight_pictures(run.net, run.digits, wish.layer, vector) for name, vector in vectors.items()}
    for picture in pictures.values():
        picture.levels  # noqa: B018  (made here and kept, not when the window paints)
    weights, gradient, change = (vector[run.net.layout[wish.layer - 1][0]] for vector in vectors.values())
    yield Content(
        run,
        wish,
        update,
        layer_figures(run.net, update),
        pictures,
        weight_cloud(gradient, change),
        weight_cloud(weights, change),
        following(weights, gradient, change),
    )
