"""An animated GIF written frame by frame: one palette for all, and of each frame only what has changed."""

from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

COLOURS = 255  # of 256: the last entry means "as before"
AS_BEFORE = 255
IMPROVED = 8  # rounds of k-means
LOOKED_UP = 6  # bits of each colour channel by which its palette entry is looked up


class Palette:
    """The colours of a film, from some of its frames (height, width, 3) uint8; those of `exact` (n, 3) do not shift."""

    def __init__(self, frames: list[NDArray], exact: NDArray) -> None:
        from scipy.spatial import cKDTree

        colours = _chosen(np.concatenate(frames), exact)
        self.bytes = colours.tobytes().ljust(3 * 256, b"\0")
        levels = (np.arange(2**LOOKED_UP) + 0.5) * 2 ** (8 - LOOKED_UP)
        every = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
        self.table = np.array(cKDTree(colours).query(every)[1], np.uint8)
        self.table[_coarse(exact)] = np.arange(len(exact), dtype=np.uint8)

    def index(self, frame: NDArray) -> NDArray:
        """The palette entry nearest to each pixel, (height, width) uint8."""
        return np.asarray(self.table[_coarse(frame)])


def _coarse(pixels: NDArray) -> NDArray:
    """The place of each pixel (..., 3) in the table, by the upper bits of its channels."""
    upper = pixels.astype(np.int32) >> (8 - LOOKED_UP)
    return np.asarray(upper @ np.array([2 ** (2 * LOOKED_UP), 2**LOOKED_UP, 1], np.int32))


def _chosen(pixels: NDArray, exact: NDArray) -> NDArray:
    """COLOURS colours (n, 3) uint8 for pixels (..., 3): the exact ones, then median cut improved by k-means.

    A colour counts by the root of its frequency: a gradient's many shades weigh more than a wide background's one.
    """
    from PIL import Image
    from scipy.spatial import cKDTree

    pixels = np.ascontiguousarray(pixels[::2, ::2])  # a quarter of them tells as much
    picture = Image.fromarray(pixels)
    cut = picture.quantize(COLOURS - len(exact), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    centres = np.array((cut.getpalette() or [])[: 3 * (COLOURS - len(exact))], np.float64).reshape(-1, 3)
    packed = pixels.reshape(-1, 3).astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    values, counts = np.unique(packed, return_counts=True)
    found = np.stack([values >> 16, values >> 8 & 255, values & 255], axis=-1).astype(np.float64)
    weights = np.sqrt(counts)
    for _ in range(IMPROVED):
        nearest = cKDTree(centres).query(found)[1]
        mass = np.bincount(nearest, weights, len(centres))
        means = np.stack([np.bincount(nearest, weights * channel, len(centres)) for channel in found.T], axis=-1)
        centres = np.where(mass[:, None] > 0, means / np.maximum(mass, 1e-9)[:, None], centres)
    return np.concatenate([exact, centres]).round().astype(np.uint8)


class GifWriter:
    """Writes frames (height, width, 3) uint8 to a file that loops for ever."""

    def __init__(self, path: Path, palette: Palette, fps: float, comment: str) -> None:
        self.palette, self.milliseconds = palette, max(20, round(1000 / fps))
        self.comment = comment
        self.before: NDArray | None = None
        self.file: BinaryIO = path.open("wb")

    def add(self, frame: NDArray, hold: int = 1) -> None:
        """Add a frame that is shown `hold` times as long as the others."""
        from PIL import GifImagePlugin, Image

        index = self.palette.index(frame)
        if self.before is None:
            self._begin(index.shape)
            part, offset, extra = index, (0, 0), {}
        else:
            part, offset = _changed(self.before, index)
            extra = {"transparency": AS_BEFORE}
        self.before = index
        picture = Image.fromarray(part)
        picture.putpalette(self.palette.bytes)
        duration = self.milliseconds * hold
        for data in GifImagePlugin.getdata(picture, offset, duration=duration, disposal=1, **extra):
            self.file.write(data)

    def close(self) -> None:
        """End the film and let go of the file."""
        if self.before is not None:
            self.file.write(b";")
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, shape: tuple[int, ...]) -> None:
        """The head of the file (GIF89a specification, 1990): size, palette, endless loop, comment."""
        height, width = shape
        size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
        self.file.write(b"GIF89a" + size + b"\xf7\0\0" + self.palette.bytes)
        self.file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
        text = self.comment.encode()
        self.file.write(b"!\xfe")
        for begin in range(0, len(text), 255):
            block = text[begin : begin + 255]
            self.file.write(bytes([len(block)]) + block)
        self.file.write(b"\0")


def _changed(before: NDArray, index: NDArray) -> tuple[NDArray, tuple[int, int]]:
    """The box that holds all changed pixels, the others in it marked as before, and its upper left corner."""
    differs = before != index
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return np.full((1, 1), AS_BEFORE, np.uint8), (0, 0)
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return np.where(differs[box], index[box], AS_BEFORE).astype(np.uint8), (int(columns[0]), int(rows[0]))
