"""The gradient arrows in words: how each looks, how near the estimate is, and what their lengths mean."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPoint, Qt, QTimer
from PyQt6.QtWidgets import QLabel, QWidget

from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.step_arrows import DrawnArrows

# While time runs, the legend (which names its step) is written anew this often: its text takes long to lay out.
LEGEND_MS = 120


@dataclass(frozen=True)
class Look:
    """An arrow's colour, width in pixels, and whether it is dashed."""

    colour: str
    width: float
    dashed: bool = False


# The step lies under the mini-batch's arrow, which plain gradient descent follows exactly: it is wider, to be seen beside it.
LOOKS = {"step": Look("#ffffff", 6.5), "full": Look("#6fd3ff", 2.6, True), "mini-batch": Look("#ff9a3c", 2.6)}


class ArrowLegend(QLabel):
    """A card on a view; `place` says where its upper left corner hangs.

    A `brief` one, beside another view that has the whole of it, tells only by how much the arrows are enlarged; a
    `crowded` one, which the whole text would have hide the landscape that it is about, says which arrow is which, too.
    """

    def __init__(self, session: Session, view: QWidget, place: Callable[[], QPoint]) -> None:
        super().__init__(view)
        self._session, self._place = session, place
        self._text = ""
        self.brief = self.crowded = False
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("What the gradient arrows mean")
        self.hide()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(LEGEND_MS)
        self._due.timeout.connect(self._write)

    def set_theme(self, theme: Theme) -> None:
        """Colour it."""
        self.setStyleSheet(
            f"QLabel {{ background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line};"
            f" border-radius: 4px; padding: 4px 7px; }} QLabel:disabled {{ color: {theme.faint}; }}"
        )

    def tell(self, enlarged: float | None) -> None:
        """Describe the arrows that are drawn so many times as long as the vectors are; None while they are worked out."""
        session = self._session
        drawn, run = session.arrows.current, session.run
        self.setVisible(session.arrows.shown and not session.arrows.impossible)
        known = enlarged is not None and drawn is not None and run is not None
        if known or not session.playback.playing:  # while time runs it would flicker
            self.setEnabled(known)
        if enlarged is None or drawn is None or run is None:
            if not self.text():
                self._say("Gradient arrows: being worked out …")
        elif self.brief:
            self._say(f"Gradient arrows on the surface, {times(enlarged)}")
        elif self.crowded:
            self._say(short_text(drawn, enlarged))
        else:
            goes_on = run.unfinished and run.stops[drawn.start] is None
            self._say(legend_text(drawn, run.starts[drawn.start].name, enlarged, goes_on))

    def _say(self, text: str) -> None:
        self._text = text
        if not self._session.playback.playing or not self.text():
            self._due.stop()
            self._write()
        elif not self._due.isActive():
            self._due.start()

    def _write(self) -> None:
        if self._text != self.text():
            self.setText(self._text)
            self.adjustSize()
        self.hang()

    def hang(self) -> None:
        """Hang it where it belongs now."""
        self.move(self._place())


def legend_text(drawn: DrawnArrows, start: str, enlarged: float, goes_on: bool = False) -> str:
    """What the arrows are, how near the estimate is, and what their lengths mean (rich text).

    `goes_on`: the descent has not come to its end, it has only not been recorded any further.
    """
    ends = "the step from here is not taken yet" if goes_on else "no step is taken: this descent ends here"
    batch, full, step = (f"{_percent(share)} of it in this plane" for share in drawn.shares)
    rows = (
        ("mini-batch", f"mini-batch, {_digits(drawn.batch_digits)}: {batch}"),
        ("full", f"full gradient, {_digits(drawn.full_digits)}: {full}"),
        ("step", f"step taken: {step}" if drawn.made else ends),
    )
    lines = [f"<b>Downhill from {start}, step {drawn.step:,}</b>"]
    lines += [f"{_sign(name)} {words}" for name, words in rows]
    lines.append(
        f"cosine mini-batch · full: <b>{_two(drawn.cosine)}</b> in all dimensions, {_two(drawn.cosine_seen)} here"
    )
    lengths = (
        "lengths: the step, and both gradients times one factor,<br>by which the mini-batch's is as long as the step"
        if drawn.adaptive
        else "lengths: η · gradient, and the step"
    )
    lines.append(f"{lengths}, {times(enlarged)}")
    return "<br>".join(lines)


def short_text(drawn: DrawnArrows, enlarged: float) -> str:
    """Which arrow is which, and by how much they are enlarged (rich text)."""
    named = {"mini-batch": "mini-batch", "full": "full gradient"} | ({"step": "step"} if drawn.made else {})
    return f"{' &nbsp;'.join(f'{_sign(name)} {words}' for name, words in named.items())} &nbsp;· {times(enlarged)}"


def _sign(name: str) -> str:
    """An arrow as a sign of writing, in its colour."""
    return f'<span style="color:{_ink(LOOKS[name])}">{"╍" if LOOKS[name].dashed else "━"}▶</span>'


def _ink(look: Look) -> str:
    """A colour that is read on light and dark alike: white stands as grey."""
    return "#9aa3b0" if look.colour == "#ffffff" else look.colour


def _digits(count: int) -> str:
    return f"{count:,} digit{'s' if count != 1 else ''}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if np.isfinite(share) else "–"


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if np.isfinite(value) else "–"


def times(enlarged: float) -> str:
    """A factor in words."""
    if not enlarged > 0:
        return "all zero"
    return f"enlarged {_factor(enlarged)}×" if enlarged >= 1 else f"at 1/{_factor(1 / enlarged)} of their size"


def _factor(value: float) -> str:
    """Three digits of it, and never a power of ten: "1,560" and not "1.56e+03"."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"
