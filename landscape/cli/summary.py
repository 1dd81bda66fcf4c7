"""A run in a few sentences, and the same in figures for programs."""

from typing import Any

from landscape.network.cost import COSTS
from landscape.run import Run
from landscape.run.portrait import Portrait


def run_lines(run: Run) -> list[str]:
    """What a run is, and which starts ended early."""
    sizes = "-".join(map(str, run.net.sizes))
    epoch = float(run.figure("epoch")[-1])
    line = (
        f"a run of {run.K} starts, network {sizes} ({run.net.P:,} parameters), "
        f"{run.last_step:,} steps ({epoch:g} epochs), {run.frames} frames"
    )
    return [line, f"loss: {cost_words(run)}", *ended_lines(run)]


def cost_words(run: Run) -> str:
    """Which cost its losses are, and by which convention: another one gives other numbers."""
    cost = COSTS[run.net.cost]
    return f"{cost.label}, {cost.convention}"


def ended_lines(run: Run) -> list[str]:
    """Which starts ended early, and why, each in a sentence."""
    return [f"{start.name} {stop.sentence}" for start, stop in zip(run.starts, run.stops) if stop]


def best_lines(run: Run) -> list[str]:
    """The best parameters so far, in one sentence."""
    best = run.best
    if best is None:
        return ["no start has a finite loss"]
    looked_at, batch = run.setup.data.examples, run.setup.descent.batch_size
    part = (
        looked_at < (run.steps_per_epoch - 1) * batch
    )  # a run is watched on some of its training digits where it has many
    over = f" over the first {looked_at:,} training digits" if part else ""
    return [
        f"best so far: loss {best.loss:.4f}, accuracy {best.accuracy:.2%}{over} "
        f"(validation {best.validation_loss:.4f}, {best.validation_accuracy:.2%}), "
        f"start {best.start} ({best.start_name}), step {best.step:,}, epoch {best.epoch:.2f}"
    ]


def run_figures(run: Run) -> dict[str, Any]:
    """The figures of a run, for programs."""
    best = run.best
    last = {name: run.figure(name)[-1].tolist() for name in ("loss", "accuracy", "validation_accuracy")}
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy", "start", "start_name", "step", "epoch")
    return {
        "sizes": list(run.net.sizes),
        "parameters": run.net.P,
        "cost": run.net.cost,
        "convention": COSTS[run.net.cost].convention,
        "frames": run.frames,
        "steps": run.last_step,
        "epochs": float(run.figure("epoch")[-1]),
        "starts": [start.name for start in run.starts],
        "stops": [stop and {"reason": stop.reason, "step": stop.step, "sentence": stop.sentence} for stop in run.stops],
        **{f"last_{name}": values for name, values in last.items()},
        "best": None if best is None else {name: getattr(best, name) for name in names},
    }


def coverage_lines(portrait: Portrait) -> list[str]:
    """How much of the movement the plane holds, and the yardstick beside it."""
    line = f"the plane covers {portrait.coverage_all:.1%} of the movement"
    if portrait.yardstick is not None:
        line += f" (random walks of that length: {portrait.yardstick:.1%})"
    return [line]


def coverage_figures(portrait: Portrait) -> dict[str, Any]:
    """The same for programs."""
    return {
        "coverage": portrait.coverage.tolist(),
        "coverage_all": portrait.coverage_all,
        "coverage_of_random_walks": portrait.yardstick,
    }
