"""What the lab has found about a run, in the run's own record: saved with it, read again, and told in its diary.

`run.about["findings"]` holds the sentences that the diary tells; `run.about["lab"]` the last result of every experiment as plain
values. A run file may come from anyone, so what it holds is rebuilt field by field, and what does not fit is refused.
"""

import types
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from landscape.errors import LandscapeError, RecordError
from landscape.lab.curvature import Curvature
from landscape.lab.experiment import Experiment
from landscape.lab.experiments import EXPERIMENTS
from landscape.lab.noise import GradientNoise
from landscape.lab.race import Race
from landscape.lab.random_search import Search
from landscape.lab.rate_range import RateRange
from landscape.lab.reading import Reading
from landscape.lab.restart import Restarts
from landscape.lab.sanity import SanityChecks
from landscape.run import Run, Setup

FINDINGS, LAB = "findings", "lab"
RESULTS = (SanityChecks, RateRange, Search, Reading, GradientNoise, Restarts, Curvature, Race)
_RESULT_OF = dict(zip(EXPERIMENTS, RESULTS, strict=True))
MOST_FINDINGS = 200
MOST_NUMBERS = 100_000  # of a result that is kept whole: a run's manifest has bounds


@dataclass(frozen=True, eq=False)
class Found:
    """A result, the experiment with its settings that it came from, where it looked (words), and the seconds it took."""

    experiment: Experiment
    result: Any
    where: str = ""
    seconds: float = float("nan")

    @property
    def whole(self) -> bool:
        """Whether the experiment came to its end."""
        return bool(getattr(self.result, "done", 1.0) >= 1)


def keep_found(run: Run, found: Found) -> None:
    """Put a result into a run's record, in place of an earlier one of the same experiment; its sentences are added.

    The record on disk is brought up to date by whoever writes it next (`run.write_manifest`, `run.save`).
    """
    kind = type(found.experiment)
    part = "" if found.whole else " (cut short)"
    where = f", {found.where}" if found.where else ""
    words = found.result.summary if isinstance(found.result, Search) else str(found.result)
    tell(run, f"{kind.title}{part}{where}: {' '.join(words.split())}")
    kept = {
        "settings": found.experiment.model_dump(mode="json"),
        "result": to_plain(found.result),
        "where": found.where,
        "seconds": found.seconds if np.isfinite(found.seconds) else None,
    }
    records = dict(_records(run))
    records.pop(kind.name, None)
    if _numbers(found.result) <= MOST_NUMBERS:
        records[kind.name] = kept
    run.about[LAB] = records


def tell(run: Run, sentence: str) -> None:
    """Add a sentence to what was tried, for the diary; the same one is not told twice in a row."""
    told = run.about.get(FINDINGS, [])
    told = [told] if isinstance(told, str) else list(told) if isinstance(told, list) else []
    if not told or told[-1] != sentence:
        run.about[FINDINGS] = [*told, sentence][-MOST_FINDINGS:]


def kept_found(run: Run) -> dict[str, Found]:
    """The results in a run's record, by experiment; what is damaged or unknown there is left out."""
    found = {}
    for name, record in _records(run).items():
        try:
            found[name] = _read_found(name, record)
        except RecordError:
            continue
    return found


def _records(run: Run) -> dict[str, Any]:
    records = run.about.get(LAB, {})
    return {name: records[name] for name in EXPERIMENTS if name in records} if isinstance(records, dict) else {}


def _read_found(name: str, record: Any) -> Found:
    try:
        experiment = EXPERIMENTS[name](**record["settings"])
        result = from_plain(_RESULT_OF[name], record["result"])
        str(result)  # a result whose parts do not fit together can't say itself
        seconds = float("nan") if record["seconds"] is None else float(record["seconds"])
        return Found(experiment, result, str(record["where"])[:200], seconds)
    except (LandscapeError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RecordError(f"the result of {name} that is kept with the run is damaged: {error}") from None


def to_plain(value: Any) -> Any:
    """A result as values that JSON can hold; numbers in arrays have seven digits, None is NaN."""
    if isinstance(value, Setup):
        return value.to_toml()
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "kind": value.dtype.kind, "values": [_number(v) for v in value.ravel()]}
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): to_plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    return _number(value, exact=True) if isinstance(value, float | np.number) else value


def from_plain(kind: Any, value: Any) -> Any:
    """What `to_plain` made of a value of a kind (a type as it is annotated); ValueError or TypeError where it is not."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Setup:
        return Setup.from_toml(_checked(str, value))
    if origin is np.ndarray:
        return _array(value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: from_plain(hints[field.name], value[field.name]) for field in fields(kind)})
    if origin is dict:
        return {_checked(str, name): from_plain(arguments[1], each) for name, each in _checked(dict, value).items()}
    if origin is tuple:
        values = _checked(list, value)
        kinds = [arguments[0]] * len(values) if arguments[1:] == (...,) else list(arguments)
        return tuple(from_plain(one, each) for one, each in zip(kinds, values, strict=True))
    if origin in (Union, types.UnionType):
        return None if value is None else from_plain(arguments[0], value)
    if kind is float:
        return float("nan") if value is None else float(_checked((int, float), value))
    return _checked(kind, value)


def _number(value: Any, exact: bool = False) -> Any:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return None if not np.isfinite(value) else float(value) if exact else float(f"{value:.7g}")


def _array(value: dict[str, Any]) -> np.ndarray:
    kinds: dict[str, Any] = {"f": np.float64, "i": np.int64, "b": np.bool_}
    shape = [int(_checked(int, side)) for side in value["shape"]]
    values = _checked(list, value["values"])
    if len(values) > MOST_NUMBERS or any(side < 0 for side in shape):
        raise ValueError(f"an array of shape {shape} with {len(values):,} numbers is none of a result's")
    numbers = [float("nan") if number is None else _checked((int, float, bool), number) for number in values]
    array: np.ndarray = np.array(numbers, kinds[value["kind"]]).reshape(shape)
    array.flags.writeable = False
    return array


def _checked(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} is not of the kind that belongs there")
    return value


def _numbers(value: Any) -> int:
    """How many numbers the arrays of a result hold."""
    if isinstance(value, np.ndarray):
        return int(value.size)
    if is_dataclass(value):
        return sum(_numbers(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return sum(map(_numbers, value.values()))
    return sum(map(_numbers, value)) if isinstance(value, tuple | list) else 0
