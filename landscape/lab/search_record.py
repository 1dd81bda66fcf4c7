"""The record of a search: a file of JSON lines, the search's own settings first, then a line for every finished trial.

Lines are only ever added, so a search that is cut short, even in the middle of a line, goes on after its last whole trial.
"""

import json
from pathlib import Path
from typing import Any

from landscape.errors import RecordError
from landscape.writing import written_whole

MOST_BYTES = 50_000_000


def opened_record(path: Path, settings: dict[str, Any], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """The trials (with these fields) that a file of the same search holds already; a missing file is begun."""
    try:
        lines = _lines(path) if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"the search {path} can't be read: {getattr(error, 'strerror', None) or error}") from None
    rows = [_row(line) for line in lines]
    if rows and (rows[0] is None or rows[0].get("search") != json.loads(json.dumps(settings))):
        raise RecordError(
            f"{path} holds something other than this very search; choose another file, or the same settings"
        )
    trials: list[dict[str, Any]] = []
    for row in rows[1:]:
        if row is None or set(row) != set(fields):
            break
        trials.append(row)
    whole = [json.dumps(row, ensure_ascii=False) for row in [{"search": settings}, *trials]]
    written_whole(path, lambda partial: _write(partial, "\n".join(whole) + "\n"))
    return trials


def add_trial(path: Path, trial: dict[str, Any]) -> None:
    """Add a finished trial to the file."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trial) + "\n")
    except OSError as error:
        raise RecordError(
            f"the search {path} can't be written: {error.strerror or error}; choose another file"
        ) from None


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _lines(path: Path) -> list[str]:
    if path.is_dir() or path.stat().st_size > MOST_BYTES:
        raise RecordError(f"{path} is no file of a search; choose another name")
    return path.read_text(encoding="utf-8").splitlines()


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
