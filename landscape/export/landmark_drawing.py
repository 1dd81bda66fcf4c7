"""Models that a plane was laid through, on flat axes or on the projection of a relief: a letter in a disc, the name below."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from landscape.export.style import RIM, STAR_COLOUR, outlined
from landscape.model import FORMATS
from landscape.run.landmark import Landmark

SIZE = 10.0  # points


def draw_landmark(write: Callable[..., Any], x: float, y: float, mark: Landmark, magnify: float) -> None:
    """Write a landmark at a place with the `write` of some axes: as matplotlib's Axes.text."""
    size = SIZE * magnify
    disc = {"boxstyle": "circle,pad=0.25", "facecolor": STAR_COLOUR, "edgecolor": RIM}
    look: dict[str, Any] = {"fontweight": "bold", "ha": "center", "zorder": 9}
    write(x, y, mark.letter, color=RIM, bbox=disc, va="center", fontsize=size, **look)
    name = mark.name.removesuffix(Path(mark.name).suffix) if Path(mark.name).suffix in FORMATS else mark.name
    words = write(x, y, f"\n{name}", color=STAR_COLOUR, va="top", fontsize=0.9 * size, **look)
    words.set_path_effects(outlined(2.4))
