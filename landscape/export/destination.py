"""Where a file goes: a name whose ending says its format, in a folder that can be written to."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from landscape.errors import RecordError


def check_destination(path: str | Path, endings: Sequence[str], what: str) -> Path:
    """The path, if its ending is one of `endings` and its folder can be written to; else RecordError.

    Asked before long work begins, so that nobody waits for a film that has nowhere to go.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise RecordError(f"{what} ends in {' or '.join(endings)}, not {path.suffix or 'nothing'}: {path}")
    if path.is_dir():
        raise RecordError(f"{path} is a folder; choose a name for {what}")
    check_folder(path.parent)
    return path


def check_folder(folder: str | Path) -> Path:
    """The folder, made if it is missing, if files can be written in it; else RecordError."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RecordError(f"{folder} can't be written to: {error.strerror or error}; choose another folder") from None
    return folder
