"""The eye that looks at a relief: where it stands, and where points in space then appear on the screen."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

# Vertical field of view in degrees: some perspective tells near from far. From the top and from the side there is
# next to none, so that the one is a map and the other compares heights.
OPENING, NARROW_OPENING = 26.0, 2.0
FLAT_BELOW, STEEP_ABOVE, BLEND = 3.0, 84.0, 20.0  # degrees of elevation
LOWEST, HIGHEST = -60.0, 90.0  # degrees of elevation
NEAREST, FARTHEST = 0.25, 12.0  # zoom
PANNED = 1.4  # space that the height of the view spans at zoom 1, about
SNUG = 0.95  # of the distance from which every corner, at every azimuth, keeps clear of the margins
# Pixels left free at each side, above and below, for numbers, names and the colour scale; less in a small view.
MARGINS = 66.0, 62.0
SMALL_SHARE = 0.1
AZIMUTHS = (-60, 30, 120, 210)
PRESETS = {"top": (-90.0, 90.0), "front": (-90.0, 3.0), "iso": (-60.0, 30.0)}


@dataclass(frozen=True)
class Camera:
    """Azimuth and elevation of the eye in degrees, zoom (1: the whole box fits), and the point (x, y, z) it looks at."""

    azimuth: float = -60.0
    elevation: float = 30.0
    zoom: float = 1.0
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def orbited(self, azimuth: float, elevation: float) -> Self:
        """Turned around the centre by degrees."""
        return replace(
            self,
            azimuth=(self.azimuth + azimuth + 180) % 360 - 180,
            elevation=min(HIGHEST, max(LOWEST, self.elevation + elevation)),
        )

    def zoomed(self, factor: float) -> Self:
        """Closer (factor above 1) or farther."""
        return replace(self, zoom=min(FARTHEST, max(NEAREST, self.zoom * factor)))

    def panned(self, right: float, up: float) -> Self:
        """The picture moved by shares of the view's height."""
        step = PANNED / self.zoom
        x, y, z = np.array(self.centre) - (self.axes[0] * right + self.axes[1] * up) * step
        return replace(self, centre=(float(x), float(y), float(z)))

    def preset(self, name: str) -> Self:
        """A named place to look from, with everything in view."""
        azimuth, elevation = PRESETS[name]
        return type(self)(azimuth, elevation)

    @property
    def axes(self) -> NDArray:
        """Right, up and towards the eye, as rows (3, 3)."""
        azimuth, elevation = math.radians(self.azimuth), math.radians(self.elevation)
        cos_a, sin_a, cos_e, sin_e = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
        return np.array([
            [-sin_a, cos_a, 0.0],
            [-sin_e * cos_a, -sin_e * sin_a, cos_e],
            [cos_e * cos_a, cos_e * sin_a, sin_e],
        ])  # fmt: skip

    @property
    def opening(self) -> float:
        """The vertical field of view, in radians."""
        steepness = abs(self.elevation)
        share = min(steepness - FLAT_BELOW, STEEP_ABOVE - steepness) / BLEND
        return math.radians(NARROW_OPENING + (OPENING - NARROW_OPENING) * min(1.0, max(0.0, share)))

    def distance(self, sides: tuple[float, float, float], size: tuple[float, float]) -> float:
        """How far the eye is from the centre: a box of these sides fits into a view of `size` pixels at zoom 1."""
        width, height = size
        free = [min(margin, SMALL_SHARE * side) for margin, side in zip(MARGINS, size, strict=True)]
        tall = math.tan(self.opening / 2) * (1 - 2 * free[1] / height)
        wide = math.tan(self.opening / 2) * (width - 2 * free[0]) / height
        radius, half = math.hypot(sides[0], sides[1]) / 2, sides[2] / 2
        elevation = math.radians(self.elevation)
        cos_e, sin_e = math.cos(elevation), math.sin(elevation)
        needed = [radius * math.sqrt(1 + 1 / wide**2) + half * abs(sin_e)]
        needed += [
            abs(z * cos_e - r * sin_e) / tall + r * cos_e + z * sin_e for r in (-radius, radius) for z in (-half, half)
        ]
        return SNUG * max(needed) / self.zoom

    def eye(self, sides: tuple[float, float, float], size: tuple[float, float]) -> NDArray:
        """Where the eye stands, (3,)."""
        return np.array(self.centre) + self.axes[2] * self.distance(sides, size)

    def matrix(self, sides: tuple[float, float, float], size: tuple[float, float]) -> NDArray:
        """From space to clip coordinates, (4, 4), for column vectors; `size` of the view in pixels."""
        return _matrix(self, sides, size)

    def project(
        self, points: NDArray, sides: tuple[float, float, float], size: tuple[float, float]
    ) -> tuple[NDArray, NDArray]:
        """Where points (..., 3) in space appear: x and y in pixels from the upper left; NaN behind the eye."""
        matrix = self.matrix(sides, size)
        clip = np.asarray(points) @ matrix[:, :3].T + matrix[:, 3]
        w = np.where(clip[..., 3] > 0, clip[..., 3], np.nan)
        return (clip[..., 0] / w + 1) / 2 * size[0], (1 - clip[..., 1] / w) / 2 * size[1]

    def line_of_sight(
        self, x: float, y: float, sides: tuple[float, float, float], size: tuple[float, float]
    ) -> NDArray:
        """The nearest and the farthest point in space (2, 3) that appear at a pixel, counted from the upper left."""
        across, up = 2 * x / size[0] - 1, 1 - 2 * y / size[1]
        ends = np.linalg.inv(self.matrix(sides, size)) @ np.array([[across, across], [up, up], [-1, 1], [1, 1]])
        return np.asarray((ends[:3] / ends[3]).T)


@lru_cache(maxsize=4)  # one picture asks for it a dozen times
def _matrix(camera: Camera, sides: tuple[float, float, float], size: tuple[float, float]) -> NDArray:
    distance = camera.distance(sides, size)
    reach = math.hypot(*sides) + math.hypot(*camera.centre)
    near, far = max(0.02, distance - reach), distance + reach
    view = np.eye(4)
    view[:3, :3] = camera.axes
    view[:3, 3] = -camera.axes @ np.array(camera.centre)
    view[2, 3] -= distance
    focus = 1 / math.tan(camera.opening / 2)
    frustum = np.array([
        [focus * size[1] / size[0], 0, 0, 0],
        [0, focus, 0, 0],
        [0, 0, (far + near) / (near - far), 2 * far * near / (near - far)],
        [0, 0, -1, 0],
    ])  # fmt: skip
    found = np.asarray(frustum @ view)
    found.flags.writeable = False
    return found


def inviting_azimuth(heights: NDArray) -> float:
    """Of four corners to look from, the one from which the surface (nb, na) rises away from the eye."""
    known = np.nan_to_num(heights, nan=float(np.nanmax(heights)))
    across, along = np.meshgrid(np.linspace(-1, 1, heights.shape[1]), np.linspace(-1, 1, heights.shape[0]))
    slope = float((known * across).sum()), float((known * along).sum())
    rises = [slope[0] * math.cos(math.radians(each)) + slope[1] * math.sin(math.radians(each)) for each in AZIMUTHS]
    return float(AZIMUTHS[int(np.argmin(rises))])
