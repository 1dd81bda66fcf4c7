"""The command about one step: worked out by hand, on a page."""

from pathlib import Path
from typing import Annotated

import typer

from landscape.cli.choice import opened_run, with_digits
from landscape.cli.console import report
from landscape.cli.options import Data, Json


def by_hand(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A .landscape file.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The page to write, .html; its numbers go beside it, .csv.")],
    update: Annotated[int, typer.Option(help="Which update, from 1.")] = 1,
    start: Annotated[int, typer.Option(help="Of which start, from 0.")] = 0,
    example: Annotated[int, typer.Option(min=0, help="Which digit of the mini-batch, where only one is shown.")] = 0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write one gradient step as a page with its sums, to follow with a pocket calculator."""
    from landscape.export.by_hand import write_by_hand

    opened = opened_run(run)
    if data is not None:
        opened.setup = with_digits(opened.setup, data)
    page, table = write_by_hand(opened, start, update, out, example=example)
    report(
        [f"update {update:,} of {opened.starts[start].name} by hand: {page}, numbers: {table}"],
        {"update": update, "start": start, "page": page, "table": table},
        as_json,
    )
