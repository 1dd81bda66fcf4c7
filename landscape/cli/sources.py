"""What a run can begin with: digits and presets."""

from typing import Annotated

import typer

from landscape.cli.console import follow, report
from landscape.cli.options import Json


def data(
    folder: Annotated[str | None, typer.Argument(metavar="DIR", help="A folder with MNIST's four IDX files.")] = None,
    fetch_all: Annotated[bool, typer.Option("--fetch", help="Download the full MNIST, checked by sha256.")] = False,
    as_json: Json = False,
) -> None:
    """Show which digits there are, check a folder of them, or download the full set."""
    from landscape.data import cache_folder, default_source, fetch, load_digits

    if fetch_all:
        for _ in follow(fetch(folder), "downloading MNIST"):
            pass
        folder = str(cache_folder()) if folder is None else folder
    source = folder or default_source()
    digits = load_digits(source)
    counts = {"train": len(digits.train), "validation": len(digits.validation), "test": len(digits.test)}
    lines = [f"{digits.source}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items())]
    if source is None:
        lines.append("The full MNIST: `landscape data --fetch`, or a folder of your own: `landscape data DIR`.")
    report(lines, {"source": source or "embedded", "description": digits.source, **counts}, as_json)


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
