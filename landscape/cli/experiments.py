"""The lab's commands: experiments on the network and the digits of a setup."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landscape.cli.choice import changed_setup, chosen_setup
from landscape.cli.console import AnyEvent, follow, report
from landscape.cli.options import Data, Json
from landscape.errors import SetupError

if TYPE_CHECKING:
    from landscape.data import Digits
    from landscape.run import Setup

FAILED = 1
INTERRUPTED = 130
USUAL_L2 = 1e-3  # a strength to check the regularisation with, where the setup has none

SetupName = Annotated[str, typer.Argument(metavar="SETUP", help="A setup file, or a preset's name.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="A changed setting, such as descent.learning_rate=0.3.")
]
Picture = Annotated[Path | None, typer.Option("--picture", help="A picture to draw: .png, .svg or .pdf.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all that is drawn at random.")]


def check(
    setup: SetupName = "",
    changes: Changes = None,
    steps: Annotated[int, typer.Option(help="Steps in which 20 digits must be learnt by heart.")] = 2000,
    seed: Seed = 0,
    picture: Picture = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Sanity checks: first loss, regularisation, 20 digits learnt by heart, gradient. Exit code 1 if one fails."""
    from landscape.lab import checking_sanity
    from landscape.run.exploration import first_weights

    chosen, digits = _chosen(setup, changes, data)
    _check_picture(picture)
    net = chosen.build_network()
    train, descent = digits.train, chosen.descent
    events = checking_sanity(
        net, train.images, train.labels, first_weights(chosen, net),
        optimiser=descent.build_optimiser(), l2=descent.l2 or USUAL_L2, steps=steps, seed=seed,
    )  # fmt: skip
    found, stopped = _last(events, "checking")
    figures = {"passed": found.passed, "checks": [vars(each) for each in found.checks]}
    _tell(found, figures, chosen, picture, stopped, as_json)
    if not found.passed:
        raise typer.Exit(FAILED)


def lr_range(
    setup: SetupName = "",
    changes: Changes = None,
    low: Annotated[float, typer.Option(help="The rate to begin with.")] = 1e-5,
    high: Annotated[float, typer.Option(help="The rate to end with.")] = 10.0,
    steps: Annotated[int, typer.Option(help="Updates in the whole sweep.")] = 1000,
    batch_size: Annotated[int, typer.Option(help="Digits in a mini-batch.")] = 128,
    seed: Seed = 0,
    picture: Picture = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Learning-rate range test: raise the rate until the loss explodes, and suggest one."""
    from landscape.lab import sweeping_rates
    from landscape.run.exploration import first_weights

    chosen, digits = _chosen(setup, changes, data)
    _check_picture(picture)
    net = chosen.build_network()
    train, descent = digits.train, chosen.descent
    events = sweeping_rates(
        net, first_weights(chosen, net), train.images, train.labels, low, high, steps, batch_size, seed,
        optimiser=descent.build_optimiser(), l2=descent.l2,
    )  # fmt: skip
    found, stopped = _last(events, "raising the learning rate")
    figures = {
        "rates": found.rates.tolist(),
        "losses": found.losses.tolist(),
        "smoothed": found.smoothed.tolist(),
        "steepest": found.steepest,
        "largest": found.largest,
        "suggestion": found.suggestion,
        "exploded": found.exploded,
    }
    _tell(found, figures, chosen, picture, stopped, as_json)


def search(
    setup: SetupName = "",
    changes: Changes = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file of trials; one that was begun goes on.")] = Path(
        "search.jsonl"
    ),
    coarse: Annotated[int, typer.Option(help="Short trials over the whole ranges.")] = 24,
    fine: Annotated[int, typer.Option(help="Trials three times as long between the best of those.")] = 12,
    epochs: Annotated[float, typer.Option(help="Length of a coarse trial.")] = 1.0,
    seed: Seed = 0,
    picture: Picture = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Coarse-to-fine random search for learning rate, regularisation and hidden size."""
    from dataclasses import asdict

    from landscape.lab import searching

    chosen, digits = _chosen(setup, changes, data)
    _check_picture(picture)
    events = searching(chosen, out, digits, coarse=coarse, fine=fine, epochs=epochs, seed=seed)
    found, stopped = _last(events, "searching")
    figures = {
        "trials": [asdict(trial) for trial in found.trials],
        "best": asdict(found.best) if found.best else None,
        "warnings": list(found.warnings),
        "file": out,
    }
    _tell(found, figures, chosen, picture, stopped, as_json)


def restarts(
    setup: SetupName = "",
    changes: Changes = None,
    count: Annotated[int, typer.Option("--restarts", help="Descents from each kind of start.")] = 8,
    long_runs: Annotated[int, typer.Option(help="Descents as long as all restarts together.")] = 4,
    epochs: Annotated[float | None, typer.Option(help="Length of one descent; the setup's unless told.")] = None,
    seed: Seed = 0,
    picture: Picture = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Do restarts help: the best of several descents against one long one at equal cost."""
    from landscape.lab import restarting

    chosen, digits = _chosen(setup, changes, data)
    _check_picture(picture)
    events = restarting(chosen, digits, count=count, long_runs=long_runs, epochs=epochs, seed=seed)
    found, stopped = _last(events, "descending")
    whole = found.long_runs.shape[1] == found.count
    figures = {
        "updates": found.updates,
        "losses": {kind: losses.tolist() for kind, losses in found.losses.items()},
        "expected_best": found.expected.tolist(),
        "band": found.band.tolist(),
        "long_runs": found.long_runs.tolist(),
        "verdict": found.verdict if whole else None,
    }
    _tell(found, figures, chosen, picture, stopped, as_json)


def _chosen(name: str, changes: list[str] | None, data: str | None) -> "tuple[Setup, Digits]":
    """The setup, and its digits."""
    from landscape.data import load_digits

    setup = changed_setup(chosen_setup(name, data), changes or [], None)
    chosen = setup.data
    source = None if chosen.source == "embedded" else chosen.source
    return setup, load_digits(source, classes=chosen.classes, preprocess=chosen.preprocess)


def _check_picture(picture: Path | None) -> None:
    """Before long work begins: nobody waits for a picture that has nowhere to go."""
    if picture is not None:
        from landscape.export.destination import check_destination
        from landscape.export.picture import ENDINGS

        check_destination(picture, ENDINGS, "a picture")


def _last(events: Iterator[AnyEvent], title: str) -> tuple[AnyEvent, bool]:
    """Follow a work to its end, or to Ctrl+C; its last result, and whether it was stopped."""
    last: AnyEvent | None = None
    stopped = False
    try:
        for event in follow(events, title):
            last = event
    except KeyboardInterrupt:
        stopped = True
    if last is None:
        if stopped:
            raise typer.Exit(INTERRUPTED)
        raise SetupError("there was nothing to do")
    return last, stopped


def _tell(
    found: Any, figures: dict[str, Any], setup: "Setup", picture: Path | None, stopped: bool, as_json: bool
) -> None:
    """The result in sentences or figures, and as a picture if one is wanted."""
    lines = [*(["Stopped; this is what was found so far."] if stopped else []), *str(found).splitlines()]
    if picture is not None:
        from landscape.export.lab_figure import lab_figure
        from landscape.export.picture import write_picture
        from landscape.export.provenance import Provenance

        provenance = Provenance(setup.to_toml(), title=lines[0])
        lines.append(f"written: {write_picture(lab_figure(found), picture, provenance)}")
    report(lines, {**figures, "stopped": stopped, "picture": picture}, as_json)
    if stopped:
        raise typer.Exit(INTERRUPTED)
