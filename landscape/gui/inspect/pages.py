"""The pages beside the landscape: each is built when it is first looked at, so that none delays the first picture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from landscape.gui.session import Session
from landscape.gui.theme import Theme


@dataclass(frozen=True)
class Page:
    """A page's name on its tab, its plain sentence, and how it is built: a widget with `set_theme(theme)`."""

    name: str
    tip: str
    build: Callable[[Session, Theme], QWidget]


def _curves(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.figures import Figures

    return Figures(session, theme)


def _step(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.step.page import StepPage

    return StepPage(session, theme)


def _weights(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.weights.page import WeightsPage

    return WeightsPage(session, theme)


def _digits(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.digits.page import DigitsPage

    return DigitsPage(session, theme)


def _lab(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.lab.page import LabPage

    return LabPage(session, theme)


def _compare(session: Session, theme: Theme) -> QWidget:
    from landscape.gui.inspect.compare.page import ComparePage

    return ComparePage(session, theme)


PAGES = (
    Page("Curves", "Loss and accuracy of every start over time, and the figures of the shown moment", _curves),
    Page("Step", "The microscope: the shown step taken apart into forward, loss, backward and update", _step),
    Page(
        "Weights", "Weights, gradients and changes of one step: as pictures, against each other, in figures", _weights
    ),
    Page("Digits", "What one model makes of each digit, what each costs, and a pad to draw on", _digits),
    Page(
        "Lab",
        "Experiments: sanity checks, the right rate, search, restarts, noise, curvature, a race of optimisers",
        _lab,
    ),
    Page(
        "Compare", "Two or three models side by side: accuracies, disagreements, and the barrier between them", _compare
    ),
)


class Inspect(QTabWidget):
    """One tab a page. A page draws when it is visible only."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._built: dict[str, Any] = {}
        self._ready = False
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.setAccessibleName("What is inspected")
        self.setWhatsThis("Pages beside the landscape: each looks at the run in another way")
        bar = self.tabBar()
        assert bar is not None
        bar.setAccessibleName("Pages")
        for place, page in enumerate(PAGES):
            room = QWidget()
            QVBoxLayout(room).setContentsMargins(0, 0, 0, 0)
            self.addTab(room, page.name)
            self.setTabToolTip(place, page.tip)
        self.currentChanged.connect(lambda place: self._ready and self.page(PAGES[place].name))

    def begin(self) -> None:
        """From now on the page in front is built: not before the window has been painted."""
        self._ready = True
        self.page(PAGES[self.currentIndex()].name)

    def page(self, name: str) -> Any:
        """The page of that name, built if it has not been looked at yet."""
        if name not in self._built:
            place = [page.name for page in PAGES].index(name)
            self._built[name] = PAGES[place].build(self._session, self._theme)
            if not self._built[name].accessibleName():  # a page that scrolls can have the keyboard
                self._built[name].setAccessibleName(name)
                self._built[name].setWhatsThis(PAGES[place].tip)
            room = self.widget(place)
            layout = room.layout() if room is not None else None
            assert layout is not None
            layout.addWidget(self._built[name])
        return self._built[name]

    def show_page(self, name: str) -> Any:
        """Bring a page to the front; returns it."""
        self.setCurrentIndex([page.name for page in PAGES].index(name))
        return self.page(name)

    def set_theme(self, theme: Theme) -> None:
        """Colour the pages that are built; the others are built in these colours."""
        self._theme = theme
        for page in self._built.values():
            page.set_theme(theme)
