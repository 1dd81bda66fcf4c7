"""The cost of every single example: what the average hides."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.network.network import Network


@dataclass(frozen=True)
class ClassCosts:
    """One class's examples: how many, how many guessed wrongly, their mean cost, and their share of the whole cost."""

    label: int
    count: int
    wrong: int
    mean: float
    share: float


@dataclass(frozen=True, eq=False)
class ExampleCosts:
    """What each of n examples costs a network: losses (n,), and beside them labels and guesses (n,)."""

    losses: NDArray
    labels: NDArray
    guesses: NDArray

    @classmethod
    def of(cls, net: Network, theta: NDArray, X: NDArray, y: NDArray) -> "ExampleCosts":
        """The costs of examples X (n, n_in), labels y (n,), under parameters θ (P,)."""
        costs = cls(net.example_losses(theta, X, y), np.array(y), net.predict(theta, X))
        for values in vars(costs).values():
            values.flags.writeable = False
        return costs

    @property
    def mean(self) -> float:
        """The loss: the mean of all costs."""
        return float(self.losses.mean(dtype=np.float64))

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which examples are guessed wrongly, (n,)."""
        return self.guesses != self.labels

    def costliest(self, count: int = 20) -> NDArray[np.int64]:
        """The places of the costliest examples, the costliest first; equal ones in their order."""
        return np.argsort(-self.losses, kind="stable")[:count]

    def histogram(self, bins: int = 40) -> tuple[NDArray[np.int64], NDArray]:
        """How many examples cost how much: counts (bins,) and the edges between them (bins + 1,), a fixed ratio apart.

        Costs spread over powers of ten; what is below a millionth of the largest lies in the first bin.
        """
        if bins < 1:
            raise SetupError(f"a histogram needs at least 1 bin, not {bins}")
        finite = self.losses[np.isfinite(self.losses)].astype(np.float64)
        top = float(finite.max(initial=0.0)) or 1.0
        low = max(float(finite.min(initial=top)), 1e-6 * top)
        if low == top:
            low = top / 10
        edges = np.geomspace(low, top, bins + 1)
        counts, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), edges)
        return counts, edges

    def shares(self, edges: NDArray) -> NDArray:
        """Which share of the whole cost the examples of each bin of `histogram` make up, (bins,): their sum is 1, or 0."""
        finite = self.losses[np.isfinite(self.losses)].astype(np.float64)
        sums, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), edges, weights=finite)
        total = finite.sum()
        return np.asarray(sums / total if total > 0 else sums)

    @cached_property
    def classes(self) -> tuple["ClassCosts", ...]:
        """What each class that occurs costs, in the order of the labels."""
        total = float(self.losses.sum(dtype=np.float64))
        found = []
        for label in np.unique(self.labels):
            own = self.labels == label
            cost = float(self.losses[own].sum(dtype=np.float64))
            count = int(own.sum())
            share = cost / total if total > 0 else 0.0
            found.append(ClassCosts(int(label), count, int(self.wrong[own].sum()), cost / count, share))
        return tuple(found)

    def by_class(self) -> dict[int, float]:
        """The mean cost of each class that occurs."""
        return {each.label: each.mean for each in self.classes}

    def share_of_costliest(self, part: float = 0.1) -> float:
        """Which share of the whole cost the costliest part of the examples makes up."""
        count = max(1, round(part * len(self.losses)))
        losses = np.sort(self.losses.astype(np.float64))[::-1]
        total = losses.sum()
        return float(losses[:count].sum() / total) if total > 0 else 0.0

    @cached_property
    def sentence(self) -> str:
        """What the average hides, in plain words."""
        by_class = self.by_class()
        dearest, cheapest = max(by_class, key=by_class.__getitem__), min(by_class, key=by_class.__getitem__)
        return (
            f"The mean cost is {self.mean:.3g}, but half of the {len(self.losses):,} examples cost less than "
            f"{np.median(self.losses):.2g}. The costliest hundredth make up {self.share_of_costliest(0.01):.0%} of the whole "
            f"cost, the costliest tenth {self.share_of_costliest():.0%}. "
            f"Class {dearest} is the dearest ({by_class[dearest]:.3g}), class {cheapest} the cheapest ({by_class[cheapest]:.3g})."
        )
