"""A film of pictures that come from elsewhere, one by one, such as those grabbed from a window: MP4, GIF or a folder of PNG."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.destination import check_destination, check_folder
from landscape.export.film import ENDINGS, LAST_HELD, Filmed, Writer, check_writable
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.writing import PARTIAL, written_whole


def recording(
    path: str | Path, frames: int, take: Callable[[], NDArray | None], fps: float, provenance: Provenance
) -> Iterator[Filmed]:
    """Film `frames` pictures (height, width, 3) uint8, all of one size, as `take` gives them: None while there is none yet.

    The very first picture taken is not shown: it is a sample, best of the film's end, from which a GIF takes its colours. A
    path without an ending becomes a folder of numbered PNG. Closing the generator leaves no file, and an older one stays as it
    was. Raises RecordError where it can't be written.
    """
    path = Path(path)
    if path.suffix:
        check_destination(path, ENDINGS, "a film")
        check_writable(path)
    else:
        check_folder(path.parent)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RecordError(f"{path} is there already: choose a new name, or an empty folder, for the pictures")
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
        if path.suffix:
            written_whole(path, partial(shutil.copyfile, unnamed))
        else:
            _put(unnamed, path)
    yield Filmed(path, number, 1.0)


class PngFolder:
    """Writes frames as numbered pictures, each with the setup that made it."""

    def __init__(self, folder: Path, provenance: Provenance) -> None:
        from PIL.PngImagePlugin import PngInfo

        folder.mkdir()
        self._folder, self._number = folder, 0
        self._about = PngInfo()
        for name, text in ((SETUP_KEY, provenance.setup), (VERSION_KEY, provenance.version)):
            self._about.add_itxt(name, text)

    def add(self, frame: NDArray, hold: int = 1) -> None:
        """Write the next picture."""
        from PIL import Image

        self._number += 1
        path = self._folder / f"{self._number:05d}.png"
        Image.fromarray(frame).save(path, pnginfo=self._about, compress_level=3)

    def close(self) -> None:
        """Nothing is open."""


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


def _put(made: Path, folder: Path) -> None:
    """Bring a folder of pictures to its place: all of them or none."""
    partial_folder = folder.with_name(f".{folder.name}{PARTIAL}pictures")
    try:
        shutil.rmtree(partial_folder, ignore_errors=True)
        shutil.copytree(made, partial_folder)
        if folder.exists():
            folder.rmdir()  # empty, as was checked
        partial_folder.rename(folder)
    except OSError as error:
        shutil.rmtree(partial_folder, ignore_errors=True)
        raise RecordError(f"{folder} can't be written: {error.strerror or error}; choose another folder") from None
