"""Whether this machine can draw in 3D, and a place off the screen to do it.

Everything is drawn into memory and shown as a picture: no window of ours has to be made anew when the 3D view first
appears, a broken driver costs the 3D view and nothing else, and the 2D views stay as fast as they were. Qt's own
functions are used: they follow whatever Qt speaks to the driver (GLX, EGL, WGL, Cocoa), so nothing has to be guessed.
"""

import os
from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QImage, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from PyQt6.QtOpenGL import (
    QOpenGLFramebufferObject,
    QOpenGLFramebufferObjectFormat,
    QOpenGLVersionFunctionsFactory,
    QOpenGLVersionProfile,
)

from landscape.errors import LandscapeError

VERSION = (2, 1)
SWITCH = "LANDSCAPE_OPENGL"
COLOUR_BUFFER, DEPTH_BUFFER = 0x4000, 0x0100
RENDERER = 0x1F01
TEXTURE_2D, RGBA, UNSIGNED_BYTE, LINEAR, CLAMP = 0x0DE1, 0x1908, 0x1401, 0x2601, 0x812F
MAG_FILTER, MIN_FILTER, WRAP_S, WRAP_T = 0x2800, 0x2801, 0x2802, 0x2803
_answer: str | None = None


class OpenGLError(LandscapeError):
    """3D can't be drawn on this machine; the message says why."""


class OffscreenContext:
    """An OpenGL context of its own; `gl` are its functions. Raises OpenGLError where there is none."""

    def __init__(self) -> None:
        if os.environ.get(SWITCH, "").strip() in ("0", "off", "no"):
            raise OpenGLError(f"it is switched off (the environment says {SWITCH}={os.environ[SWITCH]})")
        wanted = QSurfaceFormat()
        wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
        wanted.setVersion(*VERSION)
        self.context = QOpenGLContext()
        self.context.setFormat(wanted)
        if not self.context.create():
            raise OpenGLError("this screen or its driver offers no OpenGL")
        self.surface = QOffscreenSurface()
        self.surface.setFormat(self.context.format())
        self.surface.create()
        self.make_current()
        found = self.context.format()
        version = found.majorVersion(), found.minorVersion()
        if version < VERSION:
            raise OpenGLError(
                f"it needs OpenGL {'.'.join(map(str, VERSION))}, and the driver offers {version[0]}.{version[1]}"
            )
        profile = QOpenGLVersionProfile()
        profile.setVersion(*VERSION)
        self.gl: Any = QOpenGLVersionFunctionsFactory.get(profile, self.context)
        if self.gl is None or not QOpenGLFramebufferObject.hasOpenGLFramebufferObjects():
            raise OpenGLError("the driver lacks functions that every OpenGL 2.1 should have")

    @property
    def renderer(self) -> str:
        """What draws: a graphics card or a program, in the driver's words."""
        self.make_current()
        return str(self.gl.glGetString(RENDERER))

    def make_current(self) -> None:
        """Let what follows speak to this context."""
        if not self.surface.isValid() or not self.context.makeCurrent(self.surface):
            raise OpenGLError("the driver's OpenGL can't be used off the screen")

    def release(self) -> None:
        """Let go of the context, so that nothing else is drawn into it."""
        self.context.doneCurrent()

    @staticmethod
    def buffer(width: int, height: int, samples: int) -> QOpenGLFramebufferObject:
        """A picture in the card's memory, with depth, in so many samples a pixel."""
        kind = QOpenGLFramebufferObjectFormat()
        kind.setSamples(samples)
        kind.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
        buffer = QOpenGLFramebufferObject(QSize(width, height), kind)
        if not buffer.isValid():
            raise OpenGLError(f"the driver can't hold a picture of {width} × {height} pixels")
        return buffer

    def texture(self, picture: QImage) -> int:
        """A picture in RGBA8888 sent to the card, smoothed when it is drawn smaller or larger; it goes with the context."""
        self.make_current()
        gl, bits = self.gl, picture.constBits()
        assert bits is not None
        name = gl.glGenTextures(1)
        gl.glBindTexture(TEXTURE_2D, name)
        for setting, value in ((MIN_FILTER, LINEAR), (MAG_FILTER, LINEAR), (WRAP_S, CLAMP), (WRAP_T, CLAMP)):
            gl.glTexParameteri(TEXTURE_2D, setting, value)
        pixels = bits.asstring(picture.sizeInBytes())
        gl.glTexImage2D(TEXTURE_2D, 0, RGBA, picture.width(), picture.height(), 0, RGBA, UNSIGNED_BYTE, pixels)
        return int(name)


def why_no_opengl() -> str:
    """Why 3D can't be drawn here, as the end of a sentence; nothing if it can. Asked once, then remembered."""
    global _answer
    if _answer is None:
        _answer = _try()
    return _answer


def _try() -> str:
    try:
        offscreen = OffscreenContext()
        buffer = offscreen.buffer(4, 4, 0)
        buffer.bind()
        offscreen.gl.glClearColor(1.0, 0.0, 0.0, 1.0)
        offscreen.gl.glClear(COLOUR_BUFFER | DEPTH_BUFFER)
        colour = buffer.toImage().pixelColor(1, 1).getRgb()[:3]
        offscreen.release()
    except OpenGLError as error:
        return str(error)
    return "" if colour == (255, 0, 0) else "the driver draws other colours than it is told"
