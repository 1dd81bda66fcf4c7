"""Options that several commands have."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print figures for programs on stdout.")]
Data = Annotated[str | None, typer.Option("--data", help="Folder with MNIST's IDX files (or set LANDSCAPE_DATA).")]
