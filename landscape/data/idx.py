"""IDX files, the form in which MNIST is published: a header of big-endian whole numbers, then one byte a value.

An image file begins with 2051, the number of images, rows and columns; a label file with 2049 and the number of
labels (LeCun, Cortes, Burges: The MNIST database of handwritten digits). Files may be gzipped or not, whatever they
are called. Nothing a file declares is believed before its length has been looked at: a damaged or hostile file gives
a `DataError`, never a huge allocation.
"""

import gzip
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from landscape.errors import DataError

IMAGE_MAGIC = 2051
LABEL_MAGIC = 2049
SIDE = 28
PIXELS = SIDE * SIDE
# More than EMNIST's digits (280,000); it bounds what a hostile file can make us unpack: 235 MB.
MOST_DIGITS = 300_000
GZIP_MAGIC = b"\x1f\x8b"
# Deflate can't do better than about 1032 to 1 (zlib's technical notes), so a small file can't hold a large one.
BEST_COMPRESSION = 1040
PIECE = 1 << 20

REMEDY = "fetch the file again with `landscape data --fetch`, or put a good copy in its place"


def read_images(path: Path) -> NDArray[np.uint8]:
    """The pictures in an IDX file as rows, (n, 784) uint8, read-only. Raises DataError for anything else."""
    with _opened(path) as (stream, longest):
        _check_magic(path, stream, IMAGE_MAGIC)
        count, rows, columns = _header(path, stream, 3)
        if (rows, columns) != (SIDE, SIDE):
            raise DataError(f"{path} holds pictures of {rows} x {columns} pixels; MNIST's are {SIDE} x {SIDE}")
        body = _body(path, stream, count, PIXELS, longest - 16)
    return body.reshape(count, PIXELS)


def read_labels(path: Path) -> NDArray[np.uint8]:
    """The labels in an IDX file, (n,) uint8 from 0 to 9, read-only. Raises DataError for anything else."""
    with _opened(path) as (stream, longest):
        _check_magic(path, stream, LABEL_MAGIC)
        (count,) = _header(path, stream, 1)
        labels = _body(path, stream, count, 1, longest - 8)
    if labels.max() > 9:
        at = int(np.argmax(labels > 9))
        raise DataError(f"{path}: label {at:,} is {labels[at]}, but digits run from 0 to 9; {REMEDY}")
    return labels


def pieces(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """What a stream holds, a piece at a time, but never more than `most` bytes of it."""
    while most > 0 and (piece := stream.read(min(PIECE, most))):
        most -= len(piece)
        yield piece


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream itself, or what is in it if it is gzipped: told by its first bytes, since names are often wrong."""
    zipped = stream.read(2) == GZIP_MAGIC
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if zipped else stream


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """The content of a file, unpacked, and the most bytes it can possibly hold; what goes wrong becomes a DataError."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            stream = unpacked(file)
            yield stream, size if stream is file else size * BEST_COMPRESSION
    except EOFError:
        raise DataError(f"{path} is cut off in the middle of its gzip data; {REMEDY}") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is damaged: its gzip data can't be unpacked ({error}); {REMEDY}") from error
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error


def _check_magic(path: Path, stream: BinaryIO, wanted: int) -> None:
    (magic,) = _header(path, stream, 1)
    if magic == wanted:
        return
    kinds = {IMAGE_MAGIC: "pictures", LABEL_MAGIC: "labels"}
    found = f"a file of {kinds[magic]}" if magic in kinds else "no IDX file of MNIST"
    raise DataError(f"{path} is {found}: it begins with {magic}, where {kinds[wanted]} begin with {wanted}; {REMEDY}")


def _header(path: Path, stream: BinaryIO, count: int) -> tuple[int, ...]:
    head = stream.read(4 * count)
    if len(head) < 4 * count:
        raise DataError(f"{path} is empty or ends inside its header; {REMEDY}")
    return struct.unpack(f">{count}I", head)


def _body(path: Path, stream: BinaryIO, count: int, width: int, longest: int) -> NDArray[np.uint8]:
    """The `count` records of `width` bytes after the header, read-only; a byte more is asked for, to notice too many."""
    if count == 0:
        raise DataError(f"{path} holds no digits; {REMEDY}")
    if count * width > longest:
        raise DataError(f"{path} declares {count:,} digits, far more than a file of its length can hold; {REMEDY}")
    if count > MOST_DIGITS:
        raise DataError(f"{path} declares {count:,} digits; at most {MOST_DIGITS:,} can be used")
    # Grown in place: a declared size is not believed, and pieces that are joined would be there twice.
    body = bytearray()
    for piece in pieces(stream, count * width + 1):
        body += piece
    if len(body) != count * width:
        found = "more" if len(body) > count * width else f"only {len(body) // width:,}"
        raise DataError(f"{path} declares {count:,} digits but holds {found}; {REMEDY}")
    records = np.frombuffer(body, np.uint8)
    records.flags.writeable = False
    return records
