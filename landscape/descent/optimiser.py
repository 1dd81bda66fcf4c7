"""Optimisers: how a gradient becomes a step. Each is a value with a pure `init` and `step`.

The definitions are those of torch.optim (same names, defaults and weight-decay rule). The state is one array
(K, slots, D), so that a keyframe can store it whatever the optimiser; D is P, or 2 for descent inside a plane. Here stand
what all share and SGD; `landscape.descent.adaptive` has those that give every parameter a rate of its own.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.network.notation import Formula


class Optimiser(ABC):
    """The rule for one update. θ is (K, D); `rate` is the learning rate of this step; `count` starts at 1."""

    lr: float

    @property
    def slot_names(self) -> tuple[str, ...]:
        """What the state holds for every parameter, slot by slot."""
        return ()

    @property
    def slots(self) -> int:
        """How many numbers a parameter the state holds."""
        return len(self.slot_names)

    def init(self, thetas: NDArray) -> NDArray:
        """The state before the first step: zeros (K, slots, D)."""
        return np.zeros((len(thetas), self.slots, thetas.shape[-1]), thetas.dtype)

    @property
    def slot_symbols(self) -> tuple[str, ...]:
        """The symbols of the state in `formulas`, slot by slot."""
        return ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The step of one parameter written out, line by line, down to its change Δ.

        In terms of the parameter θ, its gradient g, the state before (`slot_symbols`), `numbers` and the lines above.
        Nothing: this optimiser tells only what came out.
        """
        return ()

    def numbers(self, count: int, rate: float) -> dict[str, float]:
        """The numbers of this optimiser that `formulas` name, in step number `count` at learning rate `rate`."""
        return {"η": rate}

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
    def slot_names(self) -> tuple[str, ...]:
        """The velocity, if there is momentum."""
        return ("velocity",) if self.momentum else ()

    @property
    def slot_symbols(self) -> tuple[str, ...]:
        """The velocity."""
        return ("v",) if self.momentum else ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The gradient, the velocity if there is momentum, and the change."""
        lines, g = decay_formulas(self.weight_decay)
        way = g
        if self.momentum:
            lines.append(Formula("v_new", "velocity: a share of the old one, plus the gradient", f"μ*v + {g}"))
            way = "v_new"
        if self.nesterov:
            lines.append(Formula("r", "the gradient, and a look ahead along the velocity", f"{g} + μ*v_new"))
            way = "r"
        return (*lines, Formula("Δ", "the change: against it, times the learning rate", f"-η*{way}"))

    def numbers(self, count: int, rate: float) -> dict[str, float]:
        """Rate η, momentum μ, weight decay d."""
        return {"η": rate, "μ": self.momentum, "d": self.weight_decay}

    def __post_init__(self) -> None:
        check_positive("learning rate", self.lr, "descent.learning_rate")
        check_share("momentum", self.momentum, "descent.momentum")
        check_not_negative("weight decay", self.weight_decay, "descent.weight_decay")
        if self.nesterov and self.momentum == 0:
            raise SetupError("Nesterov's step needs a momentum above 0", "descent.momentum")

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        number = thetas.dtype.type
        gradients = with_decay(thetas, gradients, self.weight_decay)
        if not self.momentum:
            return thetas - number(rate) * gradients, state
        velocity = number(self.momentum) * state[:, 0] + gradients
        step = gradients + number(self.momentum) * velocity if self.nesterov else velocity
        return thetas - number(rate) * step, velocity[:, None]


def with_decay(thetas: NDArray, gradients: NDArray, weight_decay: float) -> NDArray:
    """The gradients with torch's weight decay added: it pulls every parameter, biases too, towards zero."""
    return gradients + thetas.dtype.type(weight_decay) * thetas if weight_decay else gradients


def decay_formulas(weight_decay: float) -> tuple[list[Formula], str]:
    """The line of `with_decay`, if there is any, and the symbol of the gradient that is used from there on."""
    if not weight_decay:
        return [], "g"
    return [Formula("h", "the gradient with weight decay: a pull towards zero", "g + d*θ")], "h"


def check_positive(name: str, value: Any, field: str) -> None:
    """Refuse what is not a number above zero and finite."""
    if not _holds(lambda: value > 0 and math.isfinite(value)):
        raise SetupError(f"the {name} must be a number above 0, not {value!r}", field)


def check_not_negative(name: str, value: Any, field: str) -> None:
    """Refuse what is not a finite number from zero up."""
    if not _holds(lambda: value >= 0 and math.isfinite(value)):
        raise SetupError(f"{name} must be 0 or more, not {value!r}", field)


def check_share(name: str, value: Any, field: str) -> None:
    """Refuse what is not a number from 0 to below 1."""
    if not _holds(lambda: 0 <= value < 1):
        raise SetupError(f"{name} must be from 0 to below 1, not {value!r}", field)


def _holds(condition: Callable[[], bool]) -> bool:
    """Whether a condition on a number is met; what is no number meets none."""
    try:
        return bool(condition())
    except (TypeError, ValueError):
        return False
