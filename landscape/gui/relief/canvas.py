"""Draws a relief off the screen: the card keeps surface, lines and paths; what did not change is never sent again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QColor, QImage, QMatrix4x4, QVector2D, QVector3D
from PyQt6.QtOpenGL import QOpenGLBuffer, QOpenGLShaderProgram

from landscape.gui.relief.box import ReliefBox
from landscape.gui.relief.camera import Camera
from landscape.gui.relief.glyphs import TILES, glyph_atlas
from landscape.gui.relief.mesh import Ribbon
from landscape.gui.relief.opengl import COLOUR_BUFFER, DEPTH_BUFFER, TEXTURE_2D, OffscreenContext
from landscape.gui.relief.pictures import Pictures
from landscape.gui.relief.shaders import LAYOUTS

FLOAT, UNSIGNED_INT = 0x1406, 0x1405
LINES, TRIANGLES = 0x0001, 0x0004
DEPTH_TEST, BLEND, OFFSET_FILL, MULTISAMPLE = 0x0B71, 0x0BE2, 0x8037, 0x809D
LESS, GREATER = 0x0201, 0x0204
SOURCE_ALPHA, ONE_MINUS_SOURCE_ALPHA, ZERO, ONE = 0x0302, 0x0303, 0, 1
BEHIND = 0.34  # strength of what lies behind the surface
FLOOR_PALENESS = 0.62
# Lifted towards the eye by so much of the box, so that what lies on the surface isn't half buried in it.
LINE_LIFT, RIBBON_LIFT, MARKER_LIFT = 0.004, 0.008, 0.03
FUTURE, RIVAL = 0.35, 0.55  # strength of what lies ahead, and of an earlier run
PRACTICE = 16, 16  # pixels
MARKER_ROOM = 40  # pixels around what is drawn, for markers and line widths
PATH_WIDTH, RIVAL_WIDTH, THIN_WIDTH, SHADOW_WIDTH = 5.0, 2.6, 1.8, 1.6  # pixels

# One part of each kind is enough to practise with.
PARTS = {
    "surface": "surface",
    "grid": "line",
    "paths": "ribbon",
    "shadows": "ribbon",
    "balls": "marker",
}


@dataclass(frozen=True)
class Look:
    """What comes with the theme: colours, those of lines as (red, green, blue, alpha), 0 to 1, and how `bold` strokes are."""

    canvas: QColor
    contours: tuple[float, float, float, float]
    grid: tuple[float, float, float, float]
    bold: float = 1.0


class ReliefCanvas:
    """Holds what is drawn and draws it with `render`; `uploads` counts how often each part was sent to the card."""

    def __init__(self) -> None:
        self._offscreen = OffscreenContext()
        self._programs: dict[str, QOpenGLShaderProgram] = {}
        self._glyphs: int | None = None
        self._buffers: dict[str, QOpenGLBuffer] = {}
        self._counts: dict[str, int] = {}
        self._bounds: dict[str, NDArray] = {}  # of what may reach out of the box
        self._pictures = Pictures(self._offscreen)
        self.uploads: Counter[str] = Counter()
        self.upto: NDArray = np.zeros(1, np.intp)
        self.frame = 0
        self._practised = False

    def preparing(self) -> Iterator[None]:
        """Compile the programs, send the glyphs and practise, in pieces; to be drained before anything is sent or drawn."""
        for name, layout in LAYOUTS.items():
            if name not in self._programs:
                self._offscreen.make_current()
                self._programs[name] = layout.build()
                self._offscreen.release()
                yield
        if self._glyphs is None:
            atlas = glyph_atlas()
            yield
            self._glyphs = self._offscreen.texture(atlas)
            self._offscreen.release()
        if not self._practised:
            yield
            yield from self._practising()
            self._practised = True

    def _practising(self) -> Iterator[None]:
        """Draw next to nothing in every way there is: a driver finishes compiling at the first drawing of each kind."""
        look = Look(QColor("black"), (1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0))
        box = ReliefBox((0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (1.0, 1.0, 1.0), logarithmic=False)
        for name, kind in PARTS.items():
            floats = sum(count for _, count in LAYOUTS[kind].attributes)
            corners = np.ones((3, floats), np.float32)
            corners[:, :3] = np.eye(3)
            self._send(name, corners)
        for name in ("surface", "floor", "paths", "shadows"):
            self._send(f"{name} corners", np.arange(3, dtype=np.uint32), QOpenGLBuffer.Type.IndexBuffer)
        self._floor_seen = True
        for samples in (4, 0):
            for draw in (self._draw_surface, partial(self._draw_lines, look, 1.0), partial(self._draw_points, 1.0)):
                self._begin(look, PRACTICE, QRect(0, 0, *PRACTICE), samples)
                self._aim(Camera(), box, look, PRACTICE, 1.0, QPoint())
                draw()
                self._end(QRect(0, 0, *PRACTICE), samples)
                self._offscreen.release()
                yield
        self._offscreen.make_current()
        for buffer in self._buffers.values():
            buffer.destroy()
        for kept in (self._buffers, self._counts, self._bounds, self.uploads):
            kept.clear()
        self._pictures.forget()
        self._offscreen.release()

    @property
    def renderer(self) -> str:
        """What draws: a graphics card or a program, in the driver's words."""
        return self._offscreen.renderer

    # --- what is drawn ----------------------------------------------------------------------------------------------

    def set_surface(self, vertices: NDArray, corners: NDArray, floor: NDArray) -> None:
        """The mesh, and the coarser one of its shadow on the floor: see `surface_vertices` and `surface_corners`."""
        self._send("surface", vertices)
        self._send("surface corners", corners, QOpenGLBuffer.Type.IndexBuffer)
        self._send("floor corners", floor, QOpenGLBuffer.Type.IndexBuffer)

    def set_lines(self, name: str, points: NDArray) -> None:
        """Thin lines, "contours", "floor contours" or "grid": pairs of points (2n, 3)."""
        self._send(name, points)

    def set_ribbons(self, name: str, ribbon: Ribbon) -> None:
        """Lines with a width: "paths", "shadows", "tips", "stems", "arrows" or those of a "rival"."""
        self._send(name, ribbon.vertices)
        self._bounds[name] = _bounds(ribbon.vertices[:, :3])
        self._send(f"{name} corners", ribbon.corners, QOpenGLBuffer.Type.IndexBuffer)
        if name == "paths":
            self.upto = ribbon.upto
            backwards = ribbon.corners.reshape(-1, 3)[::-1].ravel()  # what lies ahead of a frame comes first
            self._send("paths ahead", backwards, QOpenGLBuffer.Type.IndexBuffer)

    def set_markers(self, name: str, vertices: NDArray) -> None:
        """Markers, "starts", "balls" or "rings": see `marker_vertices`."""
        self._send(name, vertices)
        self._bounds[name] = _bounds(vertices[:, :3])

    def _send(self, name: str, values: NDArray, kind: Any = QOpenGLBuffer.Type.VertexBuffer) -> None:
        self._offscreen.make_current()
        buffer = self._buffers.get(name)
        if buffer is None:
            buffer = self._buffers[name] = QOpenGLBuffer(kind)
            buffer.create()
            buffer.setUsagePattern(QOpenGLBuffer.UsagePattern.DynamicDraw)
        buffer.bind()
        values = np.ascontiguousarray(values)
        if values.nbytes:
            buffer.allocate(values, values.nbytes)  # type: ignore[call-overload]
        buffer.release()
        self._counts[name] = len(values)
        self.uploads[name] += 1

    # --- drawing ----------------------------------------------------------------------------------------------------

    def render(
        self, camera: Camera, box: ReliefBox, look: Look, size: tuple[int, int], density: float = 1.0, samples: int = 4
    ) -> QImage:
        """What is seen in a view of `size` pixels, of which `density` make one on the screen; `samples` 0 is quicker, rougher.

        The picture is no larger than what is drawn needs: it belongs at its `offset` in the view, the rest of which is empty.
        """
        place = self._place(camera, box, look, size, density)
        self._begin(look, size, place, samples)
        self._aim(camera, box, look, size, density, place.topLeft())
        self._floor_seen = camera.elevation > 0  # from below it would hide everything
        self._draw_surface()
        self._draw_lines(look, density)
        self._draw_points(density * look.bold)
        image = self._end(place, samples)
        self._offscreen.release()
        image.setDevicePixelRatio(density)
        image.setOffset(place.topLeft())
        return image

    def _place(self, camera: Camera, box: ReliefBox, look: Look, size: tuple[int, int], density: float) -> QRect:
        """The part of a view in which all that is drawn lies: a program that draws takes its time for every pixel."""
        whole = QRect(0, 0, *size)
        ends = np.stack([_bounds(np.array([box.a, box.b, box.heights]).T), *self._bounds.values()])  # (n, 2, 3)
        low, high = np.fmin.reduce(ends[:, 0]), np.fmax.reduce(ends[:, 1])
        high[2] = box.heights[1]  # above the lid nothing is drawn
        corners = np.stack(np.meshgrid(*zip(low, high, strict=True)), axis=-1).reshape(-1, 3)
        across, down = camera.project(box.place(corners), box.sides, (size[0] / density, size[1] / density))
        if not (np.isfinite(across).all() and np.isfinite(down).all()):
            return whole  # some of it lies beside the eye or behind it
        room = MARKER_ROOM * look.bold
        left, right, top, bottom = across.min() - room, across.max() + room, down.min() - room, down.max() + room
        far = 10.0 * max(size)  # what reaches far out of the view needs no exact number
        left, right, top, bottom = (
            np.clip(np.array([left, right, top, bottom]) * density, -far, far).astype(int).tolist()
        )
        seen = QRect(QPoint(left, top), QPoint(right, bottom)).intersected(whole)
        return whole if seen.isEmpty() else seen

    def _begin(self, look: Look, size: tuple[int, int], place: QRect, samples: int) -> None:
        self._offscreen.make_current()
        gl = self._offscreen.gl
        self._pictures.bind(place.size(), samples)
        gl.glViewport(-place.x(), -place.y(), *size)
        gl.glClearColor(*look.canvas.getRgbF())
        gl.glClear(COLOUR_BUFFER | DEPTH_BUFFER)
        gl.glEnable(DEPTH_TEST)
        gl.glEnable(MULTISAMPLE)
        gl.glBlendFuncSeparate(SOURCE_ALPHA, ONE_MINUS_SOURCE_ALPHA, ZERO, ONE)

    def _end(self, place: QRect, samples: int) -> QImage:
        self._offscreen.gl.glDisable(BLEND)
        return self._pictures.image(place.size(), samples)  # drawn upside down: turning it here would cost another pass

    def _aim(
        self, camera: Camera, box: ReliefBox, look: Look, size: tuple[int, int], density: float, corner: QPoint
    ) -> None:
        shown = size[0] / density, size[1] / density
        upside_down = np.diag([1.0, -1.0, 1.0, 1.0])
        matrix = QMatrix4x4(*(upside_down @ camera.matrix(box.sides, shown)).ravel().tolist())
        light = np.array([-0.45, 0.55, 0.70]) @ camera.axes
        values: dict[str, Any] = {
            "u_camera": matrix,
            "u_scale": QVector3D(*box.scale.tolist()),
            "u_shift": QVector3D(*box.shift.tolist()),
            "u_eye": QVector3D(*camera.eye(box.sides, shown).tolist()),
            "u_light": QVector3D(*(light / np.linalg.norm(light)).tolist()),
            "u_canvas": QVector3D(*look.canvas.getRgbF()[:3]),
            "u_viewport": QVector2D(*map(float, size)),
            "u_corner": QVector2D(float(corner.x()), float(corner.y())),
            "u_floor": box.heights[0],
            "u_lid": box.heights[1],
            "u_density": density * look.bold,
            "u_tiles": float(TILES),
            "u_paleness": FLOOR_PALENESS,
        }
        for program in self._programs.values():
            program.bind()
            for name, value in values.items():
                location = program.uniformLocation(name)
                if location >= 0:
                    program.setUniformValue(location, value)
            program.release()

    def _draw_surface(self) -> None:
        """Surface first: what it hides of the floor then costs nothing."""
        gl = self._offscreen.gl
        gl.glEnable(OFFSET_FILL)
        gl.glPolygonOffset(1.0, 1.0)
        self._draw("surface", "surface", {"u_flat": 0.0, "u_nearer": 0.0})
        if self._floor_seen:
            gl.glPolygonOffset(2.0, 2.0)
            self._draw("surface", "surface", {"u_flat": 1.0, "u_nearer": 0.0}, order="floor corners")
        gl.glDisable(OFFSET_FILL)

    def _draw_lines(self, look: Look, density: float) -> None:
        gl = self._offscreen.gl
        gl.glEnable(BLEND)
        gl.glDepthMask(False)
        gl.glLineWidth(density)
        pale = (*look.contours[:3], 0.5 * look.contours[3])
        if self._floor_seen:
            self._draw("line", "floor contours", {"u_flat": 1.0, "u_nearer": 0.0, "u_colour": pale}, LINES)
        self._draw("line", "grid", {"u_flat": 0.0, "u_nearer": 0.0, "u_colour": look.grid}, LINES)
        self._draw("line", "contours", {"u_flat": 0.0, "u_nearer": LINE_LIFT, "u_colour": look.contours}, LINES)
        gl.glDepthMask(True)

    def _draw_points(self, density: float) -> None:
        """Once where they lie behind something, faint; once where they are seen."""
        gl = self._offscreen.gl
        gl.glDepthMask(False)
        gl.glDepthFunc(GREATER)
        self._draw_moving(density, BEHIND)
        gl.glDepthMask(True)
        gl.glDepthFunc(LESS)
        flat = {"u_nearer": RIBBON_LIFT, "u_round": 0.0}
        self._draw("ribbon", "shadows", flat | {"u_width": SHADOW_WIDTH * density, "u_alpha": 0.7})
        self._draw_moving(density, 1.0)
        thin = flat | {"u_width": THIN_WIDTH * density, "u_alpha": FUTURE}
        self._draw("ribbon", "paths", thin, most=int(self.upto[-1]) - self._behind, order="paths ahead")

    @property
    def _behind(self) -> int:
        """How many corners draw the paths up to the shown frame."""
        return int(self.upto[min(self.frame, len(self.upto) - 1)])

    def _draw_moving(self, density: float, strength: float) -> None:
        tube = {"u_nearer": RIBBON_LIFT, "u_alpha": strength, "u_round": 1.0, "u_width": PATH_WIDTH * density}
        marker = {"u_nearer": MARKER_LIFT, "u_alpha": strength}
        rival = {"u_width": RIVAL_WIDTH * density, "u_alpha": RIVAL * strength, "u_round": 0.0}
        self._draw("ribbon", "rival", tube | rival)
        self._draw("ribbon", "paths", tube, most=self._behind)
        self._draw("ribbon", "tips", tube)
        self._draw("ribbon", "stems", tube | {"u_round": 0.0, "u_width": THIN_WIDTH * density})
        self._draw("ribbon", "arrows", tube | {"u_width": density})
        self._draw("marker", "rings", marker)
        self._draw("marker", "starts", marker)
        self._draw("marker", "balls", marker)

    def _draw(
        self,
        kind: str,
        name: str,
        uniforms: dict[str, Any],
        mode: int = TRIANGLES,
        most: int | None = None,
        order: str = "",
    ) -> None:
        """Run a program over a buffer: in the order of its corners if it has any, and `most` of them."""
        order = order or f"{name} corners"
        corners = self._buffers.get(order)
        count = self._counts.get(name if corners is None else order, 0)
        count = count if most is None else min(most, count)
        if not count:
            return
        gl, program, buffer = self._offscreen.gl, self._programs[kind], self._buffers[name]
        program.bind()
        for uniform, value in uniforms.items():
            program.setUniformValue(uniform, *(value if isinstance(value, tuple) else (value,)))
        if kind == "marker":
            gl.glBindTexture(TEXTURE_2D, self._glyphs)
        buffer.bind()
        attributes = LAYOUTS[kind].attributes
        stride = 4 * sum(floats for _, floats in attributes)
        offset = 0
        for location, (_, floats) in enumerate(attributes):
            program.enableAttributeArray(location)
            program.setAttributeBuffer(location, FLOAT, offset, floats, stride)
            offset += 4 * floats
        buffer.release()
        if corners is None:
            gl.glDrawArrays(mode, 0, count)
        else:
            corners.bind()
            gl.glDrawElements(mode, count, UNSIGNED_INT, None)
            corners.release()
        for location in range(len(attributes)):
            program.disableAttributeArray(location)
        program.release()


def _bounds(points: NDArray) -> NDArray:
    """Lowest and highest coordinates (2, 3) of points (n, 3), NaN where there are none."""
    none = np.full((1, 3), np.nan)
    return np.stack([np.fmin.reduce(np.vstack([points, none])), np.fmax.reduce(np.vstack([points, none]))])
