from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from landscape.errors import RecordError, SetupError
from landscape.export.bundle import FILES, MORE, exporting
from landscape.export.origin import read_setup
from landscape.model import load_model
from landscape.run import Run


def test_the_bundle_holds_everything_and_it_opens(small, tmp_path):
    folder = tmp_path / "new" / "folder"
    events = list(exporting(*small.parts, folder))
    assert events[-1].done == 1.0 and all(one.done <= other.done for one, other in pairwise(events))
    assert {event.path.name for event in events if event.whole} == set(FILES)
    assert {path.name for path in folder.iterdir()} == set(FILES)
    run = Run.load(folder / "run.landscape")
    np.testing.assert_array_equal(run.thetas, small.run.thetas)
    run.close()
    for name in ("best.safetensors", "best.npz"):
        _, theta = load_model(folder / name)
        np.testing.assert_array_equal(theta, small.run.best.theta)
    for name in ("map.png", "relief.png", "curves.png"):
        assert read_setup(folder / name) == small.run.setup.to_toml()


def test_a_closed_bundle_leaves_only_whole_files(small, tmp_path):
    work = exporting(*small.parts, tmp_path)
    whole = set()
    for event in work:
        whole |= {event.path.name} if event.whole else set()
        if event.path.name == "trajectories.csv":
            break
    work.close()
    assert {path.name for path in tmp_path.iterdir()} == whole


def test_what_can_not_be_exported_is_told_at_once(small, only_starts, tmp_path, no_folder):
    with pytest.raises(RecordError, match="only its starts"):
        exporting(*only_starts.parts, tmp_path)
    with pytest.raises(RecordError, match="can't be written to"):
        exporting(*small.parts, no_folder)
    with pytest.raises(SetupError, match="another plane"):
        exporting(small.run, small.portrait, only_starts.surface, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_asked_for_by_name_is_written_and_nothing_else(small, tmp_path):
    names = [
        "surface.stl",
        "map.svg",
        "map.svg",
        "trajectories.npz",
        "map-transparent.png",
        "relief@2x.png",
        "surface.h5",
    ]
    for package in ("h5py", "meshio"):
        pytest.importorskip(package)
    events = list(exporting(*small.parts, tmp_path, names=names))
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert events[-1].done == 1.0 and all(one.done <= other.done for one, other in pairwise(events))
    with Image.open(tmp_path / "map-transparent.png") as picture:
        assert picture.mode == "RGBA" and picture.getpixel((3, 3))[3] == 0
        assert picture.getpixel((picture.width // 4, picture.height // 2))[3] == 255
    with Image.open(tmp_path / "relief@2x.png") as picture:
        assert picture.width == 3200
    with pytest.raises(SetupError, match=r"surface\.stl"):
        exporting(*small.parts, tmp_path, names=["opera.png"])
    assert not set(MORE) & set(FILES)
