"""A window that shows digits after every stage of their preprocessing, and what k principal components keep of them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from landscape._version import __version__
from landscape.data import load_digits
from landscape.data.stages import Look, Stages
from landscape.export.provenance import SETUP_KEY, VERSION_KEY
from landscape.gui.commands.place import ask_for_place
from landscape.gui.session import Session
from landscape.gui.theme import Theme
from landscape.run.setup import Setup

SHOWN = 8
LANE = "stages"
PICTURE, GAP, WORDS, TALL = 58.0, 8.0, 190.0, 74.0
# Below 0, at 0 and above it: distinct to colour-blind eyes too.
BELOW, ABOVE = (78, 159, 240), (255, 170, 64)
SAVED_DENSITY = 3.0


class StagesView(QWidget):
    """Rows of the same digits, one a stage."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._looks: list[Look] = []
        self.setAccessibleName("Digits after each stage of preprocessing")
        self.setMinimumWidth(round(WORDS + SHOWN * (PICTURE + GAP) + GAP))

    def show_looks(self, looks: list[Look]) -> None:
        """Show these rows."""
        self._looks = looks
        self.setFixedHeight(round(TALL * len(looks)) + 8)
        self.setAccessibleDescription("; ".join(f"{look.label}: {look.words}" for look in looks))
        self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(self.minimumWidth(), round(TALL * max(1, len(self._looks))) + 8)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Words at the left, digits beside them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.panel))
        for row, look in enumerate(self._looks):
            top = 8 + row * TALL
            self._paint_words(painter, look, top)
            count = len(look.numbers if look.numbers is not None else look.pictures)  # type: ignore[arg-type]
            most = _reach(look)
            for place in range(count):
                box = QRectF(WORDS + place * (PICTURE + GAP), top, PICTURE, PICTURE)
                if look.pictures is not None:
                    painter.drawImage(box, self._image(look.pictures[place], look.signed, most))
                elif look.numbers is not None:
                    painter.drawImage(box, self._columns(look.numbers[place], most))
        painter.end()

    def _paint_words(self, painter: QPainter, look: Look, top: float) -> None:
        font = painter.font()
        font.setPointSizeF(9.0)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(8, top, WORDS - 16, 16), Qt.AlignmentFlag.AlignLeft, look.label)
        font.setBold(False)
        font.setPointSizeF(8.0)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.faint))
        flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(8, top + 17, WORDS - 20, TALL - 19), flags, look.words)

    def _image(self, picture: NDArray, signed: bool, most: float) -> QImage:
        share = np.clip(np.asarray(picture, np.float64) / most, -1, 1)
        paper = np.array(QColor(self._theme.field).getRgb()[:3], np.float64)
        ink = np.array(QColor(self._theme.text).getRgb()[:3], np.float64)
        above, below = (np.array(ABOVE), np.array(BELOW)) if signed else (ink, ink)
        towards = np.where(share[..., None] >= 0, above, below)
        colours = paper + np.abs(share)[..., None] * (towards - paper)
        return _rgb_image(colours.round().astype(np.uint8))

    def _columns(self, numbers: NDArray, most: float) -> QImage:
        """k numbers as columns from a line of zeros."""
        tall = int(PICTURE)
        share = np.clip(np.asarray(numbers, np.float64) / most, -1, 1)
        height = (tall / 2 - np.arange(tall) - 0.5)[:, None] / (tall / 2)  # of each row, 1 to −1
        filled = (np.abs(height) <= np.abs(share)) & (np.sign(height) == np.sign(share))
        pixels = np.empty((tall, len(share), 3), np.uint8)
        pixels[:] = QColor(self._theme.field).getRgb()[:3]
        pixels[filled & (height > 0)] = ABOVE
        pixels[filled & (height < 0)] = BELOW
        return _rgb_image(pixels)


class PipelinePictures(QDialog):
    """Shows the steps of a setup on its first validation digits; the number of components can be tried out."""

    components_chosen = pyqtSignal(int)

    def __init__(self, session: Session, setup: Setup, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preprocessing in pictures")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._setup = session, setup
        self._stages: Stages | None = None
        self._pictures: NDArray = np.zeros((0, 28, 28), np.uint8)
        self.view = StagesView(theme)
        self.words = QLabel("Fitting the steps to the training digits …")
        self.words.setWordWrap(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Number of principal components to try")
        self.slider.setToolTip("k: try out how many components are needed before a digit looks like itself")
        self.slider.valueChanged.connect(lambda _: self._show())
        self.take = QPushButton()
        self.take.setToolTip("Puts this k into the setup")
        self.take.clicked.connect(self._take)
        self.keep = QPushButton("save picture…")
        self.keep.setToolTip("Save these rows as a PNG picture")
        self.keep.clicked.connect(self._ask)
        scroll = QScrollArea()
        scroll.setWidget(self.view)
        scroll.setWidgetResizable(True)
        line = QHBoxLayout()
        for part in (self.slider, self.take, self.keep):
            line.addWidget(part, 1 if part is self.slider else 0)
        line.setAlignment(self.keep, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(scroll, 1)
        column.addLayout(line)
        self.slider.hide()
        self.take.hide()
        self.resize(round(WORDS + SHOWN * (PICTURE + GAP)) + 50, 640)
        session.lanes.start(LANE, "", partial(_fitting, session, setup), self._fitted)

    def _fitted(self, batch: list[tuple[Stages, NDArray]]) -> None:
        self._stages, self._pictures = batch[-1]
        projection, k = self._stages.projection, self._stages.k
        if projection is not None and projection.components is not None and k is not None:
            self.slider.blockSignals(True)
            self.slider.setRange(1, len(projection.components))
            self.slider.setValue(k)
            self.slider.blockSignals(False)
            self.slider.show()
            self.take.show()
        self._show()

    def _show(self) -> None:
        stages = self._stages
        if stages is None:
            return
        self.view.show_looks(stages.looks(self._pictures, self.slider.value() if stages.k is not None else None))
        if stages.k is None:
            self.words.setText(
                "Orange is above 0, blue below it. Tick “PCA” in the setup to see what a few numbers keep of a digit."
            )
        else:
            k = self.slider.value()
            self.words.setText(
                f"<b>k = {k}</b> of {self.slider.maximum()} components keep <b>{stages.kept(k):.1%}</b> of the training digits’ "
                "variance. Orange is above 0, blue below it."
            )
            self.take.setText(f"take k = {k}")
            self.take.setEnabled(k != stages.k)

    def _take(self) -> None:
        if self._stages is not None:
            self._stages = replace(self._stages, k=self.slider.value())
            self.components_chosen.emit(self.slider.value())
            self._show()

    def _ask(self) -> None:
        first = Path("preprocessing.png")
        asked = ask_for_place(self._session, self, "Save picture", first, "PNG pictures (*.png)")
        if asked:
            self.save(str(asked[0]))

    def save(self, path: str) -> None:
        """Write the rows as a picture, three times as fine as on screen."""
        image = QImage((self.view.size().toSizeF() * SAVED_DENSITY).toSize(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SAVED_DENSITY)
        self.view.render(image)
        for name, text in ((SETUP_KEY, self._shown_setup().to_toml()), (VERSION_KEY, __version__)):
            image.setText(name, text)
        if image.save(path):
            self._session.told.emit(f"Saved {path}")
        else:
            self._session.failed.emit(f"{path} can't be written: choose another place for the picture")

    def _shown_setup(self) -> Setup:
        """The setup whose digits the rows show: with as many components as are tried out."""
        setup, k = self._setup, self.slider.value()
        if self._stages is None or not self._stages.k:
            return setup
        steps = tuple(f"pca:{k}" if step.startswith("pca") else step for step in setup.data.preprocess)
        return setup.changed(data={"preprocess": steps}, network={"sizes": (k, *setup.network.sizes[1:])})

    def done(self, result: int) -> None:
        """Closed: what is still being fitted is not waited for."""
        self._session.lanes.cancel(LANE)
        super().done(result)


def _rgb_image(pixels: NDArray[np.uint8]) -> QImage:
    rows, columns = pixels.shape[:2]
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def _reach(look: Look) -> float:
    values = look.pictures if look.pictures is not None else look.numbers
    assert values is not None
    if look.signed:
        return max(float(np.quantile(np.abs(values), 0.995)), 1e-12)
    return max(float(values.max(initial=0.0)), 1e-12)


def _fitting(session: Session, setup: Setup) -> Iterator[tuple[Stages, NDArray]]:
    data, run = setup.data, session.run
    if run is not None and (run.setup.data.source, run.setup.data.classes) == (data.source, data.classes):
        digits = run.digits
    else:
        digits = load_digits(None if data.source == "embedded" else data.source, data.classes)
    yield Stages.fit(data.preprocess, digits.train.pictures), digits.validation.pictures[:SHOWN]
