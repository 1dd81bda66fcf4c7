"""A run whose data folder is not on this machine: said in a sentence, and found again where the same digits lie."""

import gzip
import shutil

import numpy as np
import pytest

from landscape.errors import DataError
from landscape.run import Run, Setup, explore
from landscape.run.own_digits import digits_from, read_digits
from tests.data.conftest import image_bytes, label_bytes


def write_digits(folder, seed=0):
    """A folder with MNIST's four files: 60 and 20 pictures of noise, a bright bar where their class says."""
    random = np.random.default_rng(seed)
    folder.mkdir()
    for name, count in (("train", 60), ("t10k", 20)):
        labels = np.arange(count, dtype=np.uint8) % 10
        images = random.integers(0, 60, (count, 28, 28), dtype=np.uint8)
        images[np.arange(count), 2 * labels + 4] = 250
        (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(image_bytes(images)))
        (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(label_bytes(labels)))
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A run file, and the folder of its digits, which has been moved."""
    place = tmp_path_factory.mktemp("away")
    folder = write_digits(place / "here")
    setup = Setup().changed(
        data={"source": str(folder), "examples": 40},
        network={"sizes": (784, 4, 10)},
        descent={"batch_size": 10, "epochs": 4},
    )
    run = explore(setup)
    file = run.save(place / "run.landscape")
    run.close()
    return file, folder.rename(place / "moved"), str(folder)


@pytest.fixture
def run(saved):
    run = Run.load(saved[0])
    yield run
    run.close()


def test_what_is_missing_and_what_to_do_is_one_sentence(run, saved):
    per_epoch = run.setup.changed(data={"source": str(saved[1])}).load_digits()
    read_digits(run, "embedded")
    assert run.missing.startswith(f"this run learnt from the digits in {saved[2]}, which is not here")
    assert "File > Open data folder…" in run.missing
    with pytest.raises(DataError, match="which is not here"):
        run.measured()
    assert run.steps_per_epoch == -(-len(per_epoch.train.labels) // 10)  # from the record alone


def test_the_full_set_can_be_fetched(run, saved, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run.setup = run.setup.changed(data={"source": "full"})
    read_digits(run, "embedded")
    assert "Download" in run.missing


def test_the_same_digits_are_taken_from_elsewhere(run, saved):
    read_digits(run, str(saved[1]))
    assert not run.missing
    assert len(run.measured()[1]) == 40


def test_other_digits_are_refused(run, saved, tmp_path):
    other = write_digits(tmp_path / "other", seed=1)
    with pytest.raises(DataError, match="are not those that this run learnt from"):
        digits_from(run, str(other))
    with pytest.raises(DataError, match="does not exist"):
        digits_from(run, str(tmp_path / "nowhere"))
    read_digits(run, str(other))
    assert run.missing


def test_a_damaged_folder_is_said(run, saved, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(saved[1], broken)
    (broken / "t10k-labels-idx1-ubyte.gz").unlink()
    run.setup = run.setup.changed(data={"source": str(broken)})
    read_digits(run, "embedded")
    assert "lacks t10k-labels" in run.missing
