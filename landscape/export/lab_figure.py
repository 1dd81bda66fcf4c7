"""Pictures of what the lab finds: `lab_figure` draws any of its results."""

from functools import singledispatch
from typing import Any

import numpy as np

from landscape.errors import SetupError
from landscape.export.lab_sheet import LabSheet
from landscape.export.style import START_COLOURS, start_colour, start_marker
from landscape.lab import GradientNoise, RateRange, Reading, Restarts, SanityChecks, Search
from landscape.lab.random_search import STAGES
from landscape.lab.sanity import LOSS_BY_HEART

ORANGE, BLUE, RED, PINK, _, GREEN, DARK_BLUE = START_COLOURS


@singledispatch
def lab_figure(result: Any, style: str = "light") -> Any:
    """A matplotlib Figure of a result of the lab, with the sentences in which it says itself; style "light" or "dark"."""
    raise SetupError(f"there is no picture of {type(result).__name__}")


@lab_figure.register
def _rate_range(result: RateRange, style: str = "light") -> Any:
    sheet = LabSheet("Learning-rate range test", str(result), style)
    (axes,) = sheet.plots()
    axes.plot(result.rates, result.losses, color=BLUE, linewidth=0.8, alpha=0.5, label="mini-batch loss")
    axes.plot(result.rates, result.smoothed, color=sheet.style.ink, linewidth=1.9, label="smoothed")
    if result.fell:
        sheet.upright(axes, result.steepest, "falls fastest", GREEN)
        sheet.upright(axes, result.suggestion, "a rate to use", ORANGE)
        sheet.upright(axes, result.largest, "lowest", RED)
    axes.set_xscale("log")
    sheet.frame(axes, result.smoothed, 1.5 * float(np.max(result.smoothed[: result.lowest + 1])))
    sheet.label(axes, "learning rate η (logarithmic)", "loss of the mini-batch")
    sheet.key(axes, loc="lower left")
    return sheet.figure


@lab_figure.register
def _sanity_checks(result: SanityChecks, style: str = "light") -> Any:
    sheet = LabSheet("Sanity checks", str(result), style)
    (axes,) = sheet.plots()
    axes.plot(
        np.maximum(result.learning, 1e-9), color=BLUE, linewidth=1.9, label="loss of a few digits learnt by heart"
    )
    axes.axhline(LOSS_BY_HEART, color=GREEN, linewidth=1.4, linestyle=(0, (4, 2)), label=f"wanted: {LOSS_BY_HEART:g}")
    axes.set_yscale("log")
    sheet.label(axes, "full-batch step", "loss (logarithmic)")
    sheet.key(axes)
    return sheet.figure


@lab_figure.register
def _reading(result: Reading, style: str = "light") -> Any:
    sheet = LabSheet("Reading the curves", str(result), style)
    (axes,) = sheet.plots()
    for start, name in enumerate(result.names):
        look = {"color": start_colour(start), "marker": start_marker(start), "markevery": 0.2, "markersize": 5}
        axes.plot(result.epochs, result.losses[:, start], linewidth=1.9, label=name, **look)
        axes.plot(result.epochs, result.validation_losses[:, start], linewidth=1.2, linestyle=(0, (4, 2)), **look)
    axes.set_yscale("log")
    sheet.label(axes, "epoch", "loss (logarithmic); dashed: validation")
    sheet.key(axes)
    return sheet.figure


@lab_figure.register
def _restarts(result: Restarts, style: str = "light") -> Any:
    sheet = LabSheet("Do restarts help?", str(result), style)
    race, spread = sheet.plots(2)
    k = np.arange(1, result.count + 1)
    race.fill_between(k, *result.band, color=BLUE, alpha=0.25, linewidth=0, label="95 % band")
    race.plot(k, result.expected, color=BLUE, linewidth=1.9, marker="o", markersize=4, label="best of k restarts")
    for run, way in enumerate(result.long_runs):
        words = {"label": "one long descent"} if run == 0 else {}
        race.plot(k[: len(way)], way, color=ORANGE, linewidth=1.2, marker="s", markersize=3, alpha=0.7, **words)
    sheet.label(race, f"cost, in descents of {result.updates:,} updates", "lowest validation loss")
    sheet.key(race)
    for row, losses in enumerate(result.losses.values()):
        spread.plot(losses, np.full(len(losses), row), "|", color=start_colour(row), markersize=16, markeredgewidth=1.8)
    spread.set_yticks(range(len(result.losses)), list(result.losses))
    spread.set_ylim(len(result.losses) - 0.5, -0.5)
    sheet.label(spread, "final validation loss of each descent", "")
    return sheet.figure


@lab_figure.register
def _search(result: Search, style: str = "light") -> Any:
    best = result.best
    words = f"{len(result.trials)} trials: short coarse ones, then longer fine ones between the best of those."
    if best is not None:
        words += f"\nThe best: rate {best.rate:g}, λ {best.l2:g}, hidden size {best.hidden}, validation loss {best.loss:.4f}, "
        words += f"accuracy {best.accuracy:.2%}."
    sheet = LabSheet("Random search, coarse to fine", "\n".join([words, *result.warnings]), style)
    (axes,) = sheet.plots()
    for stage, marker in zip(STAGES, "os"):
        of_stage = [trial for trial in result.trials if trial.stage == stage]
        for failed, colour in ((False, BLUE if stage == "coarse" else ORANGE), (True, RED)):
            shown = [trial for trial in of_stage if bool(trial.stop) == failed]
            if shown:
                size = [20 + 160 * trial.accuracy**4 for trial in shown]
                place = [trial.rate for trial in shown], [trial.l2 for trial in shown]
                label = f"{stage}, ended early" if failed else f"{stage} (larger: more accurate)"
                axes.scatter(*place, s=size, c=colour, marker=marker, alpha=0.75, label=label)
    if best is not None:
        axes.plot([best.rate], [best.l2], "*", color=sheet.style.ink, markersize=15, label="best")
        sheet.key(axes)
    axes.set(xscale="log", yscale="log", xlim=result.ranges.rate, ylim=result.ranges.l2)
    sheet.label(axes, "learning rate η (logarithmic)", "regularisation λ (logarithmic)")
    return sheet.figure


@lab_figure.register
def _gradient_noise(result: GradientNoise, style: str = "light") -> Any:
    sheet = LabSheet("Mini-batch against full gradient", str(result), style)
    noise, cost = sheet.plots(2)
    for row, name in enumerate(result.names):
        look = {"color": start_colour(row), "marker": start_marker(row), "capsize": 3, "label": name}
        noise.errorbar(result.sizes, result.cosine[row], result.spread[row], **look)
    noise.set_xscale("log", base=2)
    sheet.label(noise, "", "cosine with the full gradient")
    sheet.key(noise, loc="lower right")
    cost.plot(result.sizes, 1e6 * result.seconds, color=sheet.style.ink, marker="o", markersize=4)
    cost.set_xscale("log", base=2)
    cost.set_yscale("log")
    sheet.label(cost, "mini-batch size (logarithmic)", "microseconds a step")
    return sheet.figure
