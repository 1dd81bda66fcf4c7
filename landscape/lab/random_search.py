"""A coarse-to-fine random search for learning rate, regularisation and hidden size, in log space.

At random and not on a grid, because then every trial tries another value of what matters (Bergstra and Bengio 2012);
first short trials over wide ranges, then longer ones over the ranges in which the best of those lie (CS231n).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from landscape import seeds
from landscape.data import Digits
from landscape.errors import RecordError, SetupError
from landscape.lab.search_record import add_trial, opened_record
from landscape.lab.standing import descending
from landscape.run import Setup

STAGES = ("coarse", "fine")
LOOK_EVERY = 200  # updates after which a trial that exploded is ended
GOOD = 1 / 4  # the share of the coarse trials between whose values the fine ones search
EDGE = 0.1  # of a range's length in log space: a best value nearer to its end may well lie beyond it
LOST = float(np.finfo(np.float32).max)  # the loss of a trial that left the finite numbers: worse than any other
WORDS = {"rate": "learning rate", "l2": "regularisation λ", "hidden": "hidden size"}


@dataclass(frozen=True)
class Ranges:
    """From where to where each of the three is searched, evenly in its logarithm."""

    rate: tuple[float, float] = (1e-3, 3.0)
    l2: tuple[float, float] = (1e-6, 1e-1)
    hidden: tuple[float, float] = (8, 128)

    def __post_init__(self) -> None:
        for name in WORDS:
            low, high = getattr(self, name)
            if not (0 < low <= high and np.isfinite(high)):
                raise SetupError(f"the range of the {WORDS[name]} must lie above 0 and rise, not {low:g} to {high:g}")
        if not 1 <= self.hidden[0] <= self.hidden[1] <= 4096:
            raise SetupError(f"hidden sizes are searched from 1 to 4096, not {self.hidden[0]:g} to {self.hidden[1]:g}")


@dataclass(frozen=True)
class Trial:
    """One trial: what was drawn, and the validation loss and accuracy that it came to."""

    stage: str
    number: int
    rate: float
    l2: float
    hidden: int
    loss: float
    accuracy: float
    stop: str = ""


@dataclass(frozen=True)
class Search:
    """The trials that are finished, and the ranges of the coarse stage. Read out with `print`."""

    trials: tuple[Trial, ...]
    ranges: Ranges
    sizes: tuple[int, ...]
    done: float = 1.0

    @property
    def ranked(self) -> tuple[Trial, ...]:
        """The trials of the last stage that has any, the best first: those of another stage had another length."""
        stage = self.trials[-1].stage if self.trials else ""
        return tuple(sorted((t for t in self.trials if t.stage == stage), key=lambda trial: trial.loss))

    @property
    def best(self) -> Trial | None:
        """The trial with the lowest validation loss; None before the first is finished."""
        return self.ranked[0] if self.trials else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Where the best lies at the edge of what was searched: there may be better beyond."""
        if self.best is None:
            return ()
        found = []
        for name in WORDS if len(self.sizes) > 2 else ("rate", "l2"):
            low, high = np.log(getattr(self.ranges, name))
            at = (np.log(getattr(self.best, name)) - low) / (high - low) if high > low else 0.5
            if at < EDGE or at > 1 - EDGE:
                end, way = ("lower", "lower") if at < EDGE else ("upper", "higher")
                found.append(f"The best {WORDS[name]} lies at the {end} edge of its range: search {way} values too.")
        return tuple(found)

    @property
    def summary(self) -> str:
        """How many trials, the best of them, and the warnings, a line each."""
        lines = [f"{len(self.trials)} trials: short coarse ones, then longer fine ones between the best of those."]
        if self.best is not None:
            best = self.best
            lines.append(
                f"The best: rate {best.rate:g}, λ {best.l2:g}, hidden size {best.hidden}, validation loss {best.loss:.4f}, "
                f"accuracy {best.accuracy:.2%}."
            )
        return "\n".join([*lines, *self.warnings])

    def try_setup(self, setup: Setup) -> Setup:
        """The setup with the best trial's values."""
        if self.best is None:
            raise SetupError("no trial is finished yet, so there are no best values to try")
        return self.setup_of(self.best, setup)

    def setup_of(self, trial: Trial, setup: Setup) -> Setup:
        """The setup with a trial's values."""
        return _changed(setup, trial.rate, trial.l2, trial.hidden)

    def __str__(self) -> str:
        head = f"{'stage':6} {'rate η':>9} {'λ':>9} {'hidden':>6} {'validation loss':>15} {'accuracy':>8}"
        rows = [
            f"{t.stage:6} {t.rate:9.3g} {t.l2:9.2g} {t.hidden:6} {t.loss:15.4g} {t.accuracy:8.2%} {t.stop}".rstrip()
            for t in self.ranked[:10]
        ]
        return "\n".join([f"{len(self.trials)} trials; the best of the last stage:", head, *rows, *self.warnings])


def searching(
    setup: Setup,
    path: str | Path | None = None,
    digits: Digits | None = None,
    *,
    ranges: Ranges | None = None,
    coarse: int = 24,
    fine: int = 12,
    epochs: float = 1.0,
    seed: int = 0,
    before: Search | None = None,
) -> Iterator[Search]:
    """Try after try, one start each; every item holds the trials so far. Coarse ones last `epochs`, fine ones three times that.

    With a `path`, finished trials are kept in that file of JSON lines, and a search that was cut short goes on with what
    it holds; or go on with what is known of it, `before`. Trial n draws the same values whenever it is made.
    """
    if coarse < 4 or fine < 0:
        raise SetupError(f"a search needs 4 coarse trials or more, and fine ones from 0 up, not {coarse} and {fine}")
    ranges, digits = ranges or Ranges(), digits or setup.load_digits()
    settings = {"setup": setup.to_toml(), "coarse": coarse, "fine": fine, "epochs": epochs, "seed": seed}
    known = _known(path, settings | {"ranges": asdict(ranges)}) or list(before.trials if before else ())
    if before is not None and (before.ranges, before.sizes) != (ranges, setup.network.sizes):
        raise SetupError("that search was begun with other ranges or another network: begin a new one")
    found = Search((), ranges, setup.network.sizes, 0.0)
    plan = [("coarse", n, epochs) for n in range(coarse)] + [("fine", n, 3 * epochs) for n in range(fine)]
    lengths = np.cumsum([0.0, *(length for *_, length in plan)])
    for at, (stage, number, length) in enumerate(plan):
        begun, share = lengths[at] / lengths[-1], length / lengths[-1]
        if at < len(known):
            trial = known[at]
        else:
            within = ranges if stage == "coarse" else narrowed(found.trials, ranges)
            trial = _drawn(within, stage, number, seed)
            tried = _changed(setup, trial.rate, trial.l2, trial.hidden)
            outcome: dict[str, Any] = {}
            for done, outcome in _outcome(tried, digits, length):  # noqa: B007  (the last one counts)
                yield replace(found, done=float(begun + share * done * 0.99))
            trial = replace(trial, **outcome)
            if path is not None:
                add_trial(Path(path), asdict(trial))
        found = replace(found, trials=(*found.trials, trial), done=float(lengths[at + 1] / lengths[-1]))
        yield found


def search(setup: Setup, path: str | Path | None = None, digits: Digits | None = None, **options: Any) -> Search:
    """The whole search: see `searching`, whose options it has and of which it is the last word."""
    *_, last = searching(setup, path, digits, **options)
    return last


def narrowed(trials: tuple[Trial, ...], ranges: Ranges) -> Ranges:
    """The ranges between the values of the best quarter of the coarse trials (three at least)."""
    coarse = sorted((trial for trial in trials if trial.stage == "coarse"), key=lambda trial: trial.loss)
    good = coarse[: max(3, round(GOOD * len(coarse)))]
    spans = {name: [getattr(trial, name) for trial in good] for name in WORDS}
    return replace(ranges, **{name: (min(values), max(values)) for name, values in spans.items()})


def _known(path: str | Path | None, settings: dict[str, Any]) -> list[Trial]:
    if path is None:
        return []
    rows = opened_record(Path(path), settings, tuple(field.name for field in fields(Trial)))
    kinds = {"stage": str, "number": int, "hidden": int, "stop": str}
    for row in rows:
        if any(not isinstance(value, kinds.get(name, (int, float))) for name, value in row.items()):
            raise RecordError(f"{path} holds a trial that is not one of a search's: {row}")
    return [Trial(**row) for row in rows]


def _drawn(ranges: Ranges, stage: str, number: int, seed: int) -> Trial:
    """What a trial tries: each value evenly from its range in log space."""
    random = seeds.stream(seed, "search", stage, number)
    rate, l2, hidden = (float(np.exp(random.uniform(*np.log(getattr(ranges, name))))) for name in WORDS)
    return Trial(stage, number, float(f"{rate:.3g}"), float(f"{l2:.3g}"), round(hidden), LOST, 0.0)


def _changed(setup: Setup, rate: float, l2: float, hidden: int) -> Setup:
    """The setup with these values, every hidden layer of that size; a network without any keeps none."""
    first, *layers, last = setup.network.sizes
    sizes = (first, *(hidden for _ in layers), last)
    return setup.changed(descent={"learning_rate": rate, "l2": l2}, network={"sizes": sizes})


def _outcome(setup: Setup, digits: Digits, epochs: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """One descent from fresh weights: fraction done, and at the end validation loss, accuracy and why it ended early."""
    chosen, drawn, train, check = setup.descent, setup.network, digits.train, digits.validation
    net = setup.build_network()
    per_epoch = -(-len(train) // chosen.batch_size)
    frames = descending(
        net, net.init(drawn.seed, drawn.scheme, drawn.biases, drawn.scale), train.images, train.labels,
        chosen.build_optimiser(), chosen.batch_size, max(1, round(epochs * per_epoch)), chosen.seed, LOOK_EVERY,
        schedule=chosen.build_schedule(per_epoch), l2=chosen.l2,
    )  # fmt: skip
    for frame, _ in frames:
        stop = frame.stops[0].word if frame.stops[0] else ""
        if frame.done < 1 and not stop:
            yield frame.done, {}
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            loss, accuracy = net.loss_and_accuracy(frame.thetas[0], check.images, check.labels)
        yield 1.0, {"loss": float(loss) if np.isfinite(loss) else LOST, "accuracy": float(accuracy), "stop": stop}
        return
