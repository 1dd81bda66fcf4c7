"""A folder of models becomes a run to play: each file a frame, in the order of their steps or names.

What lies between two checkpoints is not known: such a run can be watched, measured and drawn like any other, but no step between
its frames can be replayed, and it can't be gone on with.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from landscape.data import Digits, default_source
from landscape.descent import Frame, Start
from landscape.errors import RecordError, SetupError
from landscape.model import FORMATS, Model, read_model
from landscape.plane import Plane
from landscape.run.exploration import Explored, measure
from landscape.run.run import CHECKPOINTS, Run
from landscape.run.setup import Setup

MOST_CHECKPOINTS = 10_000


def run_of_checkpoints(folder: str | Path, digits: Digits | None = None) -> Run:
    """The run that a folder of model files makes (see `gathering` for one that grows)."""
    *_, last = gathering(folder, digits)
    return last.run


def gathering(
    source: str | Path | Sequence[Path], digits: Digits | None = None, into: Path | None = None
) -> Iterator[Explored]:
    """Read a folder's models, or these files, one after the other and yield the run after each. Closing it stops it.

    Frame f is the f-th checkpoint, and counts as step f; the files' names stand in `run.about["checkpoints"]`. True losses
    are measured over `digits`, or those that the first model's file names; the record grows in the folder `into`. Raises
    RecordError where there are no two models, or a damaged one or one of another network.
    """
    paths = checkpoint_files(source) if isinstance(source, str | Path) else in_order(source)
    if len(paths) < 2:
        what = f"holds one model only, {paths[0].name}" if paths else f"holds no model file ({', '.join(FORMATS)})"
        what = f"{source} {what}" if isinstance(source, str | Path) else "one model file is no way"
        raise RecordError(f"{what}: a run to play takes two or more")
    first = read_model(paths[0])
    setup = _setup(first, paths, digits)
    return _gathering(paths, first, setup, digits, into)


def checkpoint_files(folder: str | Path) -> list[Path]:
    """The model files in a folder, by the numbers in their names, then by their names: step-9 before step-10."""
    try:
        found = [path for path in Path(folder).iterdir() if path.suffix.lower() in FORMATS and path.name[0] != "."]
    except OSError as error:
        raise RecordError(f"the folder {folder} can't be read: {error.strerror or error}") from None
    if len(found) > MOST_CHECKPOINTS:
        raise RecordError(f"{folder} holds {len(found):,} model files; at most {MOST_CHECKPOINTS:,} make a run")
    return in_order(found)


def in_order(paths: Sequence[Path]) -> list[Path]:
    """Files by the numbers in their names, then by their names."""
    return sorted(paths, key=lambda path: [(not part.isdigit(), int(part) if part.isdigit() else 0, part)
                                           for part in re.split(r"([0-9]+)", path.name)])  # fmt: skip


def _setup(model: Model, paths: list[Path], digits: Digits | None) -> Setup:
    """A setup that says what is known: the network and its digits. One epoch a checkpoint, so that the run is complete."""
    net = model.net
    source = default_source() or "embedded"
    data = {"source": source, "classes": model.classes, "preprocess": model.preprocess}
    if digits is not None:
        data = data | {"classes": digits.classes, "preprocess": digits.preprocess}
    network = {"sizes": net.sizes, "activation": net.activation, "cost": net.cost}
    try:
        return Setup().changed(
            data=data, network=network, descent={"epochs": len(paths) - 1}, starts={"kind": "middle"}
        )
    except SetupError as error:
        raise RecordError(f"{paths[0]} is no model of digits that this program can show: {error}") from None


def _gathering(
    paths: list[Path], first: Model, setup: Setup, digits: Digits | None, into: Path | None
) -> Iterator[Explored]:
    digits = digits or setup.load_digits()
    theta = first.theta.astype(np.float32)
    plane = Plane.random(first.net, theta, setup.plane.seed, orthogonal=setup.plane.orthogonal)
    start = Start("first checkpoint", "middle", 0, theta)
    run = Run.create(setup, [start], plane, stride=1, engine=CHECKPOINTS, folder=into)
    run.digits = digits
    run.about["checkpoints"] = [path.name for path in paths]
    before = theta
    for step, path in enumerate(paths):
        model = read_model(path) if step else first
        if model.net.sizes != first.net.sizes or model.net.activation != first.net.activation:
            raise RecordError(
                f"{path} is a network {model.net.sizes}, {model.net.activation}, but {paths[0].name} is {first.net.sizes}, "
                f"{first.net.activation}: a run is the way of one network; put the others into another folder"
            )
        theta = model.theta.astype(np.float32)
        run.append(_frame(run, step, theta, before), measure(run, theta[None]))
        before = theta
        if step + 1 == len(paths):
            run.write_manifest()
        yield Explored(run, run.frames, (step + 1) / len(paths))


def _frame(run: Run, step: int, theta: np.ndarray, before: np.ndarray) -> Frame:
    """A checkpoint as a frame: what its mini-batches and gradients were is not known."""
    unknown = np.full(1, np.nan)
    return Frame(
        step=step,
        epoch=float(step),
        thetas=theta[None],
        losses=unknown,
        batch_losses=np.full((min(step, 1), 1), np.nan),
        gradient_norms=unknown,
        update_norms=np.array([np.linalg.norm(theta - before)]) if step else unknown,
        learning_rate=float("nan"),
        state=np.zeros((1, run.optimiser.slots, run.net.P), np.float32),
        stops=(None,),
        first_losses=unknown,
        smoothed_losses=unknown,
        done=1.0,
    )
