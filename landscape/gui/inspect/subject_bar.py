"""The top of a page about one model: which model it is, the way back to the descent, and another one from a file."""

from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QFileDialog, QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from landscape.gui.inspect.points import marker_icon
from landscape.gui.session import Session
from landscape.model import FORMATS

PLAYING_MS = (
    120  # while time runs, the name (which tells its step) is written this often: it has the page laid out anew
)
HOW = "Click the landscape for the model at that point, or a ball for its start."


class SubjectBar(QWidget):
    """Names the session's subject; its buttons change it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = ""
        self.mark, self.words = QLabel(), QLabel()
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setToolTip(f"The model θ that this page is about. {HOW}")
        self.words.setAccessibleName("The model that this page is about")
        self.back = QPushButton("back to the descent")
        self.back.setToolTip("Show the selected start at the shown step again, and follow it (Esc)")
        self.back.clicked.connect(session.subjects.release)
        self.another = QPushButton("another model…")
        self.another.setToolTip("Show a model θ from a file: safetensors, npz, Nielsen's JSON or a plain pickle")
        self.another.clicked.connect(self._ask)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 2)
        grid.setHorizontalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.mark, 0, 0)
        grid.addWidget(self.words, 0, 1)
        grid.addWidget(self.back, 0, 2)
        grid.addWidget(self.another, 0, 3)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(PLAYING_MS)
        self._due.timeout.connect(self.show_subject)
        session.subject_changed.connect(session.turns.soon(self._follow))
        self.show_subject()

    def _follow(self) -> None:
        if not self._session.playback.playing:
            self._due.stop()
            self.show_subject()
        elif not self._due.isActive():
            self._due.start()

    def show_subject(self) -> None:
        """Name the model."""
        subject = self._session.subject
        known = subject is not None and subject.start is not None
        self.mark.setVisible(known)
        if subject is not None and subject.start is not None:
            self.mark.setPixmap(marker_icon(subject.start).pixmap(16, 16))
        self.words.setText(f"<b>{subject.words}</b>" if subject is not None else "No model yet")
        self.back.setVisible(self._session.subjects.fixed)

    def _ask(self) -> None:
        endings = " ".join(f"*{ending}" for ending in FORMATS)
        name, _ = QFileDialog.getOpenFileName(self, "Show another model", self._folder, f"Models ({endings})")
        if name:
            self._folder = str(Path(name).parent)
            self._session.subjects.open(Path(name))
