"""The sentence under the landscape: what this plane shows of the descents, and what it hides."""

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from landscape.gui.session import Session
from landscape.run.portrait import Portrait


class Verdict(QLabel):
    """One plain sentence: what this plane shows of the descents, and what it hides."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("verdict")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setMinimumHeight(48)
        for changed in (session.plane_changed, session.run_extended, session.surface_extended):
            changed.connect(session.turns.soon(self.refresh))

    def refresh(self) -> None:
        """Say it for the plane that is shown."""
        portrait, surface, run = self._session.portrait, self._session.surface, self._session.run
        if portrait is None or run is None:
            return
        text = verdict(portrait, run.setup.descent.in_plane)
        if surface is not None and surface.complete:
            low = surface.lowest()[2]
            text += f" Lowest on this grid: {low:.3g}, over {surface.examples:,} {self._session.picture.which} digits."
        self.setText(text)


def verdict(portrait: Portrait, in_plane: bool) -> str:
    """What the plane covers, in words (rich text)."""
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
        else "you see a shadow that hardly moves. Press P for another plane."
    )
    return f"This plane holds {held}{yardstick}: {seen}"


def percent(share: float) -> str:
    """A share between 0 and 1 with as many digits as it needs."""
    if not np.isfinite(share):
        return "–"
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if share >= 0.01 else f"{share:.2%}"
