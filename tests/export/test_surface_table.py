import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.export.provenance import Provenance
from landscape.export.surface_table import write_surface


def test_a_surface_comes_back_whole(small, tmp_path):
    surface = small.surface
    path = write_surface(surface, tmp_path / "s.npz", Provenance.of(small.run))
    with np.load(path, allow_pickle=False) as file:
        for name in ("a", "b", "loss", "accuracy", "exact"):
            np.testing.assert_array_equal(file[name], getattr(surface, name))
        for name in ("origin", "u", "v"):
            np.testing.assert_array_equal(file[name], getattr(surface.plane, name))
        assert tuple(file["labels"]) == surface.plane.labels and int(file["examples"]) == 150
        assert "sampling_error" not in file


def test_wrong_places_are_refused_at_once(small, tmp_path, no_folder):
    with pytest.raises(RecordError, match=r"\.npz or \.csv"):
        write_surface(small.surface, tmp_path / "s.txt", Provenance.of(small.run))
    with pytest.raises(RecordError, match="can't be written"):
        write_surface(small.surface, no_folder / "s.csv", Provenance.of(small.run))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
