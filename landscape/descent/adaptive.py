"""Optimisers that give every parameter a rate of its own, from the squares of the gradients it has seen.

Definitions, names and defaults are those of torch.optim; `amsgrad` and `centered`, which it leaves off, are not here.
Inside a plane they adapt to the plane's two orthonormal coordinates.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent.optimiser import Optimiser, check_not_negative, check_positive, check_share, with_decay
from landscape.errors import SetupError


@dataclass(frozen=True)
class Adagrad(Optimiser):
    """Steps shrink with the sum of squared gradients so far (Duchi, Hazan and Singer 2011; torch.optim.Adagrad)."""

    lr: float = 1e-2
    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def __post_init__(self) -> None:
        _check(self)
        check_not_negative("lr_decay", self.lr_decay, "descent.optimiser")
        check_not_negative("the initial accumulator value", self.initial_accumulator_value, "descent.optimiser")

    @property
    def slot_names(self) -> tuple[str, ...]:
        """The sum of squared gradients."""
        return ("sum of squares",)

    def init(self, thetas: NDArray) -> NDArray:
        """The sums before the first step, (K, 1, D)."""
        return np.full_like(super().init(thetas), self.initial_accumulator_value)

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        number = thetas.dtype.type
        gradients = with_decay(thetas, gradients, self.weight_decay)
        total = state[:, 0] + gradients * gradients
        rate = rate / (1 + (count - 1) * self.lr_decay)
        return thetas - number(rate) * (gradients / (np.sqrt(total) + number(self.eps))), total[:, None]


@dataclass(frozen=True)
class RMSprop(Optimiser):
    """Steps are divided by the root of a running mean of squared gradients (Hinton 2012; torch.optim.RMSprop)."""

    lr: float = 1e-2
    alpha: float = 0.99
    momentum: float = 0.0
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check(self)
        check_share("alpha", self.alpha, "descent.alpha")
        check_share("momentum", self.momentum, "descent.momentum")

    @property
    def slot_names(self) -> tuple[str, ...]:
        """The mean of squared gradients, and the velocity, if there is momentum."""
        return ("mean of squares", "velocity") if self.momentum else ("mean of squares",)

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        number = thetas.dtype.type
        gradients = with_decay(thetas, gradients, self.weight_decay)
        mean = number(self.alpha) * state[:, 0] + number(1 - self.alpha) * (gradients * gradients)
        step = gradients / (np.sqrt(mean) + number(self.eps))
        if not self.momentum:
            return thetas - number(rate) * step, mean[:, None]
        velocity = number(self.momentum) * state[:, 1] + step
        return thetas - number(rate) * velocity, np.stack([mean, velocity], axis=1)


@dataclass(frozen=True)
class Adam(Optimiser):
    """A running mean of the gradient over the root of one of its squares (Kingma and Ba 2015; torch.optim.Adam).

    Weight decay joins the gradient, and so is divided by that root as well.
    """

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check(self)
        if not isinstance(self.betas, tuple | list) or len(self.betas) != 2:
            raise SetupError(f"betas are two numbers, such as (0.9, 0.999), not {self.betas!r}", "descent.betas")
        for beta in self.betas:
            check_share("each of the betas", beta, "descent.betas")

    @property
    def slot_names(self) -> tuple[str, ...]:
        """The running means of the gradient and of its square, not yet corrected for beginning at zero."""
        return ("first moment", "second moment")

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        return self._moved(thetas, with_decay(thetas, gradients, self.weight_decay), state, count, rate)

    def _moved(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        number = thetas.dtype.type
        keep_first, keep_second = self.betas
        first = state[:, 0] + number(1 - keep_first) * (gradients - state[:, 0])
        second = number(keep_second) * state[:, 1] + number(1 - keep_second) * (gradients * gradients)
        # Both means began at zero: dividing by 1 − β^count makes up for that.
        root = np.sqrt(second) / number(math.sqrt(1 - keep_second**count)) + number(self.eps)
        return thetas - number(rate / (1 - keep_first**count)) * (first / root), np.stack([first, second], axis=1)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay is apart from the gradient (Loshchilov and Hutter 2019; torch.optim.AdamW)."""

    weight_decay: float = 1e-2

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        shrunk = thetas * thetas.dtype.type(1 - rate * self.weight_decay)
        return self._moved(shrunk, gradients, state, count, rate)


def _check(optimiser: Adagrad | RMSprop | Adam) -> None:
    """Refuse numbers that make no sense in any of them."""
    check_positive("learning rate", optimiser.lr, "descent.learning_rate")
    check_not_negative("weight decay", optimiser.weight_decay, "descent.weight_decay")
    check_not_negative("eps", optimiser.eps, "descent.eps")
