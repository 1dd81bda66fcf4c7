"""The page that sets two or three models side by side: figures, the way between them, digits, the plane through them."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from landscape.comparison import Pair
from landscape.gui.contest import LETTERS
from landscape.gui.dropping import dropped_paths, welcome
from landscape.gui.inspect.compare.disagreements import Disagreements
from landscape.gui.inspect.compare.models import ModelsCard
from landscape.gui.inspect.compare.outlet import Outlet
from landscape.gui.inspect.compare.way import Way
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.gui.wheel import WheelGuard


class ComparePage(QScrollArea):
    """Reads the session's contest, and shows one pair of its models at a time."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._contest = session, session.contest
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.models = ModelsCard(session)
        self.problem = QLabel()
        self.problem.setObjectName("error")
        self.problem.setWordWrap(True)
        self.pairs = QComboBox()
        self.pairs.setAccessibleName("Which two models")
        self.pairs.setToolTip("Which two of the three models the lines and digits below are about")
        self.pairs.activated.connect(lambda _: self.show_pair())
        WheelGuard(self).keep(self.pairs)
        self.way = Way(session, theme)
        self.plane = QPushButton("Show the plane through them")
        self.plane.clicked.connect(self._contest.show_plane)
        self.why = QLabel()
        self.why.setObjectName("faint")
        self.why.setWordWrap(True)
        self.disagreements = Disagreements(session, theme)
        self.outlet = Outlet(session, self)
        self._lay_out()
        self._contest.changed.connect(self.show_contest)
        self._contest.extended.connect(session.turns.soon(self.show_comparison))
        for changed in (session.run_started, session.selection_changed):
            changed.connect(session.turns.soon(self._offer_plane))
        self.set_theme(theme)
        self.show_contest()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.plane)
        buttons.addWidget(self.outlet)
        buttons.addStretch(1)
        column.addWidget(self.models)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        column.addWidget(self.why)
        for part in (self.pairs, self.way, self.disagreements):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)

    def set_theme(self, theme: Theme) -> None:
        """Colour plots and digits."""
        self.way.set_theme(theme)
        self.disagreements.set_theme(theme)

    @property
    def pair(self) -> Pair | None:
        """The pair that is shown, as far as it is known."""
        compared, chosen = self._contest.compared, self.pairs.currentData()
        known = compared.comparison.pairs if compared is not None else ()
        return next((pair for pair in known if (pair.a, pair.b) == chosen), None)

    def show_contest(self) -> None:
        """Other models: other pairs."""
        count = len(self._contest.contestants)
        self.pairs.clear()
        for a in range(count):
            for b in range(a + 1, count):
                self.pairs.addItem(f"{LETTERS[a]} and {LETTERS[b]}", (a, b))
        self.pairs.setVisible(count > 2)
        self._offer_plane()
        self.show_comparison()

    def show_comparison(self) -> None:
        """What is known of the models so far."""
        self.problem.setText(self._contest.problem)
        self.problem.setVisible(bool(self._contest.problem))
        self.outlet.setEnabled(self._contest.whole is not None)
        self.outlet.setVisible(len(self._contest.contestants) > 1)
        self.show_pair()

    def show_pair(self) -> None:
        """The way between two models and the digits they disagree on."""
        self.way.show_pair(self.pair)
        self.disagreements.show_pair(self.pair)

    def _offer_plane(self) -> None:
        why = self._contest.why_no_plane()
        self.plane.setVisible(len(self._contest.contestants) > 1)
        self.plane.setEnabled(not why)
        self.why.setText(why)
        self.why.setVisible(bool(why) and len(self._contest.contestants) > 1)
        through = "the three models" if len(self._contest.contestants) > 2 else "both models and the selected start"
        self.plane.setToolTip(why or f"Draw the plane through {through} on the landscape, with all of them marked")

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files."""
        if event is not None:
            welcome(event)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Models that are dropped here are compared."""
        paths = dropped_paths(event) if event is not None else []
        if paths:
            self._contest.add_files(paths)
