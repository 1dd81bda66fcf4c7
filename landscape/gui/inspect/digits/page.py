"""The page: the model it is about, the set of digits, and four looks at them: answers, costs, a pad to draw on, a baseline."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QHideEvent, QShowEvent
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from landscape.gui.inspect.digits.answers import AnswersView
from landscape.gui.inspect.digits.baseline import BaselineView
from landscape.gui.inspect.digits.costs import CostsView
from landscape.gui.inspect.digits.drawing import DrawingView
from landscape.gui.inspect.digits.examination import SETS, Examination
from landscape.gui.inspect.subject_bar import SubjectBar
from landscape.gui.session import Session
from landscape.gui.theme import Theme

SET_TIPS = {
    "validation": "Digits the network did not learn from: for choosing between models",
    "test": "Digits kept for the very end: a model chosen by them is no longer tested by them",
    "training": "Digits the network learns from: the mean of their costs is the loss that is descended",
}


class DigitsPage(QWidget):
    """Everything about digits and one model. It follows the session's subject while it is seen."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = session.playback
        self.examination = Examination(session, self)
        self.subject = SubjectBar(session)
        self.sets = QComboBox()
        for which in SETS:
            self.sets.addItem(f"{which} digits", which)
            self.sets.setItemData(self.sets.count() - 1, SET_TIPS[which], Qt.ItemDataRole.ToolTipRole)
        self.sets.setAccessibleName("Which digits are classified")
        self.sets.setToolTip("Which digits the model classifies; nothing is trained")
        self.sets.activated.connect(lambda _: self.examination.choose(self.sets.currentData()))
        self.summary = QLabel("…")
        self.summary.setWordWrap(True)
        self.answers, self.costs, self.drawing = AnswersView(theme), CostsView(theme), DrawingView(theme)
        self.baseline = BaselineView(session, theme)
        self.looks = QTabWidget()
        self.looks.setDocumentMode(True)
        self.looks.setAccessibleName("Looks at the digits")
        tabs = self.looks.tabBar()
        assert tabs is not None
        tabs.setAccessibleName(self.looks.accessibleName())  # it is the tabs that take the keyboard
        self.looks.addTab(self.answers, "Answers")
        self.looks.addTab(self.costs, "Costs")
        self.looks.addTab(self.drawing, "Draw")
        self.looks.addTab(self.baseline, "Baseline")
        for place, tip in enumerate(
            (
                "Which digit is taken for which, and the digits as pictures, the wrong ones first",
                "The cost of every single digit: what the average hides",
                "Draw a digit with the mouse and see what the model says to it",
                "What the nearest mean picture alone would get right: the bar that a learnt model must beat",
            )
        ):
            self.looks.setTabToolTip(place, tip)
        line = QHBoxLayout()
        line.setContentsMargins(8, 2, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.sets)
        line.addWidget(self.summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.subject)
        column.addLayout(line)
        scrolled = QScrollArea()  # a low window scrolls; it is not kept high
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(self.looks)
        column.addWidget(scrolled, 1)
        self.answers.take_requested.connect(self._draw_on)
        self.costs.gallery.take_requested.connect(self._draw_on)
        self._subjects = session.subjects
        self.drawing.pad.drawn.connect(self._show_drawing)
        redraw = session.turns.soon(self.show_examined)
        self.examination.changed.connect(redraw)
        self.looks.currentChanged.connect(redraw)

    def set_theme(self, theme: Theme) -> None:
        """Colour the looks."""
        for look in (self.answers, self.costs, self.drawing, self.baseline):
            look.set_theme(theme)

    def _show_drawing(self) -> None:
        """The models under the mouse are asked too."""
        pad = self.drawing.pad
        self._subjects.drawing = None if pad.empty else pad.picture

    def show_examined(self) -> None:
        """Show the newest answers in the look that is seen."""
        examined = self.examination.examined
        if examined is None or not self.isVisible():
            return
        self.summary.setText(examined.sentence)
        look = self.looks.currentWidget()
        assert isinstance(look, AnswersView | CostsView | DrawingView | BaselineView)
        if isinstance(look, AnswersView):
            look.show_examined(examined, in_pieces=self._playback.playing)
        else:
            look.show_examined(examined)

    def _draw_on(self, row: int) -> None:
        """Lay a digit of the set on the pad."""
        examined = self.examination.examined
        if examined is not None:
            self.looks.setCurrentWidget(self.drawing)
            self.drawing.pad.show_picture(examined.split.pictures[row])

    def showEvent(self, event: QShowEvent | None) -> None:
        """Follow the subject again."""
        super().showEvent(event)
        self.examination.activate(True)
        self.show_examined()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Nobody sees it: ask for nothing."""
        super().hideEvent(event)
        self.examination.activate(False)
