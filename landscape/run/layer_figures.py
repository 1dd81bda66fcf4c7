"""What an update does to each layer, in figures: weights, gradients and changes, and the update-to-weight ratio.

Biases are left out: they begin at zero, so that a ratio to them says nothing. The guide for the ratio, about 1e-3, is that of
CS231n ("Ratio of weights:updates"): far below it the learning rate may be too low, far above it too high.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.run.standing import Standing
from landscape.run.update import Update

GUIDE = 1e-3
# So many times off the guide still counts as near: half a power of ten.
NEAR = math.sqrt(10)
# Two magnitudes go together, or have nothing to do with each other, from and up to these rank correlations.
TOGETHER, APART = 0.7, 0.3


@dataclass(frozen=True)
class Spread:
    """The smallest, the largest, the mean and the standard deviation of some numbers."""

    low: float
    high: float
    mean: float
    deviation: float

    @classmethod
    def of(cls, values: NDArray) -> Self:
        """Of all the values, summed in float64."""
        values = np.asarray(values, np.float64)
        return cls(float(values.min()), float(values.max()), float(values.mean()), float(values.std()))


@dataclass(frozen=True)
class LayerFigures:
    """One layer (from 1) at an update. `ratio` is ‖change‖ / ‖weights‖; NaN where all weights are zero.

    Where no step leads on, `change` is None and the ratio NaN.
    """

    layer: int
    shape: tuple[int, int]
    weights: Spread
    gradient: Spread
    change: Spread | None
    ratio: float

    @property
    def spreads(self) -> dict[str, Spread]:
        """What there is, by name: "weights", "gradient" and, at an update, "change"."""
        named = {"weights": self.weights, "gradient": self.gradient}
        return named if self.change is None else {**named, "change": self.change}

    @property
    def verdict(self) -> str:
        """How the ratio stands to the guide: "near", "low", "high", or "–" where there is none."""
        if not np.isfinite(self.ratio):
            return "–"
        return "low" if self.ratio < GUIDE / NEAR else "high" if self.ratio > GUIDE * NEAR else "near"


def layer_figures(net: Network, at: Update | Standing) -> tuple[LayerFigures, ...]:
    """The figures of every layer's weights at an update, or where a model stands that no step leads on from."""
    found = []
    for layer, ((place, _), shape) in enumerate(zip(net.layout, net.layer_shapes, strict=True), start=1):
        weights, gradient = Spread.of(at.theta[place]), Spread.of(at.gradient[place])
        change, ratio = None, float("nan")
        if isinstance(at, Update):
            change = Spread.of(at.change[place])
            size, moved = (float(np.linalg.norm(part[place].astype(np.float64))) for part in (at.theta, at.change))
            ratio = moved / size if size > 0 else ratio
        found.append(LayerFigures(layer, shape, weights, gradient, change, ratio))
    return tuple(found)


@dataclass(frozen=True)
class Likeness:
    """Whether large weights have large gradients: the rank correlation of the sizes, over the `compared` weights.

    `still` weights have a gradient of exactly zero. NaN where there is nothing to rank.
    """

    gradient: float
    compared: int
    still: int

    @property
    def lesson(self) -> str:
        """What the correlation says, in one plain sentence."""
        if not np.isfinite(self.gradient):
            return "There is no slope to compare here: every gradient is zero, or all weights are equally large."
        figures = f"rank correlation of |weight| with |gradient| {self.gradient:.2f}"
        if self.gradient >= APART:
            return f"Large weights have the larger gradients here ({figures})."
        if self.gradient <= -APART:
            return f"Large weights have the smaller gradients here ({figures})."
        return f"How large a weight is says little about its gradient here ({figures})."


def likeness(weights: NDArray, gradient: NDArray) -> Likeness:
    """Spearman's rank correlation of the sizes of some weights (n,) and their gradients."""
    sloping = np.asarray(gradient) != 0
    ranks = [_ranks(np.abs(np.asarray(values)[sloping])) for values in (weights, gradient)]
    return Likeness(_correlation(*ranks), int(sloping.sum()), int((~sloping).sum()))


@dataclass(frozen=True)
class Following:
    """What the sizes of the changes go with: rank correlations with the sizes of the gradients and of the weights.

    Over the `compared` weights whose gradient is not zero; `still` weights have a gradient of exactly zero on this
    mini-batch. NaN where there is nothing to rank.
    """

    gradient: float
    weight: float
    compared: int
    still: int

    @property
    def lesson(self) -> str:
        """What the two correlations say, in one plain sentence."""
        if not np.isfinite(self.gradient):
            return "No weight changes in this step: there is nothing to compare."
        figures = f"rank correlation of |change| with |gradient| {self.gradient:.2f}, with |weight| {_two(self.weight)}"
        if self.weight >= APART and self.weight > self.gradient - APART:
            return f"Here large weights change more: their size goes into the step, as with weight decay ({figures})."
        if self.gradient >= TOGETHER:
            return f"The optimiser follows the gradient, not the size of the weight ({figures})."
        return (
            "Not the size of the weight decides: the optimiser follows the gradients, those of earlier steps too, "
            f"or gives each weight a rate of its own ({figures})."
        )


def following(weights: NDArray, gradient: NDArray, change: NDArray) -> Following:
    """What the changes (n,) of some weights go with: Spearman's rank correlation of the absolute values."""
    moved = np.asarray(gradient) != 0
    sizes = [np.abs(np.asarray(values)[moved]) for values in (change, gradient, weights)]
    ranks = [_ranks(values) for values in sizes]
    return Following(
        _correlation(ranks[0], ranks[1]), _correlation(ranks[0], ranks[2]), int(moved.sum()), int((~moved).sum())
    )


def _ranks(values: NDArray) -> NDArray:
    """The rank of each value, (n,); equal values share their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _correlation(one: NDArray, other: NDArray) -> float:
    if len(one) < 2:
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths > 0 else float("nan")


def _two(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "not defined"
