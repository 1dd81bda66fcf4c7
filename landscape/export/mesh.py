"""A surface as a solid thing: vertices and triangles for ParaView, Blender and the 3D printer.

One shape for all formats: the longer side is 100 units (millimetres, where it is printed), equal distances in parameter space
are equal lengths, and heights are losses on the scale of the picture. The losses themselves are data of the vertices.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import RecordError
from landscape.export.destination import check_destination
from landscape.export.loss_scale import surface_colours, surface_scale
from landscape.export.provenance import Provenance
from landscape.surface import Surface
from landscape.writing import written_whole

ENDINGS = (".vtu", ".ply", ".obj", ".stl")
SIDE = 100.0  # length of the longer side
TALL = 40.0  # height of the highest place above the lowest
BASE = 4.0  # thickness of a printed solid under its lowest place
HEADER = 80  # bytes that a binary STL has for words


@dataclass(frozen=True, eq=False)
class Mesh:
    """Vertices (n, 3), triangles (t, 3) that face outwards (or upwards), and each vertex's cell of the surface (n,)."""

    points: NDArray[np.float64]
    triangles: NDArray[np.int64]
    cells: NDArray[np.int64]


def relief(surface: Surface, scale: str = "log") -> Mesh:
    """The surface as a sheet; where a loss is not finite it has a hole."""
    points = _points(surface, scale)
    corners = _squares(surface.loss.shape)
    whole = np.isfinite(points[corners, 2]).all(axis=1)
    triangles = _halves(corners[whole])
    used = np.unique(triangles)
    number = np.full(len(points), -1)
    number[used] = np.arange(len(used))
    return Mesh(points[used], number[triangles], used)


def solid(surface: Surface, scale: str = "log") -> Mesh:
    """The surface as a closed body that can be printed: on a plate, with walls; off the map it stands at full height."""
    top = _points(surface, scale)
    top[:, 2] = np.where(np.isfinite(top[:, 2]), top[:, 2], TALL) + BASE
    bottom = top * [1.0, 1.0, 0.0]
    rows, columns = surface.loss.shape
    corners = _squares((rows, columns))
    index = np.arange(rows * columns).reshape(rows, columns)
    # Once round the edge, with the body on the left hand.
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    after = np.roll(rim, -1)
    below = rows * columns
    walls = np.stack([rim + below, after + below, after, rim], axis=1)
    triangles = np.concatenate([_halves(corners), _halves(corners)[:, ::-1] + below, _halves(walls)])
    cells = np.tile(np.arange(rows * columns), 2)
    return Mesh(np.concatenate([top, bottom]), triangles, cells)


def write_mesh(
    surface: Surface, path: str | Path, provenance: Provenance, *, scale: str = "log", colours: str = "viridis"
) -> Path:
    """Write a surface as .vtu (VTK's XML, with the losses), .ply or .obj (with colours), or .stl (closed, to print).

    Each file names the version and holds the whole setup; STL, which has 80 bytes for words, the run's name and its seeds. Raises
    RecordError where the file can't be written, or the format needs the package meshio and it is not installed.
    """
    path = check_destination(path, ENDINGS, "a mesh")
    ending = path.suffix.lower()
    if ending != ".obj" and find_spec("meshio") is None:
        raise RecordError(f"{path.name} needs the package meshio: install landscape[meshes], or choose .obj")
    mesh = solid(surface, scale) if ending == ".stl" else relief(surface, scale)
    if not len(mesh.triangles):
        raise RecordError("a mesh needs a surface of 2 x 2 cells or more whose losses are finite")
    write = {".vtu": _write_vtu, ".ply": _write_ply, ".obj": _write_obj, ".stl": _write_stl}[ending]
    work: Callable[[Path], None] = partial(
        write, mesh=mesh, surface=surface, provenance=provenance, paint=_paint(surface, scale, colours)[mesh.cells]
    )
    written_whole(path, work)
    return path


def _points(surface: Surface, scale: str) -> NDArray:
    """A vertex for every cell, row by row, (nb·na, 3); NaN heights where the loss is not finite."""
    A, B = np.meshgrid(surface.a, surface.b)
    return placed(surface, scale, A.ravel(), B.ravel(), surface.heights.ravel())


def placed(surface: Surface, scale: str, a: NDArray, b: NDArray, values: NDArray) -> NDArray:
    """Where points of the plane (n,) with these heights (losses, mostly) stand in the space of the mesh, (n, 3)."""
    lengths = np.sqrt(np.diag(surface.plane.gram))
    width, height = (surface.a[-1] - surface.a[0]) * lengths[0], (surface.b[-1] - surface.b[0]) * lengths[1]
    unit = SIDE / max(float(width), float(height), 1e-300)
    x, y = (a - surface.a[0]) * lengths[0] * unit, (b - surface.b[0]) * lengths[1] * unit
    heights = surface_scale(scale, surface).place(values) * TALL
    return np.stack([x, y, np.maximum(heights, 0.0)], axis=-1)


def _squares(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """The four vertices of every square of a grid, anticlockwise seen from above, (squares, 4)."""
    index = np.arange(shape[0] * shape[1]).reshape(shape)
    corners = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.stack([corner.ravel() for corner in corners], axis=1)


def _halves(squares: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two triangles for each square."""
    return np.concatenate([squares[:, [0, 1, 2]], squares[:, [0, 2, 3]]])


def _paint(surface: Surface, scale: str, colours: str) -> NDArray[np.uint8]:
    """The colour of every cell as in the picture, (nb·na, 3)."""
    from matplotlib import colormaps

    losses = np.ma.masked_invalid(surface.heights.ravel())
    paint = colormaps[surface_colours(surface, colours)](surface_scale(scale, surface).norm()(losses))
    return np.asarray(np.round(255 * paint[:, :3]), np.uint8)


def _write_vtu(path: Path, mesh: Mesh, surface: Surface, provenance: Provenance, paint: NDArray) -> None:
    A, B = np.meshgrid(surface.a, surface.b)
    data = {"a": A, "b": B, "loss": surface.loss}
    if surface.accuracy is not None:
        data["accuracy"] = surface.accuracy
    of_points = {name: np.ascontiguousarray(values.ravel()[mesh.cells]) for name, values in data.items()}
    _meshio(mesh, of_points | {"colour": paint}).write(path, "vtu", binary=True)
    # An XML comment may not hold two hyphens in a row.
    words = provenance.as_text.replace("--", "- -").replace("<", "&lt;").encode()
    begin, end = path.read_bytes().split(b"?>", 1)
    path.write_bytes(begin + b"?>\n<!-- " + words + b" -->" + end)


def _write_ply(path: Path, mesh: Mesh, surface: Surface, provenance: Provenance, paint: NDArray) -> None:
    data = {name: np.ascontiguousarray(paint[:, i]) for i, name in enumerate(("red", "green", "blue"))}
    data["loss"] = np.ascontiguousarray(surface.loss.ravel()[mesh.cells])
    _meshio(mesh, data).write(path, "ply", binary=True)
    begin, kind, author, end = path.read_bytes().split(b"\n", 3)
    words = "".join(f"comment {line}\n" for line in provenance.as_text.splitlines()).encode()
    # In the place of meshio's own comment, which has the date in it: the same surface gives the same file.
    end = end if author.startswith(b"comment") else author + b"\n" + end
    path.write_bytes(begin + b"\n" + kind + b"\n" + words + end)


def _write_stl(path: Path, mesh: Mesh, surface: Surface, provenance: Provenance, paint: NDArray) -> None:
    _meshio(mesh, {}).write(path, "stl", binary=True)
    # It must not begin with "solid": readers would take it for text.
    said = f"{provenance.software}, run {provenance.run_name}, mm, {provenance.seeds}"
    words = said.encode()[:HEADER].ljust(HEADER)
    with path.open("r+b") as file:
        file.write(words)


def _write_obj(path: Path, mesh: Mesh, surface: Surface, provenance: Provenance, paint: NDArray) -> None:
    lines = [f"# {line}" for line in provenance.as_text.splitlines()]
    rows = zip(mesh.points.tolist(), (paint / 255).tolist())
    lines += [f"v {x:.6g} {y:.6g} {z:.6g} {r:.4f} {g:.4f} {b:.4f}" for (x, y, z), (r, g, b) in rows]
    lines += [f"f {i} {j} {k}" for i, j, k in (mesh.triangles + 1).tolist()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _meshio(mesh: Mesh, data: dict[str, NDArray]) -> Any:
    import meshio

    # PLY knows no whole numbers of 64 bits.
    return meshio.Mesh(mesh.points, [("triangle", mesh.triangles.astype(np.int32))], point_data=data)
