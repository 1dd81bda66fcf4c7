"""Models side by side as a run: each is a start that has not moved, so that all can be looked at on one plane."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape.data import Digits
from landscape.descent import Frame, Start
from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane
from landscape.run.exploration import Explored, measure
from landscape.run.run import CHECKPOINTS, Run
from landscape.run.setup import Setup


def hanging(
    net: Network, models: Sequence[tuple[str, NDArray]], digits: Digits, source: str, folder: Path | None = None
) -> Iterator[Explored]:
    """Make a run of named models of one network: a generator, as all that makes runs, with the whole run as its item.

    `source` is where the digits come from, as a setup says it. Raises SetupError for models of another network.
    """
    thetas = np.stack([theta for _, theta in models]).astype(np.float32)
    if thetas.shape[1:] != (net.P,):
        raise SetupError(f"the models are not all of the network {net.sizes}")
    setup = Setup().changed(
        data={"source": source, "classes": digits.classes, "preprocess": digits.preprocess},
        network={"sizes": net.sizes, "activation": net.activation, "cost": net.cost},
        descent={"epochs": 1},
        starts={"kind": "middle"},
    )
    starts = [Start(name, "model", 0, theta) for (name, _), theta in zip(models, thetas)]
    plane = Plane.random(net, thetas[0], setup.plane.seed)
    run = Run.create(setup, starts, plane, stride=1, engine=CHECKPOINTS, folder=folder)
    run.digits = digits
    run.append(_frame(run, thetas), measure(run, thetas))
    run.write_manifest()
    yield Explored(run, run.frames, 1.0)


def _frame(run: Run, thetas: NDArray) -> Frame:
    """The only frame: no step has been taken, and none can be."""
    K = len(thetas)
    unknown = np.full(K, np.nan)
    return Frame(
        step=0,
        epoch=0.0,
        thetas=thetas,
        losses=unknown,
        batch_losses=np.empty((0, K)),
        gradient_norms=unknown,
        update_norms=unknown,
        learning_rate=float("nan"),
        state=np.zeros((K, run.optimiser.slots, run.net.P), np.float32),
        stops=(None,) * K,
        first_losses=unknown,
        smoothed_losses=unknown,
        done=1.0,
    )
