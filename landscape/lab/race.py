"""A fair race: several optimisers from the same starts over the same surface, with the same mini-batches and the same budget.

An optimiser is only as good as its learning rate, so each may look for its own, and all may look equally often: every trial
of a rate is a short descent of the same length, and counts. What is compared are the losses over the measured digits.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape import seeds as random_seeds
from landscape.data import Digits
from landscape.data.digits import Split
from landscape.descent import Frame
from landscape.errors import SetupError
from landscape.lab.standing import Standing, descending
from landscape.network import Network
from landscape.run import Setup
from landscape.run.descending import OPTIMISERS, USUAL_RATES
from landscape.run.exploration import first_weights

Rates = Literal["search", "usual", "equal"]
RACERS = ("sgd", "momentum", "adam")
MOST_RACERS, MOST_TRIALS, MOST_SEEDS = 14, 25, 32
FRAMES = 24  # how often losses are measured on the way
DECADES = 2.0  # the rates that are tried lie evenly in log space over so many, around the optimiser's usual rate
LOST = float(np.finfo(np.float32).max)  # the loss of a trial that left the finite numbers: worse than any other


@dataclass(frozen=True, eq=False)
class Racer:
    """One optimiser: its rate, the (rate, loss) of every trial that chose it, and its curves (S, F) by seed and frame.

    `trial_gradients` and `race_gradients` count the gradient evaluations that were made: fewer than granted where a
    descent left the finite numbers or exploded. `ended` says why, for each seed; "" for those that came to the end.
    """

    optimiser: str
    rate: float
    tried: tuple[tuple[float, float], ...] = ()
    losses: NDArray = field(default_factory=lambda: np.empty((0, 0)))
    validation_losses: NDArray = field(default_factory=lambda: np.empty((0, 0)))
    accuracies: NDArray = field(default_factory=lambda: np.empty((0, 0)))
    trial_gradients: int = 0
    race_gradients: int = 0
    ended: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the optimiser is called on screen."""
        return OPTIMISERS[self.optimiser]

    @property
    def at_edge(self) -> bool:
        """Whether the chosen rate is the lowest or highest of those tried: a better one may lie beyond."""
        rates = [rate for rate, _ in self.tried]
        return len(rates) > 1 and self.rate in (min(rates), max(rates))


@dataclass(frozen=True, eq=False)
class Race:
    """The racers so far, and the updates (F,) at which their losses were measured. Read out with `print`.

    Each optimiser is granted `trials` · `trial_updates` gradient evaluations to choose its rate and `seeds` · `updates` to
    race, each over a mini-batch of `batch_size`. `of` names the setup and settings: only that race can be gone on with. One
    that was cut short holds the `standing` of the descent that was under way, and the `gradients` that it had made.
    """

    racers: tuple[Racer, ...]
    steps: NDArray
    trials: int
    trial_updates: int
    seeds: int
    updates: int
    batch_size: int
    of: str = ""
    done: float = 1.0
    standing: Standing | None = field(default=None, repr=False)
    gradients: int = field(default=0, repr=False)

    @property
    def granted(self) -> int:
        """Gradient evaluations that each optimiser may make, its trials included."""
        return self.trials * self.trial_updates + self.seeds * self.updates

    @property
    def names(self) -> tuple[str, ...]:
        """What each racer is called; the second of two alike gets a number."""
        titles = [racer.title for racer in self.racers]
        return tuple(
            title if titles[:place].count(title) == 0 else f"{title} ({titles[:place].count(title) + 1})"
            for place, title in enumerate(titles)
        )

    @property
    def budget(self) -> str:
        """What every racer was granted, and who could not use it up, in one sentence."""
        words = f"Each was granted {self.granted:,} gradient evaluations over {self.batch_size:,} digits"
        if self.trials:
            words += (
                f": {self.trials} trial{'s' if self.trials != 1 else ''} of {self.trial_updates:,} to choose its rate,"
            )
            words += f" then {self.seeds} × {self.updates:,} to race"
        else:
            words += f": {self.seeds} × {self.updates:,}"
        short = [
            f"{name} made {racer.trial_gradients + racer.race_gradients:,}, for some of its descents exploded"
            for name, racer in zip(self.names, self.racers, strict=True)
            if self.done == 1 and racer.trial_gradients + racer.race_gradients < self.granted
        ]
        return ". ".join([words, *short]) + "."

    @property
    def order(self) -> tuple[int, ...]:
        """The racers that have come to the end, the one with the lowest mean training loss first."""
        ended = [k for k, racer in enumerate(self.racers) if _whole(racer, self)]
        return tuple(sorted(ended, key=lambda k: float(self._last(k).mean())))

    def _last(self, place: int) -> NDArray:
        """The training loss that a racer came to, by seed."""
        return np.nan_to_num(self.racers[place].losses[:, -1], nan=LOST, posinf=LOST)

    @property
    def verdict(self) -> str:
        """Who is ahead, if the seeds allow it to be said: when its worst seed is below every other's best."""
        order = self.order
        if len(order) < 2:
            return "There is nothing to compare yet."
        last = {k: self._last(k) for k in order}
        first, second = order[:2]
        if last[first].max() < last[second].min():
            return f"{self.names[first]} is ahead: its worst seed is below the best of every other."
        near = [self.names[k] for k in order[1:] if last[k].min() <= last[first].max()]
        some = [self.names[first], *near]
        return f"There is no clear winner: the bands of {', '.join(some[:-1])} and {some[-1]} overlap."

    def __str__(self) -> str:
        lines = [
            f"{len(self.racers)} optimisers from the same {self.seeds} start{'s' * (self.seeds > 1)} over the same "
            f"mini-batches of {self.batch_size:,}: {self.updates:,} updates each."
        ]
        for name, racer in zip(self.names, self.racers, strict=True):
            lines.append(_line(name, racer, _whole(racer, self)))
        lines += [self.verdict, self.budget]
        edges = [name for name, racer in zip(self.names, self.racers, strict=True) if racer.at_edge]
        if edges:
            verb = "lies" if len(edges) == 1 else "lie"
            lines.append(f"The best rate of {', '.join(edges)} {verb} at the edge of those tried: try more of them.")
        return "\n".join(lines)


def racing(
    setup: Setup,
    digits: Digits | None = None,
    *,
    optimisers: Sequence[str] = RACERS,
    rates: Rates | Sequence[float] = "search",
    trials: int = 5,
    trial_epochs: float = 0.5,
    epochs: float | None = None,
    seeds: int = 3,
    seed: int = 0,
    before: Race | None = None,
) -> Iterator[Race]:
    """Race optimisers (names as in the setup, twice the same if you like); each item holds all that is known so far.

    `rates`: "search" lets each choose among `trials` rates by its training loss after `trial_epochs`; "usual" takes those that do
    well on digits, "equal" the setup's for all, or give one a racer. `epochs` (the setup's unless told) is the length
    of the race; everything else (network, schedule, L2, mini-batch) is the setup's. Seed 0 is the setup's own start.
    `before` goes on with a race of the same setup and settings that was closed. Raises SetupError for what makes no sense.
    """
    _check(optimisers, rates, trials, seeds)
    digits = digits or setup.load_digits()
    epochs = setup.descent.epochs if epochs is None else epochs
    trials = trials if rates == "search" else 0
    settings = [list(optimisers), rates if isinstance(rates, str) else list(rates), trials, trial_epochs, epochs, seeds]
    of = hashlib.sha256((setup.to_toml() + json.dumps([*settings, seed])).encode()).hexdigest()[:16]
    course = _Course.of(setup, digits, seeds, seed)
    updates, short = (max(1, round(length * course.per_epoch)) for length in (epochs, trial_epochs))
    every = -(-updates // FRAMES)
    steps = np.unique(np.append(np.arange(0, updates, every), updates))
    if isinstance(rates, str):
        equal = setup.descent.learning_rate if rates == "equal" else None
        rates = [equal or USUAL_RATES[name] for name in optimisers]
    racers = tuple(Racer(name, float(rate)) for name, rate in zip(optimisers, rates, strict=True))
    race = Race(racers, steps, trials, short if trials else 0, seeds, updates, setup.descent.batch_size, of, 0.0)
    if before is not None:
        if before.of != of:
            raise SetupError("that race was begun with another setup or other settings: begin a new one")
        race = before
    for place in range(len(race.racers)):
        for race in _trying(course, race, place):  # noqa: B020  (each item is the race so far)
            yield race
    for place in range(len(race.racers)):
        for race in _running(course, race, place):  # noqa: B020
            yield race
    yield replace(race, done=1.0)


def race_optimisers(setup: Setup, digits: Digits | None = None, **options: Any) -> Race:
    """The whole race: see `racing`, whose options it has and of which it is the last word."""
    *_, last = racing(setup, digits, **options)
    return last


@dataclass(frozen=True, eq=False)
class Ways:
    """Where the racers went in the first seed: θ (F, R, P) float32 at each of the race's frames, with their names."""

    names: tuple[str, ...]
    steps: NDArray
    thetas: NDArray
    done: float = 1.0


def retracing(race: Race, setup: Setup, digits: Digits | None = None, seed: int = 0) -> Iterator[Ways]:
    """Descend the first seed of a finished race once more and keep where each racer went, racer after racer.

    To the same steps: a race is determined by its setup, settings and seed.
    """
    course = _Course.of(setup, digits or setup.load_digits(), 1, seed)
    if not race.racers or any(racer.losses.shape[1:] != race.steps.shape for racer in race.racers):
        raise SetupError("the race has not come to its end: let it finish first")
    thetas = np.repeat(course.starts[None, :1], len(race.steps), axis=0).repeat(len(race.racers), axis=1)
    for place, racer in enumerate(race.racers):
        for frame, _, _ in course.descent(racer.optimiser, racer.rate, race.updates, int(race.steps[1]), 1):
            thetas[int(np.searchsorted(race.steps, frame.step)) :, place] = frame.thetas[0]
            done = (place + frame.step / race.updates) / len(race.racers)
            yield Ways(race.names, race.steps, thetas, min(done, 0.999))
    thetas.flags.writeable = False
    yield Ways(race.names, race.steps, thetas)


@dataclass(frozen=True, eq=False)
class _Course:
    """What is the same for all: network, starts (S, P), digits, and how a descent is set up."""

    setup: Setup
    net: Network
    starts: NDArray
    train: Split
    measured: tuple[NDArray, NDArray]
    check: Split

    @classmethod
    def of(cls, setup: Setup, digits: Digits, seeds: int, seed: int) -> "_Course":
        net, chosen = setup.build_network(), setup.network
        first = first_weights(setup, net)
        own = [int(random_seeds.stream(seed, "race", number).integers(2**31)) for number in range(1, seeds)]
        if chosen.weights:  # a given network is the one start there is; only the mini-batches differ
            starts = np.repeat(first[None], seeds, axis=0)
        else:
            fresh = [net.init(each, chosen.scheme, chosen.biases, chosen.scale) for each in own]
            starts = np.stack([first, *fresh])
        train, few = digits.train, setup.data.examples
        measured = train.images[:few], train.labels[:few]
        return cls(setup, net, starts.astype(np.float32), train, measured, digits.validation)

    @property
    def per_epoch(self) -> int:
        return -(-len(self.train) // self.setup.descent.batch_size)

    def descent(
        self, optimiser: str, rate: float, updates: int, every: int, seeds: int, race: "Race | None" = None
    ) -> Iterator[tuple[Frame, bool, int]]:
        """Frames, whether each is one to look at, and the gradient evaluations made so far; on from where a race stood."""
        chosen = self.setup.changed(descent={"optimiser": optimiser, "learning_rate": rate}).descent
        frames = descending(
            self.net, self.starts[:seeds], self.train.images, self.train.labels, chosen.build_optimiser(),
            chosen.batch_size, updates, chosen.seed, every, race.standing if race else None,
            schedule=chosen.build_schedule(self.per_epoch), l2=chosen.l2, shared_batches=False,
        )  # fmt: skip
        made = race.gradients if race else 0
        for frame, look in frames:
            made += int(np.isfinite(frame.batch_losses).sum())
            yield frame, look, made

    def judge(self, thetas: NDArray) -> NDArray:
        """Training loss, validation loss and validation accuracy (3, S) of models (S, P)."""

        def figures(theta: NDArray) -> tuple[float, float, float]:
            loss = float(self.net.loss(theta, *self.measured))
            pair = self.net.loss_and_accuracy(theta, self.check.images, self.check.labels)
            return loss, float(pair[0]), float(pair[1])

        with cores.single_threaded_blas(), np.errstate(over="ignore", invalid="ignore"):
            return np.array(list(cores.spread(figures, thetas))).T


def _trying(course: _Course, race: Race, place: int) -> Iterator[Race]:
    """Let one racer try its rates, from the first seed's start; those that it has tried already stand."""
    racer = race.racers[place]
    every = max(1, race.trial_updates // 4)
    for rate in rates_to_try(racer.optimiser, race.trials)[len(racer.tried) :]:
        loss = LOST
        for frame, _, gradients in course.descent(racer.optimiser, rate, race.trial_updates, every, 1, race):
            if frame.step < race.trial_updates:
                yield _under_way(race, place, racer, frame, gradients, race.trial_updates)
                continue
            if not frame.stops[0]:
                loss = float(np.nan_to_num(course.judge(frame.thetas)[0, 0], nan=LOST, posinf=LOST))
            tried = (*racer.tried, (rate, loss))
            best = min(tried, key=lambda pair: (pair[1], pair[0]))[0]
            racer = replace(racer, tried=tried, rate=best, trial_gradients=racer.trial_gradients + gradients)
        race = _with(race, place, racer)
        yield race
    yield race


def _running(course: _Course, race: Race, place: int) -> Iterator[Race]:
    """Let one racer run, all its seeds at once; one that has run already is left as it is."""
    racer = race.racers[place]
    if _whole(racer, race):
        yield race
        return
    if race.standing is None:
        curves = course.judge(course.starts)[..., None]
    else:
        curves = np.stack([racer.losses, racer.validation_losses, racer.accuracies])
    descent = course.descent(racer.optimiser, racer.rate, race.updates, int(race.steps[1]), race.seeds, race)
    for frame, look, made in descent:
        if look:
            curves = np.concatenate([curves, course.judge(frame.thetas)[..., None]], axis=-1)
        ended = tuple(stop.word if stop else "" for stop in frame.stops)
        losses, validation, accuracy = curves
        racer = replace(
            racer, losses=losses, validation_losses=validation, accuracies=accuracy, race_gradients=made, ended=ended
        )
        yield _under_way(race, place, racer, frame, made, race.updates)
    yield _with(race, place, racer)


def rates_to_try(optimiser: str, trials: int) -> list[float]:
    """The rates that a racer tries: evenly in log space around its usual one."""
    if trials == 1:
        return [USUAL_RATES[optimiser]]
    exponents = np.linspace(-DECADES / 2, DECADES / 2, trials)
    return [float(f"{USUAL_RATES[optimiser] * 10**exponent:.3g}") for exponent in exponents]


def _under_way(race: Race, place: int, racer: Racer, frame: Frame, gradients: int, updates: int) -> Race:
    """The race in the middle of one racer's trial or run."""
    if frame.step >= updates:
        return _with(race, place, racer)
    return replace(_with(race, place, racer, frame.step / updates), standing=Standing.of(frame), gradients=gradients)


def _with(race: Race, place: int, racer: Racer, begun: float = 0.0) -> Race:
    """The race with one racer as it stands now, `begun` being the share of its next trial or run that is done."""
    racers = (*race.racers[:place], racer, *race.racers[place + 1 :])
    race = replace(race, racers=racers, standing=None, gradients=0)
    whole = [_whole(each, race) for each in racers]
    tried = sum(len(each.tried) for each in racers)
    running = all(len(each.tried) == race.trials for each in racers)
    made: float = tried * race.trial_updates + sum(whole) * race.seeds * race.updates
    if begun and not (running and whole[place]):
        made += begun * (race.seeds * race.updates if running else race.trial_updates)
    return replace(race, done=min(0.999, made / (race.granted * len(racers))))


def _whole(racer: Racer, race: Race) -> bool:
    return racer.losses.shape == (race.seeds, len(race.steps))


def _line(name: str, racer: Racer, whole: bool) -> str:
    how = f"the best of {len(racer.tried)} tried" if racer.tried else "as set"
    words = f"{name}, rate {racer.rate:g} ({how}): "
    if not whole:
        return words + "still to come."
    last = racer.losses[:, -1]
    band = f" ({last.min():.4f} to {last.max():.4f})" if len(last) > 1 else ""
    ended = sum(bool(reason) for reason in racer.ended)
    return (
        f"{words}training loss {last.mean():.4f}{band}, validation loss {racer.validation_losses[:, -1].mean():.4f}, "
        f"accuracy {racer.accuracies[:, -1].mean():.1%}" + (f"; {ended} of {len(last)} ended early." if ended else ".")
    )


def _check(optimisers: Sequence[str], rates: Rates | Sequence[float], trials: int, seeds: int) -> None:
    unknown = [name for name in optimisers if name not in OPTIMISERS]
    if unknown or not 1 <= len(optimisers) <= MOST_RACERS:
        wrong = f"the optimiser {unknown[0]!r} is unknown" if unknown else f"a race of {len(optimisers)} is no race"
        raise SetupError(f"{wrong}; name 1 to {MOST_RACERS} of {', '.join(OPTIMISERS)}", "race.optimisers")
    if isinstance(rates, str):
        if rates not in ("search", "usual", "equal"):
            raise SetupError(f"the rates {rates!r} are unknown; choose search, usual or equal", "race.rates")
    elif len(rates) != len(optimisers) or not all(rate > 0 and np.isfinite(rate) for rate in rates):
        raise SetupError("give every racer one rate above 0", "race.rates")
    if not 1 <= trials <= MOST_TRIALS:
        raise SetupError(f"each optimiser tries 1 to {MOST_TRIALS} rates, not {trials}", "race.trials")
    if not 1 <= seeds <= MOST_SEEDS:
        raise SetupError(f"a race has 1 to {MOST_SEEDS} seeds, not {seeds}", "race.seeds")
