"""Columns as CSV, with what made them: two more columns at the end, filled in the first row only.

A line of comment before the header would be taken for the header by spreadsheets and by pandas; a column harms nobody.
"""

import csv
import json
import math
import tomllib
from pathlib import Path

from numpy.typing import NDArray

from landscape.export.provenance import Provenance

# The version of the program, and the setup as JSON on one line: `json.loads(table.setup[0])`.
ABOUT = ("version", "setup")


def write_csv(path: Path, columns: dict[str, NDArray], provenance: Provenance) -> None:
    """Write columns (n,), n ≥ 1, of numbers or words, then those of ABOUT."""
    ends: tuple[str, ...] = about(provenance)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((*columns, *ABOUT))
        for row in zip(*(_texts(values) for values in columns.values()), strict=True):
            rows.writerow((*row, *ends))
            ends = ("",) * len(ABOUT)


def about(provenance: Provenance) -> tuple[str, str]:
    """What the columns of ABOUT hold: the version, and the setup as JSON on one line."""
    setup = json.dumps(tomllib.loads(provenance.setup), ensure_ascii=False, separators=(",", ":"))
    return provenance.version, setup


def _texts(values: NDArray) -> list[str]:
    """Numbers in as few digits as give the same number back; nothing where there is none."""
    if values.dtype.kind == "f":
        return ["" if math.isnan(value) else repr(value) for value in values.tolist()]
    return [str(value) for value in values.tolist()]
