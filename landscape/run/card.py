"""A run in one line, read from its folder without opening it: when it was begun, its network, its best."""

from datetime import datetime
from pathlib import Path

import numpy as np

from landscape.errors import LandscapeError
from landscape.run.run import CHECKPOINTS, Run


def run_card(folder: Path) -> str:
    """Date, network and lowest loss of the run in a folder; the folder's name where it can't be read."""
    try:
        run = Run.load(folder)
    except LandscapeError:
        return folder.name
    setup, best = run.setup, run.best
    begun = _begun(folder)
    words = [
        f"{begun.day} {begun:%b %H:%M}",
        "-".join(map(str, setup.network.sizes)),
        f"{run.frames} models" if run.engine == CHECKPOINTS else f"{float(np.max(run.figure('epoch'))):.3g} epochs",
        "no finite loss" if best is None else f"best loss {best.loss:.3g}",
    ]
    run.close()
    return " · ".join(words)


def _begun(folder: Path) -> datetime:
    """From the name that the window gives a run's folder, or else from the clock of the disk."""
    try:
        return datetime.strptime(folder.name[:19], "%Y-%m-%d %H-%M-%S")
    except ValueError:
        return datetime.fromtimestamp(folder.stat().st_mtime)
