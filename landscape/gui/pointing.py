"""What the mouse means on a landscape, from above and in 3D alike: a look, a click, a button held down, a menu.

A click chooses the ball or the point under the mouse, a button held still starts a descent there, and a menu offers both in
words. The view says what lies under a pixel; nothing else of it is known here.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QLabel, QMenu, QWidget

from landscape.export.loss_scale import loss_text
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS

WARN_MS, HOLD_MS = 220, 600
STILL = 6  # pixels that a hand may move in a click
BESIDE, BELOW, EDGE = 18, 14, 50
KEEP_HOLDING = "Keep holding: a descent starts here"
Where = tuple[float, float]


class Pointing(QObject):
    """Watches the mouse on `surface` (the view itself, or the part of it that gets the mouse), and shows cards on `view`.

    The card of the chosen point hangs at `corner(its size)`, where it hides nothing that explains the picture.
    """

    def __init__(
        self,
        session: Session,
        view: QWidget,
        surface: QWidget,
        start_at: Callable[[QPointF], int | None],
        place_at: Callable[[QPointF], Where | None],
        corner: Callable[[QSize], QPoint],
    ) -> None:
        super().__init__(view)
        self._session, self._view, self._surface = session, view, surface
        self._start_at, self._place_at, self._corner = start_at, place_at, corner
        self._pressed: QPointF | None = None
        self.hover, self.card = _Card(view), _Card(view)
        self.shows_card = True
        self._warning = self._timer(WARN_MS, self._warn)
        self._holding = self._timer(HOLD_MS, self._held)
        surface.setMouseTracking(True)
        surface.installEventFilter(self)
        shown = (session.subject_changed, session.subjects.measured, session.plane_changed, session.surface_extended)
        for changed in shown:
            changed.connect(session.turns.soon(self.show_point))

    def set_theme(self, theme: Theme) -> None:
        """Colour the cards."""
        for card in (self.hover, self.card):
            card.set_theme(theme)
        self.hover.hide()  # of another size now; the next move of the mouse shows it again
        if self.card.isVisible():
            self.show_point()

    def show_point(self) -> None:
        """The chosen point's figures on a card in the corner, or no card."""
        point, spot = self._session.subjects.point, self._session.subjects.spot()
        shown = self.shows_card and point is not None and spot is not None
        self.card.setVisible(shown)
        if not shown or point is None or spot is None:
            return
        figures = self._session.subjects.figures
        lines = [f"The network at {point.words.removeprefix('the plane at ')}"]
        lines.append("measuring …" if figures is None else figures.words)
        lines.append(f"{spot.away:.2f} from the middle{_share(spot.away_share)}")
        if not spot.off:  # all that the card under the mouse says, for those who have none
            lines += [f"surface: {line}" for line in surface_words(self._session, spot.a, spot.b)]
        else:
            lines.append(f"{spot.off:.2f} off this plane{_share(spot.off_share)}: the cross is its shadow")
        lines.append("Esc: back to the descents" if spot.off else "Enter: descend from here · Esc: back")
        text = "\n".join(lines)
        self.card.show_text(text, self._corner(self.card.size_of(text)))

    def place_card(self) -> None:
        """Hang the card where it belongs in a view that has got another size."""
        self.card.move(self._corner(self.card.size()))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Look at the mouse, and let the view have it all the same."""
        if isinstance(event, QMouseEvent):
            kind = event.type()
            if kind == QEvent.Type.MouseButtonPress:
                self._press(event)
            elif kind == QEvent.Type.MouseMove:
                self._move(event)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._release(event)
            elif kind == QEvent.Type.MouseButtonDblClick:
                self._forget()
        elif event is not None and event.type() in (QEvent.Type.Leave, QEvent.Type.Hide):
            self._forget()
            self.hover.hide()
        return False

    def _press(self, event: QMouseEvent) -> None:
        self._forget()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._pressed = event.position()
            here = self._start_at(self._pressed) is None and self._place_at(self._pressed) is not None
            if event.button() == Qt.MouseButton.LeftButton and here:
                self._warning.start()
                self._holding.start()

    def _move(self, event: QMouseEvent) -> None:
        spot = event.position()
        if self._pressed is not None and (spot - self._pressed).manhattanLength() > STILL:
            self._forget()
        if event.buttons() == Qt.MouseButton.NoButton:
            self._look(spot)
        elif self._pressed is None:
            self.hover.hide()

    def _release(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        self._forget()
        if pressed is None:  # it was moved, or held
            return
        start, place = self._start_at(pressed), self._place_at(pressed)
        if event.button() == Qt.MouseButton.RightButton:
            self._offer(place, event.globalPosition().toPoint())
        elif start is not None:
            self._session.subjects.choose_start(start)
        elif place is not None:
            self._session.subjects.choose_point(*place)

    def _look(self, spot: QPointF) -> None:
        place = self._place_at(spot)
        if place is None:
            self.hover.hide()
        else:
            self._show_hover(hover_words(self._session, *place), spot)

    def _show_hover(self, text: str, spot: QPointF) -> None:
        at = self._surface.mapTo(self._view, spot.toPoint()) if self._surface is not self._view else spot.toPoint()
        size = self.hover.size_of(text)
        x = at.x() + BESIDE
        if x + size.width() > self._view.width() - EDGE:
            x = at.x() - size.width() - BELOW
        self.hover.show_text(text, QPoint(x, min(at.y() + BELOW, self._view.height() - size.height() - EDGE)))

    def _warn(self) -> None:
        if self._pressed is not None:
            self._show_hover(KEEP_HOLDING, self._pressed)

    def _held(self) -> None:
        place = None if self._pressed is None else self._place_at(self._pressed)
        self._forget()
        self.hover.hide()
        if place is not None:
            self._session.descend_from(*place)

    def _offer(self, place: Where | None, at: QPoint) -> None:
        menu = self.menu(place)
        if menu is not None:
            menu.popup(at)

    def menu(self, place: Where | None) -> QMenu | None:
        """What can be done at a point of the plane; None where there is nothing to do."""
        menu, subjects = QMenu(self._view), self._session.subjects
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if place is not None:
            look = menu.addAction("Look at the model here", partial(subjects.choose_point, *place))
            assert look is not None
            look.setToolTip("The pages Digits and Weights then show the network at this point of the plane (click)")
            begin = menu.addAction("Start a descent here", partial(self._session.descend_from, *place))
            assert begin is not None
            begin.setToolTip("A new run whose only start is this point of the plane (hold the button, or Enter)")
        if subjects.fixed:
            back = menu.addAction("Back to the descent", subjects.release)
            assert back is not None
            back.setToolTip("The pages show the selected start at the shown step again (Esc)")
        return None if menu.isEmpty() else menu

    def _forget(self) -> None:
        self._pressed = None
        self._warning.stop()
        self._holding.stop()

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer


class _Card(QLabel):
    """Some lines over a view, that the mouse does not feel."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(
            f"background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line};"
            " border-radius: 4px; padding: 4px 7px;"
        )

    def size_of(self, text: str) -> QSize:
        self.setText(text)
        self.adjustSize()
        return self.size()

    def show_text(self, text: str, at: QPoint) -> None:
        self.size_of(text)
        self.move(at)
        self.raise_()
        self.show()


def hover_words(session: Session, a: float, b: float) -> str:
    """What is known at a point of the plane at once: its coordinates, the drawn surface there, and how far out it is."""
    portrait = session.portrait
    lines = [f"a {a:.2f}   b {b:.2f}".replace("-", "−"), *(known := surface_words(session, a, b))]
    if portrait is None or not known:
        return f"{lines[0]}\noff the map"
    size = float(np.linalg.norm(portrait.plane.origin))
    away = float(np.sqrt(np.array([a, b]) @ portrait.plane.gram @ np.array([a, b])))
    lines.append(f"{away:.2f} from the middle{_share(away / size if size else float('nan'))}")
    answer = session.subjects.answer_at(a, b)
    return "\n".join([*lines, answer] if answer else lines)


def surface_words(session: Session, a: float, b: float) -> list[str]:
    """The height of the drawn surface at a point, and whether that is below the noise; nothing off the map."""
    surface = session.surface
    height = surface.height_at(a, b) if surface is not None else float("nan")
    if not np.isfinite(height):
        return []
    i, j = np.abs(surface.a - a).argmin(), np.abs(surface.b - b).argmin()
    noisy = surface.noise is not None and surface.noise[j, i]
    return [_height_words(surface, height, j, i), *(["below the noise"] if noisy else [])]


def _height_words(surface: Surface, height: float, j: int, i: int) -> str:
    """The height with its sampling error, and for the loss the accuracy beside it, for the accuracy the loss."""
    measure = surface.measure or THE_LOSS
    name = f"{measure.quantity}, validation − training" if measure.differs else measure.quantity
    value = loss_text(height)
    words = f"{name} {value}{'' if surface.error is None else _error_beside(value, surface.error[j, i])}{measure.unit}"
    if surface.accuracy is None or measure.differs or measure.example is not None:
        return words
    if measure.quantity == "accuracy":
        return f"{words}   loss {loss_text(surface.loss[j, i])}"
    return f"{words}   accuracy {surface.accuracy[j, i]:.0%}"


def _error_beside(value: str, error: float) -> str:
    """A sampling error with the decimals of the value that it belongs to; one too small for them in one digit."""
    decimals = len(value.partition(".")[2]) if "e" not in value else 0
    rounded = f"{error:.{decimals}f}"
    return f" ± {rounded if float(rounded) else f'{error:.1g}'}"


def _share(share: float) -> str:
    return f" ({share:.0%} of ‖θ‖)" if np.isfinite(share) else ""
