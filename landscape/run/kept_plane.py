"""Planes kept with a run: by the seed and choice that they came from, and by their vectors, so that they outlast both.

In the run's folder, and so in its file, they are `planes.json`, which says what each is, and one array a plane,
`kept_plane_00.npy` and on, (3, P): origin, u, v. A plane's array is complete before the list names it, so that a program cut off
at any moment leaves the old list or the new one.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from landscape.errors import RecordError, SetupError
from landscape.plane import Plane
from landscape.run.run import Run
from landscape.writing import written_whole

FORMAT = 1
MOST_PLANES = 32
LONGEST_TEXT = 200
LONGEST_LIST = 2**20  # bytes
LIST = "planes.json"
ARRAYS = tuple(f"kept_plane_{slot:02d}.npy" for slot in range(MOST_PLANES))
# What a run's file may hold of them.
MEMBERS = (LIST, *ARRAYS)


@dataclass(frozen=True, eq=False)
class KeptPlane:
    """A plane under a name of its own, and the choice (see PLANES), seed and start that it came from.

    `extent` is the window of it that was shown: ranges of a and b.
    """

    name: str
    plane: Plane
    choice: str = "custom"
    seed: int = 0
    start: int = 0
    extent: tuple[tuple[float, float], tuple[float, float]] | None = None
    slot: int = field(default=-1, repr=False)

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_TEXT or not self.name.isprintable():
            raise SetupError(
                f"a kept plane needs a name of 1 to {LONGEST_TEXT} printable characters, not {self.name!r}"
            )


def kept_planes(run: Run) -> tuple[KeptPlane, ...]:
    """The planes kept with a run, in the order in which they were kept; raises RecordError for damaged ones."""
    path = run.folder / LIST
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > LONGEST_LIST:
            raise RecordError(
                "the list of planes kept with the run is longer than 1 MiB: it was not written by this program"
            )
        listed = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(listed, dict) or not isinstance(listed.get("format"), int):
            raise RecordError("the list of planes kept with the run is damaged")
        if listed["format"] > FORMAT:
            raise RecordError(
                f"the planes kept with the run were written by a newer version (format {listed['format']}, this program "
                f"reads up to {FORMAT}); update the program to open them"
            )
        if len(listed["planes"]) > MOST_PLANES:
            raise RecordError(
                f"the run lists {len(listed['planes'])} kept planes, but there can be {MOST_PLANES} at most"
            )
        planes = tuple(_read(run, record) for record in listed["planes"])
        if len({kept.name for kept in planes}) < len(planes):
            raise RecordError("two planes kept with the run have the same name")
    except OSError as error:
        raise RecordError(f"a plane kept with the run can't be read: {error.strerror or error}") from None
    except SetupError as error:
        raise RecordError(f"a plane kept with the run is damaged: {error}") from None
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, EOFError, RecursionError) as error:
        # numpy's own words on a file that is no plain array end in advice to run what is in it
        reason = "its array is not a plain array" if "pickle" in str(error) else error
        raise RecordError(f"a plane kept with the run is damaged: {reason}") from None
    return planes


def keep_plane(run: Run, kept: KeptPlane) -> KeptPlane:
    """Keep a plane with a run, in place of one of the same name; returns it as it was kept."""
    if kept.plane.P != run.net.P:
        raise SetupError(f"the plane has {kept.plane.P:,} parameters, but the run's networks have {run.net.P:,}")
    others = [other for other in kept_planes(run) if other.name != kept.name]
    taken = {other.slot for other in kept_planes(run)}  # its own old array too: the list names it until it is replaced
    free = [slot for slot in range(MOST_PLANES) if slot not in taken]
    if not free:
        raise SetupError(f"a run keeps {MOST_PLANES} planes at most: forget one first")
    fresh = KeptPlane(kept.name, kept.plane, kept.choice, kept.seed, kept.start, kept.extent, free[0])
    vectors = np.stack([kept.plane.origin, kept.plane.u, kept.plane.v])

    def write(partial: Path) -> None:
        with partial.open("wb") as file:
            np.save(file, vectors)

    written_whole(run.folder / ARRAYS[fresh.slot], write)
    _write_list(run, [*others, fresh])
    return fresh


def forget_plane(run: Run, name: str) -> None:
    """Keep a plane no longer; raises SetupError if there is none of that name."""
    kept = kept_planes(run)
    gone = [each for each in kept if each.name == name]
    if not gone:
        raise SetupError(f"no plane named {name!r} is kept with this run")
    _write_list(run, [each for each in kept if each.name != name])
    (run.folder / ARRAYS[gone[0].slot]).unlink(missing_ok=True)


def _write_list(run: Run, planes: list[KeptPlane]) -> None:
    records = [
        {
            "name": kept.name,
            "slot": kept.slot,
            "kind": kept.plane.kind,
            "labels": [label[:LONGEST_TEXT] for label in kept.plane.labels],
            "facts": kept.plane.facts,
            "choice": kept.choice,
            "seed": kept.seed,
            "start": kept.start,
            "extent": kept.extent,
        }
        for kept in planes
    ]
    text = json.dumps({"format": FORMAT, "planes": records}, indent=1)

    def write(partial: Path) -> None:
        partial.write_text(text, encoding="utf-8")

    written_whole(run.folder / LIST, write)


def _read(run: Run, record: dict[str, Any]) -> KeptPlane:
    slot, seed, start = (_whole(record[name]) for name in ("slot", "seed", "start"))
    if slot >= MOST_PLANES:
        raise ValueError(f"it has the number {slot}")
    vectors = np.load(run.folder / ARRAYS[slot], mmap_mode="r", allow_pickle=False)
    if vectors.shape != (3, run.net.P) or vectors.dtype not in (np.float32, np.float64):
        raise ValueError(f"its array is {vectors.dtype} of shape {vectors.shape}, not (3, {run.net.P:,})")
    first, second = (_text(label) for label in record["labels"])
    facts = {_text(name): float(value) for name, value in record["facts"].items()}
    origin, u, v = np.array(vectors)
    plane = Plane(origin, u, v, _text(record["kind"]), (first, second), facts)
    return KeptPlane(
        _text(record["name"]), plane, _text(record["choice"]), seed, start, _extent(record["extent"]), slot
    )


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError(f"{value!r} is not a whole number from 0 up")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"a word is missing or longer than {LONGEST_TEXT} characters")
    return value


def _extent(value: Any) -> tuple[tuple[float, float], tuple[float, float]] | None:
    if value is None:
        return None
    (a0, a1), (b0, b1) = value
    sides = [float(side) for side in (a0, a1, b0, b1)]
    if not np.isfinite(sides).all() or sides[0] >= sides[1] or sides[2] >= sides[3]:
        raise ValueError(f"its extent {value} is no window")
    return (sides[0], sides[1]), (sides[2], sides[3])
