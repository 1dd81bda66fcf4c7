import numpy as np
import pytest

from landscape.errors import RecordError
from landscape.export import hdf5
from landscape.export.hdf5 import storing
from landscape.run import Setup


def test_another_program_reads_the_schema_of_loss_landscape(small, tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "surface.h5"
    *_, last = storing(small.run, small.surface, path)
    assert last.done == 1.0
    test = small.run.digits.test
    X, y = test.images[:150], test.labels[:150]
    with h5py.File(path) as file:
        a, b = file["xcoordinates"][:], file["ycoordinates"][:]
        np.testing.assert_array_equal(a, small.surface.a)
        np.testing.assert_array_equal(file["train_loss"][:], small.surface.loss)
        theta = file["plane_origin"][:] + a[2] * file["plane_u"][:] + b[5] * file["plane_v"][:]
        assert file["test_loss"][5, 2] == pytest.approx(float(small.run.net.loss(theta, X, y)), rel=1e-4)
        assert file["test_acc"][5, 2] == pytest.approx(100 * float(small.run.net.accuracy(theta, X, y)), abs=0.7)
        assert file["train_acc"].shape == (len(b), len(a))
        assert Setup.from_toml(file.attrs["landscape-setup"]) == small.run.setup


def test_closed_it_leaves_nothing_and_without_its_package_it_says_so(small, tmp_path, monkeypatch):
    pytest.importorskip("h5py")
    work = storing(small.run, small.surface, tmp_path / "surface.h5")
    next(work)
    work.close()
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(hdf5, "find_spec", lambda name: None)
    with pytest.raises(RecordError, match=r"landscape\[meshes\]"):
        storing(small.run, small.surface, tmp_path / "surface.h5")
