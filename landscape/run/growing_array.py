"""Arrays that grow on disk row by row, each a plain .npy file that is valid after every append.

Rows go to the file's end before the header is told of them, so a program killed at any moment leaves a readable file that lacks
at most the last row.
"""

import io
import weakref
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import RecordError

# Rows up to this size are kept in memory.
MOST_BYTES_KEPT = 4096


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
        self._file: BinaryIO | None = None
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
        """Add rows (n, *row_shape) at the end."""
        rows = np.ascontiguousarray(rows, self._dtype)
        if rows.shape[1:] != self._row_shape:
            raise RecordError(f"{self._path.name} holds rows of shape {self._row_shape}, not {rows.shape[1:]}")
        try:
            file = self._opened()
            file.seek(self._header_size + self._rows * self._row_bytes)
            file.write(rows.data if rows.size else b"")
            file.flush()
            self._keep(rows)
            self._rows += len(rows)
            file.seek(0)
            file.write(self._header())
            file.flush()
        except OSError as error:
            raise RecordError(
                f"{self._path} can't be written: {error.strerror or error}; free some space and go on"
            ) from None

    def forget(self, rows: int) -> None:
        """Keep the first so many rows only; the next append overwrites the others."""
        self._rows = min(self._rows, rows)

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
        if self._view is None or len(self._view) != rows:
            shape = (rows, *self._row_shape)
            if self._memory is not None:
                self._view = self._memory[:rows]
                self._view.flags.writeable = False
                return self._view
            if 0 in shape:
                self._view = np.empty(shape, self._dtype)
                self._view.flags.writeable = False
            else:
                self._view = np.memmap(self._path, self._dtype, mode="r", offset=self._header_size, shape=shape)
        return self._view

    def close(self) -> None:
        """Let go of the file."""
        self._view = None
        if self._file is not None:
            self._file.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._path.open("r+b" if self._path.exists() else "w+b")
            weakref.finalize(self, self._file.close)
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

    def _header(self) -> bytes:
        header = io.BytesIO()
        # numpy pads the header so that the first axis can grow in place.
        np.lib.format.write_array_header_1_0(
            header, {"descr": self._dtype.str, "fortran_order": False, "shape": (self._rows, *self._row_shape)}
        )
        return header.getvalue()
