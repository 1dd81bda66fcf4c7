"""Options that several commands have."""

from typing import Annotated

import typer

from landscape.errors import SetupError
from landscape.surface.measure import SETS, Measure

Json = Annotated[bool, typer.Option("--json", help="Print figures for programs on stdout.")]
Data = Annotated[str | None, typer.Option("--data", help="Folder with MNIST's IDX files (or set LANDSCAPE_DATA).")]

Start = Annotated[int, typer.Option(help="The start whose path spans the plane pca_one.")]
PlaneSeed = Annotated[int, typer.Option(min=0, help="Seed of the random planes.")]
Cells = Annotated[int, typer.Option(min=2, max=2001, help="Cells along the shorter side of the surface.")]
COMMAND_SETS = [which for which in SETS if which != "batch"]  # a mini-batch belongs to a step: the window's
Digits = Annotated[
    str, typer.Option("--set", help=f"Digits that the surface is a mean over: {', '.join(COMMAND_SETS)}.")
]
Quantity = Annotated[str, typer.Option(help="What the heights are: loss or accuracy.")]
Class = Annotated[int | None, typer.Option("--class", help="Only the digits that show this one, 0 to 9.")]
Example = Annotated[int | None, typer.Option(help="Only the digit of this number in the set, from 0.")]
First = Annotated[int | None, typer.Option(help="Only so many digits from the front of the set.")]
Penalised = Annotated[bool, typer.Option("--with-l2", help="Add the run's L2 penalty to the loss.")]
Noise = Annotated[bool, typer.Option("--noise", help="Mark and hatch what is below the sampling error.")]


def chosen_measure(
    which: str, quantity: str, label: int | None, example: int | None, first: int | None, penalised: bool
) -> Measure:
    """What the heights are, as these options say; SetupError where they make no sense."""
    if which not in COMMAND_SETS:
        raise SetupError(f"the set {which!r} is unknown; choose {', '.join(COMMAND_SETS)}")
    return Measure(quantity, which, label, example, first, penalised)
