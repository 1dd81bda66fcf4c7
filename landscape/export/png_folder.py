"""A film as a folder of numbered PNG, for those who cut films themselves."""

import shutil
from pathlib import Path

from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.destination import check_folder
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.writing import PARTIAL


class PngFolder:
    """Writes frames as numbered pictures, each with the setup that made it."""

    def __init__(self, folder: Path, provenance: Provenance) -> None:
        from PIL.PngImagePlugin import PngInfo

        folder.mkdir()
        self._folder, self._number = folder, 0
        self._about = PngInfo()
        for name, text in ((SETUP_KEY, provenance.setup), (VERSION_KEY, provenance.version)):
            if text:
                self._about.add_itxt(name, text)

    def add(self, frame: NDArray, hold: int = 1) -> None:
        """Write the next picture: once, however long a film would show it."""
        from PIL import Image

        self._number += 1
        path = self._folder / f"{self._number:05d}.png"
        Image.fromarray(frame).save(path, pnginfo=self._about, compress_level=3)

    def close(self) -> None:
        """Nothing is open."""


def check_new_folder(folder: Path) -> None:
    """RecordError unless a folder of pictures can be put here: at a new name, or into an empty folder."""
    check_folder(folder.parent)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RecordError(f"{folder} is there already: choose a new name, or an empty folder, for the pictures")


def put_folder(made: Path, folder: Path) -> None:
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
