"""Two or three models set side by side: which they are, what is known of them so far, and the plane through them.

Comparing begins by itself as soon as there are two, beside the window; another model or fewer of them begin it anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.comparison import Comparison, Fall, comparing, falling, sentences
from landscape.data import Digits, load_digits
from landscape.errors import LandscapeError
from landscape.gui.subject import Subject
from landscape.model import Model, read_model
from landscape.network import Network
from landscape.run.gallery import hanging
from landscape.run.kept_plane import KeptPlane
from landscape.run.landmark import keep_plane_through
from landscape.run.opening import told_apart
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session

MOST = 3
LETTERS = "ABC"
FINDINGS = "findings"  # in a run's `about`: what was tried with it, a list of sentences


@dataclass(frozen=True, eq=False)
class Contestant:
    """A model and what to call it; `classes` are the digits it tells apart, `preprocess` how it was taught to see them."""

    name: str
    model: Model
    classes: tuple[int, ...]
    preprocess: tuple[str, ...]

    @classmethod
    def of(cls, subject: Subject) -> "Contestant":
        """A model that the pages are about, as it stands."""
        model = Model(subject.net, np.array(subject.theta))
        return cls(subject.words, model, tuple(subject.classes), tuple(subject.preprocess))


@dataclass(frozen=True, eq=False)
class Compared:
    """What is known of the models so far; `digits` are those that the first was taught to see."""

    comparison: Comparison
    digits: Digits

    @property
    def done(self) -> float:
        """The fraction of the work."""
        return self.comparison.done


class Contest(QObject):
    """Owns the models, their comparison and the falling barriers; a part of the session.

    `problem` says why they can't be compared, if so; `falls` the moments of a falling barrier by the pair's numbers.
    """

    changed = pyqtSignal()
    extended = pyqtSignal()
    fallen = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.contestants: tuple[Contestant, ...] = ()
        self.compared: Compared | None = None
        self.falls: dict[tuple[int, int], tuple[Fall, ...]] = {}
        self.problem = ""
        self._falling: tuple[int, int] | None = None
        self._source = ""  # of the digits they are judged by: those of the present run
        session.run_started.connect(self._follow)

    @property
    def whole(self) -> Comparison | None:
        """The comparison, once all of it is known."""
        return self.compared.comparison if self.compared is not None and self.compared.done == 1 else None

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add the models in these files: all of them, or if one can't be read, none."""
        session = self._session

        def work() -> Iterator[list[Contestant]]:
            yield [_read(path, name) for path, name in zip(paths, told_apart(paths), strict=True)]

        session.lanes.start("contestants", "opening models", work, lambda batch: self.add(batch[-1]))

    def add(self, contestants: Sequence[Contestant]) -> None:
        """Add models; there are three at most."""
        if len(self.contestants) + len(contestants) > MOST:
            self._session.failed.emit(f"{MOST} models at most are compared: take one out first")
            return
        self._set((*self.contestants, *contestants))

    def take_out(self, place: int) -> None:
        """Compare without this model."""
        self._set(tuple(one for at, one in enumerate(self.contestants) if at != place))

    def from_run(self) -> dict[str, Contestant]:
        """What the present run offers, by name: what is selected, the best so far, where each start stands now."""
        session, run = self._session, self._session.run
        found: dict[str, Contestant] = {}
        if session.subject is not None:
            found[f"what is selected: {session.subject.words}"] = Contestant.of(session.subject)
        if run is None or run.frames == 0:
            return found
        data = run.setup.data
        named = [(f"{start.name}, its end", run.thetas[-1, k]) for k, start in enumerate(run.starts)]
        best = run.best
        if best is not None:
            named.insert(0, ("the best so far", best.theta))
        for name, theta in named:
            if np.isfinite(theta).all():
                model = Model(run.net, np.array(theta))
                found[name] = Contestant(name, model, data.classes, tuple(data.preprocess))
        return found

    def _set(self, contestants: tuple[Contestant, ...]) -> None:
        self.contestants = contestants
        self.compared, self.falls, self.problem = None, {}, ""
        lanes = self._session.lanes
        for lane in ("comparison", "fall"):
            lanes.cancel(lane)
        self.changed.emit()
        if len(contestants) > 1:
            self._source = self._session.setup.data.source
            work = partial(_comparing, contestants, self._source, self._session.run)
            lanes.start("comparison", "comparing models", work, self._take, self._note)

    def _follow(self) -> None:
        """A run of other digits: the models are compared by these."""
        if len(self.contestants) > 1 and self._session.setup.data.source != self._source:
            self._set(self.contestants)

    def _take(self, batch: list[Compared | str]) -> None:
        last = batch[-1]
        if isinstance(last, str):
            self.problem = last
        else:
            self.compared = last
        self.extended.emit()

    def _note(self) -> None:
        """What was found stands in the present run's diary."""
        run, whole = self._session.run, self.whole
        if run is None or whole is None:
            return
        said = run.about.get(FINDINGS)
        known = said if isinstance(said, list) else []
        run.about[FINDINGS] = [*known, *(sentence for sentence in sentences(whole) if sentence not in known)]

    def let_fall(self, a: int, b: int) -> None:
        """Work out how the barrier between two models falls while neurons are matched, if it is not known."""
        compared, known = self.compared, self.falls.get((a, b), ())
        if compared is None or self.falling == (a, b) or (known and known[-1].done == 1):
            return
        one, other = self.contestants[a].model, self.contestants[b].model
        sets = {"train": compared.digits.train, "test": compared.digits.test}
        self.falls[a, b], self._falling = (), (a, b)
        work = partial(falling, one.net, one.theta, other.theta, sets)

        def take(batch: list[Fall]) -> None:
            self.falls[a, b] += tuple(fall for fall in batch if fall.whole)
            self.fallen.emit()

        self._session.lanes.start("fall", "matching neurons", work, take)

    @property
    def falling(self) -> tuple[int, int] | None:
        """The pair whose falling barrier is being worked out."""
        return self._falling if self._session.lanes.running("fall") else None

    def why_no_plane(self) -> str:
        """Why there is no plane through these models; empty if there is one."""
        nets = {_built(one.model.net) for one in self.contestants}
        if len(self.contestants) < 2:
            return "A plane goes through three models, or through two and the selected start."
        if len(nets) > 1 or len({(one.classes, one.preprocess) for one in self.contestants}) > 1:
            return "No plane through them: it would need one network, taught to see the same digits."
        if len(self.contestants) == 2 and not self._fits(self._session.run):
            return "A plane needs a third model: the present run's network is another one than these."
        return ""

    def show_plane(self) -> None:
        """Draw the plane through the models (with two: and the selected start) on the landscape, all marked.

        Where the present run is of another network, the models become a run of their own.
        """
        session, run = self._session, self._session.run
        if self.why_no_plane():
            return
        models = [(one.name, one.model.theta) for one in self.contestants]
        if run is not None and self._fits(run):
            work = partial(_keeping, run, models, session.selected)
            session.lanes.start("plane through", "the plane through the models", work, self._look)
            return
        first = self.contestants[0]
        source = session.setup.data.source

        def making(folder: Path | None) -> Iterator[Any]:
            digits = _digits(first, source)
            for made in hanging(first.model.net, models, digits, source, folder):
                kept = keep_plane_through(made.run, models)
                keeping.append(kept)
                yield made

        keeping: list[KeptPlane] = []
        session.shelf.put_together(making, lambda _: self._look(keeping))

    def _look(self, batch: list[KeptPlane]) -> None:
        picture = self._session.picture
        picture.kept.read()
        picture.stay_on(batch[-1])
        self._session.live.forget()
        picture.draw()

    def _fits(self, run: Run | None) -> bool:
        first = self.contestants[0]
        return (
            run is not None
            and _built(run.net) == _built(first.model.net)
            and (run.setup.data.classes, tuple(run.setup.data.preprocess)) == (first.classes, first.preprocess)
        )


def _built(net: Network) -> tuple[Any, ...]:
    return net.sizes, net.activation, net.cost


def _read(path: Path, name: str) -> Contestant:
    model = read_model(path)
    return Contestant(name, model, model.classes, model.preprocess)


def _digits(one: Contestant, source: str) -> Digits:
    return load_digits(None if source == "embedded" else source, classes=one.classes, preprocess=one.preprocess)


def _comparing(contestants: tuple[Contestant, ...], source: str, run: Run | None) -> Iterator[Compared | str]:
    """The comparison on each one's digits; or the sentence that says why there is none."""
    known: dict[Any, Digits] = {}
    if run is not None and run.setup.data.source == source:  # read once, for all
        known[run.setup.data.classes, tuple(run.setup.data.preprocess)] = run.digits
    try:
        for one in contestants:
            if (one.classes, one.preprocess) not in known:
                known[one.classes, one.preprocess] = _digits(one, source)
        digits = [known[one.classes, one.preprocess] for one in contestants]
        for comparison in comparing([(one.name, one.model) for one in contestants], digits):
            yield Compared(comparison, digits[0])
    except LandscapeError as error:
        yield str(error)


def _keeping(run: Run, models: list[tuple[str, NDArray]], start: int) -> Iterator[KeptPlane]:
    yield keep_plane_through(run, models, start)
