"""Pickles read without running them: arrays, numbers, texts and plain containers come out, everything else is refused by name.

A pickle is a program, and its reader runs it: whatever it names it can call. So nothing that it names is looked up here.
A few names, by which numpy's arrays and numbers are written, lead to small stand-ins of this module; classes of the
pickle's author become namesakes, which hold an object's attributes and can do nothing; a name of Python's own library, and
any call of another name, ends the reading. Every opcode and declared size is checked before the first one is obeyed.
"""

import io
import pickle
import pickletools
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from landscape.model.layers import RefusedError, printable

MOST_OPERATIONS = 2_000_000
_FORBIDDEN = {"PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
_NUMBERS = {f"{kind}{size}" for kind in "fiu" for size in (1, 2, 4, 8)} - {"f1"} | {"b1"}


class Array:
    """Stands for numpy's array while a pickle is read; `value` is the array that its state describes."""

    value: NDArray

    def __setstate__(self, state: Any) -> None:
        shape, dtype, fortran, content = state[-4:]
        self.value = _filled(content, dtype, shape, "F" if fortran else "C")


class Namesake:
    """Stands for an object of a class that is not imported: its attributes, nothing more."""

    def __new__(cls, *_: Any) -> "Namesake":
        return object.__new__(cls)


class _Uncallable(type):
    """The type of namesakes' classes: to call one is refused by name."""

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        _refuse(f"{cls.__module__}.{cls.__name__}")


class _Call:
    """Stands before a function or class of this module, so that a pickle, which may set attributes, can't get at its own."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)


class _NumberType:
    """Stands for numpy's dtype: plain numbers only."""

    def __init__(self, code: str, *_: Any) -> None:
        if code not in _NUMBERS:
            raise RefusedError(f"holds an array of something else than numbers ({printable(str(code))})")
        self.code, self.order = code, "<"

    def __setstate__(self, state: Any) -> None:
        _, order, fields, base, names = state[:5]
        if order not in ("<", ">", "|", "=") or not fields is base is names is None:
            raise RefusedError("holds an array of something else than numbers")
        self.order = order

    @property
    def dtype(self) -> np.dtype:
        """The type of number."""
        return np.dtype(self.code).newbyteorder(self.order)  # type: ignore[arg-type]


def loaded(content: bytes) -> Any:
    """What a pickle holds. Raises RefusedError, naming what it asks for, or what the format's readers raise on damage."""
    _check_operations(content)
    return _Reader(io.BytesIO(content), encoding="latin1").load()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A stand-in for whatever is asked for; nothing is imported."""
        admitted = _ADMITTED.get((module.replace("numpy.core", "numpy._core"), name))
        if admitted is not None:
            return _Call(admitted)
        root = module.partition(".")[0]
        if root in _LIBRARIES or root in sys.stdlib_module_names or "." in name:
            _refuse(f"{module}.{name}")
        # Classes and functions look alike here; the one can be filled with attributes, a call of the other is refused.
        return _Uncallable(name, (Namesake,), {"__module__": module})


def _refuse(what: str) -> NoReturn:
    raise RefusedError(
        f"asks for {printable(what)}, which is neither a plain array nor a number; a pickle can run any program, so it was not "
        "opened: ask for the model as .safetensors or .npz"
    )


def _check_operations(content: bytes) -> None:
    """Every opcode is known and harmless, declares no more than there is, and remembers no more than there are."""
    for count, (opcode, argument, _) in enumerate(pickletools.genops(content), start=1):
        if opcode.name in _FORBIDDEN:
            raise RefusedError(f"uses the pickle opcode {opcode.name}, which plain arrays have no need of")
        if count > MOST_OPERATIONS or ("PUT" in opcode.name and int(argument or 0) > MOST_OPERATIONS):
            raise RefusedError(
                f"takes more than {MOST_OPERATIONS:,} steps to read; ask for the model as .safetensors or .npz"
            )


def _filled(content: Any, kind: Any, shape: Any, order: str) -> NDArray:
    """An array (shape) out of bytes; in Python 2's pickles bytes are texts."""
    if not isinstance(kind, _NumberType) or not isinstance(content, bytes | bytearray | str):
        raise RefusedError("holds an array of something else than numbers")
    raw = content.encode("latin1") if isinstance(content, str) else bytes(content)
    whole = isinstance(shape, tuple) and all(isinstance(side, int) and side >= 0 for side in shape)
    # In Python's own integers: a product of giant sizes must not wrap around.
    if not whole or order not in ("C", "F") or int(np.prod(shape, dtype=object)) * kind.dtype.itemsize != len(raw):
        raise RefusedError("declares another size for an array than it has")
    return np.frombuffer(raw, kind.dtype).reshape(shape, order=order)  # type: ignore[call-overload]


def _reconstruct(*_: Any) -> Array:
    return Array()


def _scalar(kind: Any, content: Any) -> Any:
    return _filled(content, kind, (), "C").item()


def _from_buffer(content: Any, kind: Any, shape: Any, order: Any, *_: Any) -> Array:
    array = Array()
    array.value = _filled(content, kind, shape, order)
    return array


def _encode(text: Any, encoding: Any = "latin1", *_: Any) -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        _refuse("_codecs.encode")
    return text.encode("latin1")


def _object(kind: Any, *_: Any) -> Namesake:
    if not isinstance(kind, _Uncallable):
        _refuse("copyreg._reconstructor")
    return Namesake.__new__(kind)  # type: ignore[arg-type]


_ADMITTED: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "scalar"): _scalar,
    ("numpy._core.numeric", "_frombuffer"): _from_buffer,
    ("numpy", "ndarray"): _reconstruct,
    ("numpy", "dtype"): _NumberType,
    ("_codecs", "encode"): _encode,
    ("collections", "OrderedDict"): OrderedDict,
    ("copy_reg", "_reconstructor"): _object,
    ("copyreg", "_reconstructor"): _object,
    ("__builtin__", "object"): object,
    ("builtins", "object"): object,
}
# Beside Python's own library of today: that of yesterday, and packages whose classes no model of a class needs.
_LIBRARIES = {"__builtin__", "builtins", "copy_reg", "commands", "numpy", "scipy", "torch", "landscape", "nt", "posix"}
