"""Arrays that grow on disk row by row, each a plain .npy file that is valid after every append.

Rows go to the file's end before the header is told of them, so a program killed at any moment leaves a readable file that lacks
at most the last row.
"""

import contextlib
import io
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import RecordError

# Rows up to this size are kept in memory.
MOST_BYTES_KEPT = 4096
BYTES_AT_ONCE = 2**20


class GrowingArray:
    """A .npy file (rows, *row_shape) to append to.

    Short rows are kept in memory as well, since views read them again and again; long rows are read by mapping the
    file, so that memory stays bounded. An array that is only read is never written to. A file
    of another shape or type is refused.
    """

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: type = np.float32) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._row_shape = row_shape
        self._rows = 0
        self._view: NDArray | None = None
        self._file: io.FileIO | None = None
        self._memory: NDArray | None = None
        self._header_size = len(self._header())
        if path.exists():
            self._rows = self._known_rows()
            if self._row_bytes <= MOST_BYTES_KEPT:
                self._memory = np.load(path, allow_pickle=False)
        else:
            self.append(np.empty((0, *row_shape)))

    def __len__(self) -> int:
        return self._rows

    def append(self, rows: ArrayLike) -> None:
        """Add rows (n, *row_shape) at the end; where that fails, the array is as it was before."""
        rows = np.ascontiguousarray(rows, self._dtype)
        if rows.shape[1:] != self._row_shape:
            raise RecordError(f"{self._path.name} holds rows of shape {self._row_shape}, not {rows.shape[1:]}")
        past = self._rows + len(rows)
        try:
            file = self._opened()
            _write_at(file, self._header_size + self._rows * self._row_bytes, rows.tobytes())
            _write_at(file, 0, self._header(past))
            self._keep(rows)
            self._rows = past
        except OSError as error:
            self._check_folder()
            raise RecordError(
                f"{self._path} can't be written: {error.strerror or error}; free some space and go on"
            ) from None

    def forget(self, rows: int) -> None:
        """Keep the first so many rows only; the next append overwrites the others."""
        self._rows = min(self._rows, rows)
        self._view = None

    def _keep(self, rows: NDArray) -> None:
        if self._row_bytes > MOST_BYTES_KEPT:
            return
        past = self._rows + len(rows)
        memory = self._memory
        if memory is None or len(memory) < past or not memory.flags.writeable:
            larger = np.empty((max(64, 2 * past), *self._row_shape), self._dtype)
            if memory is not None:
                larger[: self._rows] = memory[: self._rows]
            self._memory = memory = larger
        memory[self._rows : past] = rows

    def read(self) -> NDArray:
        """All rows so far, read-only."""
        rows = self._rows  # taken once: another thread may be appending
        view = self._view  # and so is the view: another thread may be reading, and put a shorter one in its place
        if view is None or len(view) != rows:
            view = self._mapped((rows, *self._row_shape)) if self._memory is None else self._memory[:rows]
            view.flags.writeable = False
            self._view = view
        return view

    def copy_to(self, write: Callable[[bytes], object], rows: int) -> None:
        """Write the first so many rows as a .npy file, part by part, also while more are being appended."""
        rows = min(rows, self._rows)
        write(self._header(rows))
        rest = rows * self._row_bytes
        with self._path.open("rb") as source:
            source.seek(self._header_size)
            while rest and (part := source.read(min(rest, BYTES_AT_ONCE))):
                write(part)
                rest -= len(part)
        if rest:
            raise RecordError(f"{self._path} was cut off by another program: the run can't be saved")

    def close(self) -> None:
        """Let go of the file."""
        self._view = None
        if self._file is not None:
            _close(self._file)
            self._file = None

    def _mapped(self, shape: tuple[int, ...]) -> NDArray:
        if 0 in shape:
            return np.empty(shape, self._dtype)
        try:
            return np.memmap(self._path, self._dtype, mode="r", offset=self._header_size, shape=shape)
        except (OSError, ValueError) as error:
            self._check_folder()
            reason = getattr(error, "strerror", None) or error
            raise RecordError(f"{self._path} can't be read: {reason}; it was changed by another program") from None

    def _check_folder(self) -> None:
        if not self._path.parent.is_dir():
            raise RecordError(f"the run's folder {self._path.parent} is gone: the run can't be read or gone on with")

    def _opened(self) -> io.FileIO:
        if self._file is None:
            # Unbuffered: bytes that a full disk refused must not wait in a buffer and turn up in a later write.
            there = self._rows > 0 or self._path.exists()
            self._file = self._path.open("r+b" if there else "w+b", buffering=0)
            weakref.finalize(self, _close, self._file)
        return self._file

    def _known_rows(self) -> int:
        """How many whole rows the file has, checked against what is expected of it."""
        found = np.load(self._path, mmap_mode="r", allow_pickle=False)
        if found.ndim == 0 or found.shape[1:] != self._row_shape or found.dtype != self._dtype:
            raise RecordError(
                f"{self._path.name} is damaged: it should hold rows of shape {self._row_shape} and type {self._dtype}"
            )
        return len(found)

    @property
    def _row_bytes(self) -> int:
        return int(np.prod(self._row_shape, dtype=np.int64)) * self._dtype.itemsize

    def _header(self, rows: int = 0) -> bytes:
        header = io.BytesIO()
        # numpy pads the header so that the first axis can grow in place.
        np.lib.format.write_array_header_1_0(
            header, {"descr": self._dtype.str, "fortran_order": False, "shape": (rows, *self._row_shape)}
        )
        return header.getvalue()


def _write_at(file: io.FileIO, place: int, content: bytes) -> None:
    """Write all of it: an unbuffered file may take a part only."""
    file.seek(place)
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _close(file: io.FileIO) -> None:
    with contextlib.suppress(OSError):  # nothing waits to be written, and a finalizer has nobody to tell
        file.close()
