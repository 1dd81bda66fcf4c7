"""Processes that are killed while they save or explore, and what they leave behind; found out in a process without threads.

Usage: killed.py saving FOLDER | exploring FOLDER. Prints JSON. The children are forked: starting Python anew for each would take
minutes.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from landscape.data import load_digits
from landscape.model import load_model, save_model
from landscape.network import Network
from landscape.run import Run, Setup, exploring
from landscape.writing import PARTIAL

NET = Network((784, 64, 10), "sigmoid", "quadratic")
ENDINGS = (".safetensors", ".npz", ".json", ".pkl", ".landscape")
KILLS = 50
SMALL = Setup().changed(
    data={"classes": (3, 7), "examples": 50},
    network={"sizes": (784, 4, 2)},
    starts={"kind": "corners"},
    descent={"batch_size": 20, "epochs": 3, "in_plane": True},
)


def killed(work: Callable[[int], None], seconds: float) -> bytes:
    """Run `work` in a child and kill it so long after its first word; all that it said by then."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hear)
            work(say)
        finally:
            os._exit(1)
    os.close(say)
    told = os.read(hear, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(hear, 2**16):
        told += part
    os.close(hear)
    return told


def saving(folder: Path) -> dict:
    """Save one of two things over the other, again and again; whatever is killed, one of the two is there."""
    chance = random.Random("killed while saving")
    thetas = [NET.init(seed) for seed in (0, 1)]
    runs = [last_of(SMALL.changed(descent={"epochs": epochs})) for epochs in (0.1, 0.2)]
    endings = []
    for kill in range(KILLS):
        ending = ENDINGS[kill % len(ENDINGS)]
        path = folder / f"thing{ending}"

        def save(which: int, path: Path = path) -> None:
            if path.suffix == ".landscape":
                runs[which].save(path)
            else:
                save_model(path, NET, thetas[which])

        def work(say: int, save: Callable[[int], None] = save) -> None:
            os.write(say, b".")
            for number in range(10**6):
                save(number % 2)

        save(1)
        killed(work, chance.uniform(0, 0.03))
        endings.append(found(path, thetas, runs))
    return {"endings": endings, "left": len(list(folder.glob(f".thing{PARTIAL}*")))}


def found(path: Path, thetas: list, runs: list[Run]) -> str:
    try:
        if path.suffix == ".landscape":
            with_frames = Run.load(path)
            same = [np.array_equal(with_frames.thetas, run.thetas) for run in runs]
            with_frames.close()
        else:
            same = [np.array_equal(load_model(path)[1], theta) for theta in thetas]
    except Exception as error:
        return f"{path.name}: {error}"
    return "whole" if any(same) else "neither"


def last_of(setup: Setup) -> Run:
    *_, last = exploring(setup, engine="plain")
    return last.run


def explorations(folder: Path) -> dict:
    """Explore into a folder and be killed; what was published is in the folder, and can be gone on with."""
    chance = random.Random("killed while exploring")
    digits = load_digits(classes=SMALL.data.classes)
    whole = last_of(SMALL)
    endings = []
    for kill in range(20):
        place = folder / f"run {kill}"

        def work(say: int, place: Path = place) -> None:
            for event in exploring(SMALL, place, digits, engine="plain"):
                os.write(say, bytes([event.frames]))

        told = killed(work, chance.uniform(0, 0.06))
        run = Run.load(place)
        kept = run.frames
        same = np.array_equal(run.thetas, whole.thetas[:kept])
        run.close()
        endings.append({"published": max(told), "kept": kept, "same": same, "all": whole.frames})
    return {"endings": endings}


if __name__ == "__main__":
    json.dump({"saving": saving, "exploring": explorations}[sys.argv[1]](Path(sys.argv[2])), sys.stdout)
