"""A script that repeats a run with numpy alone, without this program: repeat.py, and repeat.npz with its starts beside it."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.data.embedded import asset
from landscape.descent.steps import FreePlane
from landscape.errors import SetupError
from landscape.export.destination import check_destination
from landscape.export.provenance import Provenance
from landscape.run import Run
from landscape.run.run import CHECKPOINTS
from landscape.writing import written_whole

SCRIPT = "repeat.py"
PLACE = 'json.loads("""{}""")'


def write_repetition(run: Run, path: str | Path) -> tuple[Path, Path]:
    """Write the script and, under the same name, the .npz that it reads: starts, rates, recorded losses.

    The script's losses are the record's but for the last digits of float32, which grow a little with every step. Raises
    SetupError for a run put together from models, RecordError where the files can't be written.
    """
    path = check_destination(path, (".py",), "a script")
    if run.engine == CHECKPOINTS:
        raise SetupError("this run was put together from model files: the steps between them are not known to repeat")
    provenance = Provenance.of(run)
    about = json.dumps(_settings(run), indent=1, ensure_ascii=True)
    words = "".join(f"# {line}\n" for line in provenance.as_text.splitlines())
    source = (
        asset(SCRIPT).read_text(encoding="utf-8").replace('with_name("repeat.npz")', f'with_name("{path.stem}.npz")')
    )
    text = (
        source.replace(PLACE, f'json.loads(r"""{about}""")')
        + "\n\n# The setup of the run, as Landscape reads it:\n"
        + words
    )
    arrays = _arrays(run)

    def write_arrays(partial: Path) -> None:
        with partial.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    def write_script(partial: Path) -> None:
        partial.write_text(text, encoding="utf-8")

    written_whole(path.with_suffix(".npz"), write_arrays)
    written_whole(path, write_script)
    return path, path.with_suffix(".npz")


def _settings(run: Run) -> dict:
    setup = run.setup.model_dump(mode="json")
    optimiser = {"momentum": 0.0, "nesterov": False, "eps": 0.0, "weight_decay": 0.0} | asdict(run.optimiser)  # type: ignore[call-overload]
    return {
        "version": Provenance.of(run).version,
        "data": {"classes": setup["data"]["classes"], "preprocess": setup["data"]["preprocess"]},
        "network": {name: setup["network"][name] for name in ("sizes", "activation", "cost")},
        "descent": {name: setup["descent"][name] for name in ("batch_size", "shared_batches", "l2", "seed")},
        "optimiser": optimiser | {"kind": type(run.optimiser).__name__},
        "measured": len(run.measured()[1]),
        "starts": [start.name for start in run.starts],
    }


def _arrays(run: Run) -> dict[str, NDArray]:
    """What can't be said in a few words: starts (K, P), rates (steps,), recorded steps (F,) and losses (F, K), ends (K,)."""
    last = run.last_step
    steps = max(1, round(run.setup.descent.epochs * run.steps_per_epoch))
    rates = [run.optimiser.lr * run.schedule(step, steps) for step in range(1, last + 1)]
    arrays: dict[str, NDArray] = {
        "thetas": np.array(run.thetas[0]),
        "rates": np.array(rates, np.float64),
        "steps": np.array(run.steps),
        "losses": np.array(run.figure("loss")),
        "ended": np.array([last if stop is None else stop.step for stop in run.stops]),
        **Provenance.of(run).arrays,
    }
    if run.setup.descent.in_plane:
        free = FreePlane.of(run.plane.origin, run.plane.u, run.plane.v)
        arrays |= {"origin": free.origin, "Q": free.Q}
    return arrays
