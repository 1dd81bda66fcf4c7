"""The barrier between two models while the hidden neurons of one are moved to their places, one after another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.comparison.line import Line, interpolating
from landscape.comparison.matching import neuron_orders, one_by_one, reordered
from landscape.data import Split
from landscape.network import Network

FRAMES = 40


@dataclass(frozen=True, eq=False)
class Fall:
    """The line to θ_b over each set of digits when `moves` of `all_moves` neurons (or pairs of them) stand in their places.

    `whole` says whether the lines are those of this moment, or still those of the one before; `done` is the fraction of all.
    """

    moves: int
    all_moves: int
    lines: Mapping[str, Line]
    theta: NDArray
    done: float
    whole: bool = True


def falling(
    net: Network,
    theta_a: NDArray,
    theta_b: NDArray,
    sets: Mapping[str, Split],
    points: int = 51,
    frames: int = FRAMES,
    seed: int = 0,
) -> Iterator[Fall]:
    """`falling_barrier` over several sets of digits at once: about `frames` moments, the last of which is all matched.

    Every moment's θ_b computes the same. Yields also while a line is being evaluated, so that closing it is quick.
    """
    orders = neuron_orders(net, theta_a, theta_b, seed)
    ways = [[np.arange(len(order)) for order in orders], *one_by_one(net, orders)]
    last = len(ways) - 1
    moments = np.unique(np.linspace(0, last, min(last, frames) + 1).round().astype(int)).tolist()
    known: Fall | None = None
    for number, moves in enumerate(moments):
        theta = reordered(net, theta_b, ways[moves])
        lines: dict[str, Line] = {}
        for at, (which, split) in enumerate(sets.items()):
            for line in interpolating(net, theta_a, theta, split.images, split.labels, points):
                lines[which] = line
                if known is not None:
                    done = (number + (at + line.done) / (len(sets) + 1)) / len(moments)
                    yield Fall(known.moves, last, known.lines, known.theta, done, whole=False)
        known = Fall(moves, last, lines, theta, (number + 1) / len(moments))
        yield known
