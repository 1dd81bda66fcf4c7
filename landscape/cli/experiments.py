"""The lab's commands: every experiment with its own settings as options, on the digits of a setup, or on a run."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from landscape.cli.choice import changed_setup, chosen_setup, opened_run
from landscape.cli.console import AnyEvent, follow, report
from landscape.cli.figures import figures
from landscape.cli.options import Data, Json
from landscape.errors import RecordError, SetupError
from landscape.lab.experiment import Experiment, Specimen
from landscape.lab.experiments import SearchExperiment
from landscape.lab.record import read_found, working
from landscape.lab.sanity import SanityChecks

FAILED = 1
INTERRUPTED = 130

SetupName = Annotated[str, typer.Argument(metavar="SETUP", help="A setup file, or a preset's name.")]
RunFile = Annotated[Path, typer.Argument(metavar="RUN", help="A .landscape file.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="A changed setting, such as descent.learning_rate=0.3.")
]
Picture = Annotated[Path | None, typer.Option("--picture", help="A picture to draw: .png, .svg or .pdf.")]
Start = Annotated[int, typer.Option(min=0, help="The start to look at.")]
Step = Annotated[int | None, typer.Option(min=0, help="The step to look at; the last unless told.")]
Trials = Annotated[Path, typer.Option("-o", "--out", help="The file of trials; one that was begun goes on.")]
# What a command is given besides the settings of its experiment: each with its default.
OF_SETUP = {"setup": (SetupName, ""), "changes": (Changes, None)}
OF_RUN = {"run": (RunFile, inspect.Parameter.empty), "start": (Start, 0), "step": (Step, None)}
Kept = Annotated[Path | None, typer.Option("-o", "--out", help="A file to keep the result in; one cut short goes on.")]
OF_ALL = {"picture": (Picture, None), "data": (Data, None), "as_json": (Json, False)}


def lab_command(kind: type[Experiment]) -> Callable[..., None]:
    """The function that typer makes an experiment's command of: its settings are the function's parameters."""
    settings = {field: (_option(info), _shown(info.default)) for field, info in kind.model_fields.items()}
    given: dict[str, tuple[Any, Any]] = {**(OF_RUN if kind.of_run else OF_SETUP), **settings, **OF_ALL}
    if kind.name == "search":
        given |= {"out": (Trials, Path("search.jsonl"))}
    elif kind.resumes:
        given |= {"out": (Kept, None)}

    def command(**values: Any) -> None:
        chosen = {field: _read(kind.model_fields[field], values[field]) for field in settings}
        _perform(kind(**{field: value for field, value in chosen.items() if value is not None}), values)

    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in given.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {name: annotation for name, (annotation, _) in given.items()}
    command.__doc__ = f"{kind.title}: {kind.question}"
    return command


def _option(info: FieldInfo) -> Any:
    """A setting as an option; several values are one word with commas, and everything is checked by the experiment."""
    words = (info.description or "").replace("Empty:", "Left out:")
    if get_origin(info.annotation) is tuple:
        return Annotated[str, typer.Option(help=f"{words} Separated by commas.")]
    numbers = [kind for kind in (int, float) if kind is info.annotation]
    if numbers:
        return Annotated[numbers[0], typer.Option(help=words)]
    if any(get_origin(kind) is Annotated for kind in get_args(info.annotation)):
        return Annotated[float | None, typer.Option(help=words)]
    return Annotated[str, typer.Option(help=f"{words} One of: {', '.join(get_args(info.annotation))}.")]


def _shown(default: Any) -> Any:
    """A default as it would be typed."""
    if not isinstance(default, tuple):
        return default
    return ",".join(f"{each:g}" if isinstance(each, float) else str(each) for each in default)


def _read(info: FieldInfo, value: Any) -> Any:
    several = get_origin(info.annotation) is tuple
    return [part.strip() for part in value.split(",") if part.strip()] if several else value


def _perform(experiment: Experiment, given: dict[str, Any]) -> None:
    """Do an experiment, to its end or to Ctrl+C, and say what it found; exit code 1 if a check fails."""
    specimen = _specimen(experiment, given)
    picture: Path | None = given["picture"]
    if picture is not None:  # before long work begins: nobody waits for a picture that has nowhere to go
        from landscape.export.destination import check_destination
        from landscape.export.picture import ENDINGS

        check_destination(picture, ENDINGS, "a picture")
    found, stopped = _last(_work(experiment, specimen, given.get("out")), experiment.doing)
    told = figures(found) | ({"file": given["out"]} if "out" in given else {})
    _tell(found, told, specimen, picture, stopped, given["as_json"])
    if isinstance(found, SanityChecks) and not found.passed:
        raise typer.Exit(FAILED)


def _work(experiment: Experiment, specimen: Specimen, out: Path | None) -> Iterator[Any]:
    """The experiment, or what is left of it where a file holds the beginning; a whole result is told again."""
    if isinstance(experiment, SearchExperiment):  # its file has a line for every trial
        return experiment.work(specimen, path=out)
    if out is not None:  # before long work begins
        from landscape.export.destination import check_folder

        check_folder(out.parent)
    before = read_found(out) if out is not None else None
    if before is None:
        return working(experiment, specimen, out)
    if (before.experiment, before.of) != (experiment, specimen.identity(experiment.of_run)):
        raise RecordError(
            f"{out} holds another experiment, or other settings; choose another file, or the same settings"
        )
    return iter([before.result]) if before.whole else working(experiment, specimen, out, before)


def _specimen(experiment: Experiment, given: dict[str, Any]) -> Specimen:
    if experiment.of_run:
        return Specimen.of_run(opened_run(given["run"], given["data"]), given["start"], given["step"])
    setup = changed_setup(chosen_setup(given["setup"], given["data"]), given["changes"] or [], None)
    return Specimen(setup, setup.load_digits())


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
    found: Any, told: dict[str, Any], specimen: Specimen, picture: Path | None, stopped: bool, as_json: bool
) -> None:
    """The result in sentences or figures, and as a picture if one is wanted."""
    lines = [*(["Stopped; this is what was found so far."] if stopped else []), *str(found).splitlines()]
    if picture is not None:
        from landscape.export.lab_figure import lab_figure
        from landscape.export.picture import write_picture
        from landscape.export.provenance import Provenance

        provenance = Provenance(specimen.setup.to_toml(), title=lines[0])
        lines.append(f"written: {write_picture(lab_figure(found), picture, provenance)}")
    report(lines, {**told, "stopped": stopped, "picture": picture}, as_json)
    if stopped:
        raise typer.Exit(INTERRUPTED)
