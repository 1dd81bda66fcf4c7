"""Mini-batches: which examples each step sees.

Every epoch is a fresh shuffle whose order depends only on the seed, the start and the epoch's number, so that any step's
mini-batch can be found again without walking through the steps before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError


@dataclass(frozen=True)
class Shuffled:
    """The mini-batches of a descent over `examples` examples: all of them once an epoch, the last batch may be short.

    `shared`: every start sees the same mini-batches; otherwise each has its own order.
    """

    examples: int
    batch_size: int
    seed: int = 0
    shared: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.batch_size, int | np.integer):
            raise SetupError(
                f"the mini-batch size must be a whole number of examples, not {self.batch_size!r}", "descent.batch_size"
            )
        if self.batch_size < 1:
            raise SetupError(f"the mini-batch needs at least 1 example, not {self.batch_size}", "descent.batch_size")
        if self.batch_size > self.examples:
            raise SetupError(
                f"a mini-batch of {self.batch_size:,} is larger than the training set of {self.examples:,}; "
                f"choose at most {self.examples:,}",
                "descent.batch_size",
            )

    @property
    def steps_per_epoch(self) -> int:
        """Gradient steps in one pass over the examples."""
        return -(-self.examples // self.batch_size)

    def of_step(self, step: int, start: int) -> NDArray[np.int64]:
        """The examples that update number `step` (from 1) of a start looks at."""
        epoch, place = divmod(step - 1, self.steps_per_epoch)
        order = _order(self.examples, self.seed, 0 if self.shared else start, epoch)
        return order[place * self.batch_size : (place + 1) * self.batch_size]

    def of_steps(self, first: int, last: int, start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The mini-batches of steps first..last laid end to end, and where each begins (steps + 1,)."""
        per_epoch = self.steps_per_epoch
        epochs = range((first - 1) // per_epoch, (last - 1) // per_epoch + 1)
        whole = [_order(self.examples, self.seed, 0 if self.shared else start, epoch) for epoch in epochs]
        epoch, place = np.divmod(np.arange(first - 1, last + 1), per_epoch)
        at = (epoch - epochs.start) * self.examples + place * self.batch_size
        laid = whole[0] if len(whole) == 1 else np.concatenate(whole)
        return laid[at[0] : at[-1]], at - at[0]


@lru_cache(maxsize=128)
def _order(examples: int, seed: int, start: int, epoch: int) -> NDArray[np.int64]:
    order = seeds.stream(seed, "batches", start, epoch).permutation(examples)
    order.flags.writeable = False
    return order


@dataclass(frozen=True)
class Given:
    """Mini-batches fixed by the caller, one index array a step, the same for every start."""

    batches: tuple[NDArray[np.int64], ...]
    examples: int

    @classmethod
    def of(cls, batches: Iterable[NDArray], examples: int) -> "Given":
        """Check and keep the caller's index arrays."""
        given = tuple(np.asarray(batch) for batch in batches)
        for step, batch in enumerate(given, start=1):
            whole = batch.dtype.kind in "iu" and batch.ndim == 1 and len(batch) > 0
            if not whole or batch.min() < 0 or batch.max() >= examples:
                raise SetupError(
                    f"mini-batch {step} must be a list of indices, whole numbers from 0 to {examples - 1}, at least one",
                    "batches",
                )
        return cls(tuple(batch.astype(np.int64) for batch in given), examples)

    @property
    def shared(self) -> bool:
        """Every start sees the same mini-batches."""
        return True

    @property
    def steps_per_epoch(self) -> int:
        """Gradient steps after which as many examples were seen as there are."""
        sizes = np.cumsum([len(batch) for batch in self.batches])
        return int(np.searchsorted(sizes, self.examples)) + 1

    def of_step(self, step: int, start: int) -> NDArray[np.int64]:
        """The examples of update number `step` (from 1)."""
        return self.batches[step - 1]

    def of_steps(self, first: int, last: int, start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The mini-batches of steps first..last laid end to end, and where each begins (steps + 1,)."""
        parts = self.batches[first - 1 : last]
        return np.concatenate(parts), np.cumsum([0, *map(len, parts)])


def chunk(batches: Shuffled | Given, first: int, last: int, starts: int) -> Iterator[tuple[NDArray, NDArray]]:
    """For each start, the mini-batches of steps first..last laid end to end, and where each begins (steps + 1,)."""
    laid: tuple[NDArray, NDArray] | None = None
    for start in range(starts):
        if laid is None or not batches.shared:
            laid = batches.of_steps(first, last, start)
        yield laid
