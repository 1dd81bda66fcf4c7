"""Models as safetensors: the arrays W1, b1, … and the facts as metadata. A PyTorch state_dict is read as well."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.model.layers import Layers, layers_of_arrays


def write(path: Path, layers: Layers, facts: dict[str, str]) -> None:
    """Write layers, matrices (n_in, n_out), and facts."""
    from safetensors.numpy import save_file

    arrays: dict[str, NDArray] = {}
    for number, (W, b) in enumerate(zip(layers.weights, layers.biases, strict=True), start=1):
        arrays |= {f"W{number}": np.ascontiguousarray(W), f"b{number}": np.ascontiguousarray(b)}
    save_file(arrays, path, metadata=facts)


def read(path: Path) -> tuple[Layers, dict[str, str]]:
    """Read layers and facts. The format's own reader checks every declared size against the file's."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        facts = dict(file.metadata() or {})
    return layers_of_arrays(arrays), facts
