"""The page of experiments: a card each, in the order in which a class makes them."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from landscape.gui.inspect.lab.card import Card
from landscape.gui.session import Session
from landscape.gui.setup.form import faint_label
from landscape.gui.theme import Theme
from landscape.lab.experiments import EXPERIMENTS

INTRODUCTION = (
    "Experiments on the shown run and its setup, which stay as they are. Results are kept with the run and its diary."
)


class LabPage(QScrollArea):
    """Scrolls up and down only; the first card is open."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lab = session.lab
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setMinimumWidth(0)
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        words = faint_label()
        words.setText(INTRODUCTION)
        column.addWidget(words)
        self.cards = {name: Card(kind, session, theme) for name, kind in EXPERIMENTS.items()}
        for card in self.cards.values():
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inside)
        self._busy = False
        self._lab.changed.connect(self._refresh)
        for changed in (self._lab.results_read, self._lab.paced, session.run_ended, session.run_started):
            changed.connect(session.turns.soon(self.refresh))
        for moved in (session.moment_changed, session.subject_changed):
            moved.connect(session.turns.soon(self._look))
        next(iter(self.cards.values())).open()

    def set_theme(self, theme: Theme) -> None:
        """Colour the plots."""
        for card in self.cards.values():
            card.set_theme(theme)

    def refresh(self) -> None:
        """Prices, states and results as they are now, if the page is seen."""
        if self.isVisible():
            self._lab.ask_pace()
            for card in self.cards.values():
                card.refresh()

    def showEvent(self, event: object) -> None:
        """Nothing was refreshed while the page was out of sight."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def _look(self) -> None:
        """Time or the chosen point has moved: only what an experiment would look at is another."""
        if self.isVisible() and not self._session.playback.playing:
            self._lab.ask_pace()
            for card in self.cards.values():
                card.look()

    def _refresh(self, name: str) -> None:
        """A step of one experiment; at its begin and its end the others' buttons change too."""
        busy = self._lab.running is not None
        if busy != self._busy:
            self._busy = busy
            self._session.turns.soon(self.refresh)()
        elif self.isVisible():
            self.cards[name].refresh()
