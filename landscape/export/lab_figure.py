"""Pictures of what the lab finds: `lab_figure` draws any of its results."""

from typing import Any

import numpy as np

from landscape.export.lab_chart import INK, Chart, Series, drawing
from landscape.export.lab_sheet import LabSheet

MARKED = 0.2  # markers stand so far apart on a long line, as a share of its length
FEW = 12  # points; on a line of no more, each has its marker


def lab_figure(result: Any, style: str = "light") -> Any:
    """A matplotlib Figure of a result of the lab, with the sentences in which it says itself; style "light" or "dark"."""
    drawn = drawing(result)
    sheet = LabSheet(drawn.title, drawn.sentences, style, drawn.under)
    for axes, chart in zip(sheet.plots(len(drawn.charts)), drawn.charts, strict=True):
        _draw(sheet, axes, chart)
    return sheet.figure


def _draw(sheet: LabSheet, axes: Any, chart: Chart) -> None:
    for series in chart.series:
        _draw_series(sheet, axes, series)
    for mark in chart.marks:
        line = axes.axvline if mark.upright else axes.axhline
        line(mark.at, color=_colour(sheet, mark.colour), linewidth=1.4, linestyle=(0, (4, 2)), label=mark.label)
    if chart.x_log:
        axes.set_xscale("log")
    if chart.y_log:
        axes.set_yscale("log")
    if chart.x_range:
        axes.set_xlim(*chart.x_range)
    if chart.y_range:
        axes.set_ylim(*chart.y_range)
    if chart.rows:
        axes.set_yticks(range(len(chart.rows)), list(chart.rows))
        axes.set_ylim(len(chart.rows) - 0.5, -0.5)
    sheet.label(axes, chart.x, chart.y)
    if any(series.label for series in chart.series) or chart.marks:
        sheet.key(axes, loc=chart.key)


def _draw_series(sheet: LabSheet, axes: Any, series: Series) -> None:
    colour = _colour(sheet, series.colour)
    if series.low is not None and series.high is not None:
        axes.fill_between(series.x, series.low, series.high, color=colour, alpha=0.25, linewidth=0)
    label = series.label or "_nolegend_"
    if np.ndim(series.sizes):
        area = np.square(series.sizes)
        axes.scatter(series.x, series.y, s=area, c=colour, marker=series.marker, alpha=series.strength, label=label)
        return
    look = {"color": colour, "label": label, "alpha": series.strength, "linewidth": series.width}
    look |= {"linestyle": (0, (4, 2)) if series.dashed else "-" if series.width else "none"}
    if series.marker:
        look |= {"marker": series.marker, "markersize": series.sizes}
        look |= {"markeredgewidth": 1.8} if series.marker == "|" else {}
        look |= {"markevery": MARKED} if series.width and len(series.x) > FEW else {}
    if series.errors is not None:
        axes.errorbar(series.x, series.y, series.errors, capsize=3, **look)
    else:
        axes.plot(series.x, series.y, **look)


def _colour(sheet: LabSheet, colour: str) -> str:
    return sheet.style.ink if colour == INK else colour
