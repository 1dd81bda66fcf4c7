"""Digits after every stage of their preprocessing, as a picture: a row a stage, and the way back from PCA to pixels."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landscape.data import Digits
from landscape.data.stages import Look, Stages
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.export.sheet import Sheet
from landscape.export.style import style_of

SHOWN = 10  # digits, one of each class before a second of any
WORDS, SIDE, GAP = 3.6, 0.8, 0.12  # inches
DIVERGING = "RdBu_r"  # blue below zero, red above it: told apart with any kind of colour vision


def write_stages(digits: Digits, steps: Sequence[str], path: str | Path) -> Path:
    """Write the picture of some training digits of a set after each of these steps; the ending chooses the format."""
    provenance = Provenance("", title=f"Digits after {', '.join(steps)}")
    return write_picture(stages_figure(digits, steps), path, provenance)


def stages_figure(digits: Digits, steps: Sequence[str], *, style: str = "light") -> Any:
    """A matplotlib Figure of some training digits of a set after each of these steps."""
    stages = Stages.fit(tuple(steps), digits.train.pictures)
    looks = stages.looks(digits.train.pictures[_mixed(digits)])
    height = 0.9 + len(looks) * (SIDE + GAP) + 0.2
    sheet = Sheet(WORDS + SHOWN * (SIDE + GAP) + 0.4, height, style_of(style))
    sheet.write(0.4, height - 0.5, "What the network sees", 16, fontweight="bold")
    for row, look in enumerate(looks):
        bottom = height - 0.9 - (row + 1) * (SIDE + GAP)
        sheet.write(0.4, bottom + SIDE - 0.25, look.label, 11, fontweight="bold")
        sheet.paragraph(0.4, bottom + SIDE - 0.3, WORDS - 0.5, look.words, 9)
        _draw_row(sheet, look, bottom)
    return sheet.figure


def _draw_row(sheet: Sheet, look: Look, bottom: float) -> None:
    values = look.pictures if look.pictures is not None else look.numbers
    assert values is not None
    most = float(np.abs(values).max()) or 1.0
    for column, each in enumerate(values[:SHOWN]):
        axes = sheet.axes(WORDS + column * (SIDE + GAP), bottom, SIDE, SIDE)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color(sheet.style.grid)
        if look.pictures is not None:
            low, colours = (-most, DIVERGING) if look.signed else (0.0, "gray_r")
            axes.imshow(each, cmap=colours, vmin=low, vmax=most, interpolation="nearest")
        else:
            axes.bar(range(len(each)), each, width=1.0, color=np.where(each < 0, "#4e9ff0", "#d06a00").tolist())
            axes.set_ylim(-most, most)


def _mixed(digits: Digits) -> list[int]:
    """The places of the first digits of every class, class after class, then the second ones."""
    rounds = -(-SHOWN // len(digits.classes))
    places = [np.flatnonzero(digits.train.labels == label)[:rounds] for label in range(len(digits.classes))]
    return [int(own[turn]) for turn in range(rounds) for own in places if turn < len(own)][:SHOWN]
