"""The digits that two models guess differently, as pictures, with each one's guess; sorted by who is right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from landscape.comparison import OUTCOMES, Pair, disagreement_sentence, outcomes
from landscape.data import a_digit
from landscape.gui.contest import LETTERS
from landscape.gui.session import Session
from landscape.gui.theme import Theme

CELL_WIDTH, CELL_HEIGHT, PICTURE = 84, 88, 48  # pixels
AT_ONCE = 24


@dataclass(frozen=True, eq=False)
class Disputed:
    """One digit: its picture (28, 28) uint8, what it is, what each model says, and which of them is right."""

    picture: NDArray
    truth: int
    guesses: tuple[int, int]

    @property
    def words(self) -> str:
        """For those who can't see it."""
        return f"{a_digit(self.truth)}, guessed {self.guesses[0]} and {self.guesses[1]}"


class DigitSheet(QWidget):
    """Draws disputed digits in rows, as many as fit; each guess is green where it is right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digits: list[Disputed] = []
        self._letters = "AB"
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Colours of paper and writing."""
        self._theme = theme
        self.update()

    def show_digits(self, digits: list[Disputed], letters: str) -> None:
        """Draw these in place of those before."""
        self.digits, self._letters = digits, letters
        self.setAccessibleName("Digits guessed differently")
        self.setAccessibleDescription("; ".join(digit.words for digit in digits))
        self._reserve()
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self._reserve()

    @property
    def columns(self) -> int:
        """Digits in a row."""
        return max(1, self.width() // CELL_WIDTH)

    def _reserve(self) -> None:
        rows = -(-len(self.digits) // self.columns)
        if self.minimumHeight() != rows * CELL_HEIGHT:
            self.setMinimumHeight(rows * CELL_HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Picture, truth and both guesses of each."""
        if self._theme is None or event is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font = self.font()
        font.setPointSizeF(max(7.5, 0.88 * font.pointSizeF()))
        painter.setFont(font)
        width = self.width() / self.columns
        for place, digit in enumerate(self.digits):
            corner = QRectF(width * (place % self.columns), CELL_HEIGHT * (place // self.columns), width, CELL_HEIGHT)
            if corner.intersects(QRectF(event.rect())):
                self._draw(painter, corner, digit)
        painter.end()

    def _draw(self, painter: QPainter, cell: QRectF, digit: Disputed) -> None:
        assert self._theme is not None
        ink = digit.picture if self._theme.name == "dark" else 255 - digit.picture
        ink = np.ascontiguousarray(ink)
        image = QImage(ink.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8)
        painter.drawImage(QRectF(cell.center().x() - PICTURE / 2, cell.top() + 2, PICTURE, PICTURE), image)
        centred = int(Qt.AlignmentFlag.AlignCenter)
        painter.setPen(QColor(self._theme.faint))
        painter.drawText(QRectF(cell.left(), cell.top() + PICTURE + 3, cell.width(), 16), centred, f"is {digit.truth}")
        half = cell.width() / 2
        for side, (letter, guess) in enumerate(zip(self._letters, digit.guesses)):
            right = guess == digit.truth
            painter.setPen(QColor(self._theme.accent if right else self._theme.warning))
            box = QRectF(cell.left() + side * half, cell.top() + PICTURE + 18, half, 16)
            painter.drawText(box, centred, f"{letter} {guess} {'✓' if right else '✗'}")


class Disagreements(QWidget):
    """A sentence, a choice of who is right, and the digits, surest disagreements first."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contest = session.contest
        self._pair: Pair | None = None
        self._shown = AT_ONCE
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Which disagreements")
        self.choice.setToolTip("Which of the digits guessed differently are shown, by who is right")
        self.choice.activated.connect(lambda _: self._show_first())
        self.sheet = DigitSheet()
        self.more = QPushButton("More")
        self.more.setToolTip("Show further digits that the two guess differently")
        self.more.clicked.connect(self._show_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.sentence, self.choice, self.sheet, self.more):
            column.addWidget(part)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Colour the digits."""
        self.sheet.set_theme(theme)

    def show_pair(self, pair: Pair | None) -> None:
        """Show what two models disagree on."""
        compared = self._contest.compared
        self.setVisible(pair is not None and compared is not None)
        if pair is None or compared is None:
            self._pair = None
            return
        if self._pair is not None and pair.disagreements is self._pair.disagreements:
            return  # only its lines have grown
        self._pair = pair
        self.sentence.setText(disagreement_sentence(compared.comparison, pair, LETTERS))
        chosen = self.choice.currentData()
        self.choice.clear()
        for name, found in outcomes(compared.comparison, pair).items():
            words = OUTCOMES[name].format(a=LETTERS[pair.a], b=LETTERS[pair.b])
            self.choice.addItem(f"{words} ({len(found):,})", name)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self._show_first()

    def _show_first(self) -> None:
        self._shown = AT_ONCE
        self._show_digits()

    def _show_more(self) -> None:
        self._shown += AT_ONCE
        self._show_digits()

    def _show_digits(self) -> None:
        compared, pair = self._contest.compared, self._pair
        if compared is None or pair is None:
            return
        test, classes = compared.digits.test, compared.digits.classes
        one, other = (compared.comparison.entries[place].verdicts["test"] for place in (pair.a, pair.b))
        found = outcomes(compared.comparison, pair)[self.choice.currentData()]
        digits = [
            Disputed(
                test.pictures[index],
                classes[int(test.labels[index])],
                (classes[int(one.guesses[index])], classes[int(other.guesses[index])]),
            )
            for index in found[: self._shown].tolist()
        ]
        self.sheet.show_digits(digits, LETTERS[pair.a] + LETTERS[pair.b])
        self.more.setVisible(self._shown < len(found))
