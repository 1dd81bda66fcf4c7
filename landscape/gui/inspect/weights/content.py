"""What the page of weights shows of one update, or of a model that none leads on from, worked out beside the window."""

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.typing import NDArray

from landscape.data import Digits
from landscape.gui.subject import Subject
from landscape.network import Network
from landscape.run.layer_figures import Following, LayerFigures, Likeness, following, layer_figures, likeness
from landscape.run.run import Run
from landscape.run.standing import Standing, digits_for, standing
from landscape.run.update import Update, last_update, update_from
from landscape.run.weight_cloud import WeightCloud, weight_cloud
from landscape.run.weight_picture import WeightPictures, weight_pictures

QUANTITIES = ("weights", "gradient", "change")


@dataclass(frozen=True)
class Wish:
    """What is to be shown, in one layer (from 1): the update after `step` of a start or, if there is one, the `subject`."""

    start: int
    step: int
    layer: int
    subject: Subject | None = None


@dataclass(frozen=True, eq=False)
class Content:
    """Figures of every layer, and pictures of one by those of QUANTITIES that there are."""

    run: Run
    wish: Wish
    net: Network
    figures: tuple[LayerFigures, ...]
    pictures: dict[str, WeightPictures]


@dataclass(frozen=True, eq=False)
class UpdateContent(Content):
    """An update, with the clouds of |change| of the chosen layer."""

    update: Update
    against_gradient: WeightCloud
    against_weight: WeightCloud
    following: Following


@dataclass(frozen=True, eq=False)
class StandingContent(Content):
    """A model and the gradient where it stands, with the cloud of |gradient| against |weight| of the chosen layer."""

    standing: Standing
    gradient_against_weight: WeightCloud
    likeness: Likeness


def wish_at(run: Run, start: int, step: int, layer: int) -> Wish:
    """The update that leads on from a step; at the end of a start's way, the last one it made."""
    return Wish(start, max(0, min(step, last_update(run, start) - 1)), min(layer, len(run.net.layer_shapes)))


def wish_of(subject: Subject, layer: int) -> Wish:
    """A model where it stands."""
    return Wish(subject.start or 0, 0, min(layer, len(subject.net.layer_shapes)), subject)


def working_out(run: Run, wish: Wish, before: Content | None = None) -> Iterator[Content | Standing]:
    """The content, after every part of a gradient over many digits; taken from the one shown before if only the layer differs."""
    subject = wish.subject
    if subject is None:
        yield _of_update(run, wish)
        return
    if isinstance(before, StandingContent) and before.run is run and before.wish.subject is subject:
        yield _of_standing(run, wish, before.standing)
        return
    digits = digits_for(run, subject.classes, subject.preprocess)
    for found in standing(run, subject.net, subject.theta, digits):
        yield found
    yield _of_standing(run, wish, found)


def _of_update(run: Run, wish: Wish) -> UpdateContent:
    update = update_from(run, wish.start, wish.step)
    vectors = dict(zip(QUANTITIES, (update.theta, update.gradient, update.change), strict=True))
    pictures = _pictures(run.net, run.digits, wish.layer, vectors)
    weights, gradient, change = (vector[run.net.layout[wish.layer - 1][0]] for vector in vectors.values())
    return UpdateContent(
        run,
        wish,
        run.net,
        layer_figures(run.net, update),
        pictures,
        update,
        weight_cloud(gradient, change),
        weight_cloud(weights, change),
        following(weights, gradient, change),
    )


def _of_standing(run: Run, wish: Wish, found: Standing) -> StandingContent:
    vectors = {"weights": found.theta, "gradient": found.gradient}
    pictures = _pictures(found.net, found.digits, wish.layer, vectors)
    weights, gradient = (vector[found.net.layout[wish.layer - 1][0]] for vector in vectors.values())
    return StandingContent(
        run,
        wish,
        found.net,
        layer_figures(found.net, found),
        pictures,
        found,
        weight_cloud(weights, gradient),
        likeness(weights, gradient),
    )


def _pictures(net: Network, digits: Digits, layer: int, vectors: dict[str, NDArray]) -> dict[str, WeightPictures]:
    pictures = {name: weight_pictures(net, digits, layer, vector) for name, vector in vectors.items()}
    for picture in pictures.values():
        picture.levels  # noqa: B018  (made here and kept, not when the window paints)
    return pictures
