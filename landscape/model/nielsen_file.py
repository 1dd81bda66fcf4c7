"""Models as the JSON of Nielsen's network2.py: `sizes`, `weights`, `biases`, `cost`.

His matrices are (n_out, n_in), his biases columns (n_out, 1), his hidden neurons sigmoid. What his program has no word for
is kept in `activation` and `about`, which it does not look at; a network that it would compute otherwise carries
our name of the cost, so that his program stops at it and misreads nothing.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.model.layers import COST_NAMES, Layers, RefusedError, texts

# JSON takes about 20 characters and, once read, 32 bytes a number: 3 million parameters.
MOST_TEXT = 2**26

_HIS_COSTS = {"binary_cross_entropy": "CrossEntropyCost", "quadratic": "QuadraticCost"}


def write(path: Path, layers: Layers, facts: dict[str, str]) -> None:
    """Write layers, matrices (n_in, n_out), and facts; every digit of the numbers is kept."""
    his = facts["activation"] == "sigmoid" or len(layers.weights) == 1
    content = {
        "sizes": json.loads(facts["sizes"]),
        "weights": [W.T.tolist() for W in layers.weights],
        "biases": [b[:, None].tolist() for b in layers.biases],
        "cost": _HIS_COSTS.get(facts["cost"], facts["cost"]) if his else facts["cost"],
        "activation": facts["activation"],
        "about": facts,
    }
    text = json.dumps(content)
    if len(text) > MOST_TEXT:
        raise RefusedError(f"would be a text of {len(text):,} characters; save so large a model as .safetensors")
    path.write_text(text, encoding="ascii")


def read(path: Path) -> tuple[Layers, dict[str, str]]:
    """Read layers and facts."""
    if path.stat().st_size > MOST_TEXT:
        raise RefusedError("is larger than 64 MiB: ask for so large a model as .safetensors")
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not {"weights", "biases"} <= set(content):
        raise RefusedError("is no model in Nielsen's format: it has no weights and biases")
    facts = texts(content.get("about", {}))
    facts |= {"sizes": json.dumps(content["sizes"])} if "sizes" in content else {}
    facts |= texts({name: content[name] for name in ("activation", "cost") if name in content})
    facts["cost"] = COST_NAMES.get(facts.get("cost", "QuadraticCost").lower(), facts.get("cost", ""))
    facts.setdefault("activation", "sigmoid")
    return Layers(_matrices(content["weights"]), _matrices(content["biases"]), turned=True), facts


def _matrices(rows_of_layers: Any) -> list[NDArray]:
    """A list of lists of rows as matrices; numpy refuses ragged ones."""
    if not isinstance(rows_of_layers, list):
        raise RefusedError("has something else than lists of numbers as weights or biases")
    return [np.array(rows, np.float64) for rows in rows_of_layers]
