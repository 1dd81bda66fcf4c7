"""Models as npz: the arrays W1, b1, … and the facts as JSON text under `about`. A PyTorch state_dict is read as well.

Read without numpy's own npz reader, which takes a declared size at its word: here an array must declare just as many bytes as
its member has, before memory is set aside for it.
"""

import json
import math
import zipfile
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from landscape.model.layers import MOST_BYTES, MOST_LAYERS, Layers, RefusedError, layers_of_arrays, printable, texts

# Weights hardly shrink; zeros shrink a thousandfold, and so does a bomb.
MOST_EXPANSION = 200


def write(path: Path, layers: Layers, facts: dict[str, str]) -> None:
    """Write layers, matrices (n_in, n_out), and facts."""
    arrays: dict[str, NDArray] = {}
    for number, (W, b) in enumerate(zip(layers.weights, layers.biases, strict=True), start=1):
        arrays |= {f"W{number}": W, f"b{number}": b}
    with path.open("wb") as file:
        np.savez(file, **arrays, about=np.array(json.dumps(facts)))  # type: ignore[arg-type]


def read(path: Path) -> tuple[Layers, dict[str, str]]:
    """Read layers and facts."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > 4 * MOST_LAYERS or len({member.filename for member in members}) < len(members):
            raise RefusedError("holds too many members, or two of the same name: that is no model")
        for member in members:
            if not member.filename.endswith(".npy") or "/" in member.filename or "\\" in member.filename:
                raise RefusedError(f"holds {printable(member.filename)}, which is no plain array")
        total = sum(member.file_size for member in members)
        if total > min(MOST_BYTES, MOST_EXPANSION * path.stat().st_size):
            raise RefusedError(f"would unpack to {total:,} bytes: that is no model of this program")
        for member in members:
            arrays[member.filename.removesuffix(".npy")] = _array(archive, member)
    about = arrays.pop("about", None)
    facts = {} if about is None else texts(json.loads(str(about)))
    return layers_of_arrays(arrays), facts


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray:
    with archive.open(member) as file:
        shape, fortran, dtype = declared(file, member.filename, member.file_size)
        content = file.read()
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def declared(file: IO[bytes], name: str, size: int, growing: bool = False) -> tuple[tuple[int, ...], bool, np.dtype]:
    """What the .npy file of so many bytes says it holds: shape, whether in Fortran's order, and type; left at the first number.

    Raises RefusedError for anything but plain numbers or text, and where another size is declared than there is; a file that
    is `growing` may have more.
    """
    if np.lib.format.read_magic(file) != (1, 0):  # what numpy writes for all that has a place here
        raise RefusedError(f"holds {printable(name)} in a version of the format that has no place here")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject or dtype.kind not in "fiubU":
        raise RefusedError(f"holds Python objects or the like as {printable(name)}; numbers are wanted")
    # In Python's own integers: a product of giant sizes must not wrap around.
    there, said = size - file.tell(), math.prod(shape) * dtype.itemsize
    if any(side < 0 for side in shape) or said > there or (said < there and not growing):
        raise RefusedError(f"declares another size for {printable(name)} than it has")
    return shape, fortran, dtype
