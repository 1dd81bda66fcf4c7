"""Results as values that JSON can hold, exactly, and back; what comes from a file is checked field by field."""

import base64
import types
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from landscape.run import Setup

LISTED = 4096  # arrays of more numbers are their bytes
DTYPES = ("<f4", "<f8", "<i8", "|b1")


def to_plain(value: Any) -> Any:
    """A result as plain values; None is NaN."""
    if isinstance(value, Setup):
        return value.to_toml()
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): to_plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    return _number(value) if isinstance(value, float | np.number | np.bool_) else value


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


def _number(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return float(value) if np.isfinite(value) else None


def _plain_array(array: np.ndarray) -> dict[str, Any]:
    dtype = array.dtype.newbyteorder("<").str
    shape = list(array.shape)
    if array.size <= LISTED:
        return {"shape": shape, "dtype": dtype, "values": [_number(value) for value in array.ravel()]}
    content = np.ascontiguousarray(array, dtype).tobytes()
    return {"shape": shape, "dtype": dtype, "bytes": base64.b64encode(content).decode()}


def _array(value: dict[str, Any]) -> np.ndarray:
    shape, dtype = [_checked(int, side) for side in value["shape"]], value["dtype"]
    if dtype not in DTYPES or any(side < 0 for side in shape) or len(shape) > 8:
        raise ValueError(f"an array of shape {shape} and type {dtype!r:.20} is none of a result's")
    if "bytes" in value:
        array = np.frombuffer(base64.b64decode(_checked(str, value["bytes"]), validate=True), dtype).reshape(shape)
    else:
        values = _checked(list, value["values"])
        numbers = [float("nan") if number is None else _checked((int, float, bool), number) for number in values]
        array = np.array(numbers, dtype).reshape(shape)
    array.flags.writeable = False
    return array


def _checked(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} is not of the kind that belongs there")
    return value
