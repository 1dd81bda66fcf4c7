"""One update inside a network, laid out for a slide: first-layer weights, gradient and change as pictures, and their figures."""

import math
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from landscape.export.map_figure import HEIGHT, WIDTH
from landscape.export.sheet import Sheet
from landscape.export.style import style_of
from landscape.run import Run
from landscape.run.layer_figures import GUIDE, LayerFigures, Spread, following, layer_figures
from landscape.run.update import Update, last_update, update_from
from landscape.run.weight_cloud import WeightCloud, weight_cloud
from landscape.run.weight_picture import WeightPictures, weight_pictures

# Blue, white, red: parts at zero and can be read with any kind of colour vision (ColorBrewer's RdBu).
DIVERGING = "RdBu_r"
SIDE, BETWEEN = 3.55, 0.5  # inches
LEFT = 6.95  # of the table, in inches
GAP = 2  # pixels of a digit between two pictures
MOST_LAYERS = 3


def weights_figure(run: Run, start: int, step: int | None = None, *, style: str = "light") -> Any:
    """A matplotlib Figure of the update that leads a start on from `step` (None, or at the end: the last it made).

    Shown are the weights of the first layer, their gradient on the mini-batch and their change; each layer's figures.
    Raises SetupError for a step or a start that does not exist, or a run whose steps are not known.
    """
    end = max(0, last_update(run, start) - 1) if 0 <= start < run.K else 0
    update = update_from(run, start, end if step is None else min(step, end) if step <= run.last_step else step)
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    _heading(sheet, run, update)
    at = run.net.layout[0][0]
    vectors = {"weights": update.theta, "gradient": update.gradient, "change": update.change}
    for place, (name, vector) in enumerate(vectors.items()):
        pictures = weight_pictures(run.net, run.digits, 1, vector)
        _draw_pictures(sheet, 0.45 + place * (SIDE + BETWEEN), 3.2, name, pictures)
    weights, gradient, change = (vector[at] for vector in vectors.values())
    clouds = (weight_cloud(gradient, change), "|gradient|"), (weight_cloud(weights, change), "|weight|")
    for place, (cloud, along) in enumerate(clouds):
        _draw_cloud(sheet, 1.15 + 2.95 * place, cloud, along, update.rate if not place else None, not place)
    found = following(weights, gradient, change)
    y = _table(sheet, LEFT, 2.55, layer_figures(run.net, update))
    sheet.paragraph(LEFT, y - 0.05, WIDTH - LEFT - 0.3, f"Layer 1: {found.lesson}", 9.5)
    return sheet.figure


def _heading(sheet: Sheet, run: Run, update: Update) -> None:
    made = "" if update.made else " (not made: the descent had ended)"
    sheet.write(
        0.45, HEIGHT - 0.5, f"Update {update.n:,} of {run.starts[update.start].name}{made}", 16, fontweight="bold"
    )
    sizes = "-".join(map(str, run.net.sizes))
    activation = f" {run.net.activation}" if len(run.net.sizes) > 2 else ""
    words = (
        f"{sizes}{activation}, {len(update.batch):,} digits in the mini-batch, their loss {update.loss:.3g}, "
        f"learning rate {update.rate:.3g}"
    )
    sheet.write(0.45, HEIGHT - 0.8, words, 10.5, faint=True)


def _draw_pictures(sheet: Sheet, left: float, bottom: float, name: str, pictures: WeightPictures) -> None:
    mosaic = tiled(pictures.values)
    rows, columns = mosaic.shape
    size = min(SIDE / columns, SIDE / rows)
    width, height = size * columns, size * rows
    top = bottom + SIDE
    axes = sheet.axes(left, top - height, width, height)
    limit = pictures.limit or 1.0
    # Whole pixels in a file of points as well: each weight keeps its own colour.
    image = axes.imshow(mosaic, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest")
    axes.set_axis_off()
    neuron = "a neuron's pixels, through PCA" if pictures.through else "one picture a neuron"
    what = neuron if pictures.pixels else "a row a neuron, a column an input"
    sheet.write(left, top + 0.1, f"{name[0].upper()}{name[1:]}", 11.5, fontweight="bold")
    sheet.write(left + SIDE, top + 0.1, what, 9, faint=True, ha="right")
    bar = sheet.axes(left + 0.25, top - height - 0.2, 1.2, 0.09)
    colours = sheet.figure.colorbar(image, cax=bar, orientation="horizontal", ticks=[-limit, 0, limit])
    colours.ax.set_xticklabels([f"−{pictures.limit:.2g}", "0", f"{pictures.limit:.2g}"])
    colours.ax.tick_params(colors=sheet.style.ink, labelsize=8, length=2)
    colours.outline.set_edgecolor(sheet.style.grid)
    beyond = f"{pictures.beyond:,} of {pictures.values.size:,} lie beyond"
    sheet.write(left + 1.8, top - height - 0.19, beyond, 8.5, faint=True)


def tiled(values: NDArray) -> NDArray:
    """Pictures (n, rows, columns) as one, about square, with gaps of NaN between them."""
    count, rows, columns = values.shape
    across = max(1, math.ceil(math.sqrt(count * rows / columns)))
    down = -(-count // across)
    mosaic = np.full((down * (rows + GAP) - GAP, across * (columns + GAP) - GAP), np.nan)
    for k, picture in enumerate(values):
        y, x = k // across * (rows + GAP), k % across * (columns + GAP)
        mosaic[y : y + rows, x : x + columns] = picture
    return mosaic


def _draw_cloud(sheet: Sheet, left: float, cloud: WeightCloud, along: str, rate: float | None, first: bool) -> None:
    axes = sheet.axes(left, 0.65, 2.6, 1.9)
    axes.set_facecolor(sheet.style.paper)
    axes.set_xscale("log")
    axes.set_yscale("log")
    if not cloud.empty:
        x, y = (np.logspace(*ends, len(cloud.counts) + 1) for ends in (cloud.x, cloud.y))
        counts = np.where(cloud.counts > 0, cloud.counts, np.nan)
        axes.pcolormesh(x, y, counts, norm=LogNorm(0.4, max(2.0, cloud.counts.max())), rasterized=True)
        if rate:
            axes.plot(x[[0, -1]], rate * x[[0, -1]], color=sheet.style.ink, linewidth=1, linestyle=(0, (3, 2)))
        axes.set_xlim(x[0], x[-1])
        axes.set_ylim(y[0], y[-1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(numticks=5))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel(along, color=sheet.style.ink, fontsize=10)
    if first:
        axes.set_ylabel("|change|", color=sheet.style.ink, fontsize=10)
        axes.set_title("dashed: η · |gradient|", color=sheet.style.faint, fontsize=9, loc="left", pad=3)
    else:
        axes.set_yticklabels([])
    axes.tick_params(colors=sheet.style.ink, labelsize=8.5, length=3)
    for spine in axes.spines.values():
        spine.set_color(sheet.style.grid)


def _table(sheet: Sheet, left: float, top: float, figures: tuple[LayerFigures, ...]) -> float:
    """The figures of the layers; returns where the table ends."""
    columns = tuple(left + place for place in (2.4, 3.1, 3.85, 4.5, 5.5))
    for place, words in zip(columns, ("min", "max", "mean", "std", "‖change‖ /\n‖weights‖"), strict=True):
        sheet.write(place, top, words, 9, faint=True, ha="right", va="bottom", linespacing=1.15)
    y = top
    for found in figures[:MOST_LAYERS]:
        y -= 0.06
        for row, name in enumerate(("weights", "change")):
            y -= 0.2
            if not row:
                sheet.write(left, y, f"layer {found.layer}: {found.shape[0]} → {found.shape[1]}", 9)
                sheet.write(columns[-1], y, f"{found.ratio:.2g}  {found.verdict}", 9, ha="right")
            sheet.write(left + 1.28, y, name, 9)
            for place, value in zip(columns, _values(found.spreads[name]), strict=False):
                sheet.write(place, y, _short(value), 9, ha="right")
    more = f" ({len(figures) - MOST_LAYERS} more layers are left out)" if len(figures) > MOST_LAYERS else ""
    words = f"A guide for the ratio is {GUIDE:g}: far below it the rate may be too low, far above it too high{more}."
    return sheet.paragraph(left, y - 0.08, WIDTH - left - 0.3, words, 9.5)


def _values(spread: Spread) -> tuple[float, ...]:
    return spread.low, spread.high, spread.mean, spread.deviation


def _short(value: float) -> str:
    return f"{value:.2g}".replace("e-0", "e-").replace("-", "−")
