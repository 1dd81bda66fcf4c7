"""Closing the window while something runs: asked once, in words that say what would become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

# Lanes whose work is done anew at the next look; nothing is lost with them.
TRIFLES = ("picture", "turntable", "kernels", "open", "model", "cards", "offer")


class Closing(QObject):
    """Lets the window close, or asks; a second wish to close while it asks is an answer."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.question: QMessageBox | None = None
        self._agreed = False

    def allows(self) -> bool:
        """Whether the window may close now."""
        losses = self.losses()
        if not losses or self._agreed or self.question is not None:
            return True
        box = self.question = QMessageBox(
            QMessageBox.Icon.Question, "Landscape", "Close while something runs?", parent=self._window
        )
        box.setInformativeText("\n".join(losses))
        close = box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(lambda _: self._answered(box.clickedButton() is close))
        box.open()
        return False

    def losses(self) -> list[str]:
        """What runs that matters, and what would become of it."""
        found = []
        for lane, activity in self._window.session.activity.items():
            if lane == "descent":
                found.append(f"Training, {activity.done:.0%} done: what it has learnt is kept and can be gone on with.")
            elif lane == "lab":
                found.append(
                    f"{activity.text.capitalize()}, {activity.done:.0%} done: what it has found is kept with the run."
                )
            elif lane not in TRIFLES:
                found.append(f"{activity.text.capitalize()}, {activity.done:.0%} done: it would have to begin again.")
        return found

    def _answered(self, agreed: bool) -> None:
        if self.question is not None:
            self.question.deleteLater()
        self.question, self._agreed = None, agreed
        if agreed:
            self._window.close()
