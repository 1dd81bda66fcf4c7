"""An exploration: a setup becomes a run, frame by frame."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape import cores
from landscape.data import Digits
from landscape.descent import Frame, FrameSchedule, Start, first_frame, starting_points
from landscape.descent.batch import Shuffled
from landscape.errors import SetupError
from landscape.model import load_model
from landscape.network import Network
from landscape.plane import Plane
from landscape.run.archive import SUFFIX
from landscape.run.judgement import judged
from landscape.run.measured import means
from landscape.run.run import Run
from landscape.run.setup import Setup

# A run keeps about so many frames; every step in between is replayed when asked for.
FRAMES = 160
# True losses are measured in blocks of so many digits: enough for BLAS, few enough to share among cores.
BLOCK = 1000


@dataclass(frozen=True, eq=False)
class Explored:
    """One more frame of a run: `frames` are complete; `done` is the fraction of the descent."""

    run: Run
    frames: int
    done: float


def explore(setup: Setup, folder: str | Path | None = None, digits: Digits | None = None) -> Run:
    """Descend as the setup says and return the whole run (see `exploring` for a run that grows)."""
    if not isinstance(setup, Setup):
        raise SetupError(f"explore takes a Setup, such as Setup() or Setup.load(path), not {setup!r}")
    *_, last = exploring(setup, folder, digits)
    return last.run


def exploring(
    setup: Setup,
    folder: str | Path | None = None,
    digits: Digits | None = None,
    engine: str = "fast",
    like: Run | None = None,
) -> Iterator[Explored]:
    """Begin a run and yield it after every frame, the start first. Closing the generator stops it; nothing is lost.

    `like` is a run of a network with the same layers: the new one then begins at that one's very starts.
    """
    digits = digits or setup.load_digits()
    plane, starts = _starts_of(setup) if like is None else _starts_like(like)
    batches = Shuffled(len(digits.train.labels), setup.descent.batch_size)  # says so if that is too large
    steps = max(1, round(setup.descent.epochs * batches.steps_per_epoch))
    run = Run.create(
        setup, starts, plane, stride=-(-steps // FRAMES), engine=engine, folder=Path(folder) if folder else None
    )
    run.digits = digits
    thetas = np.stack([start.theta for start in starts]).astype(np.float32)
    first = first_frame(thetas, run.optimiser, plane if setup.descent.in_plane else None)
    first = _record(run, replace(first, learning_rate=first.learning_rate * run.schedule(1, steps)))
    yield Explored(run, 1, 0.0)
    yield from _follow(run, first)


def _starts_of(setup: Setup) -> tuple[Plane, list[Start]]:
    """The plane of a setup and the starts on it, or those that it draws."""
    net = setup.build_network()
    middle = first_weights(setup, net)
    filtered = setup.plane.normalise == "filter"
    plane = Plane.random(
        net, middle, setup.plane.seed, normalise="filter" if filtered else None, orthogonal=setup.plane.orthogonal
    )
    # Plain directions are far longer than θ: there a corner distance of 1 means the length of θ.
    reach = setup.starts.reach * (1.0 if filtered else float(np.linalg.norm(middle) / np.linalg.norm(plane.u)))
    starts = starting_points(
        setup.starts.kind,
        net,
        plane,
        reach,
        setup.starts.count,
        setup.starts.seed,
        setup.network.scheme,
        setup.network.biases,
        setup.network.scale,
        nearness=setup.starts.reach,
        in_plane=setup.descent.in_plane,
    )
    return plane, starts


def _starts_like(run: Run) -> tuple[Plane, list[Start]]:
    """The plane and the starts of a run, as they are recorded."""
    found = zip(run.starts, np.array(run.thetas[0]), strict=True)
    return run.plane, [Start(info.name, info.kind, info.seed, theta) for info, theta in found]


def go_on(run: Run, epochs: float | None = None) -> Iterator[Explored]:
    """Descend on from a run's last frame, to its setup's epochs or to more of them."""
    if epochs is not None:
        done = float(run.figure("epoch")[-1])
        if epochs <= done:
            raise SetupError(f"the run has {done:g} epochs already; choose more than that", "descent.epochs")
        run.lengthen(epochs)
    yield Explored(run, run.frames, 0.0)
    yield from _follow(run, run.checkpoint(run.frames - 1))


def first_weights(setup: Setup, net: Network) -> NDArray:
    """The middle of the plane (P,): a model file's parameters, the best of a run, or fresh random weights."""
    chosen = setup.network
    if not chosen.weights:
        return net.init(chosen.seed, chosen.scheme, chosen.biases, chosen.scale)
    found, theta = _network_of(chosen.weights)
    if found.sizes != net.sizes:
        raise SetupError(
            f"the model {chosen.weights} has layers {found.sizes}, but the setup asks for {net.sizes}",
            "network.weights",
        )
    return theta.astype(np.float32)


def _network_of(path: str) -> tuple[Network, NDArray]:
    """The network in a model file, or the best so far of a run."""
    if Path(path).suffix != SUFFIX and not Path(path).is_dir():
        return load_model(path)
    run = Run.load(path)
    best = run.best
    run.close()
    if best is None:
        raise SetupError(
            f"no start of the run {path} has a finite loss: there is no best to begin from", "network.weights"
        )
    return run.net, best.theta


def _follow(run: Run, begin: Frame) -> Iterator[Explored]:
    while not all(begin.stops):
        for frame in run.descent(begin, FrameSchedule(run.stride)):
            begin = _record(run, frame)
            yield Explored(run, run.frames, frame.done)
            if begin.stops != frame.stops or all(begin.stops):
                break  # descend on without the starts that what was measured has just ended
        else:
            return


def _record(run: Run, frame: Frame) -> Frame:
    figures = measure(run, frame.thetas)
    frame = judged(run, frame, figures)
    run.append(frame, figures)
    return frame


def measure(run: Run, thetas: NDArray) -> dict[str, NDArray]:
    """True loss and accuracy of models (K, P) on the measured training digits and on the validation digits, each (K,)."""
    figures: dict[str, NDArray] = {}
    with cores.single_threaded_blas():
        for which, names in (
            ("training", ("loss", "accuracy")),
            ("validation", ("validation_loss", "validation_accuracy")),
        ):
            found = means(run.net, thetas, *run.measured(which))
            figures |= dict(zip(names, found, strict=True))
    return figures
