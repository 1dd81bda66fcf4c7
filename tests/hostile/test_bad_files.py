"""Whatever a file holds: it is refused with a clear sentence, or it is as good as the good one. Nothing crashes, nothing runs."""

import html
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.export.lab_figure import lab_figure
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.lab import EXPERIMENTS, Specimen, lr_range
from landscape.lab.record import working
from landscape.run import explore
from landscape.run.best_model import save_best
from landscape.run.kept_plane import KeptPlane, keep_plane

HERE = Path(__file__).parent
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
    words, net, train = provenance.as_text.encode(), run.net, run.digits.train
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
    elif ending == ".gif":
        blocks = [words[at : at + 255] for at in range(0, len(words), 255)]
        comment = b"".join(bytes([len(block)]) + block for block in blocks)
        good.write_bytes(b"GIF89a\1\0\1\0\0\0\0!\xfe" + comment + b"\0;")
    elif ending == ".mp4":
        size = (len(words) + 16).to_bytes(4, "big")
        good.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\0\xa9cmt" + size + b"data" + bytes(8) + words)
    else:
        good.write_text(f'<html><meta name="generator" content="{html.escape(provenance.as_text)}"></html>')


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of memory are set as on Linux")
@pytest.mark.parametrize("ending", (".toml", ".png", ".svg", ".pdf", ".gif", ".mp4", ".html", ".found"))
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
