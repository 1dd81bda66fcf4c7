"""The sentence under the landscape: what this plane shows of the descents, and what it hides."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from landscape.export.loss_scale import loss_text
from landscape.gui.gauge import Gauge
from landscape.gui.picture import FEWEST_FRAMES
from landscape.gui.session import Session
from landscape.gui.steady import Steady
from landscape.run.axis_card import most_coverage
from landscape.run.choice import FULLEST, plane_words
from landscape.run.portrait import Portrait, percent
from landscape.run.run import Run
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS
from landscape.surface.noise import noise_sentence


class Verdict(QFrame):
    """A gauge, and one plain sentence: what this plane shows of the descents, and what it hides."""

    plane_requested = pyqtSignal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("verdict")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 10, 5)
        row.setSpacing(10)
        self.gauge, self.words = Gauge(), QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        links = Qt.TextInteractionFlag.LinksAccessibleByMouse, Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.words.setTextInteractionFlags(links[0] | links[1])
        self.words.setAccessibleName("What this plane shows")
        self.words.setToolTip("How much of the descents’ movement the plane holds: the rest can’t be seen on it")
        self.words.linkActivated.connect(self.plane_requested)
        row.addWidget(self.gauge, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.setMinimumHeight(48)
        self._steady = Steady(self)
        # The run, its frames, and how much of their movement a plane can hold.
        self._known: tuple[object, int, float] | None = None
        for changed in (
            session.plane_changed,
            session.run_extended,
            session.surface_extended,
            session.picture.shadows_cast,
        ):
            changed.connect(session.turns.soon(self.refresh))

    def text(self) -> str:
        """The sentence, as rich text."""
        return self.words.text()

    def _other_plane(self) -> float | None:
        """What the plane of the most movement would hold; asked for beside the window where it is not known."""
        session, run, portrait = self._session, self._session.run, self._session.portrait
        if run is None or portrait is None or run.frames < FEWEST_FRAMES:
            return None
        if portrait.choice == FULLEST and portrait.fitted == portrait.frames:
            self._known = run, portrait.frames, portrait.coverage_all
            return None
        if self._known is not None and self._known[0] is run and self._known[1] == run.frames:
            return self._known[2]
        if not session.training and not session.lanes.running("other plane"):
            frames = run.frames

            def take(batch: list[float]) -> None:
                self._known = run, frames, batch[-1]

            session.lanes.start("other plane", "", partial(_covering, run), take, self.refresh)
        return None

    def _needs_frames(self, run: Run, portrait: Portrait) -> str | None:
        """Why another plane than the chosen one is shown of a run that has hardly begun, or ended at once."""
        choice = self._session.picture.choice
        if self._session.training or run.frames >= FEWEST_FRAMES or portrait.choice == choice:
            return None
        return (
            f"{plane_words(choice)} needs {FEWEST_FRAMES} frames, and this run has {run.frames}: "
            f"you see the {plane_words(portrait.choice)}."
        )

    def refresh(self) -> None:
        """Say it for the plane that is shown."""
        portrait, surface, run = self._session.portrait, self._session.surface, self._session.run
        if portrait is None or run is None:
            return
        text = verdict(portrait, run.setup.descent.in_plane, self._other_plane())
        if surface is not None and surface.complete:
            text += " " + lowest_sentence(surface)
            if surface.noise is not None:
                text += " " + noise_sentence(surface)
        if (needs := self._needs_frames(run, portrait)) is not None:
            text = needs + " " + text
        self.words.setText(text)
        self._steady.settle()
        alone = portrait.choice == "pca_one"
        share = float(portrait.coverage[portrait.start]) if alone else portrait.coverage_all
        self.gauge.show_share(share, portrait.yardstick)


def lowest_sentence(surface: Surface) -> str:
    """The lowest cell (of an accuracy, the highest), and over how many of which digits."""
    measure, low = surface.measure or THE_LOSS, surface.lowest()[2]
    ends = f"Lowest on this grid: {loss_text(low)}"
    if not measure.is_loss and np.isfinite(low):
        ends = f"From {loss_text(low)} to {loss_text(float(np.nanmax(surface.heights)))}{measure.unit} on this grid"
    if measure.example is not None or measure.first is not None or measure.differs:
        return f"{ends}, over the {measure.set_words}."
    return f"{ends}, over {surface.examples:,} {measure.set_words}."


def verdict(portrait: Portrait, in_plane: bool, other: float | None = None) -> str:
    """What the plane covers, in words (rich text); `other` is what the plane of the most movement holds, if it is known."""
    share = portrait.coverage_all
    if not np.isfinite(share):
        return "Nothing has moved yet."
    held = f"<b>{percent(share)}</b> of the descents’ movement"
    if in_plane and share > 0.999:
        return f"The descents stay inside this plane: it holds {held}, and the paths lie on the surface."
    if portrait.choice == "pca_one":
        own = percent(float(portrait.coverage[portrait.start]))
        held = f"<b>{own}</b> of this one descent’s movement ({percent(share)} of all)"
    yardstick = "" if portrait.yardstick is None else f" (pure chance would give {percent(portrait.yardstick)})"
    seen = (
        "you see the way down."
        if share > 0.5
        else "you see part of the way; the rest leads out of the picture."
        if share > 0.1
        else "you see a shadow that hardly moves."
    )
    better = ""
    if other is not None and other > share + 0.05:
        better = f' <a href="{FULLEST}">{plane_words(FULLEST)}</a> would show {percent(other)}.'
    elif share <= 0.1:
        better = " Press P for another plane."
    return f"This plane holds {held}{yardstick}: {seen}{better}"


def _covering(run: Run) -> Iterator[float]:
    yield most_coverage(run)
