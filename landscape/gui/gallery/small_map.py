"""A small landscape from above that can be pressed: colours, contour lines, a title."""

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from landscape.gui.drawing.heights import SEQUENTIAL, Heights
from landscape.gui.drawing.strokes import at_density
from landscape.gui.drawing.surface_layer import contour_lines

CONTOURS, TITLE, COLOURS = 10, 20, 256


class SmallMap(QAbstractButton):
    """Shows `Heights`; the middle of the plane is a white cross. `pressable` ones react to the mouse and to Space."""

    def __init__(self, pressed: Callable[[], None] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: Heights | None = None
        self._sequential = SEQUENTIAL
        self._image = QImage()
        self._lines = QPainterPath()
        self._pressable = pressed is not None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(110, 110 + TITLE)
        if pressed is not None:
            self.clicked.connect(lambda _=False: pressed())
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """As wide as nine of them fit a small screen."""
        return QSize(210, 210 + TITLE)

    def show_heights(self, heights: Heights | None, title: str) -> None:
        """Draw other heights under a title."""
        self._heights = heights
        self.setText(title)
        self.setAccessibleName(title)
        self._image, self._lines = QImage(), QPainterPath()
        if heights is not None:
            self._image = _image(heights, self._sequential)
            for line in contour_lines(heights, CONTOURS):
                _add_line(self._lines, line)
        self.update()

    def use_colours(self, name: str) -> None:
        """The chosen map of losses to colours; differences keep theirs, which parts at zero."""
        self._sequential = name
        if self._heights is not None:
            self._image = _image(self._heights, name)
            self.update()

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """Title, map, lines, cross; a rim where it is pointed at or has the keys."""
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(palette.text().color())
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(QRectF(2, 0, self.width() - 4, TITLE), Qt.AlignmentFlag.AlignVCenter, words)
        frame = QRectF(2, TITLE, self.width() - 4, self.height() - TITLE - 2)
        painter.fillRect(frame, palette.base())
        heights = self._heights
        if heights is not None:
            # From the middle of the outermost cells, where the contour lines end.
            rows, columns = heights.values.shape
            painter.drawImage(frame, self._image, QRectF(0.5, 0.5, columns - 1, rows - 1))
            place = QRectF(QPointF(heights.a[0], heights.b[0]), QPointF(heights.a[-1], heights.b[-1]))
            painter.save()
            painter.setClipRect(frame)
            painter.translate(frame.left(), frame.bottom())
            painter.scale(frame.width() / place.width(), -frame.height() / place.height())
            painter.translate(-place.left(), -place.top())
            pen = QPen(QColor(255, 255, 255, 90), 1)
            pen.setCosmetic(True)
            painter.strokePath(self._lines, at_density(pen, painter))
            middle = painter.worldTransform().map(QPointF(0, 0))
            painter.restore()
            self._cross(painter, middle)
        # The keyboard's choice is seen under the mouse as well.
        width = 4 if self._pressable and self.hasFocus() else 2 if self._pressable and self.underMouse() else 1
        painter.setPen(QPen(palette.highlight().color() if width > 1 else palette.mid().color(), width))
        painter.drawRect(frame)
        painter.end()

    def _cross(self, painter: QPainter, at: QPointF) -> None:
        for colour, width in ((QColor(0, 0, 0, 160), 4.0), (QColor("#ffffff"), 1.6)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(at + QPointF(-5, 0), at + QPointF(5, 0))
            painter.drawLine(at + QPointF(0, -5), at + QPointF(0, 5))


def _image(heights: Heights, sequential: str) -> QImage:
    low, high = heights.limits
    table = pg.colormap.get(sequential if heights.colours == SEQUENTIAL else heights.colours).getLookupTable(
        nPts=COLOURS
    )[:, :3]
    share = (heights.values[::-1] - low) / (high - low)  # pictures have their first row on top
    index = np.clip(np.nan_to_num(share) * COLOURS, 0, COLOURS - 1).astype(np.intp)
    pixels = np.ascontiguousarray(table[index], np.uint8)
    pixels[~np.isfinite(share)] = 120
    rows, columns = share.shape
    return QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def _add_line(path: QPainterPath, line: np.ndarray) -> None:
    begun = False
    for x, y in line.tolist():
        if not np.isfinite(x):
            begun = False
        elif begun:
            path.lineTo(x, y)
        else:
            path.moveTo(x, y)
            begun = True
