"""The command that explains words and symbols."""

from dataclasses import asdict
from typing import Annotated

import typer

from landscape.cli.console import report
from landscape.cli.options import Json
from landscape.glossary import as_text, glossary, term_named


def explain(
    term: Annotated[list[str] | None, typer.Argument(help="A word or symbol, such as momentum, η or coverage.")] = None,
    as_json: Json = False,
) -> None:
    """Explain a word or symbol that stands on screen, with its formula; without one, list them all."""
    if term:
        found = term_named(" ".join(term))
        report(as_text(found), asdict(found), as_json)
    else:
        width = max(len(entry.name) for entry in glossary())
        lines = [f"{entry.name:{width}}  {entry.sentence}" for entry in glossary()]
        report(lines, {"terms": [asdict(entry) for entry in glossary()]}, as_json)
