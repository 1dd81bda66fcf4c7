"""Digits after every stage of their preprocessing, as pictures; and what k principal components keep of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.data.idx import PIXELS, SIDE
from landscape.data.preprocessing import FIELD, STEPS, Pipeline, Stage, fit_pipeline
from landscape.errors import SetupError


@dataclass(frozen=True, eq=False)
class Look:
    """A row of the same digits: `pictures` (n, 28, 28) or, where there are no pixels, `numbers` (n, k).

    `signed` says that 0 is neither ink nor paper: values lie on both sides of it.
    """

    label: str
    words: str
    pictures: NDArray | None = None
    numbers: NDArray | None = None
    signed: bool = False


@dataclass(frozen=True, eq=False)
class Stages:
    """A pipeline fitted with all components there are, so that any k of them can be looked at.

    `k` is how many its steps ask for (None: no PCA among them), `most` how many there are.
    """

    pipeline: Pipeline
    k: int | None

    @classmethod
    def fit(cls, steps: Sequence[str], training: NDArray[np.uint8]) -> "Stages":
        """Fit the steps to training pictures (n, 28, 28)."""
        flat = training.reshape(-1, PIXELS)
        asked = [int(name.partition(":")[2]) for name in steps if name.startswith("pca:")]
        most = min(len(flat), PIXELS)
        if asked and asked[0] > most:
            raise SetupError(
                f"{len(flat):,} training images have no {asked[0]} principal components; choose fewer", FIELD
            )
        whole = [f"pca:{most}" if name.startswith("pca:") else name for name in steps]
        return cls(fit_pipeline(whole, flat)[0], asked[0] if asked else None)

    @property
    def projection(self) -> Stage | None:
        """The stage of PCA, if there is one."""
        return next((stage for stage in self.pipeline.stages if stage.components is not None), None)

    def kept(self, k: int) -> float:
        """The share of the variance that the first k components keep."""
        stage = self.projection
        assert stage is not None and stage.shares is not None
        return float(stage.shares[:k].sum())

    def looks(self, pictures: NDArray[np.uint8], k: int | None = None) -> list[Look]:
        """Pictures (n, 28, 28) as they are written, after every stage, and what the first k components keep of them."""
        k = k or self.k
        found = [Look("as written", "ink 0 … 255", pictures)]
        past_pca = False
        for count, stage in enumerate(self.pipeline.stages, start=1):
            images = self.pipeline.apply(pictures, count)
            step = STEPS[stage.name.partition(":")[0]]
            if stage.components is not None:
                assert k is not None
                first = _squares(stage.components[: len(pictures)])
                words = f"the first {len(first)} of {k}: directions, not digits"
                found.append(Look("principal components", words, first, signed=True))
                found.append(Look(f"PCA to {k}", f"{k} numbers a digit", numbers=images[:, :k], signed=True))
                found.append(self._rebuilt(images[:, :k], count, k))
                past_pca = True
            elif past_pca:
                found.append(Look(step.label, step.sentence, numbers=images[:, :k], signed=True))
            else:
                found.append(Look(step.label, step.sentence, _squares(images), signed=bool((images < 0).any())))
        return found

    def _rebuilt(self, numbers: NDArray, count: int, k: int) -> Look:
        """The way back from k numbers to pixels."""
        stage = self.pipeline.stages[count - 1]
        pixels = self.pipeline.undo(stage.undo(np.ascontiguousarray(numbers)), count - 1)
        words = f"the digits that these {k} numbers stand for: {self.kept(k):.1%} of the variance is kept"
        return Look("back to pixels", words, np.clip(_squares(pixels), 0, 255))


def _squares(images: NDArray) -> NDArray:
    return images.reshape(-1, SIDE, SIDE)
