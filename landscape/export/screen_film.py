"""A film of pictures that come from elsewhere, one by one, such as those grabbed from a window: MP4, GIF or a folder of PNG."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.export.film import LAST_HELD, Filmed, Writer, check_film_place, put
from landscape.export.png_folder import PngFolder
from landscape.export.provenance import Provenance


def recording(
    path: str | Path, frames: int, take: Callable[[], NDArray | None], fps: float, provenance: Provenance
) -> Iterator[Filmed]:
    """Film `frames` pictures (height, width, 3) uint8, all of one size, as `take` gives them: None while there is none yet.

    The very first picture taken is not shown: it is a sample, best of the film's end, from which a GIF takes its colours. A
    path without an ending becomes a folder of numbered PNG. Closing the generator leaves no file, and an older one stays as it
    was. Raises RecordError where it can't be written.
    """
    path = Path(path)
    check_film_place(path)
    return _recording(path, frames, take, fps, provenance)


def _recording(
    path: Path, frames: int, take: Callable[[], NDArray | None], fps: float, provenance: Provenance
) -> Iterator[Filmed]:
    yield Filmed(path, 0, 0.0)
    with tempfile.TemporaryDirectory(prefix="landscape-film-", ignore_cleanup_errors=True) as folder:
        unnamed = Path(folder) / f"film{path.suffix.lower()}"
        sample: NDArray | None = None
        writer: Writer | None = None
        number = 0
        try:
            while number < frames:
                picture = take()
                if picture is not None and sample is None:
                    sample = _even(picture)
                elif picture is not None:
                    picture = _even(picture)
                    writer = writer or _opened(unnamed, [picture, sample], fps, provenance)  # type: ignore[list-item]
                    number += 1
                    writer.add(picture, LAST_HELD if number == frames and path.suffix.lower() == ".gif" else 1)
                yield Filmed(path, number, 0.99 * number / frames)
        finally:
            if writer is not None:
                writer.close()
        put(unnamed, path)
    yield Filmed(path, number, 1.0)


def _opened(path: Path, samples: list[NDArray], fps: float, provenance: Provenance) -> Writer:
    if path.suffix == ".mp4":
        from landscape.export.mp4 import Mp4Writer

        height, width, _ = samples[0].shape
        return Mp4Writer(path, (width, height), fps, provenance)
    if path.suffix == ".gif":
        from landscape.export.gif import GifWriter, Palette

        return GifWriter(path, Palette(samples, np.empty((0, 3), np.uint8)), fps, provenance.as_text)
    return PngFolder(path, provenance)


def _even(picture: NDArray) -> NDArray:
    """H.264 halves the resolution of colours: sides are even."""
    return picture[: len(picture) // 2 * 2, : picture.shape[1] // 2 * 2]
