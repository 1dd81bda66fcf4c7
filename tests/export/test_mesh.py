from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.export import mesh
from landscape.export.mesh import BASE, SIDE, TALL, relief, solid, write_mesh
from landscape.export.provenance import Provenance


def written(small, path, surface=None):
    return write_mesh(surface or small.surface, path, Provenance.of(small.run))


def with_hole(surface):
    loss = surface.loss.copy()
    loss[3:5, 2] = np.nan
    return replace(surface, loss=loss)


def volume(points, triangles):
    a, b, c = (points[triangles[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize("holed", [False, True])
def test_the_printed_solid_is_closed_and_faces_outwards(small, tmp_path, holed):
    meshio = pytest.importorskip("meshio")
    surface = with_hole(small.surface) if holed else small.surface
    path = written(small, tmp_path / "surface.stl", surface)
    found = meshio.read(path)
    # The reader gives every triangle its own corners: equal places are one vertex.
    points, number = np.unique(np.round(found.points, 4), axis=0, return_inverse=True)
    triangles = number.reshape(-1)[found.cells_dict["triangle"]]
    edges = Counter((int(t[i]), int(t[(i + 1) % 3])) for t in triangles for i in range(3))
    assert set(edges.values()) == {1}, "each edge is walked once each way"
    assert all((end, begin) in edges for begin, end in edges)
    assert points[:, :2].max() == pytest.approx(SIDE) and points[:, 2].min() == 0
    assert points[:, 2].max() == pytest.approx(TALL + BASE, abs=1e-3)
    area = float(np.prod(np.ptp(points[:, :2], axis=0)))
    assert BASE * area < volume(points, triangles) < (TALL + BASE) * area
    assert path.read_bytes()[:80].startswith(b"Landscape ")
    assert Provenance.of(small.run).run_name.encode() in path.read_bytes()[:80]


def test_paraview_reads_the_losses(small, tmp_path):
    meshio = pytest.importorskip("meshio")
    path = written(small, tmp_path / "surface.vtu")
    found = meshio.read(path)
    np.testing.assert_allclose(found.point_data["loss"], small.surface.loss.ravel(), rtol=1e-6)
    np.testing.assert_allclose(found.point_data["a"], np.tile(small.surface.a, len(small.surface.b)), rtol=1e-6)
    rows, columns = small.surface.loss.shape
    assert len(found.cells_dict["triangle"]) == 2 * (rows - 1) * (columns - 1)
    assert "[descent]" in path.read_text(encoding="utf-8")


def test_ply_and_obj_have_colours_and_the_setup(small, tmp_path):
    meshio = pytest.importorskip("meshio")
    ply = meshio.read(written(small, tmp_path / "surface.ply"))
    obj = meshio.read(written(small, tmp_path / "surface.obj"))
    shape = relief(small.surface)
    for found in (ply, obj):
        np.testing.assert_allclose(found.points[:, :3], shape.points, atol=1e-3)
        np.testing.assert_array_equal(found.cells_dict["triangle"], shape.triangles)
    green = ply.point_data["green"]
    assert green[small.surface.loss.argmax()] > green[small.surface.loss.argmin()]  # viridis: dark below, bright above
    np.testing.assert_allclose(obj.points[:, 4], green / 255, atol=1e-3)
    np.testing.assert_allclose(ply.point_data["loss"], small.surface.loss.ravel())
    for name in ("surface.ply", "surface.obj"):
        assert b"[descent]" in (tmp_path / name).read_bytes()


def test_what_is_off_the_map_is_a_hole_in_a_sheet(small, tmp_path):
    surface = with_hole(small.surface)
    found = relief(surface)
    assert np.isfinite(found.points).all()
    assert len(found.triangles) == len(relief(small.surface).triangles) - 2 * 6
    assert len(solid(surface).points) == 2 * surface.loss.size


def test_a_missing_package_is_named_with_its_remedy(small, tmp_path, monkeypatch):
    monkeypatch.setattr(mesh, "find_spec", lambda name: None)
    with pytest.raises(RecordError, match=r"landscape\[meshes\]"):
        written(small, tmp_path / "surface.stl")
    written(small, tmp_path / "surface.obj")
    with pytest.raises(RecordError, match=r"\.vtu or \.ply"):
        written(small, tmp_path / "surface.dxf")
