"""Optimisers that give every parameter a rate of its own, from the squares of the gradients it has seen.

Definitions, names and defaults are those of torch.optim; `amsgrad` and `centered`, which it leaves off, are not here.
Inside a plane they adapt to the plane's two orthonormal coordinates.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.descent.optimiser import (
    Optimiser,
    check_not_negative,
    check_positive,
    check_share,
    decay_formulas,
    with_decay,
)
from landscape.errors import SetupError
from landscape.network.notation import Formula


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

    @property
    def slot_symbols(self) -> tuple[str, ...]:
        """The sum of squares."""
        return ("s",)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The sum of squares, the rate if it decays, and the change."""
        lines, g = decay_formulas(self.weight_decay)
        lines.append(Formula("s_new", "sum of the squared gradients so far", f"s + {g}**2"))
        rate = "η"
        if self.lr_decay:
            lines.append(Formula("η_t", "the learning rate, shrunk with the number of steps", "η / (1 + (t - 1)*c)"))
            rate = "η_t"
        change = f"-{rate}*{g} / (sqrt(s_new) + ε)"
        return (*lines, Formula("Δ", "the change: the gradient over that sum's root, times the learning rate", change))

    def numbers(self, count: int, rate: float) -> dict[str, float]:
        """Rate η, its decay c, step t, floor ε, weight decay d."""
        return {"η": rate, "t": count, "c": self.lr_decay, "ε": self.eps, "d": self.weight_decay}

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

    @property
    def slot_symbols(self) -> tuple[str, ...]:
        """The mean of squares, and the velocity."""
        return ("s", "v") if self.momentum else ("s",)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The mean of squares, the velocity if there is momentum, and the change."""
        lines, g = decay_formulas(self.weight_decay)
        lines.append(Formula("s_new", "running mean of the squared gradients", f"α*s + (1 - α)*{g}**2"))
        lines.append(Formula("r", "the gradient over the root of that mean", f"{g} / (sqrt(s_new) + ε)"))
        if self.momentum:
            lines.append(Formula("v_new", "velocity: a share of the old one, plus that", "μ*v + r"))
        change = f"-η*{'v_new' if self.momentum else 'r'}"
        return (*lines, Formula("Δ", "the change: against it, times the learning rate", change))

    def numbers(self, count: int, rate: float) -> dict[str, float]:
        """Rate η, memory α, momentum μ, floor ε, weight decay d."""
        return {"η": rate, "α": self.alpha, "μ": self.momentum, "ε": self.eps, "d": self.weight_decay}

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

    @property
    def slot_symbols(self) -> tuple[str, ...]:
        """First and second moment."""
        return ("m", "s")

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Both running means, both corrected for having begun at zero, and the change."""
        lines, g = decay_formulas(self.weight_decay)
        return (*lines, *_moments(g), Formula("Δ", "the change", "-η*m_hat / (sqrt(s_hat) + ε)"))

    def numbers(self, count: int, rate: float) -> dict[str, float]:
        """Rate η, memories β, step t, floor ε, weight decay d."""
        first, second = self.betas
        return {"η": rate, "β1": first, "β2": second, "t": count, "ε": self.eps, "d": self.weight_decay}

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

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Both running means, both corrected, the shrinking of the weight, and the change."""
        shrinking = Formula("k", "weight decay: the parameter itself shrinks", "-η*d*θ")
        return (*_moments("g"), shrinking, Formula("Δ", "the change", "k - η*m_hat / (sqrt(s_hat) + ε)"))

    def step(
        self, thetas: NDArray, gradients: NDArray, state: NDArray, count: int, rate: float
    ) -> tuple[NDArray, NDArray]:
        shrunk = thetas * thetas.dtype.type(1 - rate * self.weight_decay)
        return self._moved(shrunk, gradients, state, count, rate)


def _moments(g: str) -> tuple[Formula, ...]:
    return (
        Formula("m_new", "first moment: running mean of the gradient", f"β1*m + (1 - β1)*{g}"),
        Formula("s_new", "second moment: running mean of its square", f"β2*s + (1 - β2)*{g}**2"),
        Formula("m_hat", "first moment, corrected for having begun at zero", "m_new / (1 - β1**t)"),
        Formula("s_hat", "second moment, corrected the same way", "s_new / (1 - β2**t)"),
    )


def _check(optimiser: Adagrad | RMSprop | Adam) -> None:
    """Refuse numbers that make no sense in any of them."""
    check_positive("learning rate", optimiser.lr, "descent.learning_rate")
    check_not_negative("weight decay", optimiser.weight_decay, "descent.weight_decay")
    check_not_negative("eps", optimiser.eps, "descent.eps")
