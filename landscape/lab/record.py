"""What the lab has found about a run: kept beside it, saved with it, read again, and told in its diary.

The last result of every experiment is a file of JSON in the run's folder, and so in its file: plain values, long arrays as
bytes. It is written whole or not at all, also now and then while a long experiment works, and holds all that is needed to go
on with one that was cut short. The command line keeps the same file where it is told to. It may come from anyone, so a
result is rebuilt field by field, and what does not fit is refused. `run.about["findings"]` holds the sentences for the diary.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from landscape.errors import LandscapeError, RecordError
from landscape.lab.curvature import Curvature
from landscape.lab.experiment import Experiment, Specimen
from landscape.lab.experiments import EXPERIMENTS
from landscape.lab.noise import GradientNoise
from landscape.lab.plain import from_plain, to_plain
from landscape.lab.race import Race
from landscape.lab.random_search import Search
from landscape.lab.rate_range import RateRange
from landscape.lab.reading import Reading
from landscape.lab.restart import Restarts
from landscape.lab.ruler import Ruler
from landscape.lab.sanity import SanityChecks
from landscape.run import Run
from landscape.run.archive import LAB_RECORD, MOST_RECORD
from landscape.writing import written_whole

FINDINGS = "findings"
FORMAT = 1
RESULTS = (SanityChecks, RateRange, Search, Reading, GradientNoise, Restarts, Curvature, Race, Ruler)
_RESULT_OF = dict(zip(EXPERIMENTS, RESULTS, strict=True))
MOST_FINDINGS = 200
KEPT_EVERY = 10.0  # seconds between two records of a result that grows


@dataclass(frozen=True, eq=False)
class Found:
    """A result, the experiment with its settings that it came from, where it looked (words), and the seconds it took.

    `of` is the identity of what it looked at: a result goes on with the very same only.
    """

    experiment: Experiment
    result: Any
    where: str = ""
    seconds: float = float("nan")
    of: str = field(default="", repr=False)

    @property
    def whole(self) -> bool:
        """Whether the experiment came to its end."""
        return bool(getattr(self.result, "done", 1.0) >= 1)

    def goes_on(self, experiment: Experiment, specimen: Specimen) -> bool:
        """Whether it was cut short and an experiment on a specimen can go on with it."""
        return (
            experiment.resumes
            and not self.whole
            and self.experiment == experiment
            and self.of == specimen.identity(experiment.of_run)
        )


def working(
    experiment: Experiment, specimen: Specimen, path: Path | None, before: Found | None = None
) -> Iterator[Any]:
    """The experiment's results, which are kept in a file: every now and then, and when it ends or is closed.

    Where the file's folder has gone, as that of a run may, nothing is kept.
    """
    last, begun = None, time.monotonic()
    spent = before.seconds if before is not None and before.seconds == before.seconds else 0.0
    identity, kept = specimen.identity(experiment.of_run), begun
    where = specimen.where if experiment.of_run else ""

    def keep() -> None:
        if last is not None and path is not None and path.parent.is_dir():
            write_found(path, Found(experiment, last, where, spent + time.monotonic() - begun, identity))

    try:
        for last in experiment.work(specimen, before.result if before is not None else None):
            yield last
            if time.monotonic() - kept > KEPT_EVERY:
                keep()
                kept = time.monotonic()
    finally:
        keep()


def record_of(run: Run, name: str) -> Path:
    """Where the last result of an experiment is kept with a run."""
    return run.folder / LAB_RECORD.format(name)


def keep_found(run: Run, found: Found) -> None:
    """Keep a result with a run, in place of an earlier one of the same experiment; its sentences are added.

    The sentences come to the disk with the run's manifest (`run.write_manifest`, `run.save`).
    """
    tell_found(run, found)
    write_found(record_of(run, type(found.experiment).name), found)


def tell_found(run: Run, found: Found) -> None:
    """Add what an experiment found to what was tried."""
    part = "" if found.whole else " (cut short)"
    where = f", {found.where}" if found.where else ""
    words = found.result.summary if isinstance(found.result, Search) else str(found.result)
    tell(run, f"{type(found.experiment).title}{part}{where}: {' '.join(words.split())}")


def tell(run: Run, sentence: str) -> None:
    """Add a sentence to what was tried, for the diary; the same one is not told twice in a row."""
    told = run.about.get(FINDINGS, [])
    told = [told] if isinstance(told, str) else list(told) if isinstance(told, list) else []
    if not told or told[-1] != sentence:
        run.about[FINDINGS] = [*told, sentence][-MOST_FINDINGS:]


def kept_found(run: Run) -> dict[str, Found]:
    """The results that are kept with a run, by experiment; what is damaged there is left out."""
    found = {}
    for name in EXPERIMENTS:
        try:
            kept = read_found(record_of(run, name))
        except RecordError:
            continue
        if kept is not None and type(kept.experiment).name == name:
            found[name] = kept
    return found


def write_found(path: Path, found: Found) -> None:
    """Write a result to a file; one that is too large to be read again has its file taken away instead."""
    text = json.dumps(
        {
            "format": FORMAT,
            "experiment": type(found.experiment).name,
            "settings": found.experiment.model_dump(mode="json"),
            "result": to_plain(found.result),
            "where": found.where,
            "seconds": found.seconds if np.isfinite(found.seconds) else None,
            "of": found.of,
        },
        ensure_ascii=True,  # so that there are as many bytes as letters
    )
    if len(text) > MOST_RECORD:
        path.unlink(missing_ok=True)
        return
    written_whole(path, lambda partial: _write(partial, text))


def read_found(path: Path) -> Found | None:
    """The result in a file; None if there is no file. RecordError for anything that is no result of the lab."""
    try:
        if not path.exists():
            return None
        if path.is_dir() or path.stat().st_size > MOST_RECORD:
            raise RecordError(f"{path} is no result of the lab; choose another name")
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] > FORMAT:
            raise RecordError(f"{path} was written by a newer version; update the program to go on with it")
        name = record["experiment"]
        experiment = EXPERIMENTS[name](**record["settings"])
        result = from_plain(_RESULT_OF[name], record["result"])
        str(result)  # a result whose parts do not fit together can't say itself
        seconds = float("nan") if record["seconds"] is None else float(record["seconds"])
        return Found(experiment, result, str(record["where"])[:200], seconds, str(record["of"])[:64])
    except OSError as error:
        raise RecordError(f"{path} can't be read: {error.strerror or error}") from None
    except RecordError:
        raise
    except (
        LandscapeError, ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError,
    ) as error:  # fmt: skip
        reason = " ".join(str(error).split())[:200]
        raise RecordError(f"{path} is no whole result of the lab ({reason}); choose another name") from None


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
