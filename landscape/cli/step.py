"""The commands about one step: taken apart, worked out by hand on a page, and what it does to the weights of every layer."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from landscape.cli.choice import opened_run, with_digits
from landscape.cli.console import report
from landscape.cli.options import Data, Json
from landscape.errors import SetupError
from landscape.run import Run

RunFile = Annotated[Path, typer.Argument(metavar="RUN", help="A .landscape file.")]
UpdateNumber = Annotated[int, typer.Option(help="Which update, from 1.")]
OfStart = Annotated[int, typer.Option(help="Of which start, from 0.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="A picture to draw: .png, .svg or .pdf.")]


def by_hand(
    run: RunFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="The page to write, .html; its numbers go beside it, .csv.")],
    update: UpdateNumber = 1,
    start: OfStart = 0,
    example: Annotated[int, typer.Option(min=0, help="Which digit of the mini-batch, where only one is shown.")] = 0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write one gradient step as a page with its sums, to follow with a pocket calculator."""
    from landscape.export.by_hand import write_by_hand

    opened = _opened(run, data)
    page, table = write_by_hand(opened, start, update, out, example=example)
    report(
        [f"update {update:,} of {opened.starts[start].name} by hand: {page}, numbers: {table}"],
        {"update": update, "start": start, "page": page, "table": table},
        as_json,
    )


def step(
    run: RunFile,
    update: UpdateNumber = 1,
    start: OfStart = 0,
    layer: Annotated[int | None, typer.Option(min=1, help="Layer of the weight to follow, from 1.")] = None,
    row: Annotated[int, typer.Option("--input", min=0, help="Its input, from 0; one past the last is the bias.")] = 0,
    neuron: Annotated[int, typer.Option(min=0, help="Its neuron, from 0.")] = 0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take one gradient step apart: forward, loss, backward, update, and one weight's numbers in it.

    Without --layer the weight with the largest gradient is followed.
    """
    from landscape.run import dissect
    from landscape.run.step_figures import steepest_weight, step_figures, step_lines

    found = dissect(_opened(run, data), start, update)
    weight = steepest_weight(found) if layer is None else (layer - 1, row, neuron)
    report(step_lines(found, weight), step_figures(found, weight), as_json)


def weights(
    run: RunFile,
    update: Annotated[int, typer.Option(min=1, help="Which update, from 1.")] = 1,
    start: OfStart = 0,
    picture: Picture = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Weights, gradients and changes of every layer at one update: their spread, and the update-to-weight ratio."""
    from landscape.run.layer_figures import GUIDE, following, layer_figures
    from landscape.run.update import last_update, update_from

    opened = _opened(run, data)
    if update > opened.last_step:
        raise SetupError(f"update {update:,} does not exist: the run has updates 1 to {opened.last_step:,}")
    found = update_from(opened, start, update - 1)
    if not found.made:
        raise SetupError(
            f"{opened.starts[start].name} made no update {update:,}: {last_update(opened, start):,} was its last"
        )
    lines = [f"update {update:,} of {opened.starts[start].name}, learning rate {found.rate:.3g}"]
    layers = []
    for layer in layer_figures(opened.net, found):
        place = opened.net.layout[layer.layer - 1][0]
        lesson = following(found.theta[place], found.gradient[place], found.change[place])
        lines.append(f"layer {layer.layer}, {layer.shape[0]} → {layer.shape[1]}:")
        for name, spread in layer.spreads.items():
            low, high, mean, deviation = (f"{value:.3g}" for value in asdict(spread).values())
            lines.append(f"  {name:9} {low} to {high}, mean {mean}, standard deviation {deviation}")
        lines.append(f"  ‖change‖ / ‖weights‖ = {layer.ratio:.2g}: {layer.verdict} (guide: {GUIDE:g})")
        lines.append(f"  {lesson.lesson}")
        layers.append(
            {
                "layer": layer.layer,
                "shape": list(layer.shape),
                **{name: asdict(spread) for name, spread in layer.spreads.items()},
                "ratio": layer.ratio,
                "verdict": layer.verdict,
                "change_follows": {"gradient": lesson.gradient, "weight": lesson.weight, "compared": lesson.compared},
            }
        )
    if picture is not None:
        lines.append(f"written: {_drawn(opened, start, update, picture)}")
    figures = {"update": update, "start": start, "learning_rate": found.rate, "guide": GUIDE, "layers": layers}
    report(lines, figures | {"picture": picture}, as_json)


def _drawn(run: Run, start: int, update: int, path: Path) -> Path:
    from landscape.export.destination import check_destination
    from landscape.export.picture import ENDINGS, write_picture
    from landscape.export.provenance import Provenance
    from landscape.export.weights_figure import weights_figure

    check_destination(path, ENDINGS, "a picture")
    return write_picture(weights_figure(run, start, update - 1), path, Provenance.of(run, "weights of an update"))


def _opened(run: Path, data: str | None) -> Run:
    opened = opened_run(run)
    if data is not None:
        opened.setup = with_digits(opened.setup, data)
    return opened
