"""Optimisers: how a gradient becomes a step. Each is a value with a pure `init` and `step`.

The definitions are those of torch.optim (same names, defaults and weight-decay rule). The state is one array
(K, slots, D), so that a keyframe can store it whatever the optimiser; D is P, or 2 for descent inside a plane.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError


class Optimiser(ABC):
    """The rule for one update. θ is (K, D); `rate` is the learning rate of this step; `count` starts at 1."""

    lr: float

    @property
    def slots(self) -> int:
        """How many numbers a parameter the state holds."""
        return 0

    def init(self, thetas: NDArray) -> NDArray:
        """The state before the first step: zeros (K, slots, D)."""
        return np.zeros((len(thetas), self.slots, thetas.shape[-1]), thetas.dtype)

    @abstractmethod
    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        """θ and state after the update, both new arrays."""


@dataclass(frozen=True)
class SGD(Optimiser):
    """Stochastic gradient descent, with momentum (Polyak) or Nesterov's, as torch.optim.SGD defines them."""

    lr: float = 0.1
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    @property
    def slots(self) -> int:
        """One, the velocity, if there is momentum."""
        return 1 if self.momentum else 0

    def __post_init__(self) -> None:
        check_positive("learning rate", self.lr, "descent.learning_rate")
        if not _holds(lambda: 0 <= self.momentum < 1):
            raise SetupError(f"momentum must be from 0 to below 1, not {self.momentum!r}", "descent.momentum")
        if not _holds(lambda: self.weight_decay >= 0 and math.isfinite(self.weight_decay)):
            raise SetupError(f"weight decay must be 0 or more, not {self.weight_decay!r}", "descent.weight_decay")
        if self.nesterov and self.momentum == 0:
            raise SetupError("Nesterov's step needs a momentum above 0", "descent.momentum")

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        number = thetas.dtype.type
        if self.weight_decay:
            gradients = gradients + number(self.weight_decay) * thetas
        if not self.momentum:
            return thetas - number(rate) * gradients, state
        velocity = number(self.momentum) * state[:, 0] + gradients
        step = gradients + number(self.momentum) * velocity if self.nesterov else velocity
        return thetas - number(rate) * step, velocity[:, None]


def check_positive(name: str, value: float, field: str) -> None:
    """Refuse a number that is not above zero and finite."""
    if not _holds(lambda: value > 0 and math.isfinite(value)):
        raise SetupError(f"the {name} must be a number above 0, not {value!r}", field)


def _holds(condition: Callable[[], bool]) -> bool:
    """Whether a condition on a number is met; what is no number meets none."""
    try:
        return bool(condition())
    except TypeError:
        return False
