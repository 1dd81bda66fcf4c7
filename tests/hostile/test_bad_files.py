"""Whatever a file holds: it is refused with a clear sentence, or it is as good as the good one. Nothing crashes, nothing runs."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path

import numpy as np
import pytest

from landscape.export.diary import writing_diary
from landscape.export.film import filming
from landscape.export.lab_figure import lab_figure
from landscape.export.picture import write_picture
from landscape.export.polyline import write_polylines
from landscape.export.provenance import Provenance
from landscape.lab import EXPERIMENTS, Specimen, lr_range
from landscape.lab.random_search import Ranges, searching
from landscape.lab.record import working
from landscape.run import explore
from landscape.run.best_model import save_best
from landscape.run.kept_plane import KeptPlane, keep_plane
from landscape.run.notes import note
from landscape.run.portrait import evaluating, portray
from tests.data.conftest import image_bytes

HERE = Path(__file__).parent
CARRIERS = (
    ".toml",
    ".png",
    ".svg",
    ".pdf",
    ".gif",
    ".mp4",
    ".html",
    ".found",
    ".jsonl",
    ".idx",
    ".gz",
    ".vtp",
    ".notes.landscape",
)
ENDINGS = (".landscape", ".safetensors", ".npz", ".json", ".pkl")


@pytest.fixture(scope="module")
def tiny_run(small_setup):
    """One start, four steps: small files, since there will be hundreds of them."""
    run = explore(small_setup.changed(starts={"kind": "middle"}, descent={"epochs": 0.1}))
    keep_plane(run, KeptPlane("the starts'", run.plane))
    yield run
    run.close()


def answer(program, *words, environment):
    done = subprocess.run(
        [sys.executable, HERE / program, *words], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def carrying(ending, run, good):
    """A good file that carries a setup or a result of the lab in words."""
    provenance = Provenance.of(run)
    net, train = run.net, run.digits.train
    if ending == ".toml":
        good.write_text(run.setup.to_toml())
    elif ending == ".found":
        specimen = Specimen.of_run(run)
        work = working(EXPERIMENTS["restarts"](restarts=2, long_runs=2), specimen, good)
        next(item for item in work if item.long_runs.size)
        work.close()  # cut short: it holds where its descents stand
        assert b'"bytes"' in good.read_bytes()
    elif ending in (".png", ".svg", ".pdf"):
        write_picture(
            lab_figure(lr_range(net, net.init(0), train.images, train.labels, steps=20, batch_size=20)),
            good,
            provenance,
        )
    elif ending == ".jsonl":
        ranges = Ranges(hidden=(2, 4))
        deque(searching(run.setup, good, run.digits, coarse=4, fine=2, epochs=0.1, ranges=ranges), maxlen=0)
    elif ending in (".idx", ".gz"):
        images = np.random.default_rng(0).integers(0, 256, (40, 784), dtype=np.uint8)
        plain = image_bytes(images)
        good.write_bytes(gzip.compress(plain, mtime=0) if ending == ".gz" else plain)
    elif ending == ".notes.landscape":
        note(run, "I expected worse: why?")
        run.save(good)
    else:
        portrait = portray(run, "pca_all")
        *_, surface = evaluating(run, portrait, cells=5)
        if ending == ".html":
            deque(writing_diary(run, portrait, surface, good), maxlen=0)
        elif ending == ".vtp":
            write_polylines(run, portrait, surface, good)
        else:
            deque(filming(run, portrait, surface, good, frames=3, width=300), maxlen=0)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of memory are set as on Linux")
@pytest.mark.parametrize("ending", CARRIERS)
def test_two_hundred_bad_copies_of_what_carries_words_are_harmless(tmp_path, tiny_run, ending):
    """A changed number may be another setup, and a picture may have lost its own; nothing else may come of it."""
    good = tmp_path / f"good{ending}"
    carrying(ending, tiny_run, good)
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1]), "OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(scratch)}
    what = answer("mutations.py", good, folder, environment=environment)
    found = answer("reader.py", good, folder, scratch, environment=environment)
    assert len(found["endings"]) == len(what) == 200
    harmless = ("refused", "equal", "different")
    assert [(what[name], end) for name, (end, _) in found["endings"].items() if end not in harmless] == []
    assert [(what[name], seconds) for name, (_, seconds) in found["endings"].items() if seconds > 2] == []
    assert sum(end == "refused" for end, _ in found["endings"].values()) > 20
    assert found["peak"] < 300 * 2**20
    assert found["violations"] == []
    assert found["left"] == []
    shutil.rmtree(folder)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of memory are set as on Linux")
@pytest.mark.parametrize("ending", ENDINGS)
def test_two_hundred_bad_copies_are_refused_or_harmless(tmp_path, tiny_run, ending):
    good = tmp_path / f"good{ending}"
    tiny_run.save(good) if ending == ".landscape" else save_best(tiny_run, good)
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    environment = os.environ | {
        "PYTHONPATH": str(HERE.parents[1]),
        "OPENBLAS_NUM_THREADS": "1",
        "TMPDIR": str(scratch),
    }
    what = answer("mutations.py", good, folder, environment=environment)
    found = answer("reader.py", good, folder, scratch, environment=environment)
    assert len(found["endings"]) == len(what) == 200
    assert [(what[name], end) for name, (end, _) in found["endings"].items() if end not in ("refused", "equal")] == []
    assert [(what[name], seconds) for name, (_, seconds) in found["endings"].items() if seconds > 2] == []
    refused = sum(end == "refused" for end, _ in found["endings"].values())
    assert refused > 120
    assert found["peak"] < 300 * 2**20
    assert found["violations"] == []
    assert found["left"] == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", good.name, "scratch"]
    shutil.rmtree(folder)
