"""What can be seen of a relief from where one stands: points and lines in front of the surface, and those behind it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Places along a ray that are asked whether they lie above or below the surface.
SAMPLES = 72


@dataclass(frozen=True, eq=False)
class Sight:
    """A view without perspective on heights (nb, na) over a rising grid: all rays towards the eye are parallel.

    `matrix` (4, 4) takes (x, y, z, 1) to the picture (matplotlib's `get_proj`).
    """

    a: NDArray
    b: NDArray
    heights: NDArray
    matrix: NDArray

    def project(self, points: NDArray) -> tuple[NDArray, NDArray]:
        """Where points (n, 3) appear in the picture: two arrays (n,)."""
        flat = points @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        w = points @ self.matrix[3, :3] + self.matrix[3, 3]
        return flat[:, 0] / w, flat[:, 1] / w

    def towards_eye(self) -> NDArray:
        """The direction (3,) along which nothing moves in the picture, upwards: the eye is above the surface."""
        direction = np.cross(self.matrix[0, :3], self.matrix[1, :3])
        return np.asarray(direction * np.sign(direction[2]))

    def hidden(self, points: NDArray) -> NDArray[np.bool_]:
        """Which points (n, 3) have the surface between them and the eye; raise points on the surface a little."""
        if not len(points):
            return np.zeros(0, bool)
        direction = self.towards_eye()
        # As far as the ray may still be over the grid and below the highest place of the surface.
        spans = np.array([self.a[-1] - self.a[0], self.b[-1] - self.b[0]])
        with np.errstate(divide="ignore"):
            across = float(np.min(np.abs(spans / direction[:2])))
        upwards = float(np.nanmax(self.heights) - np.nanmin(points[:, 2])) * 1.02 / direction[2]
        along = np.linspace(0, min(across, max(upwards, 0)), SAMPLES)
        ray = points[:, None, :] + along[:, None] * direction  # (n, samples, 3)
        above = ray[..., 2] - self.surface_at(ray[..., 0], ray[..., 1])  # NaN beyond the grid: no sign
        with np.errstate(invalid="ignore"):
            return np.asarray((above < 0).any(axis=1) & (above > 0).any(axis=1))

    def surface_at(self, a: NDArray, b: NDArray) -> NDArray:
        """Heights of the surface at coordinates of any shape, bilinear; NaN outside the grid."""
        i, right = _cell(self.a, a)
        j, above = _cell(self.b, b)
        z = self.heights
        lower = z[j, i] * (1 - right) + z[j, i + 1] * right
        upper = z[j + 1, i] * (1 - right) + z[j + 1, i + 1] * right
        inside = (a >= self.a[0]) & (a <= self.a[-1]) & (b >= self.b[0]) & (b <= self.b[-1])
        return np.asarray(np.where(inside, lower * (1 - above) + upper * above, np.nan))

    def split(self, points: NDArray) -> tuple[Any, Any]:
        """The seen and the hidden part of a line (n, 3): each x and y in the picture, NaN where it is not drawn."""
        x, y = self.project(points)
        behind = self.hidden(points)
        # The segment across the edge belongs to the hidden part: no gap, and nothing hidden drawn as seen.
        beside = behind.copy()
        beside[1:] |= behind[:-1]
        beside[:-1] |= behind[1:]
        return (np.where(behind, np.nan, x), np.where(behind, np.nan, y)), (
            np.where(beside, x, np.nan),
            np.where(beside, y, np.nan),
        )


def _cell(grid: NDArray, values: NDArray) -> tuple[NDArray, NDArray]:
    """The grid cell of each value, and how far across it lies, 0 to 1 (grids are evenly spaced)."""
    place = (np.nan_to_num(values) - grid[0]) / (grid[-1] - grid[0]) * (len(grid) - 1)
    place = np.clip(place, 0, len(grid) - 1)
    index = np.minimum(place.astype(np.intp), len(grid) - 2)
    return index, place - index
