"""Files that are there whole or not at all, also after a crash, a full disk or a kill."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from landscape.errors import RecordError


def written_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place, bring it to the disk, and only then give it its name: whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
