"""The command about a run along one straight line."""

from pathlib import Path
from typing import Annotated

import typer

from landscape.cli.choice import opened_run
from landscape.cli.console import follow, report
from landscape.cli.options import Data, Json


def line(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A .landscape file.")],
    first: Annotated[
        str, typer.Option("--from", help="End A: start:N (where start N began), end:N, or best.")
    ] = "start:0",
    last: Annotated[str, typer.Option("--to", help="End B: start:N, end:N, or best.")] = "best",
    points: Annotated[int, typer.Option(min=7, max=1001, help="Points on the line.")] = 61,
    picture: Annotated[Path | None, typer.Option("--picture", help="A picture to draw: .png, .svg or .pdf.")] = None,
    table: Annotated[Path | None, typer.Option("--table", help="The points as a table: .csv.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Loss and accuracy on the straight line between two of a run's models, and the barrier between them."""
    from landscape.export.destination import check_destination
    from landscape.export.line_figure import write_line, write_line_table
    from landscape.export.picture import ENDINGS
    from landscape.lab.profile import SETS, profiling
    from landscape.run.chosen_line import line_between

    for path, endings, what in ((picture, ENDINGS, "a picture"), (table, (".csv",), "a table")):
        if path is not None:
            check_destination(path, endings, what)
    opened = opened_run(run, data)
    chosen = line_between(opened, first, last)
    *_, found = follow(profiling(opened, chosen, points), "evaluating the line")
    lines = list(found.sentences)
    if picture is not None:
        lines.append(f"written: {write_line(opened, found, picture)}")
    if table is not None:
        lines.append(f"written: {write_line_table(opened, found, table)}")
    figures = {
        which: {
            "loss": found.curves[which].loss.tolist(),
            "accuracy": found.curves[which].accuracy.tolist(),
            "barrier": found.between(which).barrier,
        }
        for which in SETS
    }
    ends = {"from": chosen.a.name, "to": chosen.b.name, "distance": chosen.distance, "share": chosen.share}
    report(lines, {**ends, "t": found.t.tolist(), **figures, "picture": picture, "table": table}, as_json)
