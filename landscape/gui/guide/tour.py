"""The tour of the first start: five cards, each pointing at a part of the window, while the demo goes on playing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from landscape.gui.guide.card import Card, Ring, bring_into_sight, place_in

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


@dataclass(frozen=True)
class Sight:
    """One card: its title, its sentence and what it points at."""

    title: str
    sentence: str
    target: Callable[[Any], QWidget]  # of the window


SIGHTS = (
    Sight(
        "Balls and paths",
        "Each ball is a network that learns, its line the way it has come, and the star the best one found so far.",
        lambda window: window.stage,
    ),
    Sight(
        "The surface",
        "Colours and contour lines are the loss of the network at every point of this plane: the descents run from "
        "bright to dark, that is, downhill.",
        lambda window: window.stage,
    ),
    Sight(
        "How honest the picture is",
        "The networks move in thousands of dimensions and the picture has two: this line says how much of the movement "
        "it holds.",
        lambda window: window.verdict,
    ),
    Sight(
        "Time",
        "Press Space to play or pause, or drag this bar: every single gradient step can be visited.",
        lambda window: window.transport,
    ),
    Sight(
        "Your turn",
        "Change a setting here and press Train to begin a run of your own; F1 explains whatever the mouse is over.",
        lambda window: window.setup_panel,
    ),
)


class Tour(QObject):
    """Shows the cards one after the other; the window stays as usable as without."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.place: int | None = None
        self.card, self.ring = Card(window), Ring(window)
        self.card.setAccessibleName("Tour")
        self._count = QLabel()
        self._count.setObjectName("faint")
        self.skip = self._button("Skip", "Closes the tour; Help, Tour shows it again (Esc)", self.end)
        self.card.buttons.addWidget(self._count)
        self.card.buttons.addStretch(1)
        self.back = self._button("Back", "To the card before", lambda: self._go(-1))
        self.on = self._button("Next", "To the next card", lambda: self._go(1))
        self.on.setObjectName("primary")
        window.installEventFilter(self)

    def _button(self, text: str, tip: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: act())
        self.card.buttons.addWidget(button)
        return button

    def begin(self) -> None:
        """Show the first card."""
        self.place = 0
        self.show_place()

    def end(self) -> None:
        """Take the cards away."""
        self.place = None
        self.card.hide()
        self.ring.hide()

    def _go(self, by: int) -> None:
        if self.place is None:
            return
        self.place = max(0, self.place + by)
        if self.place >= len(SIGHTS):
            self.end()
        else:
            self.show_place()

    def show_place(self) -> None:
        """The card of where the tour stands, beside what it points at."""
        assert self.place is not None
        sight = SIGHTS[self.place]
        bring_into_sight(sight.target(self._window))
        target = place_in(self._window, sight.target(self._window))
        self._count.setText(f"{self.place + 1} of {len(SIGHTS)}")
        self.back.setEnabled(self.place > 0)
        self.on.setText("Done" if self.place == len(SIGHTS) - 1 else "Next")
        self.ring.surround(target)
        self.card.say(f"<b>{sight.title}</b><br>{sight.sentence}", target)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The cards follow the window's size."""
        if self.place is not None and event is not None and event.type() == QEvent.Type.Resize:
            self.show_place()
        return False
