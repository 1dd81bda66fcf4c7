"""The notes on a run: an editor beside the window, whose text is kept in the run's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout

from landscape.errors import RecordError
from landscape.gui.setup.form import faint_label
from landscape.run.notes import note, notes_of
from landscape.run.run import Run

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow

KEEP_MS = 800


class Notes(QObject):
    """Owns the editor, made when it is first wanted; writes a moment after the last key."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.dialog: QDialog | None = None
        self.editor: QPlainTextEdit | None = None
        self._run: Run | None = None
        self._unwritten: Run | None = None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(KEEP_MS)
        self._due.timeout.connect(self.keep)
        self._session.run_started.connect(self._show_run)
        self._session.run_ended.connect(self.keep)

    def open(self) -> None:
        """Show the editor."""
        if self.dialog is None:
            self._build()
        assert self.dialog is not None and self.editor is not None
        self._show_run()
        self.dialog.show()
        self.editor.setFocus()

    def _build(self) -> None:
        self.dialog = QDialog(self._window)
        self.dialog.setWindowTitle("Notes on this run")
        self.dialog.resize(420, 320)
        column = QVBoxLayout(self.dialog)
        about = faint_label()
        about.setText("Kept with the run: in its file when you save it, and on the page of its diary.")
        column.addWidget(about)
        self.editor = QPlainTextEdit()
        self.editor.setPlaceholderText("What did you try, what did you expect, and what came of it?")
        self.editor.setAccessibleName("Notes on this run")
        self.editor.setToolTip("Your own words about this run; Tab leaves the field")
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._typed)
        column.addWidget(self.editor, 1)

    def _show_run(self) -> None:
        """Another run, other notes."""
        self.keep()
        self._run = self._session.run
        if self.editor is not None:
            self.editor.blockSignals(True)
            self.editor.setPlainText(notes_of(self._run) if self._run is not None else "")
            self.editor.blockSignals(False)
            self.editor.setEnabled(self._run is not None)

    def _typed(self) -> None:
        if self._run is not None and self.editor is not None:
            note(self._run, self.editor.toPlainText())
            self._unwritten = self._run
            self._due.start()

    def keep(self) -> None:
        """Write what was typed into the run's record; while the run grows or is saved, its own writer does that."""
        self._due.stop()
        run, busy = self._unwritten, self._session.training or self._session.lanes.running("save")
        if run is None:
            return
        if busy and run is self._session.run:
            self._due.start()
            return
        self._unwritten = None
        try:
            run.write_manifest()
        except RecordError as error:
            self._session.failed.emit(f"the notes can't be kept: {error}")
