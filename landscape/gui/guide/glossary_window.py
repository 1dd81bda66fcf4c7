"""The glossary as a window beside the main one: a line to search in, the terms found, and the chosen one's page."""

from PyQt6.QtCore import QUrl
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from landscape.glossary import as_html, searched, term_named


class GlossaryWindow(QDialog):
    """Stays open while one works; typing finds, arrows choose, links lead from term to term."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Glossary")
        self.resize(680, 460)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Search: a word or a symbol")
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName("Search the glossary")
        self.line.setToolTip("Finds terms by any word or symbol in them")
        self.list = QListWidget()
        self.list.setAccessibleName("Terms found")
        self.list.setToolTip("The terms that were found; those called so come first")
        self.list.setMaximumWidth(220)
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setAccessibleName("What the term means")
        self.page.anchorClicked.connect(self._follow)
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addLayout(row, 1)
        self.line.textEdited.connect(self.search)
        self.list.currentTextChanged.connect(self._show)
        self.search("")

    def search(self, query: str) -> None:
        """List what is found, and show the first."""
        self.list.clear()
        found = searched(query)
        self.list.addItems([term.name for term in found])
        if found:
            self.list.setCurrentRow(0)
        else:
            self.page.setHtml(f"<p>Nothing here is called “{query}”; try another word for it.</p>")

    def look_up(self, name: str) -> None:
        """Show one term among all."""
        self.line.clear()
        self.search("")
        names = [self.list.item(row).text() for row in range(self.list.count())]  # type: ignore[union-attr]
        self.list.setCurrentRow(names.index(term_named(name).name))

    def _show(self, name: str) -> None:
        if name:
            self.page.setHtml(as_html(term_named(name)))

    def _follow(self, link: QUrl) -> None:
        self.look_up(link.toString().removeprefix("term:"))
