"""What a run answers with: its starts, the best parameters, one start's way, one step taken apart."""

from dataclasses import dataclass

from numpy.typing import NDArray

from landscape.descent import Stop


@dataclass(frozen=True)
class StartInfo:
    """What a start is called, what kind it is, and the seed it came from."""

    name: str
    kind: str
    seed: int


@dataclass(frozen=True, eq=False)
class Best:
    """The parameters with the lowest true loss over all starts and frames, and where and when they were found."""

    theta: NDArray
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    start: int
    start_name: str
    frame: int
    step: int
    epoch: float


@dataclass(frozen=True, eq=False)
class Trajectory:
    """One start's way: its recorded frames. θ is (F, P); the figures are (F,) over the digits that losses are measured on."""

    start: StartInfo
    steps: NDArray
    epochs: NDArray
    thetas: NDArray
    loss: NDArray
    accuracy: NDArray
    validation_loss: NDArray
    validation_accuracy: NDArray
    stop: Stop | None


@dataclass(frozen=True, eq=False)
class Step:
    """Update number n of a start: θ before and after (P,), the mini-batch's indices, its loss and gradient before."""

    n: int
    before: NDArray
    theta: NDArray
    batch: NDArray
    loss: float
    gradient: NDArray
