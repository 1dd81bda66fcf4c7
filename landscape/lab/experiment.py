"""What every experiment has: its question, the settings that matter as fields, what it will cost, and its work as a generator.

The window's cards and the command line's options are made from these declarations, so both offer the same.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from landscape.data import Digits
from landscape.errors import SetupError
from landscape.lab.pace import Pace
from landscape.network import Network
from landscape.run import Run, Setup
from landscape.run.exploration import first_weights
from landscape.run.section import Section, in_words


@dataclass(frozen=True, eq=False)
class Specimen:
    """What an experiment is made on: a setup with its digits, and for one that looks at a descent its run, start and step.

    Nothing of it is changed by any experiment. `step` None is the last. `point` is a model (P,) to look at in place of the
    start's, called `words`.
    """

    setup: Setup
    digits: Digits
    run: Run | None = None
    start: int = 0
    step: int | None = None
    point: NDArray | None = None
    words: str = ""

    @classmethod
    def of_run(cls, run: Run, start: int = 0, step: int | None = None) -> "Specimen":
        """A run as it stands now, seen at one start and step."""
        return cls(run.setup, run.digits, run, start, run.last_step if step is None else step)

    @cached_property
    def net(self) -> Network:
        """The setup's network."""
        return self.setup.build_network()

    @cached_property
    def first(self) -> NDArray:
        """The setup's first weights (P,)."""
        return first_weights(self.setup, self.net)

    @property
    def per_epoch(self) -> int:
        """Updates in one pass over the training digits."""
        return -(-len(self.digits.train) // self.setup.descent.batch_size)

    @property
    def descended(self) -> Run:
        """The run, for an experiment that needs one; SetupError if there is none."""
        if self.run is None:
            raise SetupError("this experiment looks at a run: train one first")
        return self.run

    @property
    def where(self) -> str:
        """The start and the step, in words; or what the point to look at is called."""
        if self.point is not None:
            return self.words
        run = self.descended
        return f"{run.starts[self.start].name}, step {self._step:,}"

    def identity(self, of_run: bool) -> str:
        """What an experiment's result hangs on besides its settings: the setup, and for one of a run where it looks."""
        parts = [self.setup.to_toml().encode()]
        if of_run:
            run = self.descended
            self._check_start()
            frame = run.frame_at(self._step)
            parts += [f"{self.start} {self._step}".encode()]
            parts += [np.ascontiguousarray(run.thetas[at, self.start]).tobytes() for at in (0, frame)]
            parts += [] if self.point is None else [np.ascontiguousarray(self.point).tobytes()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def theta(self, step: int | None = None) -> NDArray:
        """The parameters to look at (P,), or the start's at some step: recorded or replayed."""
        run = self.descended
        if self.point is not None and step is None:
            if self.point.shape != (run.net.P,):
                raise SetupError(f"{self.words} is another network than the run's: choose one of its own points")
            return self.point
        self._check_start()
        return np.array(run.state_at(self._step if step is None else step).thetas[self.start])

    def _check_start(self) -> None:
        K = self.descended.K
        if not 0 <= self.start < K:
            raise SetupError(f"start {self.start} does not exist: the run has starts 0 to {K - 1}", "start")

    @property
    def _step(self) -> int:
        return self.descended.last_step if self.step is None else self.step


@dataclass(frozen=True)
class Cost:
    """What an experiment takes: gradient evaluations, over how many digits each, and whether it may well be fewer.

    `looks` are digits that pass through the network besides, without the compiled steps: in measured losses, gradients
    outside a descent (which count double) and products with the Hessian (which count double too, once the passes are
    made). `larger` is by how much the networks are, on average, than the specimen's. `readied` are digits that are made
    ready for the steps: every descent does that with the whole training set.
    """

    gradients: int = 0
    digits: int = 0
    at_most: bool = False
    looks: int = 0
    larger: float = 1.0
    readied: int = 0

    def seconds(self, pace: Pace) -> float:
        """About how long that takes here."""
        steps = self.gradients * pace.step(self.digits * self.larger)
        return steps + self.looks * self.larger * pace.look + self.readied * pace.ready

    def __str__(self) -> str:
        if not self.gradients:
            return "no training" if self.looks else "nothing: it reads what is recorded"
        digits = "digit" if self.digits == 1 else "digits"
        return f"{'at most ' * self.at_most}{self.gradients:,} gradient evaluations over {self.digits:,} {digits}"


class Experiment(Section, ABC):
    """An experiment with its settings; each kind is a class whose fields they are.

    `question` is what it answers, `failing` what a bad result means and what to do then, `doing` what it does while it
    works. `of_run` ones look at a run; the others at its setup alone. `resumes` ones go on with a result that was cut short:
    all but those that are over in a moment.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    failing: ClassVar[str]
    doing: ClassVar[str]
    of_run: ClassVar[bool] = False
    resumes: ClassVar[bool] = False

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise in_words(error) from None

    @abstractmethod
    def cost(self, specimen: Specimen) -> Cost:
        """What it will take."""

    @abstractmethod
    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Any]:
        """The experiment itself: results that grow, with `done` from 0 to 1. `before` is one of its own to go on with."""
