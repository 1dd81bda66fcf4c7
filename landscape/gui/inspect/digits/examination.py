"""One model's answers on a set of digits, worked out beside the window and kept up with the session's subject.

One examination at a time: when one has come, the newest wish is next, so that a model that moves with time is followed as
fast as the machine can and nothing piles up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from landscape.comparison import Verdict, judging
from landscape.data import Digits, Split, preparation
from landscape.export.loss_scale import loss_text
from landscape.gui.session import Session
from landscape.gui.subject import Subject
from landscape.network import ExampleCosts
from landscape.run.run import Run
from landscape.run.standing import digits_for

SETS = {"validation": "validation", "test": "test", "training": "train"}
LANE = "examination"
PLAYING_MS = 250  # while time runs, a model is examined this often: to show its answers takes the window's time
BINS = 28  # of the histogram of costs


@dataclass(frozen=True, eq=False)
class Held:
    """Digits as a subject needs them, and how a picture (n, 28, 28) becomes its input."""

    digits: Digits
    key: tuple[object, ...]
    prepare: Callable[[NDArray], NDArray]


@dataclass(frozen=True, eq=False)
class Examined:
    """What a subject makes of one set of digits. `done` is 1 once all are judged."""

    subject: Subject
    which: str
    held: Held
    verdict: Verdict

    @property
    def done(self) -> float:
        """The share of the digits that are judged."""
        return self.verdict.done

    @property
    def split(self) -> Split:
        """The digits themselves."""
        split: Split = getattr(self.held.digits, SETS[self.which])
        return split

    @cached_property
    def costs(self) -> ExampleCosts:
        """The cost of each digit; labels and guesses are digits from 0 to 9 here."""
        classes = np.array(self.held.digits.classes)
        return ExampleCosts(self.verdict.losses, classes[self.verdict.labels], classes[self.verdict.guesses])

    @cached_property
    def histogram(self) -> tuple[NDArray, NDArray, NDArray]:
        """How many digits cost how much: counts, the edges between them, and each bin's share of the whole cost."""
        counts, edges = self.costs.histogram(BINS)
        return counts, edges, self.costs.shares(edges)

    def finished(self) -> "Examined":
        """Itself, with everything sorted and summed that is shown: of many digits that takes longer than a view may."""
        figures = (
            self.verdict.confusion,
            self.verdict.wrong_first,
            self.histogram,
            self.costs.classes,
            self.costs.sentence,
        )
        assert all(part is not None for part in figures)
        return self

    @property
    def sentence(self) -> str:
        """How good the model is on these digits."""
        wrong, all_of_them = len(self.verdict.wrong), len(self.verdict.labels)
        return (
            f"<b>{self.verdict.accuracy:.1%} right</b>, {wrong:,} of {all_of_them:,} wrong · "
            f"mean cost {loss_text(self.verdict.loss)}"
        )


class Examination(QObject):
    """Owns the examined digits; follows the subject while `active`."""

    changed = pyqtSignal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.which = "validation"
        self.examined: Examined | None = None
        self._held: Held | None = None
        self._asked: tuple[object, ...] = ()
        self._active = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PLAYING_MS)
        self._pause.timeout.connect(self.follow)
        session.subject_changed.connect(self.follow)
        session.playback.playing_changed.connect(self.follow)

    def activate(self, active: bool) -> None:
        """Follow the subject from now on, or let it go: a page that nobody sees asks for nothing."""
        self._active = active
        if active:
            self.follow()

    def choose(self, which: str) -> None:
        """Examine the "validation", "test" or "training" digits."""
        self.which = which
        self.follow()

    @property
    def busy(self) -> bool:
        """Whether the newest subject is still being examined."""
        return self._session.lanes.running(LANE)

    def follow(self, *_: object) -> None:
        """Examine the newest subject, now or once the one before is done; while time runs, after a pause."""
        subject, run = self._session.subject, self._session.run
        if not self._active or subject is None or run is None or self.busy:
            return
        if self._asked == (subject, self.which):
            return
        if self._session.playback.playing:
            if self._pause.isActive():
                return
            self._pause.start()
        self._asked = (subject, self.which)
        work = partial(_examining, run, subject, self.which, self._held)
        self._session.lanes.start(LANE, "", work, self._take, self.follow)

    def _take(self, batch: list[Held | Examined]) -> None:
        for item in batch:
            if isinstance(item, Held):
                self._held = item
            elif item.done == 1:
                self.examined = item
                self.changed.emit()


def _examining(run: Run, subject: Subject, which: str, held: Held | None) -> Iterator[Held | Examined]:
    data = run.setup.data
    key = (data.source, subject.classes, subject.preprocess)
    if held is None or held.key != key:
        digits = digits_for(run, subject.classes, subject.preprocess)
        held = Held(digits, key, preparation(digits))
        yield held
    split: Split = getattr(held.digits, SETS[which])
    for verdict in judging(subject.net, subject.theta, split.images, split.labels):
        examined = Examined(subject, which, held, verdict)
        yield examined.finished() if examined.done == 1 else examined
