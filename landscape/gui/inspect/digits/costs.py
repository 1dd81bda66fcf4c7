"""What single digits cost a model: the figures, and the digits of each column as pictures."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from landscape.gui.inspect.digits.cost_figures import ClassCostsView, CostHistogram
from landscape.gui.inspect.digits.examination import Examined
from landscape.gui.inspect.digits.gallery import Gallery, Shelf
from landscape.gui.theme import Theme


class CostsView(QSplitter):
    """The cost of every single digit: a sentence, the histogram, the classes, and the digits of a column."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._examined: Examined | None = None
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.histogram, self.classes, self.gallery = CostHistogram(theme), ClassCostsView(theme), Gallery(theme)
        figures = QWidget()
        column = QVBoxLayout(figures)
        column.setContentsMargins(6, 4, 6, 4)
        for part in (self.sentence, self.histogram, self.classes):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(figures)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Costs as figures")
        scroll.setToolTip("The cost of each digit as a histogram, and the mean cost of each class")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        pictures = QWidget()
        below = QVBoxLayout(pictures)
        below.setContentsMargins(6, 2, 6, 4)
        below.addWidget(self.caption)
        below.addWidget(self.gallery, 1)
        self.addWidget(scroll)
        self.addWidget(pictures)
        self.setChildrenCollapsible(False)
        self.setSizes([380, 180])
        self.histogram.bin_chosen.connect(lambda _: self._fill())

    def set_theme(self, theme: Theme) -> None:
        """Colour the parts."""
        for part in (self.histogram, self.classes, self.gallery):
            part.set_theme(theme)

    def show_examined(self, examined: Examined) -> None:
        """Show what a model's answers cost."""
        self._examined = examined
        self.sentence.setText(examined.costs.sentence)
        self.histogram.show_costs(examined)
        self.classes.show_costs(examined.costs)
        self._fill()

    def _fill(self) -> None:
        examined = self._examined
        if examined is None:
            return
        rows, limits = examined.verdict.costliest, self.histogram.limits()
        if limits is None:
            self.caption.setText("The costliest first: truth → guess, cost · probability of the truth")
        else:
            losses = examined.verdict.losses[rows]
            rows = rows[(losses >= limits[0]) & (losses < limits[1])]
            assert self.histogram.bin is not None
            self.caption.setText(self.histogram.sentence(self.histogram.bin))
        self.gallery.show_shelf(Shelf(examined, rows))
