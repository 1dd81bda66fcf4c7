"""Files that are there whole or not at all, also after a crash, a full disk or a kill."""

import contextlib
import glob
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from landscape.errors import RecordError

# In the names of files that are not whole yet, and how long after nobody writes to them any more.
PARTIAL = ".partial-"
ABANDONED = 3600.0  # seconds


def written_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place, bring it to the disk, and only then give it its name: whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}{PARTIAL}", suffix=path.suffix)
        os.close(handle)
        partial = Path(name)
        try:
            write(partial)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            partial.chmod(0o666 & ~_umask())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(f"{path} can't be written: {error.strerror or error}; choose another folder") from None


def _sweep(path: Path) -> None:
    """Remove what a program that was killed while it wrote this file has left behind."""
    for left in path.parent.glob(f".{glob.escape(path.stem + PARTIAL)}*"):
        with contextlib.suppress(OSError):  # somebody else was quicker, or may and we may not
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
