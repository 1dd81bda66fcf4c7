"""The command line: every command wraps a generator of the core in a progress bar.

What a user can mend is one line on stderr and exit code 2; Ctrl+C is 130, with what was done so far kept.
"""

import re
import shutil
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from landscape._version import __version__
from landscape.cli import options
from landscape.cli.choice import changed_setup, chosen_setup, opened_run
from landscape.cli.console import follow, report, say
from landscape.cli.experiments import lab_command
from landscape.cli.glossary import explain
from landscape.cli.line import line
from landscape.cli.models import classify, compare, info
from landscape.cli.sources import data, presets
from landscape.cli.step import by_hand, step, weights
from landscape.cli.summary import best_lines, coverage_figures, coverage_lines, ended_lines, run_figures
from landscape.errors import LandscapeError, RecordError, SetupError
from landscape.lab.experiments import EXPERIMENTS
from landscape.run import Run, exploring, go_on
from landscape.run.choice import USUAL
from landscape.run.exploration import Explored
from landscape.run.measured import digits_of
from landscape.run.portrait import CELLS, PLANES, Portrait, evaluating, portray
from landscape.surface import Surface
from landscape.surface.measure import THE_LOSS, Measure
from landscape.surface.noise import noise_sentence

INTERRUPTED = 130

app = typer.Typer(
    name="landscape",
    help="See gradient descent: train small networks on MNIST and watch them descend their cost surface. "
    "Without a command the window opens; `landscape FILE.landscape` opens a run in it.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

RunFile = Annotated[Path, typer.Argument(metavar="RUN", help="A .landscape file.")]
PlaneChoice = Annotated[str, typer.Option("--plane", help=f"The plane: {', '.join(PLANES)}.")]


for command in (data, presets, info, classify, compare, line, step, weights):
    app.command()(command)
app.command("by-hand")(by_hand)
for experiment in EXPERIMENTS.values():
    app.command(experiment.name)(lab_command(experiment))
app.command("glossary")(explain)


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code: the one place where errors become sentences."""
    try:
        return app(arguments, prog_name="landscape", standalone_mode=False) or 0
    except LandscapeError as error:
        say(f"landscape: {error}")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say("landscape: stopped")
        return INTERRUPTED
    except Exception as error:
        if not hasattr(error, "format_message"):  # a mistyped command or option; anything else is a bug
            raise
        say(f"landscape: {error.format_message()} (see `landscape --help`)")
        return 2


def _show_version(wanted: bool) -> None:
    if wanted:
        report([f"landscape {__version__}"], {}, False)
        raise typer.Exit


@app.callback()
def landscape(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    """See gradient descent. Without a command the window opens."""


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for all that is made.")],
    setup: Annotated[str, typer.Option("--setup", help="A setup file, or a preset's name.")] = "",
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """The main job without a window: descents from several starts, surfaces, pictures, film, tables, run and model."""
    chosen = chosen_setup(setup, data)
    folder = _new_folder(out)
    run, stopped = _descended(exploring(chosen))
    if stopped:
        # Under a name of its own: a whole run from before is not replaced by a part of one.
        _save_stopped(run, folder / "run-stopped.landscape")
        raise typer.Exit(INTERRUPTED)
    written = [*_bundle(run, USUAL, folder), *_starts_pictures(run, folder)]
    report(
        [*best_lines(run), f"written to {folder}: {', '.join(sorted(_relative(written, folder)))}"],
        {**run_figures(run), "folder": folder, "written": [str(path) for path in written]},
        as_json,
    )


@app.command()
def train(
    setup: Annotated[str, typer.Argument(help="A setup file, a preset's name, or a run to go on with.")] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The run file to write.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="A changed setting, such as descent.learning_rate=0.3.")
    ] = None,
    epochs: Annotated[float | None, typer.Option(help="Passes over the training digits.")] = None,
    data: options.Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run file of that name.")] = False,
    as_json: options.Json = False,
) -> None:
    """Descend as a setup says and write the run; a run that was stopped goes on where it stood."""
    before = Path(setup)
    if setup and (before.is_dir() or before.suffix == ".landscape"):
        if changes:
            raise SetupError("a run goes on with the settings it was made with: leave --set out, or begin a new run")
        unfinished = before if before.is_dir() else None
        target = out or (before.with_suffix("") if unfinished else before)
        if unfinished or target.absolute() != before.absolute():  # a run file may take its own place
            target, _ = _free_place(target, force)
        events = _going_on(opened_run(before, data), epochs)
    else:
        chosen = changed_setup(chosen_setup(setup, data), changes or [], epochs)
        name = re.sub(r"[^\w-]+", "-", Path(setup).stem).strip("-").lower() or "run"
        target, unfinished = _free_place(out or Path(name), force)
        _check_absent(unfinished)
        # The record grows beside its place: if the program is killed, it can be opened and gone on with.
        events = exploring(chosen, unfinished)
    try:
        run, stopped = _descended(events)
    except SetupError:
        if unfinished is not None and unfinished != before:
            shutil.rmtree(unfinished, ignore_errors=True)  # the setup can't descend at all
        raise
    written = _save_stopped(run, target) if stopped else run.save(target)
    report([*ended_lines(run), *best_lines(run), f"written: {written}"], {**run_figures(run), "run": written}, as_json)
    if unfinished is not None:
        shutil.rmtree(unfinished, ignore_errors=True)
    if stopped:
        raise typer.Exit(INTERRUPTED)


@app.command()
def surface(
    run: RunFile,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The .npz or .csv file to write.")] = None,
    plane: PlaneChoice = USUAL,
    cells: options.Cells = CELLS,
    which: options.Digits = "training",
    quantity: options.Quantity = "loss",
    label: options.Class = None,
    example: options.Example = None,
    first: options.First = None,
    penalised: options.Penalised = False,
    noise: options.Noise = False,
    start: options.Start = 0,
    seed: options.PlaneSeed = 0,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Evaluate the loss or the accuracy over a plane through a run and write it as arrays."""
    from landscape.export.destination import check_destination
    from landscape.export.provenance import Provenance
    from landscape.export.surface_table import ENDINGS, write_surface

    opened = opened_run(run, data)
    place = check_destination(out or run.with_name(f"{run.stem}-{plane}.npz"), ENDINGS, "a surface")
    portrait = _portrait(opened, plane, start, seed)
    measure = options.chosen_measure(which, quantity, label, example, first, penalised)
    found = _surface(opened, portrait, cells, measure, noise)
    provenance = Provenance.of(opened, f"surface on the {portrait.words}")
    target = write_surface(found, place, provenance)
    a, b, height = found.lowest()
    below = [] if found.noise is None else [f"{found.noise.mean():.0%} of the cells: {noise_sentence(found)}"]
    report(
        [
            f"{len(found.a)} x {len(found.b)} cells over {found.examples:,} {measure.set_words}, {portrait.words}",
            f"lowest on this grid: {measure.title()} {height:.4f} at ({a:.3g}, {b:.3g})",
            *below,
            *coverage_lines(portrait),
            f"written: {target}",
        ],
        {
            "surface": target,
            "plane": plane,
            "set": which,
            "examples": found.examples,
            "shape": list(found.loss.shape),
            "measure": measure.title(),
            "lowest_on_grid": {"a": a, "b": b, measure.quantity: height},
            "below_noise": None if found.noise is None else float(found.noise.mean()),
            **coverage_figures(portrait),
        },
        as_json,
    )


@app.command()
def export(
    run: RunFile,
    out: Annotated[Path, typer.Option("--out", help="Folder for all that is made.")],
    plane: PlaneChoice = USUAL,
    cells: options.Cells = CELLS,
    which: options.Digits = "training",
    quantity: options.Quantity = "loss",
    label: options.Class = None,
    example: options.Example = None,
    first: options.First = None,
    penalised: options.Penalised = False,
    noise: options.Noise = False,
    start: options.Start = 0,
    seed: options.PlaneSeed = 0,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this file, such as map.svg or surface.stl; may be named again."),
    ] = None,
    diary: Annotated[bool, typer.Option("--diary", help="Only the run's diary, a page for any browser.")] = False,
    tour: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="FROM TO", help="Only a film that turns from one plane to another: tour.gif."),
    ] = None,
    mp4: Annotated[bool, typer.Option("--mp4", help="The tour as MP4, in place of GIF.")] = False,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Write a run's pictures, film, tables, surface and best model into a folder."""
    from landscape.export.bundle import checked_names

    names = checked_names([*(only or ()), *(["diary.html"] if diary else [])]) or None
    measure = options.chosen_measure(which, quantity, label, example, first, penalised)
    opened = opened_run(run, data)
    folder = _new_folder(out)
    if tour is not None:
        written = [_tour(opened, tour, folder / ("tour.mp4" if mp4 else "tour.gif"), cells, measure, start, seed)]
    else:
        written = _bundle(opened, plane, folder, cells, measure, start, seed, names, noise)
    report(
        [f"written to {folder}: {', '.join(sorted(_relative(written, folder)))}"],
        {"folder": folder, "plane": plane, "tour": tour, "written": [str(path) for path in written]},
        as_json,
    )


def _new_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(f"the folder {folder} can't be made: {error.strerror}; choose another") from None
    return folder


def _free_place(target: Path, force: bool) -> tuple[Path, Path]:
    """The run file to write, which may not be there yet, and the folder beside it in which the record grows."""
    if target.suffix != ".landscape":
        target = target.with_name(target.name + ".landscape")
    if target.exists() and not force:
        raise RecordError(f"{target} is there already; choose another name with -o, or replace it with --force")
    _new_folder(target.parent)
    return target, target.with_name(target.name + ".unfinished")


def _check_absent(unfinished: Path) -> None:
    if unfinished.exists():
        raise RecordError(
            f"{unfinished} holds a run that was cut short; "
            f"go on with `landscape train {unfinished}`, or delete that folder"
        )


def _going_on(run: Run, epochs: float | None) -> Iterator[Explored]:
    done = float(run.figure("epoch")[-1])
    if epochs is None and done >= run.setup.descent.epochs:
        raise SetupError(f"the run has descended its {done:g} epochs already; name more of them with --epochs")
    return go_on(run, epochs)


def _descended(events: Iterator[Explored]) -> tuple[Run, bool]:
    """Follow a descent to its end, or to Ctrl+C; the run, and whether it was stopped."""
    run: Run | None = None
    stopped = False
    try:
        for event in follow(events, "descending"):
            run = event.run
    except KeyboardInterrupt:
        stopped = True
    if run is None:
        raise typer.Exit(INTERRUPTED)
    return run, stopped


def _save_stopped(run: Run, target: Path) -> Path:
    target = run.save(target)
    epoch = float(run.figure("epoch")[-1])
    say(f"stopped at step {run.last_step:,} (epoch {epoch:.2f}); the run so far is kept in {target}")
    say(f"go on with `landscape train {target}`")
    return target


def _portrait(run: Run, plane: str, start: int, seed: int) -> Portrait:
    if not 0 <= start < run.K:
        raise SetupError(f"start {start} does not exist: the run has starts 0 to {run.K - 1}")
    return portray(run, plane, start, seed)


def _surface(run: Run, portrait: Portrait, cells: int, measure: Measure, noise: bool = False) -> Surface:
    digits_of(run, measure)  # says at once what is not there
    pictures = evaluating(run, portrait, measure, cells, noise=noise)
    *_, whole = follow(pictures, f"evaluating the surface ({portrait.words})")
    return whole


def _bundle(
    run: Run,
    plane: str,
    folder: Path,
    cells: int = CELLS,
    measure: Measure = THE_LOSS,
    start: int = 0,
    seed: int = 0,
    names: list[str] | None = None,
    noise: bool = False,
) -> list[Path]:
    """Evaluate a surface and write everything that shows the run on it."""
    from landscape.export.bundle import exporting

    portrait = _portrait(run, plane, start, seed)
    found = _surface(run, portrait, cells, measure, noise)
    events = follow(exporting(run, portrait, found, folder, names=names), "writing pictures, film and tables")
    return [event.path for event in events if event.whole]


def _tour(run: Run, planes: tuple[str, str], path: Path, cells: int, measure: Measure, start: int, seed: int) -> Path:
    """Film the way from one plane to another."""
    from landscape.export.tour_film import filming_tour

    before = _portrait(run, planes[0], start, seed)
    again = planes[0] == planes[1]  # from a random plane to another one
    events = filming_tour(run, before, planes[1], path, start=start, seed=seed + again, which=measure, cells=cells)
    deque(follow(events, f"filming the tour to the {planes[1]} plane"), maxlen=0)
    return path


def _starts_pictures(run: Run, folder: Path) -> list[Path]:
    """The plane in which the starts lie, as pictures beside those of the plane by PCA."""
    from landscape.export.map_figure import map_figure
    from landscape.export.picture import write_picture
    from landscape.export.provenance import Provenance
    from landscape.export.relief_figure import relief_figure

    portrait = _portrait(run, "starts", 0, 0)
    scene = (run, portrait, _surface(run, portrait, CELLS, THE_LOSS))
    provenance = Provenance.of(run, PLANES["starts"])
    pictures = {"starts-map.png": map_figure, "starts-relief.png": relief_figure}
    return [write_picture(draw(*scene), folder / name, provenance) for name, draw in pictures.items()]


def _relative(paths: list[Path], folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
