"""The sections of the setup that say how the networks learn and where they begin."""

from typing import Annotated, Any, Literal

from pydantic import Field

from landscape.descent.adaptive import Adagrad, Adam, AdamW, RMSprop
from landscape.descent.optimiser import SGD, Optimiser
from landscape.descent.schedule import (
    Constant,
    CosineDecay,
    ExponentialDecay,
    OneCycle,
    Schedule,
    StepDecay,
    WarmUp,
)
from landscape.descent.starts import KINDS, MOST_STARTS
from landscape.descent.stopping import Goals
from landscape.run.section import Section, Seed

OPTIMISERS = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "Nesterov",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
# Rates with which each does well on digits; those of the adaptive ones are far smaller, for they divide by the gradient.
USUAL_RATES = {
    "sgd": 0.3,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 0.05,
    "rmsprop": 0.003,
    "adam": 0.003,
    "adamw": 0.003,
}
SCHEDULES = {
    "constant": "constant",
    "step": "in steps",
    "exponential": "exponential",
    "cosine": "cosine",
    "warm_up": "warm-up",
    "warm_up_cosine": "warm-up, cosine",
    "one_cycle": "1-cycle",
}
_WITH_MOMENTUM = ("momentum", "nesterov")
_ADAPTIVE = ("adagrad", "rmsprop", "adam", "adamw")


def _usual_rate(values: dict[str, Any]) -> float:
    return USUAL_RATES[values.get("optimiser", "sgd")]


def _used_with(**choices: tuple[str, ...]) -> dict[str, Any]:
    return {"used_with": {name: list(values) for name, values in choices.items()}}


class DescentSetup(Section):
    """How the networks learn."""

    optimiser: Literal[tuple(OPTIMISERS)] = Field(  # type: ignore[valid-type]
        "sgd",
        title="Optimiser",
        description="SGD steps down the gradient; momentum also keeps part of the step before, and Nesterov's looks ahead "
        "along it. Adagrad, RMSprop, Adam and AdamW give every weight a rate of its own, from the gradients it has seen. All as "
        "torch.optim defines them.",
        json_schema_extra={"labels": {**OPTIMISERS}},
    )
    learning_rate: float = Field(
        default_factory=_usual_rate,
        gt=0,
        le=1e9,
        title="Rate η",
        description="Length of a step: the change is η times the gradient. Left out, it is the usual one of the optimiser: "
        + ", ".join(f"{OPTIMISERS[name]} {rate:g}" for name, rate in USUAL_RATES.items())
        + ".",
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        title="Momentum",
        description="Share of the step before that is kept (used by momentum and Nesterov).",
        json_schema_extra=_used_with(optimiser=_WITH_MOMENTUM),
    )
    alpha: float = Field(
        0.99,
        ge=0,
        lt=1,
        title="Memory α",
        description="RMSprop: share of the mean of squared gradients that is kept at each step.",
        json_schema_extra=_used_with(optimiser=("rmsprop",)),
    )
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = Field(
        (0.9, 0.999),
        title="Memory β₁ β₂",
        description="Adam and AdamW: shares of the running means of the gradient and of its square that are kept at each step.",
        json_schema_extra=_used_with(optimiser=("adam", "adamw")),
    )
    eps: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None,
        title="Floor ε",
        description="Added to the root that adaptive optimisers divide by. Empty: the usual one (1e-8, Adagrad 1e-10).",
        json_schema_extra=_used_with(optimiser=_ADAPTIVE),
    )
    weight_decay: Annotated[float, Field(ge=0, le=1e3)] | None = Field(
        None,
        title="Weight decay",
        description="Pulls every parameter towards zero at each step, as torch.optim does: added to the gradient, but AdamW "
        "shrinks the weights themselves. Empty: the usual one (0.01 for AdamW, else 0).",
    )
    schedule: Literal[tuple(SCHEDULES)] = Field(  # type: ignore[valid-type]
        "constant",
        title="Schedule",
        description="How the rate changes on the way. In steps: times the decay factor at once, every so many epochs. "
        "Exponential: the same, little by little. Cosine: along half a wave down to zero at the end. Warm-up: a rise from a "
        "third of the rate first. 1-cycle: up from a 25th, then far down.",
        json_schema_extra={"labels": {**SCHEDULES}},
    )
    decay: float = Field(
        0.5,
        gt=0,
        le=1,
        title="Decay factor",
        description="What the rate is multiplied by every so many epochs.",
        json_schema_extra=_used_with(schedule=("step", "exponential")),
    )
    decay_every: float = Field(
        1.0,
        gt=0,
        le=10_000,
        title="Decay every",
        description="Epochs in which the rate falls by the decay factor once.",
        json_schema_extra=_used_with(schedule=("step", "exponential")),
    )
    warm_up: float = Field(
        1.0,
        gt=0,
        le=10_000,
        title="Warm-up",
        description="Epochs in which the rate rises in a straight line from a third to the whole.",
        json_schema_extra=_used_with(schedule=("warm_up", "warm_up_cosine")),
    )
    peak: float = Field(
        0.3,
        gt=0,
        lt=1,
        title="Peak at",
        description="Share of all steps after which the 1-cycle's rate is highest.",
        json_schema_extra=_used_with(schedule=("one_cycle",)),
    )
    batch_size: int = Field(
        32,
        ge=1,
        le=60_000,
        title="Mini-batch",
        description="Digits that one gradient step looks at; with as many as there are for training there is no noise.",
    )
    epochs: float = Field(5, gt=0, le=10_000, title="Epochs", description="Passes over the whole training set.")
    target_loss: Annotated[float, Field(gt=0, le=1e9)] | None = Field(
        None,
        title="Target loss",
        description="A start ends once its loss over the measured training digits is as low as this. Empty: no target.",
    )
    patience: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        None,
        title="Patience",
        description="A start ends once its validation loss has not fallen for so many epochs. Empty: it goes on.",
    )
    shared_batches: bool = Field(
        True,
        title="Same mini-batches",
        description="Every start sees the same digits in the same order, or each its own.",
    )
    in_plane: bool = Field(
        False,
        title="Inside the plane",
        description="Off: all parameters move, and the picture shows a shadow. On: only the plane's two coordinates move, and "
        "the path lies on the drawn surface exactly.",
    )
    l2: float = Field(
        0.0, ge=0, le=1e3, title="L2 strength λ", description="Adds λ/2 times the sum of squared weights to the loss."
    )
    seed: Seed = Field(0, title="Batch seed", description="The same seed shuffles the mini-batches in the same order.")

    def build_optimiser(self) -> Optimiser:
        """The rule that turns gradients into steps."""
        rate = self.learning_rate
        decay = {} if self.weight_decay is None else {"weight_decay": self.weight_decay}
        own = decay if self.eps is None else {**decay, "eps": self.eps}
        match self.optimiser:
            case "adagrad":
                return Adagrad(rate, **own)
            case "rmsprop":
                return RMSprop(rate, self.alpha, **own)
            case "adam":
                return Adam(rate, self.betas, **own)
            case "adamw":
                return AdamW(rate, self.betas, **own)
            case "sgd":
                return SGD(rate, weight_decay=self.weight_decay or 0.0)
            case _:  # where nothing of the step before is kept, Nesterov's is the plain one
                nesterov = self.optimiser == "nesterov" and self.momentum > 0
                return SGD(rate, self.momentum, nesterov, self.weight_decay or 0.0)

    def build_schedule(self, steps_per_epoch: int) -> Schedule:
        """How the rate changes, with epochs converted to updates."""
        every = max(1, round(self.decay_every * steps_per_epoch))
        rise = max(1, round(self.warm_up * steps_per_epoch))
        match self.schedule:
            case "step":
                return StepDecay(every, self.decay)
            case "exponential":
                return ExponentialDecay(self.decay ** (1 / every))
            case "cosine":
                return CosineDecay()
            case "warm_up":
                return WarmUp(rise)
            case "warm_up_cosine":
                return WarmUp(rise, after=CosineDecay())
            case "one_cycle":
                return OneCycle(self.peak)
            case _:
                return Constant()

    @property
    def goals(self) -> Goals:
        """What ends a start early, by its measured losses."""
        return Goals(self.target_loss, self.patience)


class StartsSetup(Section):
    """Where the descents begin."""

    kind: Literal[tuple(KINDS)] = Field(  # type: ignore[valid-type]
        "corners_and_middle",
        title="Starts",
        json_schema_extra={
            "labels": {name: kind.label for name, kind in KINDS.items()},
            "sentences": {name: kind.sentence for name, kind in KINDS.items()},
        },
        description="Corners are the middle ± u ± v: in a space of thousands of dimensions, corners of this window, not of "
        "the space. A ring and a grid lie in the window too. Restarts draw new first weights, at random or evenly spread. The "
        "best, perturbed: the network to begin from, and neighbours of it.",
    )
    count: int = Field(
        5,
        ge=1,
        le=MOST_STARTS,
        title="How many",
        description="Number of starts on a ring or grid, of restarts, or of the best and its neighbours.",
        json_schema_extra=_used_with(kind=tuple(name for name, kind in KINDS.items() if "count" in kind.heeds)),
    )
    reach: float = Field(
        0.16,
        gt=0,
        le=1000,
        title="Corner distance",
        description="How far the starts lie from the middle, in lengths of u and v; neighbours of the best, in lengths of each "
        "neuron's own weights.",
    )
    seed: Seed = Field(0, title="Restart seed", description="The same seed draws the same restarts or neighbours.")
