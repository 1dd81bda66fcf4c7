"""The one model that the pages beside the landscape are about: a start, a point of the plane, or a file's.

By default it is the selected start at the shown step and moves with both. A click on the landscape fixes it at that point of
the plane (θ = origin + a·u + b·v), a file at what it holds, until another click, Escape or "back to the descent".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from landscape.comparison import probabilities
from landscape.data import a_digit, preparation
from landscape.gui.moment import Figures, measured_model
from landscape.model import read_model
from landscape.network import Network
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.session import Session

START, POINT, FILE = "start", "point", "file"


@dataclass(frozen=True, eq=False)
class Subject:
    """A network and its parameters θ (P,), what to call it, and which digits it tells apart.

    `kind` is "start" (with its number in `start`), "point" (with its coordinates (a, b) in `where`, on the plane on which it
    was chosen) or "file". A label is a position in `classes`; `preprocess` are the steps its images go through.
    """

    net: Network
    theta: NDArray
    words: str
    kind: str
    classes: tuple[int, ...]
    preprocess: tuple[str, ...]
    start: int | None = None
    where: tuple[float, float] | None = None


@dataclass(frozen=True)
class Spot:
    """Where a chosen point's shadow lies on the shown plane, how far the point is off it, and from its middle.

    Distances are also given as shares of the length of θ in the middle (NaN if that is 0).
    """

    a: float
    b: float
    off: float
    off_share: float
    away: float
    away_share: float


class SubjectChoice(QObject):
    """Owns which model that is; a part of the session. `figures` are those of a chosen point, once they are measured."""

    changed = pyqtSignal()
    measured = pyqtSignal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._fixed: Subject | None = None
        self._following: tuple[object, int, Subject] | None = None
        self.figures: Figures | None = None
        self.drawing: NDArray | None = None  # (28, 28) uint8: the digit on the pad, if there is one
        session.moment_changed.connect(self._follow)
        session.selection_changed.connect(self._follow)

    @property
    def current(self) -> Subject | None:
        """The model that the pages show; None before the first step."""
        return self._fixed or self._selected()

    @property
    def fixed(self) -> bool:
        """Whether it stays where it is while time moves."""
        return self._fixed is not None

    @property
    def point(self) -> Subject | None:
        """The chosen point of a plane, if that is the subject."""
        return self._fixed if self._fixed is not None and self._fixed.kind == POINT else None

    def spot(self) -> Spot | None:
        """Where to mark the chosen point on the shown plane."""
        portrait, point = self._session.portrait, self.point
        if portrait is None or point is None or len(point.theta) != portrait.plane.P:
            return None
        plane = portrait.plane
        (shadow,), (off,) = plane.project(point.theta[None])
        size, away = (float(np.linalg.norm(vector)) for vector in (plane.origin, point.theta - plane.origin))
        off = 0.0 if off < 1e-4 * max(size, away) else float(off)  # rounding of θ to float32 is no distance
        share = 1 / size if size else float("nan")
        return Spot(float(shadow[0]), float(shadow[1]), off, off * share, away, away * share)

    def answer_at(self, a: float, b: float) -> str:
        """What the model at a point of the shown plane takes the drawn digit for; nothing where none is drawn."""
        run, portrait, picture = self._session.run, self._session.portrait, self.drawing
        if run is None or portrait is None or picture is None or run.missing:
            return ""
        image = preparation(run.digits)(picture[None])
        shares = probabilities(run.net, portrait.plane.point(a, b).astype(np.float32), image)[0]
        if not np.isfinite(shares).all():
            return ""
        guess = int(shares.argmax())
        return f"takes your drawing for {a_digit(run.digits.classes[guess])}, p = {shares[guess]:.0%}"

    def choose_point(self, a: float, b: float) -> None:
        """Fix the model at a point of the shown plane, and measure it beside the window."""
        session, run, portrait = self._session, self._session.run, self._session.portrait
        if run is None or portrait is None:
            return
        theta = portrait.plane.point(a, b).astype(np.float32)
        self._fix(_of_run(run, theta, f"the plane at a = {_signed(a)}, b = {_signed(b)}", POINT, where=(a, b)))
        session.lanes.start("place", "", partial(measured_model, run, theta), self._take_figures)

    def choose_start(self, start: int) -> None:
        """Follow a start: it becomes the selected one."""
        self.release()
        self._session.select(start)

    def open(self, path: Path) -> None:
        """Fix the model at what a file holds; what is wrong with the file is told."""
        self._session.lanes.start("model", "opening a model", partial(_reading, path), self._take_file)

    def release(self) -> None:
        """Back to the descent: the selected start at the shown step."""
        if self._fixed is not None:
            self._fix(None)

    def forget_run(self) -> None:
        """Another run is shown: a point of the old one's plane is gone."""
        self._following = None
        if self.point is not None:
            self._fixed = self.figures = None
            self._session.lanes.cancel("place")
            self.measured.emit()
        self.changed.emit()

    def _fix(self, subject: Subject | None) -> None:
        self._session.lanes.cancel("place")
        self._fixed, self.figures = subject, None
        self.changed.emit()

    def _take_figures(self, batch: list[Figures]) -> None:
        self.figures = batch[-1]
        self.measured.emit()

    def _take_file(self, batch: list[Subject]) -> None:
        self._fix(batch[-1])

    def _follow(self, *_: object) -> None:
        if self._fixed is None:
            self.changed.emit()

    def _selected(self) -> Subject | None:
        """The selected start at the shown step, made once a moment."""
        run, moment, start = self._session.run, self._session.moment, self._session.selected
        if run is None or moment is None or start >= len(moment.thetas):
            return None
        if self._following is None or self._following[:2] != (moment, start):
            words = f"{run.starts[start].name}, step {moment.step:,}"
            subject = _of_run(run, moment.thetas[start], words, START, start=start)
            self._following = (moment, start, subject)
        return self._following[2]


def _of_run(
    run: Run, theta: NDArray, words: str, kind: str, start: int | None = None, where: tuple[float, float] | None = None
) -> Subject:
    data = run.setup.data
    return Subject(run.net, theta, words, kind, data.classes, tuple(data.preprocess), start, where)


def _reading(path: Path) -> Iterator[Subject]:
    model = read_model(path)
    yield Subject(model.net, model.theta, path.name, FILE, model.classes, model.preprocess)


def _signed(number: float) -> str:
    """A coordinate with a true minus sign."""
    return f"{number:.2f}".replace("-", "−")
