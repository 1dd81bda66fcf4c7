"""Fetch the full MNIST once: a generator of progress, which any mirror may fail under without harm.

A file is held in memory until its unpacked content has the right sha256; only then is it written, beside its place,
and moved there. So a broken connection, a wrong file or a cancelled download leaves nothing behind.
"""

import hashlib
import io
import os
import queue
import tempfile
import threading
import zlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from landscape.data.folder import FILES, MnistFile, cache_folder, find
from landscape.data.idx import pieces, unpacked
from landscape.errors import DataError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
TIMEOUT = (10, 20)  # seconds: to be let in, and between two pieces
CHUNK = 1 << 16  # bytes
TICK = 0.04  # seconds between two events while nothing arrives


@dataclass(frozen=True)
class FetchProgress:
    """How far the download is: bytes of the current file, and `done`, the fraction of everything.

    `total` is 0 while the mirror hasn't told the file's length. `mirror` is empty for a file that was already there.
    `done` falls back when a mirror fails and the file is begun again from the next one.
    """

    file: str
    bytes_done: int
    bytes_total: int
    done: float
    mirror: str = ""


def fetch(
    folder: str | os.PathLike[str] | None = None,
    mirrors: Sequence[str] = MIRRORS,
    files: Sequence[MnistFile] = FILES,
) -> Iterator[FetchProgress]:
    """Download MNIST's four files into a folder (the user's cache unless told) and check them by sha256.

    Yields a FetchProgress at least every 50 ms; closing the generator cancels. Files that are there and right are
    kept. Raises DataError when every mirror has failed, or the folder can't be written.
    """
    target = cache_folder() if folder is None else Path(folder).expanduser()
    try:
        target.mkdir(parents=True, exist_ok=True)
        everything = sum(file.download for file in files)
        before = 0
        for file in files:
            for done, total, mirror in _fetch_file(target, file, mirrors):
                share = min(1.0, done / (total or file.download))
                yield FetchProgress(file.name, done, total, (before + share * file.download) / everything, mirror)
            before += file.download
    except OSError as error:
        raise DataError(f"the digits can't be kept in {target}: {error}; name another folder") from error


_Progress = tuple[int, int, str]  # bytes done, bytes in all, mirror


def _fetch_file(folder: Path, file: MnistFile, mirrors: Sequence[str]) -> Iterator[_Progress]:
    if (yield from _is_there(folder, file)):
        return
    failures = []
    for mirror in mirrors:
        try:
            data = yield from _download(mirror, file)
            yield from _checked(io.BytesIO(data), file, (len(data), len(data), mirror))
        except _MirrorError as failure:
            failures.append(f"{mirror}: {failure}")
            continue
        _write(folder / f"{file.name}.gz", data)
        return
    raise DataError(
        f"{file.name} could not be downloaded ({'; '.join(failures) or 'no mirror is known'}). Try again later, or put "
        f"MNIST's four files ({', '.join(each.name for each in FILES)}, with or without .gz) into {folder} by hand"
    )


class _MirrorError(Exception):
    """Why one mirror did not do."""


def _is_there(folder: Path, file: MnistFile) -> Generator[_Progress, None, bool]:
    path = find(folder, file.name)
    if path is None:
        return False
    size = path.stat().st_size
    try:
        with path.open("rb") as stream:
            yield from _checked(stream, file, (size, size, ""))
    except _MirrorError:
        return False
    return True


def _checked(stream: BinaryIO, file: MnistFile, progress: _Progress) -> Iterator[_Progress]:
    """Compare the unpacked content with the file's sha256, reading no more than it should hold and one byte."""
    digest = hashlib.sha256()
    try:
        for piece in pieces(unpacked(stream), file.size + 1):
            digest.update(piece)
            yield progress
    except (EOFError, OSError, zlib.error) as error:
        raise _MirrorError(f"the file is damaged ({error})") from error
    if digest.hexdigest() != file.sha256:
        raise _MirrorError("the file is not MNIST's (its sha256 is another)")
    yield progress


def _download(mirror: str, file: MnistFile) -> Generator[_Progress, None, bytes]:
    """The bytes a mirror sends, received by a thread so that progress and cancelling never wait for the network."""
    url = f"{mirror.rstrip('/')}/{file.name}.gz"
    receiver = _Receiver(most=file.size + CHUNK)
    thread = threading.Thread(target=receiver.run, args=(url,), name="landscape-fetch", daemon=True)
    thread.start()
    data = bytearray()
    try:
        while True:
            yield len(data), receiver.total, mirror
            try:
                item = receiver.items.get(timeout=TICK)
            except queue.Empty:
                continue
            if item is None:
                return bytes(data)
            if isinstance(item, Exception):
                raise _MirrorError(_in_words(item)) from item
            data += item
    finally:
        receiver.stopped = True
        thread.join(timeout=TICK)  # one that waits for a silent mirror ends by itself, at the latest by its timeout


class _Receiver:
    """The file that pooch writes to: it passes every piece on to a queue, then None or the error that came.

    It is pooch's progress bar as well, since that is told the length in bytes.
    """

    def __init__(self, most: int) -> None:
        self.items: queue.SimpleQueue[bytes | Exception | None] = queue.SimpleQueue()
        self.stopped = False
        self.total = 0
        self._left = most

    def run(self, url: str) -> None:
        import pooch  # heavy, and needed by few

        try:
            download = pooch.HTTPDownloader(progressbar=self, chunk_size=CHUNK, timeout=TIMEOUT)
            download(url, self, None)
        except Exception as error:  # whatever it is, the next mirror may do better
            self.items.put(error)
        else:
            self.items.put(None)

    def write(self, piece: bytes) -> None:
        if self.stopped:
            raise _MirrorError("cancelled")
        self._left -= len(piece)
        if self._left < 0:
            raise _MirrorError("it sends more than the file should hold")
        self.items.put(piece)

    def flush(self) -> None: ...

    def update(self, count: int) -> None: ...

    def reset(self) -> None: ...

    def close(self) -> None: ...


def _in_words(error: Any) -> str:
    """One short clause for a failed request; requests' own messages are long and full of class names."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"it answers {response.status_code} {response.reason}".strip()
    if isinstance(error, _MirrorError):
        return str(error)
    return {
        "ConnectTimeout": "it does not answer",
        "ReadTimeout": "it stopped sending",
        "ChunkedEncodingError": "the connection broke off",
        "ProxyError": "the proxy can't be reached",
        "SSLError": "its certificate can't be trusted",
        "ConnectionError": "it can't be reached",
    }.get(type(error).__name__, f"{type(error).__name__}: {error}")


def _write(path: Path, data: bytes) -> None:
    """Write beside the file's place and move it there, so that it is whole or absent."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
