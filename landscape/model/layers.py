"""Layers found in a file become a network: which array is which, and which way round its matrices stand."""

import hashlib
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network

# Far more than any model made here (67 million parameters); a file that declares more is damaged or hostile.
MOST_BYTES = 2**28
MOST_LAYERS = 64

_WEIGHTS = re.compile(r"(?:w|weights?)[_.]?(\d{1,4})", re.IGNORECASE)
_BIASES = re.compile(r"(?:b|bias|biases)[_.]?(\d{1,4})", re.IGNORECASE)
# Names in other people's files. Nielsen's cross-entropy is that of sigmoid outputs (his chapter 3).
COST_NAMES = {"crossentropycost": "binary_cross_entropy", "quadraticcost": "quadratic"}


class RefusedError(ValueError):
    """Why a file holds no model; the rest of a sentence that begins with the file's name."""


@dataclass(frozen=True, eq=False)
class Layers:
    """Weight matrices and bias vectors in order. `turned`: the matrices are thought to be (n_out, n_in), as in PyTorch."""

    weights: Sequence[NDArray]
    biases: Sequence[NDArray]
    turned: bool = False


def layers_of_arrays(arrays: Mapping[str, NDArray]) -> Layers:
    """The layers in named arrays: W1, b1, W2, … (n_in, n_out), or a PyTorch state_dict: 0.weight (n_out, n_in), 0.bias, …"""
    weights = _numbered(arrays, _WEIGHTS)
    if weights:
        biases = _numbered(arrays, _BIASES)
        first = min(weights)
        for number in range(min(first, 1), max(*weights, *biases, first) + 1):
            for letter, found in (("W", weights), ("b", biases)):
                if number not in found:
                    raise RefusedError(f"has no array {letter}{number}")
        return Layers([weights[number] for number in sorted(weights)], [biases[number] for number in sorted(biases)])
    if any(name.endswith(".weight") for name in arrays):
        return _state_dict(arrays)
    named = ", ".join(map(printable, itertools.islice(arrays, 4))) or "nothing"
    raise RefusedError(f"holds no network: arrays W1, b1, … or 0.weight, 0.bias, … are wanted, but it has {named}")


def is_parameter(name: str) -> bool:
    """Whether an array of that name is one of a network's."""
    numbered = any(pattern.fullmatch(name) for pattern in (_WEIGHTS, _BIASES))
    return numbered or name.endswith((".weight", ".bias"))


def _numbered(arrays: Mapping[str, NDArray], pattern: re.Pattern[str]) -> dict[int, NDArray]:
    matches = {name: pattern.fullmatch(name) for name in arrays}
    return {int(match[1]): arrays[name] for name, match in matches.items() if match}


def _state_dict(arrays: Mapping[str, NDArray]) -> Layers:
    layers = [name.removesuffix(".weight") for name in arrays if name.endswith(".weight")]
    for name, array in arrays.items():
        layer, _, part = name.rpartition(".")
        if part not in ("weight", "bias") or layer not in layers or array.ndim != (2 if part == "weight" else 1):
            raise RefusedError(
                f"is no plain network: {printable(name)} {array.shape} belongs to no fully connected layer"
            )
    order = _chained(layers, {layer: arrays[f"{layer}.weight"].shape for layer in layers})
    weights = [arrays[f"{layer}.weight"] for layer in order]
    # PyTorch's Linear(bias=False) has none: that is a bias of zero.
    none = [np.zeros(len(W), W.dtype) for W in weights]
    return Layers(weights, [arrays.get(f"{layer}.bias", zero) for layer, zero in zip(order, none)], turned=True)


def _chained(names: list[str], shapes: Mapping[str, tuple[int, ...]]) -> Sequence[str]:
    """The order in which each layer takes what the one before it gives: that of their numbers, or the only one that fits."""
    counted = sorted(
        names, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
    )
    if _fits(counted, shapes) or len(names) > 6:
        return counted
    fitting = [order for order in itertools.permutations(names) if _fits(order, shapes)]
    return fitting[0] if len(fitting) == 1 else counted


def _fits(order: Sequence[str], shapes: Mapping[str, tuple[int, ...]]) -> bool:
    return all(shapes[before][0] == shapes[after][1] for before, after in itertools.pairwise(order))


def assembled(layers: Layers, facts: Mapping[str, str]) -> tuple[Network, NDArray, tuple[str, ...]]:
    """The network, θ (P,), and which of its settings the file does not say. Raises RefusedError where nothing fits."""
    weights = [_numbers(W, 2, f"weight matrix {i}") for i, W in enumerate(layers.weights, start=1)]
    biases = [_numbers(_flat(b), 1, f"bias vector {i}") for i, b in enumerate(layers.biases, start=1)]
    if not weights or len(weights) != len(biases) or len(weights) > MOST_LAYERS:
        raise RefusedError(f"has {len(weights)} weight matrices and {len(biases)} bias vectors: that is no network")
    if sum(array.nbytes for array in (*weights, *biases)) > MOST_BYTES:  # one array may serve many layers
        raise RefusedError("would grow to more parameters than any model of this program has")
    said = json.loads(facts["sizes"]) if "sizes" in facts else None
    weights = _upright(weights, biases, layers.turned, said)
    sizes = (len(weights[0]), *(len(b) for b in biases))
    cost = facts.get("cost", "cross_entropy" if sizes[-1] > 1 else "binary_cross_entropy")
    net = Network(sizes, facts.get("activation", "relu").lower(), COST_NAMES.get(cost.lower(), cost))
    theta = net.pack(weights, biases)
    if facts.get("dtype") == "float32" or theta.dtype != np.float64:
        theta = theta.astype(np.float32)
    if not np.isfinite(theta).all():
        raise RefusedError("holds parameters that are not finite numbers")
    # Whatever says its dtype was written with a checksum: one that is missing was damaged.
    if ("checksum" in facts or "dtype" in facts) and facts.get("checksum") != checksum(theta, facts):
        raise RefusedError("was changed or damaged after it was saved: its parameters or facts don't fit its checksum")
    hidden = len(sizes) > 2
    return (
        net,
        theta,
        tuple(name for name in ("activation", "cost") if name not in facts and (hidden or name == "cost")),
    )


def _upright(weights: list[NDArray], biases: list[NDArray], turned: bool, said: Any) -> list[NDArray]:
    """The matrices as (n_in, n_out): as they are thought to stand, or, if only that fits, the other way round."""
    for flip in (turned, not turned):
        found = [W.T if flip else W for W in weights]
        sizes = [len(found[0]), *(len(b) for b in biases)]
        if [W.shape for W in found] == list(itertools.pairwise(sizes)) and said in (None, sizes):
            return found
    shapes = ", ".join(f"{W.shape} with {len(b)} biases" for W, b in zip(weights, biases))
    wanted = "" if said is None else f", and its sizes are said to be {printable(str(said))}"
    raise RefusedError(f"holds layers that don't fit one another: {shapes}{wanted}")


def _flat(b: NDArray) -> NDArray:
    """Biases (n,), also those written as one column or row."""
    return b.reshape(-1) if b.ndim == 2 and 1 in b.shape else b


def _numbers(array: NDArray, ndim: int, what: str) -> NDArray:
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise RefusedError(f"holds something else than numbers ({array.dtype}) as {what}")
    if array.ndim != ndim or array.size == 0:
        raise RefusedError(f"has a {what} of shape {array.shape}")
    return array


def checksum(theta: NDArray, facts: Mapping[str, str]) -> str:
    """A hash of θ and of all facts, by which a flipped bit is noticed: of the formats, only npz has one of its own."""
    text = json.dumps({name: value for name, value in facts.items() if name != "checksum"}, sort_keys=True)
    little = theta.astype(theta.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(text.encode() + little.tobytes()).hexdigest()


def texts(facts: Any) -> dict[str, str]:
    """Facts as they stand in a file, if they are texts by name."""
    if not isinstance(facts, dict) or not all(isinstance(part, str) for pair in facts.items() for part in pair):
        raise RefusedError("holds facts about the model that are not texts by name")
    return dict(facts)


def printable(text: str) -> str:
    """A stranger's word, fit to stand in a sentence."""
    short = text if len(text) <= 60 else text[:57] + "…"
    return short if short.isprintable() else ascii(short)
