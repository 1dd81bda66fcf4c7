"""Paths and contour lines as lines in space, in VTK's XML for polygonal data: they lie on the surface that `mesh` writes.

Written here in plain text (VTK file formats, "PolyData"): no package is needed. A contour is at the height of its level, a
path at the true loss of each network, not at that of its shadow.
"""

from dataclasses import dataclass
from pathlib import Path

import contourpy
import numpy as np
from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.destination import check_destination
from landscape.export.loss_scale import surface_scale
from landscape.export.mesh import placed
from landscape.export.provenance import Provenance
from landscape.export.scene import Scene
from landscape.run import Run
from landscape.run.portrait import Portrait
from landscape.surface import Surface
from landscape.writing import written_whole

ENDINGS = (".vtp",)
CONTOURS = 14
CONTOUR, PATH = 0, 1  # of the cell data "kind"


@dataclass(frozen=True, eq=False)
class Polyline:
    """A line (n, 4) of a, b, loss and step (−1 on a contour), and the start whose path it is (−1 for a contour)."""

    points: NDArray[np.float64]
    kind: int
    start: int = -1


def polylines(scene: Scene, scale: str = "log") -> list[Polyline]:
    """Contour lines at round losses, then the path of every start; a point that is not finite ends a line."""
    surface = scene.surface
    lines = [
        Polyline(np.column_stack([line, np.full(len(line), level), np.full(len(line), -1.0)]), CONTOUR)
        for level in surface_scale(scale, surface).levels(CONTOURS)
        for line in _contours(surface, float(level))
    ]
    for start in range(scene.K):
        path = np.column_stack([scene.shadows[:, start], scene.losses[:, start], scene.steps])
        lines += [Polyline(part, PATH, start) for part in _whole_parts(path)]
    return lines


def write_polylines(run: Run, portrait: Portrait, surface: Surface, path: str | Path, *, scale: str = "log") -> Path:
    """Write paths and contours as .vtp, with the setup in a comment; raises RecordError where there is nothing to write."""
    path = check_destination(path, ENDINGS, "a file of lines")
    scene = Scene.of(run, portrait, surface)
    lines = polylines(scene, scale)
    if not lines:
        raise RecordError("there are no lines to write: the surface is flat, and no start has taken a step")
    text = _vtp(lines, surface, scale, Provenance.of(run))
    written_whole(path, lambda partial: _write(partial, text))
    return path


def _contours(surface: Surface, level: float) -> list[NDArray]:
    if min(surface.heights.shape) < 2:
        return []
    losses = np.ma.masked_invalid(surface.heights)
    found = contourpy.contour_generator(surface.a, surface.b, losses, line_type="Separate").lines(level)
    return [np.asarray(line) for line in found if len(line) > 1]


def _whole_parts(path: NDArray) -> list[NDArray]:
    """The stretches of a path (n, 4) in which all is finite, of two points or more."""
    finite = np.isfinite(path).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], finite.astype(np.int8), [0]])))
    return [path[begin:end] for begin, end in edges.reshape(-1, 2) if end - begin > 1]


def _vtp(lines: list[Polyline], surface: Surface, scale: str, provenance: Provenance) -> str:
    points = np.concatenate([line.points for line in lines])
    ends = np.cumsum([len(line.points) for line in lines])
    a, b, loss, step = points.T
    # An XML comment may not hold two hyphens in a row.
    words = provenance.as_text.replace("--", "- -").replace("<", "&lt;")
    parts = [
        '<?xml version="1.0"?>',
        f"<!-- {words} -->",
        '<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">',
        "<PolyData>",
        f'<Piece NumberOfPoints="{len(points)}" NumberOfVerts="0" NumberOfLines="{len(lines)}" NumberOfStrips="0" '
        'NumberOfPolys="0">',
        '<PointData Scalars="loss">',
        *(_array(name, values) for name, values in (("a", a), ("b", b), ("loss", loss), ("step", step))),
        "</PointData>",
        '<CellData Scalars="start">',
        _array("kind", np.array([line.kind for line in lines])),
        _array("start", np.array([line.start for line in lines])),
        "</CellData>",
        "<Points>",
        _array("points", placed(surface, scale, a, b, loss)),
        "</Points>",
        "<Lines>",
        _array("connectivity", np.arange(len(points))),
        _array("offsets", ends),
        "</Lines>",
        "</Piece>",
        "</PolyData>",
        "</VTKFile>",
    ]
    return "\n".join(parts) + "\n"


def _array(name: str, values: NDArray) -> str:
    """One array in plain text, (n,) or (n, components)."""
    whole = values.dtype.kind in "iu"
    kind, form = ("Int64", "%d") if whole else ("Float64", "%.9g")
    rows = values.reshape(len(values), -1)
    numbers = "\n".join(" ".join(form % number for number in row) for row in rows.tolist())
    components = f' NumberOfComponents="{rows.shape[1]}"' if values.ndim > 1 else ""
    return f'<DataArray type="{kind}" Name="{name}"{components} format="ascii">\n{numbers}\n</DataArray>'


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
