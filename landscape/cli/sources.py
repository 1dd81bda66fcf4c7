"""What a run can begin with: digits and presets."""

from pathlib import Path
from typing import Annotated, Any

import typer

from landscape.cli.console import follow, report
from landscape.cli.options import Json
from landscape.errors import SetupError


def data(
    folder: Annotated[str | None, typer.Argument(metavar="DIR", help="A folder with MNIST's four IDX files.")] = None,
    fetch_all: Annotated[bool, typer.Option("--fetch", help="Download the full MNIST, checked by sha256.")] = False,
    classes: Annotated[
        str | None, typer.Option(help="Only these digits, such as 3,7; and how far pixel similarity tells them apart.")
    ] = None,
    preprocess: Annotated[
        str | None, typer.Option(help="What is done to the pixels, such as scale,centre,pca:50; stage by stage.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="A picture of some digits after every stage: .png, .svg or .pdf.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which digits there are, check a folder of them, or download the full set."""
    from landscape.cli.preparing import baseline, stages
    from landscape.data import cache_folder, default_source, fetch, load_digits

    if fetch_all:
        for _ in follow(fetch(folder), "downloading MNIST"):
            pass
        folder = str(cache_folder()) if folder is None else folder
    source = folder or default_source()
    digits = load_digits(source, chosen_classes(classes))
    counts = {"train": len(digits.train), "validation": len(digits.validation), "test": len(digits.test)}
    lines = [f"{digits.source}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items())]
    if source is None:
        lines.append("The full MNIST: `landscape data --fetch`, or a folder of your own: `landscape data DIR`.")
    figures: dict[str, Any] = {"source": source or "embedded", "description": digits.source, **counts}
    if classes is not None:
        told, figures["pixel_similarity"] = baseline(digits)
        lines += told
    if preprocess is not None or picture is not None:
        told, figures["stages"] = stages(digits, preprocess or "scale", picture)
        lines += told
    report(lines, figures | {"picture": picture}, as_json)


def chosen_classes(words: str | None) -> list[int] | None:
    """The digits that are named, such as 3,7 or 3-7; SetupError for anything else."""
    if words is None:
        return None
    named = [word.strip() for word in words.replace("-", ",").split(",")]
    for word in named:
        if not (word.isascii() and word.isdecimal()):
            raise SetupError(f"--classes takes digits such as 3,7, not {word!r}")
    return [int(word) for word in named]


def presets(as_json: Json = False) -> None:
    """List the settings to begin with."""
    from landscape.run.preset import PRESETS

    lines = [f"{preset.name}: {preset.note}" for preset in PRESETS.values()]
    figures = {
        name: {
            "origin": preset.origin,
            "reaches": preset.reaches,
            "accuracies": {"full": list(preset.full), "built_in": list(preset.built_in)},
            **preset.setup.model_dump(mode="json"),
        }
        for name, preset in PRESETS.items()
    }
    report(lines, figures, as_json)
