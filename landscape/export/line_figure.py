"""A run along one straight line, as a picture with its barrier in words, and as a table."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from landscape.export.comparison_figure import dressed
from landscape.export.csv_table import write_csv
from landscape.export.destination import check_destination
from landscape.export.loss_scale import LossScale, tick_text
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.export.sheet import Sheet
from landscape.export.style import outlined, start_colour, start_marker, style_of
from landscape.lab.profile import SETS, Profile
from landscape.run import Run
from landscape.writing import written_whole

WIDTH, HEIGHT = 10.0, 7.4  # inches
LEFT, RIGHT = 0.95, 0.35
DASHES: dict[str, Any] = {"training": "-", "validation": (0, (4, 2))}
COLUMNS = ("run", "t", "distance", "loss_training", "accuracy_training", "loss_validation", "accuracy_validation")


def line_figure(found: Profile, *, style: str = "light", scale: str = "log") -> Any:
    """A matplotlib Figure of loss ("log" or "linear" `scale`) and accuracy along a line, its ends marked and named."""
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    sheet.write(0.45, HEIGHT - 0.5, "Along a straight line from A to B", 16, fontweight="bold")
    top = HEIGHT - 0.65
    for sentence in found.sentences:
        top = sheet.paragraph(0.45, top - 0.02, WIDTH - 0.8, sentence, 9.5)
    width, room = WIDTH - LEFT - RIGHT, top - 1.55
    loss = dressed(sheet, sheet.axes(LEFT, 0.95 + 0.4 * room + 0.25, width, 0.6 * room))
    accuracy = dressed(sheet, sheet.axes(LEFT, 0.95, width, 0.4 * room))
    _draw(sheet, loss, found, "loss", 1.0)
    _draw(sheet, accuracy, found, "accuracy", 100.0)
    _scaled(loss, found, scale)
    loss.set_ylabel("loss (logarithmic)" if scale == "log" else "loss", color=sheet.style.ink, fontsize=10)
    loss.tick_params(labelbottom=False)
    accuracy.set_ylabel("accuracy in %", color=sheet.style.ink, fontsize=10)
    accuracy.set_xlabel(r"t: 0 at A, 1 at B; θ = (1 − t)·θ$_A$ + t·θ$_B$", color=sheet.style.ink, fontsize=10)
    counts = " · ".join(
        f"{'solid' if which == 'training' else 'dashed'}: {found.curves[which].examples:,} {which} digits"
        for which in SETS
        if which in found.curves
    )
    sheet.write(LEFT, 0.22, counts, 9, faint=True)
    return sheet.figure


def write_line(run: Run, found: Profile, path: str | Path, *, style: str = "light", scale: str = "log") -> Path:
    """Write that picture; the ending (.png, .svg, .pdf) chooses the format."""
    title = f"Along a line: from {found.line.a.name} to {found.line.b.name}"
    return write_picture(line_figure(found, style=style, scale=scale), path, Provenance.of(run, title))


def write_line_table(run: Run, found: Profile, path: str | Path) -> Path:
    """Write the profile as CSV: COLUMNS and what made it, one row for each t; `distance` is that from A, negative before it."""
    path = check_destination(path, (".csv",), "a table")
    provenance = Provenance.of(run)
    figures = [found.t, found.t * found.line.distance]
    for which in SETS:
        curve = found.curves[which]
        figures += [curve.loss, curve.accuracy]
    columns = dict(zip(COLUMNS, [np.full(len(found.t), provenance.run_name), *figures], strict=True))
    written_whole(path, partial(write_csv, columns=columns, provenance=provenance))
    return path


def _draw(sheet: Sheet, axes: Any, found: Profile, quantity: str, factor: float) -> None:
    ink = sheet.style.ink
    for which, curve in found.curves.items():
        axes.plot(curve.t, factor * getattr(curve, quantity), color=ink, linewidth=1.8, linestyle=DASHES[which])
    for letter, t, end in (("A", 0, found.line.a), ("B", 1, found.line.b)):
        axes.axvline(t, color=sheet.style.faint, linewidth=1, linestyle=(0, (1, 2)))
        height = factor * float(getattr(found.between(), quantity)[-t])  # the first of them at 0, the last at 1
        look = {"color": ink, "marker": "o"}
        if end.start is not None:
            look = {"color": start_colour(end.start), "marker": start_marker(end.start)}
        axes.plot([t], [height], markersize=9, linestyle="none", path_effects=outlined(2), zorder=5, **look)
        axes.annotate(
            letter, (t, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points", color=ink,
            fontweight="bold", ha="center",
        )  # fmt: skip
    axes.set_xlim(float(found.t[0]), float(found.t[-1]))


def _scaled(axes: Any, found: Profile, scale: str) -> None:
    if scale != "log":
        return
    limits = LossScale.over("log", *(curve.loss for curve in found.curves.values()))
    axes.set_yscale("log")
    axes.set_ylim(limits.low / 1.15, limits.high * 1.15)
    ticks = limits.ticks(6)
    axes.set_yticks(ticks, [tick_text(tick) for tick in ticks])
    axes.set_yticks([], minor=True)
