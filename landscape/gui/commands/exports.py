"""What the Export menu offers: each a generator over the export room, run as a job beside the window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from landscape.errors import SetupError
from landscape.export.picture import PRINTED
from landscape.run.choice import USUAL
from landscape.run.portrait import Portrait
from landscape.run.run import Run
from landscape.surface.measure import THE_LOSS, Measure


@dataclass(frozen=True)
class Print:
    """How wide a PNG is, in pixels, and whether its paper is left out."""

    width: int = PRINTED[""]
    transparent: bool = False


@dataclass(frozen=True, eq=False)
class View:
    """What is on screen: the run, its portrait on the plane, the surface, the step, the theme and the scale of colours.

    `tour_to` is the plane that a tour film ends on (with its start and seed), `measure` what its heights are; `print` is how
    a picture comes to paper.
    """

    run: Run
    portrait: Portrait
    surface: Any
    step: int
    theme: str
    scale: str
    tour_to: str = USUAL
    start: int = 0
    seed: int = 0
    measure: Measure = THE_LOSS
    colours: str = "viridis"
    print: Print = Print()

    @property
    def landscape(self) -> tuple[Run, Portrait, Any]:
        """Run, portrait and surface, once the surface is whole."""
        if self.surface is None or not self.surface.complete:
            raise SetupError("the surface is still being computed: export it when it is complete")
        return self.run, self.portrait, self.surface

    @property
    def look(self) -> dict[str, Any]:
        """Theme, scale and map of colours as the pictures call them."""
        return {"style": self.theme, "scale": self.scale, "colours": self.colours}


def _picture(kind: str, view: View, path: Path) -> Iterator[Any]:
    from landscape.export.curves_figure import curves_figure
    from landscape.export.map_figure import map_figure
    from landscape.export.picture import write_picture
    from landscape.export.provenance import Provenance
    from landscape.export.relief_figure import relief_figure
    from landscape.export.weights_figure import weights_figure

    if kind == "curves":
        figure = curves_figure(view.run, view.step, style=view.theme)
    elif kind == "weights":
        figure = weights_figure(view.run, view.start, view.step, style=view.theme)
    else:
        draw = map_figure if kind == "map" else relief_figure
        figure = draw(*view.landscape, view.step, **view.look)
    width, transparent = view.print.width, view.print.transparent
    yield write_picture(figure, path, Provenance.of(view.run), width=width, transparent=transparent)


def _film(kind: str, view: View, path: Path) -> Iterator[Any]:
    from landscape.export.film import filming

    yield from filming(*view.landscape, path, kind=kind, **view.look)


def _tour_film(view: View, path: Path) -> Iterator[Any]:
    from landscape.export.tour_film import filming_tour

    where: dict[str, Any] = {"start": view.start, "seed": view.seed, "which": view.measure}
    yield from filming_tour(view.run, view.portrait, view.tour_to, path, **where, **view.look)


def _table(view: View, path: Path) -> Iterator[Any]:
    from landscape.export.table import tabulating

    yield from tabulating(view.run, view.portrait, path)


def _surface(view: View, path: Path) -> Iterator[Any]:
    from landscape.export import hdf5, mesh
    from landscape.export.provenance import Provenance
    from landscape.export.surface_table import write_surface

    surface, provenance = view.landscape[2], Provenance.of(view.run)
    if path.suffix in hdf5.ENDINGS:
        yield from hdf5.storing(view.run, surface, path)
    elif path.suffix in mesh.ENDINGS:
        yield mesh.write_mesh(surface, path, provenance, scale=view.scale, colours=view.colours)
    else:
        yield write_surface(surface, path, provenance)


def _lines(view: View, path: Path) -> Iterator[Any]:
    from landscape.export.polyline import write_polylines

    yield write_polylines(*view.landscape, path, scale=view.scale)


def _diary(view: View, path: Path) -> Iterator[Any]:
    from landscape.export.diary import writing_diary

    yield from writing_diary(*view.landscape, path, scale=view.scale, colours=view.colours)


def _repetition(view: View, path: Path) -> Iterator[Any]:
    from landscape.export.repetition import write_repetition

    yield write_repetition(view.run, path)


def everything(view: View, folder: Path) -> Iterator[Any]:
    """All pictures, the film, tables, surface, run and best model into a folder."""
    from landscape.export.bundle import exporting

    yield from exporting(*view.landscape, folder, **view.look)


# A picture's kinds in the dialog; of SVG and PDF, which have no pixels, only the last says anything.
PRINTS = {
    f"Pictures, PNG of {PRINTED['']:,} pixels (*.png *.svg *.pdf)": Print(),
    f"PNG, twice as fine: {PRINTED['@2x']:,} pixels (*.png)": Print(PRINTED["@2x"]),
    f"PNG to print: {PRINTED['-print']:,} pixels, 300 dots an inch (*.png)": Print(PRINTED["-print"]),
    "Without paper, to lay on a slide (*.png *.svg *.pdf)": Print(PRINTED["@2x"], transparent=True),
}
PICTURES = ";;".join(PRINTS)
# Name in the menu: the work, the ending, and the kinds of file for the dialog.
EXPORTS: dict[str, tuple[Callable[[View, Path], Iterator[Any]], str, str]] = {
    "Picture from above": (partial(_picture, "map"), ".png", PICTURES),
    "Picture in 3D": (partial(_picture, "relief"), ".png", PICTURES),
    "Curves": (partial(_picture, "curves"), ".png", PICTURES),
    "Weights": (partial(_picture, "weights"), ".png", PICTURES),
    "Film from above": (partial(_film, "map"), ".gif", "Films (*.gif *.mp4)"),
    "Film in 3D": (partial(_film, "relief"), ".gif", "Films (*.gif *.mp4)"),
    "Tour film": (_tour_film, ".gif", "Films (*.gif *.mp4)"),
    "Trajectories": (_table, ".csv", "Tables (*.csv *.npz *.json *.parquet)"),
    "Surface": (_surface, ".npz", "Surfaces (*.npz *.csv *.h5 *.vtu *.ply *.obj *.stl)"),
    "Paths and contours": (_lines, ".vtp", "Lines in space (*.vtp)"),
    "Diary": (_diary, ".html", "Pages (*.html)"),
    "Script that repeats the run": (_repetition, ".py", "Python (*.py)"),
}
