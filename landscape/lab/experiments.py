"""The laboratory's experiments with their settings, in the order in which a class makes them."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from landscape.errors import SetupError
from landscape.lab.curvature import Curvature, measuring_curvature
from landscape.lab.experiment import Cost, Experiment, Specimen
from landscape.lab.noise import SIZES, GradientNoise, measuring_noise
from landscape.lab.race import MOST_RACERS, MOST_SEEDS, MOST_TRIALS, RACERS, Race, racing
from landscape.lab.random_search import Ranges, Search, searching
from landscape.lab.rate_range import RateRange, sweeping_rates
from landscape.lab.reading import Reading, read_curves
from landscape.lab.restart import KINDS, Restarts, restarting
from landscape.lab.ruler import POINTS, Ruler, measuring_with_both
from landscape.lab.sanity import CHECKED_EXAMPLES, HANDFUL, SanityChecks, checking_sanity
from landscape.run.descending import OPTIMISERS
from landscape.run.section import Seed

USUAL_L2 = 1e-3  # a strength to check the regularisation with, where the setup has none
PRODUCTS = 60  # about so many products with the Hessian until a handful of its eigenvalues stand
RULED = 2000  # digits that losses along lines are means over
_SEED = "The same seed draws the same again: examples, mini-batches, starts, rates."
_Range = tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]


class SanityExperiment(Experiment):
    """E1: four questions whose answers are known beforehand."""

    name, title = "check", "Sanity checks"
    question = "Is everything wired up rightly, before any long training?"
    failing = "A check that fails says what it means and what to try; mend that first, longer training won't help."
    doing = "checking"

    steps: int = Field(
        2000, ge=1, le=100_000, title="Steps", description="Steps in which 20 digits must be learnt by heart."
    )
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """The handful of digits, and the losses that the differences take."""
        return Cost(self.steps, HANDFUL, True, 80 * CHECKED_EXAMPLES + 2 * len(specimen.digits.train))

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[SanityChecks]:
        """Check after check."""
        train, descent = specimen.digits.train, specimen.setup.descent
        return checking_sanity(
            specimen.net, train.images, train.labels, specimen.first, optimiser=descent.build_optimiser(),
            l2=descent.l2 or USUAL_L2, steps=self.steps, seed=self.seed,
        )  # fmt: skip


class RateRangeExperiment(Experiment):
    """E2: the learning-rate range test."""

    name, title, resumes = "lr-range", "Learning-rate range", True
    question = "How large may the learning rate be before the loss turns up?"
    failing = "If the loss falls at no rate, look at the start weights; if it still falls at the end, sweep higher."
    doing = "raising the learning rate"

    low: float = Field(1e-5, gt=0, le=1e9, title="From rate", description="The rate to begin with.")
    high: float = Field(10.0, gt=0, le=1e9, title="To rate", description="The rate to end with.")
    steps: int = Field(1000, ge=10, le=1_000_000, title="Updates", description="Updates in the whole sweep.")
    batch_size: int = Field(128, ge=1, le=60_000, title="Mini-batch", description="Digits in a mini-batch.")
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """One short descent."""
        return Cost(self.steps, self.batch_size, True, readied=len(specimen.digits.train))

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[RateRange]:
        """One descent in which the rate grows."""
        train, descent = specimen.digits.train, specimen.setup.descent
        return sweeping_rates(
            specimen.net, specimen.first, train.images, train.labels, self.low, self.high, self.steps, self.batch_size,
            self.seed, optimiser=descent.build_optimiser(), l2=descent.l2, before=before,
        )  # fmt: skip


class SearchExperiment(Experiment):
    """E3: coarse-to-fine random search."""

    name, title, resumes = "search", "Random search", True
    question = "Which learning rate, regularisation and hidden size learn best?"
    failing = "A best value at the edge of its range asks for a wider range; close results ask for more digits, not more trials."
    doing = "searching"

    coarse: int = Field(24, ge=4, le=1000, title="Coarse", description="Short trials over the whole ranges.")
    fine: int = Field(
        12, ge=0, le=1000, title="Fine", description="Trials three times as long between the best of those."
    )
    epochs: float = Field(1.0, gt=0, le=1000, title="Epochs", description="Length of a coarse trial.")
    rate: _Range = Field(
        Ranges().rate, title="Rates η", description="From the lowest to the highest learning rate, evenly in log space."
    )
    l2: _Range = Field(Ranges().l2, title="L2 λ", description="From the lowest to the highest strength of L2.")
    hidden: _Range = Field(Ranges().hidden, title="Hidden size", description="From the smallest to the largest layer.")
    seed: Seed = Field(0, title="Seed", description=_SEED)

    @property
    def ranges(self) -> Ranges:
        """The three ranges."""
        return Ranges(self.rate, self.l2, self.hidden)

    def cost(self, specimen: Specimen) -> Cost:
        """All trials, the fine ones three times as long."""
        epochs = self.epochs * (self.coarse + 3 * self.fine)
        looks = (self.coarse + self.fine) * len(specimen.digits.validation)
        low, high = self.hidden
        mean = (high - low) / np.log(high / low) if high > low else low  # of sizes spread evenly in log space
        sizes = specimen.setup.network.sizes
        larger = float(mean) / sizes[1] if len(sizes) > 2 else 1.0
        readied = (self.coarse + self.fine) * len(specimen.digits.train)
        gradients, digits = round(epochs * specimen.per_epoch), specimen.setup.descent.batch_size
        return Cost(gradients, digits, True, looks, larger, readied)

    def work(self, specimen: Specimen, before: Any = None, path: Any = None) -> Iterator[Search]:
        """Trial after trial."""
        return searching(
            specimen.setup, path, specimen.digits, ranges=self.ranges, coarse=self.coarse, fine=self.fine,
            epochs=self.epochs, seed=self.seed, before=before,
        )  # fmt: skip


class ReadingExperiment(Experiment):
    """E4: what is wrong with a run, read from its curves."""

    name, title, of_run = "read", "Reading the curves", True
    question = "What do the curves of this run say, and what would help?"
    failing = "Each finding names its cure. Try one at a time: two changes at once teach nothing about either."
    doing = "reading the curves"

    def cost(self, specimen: Specimen) -> Cost:
        """Nothing is computed anew."""
        return Cost()

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Reading]:
        """All findings at once."""
        yield read_curves(specimen.descended)


class NoiseExperiment(Experiment):
    """E5: mini-batch against full gradient."""

    name, title, of_run, resumes = "noise", "Gradient noise", True, True
    question = "How well does a mini-batch's gradient point along the full one, and what does it cost?"
    failing = (
        "Where the cosine is low the steps mostly wander: take larger mini-batches, or a smaller rate late in training."
    )
    doing = "comparing gradients"

    sizes: tuple[Annotated[int, Field(ge=1, le=60_000)], ...] = Field(
        SIZES, min_length=1, max_length=20, title="Sizes", description="Mini-batch sizes to look at."
    )
    draws: int = Field(50, ge=2, le=10_000, title="Draws", description="Mini-batches drawn of each size.")
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """Gradients at two models, and the steps that are timed."""
        digits = sum(size for size in self.sizes if size <= len(specimen.digits.train))
        return Cost(2 * self.draws * len(self.sizes), round(digits / len(self.sizes)), False,
                    4 * self.draws * digits + 4 * len(specimen.digits.train))  # fmt: skip

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[GradientNoise]:
        """Size after size, at the start and at the shown step; larger sizes than there are digits are left out."""
        train = specimen.digits.train
        sizes = [size for size in self.sizes if size <= len(train)]
        if not sizes:
            raise SetupError(f"there are only {len(train):,} digits: choose a smaller mini-batch size", "sizes")
        models = {"at the start": specimen.theta(0)}
        if specimen.where != f"{specimen.descended.starts[specimen.start].name}, step 0":
            models[f"at {specimen.where}"] = specimen.theta()
        l2 = specimen.setup.descent.l2
        return measuring_noise(
            specimen.net, models, train.images, train.labels, sizes, self.draws, self.seed, l2, before
        )


class RestartExperiment(Experiment):
    """E6: the best of several descents against one long one."""

    name, title, resumes = "restarts", "Do restarts help?", True
    question = "Is it better to begin again several times, or to descend longer once?"
    failing = "If one long descent wins, spend your time on epochs; if the best of the restarts wins, keep the best and restart."
    doing = "descending"

    restarts: int = Field(8, ge=2, le=64, title="Restarts", description="Descents from each kind of start.")
    long_runs: int = Field(
        4, ge=1, le=64, title="Long runs", description="Descents as long as all restarts of a kind together."
    )
    epochs: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        None, title="Epochs", description="Length of one descent. Empty: as in the setup."
    )
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """All kinds of restarts, and the long runs."""
        epochs = specimen.setup.descent.epochs if self.epochs is None else self.epochs
        descents = self.restarts * (len(KINDS) + self.long_runs)
        looks = (10 * len(KINDS) + self.long_runs) * self.restarts * len(specimen.digits.validation)
        readied = 2 * len(specimen.digits.train)  # all short descents are one of many starts, and so are the long ones
        gradients, digits = round(epochs * specimen.per_epoch) * descents, specimen.setup.descent.batch_size
        return Cost(gradients, digits, False, looks, readied=readied)

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Restarts]:
        """Short descents from every kind of start, then long ones."""
        return restarting(
            specimen.setup, specimen.digits, count=self.restarts, long_runs=self.long_runs, epochs=self.epochs,
            seed=self.seed, before=before,
        )  # fmt: skip


class CurvatureExperiment(Experiment):
    """E7: how the loss bends at a point."""

    name, title, of_run, resumes = "curvature", "Curvature", True, True
    question = "How sharp is the valley at this point, and which learning rate can it bear?"
    failing = (
        "A rate above 2 / sharpness swings across the valley instead of along it: lower the rate, or let it decay."
    )
    doing = "measuring the curvature"

    k: int = Field(5, ge=1, le=50, title="Eigenvalues", description="How many of the largest curvatures to find.")
    probes: int = Field(50, ge=2, le=1000, title="Probes", description="Random vectors that estimate the trace.")
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """Products with the Hessian."""
        digits = min(len(specimen.digits.train), specimen.setup.data.examples)
        return Cost(looks=2 * (PRODUCTS + self.probes) * digits)

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Curvature]:
        """Eigenvalues first, then the trace."""
        run = specimen.descended
        return measuring_curvature(
            specimen.net,
            specimen.theta(),
            *run.measured(),
            self.k,
            self.probes,
            run.setup.descent.l2,
            self.seed,
            before,
        )


class RaceExperiment(Experiment):
    """B2: several optimisers from one start over one surface."""

    name, title, resumes = "race", "A fair race", True
    question = "Which optimiser comes lowest from the same start, with the same mini-batches and the same budget?"
    failing = "A best rate at the edge of those tried asks for more trials; bands that overlap name no winner."
    doing = "racing"

    optimisers: tuple[Literal[tuple(OPTIMISERS)], ...] = Field(  # type: ignore[valid-type]
        RACERS,
        min_length=1,
        max_length=MOST_RACERS,
        title="Optimisers",
        description="Who takes part.",
        json_schema_extra={"labels": {**OPTIMISERS}},
    )
    rates: Literal["search", "usual", "equal"] = Field(
        "search",
        title="Rates",
        description="Each optimiser searches its own rate with the same number of trials, takes its usual one, or all take "
        "the setup's.",
        json_schema_extra={
            "labels": {"search": "each searches its own", "usual": "each its usual", "equal": "all the same"}
        },
    )
    trials: int = Field(
        5,
        ge=1,
        le=MOST_TRIALS,
        title="Trials",
        description="Rates that each optimiser tries, over two decades around its usual one.",
        json_schema_extra={"used_with": {"rates": ["search"]}},
    )
    trial_epochs: float = Field(
        0.5,
        gt=0,
        le=1000,
        title="Trial epochs",
        description="Length of one trial.",
        json_schema_extra={"used_with": {"rates": ["search"]}},
    )
    epochs: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        None, title="Epochs", description="Length of the race. Empty: as in the setup."
    )
    seeds: int = Field(3, ge=1, le=MOST_SEEDS, title="Seeds", description="Starts and orders of digits to race over.")
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """All trials and all seeds of all optimisers."""
        epochs = specimen.setup.descent.epochs if self.epochs is None else self.epochs
        trials = self.trials * self.trial_epochs if self.rates == "search" else 0.0
        each = round((trials + self.seeds * epochs) * specimen.per_epoch)
        measured = min(len(specimen.digits.train), specimen.setup.data.examples) + len(specimen.digits.validation)
        looks = 24 * self.seeds * len(self.optimisers) * measured
        descents = len(self.optimisers) * (1 + (self.trials if self.rates == "search" else 0))  # all seeds in one
        gradients, digits = each * len(self.optimisers), specimen.setup.descent.batch_size
        return Cost(gradients, digits, True, looks, readied=descents * len(specimen.digits.train))

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Race]:
        """Trials first, then the race."""
        return racing(
            specimen.setup, specimen.digits, optimisers=self.optimisers, rates=self.rates, trials=self.trials,
            trial_epochs=self.trial_epochs, epochs=self.epochs, seeds=self.seeds, seed=self.seed, before=before,
        )  # fmt: skip


class RulerExperiment(Experiment):
    """Why directions are normalised: a network that is rescaled computes the same and looks otherwise."""

    name, title, of_run = "rescale", "The ruler of the landscape", True
    question = "Does a network that computes the same also look the same?"
    failing = (
        "A raw picture shows how large the weights are as well as the loss: compare networks along filter-normalised "
        "directions. Help, “Why directions are normalised”, shows it as two maps with a slider."
    )
    doing = "rescaling the network"

    factor: float = Field(
        10.0,
        gt=0,
        le=1e4,
        title="Factor α",
        description="The first layer is multiplied by it and the next one divided.",
    )
    reach: float = Field(
        1.0, gt=0, le=100, title="Reach", description="How far to look both ways, in lengths of the weights."
    )
    seed: Seed = Field(0, title="Seed", description=_SEED)

    def cost(self, specimen: Specimen) -> Cost:
        """Four lines of losses."""
        return Cost(looks=4 * POINTS * self._digits(specimen))

    def work(self, specimen: Specimen, before: Any = None) -> Iterator[Ruler]:
        """Raw direction before and after, then the normalised one."""
        X, y = specimen.descended.measured()
        seen = self._digits(specimen)
        return measuring_with_both(
            specimen.net, specimen.theta(), X[:seen], y[:seen], self.factor, self.reach, self.seed
        )

    @staticmethod
    def _digits(specimen: Specimen) -> int:
        return min(RULED, len(specimen.digits.train), specimen.setup.data.examples)


EXPERIMENTS: dict[str, type[Experiment]] = {
    kind.name: kind
    for kind in (
        SanityExperiment, RateRangeExperiment, SearchExperiment, ReadingExperiment, NoiseExperiment, RestartExperiment,
        CurvatureExperiment, RaceExperiment, RulerExperiment,
    )
}  # fmt: skip
