"""Axes of a relief: ticks, numbers and names along the edges of its box, the colour scale, and what the signs mean."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from landscape.gui.relief.box import ReliefBox, even_ticks, loss_ticks
from landscape.gui.relief.camera import Camera
from landscape.gui.theme import Theme

TICK, GAP = 5.0, 4.0  # pixels
APART = 46.0  # pixels between ticks, about
NUMBERS_APART = 4.0  # pixels at least between two numbers at the colour scale
STEEPEST = 72.0  # degrees: seen from above the height has no length, and only the colour scale tells it
BAR = QRectF(14.0, 29.0, 230.0, 9.0)
SMALL = (
    460.0,
    400.0,
)  # pixels: in a smaller view there is room for letters only; the whole names stand on the map beside it
EDGE = 6.0
WORDS_LEFT = 10.0
WORDS = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Names:
    """What stands at the axes: (short, whole) for a and b; the name of the heights; sentences for the lower left."""

    a: tuple[str, str]
    b: tuple[str, str]
    height: str
    sentences: tuple[str, ...] = ()


class ReliefAxes:
    """Paints over a picture of the relief, in pixels of the screen: sharp at every density."""

    def __init__(self, theme: Theme, colours: NDArray, font: QFont) -> None:
        self._theme, self.colours = theme, colours  # (n, 3), 0 to 1
        self._font, self._small = QFont(font), QFont(font)
        self._small.setPointSizeF(max(7.5, font.pointSizeF() - 1))
        self._numbers = QFontMetricsF(self._small)

    def paint(
        self,
        painter: QPainter,
        box: ReliefBox,
        limits: tuple[float, float] | None,
        camera: Camera,
        view: tuple[float, float],
        names: Names,
    ) -> None:
        """Everything that is written in a view of this size: around the relief, and in words below it."""
        self._painter, self._box, self._camera, self._view = painter, box, camera, view
        self._size = self.picture_size(view, names)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self._floor_axis(0, names.a)
        self._floor_axis(1, names.b)
        if abs(camera.elevation) < STEEPEST:
            self._height_axis(names.height)
        if limits is not None:
            self._bar(limits, names.height)
        self._words(names)

    def picture_size(self, view: tuple[float, float], names: Names) -> tuple[float, float]:
        """How much of a view is left to the picture above the words, in whole pixels."""
        tall = sum(height + 1 for _, height in self._lines_of_words(names, view))
        return view[0], max(1.0, view[1] - math.ceil(tall + EDGE))

    @property
    def _small_view(self) -> bool:
        return _is_small(self._view)

    # --- the edges ----------------------------------------------------------------------------------------------------

    def _floor_axis(self, axis: int, name: tuple[str, str]) -> None:
        """Along the nearer of the two floor edges; seen from below along the farther, which then lies lower."""
        azimuth = math.radians(self._camera.azimuth + (180 if self._camera.elevation < 0 else 0))
        towards = (math.cos(azimuth), math.sin(azimuth))[1 - axis]
        ends, across = (self._box.a, self._box.b)[axis], (self._box.a, self._box.b)[1 - axis]
        at = across[1] if towards > 0 else across[0]
        beyond = at + (across[1] - across[0]) * (0.05 if towards > 0 else -0.05)

        def point(value: float, side: float) -> tuple[float, float, float]:
            return (value, side, self._box.heights[0]) if axis == 0 else (side, value, self._box.heights[0])

        first, last = self._on_screen([point(ends[0], at), point(ends[1], at)])
        self._line(first, last)
        most = int(min(8, max(2, np.hypot(*(last - first)) / APART)))
        values = even_ticks(*ends, most)
        texts = [_signed(f"{value:.6g}") for value in values]
        reach = self._ticks([point(value, at) for value in values], [point(value, beyond) for value in values], texts)
        middle, outside = self._on_screen([point(sum(ends) / 2, at), point(sum(ends) / 2, beyond)])
        self._name(name, middle, outside - middle, reach)

    def _height_axis(self, name: str) -> None:
        """Along the upright edge that stands farthest left."""
        box = self._box
        corners = [(a, b) for a in box.a for b in box.b]
        feet = self._on_screen([(*corner, box.heights[0]) for corner in corners])
        a, b = corners[int(np.argmin(feet[:, 0]))]
        foot, top = self._on_screen([(a, b, height) for height in box.heights])
        self._line(foot, top)
        length = float(np.hypot(*(top - foot)))
        ticks = box.height_ticks(max(2, int(length / 36)))
        points = [(a, b, height) for height, _ in ticks]
        left = np.array([-1.0, 0.0])
        reach = self._ticks(points, None, [text for _, text in ticks], left)
        width = QFontMetricsF(self._font).horizontalAdvance(name)
        painter = self._painter
        painter.save()
        x = max(EDGE + 8, min(foot[0], top[0]) - reach - 12)
        painter.translate(x, float(foot[1] + top[1]) / 2)
        painter.rotate(-90)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(-width / 2 - 4, -9, width + 8, 18), Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()

    def _ticks(self, at: list, beyond: list | None, texts: list[str], direction: NDArray | None = None) -> float:
        """Short strokes outwards with their numbers; how far the numbers reach."""
        if not at:
            return TICK
        places = self._on_screen(at)
        outwards = self._on_screen(beyond) - places if beyond else np.broadcast_to(direction, places.shape)  # type: ignore[arg-type]
        self._painter.setFont(self._small)
        reach, last = TICK, None
        for place, out, text in zip(places, outwards, texts, strict=True):
            out = out / max(float(np.hypot(*out)), 1e-9)
            self._line(place, place + out * TICK)
            rect = self._beside(place + out * (TICK + GAP), out, text, self._numbers)
            if last is not None and last.intersects(rect.adjusted(-3, 0, 3, 0)):
                continue
            last = rect
            self._text(rect, text, self._theme.text)
            reach = max(reach, TICK + GAP + abs(out[0]) * rect.width() + abs(out[1]) * rect.height())
        return reach

    def _name(self, name: tuple[str, str], middle: NDArray, out: NDArray, reach: float) -> None:
        """The whole short name where there is room, else its letter."""
        out = out / max(float(np.hypot(*out)), 1e-9)
        self._painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        width = metrics.horizontalAdvance(name[0])
        x = middle[0] + out[0] * (reach + 7) + (out[0] - 1) * width / 2
        room = not self._small_view and EDGE < x < self._size[0] - width - EDGE
        text = name[0] if room else name[0].split(" · ")[0]
        rect = self._beside(middle + out * (reach + 7), out, text, metrics)
        self._text(rect, text, self._theme.text)

    def _beside(self, place: NDArray, out: NDArray, text: str, metrics: QFontMetricsF) -> QRectF:
        """Where a text stands that touches a place from outside, inside the view."""
        width, height = metrics.horizontalAdvance(text) + 2, metrics.height()
        x = place[0] + (out[0] - 1) * width / 2
        y = place[1] + (out[1] - 1) * height / 2
        x = min(max(float(x), EDGE), self._size[0] - width - EDGE)
        return QRectF(x, min(float(y), self._size[1] - height), width, height)

    # --- the colour scale and the words ----------------------------------------------------------------------------------

    def _bar(self, limits: tuple[float, float], name: str) -> None:
        """The colours of the surface, in the upper left."""
        painter, (low, high) = self._painter, limits
        if self._size[0] < SMALL[0]:
            return
        long = min(230.0, self._size[0] - 330)
        bar = QRectF(BAR.x(), BAR.y(), long, BAR.height())
        # An image: the first gradient of a program would have Qt's list of ready-made ones read, which takes its time.
        shades = np.ascontiguousarray(np.rint(255 * self.colours), np.uint8)
        painter.drawImage(
            bar, QImage(shades.tobytes(), len(shades), 1, shades.size, QImage.Format.Format_RGB888).copy()
        )
        painter.setFont(self._small)
        painter.setPen(QPen(QColor(self._theme.faint), 1))
        painter.drawRect(bar)
        tall = self._numbers.height()
        title = QRectF(bar.x(), bar.y() - tall - 3, long, tall)
        self._text(title, f"colours: {name}", self._theme.text, Qt.AlignmentFlag.AlignLeft)
        metrics, free = self._numbers, -math.inf
        for at, text in loss_ticks(low, high, self._box.logarithmic, max(2, int(long / 32)), self._box.signed):
            x = bar.x() + (at - low) / (high - low) * long
            self._line(np.array([x, bar.bottom()]), np.array([x, bar.bottom() + 4]))
            wide = metrics.horizontalAdvance(text)
            if x - wide / 2 > free:
                self._text(QRectF(x - 24, bar.bottom() + 5, 48, metrics.height()), text, self._theme.text)
                free = x + wide / 2 + NUMBERS_APART

    def _words(self, names: Names) -> None:
        """Under the picture, broken into lines where the view is narrow."""
        self._painter.setFont(self._small)
        self._painter.setPen(QColor(self._theme.faint))
        y, room = self._size[1], self._view[0] - 2 * WORDS_LEFT
        for sentence, tall in self._lines_of_words(names, self._view):
            self._painter.drawText(QRectF(WORDS_LEFT, y, room, tall), WORDS, sentence)
            y += tall + 1

    def _lines_of_words(self, names: Names, view: tuple[float, float]) -> list[tuple[str, float]]:
        """The sentences under the picture, and how tall each is."""
        sentences = names.sentences if _is_small(view) else (names.a[1], names.b[1], *names.sentences)
        room = QRectF(0, 0, view[0] - 2 * WORDS_LEFT, 200)
        return [(sentence, self._numbers.boundingRect(room, WORDS, sentence).height()) for sentence in sentences]

    # --- strokes and letters -----------------------------------------------------------------------------------------------

    def _on_screen(self, points: list) -> NDArray:
        x, y = self._camera.project(self._box.place(np.array(points)), self._box.sides, self._size)
        return np.stack([x, y], axis=-1)

    def _line(self, first: NDArray, last: NDArray) -> None:
        if np.isfinite([*first, *last]).all():
            self._painter.setPen(QPen(QColor(self._theme.faint), 1))
            self._painter.drawLine(QPointF(*map(float, first)), QPointF(*map(float, last)))

    def _text(
        self, rect: QRectF, text: str, colour: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter
    ) -> None:
        if not math.isfinite(rect.x() + rect.y()):
            return
        self._painter.setPen(QColor(colour))
        self._painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)


def _is_small(view: tuple[float, float]) -> bool:
    return view[0] < SMALL[0] or view[1] < SMALL[1]


def _signed(number: str) -> str:
    return number.replace("-", "−")
