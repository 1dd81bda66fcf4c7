from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.export.mesh import relief
from landscape.export.polyline import CONTOUR, PATH, polylines, write_polylines
from landscape.export.scene import Scene


def read(path):
    """The points (n, 3), the lines as lists of point numbers, and the data, read as VTK's description of the format says."""
    root = ElementTree.parse(path).getroot()
    assert root.attrib["type"] == "PolyData"
    (piece,) = root.iter("Piece")

    def arrays(section):
        found = {}
        for array in piece.find(section):
            dtype = {"Int64": np.int64, "Float64": np.float64}[array.attrib["type"]]
            columns = int(array.attrib.get("NumberOfComponents", 1))
            values = np.array(array.text.split(), dtype).reshape(-1, columns)
            found[array.attrib["Name"]] = values[:, 0] if columns == 1 else values
        return found

    points, lines = arrays("Points")["points"], arrays("Lines")
    assert len(points) == int(piece.attrib["NumberOfPoints"])
    cells = np.split(lines["connectivity"], lines["offsets"][:-1])
    assert len(cells) == int(piece.attrib["NumberOfLines"])
    assert lines["offsets"][-1] == len(lines["connectivity"])
    return points, cells, arrays("PointData"), arrays("CellData")


def test_paths_and_contours_lie_where_the_surface_is(small, tmp_path):
    path = write_polylines(*small.parts, tmp_path / "lines.vtp")
    points, cells, data, kinds = read(path)
    ways = [cell for cell, kind in zip(cells, kinds["kind"]) if kind == PATH]
    assert len(ways) == small.run.K
    for start, cell in enumerate(ways):
        np.testing.assert_allclose(data["a"][cell], small.portrait.coordinates[:, start, 0], rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(data["loss"][cell], small.run.figure("loss")[:, start], rtol=1e-6)
        np.testing.assert_array_equal(data["step"][cell], small.run.steps)
    mesh = relief(small.surface)
    rings = [cell for cell, kind in zip(cells, kinds["kind"]) if kind == CONTOUR]
    assert len({float(data["loss"][cell[0]]) for cell in rings}) > 3
    for cell in rings:
        assert np.ptp(data["loss"][cell]) == 0
        a_inside = np.clip(data["a"][cell], small.surface.a[0], small.surface.a[-1])
        b_inside = np.clip(data["b"][cell], small.surface.b[0], small.surface.b[-1])
        for a, b, loss in zip(a_inside, b_inside, data["loss"][cell]):
            assert small.surface.height_at(a, b) == pytest.approx(loss, rel=0.2)
    everything = np.concatenate(rings)
    assert (points[everything] >= mesh.points.min(axis=0) - 1e-6).all()
    assert (points[everything] <= mesh.points.max(axis=0) + 1e-6).all()
    assert "[descent]" in path.read_text(encoding="utf-8")


def test_vtk_itself_reads_the_file(small, tmp_path):
    reading = pytest.importorskip("vtkmodules.vtkIOXML")
    path = write_polylines(*small.parts, tmp_path / "lines.vtp")
    reader = reading.vtkXMLPolyDataReader()
    reader.SetFileName(str(path))
    reader.Update()
    found = reader.GetOutput()
    points, cells, data, _ = read(path)
    assert (found.GetNumberOfPoints(), found.GetNumberOfLines()) == (len(points), len(cells))
    assert found.GetPoint(0) == pytest.approx(points[0])
    array = found.GetPointData().GetArray("loss")
    assert [array.GetValue(i) for i in range(len(points))] == pytest.approx(data["loss"].tolist())


def test_what_is_not_finite_ends_a_line(small):
    scene = Scene.of(*small.parts)
    losses = scene.losses.copy()
    losses[3, 0] = np.nan
    lines = [line for line in polylines(replace(scene, losses=losses)) if line.start == 0]
    assert [len(line.points) for line in lines] == [3, scene.frames - 4]


def test_a_bad_place_is_told(small, tmp_path):
    with pytest.raises(RecordError, match=r"\.vtp"):
        write_polylines(*small.parts, tmp_path / "lines.vtk")
