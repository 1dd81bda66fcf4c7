"""The bar that a learnt model must beat: the mean picture of each class, and what calling by the nearest one gets right."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from landscape.comparison import judging
from landscape.data import Similarity, similarity
from landscape.gui.inspect.digits.examination import Examined, Held
from landscape.gui.inspect.digits.gallery import picture_image
from landscape.gui.session import Session
from landscape.gui.subject import Subject
from landscape.gui.theme import Theme

LANE = "baseline"
COLUMNS, GAP, LINES, LINE = 5, 8.0, 3, 15.0
LARGEST = 112.0


@dataclass(frozen=True, eq=False)
class Compared:
    """The baseline, and of one subject the share of each class's test digits that is right, accuracies (C,)."""

    held: Held
    baseline: Similarity
    subject: Subject
    accuracies: NDArray

    @property
    def sentence(self) -> str:
        """Who wins, in words."""
        classes, bar, model = (
            self.baseline.classes,
            float(self.baseline.accuracies.mean()),
            float(self.accuracies.mean()),
        )
        verdict = "beats the bar" if model > bar else "does not beat the bar yet"
        apart = (
            f" The two mean pictures are {self.baseline.apart[0, 1]:.1f} of 255 grey levels a pixel apart."
            if len(classes) == 2
            else ""
        )
        return (
            "Without any learning: call each digit by the mean picture that is nearest to it (mean absolute difference of the "
            f"pixels). On the {len(self.baseline.labels):,} test digits that gets <b>{bar:.2%}</b> right; "
            f"{self.subject.words} gets <b>{model:.2%}</b>: it {verdict}. Both are means over the classes.{apart}"
        )


class MeansView(QWidget):
    """Each class's mean picture with two figures: what the baseline and what the model gets right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._compared: Compared | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "The mean of each class's training and validation digits; below it, test digits that are called rightly"
        )
        self.setAccessibleName("Mean pictures and accuracy by class")

    def set_theme(self, theme: Theme) -> None:
        """Ink and paper."""
        self._theme = theme
        self.update()

    def show_compared(self, compared: Compared) -> None:
        """Show these."""
        self._compared = compared
        pairs = zip(compared.baseline.classes, compared.baseline.accuracies, compared.accuracies, strict=True)
        self.setAccessibleDescription(
            "; ".join(f"{digit}: baseline {bar:.1%}, model {own:.1%}" for digit, bar, own in pairs)
        )
        self._fit()
        self.update()

    @property
    def _side(self) -> float:
        columns = min(COLUMNS, len(self._compared.baseline.classes) if self._compared else COLUMNS)
        return min(LARGEST, (self.width() - GAP) / columns - GAP)

    def _fit(self) -> None:
        if self._compared is not None:
            rows = -(-len(self._compared.baseline.classes) // COLUMNS)
            self.setFixedHeight(round(rows * (self._side + LINES * LINE + GAP) + GAP))

    def resizeEvent(self, event: object) -> None:
        """Pictures as large as there is room."""
        self._fit()

    def sizeHint(self) -> QSize:
        """As wide as the page."""
        return QSize(340, 180)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Pictures, and the figures below them."""
        compared = self._compared
        if compared is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        side, theme = self._side, self._theme
        bars, own = compared.baseline.accuracies, compared.accuracies
        for place, digit in enumerate(compared.baseline.classes):
            left = GAP + place % COLUMNS * (side + GAP)
            top = place // COLUMNS * (side + LINES * LINE + GAP)
            mean = compared.baseline.means[place].round().astype(np.uint8)
            painter.drawImage(QRectF(left, top, side, side), picture_image(mean, theme.name == "dark"))
            wins = own[place] > bars[place]
            lines = (
                (f"mean {digit}", theme.text),
                (f"{bars[place]:.2%}", theme.faint),
                (f"{own[place]:.2%}", theme.accent if wins else theme.warning),
            )
            for line, (words, colour) in enumerate(lines):
                painter.setPen(QColor(colour))
                box = QRectF(left - GAP / 2, top + side + line * LINE, side + GAP, LINE)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


class BaselineView(QScrollArea):
    """Says and shows what the baseline gets right, beside what the session's subject does."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: Examined | None = None
        self.compared: Compared | None = None
        self.sentence, self.means, self.legend = QLabel("comparing …"), MeansView(theme), QLabel()
        self.sentence.setWordWrap(True)
        self.legend.setWordWrap(True)
        self.legend.setObjectName("faint")
        self.legend.setText(
            "Below each picture: its digit, what the baseline gets right of it, and what the model does "
            "(orange where that is no more)."
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        for part in (self.sentence, self.means, self.legend):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setAccessibleName("Pixel similarity: the baseline")
        self.setToolTip(
            "What comparing a digit with the mean picture of each class gets right: the bar for what is learnt"
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_theme(self, theme: Theme) -> None:
        """Colour the pictures."""
        self.means.set_theme(theme)

    def show_examined(self, examined: Examined) -> None:
        """Compare this examination's subject with the baseline, now or once the one before is done."""
        self._wanted = examined
        lanes, before = self._session.lanes, self.compared
        if lanes.running(LANE) or (before is not None and before.subject is examined.subject):
            return
        known = before.baseline if before is not None and before.held is examined.held else None
        lanes.start(LANE, "", partial(_comparing, examined, known), self._take, self._go_on)

    def _take(self, batch: list[Compared | None]) -> None:
        compared = batch[-1]
        if compared is not None:
            self.compared = compared
            self.sentence.setText(compared.sentence)
            self.means.show_compared(compared)

    def _go_on(self) -> None:
        if self._wanted is not None and self.isVisible():
            self.show_examined(self._wanted)


def _comparing(examined: Examined, known: Similarity | None) -> Iterator[Compared | None]:
    digits, subject = examined.held.digits, examined.subject
    baseline = known or similarity(digits)
    yield None
    for verdict in judging(subject.net, subject.theta, digits.test.images, digits.test.labels):
        if verdict.done < 1:
            yield None
            continue
        confusion = verdict.confusion
        accuracies = np.diag(confusion) / np.maximum(1, confusion.sum(axis=1))
        yield Compared(examined.held, baseline, subject, accuracies)
