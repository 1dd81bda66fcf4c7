"""Memory for pictures off the screen, taken again from one picture to the next."""

from PyQt6.QtCore import QPoint, QRect, QSize
from PyQt6.QtGui import QImage
from PyQt6.QtOpenGL import QOpenGLFramebufferObject

from landscape.gui.relief.opengl import OffscreenContext

ROUND_SIZE = 64  # pixels: a picture of nearly the same size needs no new memory


class Pictures:
    """One picture for each number of samples a pixel. The context must be current."""

    def __init__(self, offscreen: OffscreenContext) -> None:
        self._offscreen = offscreen
        self._pictures: dict[int, QOpenGLFramebufferObject] = {}

    def bind(self, size: QSize, samples: int) -> None:
        """Draw from now on into the picture of so many samples, at least `size` large."""
        self._picture(size, samples).bind()

    def image(self, size: QSize, samples: int) -> QImage:
        """What was drawn, as it lies in memory: the lowest row first."""
        shown, part = self._picture(size, 0), QRect(QPoint(), size)
        if samples:
            QOpenGLFramebufferObject.blitFramebuffer(shown, part, self._picture(size, samples), part)
        image = shown.toImage(False)
        return image if image.size() == size else image.copy(part)

    def forget(self) -> None:
        """Give the memory back."""
        self._pictures.clear()

    def _picture(self, size: QSize, samples: int) -> QOpenGLFramebufferObject:
        """The same again while it is large enough and not much too large."""
        picture = self._pictures.get(samples)
        width, height = (-(-side // ROUND_SIZE) * ROUND_SIZE for side in (size.width(), size.height()))
        if picture is None or picture.width() < width or picture.height() < height or _roomy(picture, width * height):
            self._pictures.pop(samples, None)
            picture = self._pictures[samples] = self._offscreen.buffer(width, height, samples)
        return picture


def _roomy(picture: QOpenGLFramebufferObject, pixels: int) -> bool:
    """Whether a picture holds more than twice as many pixels as are needed."""
    return picture.width() * picture.height() > 2 * pixels
