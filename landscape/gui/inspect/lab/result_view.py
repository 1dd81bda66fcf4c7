"""A result in the page: its sentences, what can be done with it, its plots, and for a search its table."""

from collections.abc import Iterator
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landscape.export.lab_chart import Chart, drawing
from landscape.gui.inspect.lab.actions import Action, actions, trial_action
from landscape.gui.inspect.lab.chart_view import ChartView
from landscape.gui.laboratory import Laboratory
from landscape.gui.theme import Theme
from landscape.gui.turns import Turns
from landscape.lab import SanityChecks, Search
from landscape.run.setup import Setup

TWO_ABREAST = 640  # pixels of width from which two plots stand beside each other
MOST_ROWS = 12
COLUMNS = ("stage", "η", "λ", "hidden", "loss", "right")


class ResultView(QWidget):
    """Shows one result at a time; plots and buttons are kept and used again."""

    def __init__(self, lab: Laboratory, turns: Turns, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab, self._theme = lab, theme
        self._abreast = 1
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName("What was found")
        self.buttons: list[QPushButton] = []
        self.charts: list[ChartView] = []
        self.table: QTableWidget | None = None
        self._rows: list[Action] = []
        self._waiting: list[tuple[ChartView, Chart]] = []
        self._soon = turns.soon(self._draw_next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        self._doing = QVBoxLayout()
        self._doing.setSpacing(4)
        column.addLayout(self._doing)
        self._plots = QGridLayout()
        self._plots.setSpacing(6)
        column.addLayout(self._plots)
        self.under = QLabel()
        self.under.setWordWrap(True)
        self.under.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.under.setAccessibleName("What stands under the plots")
        column.addWidget(self.under)
        self._column = column

    def set_theme(self, theme: Theme) -> None:
        """Colour the plots."""
        self._theme = theme
        for chart in self.charts:
            chart.set_theme(theme)

    def show_result(self, result: Any, setup: Setup, whole: bool) -> None:
        """Show a result; what can be done with it is offered once it is whole."""
        drawn = drawing(result)
        lines = (
            self._checks(result) if isinstance(result, SanityChecks) else map(_escaped, drawn.sentences.splitlines())
        )
        self.words.setText("".join(f'<p style="margin:0 0 6px 0">{line}</p>' for line in lines))
        self.under.setText(drawn.under)
        self.under.setVisible(bool(drawn.under))
        self._offer(actions(result, self._lab, setup) if whole or isinstance(result, Search) else ())
        while len(self.charts) < len(drawn.charts):
            self.charts.append(ChartView(self._theme, self))
        self._lay_out()
        for place, view in enumerate(self.charts):
            view.setVisible(place < len(drawn.charts))
        self._waiting = list(zip(self.charts, drawn.charts))
        self._soon()
        if isinstance(result, Search):
            self._list(result, setup)

    def _draw_next(self) -> None:
        """One plot a turn, so that the window can answer the hand between two."""
        if self._waiting:
            view, chart = self._waiting.pop(0)
            view.show_chart(chart)
            self._soon()

    def resizeEvent(self, event: Any) -> None:
        """Two plots beside each other where there is room."""
        super().resizeEvent(event)
        abreast = 2 if self.width() >= TWO_ABREAST else 1
        if abreast != self._abreast:
            self._abreast = abreast
            self._lay_out()

    def _lay_out(self) -> None:
        for place, view in enumerate(self.charts):
            self._plots.addWidget(view, place // self._abreast, place % self._abreast)

    def _offer(self, offered: tuple[Action, ...]) -> None:
        for button in self.buttons:
            self._doing.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for action in offered:
            button = QPushButton(action.words)
            button.setToolTip(action.tip)
            button.setAccessibleDescription(action.tip)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _, act=action.act: act())
            self._doing.addWidget(button)
            self.buttons.append(button)

    def _checks(self, result: SanityChecks) -> Iterator[str]:
        """Each check with its sign, its figures and, if it failed, what that means."""
        for check in result.checks:
            sign, colour = ("✔ passed", self._theme.accent) if check.passed else ("✖ failed", self._theme.warning)
            name = f"{check.name[0].upper()}{check.name[1:]}"
            meaning = "" if check.passed else f" {_escaped(check.meaning)}"
            yield f'<b><span style="color:{colour}">{sign}</span> · {name}</b><br>{_escaped(check.sentence)}{meaning}'

    def _list(self, result: Search, setup: Setup) -> None:
        """The trials as a table; a click takes a row's settings."""
        if self.table is None:
            self.table = _new_table()
            for chosen in (self.table.cellActivated, self.table.cellClicked):
                chosen.connect(lambda row, _: self._rows[row].act())
            self._column.addWidget(self.table)
        ranked = result.ranked[:MOST_ROWS]
        self._rows = [trial_action(trial, result, self._lab, setup, "") for trial in ranked]
        self.table.setRowCount(len(ranked))
        for row, trial in enumerate(ranked):
            loss = f"{trial.loss:.4f}" if trial.loss < 1e4 else trial.stop or "–"
            texts = (
                trial.stage,
                f"{trial.rate:.3g}",
                f"{trial.l2:.2g}",
                str(trial.hidden),
                loss,
                f"{trial.accuracy:.1%}",
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(f"Click: {self._rows[row].tip[0].lower()}{self._rows[row].tip[1:]}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)  # as their headings are
                self.table.setItem(row, column, item)
        self.table.setFixedHeight(26 * (len(ranked) + 1) + 4)


def _new_table() -> QTableWidget:
    table = QTableWidget(0, len(COLUMNS))
    table.setTabKeyNavigation(False)  # Tab leaves the table
    table.setHorizontalHeaderLabels(COLUMNS)
    table.setAccessibleName("The best trials of the last stage; Enter takes a row's settings")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    assert rows is not None and columns is not None
    rows.hide()
    rows.setDefaultSectionSize(26)
    columns.setMinimumSectionSize(30)
    columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
