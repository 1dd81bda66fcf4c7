"""Loss and accuracy over the steps of a descent, for every start: the mini-batch's noise and the truth beneath it."""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from landscape.errors import SetupError
from landscape.export.loss_scale import LossScale, loss_text, tick_text
from landscape.export.map_figure import HEIGHT, WIDTH
from landscape.export.sheet import MOST_ROWS, ROW, Sheet, listed
from landscape.export.style import start_colour, start_marker, style_of
from landscape.network.cost import COSTS
from landscape.run import Run

BESIDE = 3.6
# The mini-batch loss is shown as its running mean over about so many steps: single ones differ too much to be read.
SMOOTHED_OVER = 10


def curves_figure(run: Run, step: int | None = None, *, style: str = "light") -> Any:
    """A matplotlib Figure of losses (mini-batch, all measured digits, validation) and accuracies over the steps.

    `step` draws the time cursor there. Raises SetupError for a run that has not taken a step.
    """
    if run.frames < 2:
        raise SetupError("the run has only its starts: there are no curves before the first step; let it descend first")
    if step is not None and not 0 <= step <= run.last_step:
        raise SetupError(f"step {step:,} does not exist: the run has steps 0 to {run.last_step:,}", "step")
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    sheet.write(0.45, HEIGHT - 0.5, "Loss and accuracy over the steps", 16, fontweight="bold")
    width = WIDTH - BESIDE - 1.35
    loss, accuracy = sheet.axes(1.0, 3.55, width, 3.15), sheet.axes(1.0, 0.75, width, 2.45)
    _draw_losses(loss, run)
    _draw_accuracies(accuracy, run)
    for axes in (loss, accuracy):
        _dress(sheet, axes, run, step)
    loss.tick_params(labelbottom=False)
    accuracy.set_xlabel("step (one update of the weights)", color=sheet.style.ink, fontsize=10)
    _epochs_on_top(sheet, loss, run)
    _beside(sheet, run, step)
    return sheet.figure


def _draw_losses(axes: Any, run: Run) -> None:
    batch = smoothed(run.batch_losses, SMOOTHED_OVER)
    true, validation = run.figure("loss"), run.figure("validation_loss")
    scale = LossScale.over("log", np.clip(true, None, _top(true)), np.clip(validation, None, _top(validation)))
    updates = np.arange(1, len(batch) + 1)
    for start in range(run.K):
        colour = start_colour(start)
        axes.plot(updates, batch[:, start], color=colour, linewidth=1.0, alpha=0.35)
        axes.plot(run.steps, validation[:, start], color=colour, linewidth=1.2, linestyle=(0, (4, 2)), alpha=0.9)
        axes.plot(
            run.steps, true[:, start], color=colour, linewidth=1.9, marker=start_marker(start), markersize=5,
            markevery=(0.03 * start, 0.25),
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(scale.low / 1.15, scale.high * 1.15)
    ticks = scale.ticks(6)
    axes.set_yticks(ticks, [tick_text(tick) for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylabel("loss (logarithmic)", fontsize=10)


def _draw_accuracies(axes: Any, run: Run) -> None:
    train, validation = run.figure("accuracy"), run.figure("validation_accuracy")
    for start in range(run.K):
        colour = start_colour(start)
        axes.plot(run.steps, 100 * validation[:, start], color=colour, linewidth=1.2, linestyle=(0, (4, 2)), alpha=0.9)
        axes.plot(
            run.steps, 100 * train[:, start], color=colour, linewidth=1.9, marker=start_marker(start), markersize=5,
            markevery=(0.03 * start, 0.25),
        )  # fmt: skip
    axes.set_ylim(0, 102)
    axes.set_ylabel("accuracy in %", fontsize=10)


def _dress(sheet: Sheet, axes: Any, run: Run, step: int | None) -> None:
    style = sheet.style
    axes.set_facecolor(style.paper)
    axes.set_xlim(0, run.last_step)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.grid(True, color=style.grid, linewidth=0.6)
    axes.tick_params(colors=style.ink, labelsize=9.5, length=3)
    axes.yaxis.label.set_color(style.ink)
    for spine in axes.spines.values():
        spine.set_color(style.grid)
    if step is not None:
        axes.axvline(step, color=style.ink, linewidth=1.2, linestyle=(0, (1.5, 1.5)), zorder=5)


def _epochs_on_top(sheet: Sheet, axes: Any, run: Run) -> None:
    each = run.steps_per_epoch
    top = axes.secondary_xaxis("top", functions=(lambda steps: steps / each, lambda epochs: epochs * each))
    top.tick_params(colors=sheet.style.ink, labelsize=9.5, length=3)
    top.spines["top"].set_color(sheet.style.grid)
    top.set_xlabel("epoch (one pass over the training digits)", color=sheet.style.ink, fontsize=10)


def _beside(sheet: Sheet, run: Run, step: int | None) -> None:
    left, y = WIDTH - BESIDE, HEIGHT - 1.3
    frame = run.frames - 1 if step is None else run.frame_at(step)
    sheet.write(
        left, y, f"step {int(run.steps[frame]):,} · epoch {run.figure('epoch')[frame]:.1f}", 12, fontweight="bold"
    )
    columns = (left + 2.05, left + 3.2)
    y -= 0.5
    for place, words in zip(columns, ("true\nloss", "accuracy on\nvalidation"), strict=True):
        sheet.write(place, y, words, 9, faint=True, ha="right", va="bottom", linespacing=1.15)
    y -= 0.05
    for start in listed(run.figure("loss")[frame]):
        y -= ROW
        line = Line2D([left / WIDTH, (left + 0.32) / WIDTH], [(y + 0.05) / HEIGHT] * 2, color=start_colour(start))
        line.set(
            linewidth=2, marker=start_marker(start), markersize=6, markevery=[0], transform=sheet.figure.transFigure
        )
        sheet.figure.add_artist(line)
        loss, accuracy = run.figure("loss")[frame, start], run.figure("validation_accuracy")[frame, start]
        sheet.write(left + 0.45, y, run.starts[start].name, 9.5)
        for place, words in zip(columns, (loss_text(float(loss)), f"{100 * accuracy:.1f} %"), strict=True):
            sheet.write(place, y, words, 9.5, ha="right")
    if run.K > MOST_ROWS:
        y -= ROW
        sheet.write(left + 0.45, y, f"and {run.K - MOST_ROWS} starts with a higher loss", 9.5, faint=True)
    _key(sheet, run, left, y - 0.25)


def _key(sheet: Sheet, run: Run, left: float, y: float) -> None:
    measured, checked = (len(run.measured(which)[1]) for which in ("training", "validation"))
    looks = (
        ({"linewidth": 1.9}, f"mean over {measured:,} training digits"),
        ({"linewidth": 1.2, "linestyle": (0, (4, 2))}, f"mean over {checked:,} validation digits"),
        ({"linewidth": 1.0, "alpha": 0.45}, f"mini-batch, mean of ~{SMOOTHED_OVER} steps"),
    )
    for look, words in looks:
        y -= 0.27
        line = Line2D([left / WIDTH, (left + 0.32) / WIDTH], [(y + 0.05) / HEIGHT] * 2, color=sheet.style.ink, **look)
        line.set_transform(sheet.figure.transFigure)
        sheet.figure.add_artist(line)
        sheet.write(left + 0.45, y, words, 9.5)
    convention = COSTS[run.setup.network.cost].convention.removesuffix("; mean over examples")
    y = sheet.paragraph(left, y - 0.2, BESIDE - 0.4, f"Loss: {convention}.")
    ended = [
        f"{run.starts[start].name} ({stop.word}, step {stop.step:,})" for start, stop in enumerate(run.stops) if stop
    ]
    if ended:
        more = f" and {len(ended) - MOST_ROWS} more" if len(ended) > MOST_ROWS else ""
        sheet.paragraph(left, y - 0.1, BESIDE - 0.4, f"Ended early: {', '.join(ended[:MOST_ROWS])}{more}.")


def smoothed(losses: NDArray, over: int) -> NDArray:
    """The running mean of each column (S, K) with weights that fade by 1/over a step; it starts at the first loss."""
    kept = 1 - 1 / over
    mean = np.empty_like(losses)
    total, weight = np.zeros(losses.shape[1]), 0.0
    for row, loss in enumerate(losses):
        total, weight = kept * total + loss, kept * weight + 1
        mean[row] = total / weight
    return mean


def _top(losses: NDArray) -> float:
    """Where to cut an explosion: four times the largest first loss."""
    first = losses[0][np.isfinite(losses[0])]
    return 4 * float(first.max()) if len(first) else np.inf
