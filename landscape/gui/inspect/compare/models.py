"""The models that are compared: which they are, how large, how often right; added from files or from the present run."""

from functools import partial
from pathlib import Path

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landscape.comparison import Entry, seen_sentence
from landscape.gui.contest import LETTERS, MOST, Contestant
from landscape.gui.session import Session
from landscape.model import FORMATS

HINT = (
    "Add two or three models, or drop their files here: they are compared digit by digit, and along the straight line "
    "from one to the other."
)
# A row's name and the plain sentence that explains it.
ROWS = {
    "layers": "Neurons in each layer, from the 784 pixels to the outputs",
    "activation": "What a hidden neuron does with its weighted input z",
    "cost": "The cost C it was taught with: how far the outputs are from the right answer",
    "parameters": "The length of θ: all weights w and biases b",
    "as 32-bit": "The size of a file of its parameters, 4 bytes each",
    "training": "Share of the training digits that it guesses rightly",
    "validation": "Share of the validation digits, which it did not learn from",
    "test": "Share of the test digits, which nobody has looked at before",
    "test loss": "Mean cost of a test digit",
}


class Elided(QLabel):
    """A label whose text is cut in its middle where there is no room; the tooltip has all of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """As narrow as one letter and the dots."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """The text, or as much of its ends as fits."""
        painter = QPainter(self)
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)


class ModelsCard(QWidget):
    """Buttons to add models, and a table with one column a model."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._contest = session, session.contest
        self._folder = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._build_buttons())
        self.hint = QLabel(HINT)
        self.hint.setWordWrap(True)
        self.hint.setObjectName("faint")
        column.addWidget(self.hint)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self.cells: dict[tuple[str, int], QLabel] = {}
        column.addWidget(self._table)
        self.seen = QLabel()
        self.seen.setWordWrap(True)
        self.seen.setObjectName("error")
        column.addWidget(self.seen)
        self._contest.changed.connect(self.show_models)
        self._contest.extended.connect(session.turns.soon(self.show_figures))
        self.show_models()

    def _build_buttons(self) -> QHBoxLayout:
        self.open = QPushButton("Open models…")
        self.open.setToolTip("Add models from files: safetensors, npz, Nielsen's JSON or plain pickles")
        self.open.clicked.connect(self._ask)
        self.add = QPushButton("From this run ▾")
        self.add.setAccessibleName("From this run")
        self.add.setToolTip("Add what is selected, the best so far, or where a start ended")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._offer)
        self.add.setMenu(self.menu)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.add)
        row.addStretch(1)
        return row

    def show_models(self) -> None:
        """One column a model; what is not known yet is dots."""
        contestants = self._contest.contestants
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.cells = {}
        self.hint.setText(HINT if len(contestants) < 2 else "")
        self._table.setVisible(bool(contestants))
        for control in (self.open, self.add):
            control.setEnabled(len(contestants) < MOST)
        for line, (name, tip) in enumerate(ROWS.items(), start=1):
            label = QLabel(name)
            label.setObjectName("faint")
            label.setToolTip(tip)
            self._grid.addWidget(label, line, 0)
        for place in range(MOST):
            self._grid.setColumnStretch(place + 1, 1 if place < len(contestants) else 0)
        for place, one in enumerate(contestants):
            self._add_column(place, one)
        self.show_figures()

    def _add_column(self, place: int, one: Contestant) -> None:
        head = QWidget()
        rows = QVBoxLayout(head)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(4)
        letter = QLabel(f"<b>{LETTERS[place]}</b>")
        row.addWidget(letter)
        plain = one.name.removesuffix(Path(one.name).suffix) if Path(one.name).suffix in FORMATS else one.name
        title: QLabel = QLabel(plain) if " " in plain else Elided(plain)
        title.setWordWrap(" " in plain)  # a name of words takes lines, a file's name is cut in its middle
        title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        title.setToolTip(one.name)
        row.addStretch(1)
        out = QToolButton()
        out.setText("×")
        out.setObjectName("fold")  # as plain and narrow as the button of a fold
        out.setToolTip(f"Compare without {one.name}")
        out.setAccessibleName(f"Take {LETTERS[place]} out")
        out.clicked.connect(partial(self._contest.take_out, place))
        row.addWidget(out)
        rows.addLayout(row)
        rows.addWidget(title, 1)
        self._grid.addWidget(head, 0, place + 1)
        net = one.model.net
        known = {
            "layers": "-".join(map(str, net.sizes)),
            "activation": net.activation,
            "cost": net.cost.replace("_", " "),
            "parameters": f"{net.P:,}",
            "as 32-bit": f"{4 * net.P / 1000:,.0f} kB",
        }
        for line, name in enumerate(ROWS, start=1):
            cell = Elided(known.get(name, "…"))
            cell.setAccessibleName(f"{LETTERS[place]}, {name}")
            if name in one.model.assumed:
                cell.setText(f"{cell.text()} ?")
                cell.setToolTip(f"Its file does not say its {name}: {known[name]} is taken for granted")
            self.cells[name, place] = cell
            self._grid.addWidget(cell, line, place + 1)

    def show_figures(self) -> None:
        """Accuracies, as far as they are known; the best of each row stands out."""
        compared = self._contest.compared
        entries = compared.comparison.entries if compared is not None else ()
        named = [(letter, one.model) for letter, one in zip(LETTERS, self._contest.contestants)]
        self.seen.setText(seen_sentence(named, compared.digits) if compared is not None else "")
        self.seen.setVisible(bool(self.seen.text()))
        if compared is not None:
            self.hint.setText(f"Judged by the {compared.digits.source}.")
        self.hint.setVisible(bool(self.hint.text()))
        for name, values in _figures(entries).items():
            for place, (value, text) in enumerate(values):
                best = (min if name == "test loss" else max)(number for number, _ in values)
                cell = self.cells[name, place]
                cell.setText(text)
                cell.setToolTip(text)
                font = cell.font()
                # Losses of different costs are numbers of different kinds: none of them is the best.
                comparable = name != "test loss" or len({one.model.net.cost for one in self._contest.contestants}) == 1
                font.setBold(len(values) > 1 and value == best and comparable)
                cell.setFont(font)

    def _ask(self) -> None:
        endings = " ".join(f"*{ending}" for ending in FORMATS)
        names, _ = QFileDialog.getOpenFileNames(
            self, "Models to compare", self._folder, f"Models ({endings});;All files (*)"
        )
        if names:
            self._folder = str(Path(names[0]).parent)
            self._contest.add_files([Path(name) for name in names])

    def _offer(self) -> None:
        self.menu.clear()
        for name, one in self._contest.from_run().items():
            action = self.menu.addAction(name.replace("&", "&&"))
            assert action is not None
            action.triggered.connect(partial(self._contest.add, [one]))


def _figures(entries: tuple[Entry, ...]) -> dict[str, list[tuple[float, str]]]:
    """For each row that is measured, every model's figure and its text."""
    rows: dict[str, list[tuple[float, str]]] = {}
    for name, which in (("training", "train"), ("validation", "validation"), ("test", "test")):
        rows[name] = [(entry.verdicts[which].accuracy, f"{entry.verdicts[which].accuracy:.2%}") for entry in entries]
    rows["test loss"] = [(entry.verdicts["test"].loss, f"{entry.verdicts['test'].loss:.4f}") for entry in entries]
    return rows
