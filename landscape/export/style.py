"""How pictures look: light or dark, and the colour and marker by which each start is known everywhere."""

from dataclasses import dataclass
from typing import Any

from landscape.errors import SetupError

# Okabe and Ito 2008, "Color Universal Design": told apart with any kind of colour vision. First those that stand out
# most on viridis; a dark outline carries them over the rest of it.
START_COLOURS = ("#E69F00", "#56B4E9", "#D55E00", "#CC79A7", "#F0E442", "#009E73", "#0072B2")
# Ten, and seven colours: a pair for each of 64 starts.
START_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h", "p", ">")
STAR_COLOUR = "#FFFFFF"
RIM = "#0b0c0f"


@dataclass(frozen=True)
class Style:
    """Colours of a picture's paper, writing and lines."""

    name: str
    paper: str
    ink: str
    faint: str
    grid: str
    missing: str


STYLES = {
    "light": Style("light", "#ffffff", "#1b1e25", "#5b6270", "#d5d9e0", "#c4c4c4"),
    "dark": Style("dark", "#15171c", "#e8eaee", "#a2a9b5", "#343a46", "#4a4a4a"),
}


def style_of(name: str) -> Style:
    """The style of a name; SetupError if there is none."""
    if name not in STYLES:
        raise SetupError(f"the style {name!r} is unknown; choose {' or '.join(STYLES)}", "style")
    return STYLES[name]


def start_colour(start: int) -> str:
    """The colour of a start's path, ball and curve."""
    return START_COLOURS[start % len(START_COLOURS)]


def start_marker(start: int) -> str:
    """The marker of a start: with its colour it is unique among the first 70 starts, more than there may be."""
    return START_MARKERS[start % len(START_MARKERS)]


def outlined(width: float, colour: str = RIM, strength: float = 0.85) -> list[Any]:
    """A path effect that draws a line over a line of `width` points in another colour."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width, foreground=colour, alpha=strength), Normal()]
