"""Models as pickles: written as a plain dict of arrays; read, whatever a classmate's program has put in, without running it.

A network is recognised in a dict of arrays (W1, b1, … or a PyTorch state_dict), in lists of weights and biases, in layers one by
one, and in the attributes of an object, whose class is not needed.
"""

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.model.layers import COST_NAMES, MOST_LAYERS, Layers, RefusedError, is_parameter, layers_of_arrays, texts
from landscape.model.plain_pickle import Array, Namesake, loaded

# Protocol 4 is read by every Python from 3.4 on.
PROTOCOL = 4
# Numbers in lists take Python's time and memory, not numpy's.
MOST_LISTED = 2**22
_WEIGHTS = ("weights", "W", "w", "Ws", "weight_matrices")
_BIASES = ("biases", "b", "bs", "bias", "bias_vectors")
_INSIDE = ("model", "network", "net", "state_dict", "parameters", "params", "layers")


def write(path: Path, layers: Layers, facts: dict[str, str]) -> None:
    """Write layers, matrices (n_in, n_out), and facts, as a dict of lists, texts and arrays."""
    content = {
        "sizes": json.loads(facts["sizes"]),
        "weights": [np.ascontiguousarray(W) for W in layers.weights],
        "biases": [np.ascontiguousarray(b) for b in layers.biases],
        "activation": facts["activation"],
        "cost": facts["cost"],
        "about": facts,
    }
    with path.open("wb") as file:
        pickle.dump(content, file, PROTOCOL)


def read(path: Path) -> tuple[Layers, dict[str, str]]:
    """Read layers and facts."""
    return _network(loaded(path.read_bytes()))


def _network(value: Any, depth: int = 0) -> tuple[Layers, dict[str, str]]:
    if isinstance(value, Namesake):
        value = vars(value)
    if isinstance(value, list | tuple):
        return _layer_list(value), {}
    if not isinstance(value, dict):
        raise RefusedError(f"holds {_kind(value)}: no network is recognised in that")
    named = {name: part for name, part in value.items() if isinstance(name, str)}
    weights, biases = (next((named[name] for name in names if name in named), None) for names in (_WEIGHTS, _BIASES))
    if isinstance(weights, list | tuple) and isinstance(biases, list | tuple):
        return _listed(weights, biases, _facts(named))
    inside = next((named[name] for name in _INSIDE if name in named), None)
    if inside is not None and depth < 3:
        layers, facts = _network(inside, depth + 1)
        return layers, _facts(named) | facts
    arrays = {name: _array(part) for name, part in named.items() if is_parameter(name)}
    return layers_of_arrays(arrays), _facts(named)


def _listed(weights: Any, biases: Any, facts: dict[str, str]) -> tuple[Layers, dict[str, str]]:
    matrices, vectors = _arrays(weights), _arrays(biases)
    # Biases as columns are Nielsen's: his matrices are (n_out, n_in), his hidden neurons sigmoid.
    his = all(b.ndim == 2 and b.shape[1] == 1 for b in vectors)
    return Layers(matrices, vectors, turned=his), (
        {"activation": "sigmoid", "cost": "quadratic"} if his else {}
    ) | facts


def _layer_list(value: Any) -> Layers:
    """[weights, biases], [W1, b1, W2, b2, …], or layers one by one, each with a matrix and a vector."""
    if len(value) > 2 * MOST_LAYERS:
        raise RefusedError(f"holds a list of {len(value):,} things: no network is recognised in that")
    if len(value) == 2 and all(isinstance(part, list | tuple) for part in value):
        first, second = (_arrays(part) for part in value)
        if all(W.ndim == 2 and 1 not in W.shape for W in first) or all(b.ndim == 1 for b in second):
            return Layers(first, second)
    arrays = [array for part in value for array in _of_layer(part)]
    return Layers(arrays[::2], arrays[1::2])


def _of_layer(part: Any) -> Iterator[NDArray]:
    """The arrays of one entry: itself, or the matrix and the vector of a layer."""
    if isinstance(part, Array):
        yield part.value
        return
    values = vars(part) if isinstance(part, Namesake) else part
    values = list(values.values()) if isinstance(values, dict) else values
    if not isinstance(values, list | tuple):
        raise RefusedError(f"holds {_kind(part)} as a layer: no network is recognised in that")
    arrays = [array.value for array in values if isinstance(array, Array)]
    yield from sorted(arrays, key=lambda array: -array.ndim)


def _facts(named: dict[str, Any]) -> dict[str, str]:
    """What a dict or an object says about itself, as far as it is understood."""
    facts = texts(named["about"]) if isinstance(named.get("about"), dict) else {}
    sizes = named.get("sizes")
    if isinstance(sizes, list | tuple) and len(sizes) <= MOST_LAYERS + 1:
        facts["sizes"] = json.dumps([size for size in sizes if isinstance(size, int)])
    for name in ("activation", "cost"):
        word = named.get(name)
        word = word.__name__ if isinstance(word, type) else type(word).__name__ if isinstance(word, Namesake) else word
        if isinstance(word, str):  # Nielsen's networks hold their cost as a class
            facts[name] = COST_NAMES.get(word.lower(), word)
    return facts


def _arrays(values: Any) -> list[NDArray]:
    if len(values) > MOST_LAYERS:
        raise RefusedError(f"holds a list of {len(values):,} things in place of the layers' arrays")
    return [_array(value) for value in values]


def _array(value: Any) -> NDArray:
    """An array, or a list of numbers or of rows of numbers as one. A row may stand in it a million times: counted first."""
    if isinstance(value, Array):
        return value.value
    if not isinstance(value, list | tuple):
        raise RefusedError(f"holds {_kind(value)} where an array is wanted")
    rows = [row.value if isinstance(row, Array) else row for row in value]
    if sum(map(_length, rows)) > MOST_LISTED:
        raise RefusedError(
            "would grow to more numbers than a list of them may have; ask for the model as .safetensors or .npz"
        )
    for row in rows:
        inner = (
            row if isinstance(row, list | tuple) else () if isinstance(row, np.ndarray) and row.ndim == 1 else (row,)
        )
        if not all(isinstance(number, int | float) for number in inner):
            raise RefusedError("holds a list of something else than numbers where an array is wanted")
    return np.array(rows, np.float64)


def _length(row: Any) -> int:
    if isinstance(row, np.ndarray):
        return row.size
    return len(row) if isinstance(row, list | tuple) else 1


def _kind(value: Any) -> str:
    return "an array" if isinstance(value, Array) else f"a value of type {type(value).__name__}"
