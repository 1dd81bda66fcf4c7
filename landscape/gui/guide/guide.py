"""F1, the glossary and the tour, for one window."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtGui import QCursor
from PyQt6.QtWidgets import QApplication, QPushButton, QWidget

from landscape.glossary import as_html
from landscape.gui.guide.card import Card, Ring, bring_into_sight, place_in
from landscape.gui.guide.glossary_window import GlossaryWindow
from landscape.gui.guide.tour import Tour
from landscape.gui.guide.words import Words, words_of

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


class Guide(QObject):
    """Explains what the mouse is over, or what has the keyboard if that moved last."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.tour = Tour(window)
        self.card, self._ring = Card(window), Ring(window)
        self.further = QPushButton("Glossary")
        self.further.setToolTip("Opens the glossary at this term")
        self.further.clicked.connect(lambda _=False: self.open_glossary())
        self.close_button = QPushButton("Close")
        self.close_button.setToolTip("Closes the card (Esc)")
        self.close_button.clicked.connect(lambda _=False: self.dismiss())
        self.card.buttons.addStretch(1)
        self.card.buttons.addWidget(self.further)
        self.card.buttons.addWidget(self.close_button)
        self.words: Words | None = None
        self._glossary: GlossaryWindow | None = None
        self._resting_at = QPoint(-1, -1)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        self._resting_at = QCursor.pos()

    def explain(self) -> None:
        """F1: a card about what the mouse is over; about what has the keyboard, if the mouse has not moved since."""
        pointed, cursor = QApplication.widgetAt(QCursor.pos()), QCursor.pos()
        focused = QApplication.focusWidget()
        if cursor == self._resting_at or pointed is None or pointed.window() is not self._window:
            pointed = None
        self.explain_widget(pointed or focused or self._window, cursor if pointed is not None else None)

    def explain_widget(self, widget: QWidget, cursor: QPoint | None = None) -> Words | None:
        """Show the card about a widget; `cursor` is the place on the screen that is meant."""
        at = widget.mapFromGlobal(cursor) if cursor is not None else None
        self.words = words_of(widget, at)
        if self.words is None:
            self._window.session.told.emit("Move the mouse over what you want explained, then press F1.")
            return None
        self.tour.end()
        words, window = self.words, self._window
        page = as_html(words.term, links=False) if words.term is not None else ""
        known = words.name in words.sentence or (words.term is not None and words.name == words.term.name)
        head = "" if known else f"<b>{escape(words.name)}</b><br>"
        bring_into_sight(words.widget)
        target = place_in(window, words.widget)
        self._ring.surround(target)
        self.further.setVisible(words.term is not None)
        self.card.say(f"<p>{head}{escape(words.sentence)}</p>{page}", target)
        return words

    def open_glossary(self, name: str = "") -> None:
        """The glossary, at a term, at that of the card, or at its beginning."""
        if self._glossary is None:
            self._glossary = GlossaryWindow(self._window)
        term = name or (self.words.term.name if self.card.isVisible() and self.words and self.words.term else "")
        if term:
            self._glossary.look_up(term)
        self._glossary.show()
        self._glossary.activateWindow()
        self._glossary.line.setFocus()

    def begin_tour(self) -> None:
        """The tour, from its first card; its button takes the keyboard."""
        self.dismiss()
        self.tour.begin()
        self.tour.on.setFocus()

    def tour_once(self) -> None:
        """At the very first start: as soon as there is something to show, without taking the keyboard."""
        settings, session = self._window.settings, self._window.session
        if settings.toured:
            return

        def begin() -> None:
            if not settings.toured and session.surface is not None and session.surface.complete:
                session.surface_extended.disconnect(later)
                if settings.tour_begins():
                    self.tour.begin()

        later = session.turns.soon(begin)
        session.surface_extended.connect(later)

    def dismiss(self) -> bool:
        """Close the card or the tour; whether there was one."""
        shown = self.card.isVisible() or self.tour.place is not None
        self.card.hide()
        self._ring.hide()
        self.tour.end()
        return shown
