"""The honest numbers: for each start its true loss beside the surface under its shadow, and what the plane covers."""

import numpy as np
from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from landscape.export.style import start_colour
from landscape.gui.drawing.loss_axis import short
from landscape.gui.session import Session
from landscape.gui.theme import start_symbol
from landscape.run.portrait import percent
from landscape.surface.measure import Measure

COLUMNS = (
    ("start", "corner − −", "Where this descent began"),
    ("true\nloss", "1.4e11", "The loss of this network itself, over the digits that losses are measured on"),
    ("surface\nunder it", "under it", "The loss at the point's shadow: the nearest point of the drawn plane"),
    ("off\nplane", "plane", "Distance between the network and its shadow, in % of the length of θ"),
    ("covered", "covered", "How much of this descent's movement lies in the plane"),
    ("right", "100.0%", "Share of the validation digits that are classified rightly"),
)


class PointsTable(QTableWidget):
    """One row a start; a click selects the start."""

    start_requested = pyqtSignal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self._session = session
        self.setAccessibleName("Where each start stands")
        self.setWhatsThis(
            "Each start at the shown step: its true loss beside the surface under its shadow; click to select it"
        )
        for column, (name, _, tip) in enumerate(COLUMNS):
            item = QTableWidgetItem(name)
            item.setToolTip(tip)
            self.setHorizontalHeaderItem(column, item)
        header = self.horizontalHeader()
        assert header is not None
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)  # sizing by content measures every cell
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, (_, widest, _) in enumerate(COLUMNS):
            self.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 11)
        rows = self.verticalHeader()
        assert rows is not None
        rows.hide()
        rows.setDefaultSectionSize(24)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # the arrows go from row to row, Tab leaves the table
        self.setIconSize(QSize(14, 14))
        self.itemSelectionChanged.connect(self._row_chosen)
        session.run_started.connect(self.show_run)
        session.moment_changed.connect(session.turns.soon(self.show_moment))
        session.selection_changed.connect(self.selectRow)

    def show_run(self) -> None:
        """One row for every start."""
        run = self._session.run
        assert run is not None
        self.blockSignals(True)
        self.setRowCount(run.K)
        for start, info in enumerate(run.starts):
            self.setItem(start, 0, QTableWidgetItem(marker_icon(start), info.name))
            for column in range(1, len(COLUMNS)):
                item = QTableWidgetItem()
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(start, column, item)
        self.selectRow(self._session.selected)
        self.blockSignals(False)

    def show_moment(self) -> None:
        """The figures of the shown step."""
        moment, portrait, run = self._session.moment, self._session.portrait, self._session.run
        if moment is None or portrait is None or run is None or self.rowCount() != len(moment.loss):
            return
        measure = self._session.heights.measure
        wanted = _true_height(measure)
        header = self.horizontalHeaderItem(1)
        if header is not None and header.text() != wanted[0]:
            header.setText(wanted[0])
            header.setToolTip(wanted[1])
        size = np.linalg.norm(portrait.plane.origin)
        near = (
            "" if moment.step == self._session.playback.step else "≈"
        )  # a step near by, until the shown one is replayed
        for start in range(self.rowCount()):
            stop = run.stops[start]
            texts = (
                near + _height(moment.value[start], measure),
                f"{'' if moment.exact_height else '≈'}{_height(moment.height[start], measure)}"
                if np.isfinite(moment.height[start])
                else "…",
                _share(moment.off_plane[start] / size) if size > 0 else f"{moment.off_plane[start]:.2f}",
                percent(portrait.coverage[start]).replace("less than ", "< "),
                f"{moment.validation_accuracy[start]:.1%}",
            )
            for column, text in enumerate(texts, start=1):
                item = self.item(start, column)
                assert item is not None
                if item.text() != text:
                    item.setText(text)
            name = self.item(start, 0)
            assert name is not None
            led = moment.in_step is not None and start != moment.in_step.leader
            step = int(run.steps[moment.frames[start]]) if led else moment.step
            ended = stop is not None and stop.step <= step
            # The reason comes first: in a narrow column the end of the words is cut, and marker and tip name the start.
            label = (f"{stop.word} · " if ended and stop else "") + run.starts[start].name
            if moment.in_step is not None:
                label += f" · {step:,}"
            if name.text() != label:
                name.setText(label)
                at = "" if moment.in_step is None else f"stands at step {step:,}"
                said = f"{run.starts[start].name} {stop.sentence}" if stop else ""
                name.setToolTip("; ".join(filter(None, [said, at])))

    def _row_chosen(self) -> None:
        rows = self.selectedIndexes()
        if rows:
            self.start_requested.emit(rows[0].row())


def _height(value: float, measure: Measure) -> str:
    if not np.isfinite(value):
        return "…"
    if measure.quantity == "accuracy":
        return f"{value:.1f}%"
    return f"{value:.3f}" if abs(value) < 99.95 else short(value)


def _true_height(measure: Measure) -> tuple[str, str]:
    """The second column's name, and what it means."""
    if measure.is_loss:
        return COLUMNS[1][0], f"The loss of this network itself, over the {measure.set_words}"
    name = "differ-\nence" if measure.differs else "true\nvalue"
    return name, f"{measure.title()} of this network itself, over the {measure.set_words}"


def _share(share: float) -> str:
    return f"{share:.0%}" if share < 9.995 else f"{short(share)}×"


def marker_icon(start: int) -> QIcon:
    """A start's colour and marker, as it stands on the landscape."""
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    pixmap = QPixmap(28, 28)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(14, 14)
    painter.scale(20, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(start_colour(start)))
    painter.drawPath(Symbols[start_symbol(start)])
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt tints it in the selected row, and colours are identities
    return icon
